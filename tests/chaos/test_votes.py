"""1,700 people answer after a session, and the process is killed meanwhile, or away for twenty minutes: every vote
counts once, and the report is what the simulator holds."""

import asyncio
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.clock import SystemClock
from bot.services.all import Services
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import PollResult
from bot.services.provinces import PROVINCES
from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from db.database import Database
from db.models import Attendance, CopSession, Person, Poll, PollState, Presence, Pulse
from tests.chaos.books import Books
from tests.chaos.organiser import Organiser
from tests.chaos.program import Program, by_webhook
from tests.chaos.stage import TOKEN, Scale
from tests.chaos.storm import IS_DEAD_WITHIN_S, Plug
from tests.chaos.voters import Voters

SEED = int(os.environ.get("CHAOS_SEED", "20261124"))
KILLS = 6
LAST_MOMENT = 150  # requests after a start
# Above Telegram's limits: the mailing takes seconds, and it is the votes that are looked at.
SCALE = Scale(per_second=250, private_per_second=20, lease_s=2.0)
VOTES_PER_SECOND = 120
AWAY = timedelta(minutes=20)
# A start gives up when its first requests fail, for whoever supervises it to try again; here it is the work that fails.
WORK = [
    "getUpdates",
    "sendPoll",
    "sendMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
]
RESETS = [
    {"fault": fault, "probability": 0.025, "methods": WORK} for fault in ("reset_before", "reset_after")
]
WAYS = [
    pytest.param("sqlite", False, id="sqlite-polling"),
    pytest.param("postgres", True, id="postgres-webhook"),
]
TITLE = "Klaim JKP"


@dataclass
class Feedback:
    """A poll on its way: those who vote, the organiser, the program and its database."""

    simulator: Simulator
    voters: Voters
    owner: Organiser
    program: Program
    url: str

    async def opens(self, template: str) -> None:
        """The organiser takes the template and asks those who were there, now."""
        self.owner.says("/kelola")
        await self.owner.taps("Sesi")
        await self.owner.taps(f"1. {TITLE}")
        await self.owner.taps("Umpan balik")
        await self.owner.taps(template)
        await self.owner.taps("Buka sekarang")
        await self.owner.taps("Ya, buka sekarang")

    async def settled(self, within_s: float = 120.0) -> None:
        """Wait until everybody has voted who was asked, and everything that came of it is done."""
        await self.simulator.wait_for(
            lambda: self.voters.is_idle and self.simulator.control.pending() == 0,
            timeout=within_s,
            what="the votes to be fetched",
        )
        await Books(self.url).settled(within_s)
        await self.simulator.wait_for(lambda: self.voters.is_idle, timeout=within_s, what="the last votes")

    async def closes(self) -> PollResult:
        """The organiser closes it; gives the report."""
        await self.owner.taps("Muat ulang")
        await self.owner.taps("Tutup sekarang")
        await self.owner.taps("Ya, tutup sekarang")
        await self.owner.reads("Sudah ditutup.")
        database, services = Database(self.url), Services.over(SystemClock())
        async with database.transaction() as tx:
            poll = (await tx.exec(select(Poll))).one()
            session = (await tx.exec(select(CopSession))).one()
            result = await services.poll_results.of(tx, Managed(session, poll))
        await database.close()
        return result

    async def ages(self, by: timedelta) -> None:
        """Let this much time pass for everything that is written down, while the program is away."""
        self.simulator.control.move_clock(by.total_seconds())
        database = Database(self.url)
        async with database.transaction() as tx:
            poll = (await tx.exec(select(Poll))).one()
            assert poll.opened_at is not None
            assert poll.closes_at is not None
            poll.opened_at, poll.closes_at = poll.opened_at - by, poll.closes_at - by
            for pulse in (await tx.exec(select(Pulse))).all():
                pulse.at -= by
        await database.close()


@asynccontextmanager
async def feedback(url: str, folder: Path, *, webhook: bool) -> AsyncIterator[Feedback]:
    """A session at which 1,700 people were; the program is not started. It is ended with the block."""
    simulator, rng = Simulator(seed=SEED), random.Random(SEED)
    control = simulator.control
    control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    control.set_webhook_waits(first=0.05, longest=0.3)
    control.keep_requests(False)
    control.set_rates(
        per_second=SCALE.per_second, private_messages=3 * SCALE.private_per_second, private_seconds=3.0
    )
    owner = Organiser(simulator, control.add_user("Rina", language_code="id")["id"])
    control.send(owner.user_id, owner.user_id, "/start")
    for bot in simulator.world.bots.values():
        bot.updates.clear()
    voters = Voters(simulator, rng, VOTES_PER_SECOND)
    voters.gather(SCALE.people)
    await _attend(url, owner.user_id, voters.people)
    async with serve(simulator) as server:
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": server.url, "DATABASE_URL": url}
        settings |= {"OWNER_IDS": str(owner.user_id)}
        settings |= SCALE.settings() | (by_webhook() if webhook else {})
        program = Program(simulator, folder, settings)
        simulator.hooks.append(voters)
        living = asyncio.create_task(voters.live())
        try:
            yield Feedback(simulator, voters, owner, program, url)
        except BaseException as error:
            error.add_note(f"The program's last words:\n{program.last_words()}")
            raise
        finally:
            living.cancel()
            program.kill()
            if program.process is not None:
                await program.ended(20)


