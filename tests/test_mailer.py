"""The mailer, with a courier of a few lines: whatever fails, every recipient ends in one state and nobody is sent to
twice without a reason."""

import asyncio
import gc
import math
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import ManualClock
from bot.mailer import IN_FLIGHT, TROUBLES, Mailer
from bot.services.all import Services
from bot.services.mailings import Counts, Delivery, DeliveryState, Mailing, Plan, Progress, Purpose, Recipient
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from db.database import Database

PLAN = Plan(Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": "Halo."})])
SEED = 20261124


@dataclass
class Post:
    """A courier. `answer` says what comes of a call; what arrived is counted by chat."""

    answer: Callable[[Call], Outcome] = lambda call: Sent((1,))
    arrived: Counter[int] = field(default_factory=Counter)
    known: Counter[int] = field(default_factory=Counter)  # arrived, and the sender was told so
    lanes: set[Lane] = field(default_factory=set)
    before: Callable[[Call], Any] = lambda call: None
    gate: asyncio.Event | None = None
    in_air: int = 0
    most_in_air: int = 0
    lives: float = math.inf  # calls after which the process is dead; `dies_late`: the last one has its effect
    dies_late: bool = False
    is_dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, call: Call, lane: Lane = Lane.REPLY) -> Outcome:
        self.lanes.add(lane)
        self.lives -= 1
        self.in_air += 1
        self.most_in_air = max(self.most_in_air, self.in_air)
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(0)
            self.before(call)
            await self._dies(self.lives < 0 or (self.lives == 0 and not self.dies_late))
            outcome = self.answer(call)
            if isinstance(outcome, Sent | Uncertain):
                self.arrived[call.chat_id] += 1
            await self._dies(self.lives <= 0)
            self.known[call.chat_id] += isinstance(outcome, Sent)
            return outcome
        finally:
            self.in_air -= 1

    async def _dies(self, is_so: bool) -> None:
        if is_so:
            self.is_dead.set()
            await asyncio.Event().wait()


class Mortal(Database):
    """The database as a dying process sees it: what is not committed is rolled back, and nothing more begins."""

    is_dead = False
    is_busy = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        if self.is_dead:
            await asyncio.Event().wait()
        self.is_busy = True
        try:
            async with super().transaction() as tx:
                yield tx
                if self.is_dead:
                    raise OperationalError("", {}, Exception("killed"))
        finally:
            self.is_busy = False


