"""The load of the kills, while Telegram and the way to it misbehave: everybody is answered, everything is sent, and
what is uncertain is what was hit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.faults import Fault
from bot.simulator.requests import Request
from db.models import DeliveryState
from tests.chaos.crowd import copy_of
from tests.chaos.stage import Scale, Stage, staged
from tests.chaos.storm import Account, close

LOAD = Scale(people=300, per_second=200, private_per_second=20, lease_s=1.0, most_questions=60)
SEED = 20261124
# After these nobody knows whether a request had its effect.
DOUBTFUL = (
    Fault.RESET_BEFORE,
    Fault.RESET_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.SILENCE_BEFORE,
    Fault.SILENCE_AFTER,
)
WAYS = [
    pytest.param("sqlite", False, id="sqlite-polling"),
    pytest.param("postgres", True, id="postgres-webhook"),
]
Rules = list[dict[str, Any]]


@asynccontextmanager
async def _at_work(
    request: pytest.FixtureRequest, folder: Path, *, kind: str, webhook: bool
) -> AsyncIterator[Stage]:
    """The mailing and the answers are under way."""
    url: str = request.getfixturevalue(f"{kind}_url")
    async with staged(url, folder, LOAD, webhook=webhook, seed=SEED) as stage:
        await stage.program.start()
        crowd = stage.crowd
        await stage.simulator.wait_for(lambda: crowd.copies and crowd.answers, timeout=60, what="the load")
        yield stage


async def _carried_through(stage: Stage) -> Account:
    """Once everybody has asked, nothing goes wrong any more; then all is answered and sent."""
    crowd = stage.crowd
    await stage.simulator.wait_for(lambda: crowd.has_asked_all, timeout=120, what="everybody to have asked")
    assert all(rule["hit"] for rule in stage.simulator.control.faults())
    stage.simulator.control.set_faults([])
    await stage.settled()
    assert await stage.program.stop() == 0
    account = Account()
    await close(stage, account)
    return account


def _hit(stage: Stage) -> list[Request]:
    """Messages of which the program cannot know whether they arrived."""
    sent = stage.simulator.requests.after(0, "sendMessage")
    return [request for request in sent if request.fault in DOUBTFUL]


async def _check_doubts(stage: Stage) -> None:
    """Copies are uncertain, answers come twice, where a request was hit and nowhere else."""
    page = await stage.books.look()
    copies = {copy for request in _hit(stage) if (copy := copy_of(request)) is not None}
    answers = {request.chat_id for request in _hit(stage) if copy_of(request) is None}
    assert page.copies(DeliveryState.UNCERTAIN) == copies
    assert {chat for chat, times in stage.crowd.answers.items() if times > 1} <= answers


RESETS: Rules = [
    {"fault": "reset_before", "probability": 0.05},
    {"fault": "reset_after", "probability": 0.05},
]
PAGES: Rules = [
    {"fault": "error_before", "schedule": list(range(10, 40))},
    {"fault": "error_before", "probability": 0.05},
    {"fault": "error_after", "probability": 0.05},
]
SILENT_S = 30.0
GIVEN_UP_S = 5.0  # so long the program waits for an answer
SILENCE: Rules = [
    {"fault": "silence_after", "seconds": 6.0, "probability": 0.5},
    {"fault": "silence_before", "seconds": 6.0},
]
STORMS: Rules = [
    {"fault": "flood_bot", "schedule": [40, 160], "seconds": 1.0},
    {"fault": "flood_chat", "probability": 0.05, "seconds": 1.0},
]


@pytest.mark.parametrize(("kind", "webhook"), WAYS)
@pytest.mark.parametrize(
    "rules",
    [
        pytest.param(RESETS, id="resets"),
        pytest.param(PAGES, id="pages"),
        pytest.param(STORMS, id="storms"),
    ],
)
async def test_whatever_telegram_does_nothing_is_lost_and_only_what_was_hit_is_uncertain(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, rules: Rules, *, webhook: bool
) -> None:
    async with _at_work(request, tmp_path, kind=kind, webhook=webhook) as stage:
        stage.simulator.control.set_faults(rules, seed=SEED)
        account = await _carried_through(stage)
        await _check_doubts(stage)

    assert account.faults() == {}


@pytest.mark.parametrize(("kind", "webhook"), WAYS)
async def test_in_half_a_minute_of_silence_only_what_was_in_the_air_and_single_tries_become_uncertain(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, *, webhook: bool
) -> None:
    async with _at_work(request, tmp_path, kind=kind, webhook=webhook) as stage:
        control, now = stage.simulator.control, stage.simulator.world.now
        control.set_faults(SILENCE, seed=SEED)
        began = now()
        await stage.simulator.wait_for(
            lambda: now() - began >= SILENT_S, timeout=2 * SILENT_S, what="the silence to have lasted"
        )
        control.set_faults([])
        account = await _carried_through(stage)
        await _check_doubts(stage)

    assert account.faults() == {}
    assert 0 < account.uncertain <= LOAD.may_be_uncertain + SILENT_S / GIVEN_UP_S


async def _more_answered(stage: Stage, count: int) -> None:
    wanted = len(stage.crowd.answers) + count
    await stage.simulator.wait_for(
        lambda: len(stage.crowd.answers) >= wanted, timeout=60, what=f"{count} to be answered"
    )


async def test_a_network_that_comes_and_goes_costs_what_was_in_the_air_and_nothing_else(
    database_url: str, tmp_path: Path
) -> None:
    times = 3
    async with staged(database_url, tmp_path, LOAD, webhook=False, seed=SEED) as stage:
        await stage.program.start()
        for _ in range(times):
            await _more_answered(stage, 5)
            lines = len(stage.program.log)
            await stage.offline()
            stage.crowd.ask(5)
            await stage.program.says("updates not fetched", lines)
            await stage.online()
        account = await _carried_through(stage)

    assert account.faults() == {}
    assert account.uncertain <= times * LOAD.may_be_uncertain
