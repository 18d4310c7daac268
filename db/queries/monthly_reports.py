"""Numbers of a month, for the monthly report. Nothing here gives a person's name or id."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, distinct, func
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import (
    Attendance,
    Consent,
    CopSession,
    Delivery,
    DeliveryState,
    Ending,
    Person,
    Poll,
    PollState,
    Question,
    Rating,
    Rsvp,
    SessionState,
    Verdict,
)


@dataclass(frozen=True)
class Members:
    """Members of a province (None: unknown) at the end of the month, and how many of them joined in it."""

    province_code: str | None
    members: int
    new: int
    blocked: int
    stopped: int


@dataclass(frozen=True)
class Span:
    """From `start` to before `end`, both UTC."""

    start: datetime
    end: datetime

    def holds(self, moment: ColumnElement[datetime] | datetime | None) -> ColumnElement[bool]:
        """The condition that a column lies within."""
        column = col(moment)
        return and_(column >= self.start, column < self.end)


async def first_person_at(tx: AsyncSession) -> datetime | None:
    """When the bot met the first of those whom it still knows."""
    first = (await tx.exec(select(func.min(Person.id)))).one()
    person = await tx.get(Person, first) if first is not None else None
    return None if person is None else person.created_at


async def members(tx: AsyncSession, span: Span) -> list[Members]:
    """Who had joined by the end of the month, by province."""
    joined = await tx.exec(
        select(Person.province_code, func.count(), func.count().filter(span.holds(Person.joined_at)))
        .where(col(Person.joined_at) < span.end)
        .group_by(col(Person.province_code))
    )
    out_of_reach = await tx.exec(
        select(
            Person.province_code,
            func.count().filter(col(Person.blocked_at) < span.end),
            func.count().filter(col(Person.stopped_at) < span.end),
        )
        .where(col(Person.joined_at) < span.end)
        .group_by(col(Person.province_code))
    )
    gone = {code: (blocked, stopped) for code, blocked, stopped in out_of_reach.all()}
    return [Members(code, number, new, *gone[code]) for code, number, new in joined.all()]


async def reached(tx: AsyncSession, span: Span) -> dict[str | None, int]:
    """How many people something arrived at that was sent to many, by province."""
    rows = await tx.exec(
        select(Person.province_code, func.count(distinct(col(Delivery.person_id))))
        .join(Person, col(Person.id) == col(Delivery.person_id))
        .where(Delivery.state == DeliveryState.SENT, span.holds(Delivery.updated_at))
        .group_by(col(Person.province_code))
    )
    return dict(rows.all())


async def sessions(tx: AsyncSession, span: Span) -> list[CopSession]:
    """Sessions that ended in the month, the first one first; cancelled ones count by when they would have ended."""
    rows = await tx.exec(
        select(CopSession)
        .where(span.holds(CopSession.ends_at))
        .order_by(col(CopSession.starts_at), col(CopSession.id))
    )
    return list(rows.all())


async def answers(tx: AsyncSession, session_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """How many said what to which session."""
    rows = await tx.exec(
        select(Rsvp.session_id, Rsvp.answer, func.count())
        .where(col(Rsvp.session_id).in_(session_ids))
        .group_by(col(Rsvp.session_id), col(Rsvp.answer))
    )
    return {(session_id, answer): number for session_id, answer, number in rows.all()}


async def attendances(tx: AsyncSession, session_ids: Collection[int]) -> dict[int, int]:
    """How many were at which session; those whose data was erased count."""
    rows = await tx.exec(
        select(Attendance.session_id, func.count())
        .where(col(Attendance.session_id).in_(session_ids))
        .group_by(col(Attendance.session_id))
    )
    return dict(rows.all())


async def attended(tx: AsyncSession, session_ids: Collection[int]) -> dict[str | None, int]:
    """How many different people were at any of these sessions, by province."""
    rows = await tx.exec(
        select(Person.province_code, func.count(distinct(col(Attendance.person_id))))
        .join(Person, col(Person.id) == col(Attendance.person_id))
        .where(col(Attendance.session_id).in_(session_ids))
        .group_by(col(Person.province_code))
    )
    return dict(rows.all())


async def closed_polls(tx: AsyncSession, span: Span) -> list[tuple[Poll, CopSession]]:
    """Polls that closed in the month, with their sessions, the first session first."""
    rows = await tx.exec(
        select(Poll, CopSession)
        .join(CopSession, col(CopSession.id) == col(Poll.session_id))
        .where(
            Poll.state == PollState.CLOSED,
            span.holds(Poll.closed_at),
            CopSession.state == SessionState.PLANNED,
        )
        .order_by(col(CopSession.starts_at), col(CopSession.id))
    )
    return list(rows.all())


async def endings(tx: AsyncSession, span: Span) -> dict[str, int]:
    """How many questions ended how."""
    rows = await tx.exec(
        select(Question.ending, func.count())
        .where(span.holds(Question.asked_at))
        .group_by(col(Question.ending))
    )
    return dict(rows.all())


async def askers(tx: AsyncSession, span: Span) -> int:
    """How many different people asked something."""
    rows = await tx.exec(
        select(func.count(distinct(col(Question.person_id)))).where(
            span.holds(Question.asked_at), Question.ending != Ending.SMALL_TALK
        )
    )
    return rows.one()


async def entries(tx: AsyncSession, span: Span) -> dict[str, int]:
    """How often each entry was the answer."""
    rows = await tx.exec(
        select(Question.entry_id, func.count())
        .where(
            span.holds(Question.asked_at),
            Question.ending == Ending.ANSWERED,
            col(Question.entry_id).is_not(None),
        )
        .group_by(col(Question.entry_id))
    )
    return {entry_id: number for entry_id, number in rows.all() if entry_id is not None}


async def forwarded(tx: AsyncSession, span: Span) -> list[str]:
    """What could not be answered and was passed on to the experts with the asker's consent; masked when it came."""
    rows = await tx.exec(
        select(Question.text)
        .where(
            span.holds(Question.asked_at),
            Question.ending == Ending.UNKNOWN,
            col(Question.consent).in_((Consent.NAMED, Consent.UNNAMED)),
            Question.text != "",
        )
        .order_by(col(Question.asked_at), col(Question.id))
    )
    return list(rows.all())


async def verdicts(tx: AsyncSession, span: Span) -> dict[tuple[Verdict, str | None], int]:
    """How often a card helped or not, and for which reason."""
    rows = await tx.exec(
        select(Rating.verdict, Rating.reason, func.count())
        .where(span.holds(Rating.rated_at))
        .group_by(col(Rating.verdict), col(Rating.reason))
    )
    return {(Verdict(verdict), reason): number for verdict, reason, number in rows.all()}
