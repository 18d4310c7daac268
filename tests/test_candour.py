"""Candour: from the database of a closed poll nobody can tell who answered what (docs/decisions/0019-candour.md)."""

import math
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import poll_notices
from bot.clock import ManualClock
from bot.services.all import Services
from bot.services.mailings import Result
from bot.services.poll_opening import Opened
from bot.services.poll_outcomes import Managed, PutChoices, Voted
from bot.services.poll_templates import Asked, QuestionKind
from bot.services.privacy import mask
from bot.services.requests import Sent
from db.database import Database
from db.models import (
    Attendance,
    CopSession,
    Person,
    Poll,
    PollCopy,
    PollParticipation,
    PollQuestion,
    PollVote,
    Presence,
)
from db.queries import polls as queries
from tests import attack
from tests.attack import Copy, Guess, Telegram
from tests.conftest import START

SEEDS = 200
BY_SERVICE = 5  # so many are voted in by the service; the others have the rows that it leaves
PROVINCES = ("31", "32", None)
# As people rate: mostly good, now and then not.
RATINGS = (0, 1, 2, 3, 4)
LIKELIHOOD = (0.05, 0.1, 0.2, 0.35, 0.3)


@dataclass(frozen=True)
class Ballot:
    """What somebody answers in the end."""

    person: Person
    option: int
    second: int
    words: str


