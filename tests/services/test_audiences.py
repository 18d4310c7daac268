"""Who is meant by an audience: choices, exclusions, the reach of a role."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import ManualClock
from bot.services.all import Services
from bot.services.audiences import (
    ATTENDED,
    EVERYONE,
    INTERESTED,
    NO_FEEDBACK,
    PROVINCE,
    RECEIVED,
    SAID_YES,
    Audience,
    Chosen,
    Reached,
    audience_of,
    of_session,
    usual,
)
from bot.services.roles import Reach
from db.database import Database
from db.models import Answer, Attendance, CopSession, Person, Poll, PollParticipation, Presence, Rsvp

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # 09.00 in Jakarta, 11.00 in Jayapura
NIGHT = NOW.replace(hour=12, minute=30)  # 19.30 in Jakarta, 20.30 in Makassar
ALL = Audience((Chosen(EVERYONE),))
NATIONAL, JABAR = Reach(is_national=True), Reach(is_national=False, provinces=frozenset({"32"}))


def _person(number: int, province: str | None, zone: str | None = "Asia/Jakarta", **more: Any) -> Person:
    values: dict[str, Any] = {"joined_at": NOW, "created_at": NOW} | more
    return Person(telegram_id=number, province_code=province, time_zone=zone, **values)


async def _people(tx: AsyncSession) -> None:
    tx.add_all(
        [
            _person(1, "32"),
            _person(2, "33"),
            _person(3, "51", "Asia/Makassar"),
            _person(4, None, None),
            _person(5, "32", joined_at=None),
            _person(6, "32", blocked_at=NOW),
            _person(7, "32", stopped_at=NOW),
            _person(8, "32", wants_announcements=False),
        ]
    )
    await tx.flush()


async def _participants(tx: AsyncSession) -> None:
    """Session 1: the first two said yes (one waits for a seat), the third perhaps; the fourth was there."""
    at: dict[str, Any] = {"starts_at": NOW, "ends_at": NOW, "created_at": NOW, "scheduled_at": NOW}
    tx.add(CopSession(id=1, title="Klaim JKP", **at))
    await tx.flush()
    rows = await tx.exec(select(Person).order_by(col(Person.telegram_id)))
    first, second, third, fourth = [person.id or 0 for person in rows.all()][:4]
    for person_id, answer in ((first, Answer.YES), (second, Answer.YES), (third, Answer.MAYBE)):
        waits = NOW if person_id == second else None
        tx.add(Rsvp(session_id=1, person_id=person_id, answer=answer, answered_at=NOW, waiting_since=waits))
    tx.add(Rsvp(session_id=1, person_id=fourth, answer=Answer.NO, answered_at=NOW))
    tx.add(Poll(id=1, session_id=1, link_code="x", created_at=NOW))
    await tx.flush()
    for person_id, has_answered in ((first, True), (second, False), (third, False)):
        tx.add(PollParticipation(poll_id=1, person_id=person_id, has_answered=has_answered))
    tx.add(Attendance(session_id=1, person_id=fourth, how=Presence.LIST, at=NOW))
    tx.add(Attendance(session_id=1, person_id=None, how=Presence.LIST, at=NOW))
    await tx.flush()


async def _found(
    database: Database,
    audience: Audience,
    reach: Reach = NATIONAL,
    at: datetime = NOW,
    *,
    is_urgent: bool = False,
) -> tuple[list[int], Reached]:
    services = Services.over(ManualClock(NOW))
    async with database.transaction() as tx:
        await _people(tx)
        await _participants(tx)
        audiences = services.announcements.audiences
        recipients = audiences.recipients(tx, audience, reach, at, is_urgent=is_urgent)
        found = [recipient.chat_id async for recipient in recipients]
        return found, await audiences.reached(tx, audience, reach, at, is_urgent=is_urgent)


async def test_everyone_is_who_can_be_reached_and_wants_it(database: Database) -> None:
    found, reached = await _found(database, ALL)

    assert found == [1, 2, 3, 4]
    assert reached.people == 4


async def test_provinces_are_added_up_and_exclusions_taken_off(database: Database) -> None:
    audience = Audience(
        (Chosen(PROVINCE, "32"), Chosen(PROVINCE, "33"), Chosen(PROVINCE, "51")), (Chosen(PROVINCE, "33"),)
    )

    assert (await _found(database, audience))[0] == [1, 3]


async def test_who_named_no_province_is_not_in_an_excluded_one(database: Database) -> None:
    audience = Audience((Chosen(EVERYONE),), (Chosen(PROVINCE, "32"),))

    assert (await _found(database, audience))[0] == [2, 3, 4]


async def test_a_role_reaches_no_further_than_its_provinces(database: Database) -> None:
    assert (await _found(database, ALL, JABAR))[0] == [1]


async def test_nobody_is_meant_by_no_choice_or_by_a_kind_that_there_is_not(database: Database) -> None:
    assert (await _found(database, Audience((Chosen("unheard_of", "1"),))))[0] == []


async def test_who_received_nothing_is_not_excluded(database: Database) -> None:
    audience = Audience((Chosen(EVERYONE),), (Chosen(RECEIVED, "1"),))

    assert (await _found(database, audience))[0] == [1, 2, 3, 4]


async def test_those_in_their_quiet_hours_are_counted_apart(database: Database) -> None:
    _, reached = await _found(database, ALL, at=NIGHT)

    assert (reached.people, reached.later) == (4, 1)


async def test_what_is_urgent_waits_for_nobody(database: Database) -> None:
    _, reached = await _found(database, ALL, at=NIGHT + timedelta(hours=3), is_urgent=True)

    assert (reached.people, reached.later) == (4, 0)


@pytest.mark.parametrize(
    ("kind", "people"), [(SAID_YES, [1, 2]), (INTERESTED, [1, 2, 3]), (ATTENDED, [4]), (NO_FEEDBACK, [2, 3])]
)
async def test_those_of_a_session_by_what_they_said_or_did(
    database: Database, kind: str, people: list[int]
) -> None:
    found, reached = await _found(database, Audience((Chosen(kind, "1"),)))

    assert found == people
    assert reached.sessions == {1: "Klaim JKP"}


async def test_those_of_a_session_are_left_out(database: Database) -> None:
    audience = Audience((Chosen(EVERYONE),), (Chosen(INTERESTED, "1"),))

    assert (await _found(database, audience))[0] == [4]


async def test_those_of_a_session_within_the_provinces_of_whoever_chose_them(database: Database) -> None:
    chosen = of_session(SAID_YES, 1, JABAR)

    assert (await _found(database, Audience((chosen,))))[0] == [1]
    assert Audience((chosen,)).needed() == ["32"]
    assert Audience((of_session(SAID_YES, 1, NATIONAL),)).needed() == [None]


def test_of_one_session_one_choice_holds_and_what_one_began_with_gives_way() -> None:
    yes, interested = Chosen(SAID_YES, "1"), Chosen(INTERESTED, "1", ("32",))
    jabar = Chosen(PROVINCE, "32")

    narrow = ALL.with_session(yes, ALL, is_chosen=True)

    assert narrow.include == (yes,)
    assert narrow.with_session(interested, ALL, is_chosen=True).include == (interested,)
    assert narrow.with_session(yes, ALL, is_chosen=False) == ALL
    assert narrow.with_choice(jabar, is_chosen=True).include == (yes, jabar)
    assert narrow.with_exclusion(yes, is_chosen=True).with_exclusion(interested, is_chosen=True).exclude == (
        interested,
    )


def test_everyone_and_provinces_take_each_others_place() -> None:
    jabar = Chosen(PROVINCE, "32")

    assert ALL.with_choice(jabar, is_chosen=True).include == (jabar,)
    assert Audience((jabar,)).with_choice(Chosen(EVERYONE), is_chosen=True) == ALL
    assert Audience((jabar,)).with_choice(jabar, is_chosen=True).include == (jabar,)
    assert Audience((jabar,)).with_choice(jabar, is_chosen=False).include == ()


@pytest.mark.parametrize(
    ("audience", "needed"),
    [
        (ALL, [None]),
        (Audience((Chosen(PROVINCE, "32"), Chosen(PROVINCE, "33"))), ["32", "33"]),
        (Audience((Chosen(RECEIVED, "1"),)), [None]),
        (Audience((), (Chosen(PROVINCE, "51"),)), []),
    ],
    ids=["everyone", "provinces", "another kind", "exclusions need none"],
)
def test_what_a_role_has_to_cover(audience: Audience, needed: list[str | None]) -> None:
    assert audience.needed() == needed


def test_stored_and_read_again_it_is_the_same() -> None:
    audience = Audience((Chosen(SAID_YES, "1", ("32", "33")),), (Chosen(PROVINCE, "32"),), (7,))

    assert audience_of(audience.stored()) == audience


def test_an_organiser_begins_with_everybody_whom_the_role_covers() -> None:
    assert usual(NATIONAL) == ALL
    assert usual(JABAR) == Audience((Chosen(PROVINCE, "32"),))
