"""What stays of sessions, and for how long; and that two people get no one seat."""

import asyncio
from datetime import timedelta

from sqlmodel import select

from bot.clock import ManualClock
from bot.services.all import Services
from bot.services.attendance import Presence
from bot.services.cop_sessions import CopSession, Details, place_and_link
from bot.services.people import Person
from bot.services.rsvps import Answer, Answered
from db.database import Database
from db.models import Attendance, CheckinAttempt, Rsvp, SessionReminder
from tests.conftest import START

OWNER = 77


async def _people(database: Database, services: Services, *telegram_ids: int) -> list[Person]:
    async with database.transaction() as tx:
        return [await services.people.meet(tx, each, in_private=True) for each in telegram_ids]


async def _planned(database: Database, services: Services, owner: Person, capacity: int | None) -> int:
    details = Details(
        "Sesi", START + timedelta(days=1), START + timedelta(days=1, hours=2), capacity=capacity
    )
    async with database.transaction() as tx:
        session = await services.cop_sessions.plan(tx, owner, details)
        assert isinstance(session, CopSession)
        assert session.id is not None
        return session.id


async def test_many_who_answer_at_once_get_no_more_seats_than_there_are(
    database: Database, clock: ManualClock
) -> None:
    services = Services.over(clock, (OWNER,))
    owner, *people = await _people(database, services, OWNER, *range(100, 112))
    session_id = await _planned(database, services, owner, capacity=5)

    async def answers(person: Person) -> bool:
        async with database.transaction() as tx:
            said = await services.rsvps.answer(tx, person, session_id, Answer.YES)
            assert isinstance(said, Answered)
            return said.rsvp.waiting_since is None

    seated = await asyncio.gather(*(answers(person) for person in people))

    assert sum(seated) == 5


async def test_saying_it_again_keeps_the_place_in_the_line(database: Database, clock: ManualClock) -> None:
    services = Services.over(clock, (OWNER,))
    owner, first, second, third = await _people(database, services, OWNER, 1, 2, 3)
    session_id = await _planned(database, services, owner, capacity=1)
    async with database.transaction() as tx:
        for person in (first, second, third):
            await services.rsvps.answer(tx, person, session_id, Answer.YES)
            clock.advance(timedelta(minutes=1))
        await services.rsvps.answer(tx, second, session_id, Answer.YES)

        said = await services.rsvps.answer(tx, first, session_id, Answer.MAYBE)

    assert isinstance(said, Answered)
    assert [person.id for person in said.moved_up] == [second.id]


async def test_answers_go_after_two_years_and_attendance_stays(
    database: Database, clock: ManualClock
) -> None:
    services = Services.over(clock, (OWNER,))
    (owner,) = await _people(database, services, OWNER)
    session_id = await _planned(database, services, owner, capacity=None)
    async with database.transaction() as tx:
        await services.rsvps.answer(tx, owner, session_id, Answer.YES)
        await services.attendances.with_code(tx, owner, session_id)
        clock.advance(timedelta(days=1))
        await services.attendances.check_in(tx, owner, session_id, "AAAA", Presence.CODE)
        await services.attendances.correct(tx, owner, session_id, owner.id or 0, is_present=True)
        await services.reminders.begin_due(tx)
    left = []

    for days in (0, 100, 731):
        clock.advance(timedelta(days=days))
        async with database.transaction() as tx:
            await services.cop_sessions.forget(tx)
            left.append(
                [
                    len((await tx.exec(select(table))).all())
                    for table in (CheckinAttempt, SessionReminder, Rsvp, Attendance)
                ]
            )

    assert left == [[1, 2, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1]]


def test_a_link_is_told_from_a_place() -> None:
    assert place_and_link("Zoom https://zoom.example/j/1") == ("Zoom", "https://zoom.example/j/1")
    assert place_and_link("https://zoom.example/j/1?pwd=a") == (None, "https://zoom.example/j/1?pwd=a")
    assert place_and_link("Aula (https://a.example/x), lantai 2") == ("Aula, lantai 2", "https://a.example/x")
    assert place_and_link("Aula Disnaker") == ("Aula Disnaker", None)
    assert place_and_link(None) == (None, None)
