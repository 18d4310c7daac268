"""Who was at a session, and wrong codes."""

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Answer, Attendance, CheckinAttempt, Person, Rsvp


async def of_person(tx: AsyncSession, session_id: int, person_id: int) -> Attendance | None:
    """That this person was there, if they were."""
    rows = await tx.exec(
        select(Attendance).where(Attendance.session_id == session_id, Attendance.person_id == person_id)
    )
    return rows.one_or_none()


async def attended(tx: AsyncSession, person_id: int) -> set[int]:
    """The sessions at which this person was."""
    rows = await tx.exec(select(Attendance.session_id).where(Attendance.person_id == person_id))
    return set(rows.all())


async def attempts(tx: AsyncSession, session_id: int, person_id: int) -> CheckinAttempt | None:
    """The wrong codes of this person."""
    rows = await tx.exec(
        select(CheckinAttempt).where(
            CheckinAttempt.session_id == session_id, CheckinAttempt.person_id == person_id
        )
    )
    return rows.one_or_none()


async def everybody(tx: AsyncSession, session_id: int) -> list[tuple[Person, Rsvp | None, Attendance | None]]:
    """Whoever was there, or said that they would come or perhaps would; by name."""
    rows = await tx.exec(
        select(Person, Rsvp, Attendance)
        .outerjoin(Rsvp, (col(Rsvp.person_id) == col(Person.id)) & (col(Rsvp.session_id) == session_id))
        .outerjoin(
            Attendance,
            (col(Attendance.person_id) == col(Person.id)) & (col(Attendance.session_id) == session_id),
        )
        .where(or_(col(Attendance.id).is_not(None), col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE))))
        .order_by(col(Person.full_name).is_(None), col(Person.full_name), col(Person.id))
    )
    return list(rows.all())


async def nameless(tx: AsyncSession, session_id: int) -> list[Attendance]:
    """Those who were there and whose data was erased."""
    rows = await tx.exec(
        select(Attendance).where(
            Attendance.session_id == session_id,
            col(Attendance.person_id).is_(None),
            col(Attendance.name).is_(None),
        )
    )
    return list(rows.all())


async def by_name(tx: AsyncSession, session_id: int) -> list[Attendance]:
    """Those who were there and do not use the bot, by the name that an organiser wrote."""
    rows = await tx.exec(
        select(Attendance)
        .where(Attendance.session_id == session_id, col(Attendance.name).is_not(None))
        .order_by(col(Attendance.name), col(Attendance.id))
    )
    return list(rows.all())


async def named(tx: AsyncSession) -> list[Person]:
    """Everybody who has given their full name."""
    rows = await tx.exec(select(Person).where(col(Person.full_name).is_not(None)).order_by(col(Person.id)))
    return list(rows.all())
