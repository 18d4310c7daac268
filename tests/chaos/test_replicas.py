"""Two real processes serve one bot; the one that sends is killed, or frozen and woken, while people ask and a mailing
runs: the other finishes everything, once."""

from pathlib import Path

import pytest

from tests.chaos.replicas import QUICK, Ending, run


@pytest.mark.parametrize("ending", Ending, ids=lambda ending: ending.name.lower())
async def test_the_other_finishes_what_the_leader_began(
    ending: Ending, postgres_url: str, tmp_path: Path
) -> None:
    report = await run(QUICK, ending, postgres_url, tmp_path)
    print(report)  # noqa: T201  # pytest shows it when the test fails

    assert (report.handled, report.unanswered, report.updates_open) == (report.asked, 0, 0)
    assert (report.questions_out_of_order, report.answers_out_of_order) == (0, 0)
    assert report.refused == 0
    assert report.answered_twice <= QUICK.rate  # what was in the air
    assert report.mailing.sent + report.mailing.uncertain == QUICK.recipients
    assert report.mailing.uncertain <= QUICK.rate
    assert report.copies[0] <= report.mailing.uncertain
    assert set(report.copies) <= {0, 1}
    assert min(report.shares) > 0
    assert report.silent_s < 15
