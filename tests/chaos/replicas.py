"""Two real processes on one PostgreSQL database: people ask both of them while a mailing runs, and the one that sends
is killed, or frozen and woken, in the middle.

`run` plays a `Course` and gives what came of it as a `Report`; `QUICK` takes seconds, `FULL` is what Telegram's own
limits and the product's own lease make of it. Each person asks one question after the other, numbered, so that their
order can be seen; askers and recipients are different people. A lease is longer than the three seconds in which a burst
to one chat counts: the next holder does not know of the last one's.
"""

import asyncio
import enum
import itertools
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.clock import SystemClock
from bot.services.all import Services
from bot.services.mailings import Counts, Plan, Purpose, Recipient
from bot.services.requests import Call
from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator
from db.database import Database
from db.models import IncomingUpdate, Lease, Mailing, OutgoingRequest, Question, UpdateState
from tests.front import SECRET, Front, front

TOKEN = "4242:a-token-of-the-simulator-that-is-long-enough"
ROOT = Path(__file__).parents[2]
COPY = "Rapat hari Senin."
QUESTION = "apa itu jkp nomor"


class Ending(enum.Enum):
    """What happens to the process that sends."""

    KILLED = "killed"
    FROZEN = "frozen, and woken later"


@dataclass(frozen=True)
class Course:
    """How much of everything. Rates are per second, times in seconds."""

    rate: int  # messages that Telegram takes
    questions: int
    asked_per_second: float
    people: int
    recipients: int
    lease_s: float
    frozen_s: float
    patience_s: float  # of what stands before the processes


QUICK = Course(
    rate=30,
    questions=120,
    asked_per_second=20,
    people=60,
    recipients=80,
    lease_s=3.5,
    frozen_s=7.0,
    patience_s=0.5,
)
FULL = Course(
    rate=30,
    questions=1800,
    asked_per_second=20,
    people=200,
    recipients=800,
    lease_s=10.0,
    frozen_s=25.0,
    patience_s=2.0,
)


@dataclass
class Report:
    """What came of it."""

    asked: int = 0
    handled: int = 0  # questions that had their effect, each counted as often as it had
    questions_out_of_order: int = 0  # people whose questions were handled in another order than they asked
    answers_out_of_order: int = 0
    unanswered: int = 0
    answered_twice: int = 0  # allowed for what was in the air
    updates_open: int = 0  # neither done nor known
    refused: int = 0  # 429
    most_in_a_second: int = 0
    mailing: Counts = field(default_factory=Counts)
    copies: Counter[int] = field(
        default_factory=Counter
    )  # copies that a recipient got -> how many such recipients
    longest_in_inbox_s: float = 0.0  # from being stored to being done
    silent_s: float = 0.0  # the longest time in which nobody sent anything, after the leader's end
    shares: tuple[int, ...] = ()  # updates that each process confirmed
    refusals: tuple[
        tuple[float, int], ...
    ] = ()  # how many, and in which second after the leader's end they began


@dataclass
class _Watch:
    """Notes when messages reach Telegram."""

    at: list[float] = field(default_factory=list)

    async def before(self, request: Request) -> None:
        pass

    async def after(self, request: Request, answer: Answer) -> None:
        if request.method == "sendMessage":
            self.at.append(time.monotonic())


async def run(course: Course, ending: Ending, url: str, folder: Path) -> Report:
    """Play it on this migrated, empty PostgreSQL database; the processes' logs go to `folder`."""
    database = Database(url)
    try:
        return await _play(course, ending, database, url, folder)
    finally:
        await database.close()


async def _play(course: Course, ending: Ending, database: Database, url: str, folder: Path) -> Report:
    simulator = Simulator(seed=1)
    control, watch = simulator.control, _Watch()
    bot = control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    control.set_webhook_waits(first=0.1, longest=1.0)
    people = [control.add_user(f"Penanya {number}")["id"] for number in range(course.people)]
    readers = [control.add_user(f"Peserta {number}")["id"] for number in range(course.recipients)]
    for each in (*people, *readers):
        control.send(each, each, "/start")
    simulator.hooks.append(watch)
    report = Report()
    async with front() as stands, serve(simulator) as server:
        stands.patience_s = course.patience_s
        # Everybody has met the bot; what it would have said to that is not what is looked at here.
        hook = {"url": f"{stands.url}/telegram", "drop_pending_updates": True}
        await simulator.handle(TOKEN, "setWebhook", hook, {})
        await simulator.handle(TOKEN, "deleteWebhook", {}, {})
        control.set_rates(per_second=course.rate)
        async with _process(course, stands, server.url, url, folder / "first.log") as first:
            await _holds_the_lease(database)
            async with _process(course, stands, server.url, url, folder / "second.log"):
                mailing_id = await _start_mailing(database, readers)
                asking = asyncio.create_task(_ask(course, simulator, people))
                await simulator.wait_for(
                    lambda: len(watch.at) > course.questions / 3, timeout=120, what="a third of the answers"
                )
                await _end(first, ending, course, database)
                since_s = course.frozen_s if ending is Ending.FROZEN else 0.0
                fell_at, fell = time.monotonic() - since_s, time.time() - since_s
                await asking
                report.asked = course.questions
                await _settled(database, mailing_id, course)
                await simulator.wait_for(lambda: control.pending() == 0, timeout=60)
        times = [fell_at, *(at for at in watch.at if at > fell_at)]
        report.silent_s = max((b - a for a, b in itertools.pairwise(times)), default=0.0)
        report.shares = tuple(len(stands.taken_by(number)) for number in (1, 2))
    await _read(report, database, mailing_id)
    _look(report, simulator, bot["id"], people, readers)
    seconds = control.traffic()["seconds"]
    report.refusals = tuple((second - fell, refused) for second, _, refused in seconds if refused)
    return report


