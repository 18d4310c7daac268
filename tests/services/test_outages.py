"""Silence between the bot and Telegram, and which presses were lost in it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.clock import ManualClock
from bot.services.outages import Outage, Outages
from db.database import Database
from tests.conftest import START

LOST = timedelta(seconds=150)


@dataclass
class Life:
    """One process after the other on one machine: its clock, and the seconds that never go back."""

    database: Database
    clock: ManualClock
    seconds: float = 0.0

    def begin(self) -> Outages:
        return Outages(self.clock, lambda: self.seconds)

    def passes(self, **duration: float) -> None:
        passed = timedelta(**duration)
        self.clock.advance(passed)
        self.seconds += passed.total_seconds()

    async def beats(self, process: Outages) -> Outage | None:
        async with self.database.transaction() as tx:
            return await process.beat(tx)


@pytest.fixture
def life(database: Database, clock: ManualClock) -> Life:
    return Life(database, clock)


async def test_a_process_that_hears_all_the_time_has_no_outage(life: Life) -> None:
    process = life.begin()
    found = []
    for _ in range(30):
        process.heard()
        found.append(await life.beats(process))
        life.passes(seconds=30)

    assert found == [None] * 30


async def test_between_two_processes_the_row_tells_what_was_lost(life: Life) -> None:
    first = life.begin()
    first.heard()
    await life.beats(first)
    life.passes(minutes=40)
    second = life.begin()
    second.heard()
    life.passes(seconds=20)

    assert await life.beats(second) == Outage(START, START + timedelta(minutes=40) - LOST)
    assert await life.beats(second) is None


@pytest.mark.parametrize(("seconds", "is_lost"), [(149, False), (150, False), (151, True)])
async def test_what_telegram_keeps_is_not_lost(life: Life, seconds: int, is_lost: bool) -> None:
    first = life.begin()
    first.heard()
    await life.beats(first)
    life.passes(seconds=seconds)
    second = life.begin()
    second.heard()

    assert (await life.beats(second) is not None) is is_lost


async def test_a_process_that_could_not_reach_telegram_knows_it_when_it_can_again(life: Life) -> None:
    process = life.begin()
    process.heard()
    await life.beats(process)
    silent = []
    for _ in range(20):
        life.passes(seconds=30)
        silent.append(await life.beats(process))
    process.heard()
    ended = await life.beats(process)

    assert silent == [None] * 20
    # The row was renewed for a while longer, as long as the last answer was fresh.
    assert ended == Outage(START + timedelta(seconds=60), START + timedelta(minutes=10) - LOST)


async def test_a_clock_that_is_moved_under_a_running_process_is_no_outage(life: Life) -> None:
    process = life.begin()
    process.heard()
    await life.beats(process)
    life.clock.advance(timedelta(hours=5))
    life.seconds += 20
    process.heard()

    assert await life.beats(process) is None


async def test_before_anything_was_heard_nothing_is_known(life: Life) -> None:
    process = life.begin()

    assert await life.beats(process) is None
    life.passes(hours=1)
    process.heard()
    assert await life.beats(process) is None


async def test_where_updates_are_delivered_silence_is_no_outage(life: Life) -> None:
    process = life.begin()
    process.listen()
    found = []
    for _ in range(20):
        life.passes(seconds=30)
        found.append(await life.beats(process))

    assert found == [None] * 20
