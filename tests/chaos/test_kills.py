"""The real process, killed at random moments while a mailing is under way and people ask and press: nothing is lost,
nothing acts twice. `CHAOS_SEED` repeats a run."""

import os
from pathlib import Path

import pytest

from tests.chaos.stage import Scale
from tests.chaos.storm import storm

SEED = int(os.environ.get("CHAOS_SEED", "20261124"))
KILLS = 5  # on each of two databases, by each of two ways in which updates come
# Above Telegram's limits, so that a mailing to 1,700 people takes seconds; what the kills show does not depend on it.
QUICK = Scale(per_second=200, private_per_second=20, lease_s=1.0)


@pytest.mark.parametrize("webhook", [pytest.param(False, id="polling"), pytest.param(True, id="webhook")])
async def test_no_update_is_lost_and_nothing_is_done_twice_however_often_the_process_is_killed(
    database_url: str, tmp_path: Path, *, webhook: bool
) -> None:
    print(f"CHAOS_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    account = await storm(
        database_url, tmp_path, QUICK, kills=KILLS, last_moment=150, webhook=webhook, seed=SEED
    )

    assert account.faults() == {}
    assert account.kills == KILLS
    assert account.updates > 2 * KILLS  # there was something to lose
    assert 0 < account.uncertain < account.copies
