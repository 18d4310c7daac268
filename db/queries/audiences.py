"""Who is meant by an audience. Each way to choose people is a row of `CONDITIONS`: a new subject adds its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, false, func, true
from sqlmodel import and_, col, not_, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import (
    Announcement,
    Answer,
    Attendance,
    CopSession,
    Delivery,
    DeliveryState,
    Person,
    Poll,
    PollParticipation,
    Rsvp,
)


@dataclass(frozen=True)
class Chosen:
    """People of a kind (`CONDITIONS`), which one of it, and in which provinces only (none: wherever they are)."""

    kind: str
    key: str
    within: Sequence[str] = ()


def _received(key: str) -> ColumnElement[bool]:
    """Who got this announcement, or may have got it."""
    return (
        select(Delivery.id)
        .join(Announcement, col(Announcement.mailing_id) == col(Delivery.mailing_id))
        .where(
            col(Announcement.id) == int(key),
            col(Delivery.person_id) == col(Person.id),
            col(Delivery.state).in_((DeliveryState.SENT, DeliveryState.UNCERTAIN)),
        )
        .exists()
    )


def _said(key: str, answers: Collection[Answer]) -> ColumnElement[bool]:
    """Who gave one of these answers to the invitation to this session, whether or not there is a seat."""
    return (
        select(Rsvp.id)
        .where(
            col(Rsvp.session_id) == int(key),
            col(Rsvp.person_id) == col(Person.id),
            col(Rsvp.answer).in_(answers),
        )
        .exists()
    )


def _attended(key: str) -> ColumnElement[bool]:
    """Who is on the attendance list of this session."""
    return (
        select(Attendance.id)
        .where(col(Attendance.session_id) == int(key), col(Attendance.person_id) == col(Person.id))
        .exists()
    )


def _asked_in_vain(key: str) -> ColumnElement[bool]:
    """Who was asked in the poll of this session and has answered nothing."""
    return (
        select(PollParticipation.id)
        .join(Poll, col(Poll.id) == col(PollParticipation.poll_id))
        .where(
            col(Poll.session_id) == int(key),
            col(PollParticipation.person_id) == col(Person.id),
            col(PollParticipation.has_answered).is_(False),
        )
        .exists()
    )


CONDITIONS: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    "everyone": lambda key: true(),
    "province": lambda key: col(Person.province_code) == key,
    "received": _received,
    "said_yes": lambda key: _said(key, (Answer.YES,)),
    "interested": lambda key: _said(key, (Answer.YES, Answer.MAYBE)),
    "attended": _attended,
    "no_feedback": _asked_in_vain,
}


@dataclass(frozen=True)
class Wanted:
    """People chosen by any of `include` and by none of `exclude`, in `provinces` only (None: wherever they are)."""

    include: Sequence[Chosen]
    exclude: Sequence[Chosen]
    provinces: Collection[str] | None = None


@dataclass(frozen=True)
class ZoneCount:
    """How many of them live by a clock (None: not known), and how many of those save data."""

    time_zone: str | None
    number: int
    savers: int


def _is(chosen: Chosen) -> ColumnElement[bool]:
    condition = CONDITIONS[chosen.kind](chosen.key)
    return and_(condition, col(Person.province_code).in_(chosen.within)) if chosen.within else condition


def _are(wanted: Wanted) -> ColumnElement[bool]:
    chosen = [_is(each) for each in wanted.include if each.kind in CONDITIONS]
    left_out = [_is(each) for each in wanted.exclude if each.kind in CONDITIONS]
    conditions: list[ColumnElement[bool]] = [
        col(Person.joined_at).is_not(None),
        col(Person.blocked_at).is_(None),
        col(Person.stopped_at).is_(None),
        col(Person.wants_announcements).is_(True),
        or_(false(), *chosen),
        # An unknown province is not in the excluded one.
        *(not_(func.coalesce(each, false())) for each in left_out),
    ]
    if wanted.provinces is not None:
        conditions.append(col(Person.province_code).in_(wanted.provinces))
    return and_(*conditions)


async def counts(tx: AsyncSession, wanted: Wanted) -> list[ZoneCount]:
    """How many people are meant and can be reached, by their clocks."""
    rows = await tx.exec(
        select(Person.time_zone, func.count(), func.sum(case((col(Person.is_low_data), 1), else_=0)))
        .where(_are(wanted))
        .group_by(col(Person.time_zone))
    )
    return [ZoneCount(zone, number, int(savers)) for zone, number, savers in rows.all()]


async def page(tx: AsyncSession, wanted: Wanted, after_id: int, limit: int) -> list[Person]:
    """The next of them behind the one with this id, by id."""
    rows = await tx.exec(
        select(Person).where(_are(wanted), col(Person.id) > after_id).order_by(col(Person.id)).limit(limit)
    )
    return list(rows.all())


async def titles(tx: AsyncSession, session_ids: Collection[int]) -> dict[int, str]:
    """What these sessions are called."""
    rows = await tx.exec(select(CopSession.id, CopSession.title).where(col(CopSession.id).in_(session_ids)))
    return {session_id: title for session_id, title in rows.all() if session_id is not None}