async def _ask(course: Course, simulator: Simulator, people: list[int]) -> None:
    began = time.monotonic()
    for number in range(course.questions):
        person = people[number % len(people)]
        simulator.control.send(person, person, f"{QUESTION} {number:06}")
        await asyncio.sleep(max(0.0, began + (number + 1) / course.asked_per_second - time.monotonic()))


async def _end(
    process: asyncio.subprocess.Process, ending: Ending, course: Course, database: Database
) -> None:
    match ending:
        case Ending.KILLED:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        case Ending.FROZEN:
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(course.frozen_s)
            process.send_signal(signal.SIGCONT)


async def _holds_the_lease(database: Database) -> None:
    async with asyncio.timeout(60):
        while True:
            async with database.transaction() as tx:
                lease = (await tx.exec(select(Lease))).first()
            if lease is not None and lease.replica_id is not None:
                return
            await asyncio.sleep(0.05)


async def _start_mailing(database: Database, readers: list[int]) -> int:
    services = Services.over(SystemClock(), ())
    plan = Plan(Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": COPY})])
    async with database.transaction() as tx:
        mailing = await services.mailings.start(tx, plan, [Recipient(each) for each in readers])
    assert mailing.id is not None
    return mailing.id


async def _settled(database: Database, mailing_id: int, course: Course) -> None:
    """Wait until everything is done and sent, and the mailing is over."""
    patience_s = 60 + (course.questions + course.recipients) / course.rate * 3
    async with asyncio.timeout(patience_s):
        while True:
            async with database.transaction() as tx:
                mailing = await tx.get(Mailing, mailing_id)
                is_open = select(IncomingUpdate.id).where(IncomingUpdate.state == UpdateState.PENDING)
                questions = len((await tx.exec(select(Question.id))).all())
                left = [*(await tx.exec(is_open)), *(await tx.exec(select(OutgoingRequest.id)))]
            if not left and questions >= course.questions and mailing is not None and mailing.ended_at:
                return
            await asyncio.sleep(0.09)


async def _read(report: Report, database: Database, mailing_id: int) -> None:
    async with database.transaction() as tx:
        report.mailing = await Services.over(SystemClock(), ()).mailings.counts(tx, mailing_id)
        questions = (await tx.exec(select(Question).order_by(col(Question.id)))).all()
        updates = (await tx.exec(select(IncomingUpdate))).all()
    report.handled = len(questions)
    report.longest_in_inbox_s = max(
        (each.done_at - each.received_at).total_seconds() for each in updates if each.done_at is not None
    )
    report.updates_open = sum(update.state != UpdateState.DONE for update in updates)
    report.unanswered = sum(question.reply_message_id is None for question in questions)
    by_person: dict[int, list[Question]] = {}
    for question in questions:
        by_person.setdefault(question.chat_id, []).append(question)
    for own in by_person.values():
        texts, replies = [each.text or "" for each in own], [each.reply_message_id or 0 for each in own]
        report.questions_out_of_order += texts != sorted(set(texts))
        report.answers_out_of_order += replies != sorted(replies)


def _look(report: Report, simulator: Simulator, bot_id: int, people: list[int], readers: list[int]) -> None:
    def said(chat: int) -> list[dict[str, Any]]:
        return [m for m in simulator.control.messages(chat) if m["from"]["id"] == bot_id]

    traffic = simulator.control.traffic()
    report.refused, report.most_in_a_second = traffic["refused"], traffic["most"]
    report.copies = Counter(sum(m["text"] == COPY for m in said(chat)) for chat in readers)
    report.answered_twice = sum(len(said(chat)) for chat in people) - report.handled


@asynccontextmanager
async def _process(
    course: Course, stands: Front, api_url: str, database_url: str, log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    variables = {
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api_url,
        "DATABASE_URL": database_url,
        "WEBHOOK_URL": stands.url,
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PORT": str(port),
        "LEASE_SECONDS": str(course.lease_s),
        "MESSAGES_PER_SECOND": str(course.rate),
    }
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=log.parent, env=kept | variables, stdout=file, stderr=file
        )
    try:
        await _listens(process, port)
        stands.add(port)
        yield process
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), timeout=10) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _listens(process: asyncio.subprocess.Process, port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            assert process.returncode is None, "the process ended early"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