@dataclass
class World:
    """Polls of many sessions, closed or open, and what was really answered: person -> option or words."""

    database: Database
    services: Services
    clock: ManualClock
    path: Path
    telegram: Telegram = field(default_factory=Telegram)
    truth: dict[int, dict[int, int]] = field(default_factory=dict)
    words: dict[int, dict[int, str]] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    arrived: dict[attack.Place, str] = field(default_factory=dict)  # the poll that came

    def copy(self, folder: Path) -> Copy:
        """The file and its write-ahead log, as somebody would take them along."""
        folder.mkdir()
        for path in self.path.parent.glob(f"{self.path.name}*"):
            shutil.copy(path, folder / path.name)
        return Copy(folder / self.path.name)

    async def people(self, number: int, seed: random.Random) -> list[Person]:
        found = [
            Person(
                telegram_id=1000 + each,
                province_code=seed.choice(PROVINCES),
                joined_at=self.clock.now(),
                created_at=self.clock.now(),
            )
            for each in range(number)
        ]
        async with self.database.transaction() as tx:
            tx.add_all(found)
        return found

    async def poll(self, people: list[Person], seed: random.Random, *, is_closed: bool = True) -> int:
        """One session whose poll these answer in some order; gives the poll's id."""
        now = self.clock.now()
        async with self.database.transaction() as tx:
            session = CopSession(
                title="Sesi",
                starts_at=now,
                ends_at=now,
                created_at=now,
                scheduled_at=now,
            )
            tx.add(session)
            await tx.flush()
            assert session.id is not None
            poll = Poll(session_id=session.id, link_code=f"link{session.id}", created_at=now)
            tx.add(poll)
            tx.add_all(
                Attendance(session_id=session.id, person_id=each.id, how=Presence.LIST, at=now)
                for each in people
            )
            await tx.flush()
            managed = Managed(session, poll)
            await self.services.polls.write(
                tx,
                managed.poll_id,
                (
                    Asked(QuestionKind.RATING, "Bagaimana?", ("1", "2", "3", "4", "5")),
                    Asked(QuestionKind.RATING, "Dan materinya?", ("1", "2", "3", "4", "5")),
                    Asked(QuestionKind.TEXT, "Saran?"),
                ),
            )
            opened = await self.services.poll_opening.open(tx, managed)
            assert isinstance(opened, Opened)
            await poll_notices.open_poll(tx, self.services, opened)
        await self._deliver(managed.poll_id, people, seed)
        await self._vote(managed, people, seed)
        if is_closed:
            async with self.database.transaction() as tx:
                await poll_notices.close(tx, self.services, managed)
        return managed.poll_id

    async def _deliver(self, poll_id: int, people: list[Person], seed: random.Random) -> None:
        """The mailer's work: each copy becomes a poll and a message of Telegram's."""
        by_chat = {each.telegram_id: each.id or 0 for each in people}
        async with self.database.transaction() as tx:
            claimed = await self.services.mailings.claim(tx, 1, 1000)
            results = []
            for each in claimed:
                sent = self._arrives((poll_id, 1, by_chat[each.calls[0].chat_id]), seed)
                results.append(Result(each, sent))
            await self.services.mailings.record(tx, 1, results)
            await self.services.mailings.finish(tx)

    def _arrives(self, place: attack.Place, seed: random.Random) -> Sent:
        poll_id, message_id = str(seed.getrandbits(62) | 1 << 61), 50_000_000 + len(self.telegram.messages)
        self.telegram.polls[poll_id] = self.telegram.messages[message_id] = place
        self.arrived[place] = poll_id
        return Sent((message_id,), poll_id)

    async def _vote(self, managed: Managed, people: list[Person], seed: random.Random) -> None:
        """Everybody votes twice and writes something, in some order: by the service, and as it leaves the rows."""
        poll_id, ballots = managed.poll_id, []
        for person in seed.sample(people, len(people)):
            assert person.id is not None
            option, second = seed.choices(RATINGS, LIKELIHOOD)[0], seed.choice(RATINGS)
            ballots.append(Ballot(person, option, second, "".join(seed.choices(ascii_lowercase, k=12))))
            self.telegram.votes[poll_id, 1, person.id] = option
            self.telegram.votes[poll_id, 2, person.id] = second
        self.truth[poll_id] = {each.person.id or 0: each.option for each in ballots}
        self.words[poll_id] = {each.person.id or 0: mask(each.words).text for each in ballots}
        async with self.database.transaction() as tx:
            questions = await queries.questions(tx, poll_id)
            await self._store(tx, poll_id, ballots)
            if poll_id <= BY_SERVICE:
                for ballot in ballots:
                    await self._cast(tx, questions, ballot, seed)
            else:
                await self._write(tx, questions, ballots, seed)
            sheets = await tx.exec(
                select(PollParticipation.sheet).where(PollParticipation.poll_id == poll_id)
            )
            self.sheets += [each for each in sheets.all() if each]

    async def _cast(
        self, tx: AsyncSession, questions: list[PollQuestion], ballot: Ballot, seed: random.Random
    ) -> None:
        voting, poll_id, person = self.services.poll_voting, questions[0].poll_id, ballot.person
        first = self.arrived[poll_id, 1, person.id or 0]
        changed = seed.choice(RATINGS)
        voted = await voting.vote(tx, person, first, [changed])
        assert isinstance(voted, Voted)
        assert isinstance(voted.step, PutChoices)
        sent = self._arrives((poll_id, 2, person.id or 0), seed)
        assert sent.poll_id is not None
        await voting.settle_copies(tx, [(voted.step.poll_copy_id, sent.poll_id, False)])
        await voting.vote(tx, person, sent.poll_id, [ballot.second])
        await voting.vote(tx, person, first, [ballot.option])
        await voting.say(tx, person, questions[2].id or 0, ballot.words)

    async def _write(
        self, tx: AsyncSession, questions: list[PollQuestion], ballots: list[Ballot], seed: random.Random
    ) -> None:
        poll_id = questions[0].poll_id
        rows = await tx.exec(select(PollParticipation).where(PollParticipation.poll_id == poll_id))
        theirs = {each.person_id: each for each in rows.all()}
        for ballot in ballots:
            mine = theirs[ballot.person.id]
            assert mine.sheet is not None
            assert mine.id is not None
            mine.has_answered, mine.waits_at = True, 4
            first, second, third = (each.id or 0 for each in questions)
            tx.add(PollVote(sheet=mine.sheet, question_id=first, options=[ballot.option]))
            tx.add(PollVote(sheet=mine.sheet, question_id=second, options=[ballot.second]))
            tx.add(PollVote(sheet=mine.sheet, question_id=third, words=mask(ballot.words).text))
            sent = self._arrives((poll_id, 2, ballot.person.id or 0), seed)
            tx.add(PollCopy(participation_id=mine.id, question_id=second, telegram_poll_id=sent.poll_id))
        await tx.flush()

    async def _store(self, tx: AsyncSession, poll_id: int, ballots: list[Ballot]) -> None:
        """The votes' own rows of the inbox, done as the intake leaves them; one was set aside."""
        inbox = self.services.inbox
        updates: list[dict[str, Any]] = []
        for number, ballot in enumerate(ballots, poll_id * 1000):
            telegram_poll_id = self.arrived[poll_id, 1, ballot.person.id or 0]
            user = {"id": ballot.person.telegram_id, "is_bot": False, "first_name": "P"}
            answer = {"poll_id": telegram_poll_id, "user": user, "option_ids": [ballot.option]}
            totals = {"id": telegram_poll_id, "is_anonymous": False, "options": []}
            updates += [
                {"update_id": 2 * number, "poll_answer": answer},
                {"update_id": 2 * number + 1, "poll": totals},
            ]
        await inbox.store(tx, 1, updates)
        known = await inbox.pending(tx, 1, [each["update_id"] for each in updates])
        assert all(number % 2 == 0 for number in known)  # what tells a private poll's totals is never stored
        failed, *done = [row for row in known.values() if row is not None]
        await inbox.finish(tx, done)
        await inbox.set_aside(tx, failed.id, None)


@pytest.fixture
async def world(sqlite_url: str, clock: ManualClock) -> AsyncIterator[World]:
    database = Database(sqlite_url)
    services = Services.over(clock)
    async with database.transaction() as tx:
        await services.mailings.take_over(tx, 1)
    yield World(database, services, clock, Path(database.url.database or ""))
    await database.close()


