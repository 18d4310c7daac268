"""Several programs serve one bot over one PostgreSQL database, by webhook behind a front; on SQLite there is one."""

import asyncio
import itertools
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import text
from sqlmodel import select

from bot.clock import ManualClock
from bot.intake import MOST_BEGINNINGS
from bot.jobs import TICKS, serve_current_book
from bot.services.all import Services
from bot.services.mailings import Counts, MailingState, Plan, Purpose, Recipient
from bot.services.replicas import Replicas
from bot.services.requests import Call
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.database import Database, notify
from db.models import Lease, Mailing, Replica, UpdateState
from knowledge_base.loader import Content
from tests.scene import TOKEN
from tests.stage import Program, Stage, stage_of
from tests.test_process import TOKEN as TOKEN_OF_PROCESS
from tests.test_process import real_process, start_process

BOT_ID = int(TOKEN.partition(":")[0])
QUESTION = "gmn cara klaim jkp?"
LEASE = timedelta(seconds=60)
HELLO = Plan(Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": "Rapat hari Senin."})])


@pytest.fixture
async def stage(postgres_url: str, clock: ManualClock, small_content: Content) -> AsyncIterator[Stage]:
    async with stage_of(postgres_url, clock, small_content) as prepared:
        yield prepared


async def _until(is_so: Callable[[], Awaitable[bool]], what: str, seconds: float = 90.0) -> None:
    """Wait for something that only the database or a program's own clock knows."""
    try:
        async with asyncio.timeout(seconds):
            while not await is_so():  # noqa: ASYNC110  # another program's doing: no event tells us
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


async def _leads(one: Program) -> None:
    async def is_so() -> bool:
        return one.program.replica.leads

    await _until(is_so, "the lease")


async def _all_done(stage: Stage) -> None:
    async def is_so() -> bool:
        states = {row.state for row in await stage.updates()}
        return states == {UpdateState.DONE} and not await stage.requests()

    await _until(is_so, "everything to be done and sent")


# The rules of the lease, over the database's own clock


async def _backdated(database: Database, by: timedelta) -> None:
    """Let so much time pass for those who are silent."""
    async with database.transaction() as tx:
        for lease in (await tx.exec(select(Lease))).all():
            lease.until -= by
        for replica in (await tx.exec(select(Replica))).all():
            replica.seen_at -= by


async def test_one_at_a_time_holds_the_lease_and_the_next_has_a_larger_term(postgres_url: str) -> None:
    replicas, database = Replicas(), Database(postgres_url)

    async def tries(replica_id: int) -> int | None:
        async with database.transaction() as tx:
            return await replicas.lead(tx, replica_id, LEASE)

    async with database.transaction() as tx:
        one, other = [await replicas.join(tx, is_alone=False) for _ in range(2)]
    terms = [await tries(one), await tries(other), await tries(one)]
    await _backdated(database, LEASE * 2)
    later = [await tries(other), await tries(one)]
    async with database.transaction() as tx:
        await replicas.leave(tx, other)
    at_once = await tries(one)
    await _backdated(database, timedelta(seconds=1))
    a_second_later = await tries(one)
    await database.close()

    assert terms == [1, None, 1]
    assert later == [2, None]
    assert (at_once, a_second_later) == (None, 3)  # Telegram counts what was sent within a second


async def test_whoever_was_silent_too_long_is_buried_and_whoever_is_just_being_seen_is_not(
    postgres_url: str,
) -> None:
    replicas, database = Replicas(), Database(postgres_url)
    async with database.transaction() as tx:
        one, silent, seen = [await replicas.join(tx, is_alone=False) for _ in range(3)]
    await _backdated(database, LEASE * 2)

    async with database.transaction() as other:
        assert await replicas.live(other, seen)  # not committed yet
        async with database.transaction() as tx:
            await replicas.bury(tx, one, LEASE)
    async with database.transaction() as tx:
        known = {replica_id: await replicas.live(tx, replica_id) for replica_id in (one, silent, seen)}
    await database.close()

    assert known == {one: True, silent: False, seen: True}


async def test_a_holder_that_froze_while_it_renewed_holds_up_nobody(postgres_url: str) -> None:
    replicas, database = Replicas(), Database(postgres_url)
    async with database.transaction() as tx:
        one, other = [await replicas.join(tx, is_alone=False) for _ in range(2)]
        await replicas.lead(tx, one, LEASE)
    await _backdated(database, LEASE * 2)

    async with database.transaction() as frozen:
        await replicas.lead(frozen, one, LEASE)
        async with asyncio.timeout(60), database.transaction() as tx:
            term = await replicas.lead(tx, other, LEASE)
    await database.close()

    assert term is None


async def test_what_another_has_locked_is_taken_over_the_next_time(
    postgres_url: str, clock: ManualClock
) -> None:
    services, database = Services.over(clock, ()), Database(postgres_url)
    updates = [
        {"update_id": n, "message": {"from": {"id": n}, "chat": {"id": n}, "text": "?"}} for n in (1, 2)
    ]
    async with database.transaction() as tx:
        one = await services.replicas.join(tx, is_alone=False)
        await services.inbox.store(tx, BOT_ID, updates, replica_id=one + 1)  # of one that is no more

    async with database.transaction() as frozen:
        assert await services.inbox.lock_orders(frozen, BOT_ID, [1]) == {1}
        await services.inbox.next_of(frozen, BOT_ID, [1])
        async with asyncio.timeout(60), database.transaction() as tx:
            at_once = await services.inbox.take_over(tx, BOT_ID, one)
            turns = await services.inbox.lock_orders(tx, BOT_ID, [1, 2])
    async with database.transaction() as tx:
        later = await services.inbox.take_over(tx, BOT_ID, one)
    await database.close()

    assert (len(at_once), len(later), turns) == (1, 1, {2})


async def test_what_was_being_sent_in_an_earlier_term_waits_and_nothing_passes_it(
    database: Database, clock: ManualClock
) -> None:
    outbox = Services.over(clock, ()).outbox

    def message(words: str) -> Any:
        return outbox.request(5, "sendMessage", {"chat_id": 5, "text": words})

    async with database.transaction() as tx:
        await outbox.write(tx, [message("first")], term=1)
    async with database.transaction() as tx:
        second = message("second")
        await outbox.write(tx, [second], term=2)  # the holder of term 1 committed late, or died
    async with database.transaction() as tx:
        before = await outbox.due(tx, 10)
        await outbox.take_over(tx, 2, in_hand=[])
        after = await outbox.due(tx, 10)

    assert second.next_attempt_at is not None
    assert before == []
    assert [[each.parameters["text"] for each in chat] for chat in after] == [["first", "second"]]


async def test_what_was_committed_though_the_commit_seemed_to_fail_is_sent_a_little_later(
    database: Database, clock: ManualClock
) -> None:
    outbox = Services.over(clock, ()).outbox
    in_hand, lost = (
        outbox.request(chat_id, "sendMessage", {"chat_id": chat_id, "text": "Halo"}) for chat_id in (5, 6)
    )
    async with database.transaction() as tx:
        await outbox.write(tx, [in_hand, lost], term=1)
    assert in_hand.id is not None

    due: list[list[int]] = []
    for seconds in (0, 11):
        clock.advance(timedelta(seconds=seconds))
        async with database.transaction() as tx:
            await outbox.take_over(tx, 1, in_hand=[in_hand.id])
            due.append([chat[0].chat_id for chat in await outbox.due(tx, 10)])

    assert due == [[], [6]]


# Two programs


async def test_one_person_is_answered_in_order_though_both_receive_what_they_write(stage: Stage) -> None:
    async with stage.program() as one, stage.program() as other:
        await _leads(one)
        person, texts = stage.person(), [f"apa itu jkp nomor {number}" for number in range(50)]
        stage.says(person, "/start")
        await stage.simulator.wait_for(lambda: stage.answers(person), what="the welcome")
        for each in texts:
            stage.says(person, each)
        await stage.simulator.wait_for(
            lambda: len(stage.answers(person)) >= 51, timeout=90, what="all answers"
        )
        await _all_done(stage)
        shares = len(stage.front.taken_by(one.number)), len(stage.front.taken_by(other.number))

    questions = await stage.questions()
    answers = [question.reply_message_id for question in questions]
    others = [m for m in stage.answers(person)[1:] if m["message_id"] not in answers]
    assert min(shares) > 20
    assert [question.text for question in questions] == texts
    assert None not in answers
    assert answers == sorted(set(answers), key=lambda number: number or 0)
    assert all("Pesan Anda sangat banyak" in m["text"] for m in others)  # said by each of them for itself


def _loses_every_other_answer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram does not hear of every other confirmation, and delivers again: to the other process."""
    receive, lost = stage.front.receive, itertools.cycle((True, False))

    async def lose(request: web.Request, session: ClientSession) -> web.Response:
        response = await receive(request, session)
        if next(lost):
            response.set_status(502)
        return response

    monkeypatch.setattr(stage.front, "receive", lose)


async def test_an_update_that_reaches_both_acts_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.program() as one, stage.program():
        await _leads(one)
        people = [stage.person() for _ in range(30)]
        _loses_every_other_answer(stage, monkeypatch)
        for person in people:
            stage.says(person, QUESTION)
        await stage.simulator.wait_for(
            lambda: stage.control.pending() == 0 and all(map(stage.answers, people)), timeout=90
        )
        await _all_done(stage)

    reached = Counter(
        (each.update_id) for each in {(d.update_id, d.target): d for d in stage.front.delivered}.values()
    )
    assert max(reached.values()) == 2
    assert [len(stage.answers(person)) for person in people] == [1] * 30
    assert len(await stage.questions()) == 30


async def test_an_update_that_two_processes_fail_with_is_apologised_for_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.program() as one, stage.program() as other:
        await _leads(one)
        person, is_set_aside = stage.person(), asyncio.Event()
        stage.says(person, "/start")
        await stage.simulator.wait_for(lambda: stage.answers(person), timeout=90)
        await _all_done(stage)

        async def fail(*_: Any, **__: Any) -> None:
            raise RuntimeError("a fault of ours")

        first = iter((True,))
        for each in (one, other):
            set_aside = each.program.services.inbox.set_aside

            async def set_aside_second(*what: Any, how: Any = set_aside) -> bool:
                # Whoever comes first to this point lets the other have its try, and its word.
                if next(first, False):
                    await is_set_aside.wait()
                    return bool(await how(*what))
                changed = bool(await how(*what))
                is_set_aside.set()
                return changed

            monkeypatch.setattr(each.program.services.inbox, "set_aside", set_aside_second)
            monkeypatch.setattr(each.program.services.questions, "ask", fail)
        before = stage.front.delivered[-1].update_id
        _loses_every_other_answer(stage, monkeypatch)
        stage.says(person, QUESTION)
        await stage.simulator.wait_for(lambda: stage.control.pending() == 0, what="both to have it")
        await asyncio.gather(*(each.program.application.update_queue.join() for each in (one, other)))

        async def is_silent() -> bool:
            return not await stage.requests()

        await _until(is_silent, "everything to be sent")

    (row,) = [each for each in await stage.updates() if each.update_id > before]
    assert row.state == UpdateState.SET_ASIDE
    assert [m["text"][:30] for m in stage.answers(person)[1:]] == ["Maaf, ada yang salah di pihak "]
    assert len(stage.faults.records) == 2  # both have tried
    stage.faults.records.clear()


async def test_what_a_silent_process_has_in_hand_is_taken_over_and_handled_once(stage: Stage) -> None:
    async with stage.program() as silent, stage.program() as other:
        await _leads(silent)
        term = silent.program.replica.term
        people = [stage.person() for _ in range(10)]
        silent.program.intake.may_begin.clear()  # it stores, confirms, and begins nothing
        silent.stops_ticking()
        began = time.monotonic()
        for person in people:
            stage.says(person, QUESTION)
        await stage.simulator.wait_for(lambda: all(map(stage.answers, people)), timeout=90)
        took = time.monotonic() - began
        assert stage.front.taken_by(silent.number)
        assert other.program.replica.term == (term or 0) + 1

        before = silent.program.replica.id
        silent.program.intake.may_begin.set()  # it wakes up, with all of its lines
        silent.ticks_again()
        await silent.program.application.update_queue.join()

        async def has_joined() -> bool:
            return silent.program.intake.replica_id not in (None, before)

        await _until(has_joined, "the silent one to join again")
        await _all_done(stage)
        is_leading = silent.program.replica.leads, other.program.replica.leads

    assert took < 8
    assert is_leading == (False, True)
    assert [len(stage.answers(person)) for person in people] == [1] * 10
    assert len(await stage.questions()) == 10


async def test_to_wait_for_somebody_who_is_served_elsewhere_is_no_beginning(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.program() as program:
        await _leads(program)
        person, inbox = stage.person(), program.program.services.inbox
        stage.says(person, "/start")
        await stage.simulator.wait_for(lambda: stage.answers(person), timeout=10)
        await _all_done(stage)
        lock, looks, has_looked = inbox.lock_orders, itertools.count(1), asyncio.Event()

        async def look(tx: Any, bot_id: int, keys: Any) -> set[int]:
            if person in keys and next(looks) > MOST_BEGINNINGS:
                has_looked.set()
            return await lock(tx, bot_id, keys)

        monkeypatch.setattr(inbox, "lock_orders", look)
        async with stage.database.transaction() as frozen:
            await lock(frozen, BOT_ID, [person])
            async with stage.database.transaction() as tx:  # of a process that is no more
                await inbox.store(tx, BOT_ID, [_message(person, 900, QUESTION)], replica_id=999)
            await asyncio.wait_for(has_looked.wait(), timeout=20)
        await stage.simulator.wait_for(lambda: len(stage.answers(person)) == 2, timeout=10)
        await _all_done(stage)

    assert [(row.update_id, row.attempts) for row in await stage.updates()][-1:] == [(900, 2)]
    assert len(await stage.questions()) == 1


def _message(person: int, update_id: int, words: str) -> dict[str, Any]:
    user = {"id": person, "is_bot": False, "first_name": "Sari"}
    chat = {"id": person, "type": "private", "first_name": "Sari"}
    message = {"message_id": update_id, "date": 1, "chat": chat, "from": user, "text": words}
    return {"update_id": update_id, "message": message}


class Holding:
    """Holds the first message on its way to Telegram, until it is let go."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.has_come = asyncio.Event()

    async def before(self, request: Request) -> None:
        if request.method == "sendMessage" and not self.has_come.is_set():
            self.has_come.set()
            await self.goes_on.wait()

    async def after(self, request: Request, answer: Answer) -> None:
        pass


async def test_what_a_silent_process_was_sending_is_sent_by_its_successor(stage: Stage) -> None:
    holding = Holding()
    stage.simulator.hooks.append(holding)
    async with stage.program() as silent:
        await _leads(silent)
        person = stage.person()
        stage.says(person, QUESTION)
        await asyncio.wait_for(holding.has_come.wait(), timeout=90)
        silent.stops_ticking()
        async with stage.program() as other:
            await _leads(other)
            await stage.simulator.wait_for(lambda: len(stage.answers(person)) == 1, timeout=90)
            holding.goes_on.set()
            await stage.simulator.wait_for(lambda: len(stage.answers(person)) == 2, timeout=90)
            await _all_done(stage)

    assert len(stage.answers(person)) == 2  # twice is better than not at all
    assert len(await stage.questions()) == 1


async def test_a_process_whose_clock_jumped_sends_nothing_until_it_has_the_lease_again(stage: Stage) -> None:
    jump = 0.0
    async with stage.program(lease_now=lambda: time.monotonic() + jump) as frozen:
        await _leads(frozen)
        frozen.stops_ticking()
        jump = 3600.0  # so long it was frozen
        person = stage.person()
        stage.says(person, QUESTION)

        async def is_handled() -> bool:
            rows = await stage.updates()
            return bool(rows) and {row.state for row in rows} == {UpdateState.DONE}

        await _until(is_handled, "the question to be handled")
        await frozen.program.delivery.send_due()
        await frozen.program.delivery.settled()
        before = len(stage.answers(person)), len(await stage.requests())
        frozen.ticks_again()
        await stage.simulator.wait_for(lambda: stage.answers(person), timeout=90)
        await _all_done(stage)

    assert before == (0, 1)


async def test_an_orderly_end_hands_over_at_once(
    postgres_url: str, clock: ManualClock, content: Content
) -> None:
    async with (
        stage_of(postgres_url, clock, content, lease_seconds=10.0) as stage,
        AsyncExitStack() as leaves,
    ):
        people = [stage.person() for _ in range(10)]
        first = await leaves.enter_async_context(stage.program())
        await _leads(first)
        async with stage.program() as second:
            first.program.intake.may_begin.clear()
            for person in people:
                stage.says(person, QUESTION)
            await stage.simulator.wait_for(lambda: stage.control.pending() == 0, what="all to be stored")
            began = time.monotonic()
            await leaves.aclose()
            await _leads(second)
            await stage.simulator.wait_for(lambda: all(map(stage.answers, people)), timeout=90)
            took = time.monotonic() - began
            await _all_done(stage)

        assert took < 8  # its lease would have lasted longer
        assert [len(stage.answers(person)) for person in people] == [1] * 10


async def test_two_processes_that_start_at_once_on_an_empty_database_both_serve(
    stage: Stage,
) -> None:
    async with stage.database.transaction() as tx:
        connection = await tx.connection()
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    async with AsyncExitStack() as both:
        await asyncio.gather(*(both.enter_async_context(stage.program()) for _ in range(2)))
        assert len(stage.front.targets) == 2
        people = [stage.person() for _ in range(4)]
        for person in people:
            stage.says(person, QUESTION)
        await stage.simulator.wait_for(lambda: all(map(stage.answers, people)), timeout=90)


async def test_what_is_published_through_one_is_served_by_the_other_at_its_next_look(stage: Stage) -> None:
    async with stage.program() as one, stage.program() as other:
        key = next(entry.id for entry in stage.content.entries.values() if "apa-itu" in entry.id)
        fewer = {name: entry for name, entry in stage.content.entries.items() if name != key}
        content = one.program.services.content
        assert key in {entry.id for entry in other.program.services.content.book.in_force}
        async with one.program.database.transaction() as tx:
            await content.load(tx, replace(stage.content, entries=fewer))

        async def is_served() -> bool:
            return key not in {entry.id for entry in other.program.services.content.book.in_force}

        await _until(is_served, "the change")

    (every,) = (tick.every for tick in TICKS if tick.job is serve_current_book)
    assert every <= timedelta(seconds=1)  # what is promised is two: the rest is for building the book


async def test_a_mailing_that_is_paused_through_one_rests_in_the_other(stage: Stage) -> None:
    holding = Holding()
    async with stage.program(messages_per_second=30) as leader, stage.program() as other:
        await _leads(leader)
        people = [stage.person() for _ in range(60)]
        for person in people:
            stage.says(person, "/start")
        await stage.simulator.wait_for(lambda: all(map(stage.answers, people)), timeout=90)
        await _all_done(stage)
        stage.simulator.hooks.append(holding)  # the first copy stays in the air
        mailings = other.program.services.mailings
        async with other.program.database.transaction() as tx:
            mailing = await mailings.start(tx, HELLO, [Recipient(person) for person in people])
        mailing_id = mailing.id or 0
        await asyncio.wait_for(holding.has_come.wait(), timeout=90)
        async with other.program.database.transaction() as tx:
            await mailings.pause(tx, mailing_id)
        holding.goes_on.set()

        async def rests() -> bool:
            async with other.program.database.transaction() as tx:
                return (await mailings.counts(tx, mailing_id)).sending == 0

        await _until(rests, "what was in the air to land")
        async with other.program.database.transaction() as tx:
            counts = await mailings.counts(tx, mailing_id)
            state = (await _row(tx, mailing_id)).state
            await mailings.resume(tx, mailing_id)

        async def has_ended() -> bool:
            async with other.program.database.transaction() as tx:
                return (await _row(tx, mailing_id)).ended_at is not None

        await _until(has_ended, "the end of the mailing")
        async with other.program.database.transaction() as tx:
            ended = await mailings.counts(tx, mailing_id)

    assert state == MailingState.PAUSED
    assert 0 < counts.sent < 60
    assert counts.pending == 60 - counts.sent
    assert ended == Counts(sent=60)


async def _row(tx: Any, mailing_id: int) -> Mailing:
    mailing = await tx.get(Mailing, mailing_id)
    assert isinstance(mailing, Mailing)
    return mailing


async def test_the_answer_is_sent_though_nobody_heard_that_there_is_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any) -> None:
        raise ConnectionError

    async with stage.program() as leader, stage.program() as other:
        await _leads(leader)
        assert leader.program.database.is_listening
        monkeypatch.setattr(leader.program.database, "listen", refuse)
        async with stage.database.transaction() as tx:
            connection = await tx.connection()
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
                )
            )
        listening = leader.program.database

        async def hears_nothing() -> bool:
            return not listening.is_listening

        await _until(hears_nothing, "the line to be cut")
        # Only the other one receives; only the leader sends.
        stage.front.targets[leader.number] = stage.front.targets[other.number]
        person = stage.person()
        stage.says(person, QUESTION)
        await stage.simulator.wait_for(lambda: stage.answers(person), timeout=90)
        monkeypatch.undo()

        async def listens_again() -> bool:
            return listening.is_listening

        await _until(listens_again, "the leader to listen again")

    assert len(stage.answers(person)) == 1