async def _attend(url: str, owner_id: int, attendees: list[int]) -> None:
    """The owner and those who were there, of all provinces, and the session, which is about to end."""
    database, now = Database(url), SystemClock().now()
    await database.migrate()
    provinces = itertools.cycle(PROVINCES)
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=owner_id, full_name="Rina", joined_at=now, created_at=now))
        session = CopSession(
            title=TITLE,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            created_at=now,
            scheduled_at=now,
        )
        people = [
            Person(telegram_id=each, joined_at=now, created_at=now, province_code=next(provinces))
            for each in attendees
        ]
        tx.add_all([session, *people])
        await tx.flush()
        assert session.id is not None
        tx.add_all(
            Attendance(session_id=session.id, person_id=person.id, how=Presence.LINK, at=now)
            for person in people
        )
    await database.close()


def check(report: PollResult, voters: Voters) -> None:
    """Every number of the report is what people hold."""
    assert voters.unclear == 0
    *choices, words = report.questions
    for question in choices:
        counted = {number: option.number for number, option in enumerate(question.options)}
        held = voters.counts(question.text)
        assert counted == {number: held[number] for number in counted}
        assert question.answered == held.total()
    assert sorted(report.comments) == sorted(voters.words)
    assert words.answered == len(voters.words)
    assert (report.state, report.asked, report.attended) == (PollState.CLOSED, SCALE.people, SCALE.people)


@pytest.mark.parametrize(("kind", "webhook"), WAYS)
async def test_every_vote_counts_once_however_often_the_process_is_killed(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, *, webhook: bool
) -> None:
    print(f"CHAOS_SEED={SEED}")  # noqa: T201  # pytest shows it when the test fails
    rng = random.Random(SEED)
    async with feedback(request.getfixturevalue(f"{kind}_url"), tmp_path, webhook=webhook) as run:
        voters, program, simulator = run.voters, run.program, run.simulator
        await program.start()
        await run.opens("Umpan balik sesi")
        simulator.control.set_faults(RESETS, seed=SEED)
        plug = Plug(program)
        simulator.hooks.append(plug)
        for _ in range(KILLS):
            # Each of them makes the program put the next question: there are requests enough to be killed at.
            voters.release(SCALE.people // (KILLS + 1))
            plug.arm(rng.randint(1, LAST_MOMENT), is_after=rng.random() < 0.5)
            assert await program.ended(IS_DEAD_WITHIN_S) == -signal.SIGKILL
            await program.start()
        voters.release(SCALE.people)
        await run.settled()
        simulator.control.set_faults([])
        report = await run.closes()
        assert await program.stop() == 0

    check(report, voters)
    first = report.questions[0].text
    reached = {person for person, question in voters.copies if question == first}
    assert SCALE.people - len(reached) <= KILLS * SCALE.may_be_uncertain
    assert max(number for (_, question), number in voters.copies.items() if question == first) == 1
    assert voters.votes > len(reached)


@pytest.mark.parametrize(("kind", "webhook"), WAYS)
async def test_votes_of_twenty_minutes_in_which_the_process_is_away_are_counted_afterwards(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, *, webhook: bool
) -> None:
    async with feedback(request.getfixturevalue(f"{kind}_url"), tmp_path, webhook=webhook) as run:
        voters, program = run.voters, run.program
        await program.start()
        await run.opens("Satu nilai dan komentar")
        await run.simulator.wait_for(
            lambda: len(voters.copies) == SCALE.people, timeout=60, what="everybody to be asked"
        )
        await run.settled()
        assert await program.stop() == 0

        voters.release(SCALE.people)
        await run.simulator.wait_for(lambda: voters.is_idle, timeout=60, what="everybody to have voted")
        waiting, votes = run.simulator.control.pending(), voters.votes
        await run.ages(AWAY)
        await program.start()
        await run.settled()
        report = await run.closes()
        assert await program.stop() == 0

    check(report, voters)
    assert votes >= SCALE.people
    assert waiting >= 2 * votes - 1  # two updates a vote