def right(guess: Guess, truth: dict[int, int] | dict[int, str]) -> int:
    return sum(guess.get(person) == answer for person, answer in truth.items())


async def closed(world: World, number: int) -> None:
    """So many polls, one after the other, of the same few people from two provinces and some from nowhere."""
    seed = random.Random(6)
    people = await world.people(14, seed)
    for _ in range(number):
        world.clock.advance(timedelta(hours=1))
        await world.poll(seed.sample(people, seed.randint(8, 14)), seed)


async def test_no_attack_on_closed_polls_does_better_than_naming_the_commonest_answer(
    world: World, tmp_path: Path
) -> None:
    await closed(world, SEEDS)

    copy = world.copy(tmp_path / "copy")

    asked = sum(len(each) for each in world.truth.values())
    usual = sum(right(attack.commonest(copy, poll, 1), truth) for poll, truth in world.truth.items())
    hits: Counter[str] = Counter()
    guessed: Counter[str] = Counter()
    for poll, truth in world.truth.items():
        guesses = attack.guesses(copy, poll, 1) | {"averages": attack.by_means(copy, poll, 1)}
        for name, guess in guesses.items():
            hits[name] += right(guess, truth)
            guessed[name] += len(guess)
    assert len(world.truth) == SEEDS
    assert guessed["poll_participations by id, as it lies"] == asked  # the orders were really tried
    assert copy.tables["poll_group_means"]
    assert copy.ids(world.telegram) == {}
    share = usual / asked
    most = share + 3 * math.sqrt(share * (1 - share) / asked)
    assert {name: number / asked for name, number in hits.items() if number / asked > most} == {}


async def test_nobodys_words_are_found_more_often_than_by_chance(world: World, tmp_path: Path) -> None:
    await closed(world, 40)

    copy = world.copy(tmp_path / "copy")

    asked = sum(len(each) for each in world.words.values())
    hits: Counter[str] = Counter()
    for poll, words in world.words.items():
        for name, guess in attack.guesses(copy, poll, 3).items():
            hits[name] += right(guess, words)
    by_chance = len(world.words) / asked  # once a poll
    most = by_chance + 4 * math.sqrt(by_chance * (1 - by_chance) / asked)  # for a hundred ways of attack
    assert len(hits) > 50
    assert {name: number / asked for name, number in hits.items() if number / asked > most} == {}


async def test_the_same_attack_reads_every_vote_of_a_poll_that_is_open(world: World, tmp_path: Path) -> None:
    seed = random.Random(1)
    people = await world.people(9, seed)
    poll = await world.poll(people, seed, is_closed=False)

    copy = world.copy(tmp_path / "copy")

    assert attack.guesses(copy, poll, 1)["joins"] == world.truth[poll]
    assert {place: option for place, option in copy.ids(world.telegram).items() if place[1] == 1} == {
        (poll, 1, person): option for person, option in world.truth[poll].items()
    }


async def test_after_the_closing_no_byte_of_the_file_or_its_log_leads_to_a_vote(world: World) -> None:
    await closed(world, 3)

    scrubbing = world.services.poll_closing.scrubbing(on_sqlite=True)
    assert await world.database.overwrite(scrubbing)

    held = b"".join(path.read_bytes() for path in world.path.parent.glob(f"{world.path.name}*"))
    known = [*world.sheets, *world.telegram.polls, *map(str, world.telegram.messages)]
    assert len(world.sheets) >= 24
    assert [each for each in known if each.encode() in held] == []


async def test_what_fewer_than_five_answered_is_not_kept_at_all(world: World, tmp_path: Path) -> None:
    seed = random.Random(2)
    people = await world.people(4, seed)
    poll = await world.poll(people, seed)

    copy = world.copy(tmp_path / "copy")

    assert len(copy.asked(poll)) == 4
    assert [row["answered"] for row in copy.tables["poll_questions"]] == [4, 4, 4]
    for table in ("poll_tallies", "poll_comments", "poll_group_means", "poll_votes", "poll_copies"):
        assert copy.tables[table] == []


async def test_the_rows_of_votes_leave_the_inbox_with_the_closing(world: World, tmp_path: Path) -> None:
    await closed(world, 2)

    copy = world.copy(tmp_path / "copy")

    assert copy.tables["incoming_updates"] == []
    assert {row["updated_at"] for row in copy.tables["deliveries"]} == {
        row["closed_at"] for row in copy.tables["polls"]
    }


async def test_what_deleted_rows_left_is_overwritten_on_both_databases(database: Database) -> None:
    services = Services.over(ManualClock(START))

    scrubbing = services.poll_closing.scrubbing(on_sqlite=database.is_sqlite)

    assert await database.overwrite(scrubbing)
    async with database.transaction() as tx:  # the connection is as it was
        assert (await tx.exec(select(PollParticipation))).all() == []