async def test_what_is_notified_is_heard_when_it_is_committed(postgres_url: str) -> None:
    database, heard = Database(postgres_url), asyncio.Event()
    await database.listen("outgoing", heard.set)

    async with database.transaction() as tx:
        await notify(tx, "outgoing")
        too_early = heard.is_set()
    await asyncio.wait_for(heard.wait(), timeout=60)
    is_listening = database.is_listening
    await database.close()

    assert (too_early, is_listening, database.is_listening) == (False, True, False)


# SQLite: one process


async def test_a_second_process_on_the_same_file_refuses_and_says_why_and_a_killed_one_leaves_it_free(
    tmp_path: Path,
) -> None:
    async with real_process(tmp_path) as first:
        await first.answer_to(QUESTION)
        variables = {"BOT_TOKEN": TOKEN_OF_PROCESS, "BOT_API_URL": first.url}
        second = await start_process("run", tmp_path, **variables)
        said, errors = await asyncio.wait_for(second.communicate(), timeout=90)
        os.kill(first.process.pid, signal.SIGKILL)
        await first.process.wait()
        first.process = await start_process("run", tmp_path, **variables)
        answer = await first.answer_to("apa itu jkp?")
        code, _ = await first.stop()

    assert (second.returncode, said) == (1, b"")
    assert len(errors.decode().strip().splitlines()) == 1
    assert "tanyacop.db" in errors.decode()
    assert "PostgreSQL" in errors.decode()
    assert answer
    assert code == 0
