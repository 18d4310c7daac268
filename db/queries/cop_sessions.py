"""Sessions, answers to their invitations, and the reminders that were begun."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Answer, CheckinAttempt, CopSession, Person, Rsvp, SessionReminder, SessionState


async def ending_after(tx: AsyncSession, moment: datetime) -> list[CopSession]:
    """Sessions that end later than that, cancelled ones as well, the next one first."""
    rows = await tx.exec(
        select(CopSession)
        .where(CopSession.ends_at > moment)
        .order_by(col(CopSession.starts_at), col(CopSession.id))
    )
    return list(rows.all())


async def ended_by(tx: AsyncSession, moment: datetime, limit: int) -> list[CopSession]:
    """Sessions that took place and have ended, the latest first."""
    rows = await tx.exec(
        select(CopSession)
        .where(CopSession.ends_at <= moment, CopSession.state == SessionState.PLANNED)
        .order_by(col(CopSession.starts_at).desc(), col(CopSession.id).desc())
        .limit(limit)
    )
    return list(rows.all())


async def locked(tx: AsyncSession, session_id: int) -> CopSession | None:
    """The session of this id, kept from other transactions until the end of this one."""
    rows = await tx.exec(
        select(CopSession)
        .where(CopSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.one_or_none()


async def answer_of(tx: AsyncSession, session_id: int, person_id: int) -> Rsvp | None:
    """What this person said."""
    rows = await tx.exec(select(Rsvp).where(Rsvp.session_id == session_id, Rsvp.person_id == person_id))
    return rows.one_or_none()


async def answered(tx: AsyncSession, person_id: int) -> dict[int, Rsvp]:
    """Everything that this person said, by session."""
    rows = await tx.exec(select(Rsvp).where(Rsvp.person_id == person_id))
    return {each.session_id: each for each in rows.all()}


async def seats_taken(tx: AsyncSession, session_id: int) -> int:
    """How many come and have a seat."""
    rows = await tx.exec(
        select(func.count())
        .select_from(Rsvp)
        .where(Rsvp.session_id == session_id, Rsvp.answer == Answer.YES, col(Rsvp.waiting_since).is_(None))
    )
    return rows.one()


async def waiting(tx: AsyncSession, session_id: int) -> list[tuple[Rsvp, Person]]:
    """Those without a seat, who has waited longest first."""
    rows = await tx.exec(
        select(Rsvp, Person)
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(Rsvp.session_id == session_id, col(Rsvp.waiting_since).is_not(None))
        .order_by(col(Rsvp.waiting_since), col(Rsvp.id))
    )
    return list(rows.all())


async def with_people_waiting(tx: AsyncSession, moment: datetime) -> list[int]:
    """Sessions that begin after that and for which somebody waits for a seat."""
    rows = await tx.exec(
        select(CopSession.id)
        .join(Rsvp, col(Rsvp.session_id) == col(CopSession.id))
        .where(
            CopSession.starts_at > moment,
            CopSession.state == SessionState.PLANNED,
            col(Rsvp.waiting_since).is_not(None),
        )
        .distinct()
    )
    return [each for each in rows.all() if each is not None]


async def numbers(tx: AsyncSession, session_id: int) -> list[tuple[str, bool, int]]:
    """How many said what: answer, whether they wait for a seat, number."""
    is_waiting = col(Rsvp.waiting_since).is_not(None)
    rows = await tx.exec(
        select(Rsvp.answer, is_waiting, func.count())
        .where(Rsvp.session_id == session_id)
        .group_by(Rsvp.answer, is_waiting)
    )
    return [(answer, bool(waits), number) for answer, waits, number in rows.all()]


async def those_who_come(
    tx: AsyncSession, session_ids: Collection[int], *, with_waiting: bool
) -> list[tuple[Rsvp, Person]]:
    """Whoever said yes or perhaps to one of these sessions; with or without those who wait for a seat."""
    query = (
        select(Rsvp, Person)
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(col(Rsvp.session_id).in_(session_ids), col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE)))
        .order_by(col(Rsvp.id))
    )
    if not with_waiting:
        query = query.where(col(Rsvp.waiting_since).is_(None))
    return list((await tx.exec(query)).all())


async def those_who_answered(tx: AsyncSession, begins_after: datetime) -> list[Person]:
    """Whoever said anything to a session that is still to begin."""
    rows = await tx.exec(
        select(Person)
        .where(
            col(Person.id).in_(
                select(Rsvp.person_id)
                .join(CopSession, col(CopSession.id) == col(Rsvp.session_id))
                .where(CopSession.starts_at > begins_after, CopSession.state == SessionState.PLANNED)
            )
        )
        .order_by(col(Person.id))
    )
    return list(rows.all())


async def reminders_of(tx: AsyncSession, session_ids: Collection[int]) -> list[SessionReminder]:
    """The reminders that were begun or passed over for these sessions."""
    rows = await tx.exec(select(SessionReminder).where(col(SessionReminder.session_id).in_(session_ids)))
    return list(rows.all())


async def forget(
    tx: AsyncSession, *, answers_before: datetime, reminders_before: datetime, attempts_before: datetime
) -> None:
    """Delete answers and reminders of sessions that ended before these moments, and wrong codes as old as that."""
    old = select(CopSession.id).where(CopSession.ends_at < answers_before)
    await tx.exec(delete(Rsvp).where(col(Rsvp.session_id).in_(old)))
    over = select(CopSession.id).where(CopSession.ends_at < reminders_before)
    await tx.exec(delete(SessionReminder).where(col(SessionReminder.session_id).in_(over)))
    await tx.exec(delete(CheckinAttempt).where(col(CheckinAttempt.last_at) < attempts_before))