@dataclass
class Office:
    """A database with its services, time that stands still, and mailers one after the other."""

    database: Database
    services: Services
    clock: ManualClock
    post: Post = field(default_factory=Post)
    term: int | None = 1
    seconds: float = 0.0
    progress: list[Progress] = field(default_factory=list)
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)

    def mailer(self, rate: float = 60, database: Database | None = None, **how: Any) -> Mailer:
        return Mailer(
            database or self.database,
            self.services,
            self.post,
            rate,
            lambda: self.term,
            on_progress=self._note,
            monotonic=lambda: self.seconds,
            pauses_s=(0.0,),
            **how,
        )

    async def _note(self, tx: AsyncSession, progress: Progress) -> None:
        self.progress.append(progress)
        if progress.ended:
            self.has_ended.set()

    async def start(self, *chats: int, plan: Plan = PLAN) -> int:
        self.has_ended.clear()
        async with self.database.transaction() as tx:
            mailing = await self.services.mailings.start(tx, plan, (Recipient(chat) for chat in chats))
        assert mailing.id is not None
        return mailing.id

    async def counts(self, mailing_id: int) -> Counts:
        async with self.database.transaction() as tx:
            return await self.services.mailings.counts(tx, mailing_id)

    async def rows(self) -> list[Delivery]:
        async with self.database.transaction() as tx:
            return list((await tx.exec(select(Delivery))).all())

    async def until(self, is_so: Callable[[], Any]) -> None:
        async with asyncio.timeout(60):
            while not is_so():  # noqa: ASYNC110  # the program has no event for what tests look at
                await asyncio.sleep(0.002)

    async def ended(self, mailer: Mailer) -> None:
        await self.passes_until(self.has_ended, mailer)

    async def passes_until(
        self, event: asyncio.Event, mailer: Mailer, meanwhile: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Let time pass, with its ticks, until then."""
        async with asyncio.timeout(60):
            while not event.is_set():
                self.clock.advance(timedelta(seconds=0.2))
                self.seconds += 0.2
                mailer.wake()
                if meanwhile is not None:
                    await meanwhile()
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def running(self, mailer: Mailer) -> AsyncIterator[Mailer]:
        task = asyncio.create_task(mailer.run())
        try:
            yield mailer
        finally:
            await mailer.stop()
            await task


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, Services.over(clock), clock)


async def test_everybody_gets_it_once_and_the_end_is_told(office: Office) -> None:
    mailing_id = await office.start(*range(1, 101))

    async with office.running(office.mailer()) as mailer:
        await office.ended(mailer)

    assert office.post.arrived == dict.fromkeys(range(1, 101), 1)
    assert office.post.lanes == {Lane.BULK}
    assert await office.counts(mailing_id) == Counts(sent=100)
    assert [mailing.id for progress in office.progress for mailing in progress.ended] == [mailing_id]


async def test_no_more_leave_side_by_side_than_there_are_places(office: Office) -> None:
    await office.start(*range(1, 101))
    office.post.gate = asyncio.Event()

    async with office.running(office.mailer(rate=30)) as mailer:
        await office.until(lambda: mailer.in_hand == IN_FLIGHT)
        office.post.gate.set()
        await office.ended(mailer)

    assert office.post.most_in_air == IN_FLIGHT


async def test_a_reminder_overtakes_a_large_announcement(office: Office) -> None:
    await office.start(*range(1, 200))
    order: list[int] = []
    office.post.before = lambda call: order.append(call.chat_id)
    await office.start(1001, 1002, plan=Plan(Purpose.REMINDER, PLAN.calls))

    async with office.running(office.mailer(rate=20)) as mailer:
        await office.until(lambda: len(order) > 50)
        await office.ended(mailer)

    assert {1001, 1002} <= set(order[:10])
    assert office.post.lanes == {Lane.REMINDER, Lane.BULK}


async def test_without_the_lease_nothing_is_marked(office: Office) -> None:
    mailing_id = await office.start(1)
    office.term = None

    async with office.running(office.mailer()) as mailer:
        mailer.wake()
        await asyncio.sleep(0.01)
        assert await office.counts(mailing_id) == Counts(pending=1)
        office.term = 2
        await office.ended(mailer)

    assert await office.counts(mailing_id) == Counts(sent=1)


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_everybody_ends_in_one_state_and_nobody_is_sent_to_twice_for_certain(
    office: Office, seed: int
) -> None:
    """Outcomes, pauses, resumes and kills at random; the last mailer finishes in peace."""
    rng = random.Random(SEED + seed)
    people = 900  # more than seven processes can use up before they die
    outcomes: list[Callable[[], Outcome]] = [
        lambda: Sent((1,)),
        lambda: Blocked(),
        lambda: Rejected("no"),
        lambda: Wait(rng.choice([0.0, 0.5, 3.0])),
        lambda: Uncertain(),
        lambda: Moved(-rng.randint(1, people)),
    ]
    office.post.answer = lambda call: rng.choices(outcomes, weights=(80, 3, 3, 6, 3, 5))[0]()
    mailing_id = await office.start(*(-chat for chat in range(1, people + 1)))
    interrupted = 0

    for office.term in range(1, 8):
        database = Mortal(office.database.url.render_as_string(hide_password=False))
        mailer = office.mailer(rate=40, database=database)
        office.post.lives, office.post.dies_late = rng.randint(1, 60), rng.random() < 0.5
        office.post.is_dead.clear()
        task = asyncio.create_task(mailer.run())
        await office.passes_until(office.post.is_dead, mailer, lambda: _disturb(office, rng, mailing_id))
        database.is_dead = True
        await office.until(lambda: not database.is_busy)  # noqa: B023  # called before the next one is made
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await database.close()
        left = (await office.counts(mailing_id)).sending
        assert 0 < left <= 40
        interrupted += left
    office.term, office.post.lives = 8, math.inf
    async with office.running(office.mailer(rate=40)) as mailer:
        await office.passes_until(office.has_ended, mailer, lambda: _disturb(office, rng, mailing_id))

    counts = await office.counts(mailing_id)
    assert counts.uncertain >= interrupted
    assert counts.still_to_go == 0
    assert counts.total == people
    rows = {row.chat_id: row for row in await office.rows()}
    assert len(rows) == people
    sent = {chat_id for chat_id, row in rows.items() if row.state == DeliveryState.SENT}
    uncertain = {chat_id for chat_id, row in rows.items() if row.state == DeliveryState.UNCERTAIN}
    assert all(office.post.known[chat_id] == 1 for chat_id in sent)
    assert set(office.post.arrived) <= sent | uncertain  # so *failed*, *blocked* and *cancelled* are certain
    assert (
        max(office.post.arrived.values()) == 1
    )  # and nobody was sent to again, not even after an uncertain try


async def _disturb(office: Office, rng: random.Random, mailing_id: int) -> None:
    """Pause now and then, and resume soon after."""
    async with office.database.transaction() as tx:
        if rng.random() < 0.1:
            await office.services.mailings.pause(tx, mailing_id)
        elif rng.random() < 0.5:
            await office.services.mailings.resume(tx, mailing_id)


async def test_a_cancel_in_the_middle_leaves_the_rest_unsent(office: Office) -> None:
    mailing_id = await office.start(*range(1, 301))
    gate = office.post.gate = asyncio.Event()
    gate.set()
    office.post.before = lambda call: gate.clear() if call.chat_id == 50 else None

    async with office.running(office.mailer(rate=20)) as mailer:
        await office.until(lambda: not gate.is_set())
        async with office.database.transaction() as tx:
            await office.services.mailings.cancel(tx, mailing_id)
        gate.set()
        await office.ended(mailer)

    counts = await office.counts(mailing_id)
    assert counts.sent == sum(office.post.arrived.values())
    assert counts.sent + counts.cancelled == 300
    assert counts.cancelled > 0


async def test_a_frozen_holder_neither_marks_more_nor_writes_over_its_successor(office: Office) -> None:
    mailing_id = await office.start(*range(1, 61))
    frozen_post, gate = office.post, asyncio.Event()
    frozen_post.gate = gate
    terms: dict[str, int | None] = {"frozen": 1}
    frozen = Mailer(office.database, office.services, frozen_post, 20, lambda: terms["frozen"], in_flight=20)
    task = asyncio.create_task(frozen.run())
    await office.until(lambda: frozen_post.in_air == 20)

    office.term, office.post = 2, Post()
    async with office.running(office.mailer()) as successor:
        await office.ended(successor)
    gate.set()  # it wakes up, and believes for a moment that it holds the lease still
    await office.until(lambda: sum(frozen_post.known.values()) == 20)
    frozen.wake()
    await frozen.stop()
    await task

    assert await office.counts(mailing_id) == Counts(sent=40, uncertain=20)
    assert not set(frozen_post.arrived) & set(office.post.arrived)
    assert sum(frozen_post.arrived.values()) == 20


@pytest.mark.parametrize(("seconds", "loses"), [(20, False), (0, True)], ids=["frozen", "lease lost"])
async def test_what_is_marked_and_has_not_left_by_a_freeze_or_the_loss_of_the_lease_goes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, seconds: float, loses: bool
) -> None:
    mailing_id = await office.start(1, 2, 3)
    claim = office.services.mailings.claim

    async def slowly(*given: Any) -> Any:
        claimed = await claim(*given)
        if claimed:
            office.seconds += seconds
            office.term = None if loses else 1
            office.services.mailings.claim = claim  # type: ignore[method-assign]  # the next one is quick
        return claimed

    monkeypatch.setattr(office.services.mailings, "claim", slowly)
    async with office.running(office.mailer()) as mailer:
        if loses:
            async with asyncio.timeout(60):
                while {(row.state, row.attempts) for row in await office.rows()} != {("pending", 1)}:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        else:
            await office.ended(mailer)

    attempts = {row.attempts for row in await office.rows()}
    assert attempts == {1} if loses else min(attempts) > 1
    assert await office.counts(mailing_id) == (Counts(pending=3) if loses else Counts(sent=3))
    assert office.post.arrived == ({} if loses else {1: 1, 2: 1, 3: 1})


async def test_outcomes_that_come_during_a_recording_keep_their_places(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing_id = await office.start(*range(1, 101))
    office.post.gate = gate = asyncio.Event()
    mailings, record, most = office.services.mailings, office.services.mailings.record, 0

    async def late(tx: AsyncSession, *given: Any) -> Any:
        nonlocal most
        most = max(most, (await mailings.counts(tx, mailing_id)).sending)
        gate.set()
        await office.until(lambda: office.post.in_air == 0)
        return await record(tx, *given)

    monkeypatch.setattr(mailings, "record", late)
    async with office.running(office.mailer(rate=20, in_flight=20)) as mailer:
        await office.until(lambda: office.post.in_air == 20)
        gate.set()
        await office.ended(mailer)

    assert most <= 20


async def test_a_stop_waits_for_what_is_in_the_air_and_marks_no_more(office: Office) -> None:
    mailing_id = await office.start(*range(1, 101))
    office.post.gate = asyncio.Event()
    mailer = office.mailer(rate=10, in_flight=10)
    task = asyncio.create_task(mailer.run())
    await office.until(lambda: office.post.in_air == 10)

    stopping = asyncio.create_task(mailer.stop())
    await asyncio.sleep(0)
    office.post.gate.set()
    await stopping
    await task

    assert await office.counts(mailing_id) == Counts(sent=10, pending=90)


async def test_what_does_not_land_before_the_stop_is_uncertain(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing_id = await office.start(1, 2)
    office.post.gate = asyncio.Event()
    mailer = office.mailer()
    task = asyncio.create_task(mailer.run())
    await office.until(lambda: office.post.in_air == 2)

    with monkeypatch.context() as patch:
        patch.setattr("bot.mailer.LAND_WITHIN_S", 0.0)
        await mailer.stop()
    await task

    assert await office.counts(mailing_id) == Counts(uncertain=2)


async def test_a_database_that_is_away_costs_nothing_that_is_known(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing_id = await office.start(*range(1, 51))
    mailings, rng = office.services.mailings, random.Random(SEED)
    record, claim = mailings.record, mailings.claim

    async def perhaps(act: Callable[..., Any], *given: Any) -> Any:
        if rng.random() < 0.2:
            raise OperationalError("", {}, Exception("the server is away"))
        return await act(*given)

    with monkeypatch.context() as patch:
        patch.setattr(mailings, "record", lambda *given: perhaps(record, *given))
        patch.setattr(mailings, "claim", lambda *given: perhaps(claim, *given))
        async with office.running(office.mailer(rate=10, in_flight=10)) as mailer:
            await office.ended(mailer)

    assert await office.counts(mailing_id) == Counts(sent=50)
    assert max(office.post.arrived.values()) == 1


async def test_a_commit_whose_answer_gets_lost_sends_nothing_twice_and_forgets_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing_id = await office.start(*range(1, 51))
    transaction, rng = office.database.transaction, random.Random(SEED)

    @asynccontextmanager
    async def forgetful() -> AsyncIterator[AsyncSession]:
        async with transaction() as tx:
            yield tx
        if rng.random() < 0.3:
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

    with monkeypatch.context() as patch:
        patch.setattr(office.database, "transaction", forgetful)
        async with office.running(office.mailer(rate=10, in_flight=10)) as mailer:
            await office.ended(mailer)

    assert await office.counts(mailing_id) == Counts(sent=50)
    assert max(office.post.arrived.values()) == 1


async def test_a_dead_line_costs_a_few_uncertain_ones_and_not_the_whole_list(office: Office) -> None:
    mailing_id = await office.start(*range(1, 301))
    office.post.answer = lambda call: Uncertain()

    async with office.running(office.mailer(rate=20, in_flight=20)) as mailer:
        tried = office.post.arrived.total
        await office.until(lambda: tried() >= TROUBLES and mailer.in_hand == 0)
        while_dead = tried() + 1
        office.seconds += 10
        mailer.wake()
        await office.until(lambda: tried() > while_dead - 1 and mailer.in_hand == 0)
        assert tried() == while_dead  # one felt the way
        office.post.answer = lambda call: Sent((1,))
        await office.ended(mailer)

    assert TROUBLES <= while_dead <= 20 + 2
    assert await office.counts(mailing_id) == Counts(sent=300 - while_dead, uncertain=while_dead)


async def test_the_rest_of_a_copy_is_waited_for_once_its_beginning_has_arrived(office: Office) -> None:
    album, text = Call("sendMediaGroup", {}), Call("sendMessage", {"text": "Setuju?"})
    mailing_id = await office.start(1, plan=Plan(Purpose.ANNOUNCEMENT, [album, text]))
    answers: Iterator[Outcome] = iter([Sent((10, 11)), Wait(0), Sent((12,))])
    office.post.answer = lambda call: next(answers)

    async with office.running(office.mailer()) as mailer:
        await office.ended(mailer)

    (row,) = await office.rows()
    assert (row.mailing_id, row.state, row.message_ids) == (mailing_id, DeliveryState.SENT, [10, 11, 12])


async def test_what_there_is_nothing_to_call_for_fails_with_a_reason(office: Office) -> None:
    announced = await office.start(1)
    async with office.running(office.mailer()) as mailer:
        await office.ended(mailer)
    async with office.database.transaction() as tx:
        source = await tx.get(Mailing, announced)
        assert source is not None
        edit = Call("editMessageText", {"message_id": 7})
        correction = await office.services.mailings.edit(tx, source, Plan(Purpose.CORRECTION, [edit]))
    office.has_ended.clear()

    async with office.running(office.mailer()) as mailer:
        await office.ended(mailer)

    assert correction.id is not None
    assert await office.counts(correction.id) == Counts(failed=1)


async def test_too_many_errors_stop_a_mailing_and_are_told_once(office: Office) -> None:
    mailing_id = await office.start(*range(1, 201))
    office.post.answer = lambda call: Rejected("Bad Request: wrong file")

    async with office.running(office.mailer(rate=10, in_flight=10)) as mailer:
        await office.until(lambda: office.progress)
        mailer.wake()

    counts = await office.counts(mailing_id)
    assert [each.id for progress in office.progress for each in progress.stopped] == [mailing_id]
    assert 20 <= counts.failed <= 30
    assert counts.failed + counts.pending == 200


async def test_a_fault_in_a_report_does_not_keep_outcomes_from_being_recorded(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    mailing_id = await office.start(1)

    async def fail(tx: AsyncSession, progress: Progress) -> None:
        office.has_ended.set()
        raise ValueError("a fault in a report")

    mailer = Mailer(office.database, office.services, office.post, 30, lambda: office.term, on_progress=fail)
    async with office.running(mailer):
        await office.ended(mailer)

    assert await office.counts(mailing_id) == Counts(sent=1)
    assert "mailing progress not told" in caplog.text


async def test_a_tick_that_finds_nothing_says_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")

    async with office.running(office.mailer()) as mailer:
        for _ in range(5):
            mailer.wake()
            await asyncio.sleep(0.01)

    assert [record for record in caplog.records if record.name.startswith("bot")] == []


async def test_a_hundred_thousand_recipients_are_never_all_in_memory(office: Office) -> None:
    """All are fixed in one transaction; then the first thousands leave, while the rest waits in the database."""
    many = 100_000
    await office.start(1)
    async with office.running(office.mailer()) as mailer:
        await office.ended(mailer)  # whatever is made at the first use is there
    before = _resident()

    mailing_id = await office.start(*range(1, many + 1))
    async with office.running(office.mailer(rate=1000)):
        await office.until(lambda: sum(office.post.known.values()) > 3000)

    assert _resident() - before < 20 * 2**20
    assert (await office.counts(mailing_id)).total == many


def _resident() -> int:
    """Bytes of memory that this process has."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
