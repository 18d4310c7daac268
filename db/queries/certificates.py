"""Certificates, and who took part in what."""

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Answer, Attendance, Certificate, CopSession, Person, PollParticipation, Rsvp


async def of_person(tx: AsyncSession, session_id: int, person_id: int) -> Certificate | None:
    """This person's certificate of this session, kept from other transactions until the end of `tx`."""
    rows = await tx.exec(
        select(Certificate)
        .where(Certificate.session_id == session_id, Certificate.person_id == person_id)
        .with_for_update()
    )
    return rows.one_or_none()


async def with_serial(tx: AsyncSession, serial: str) -> tuple[Certificate, CopSession] | None:
    """The certificate of this number, and its session."""
    rows = await tx.exec(
        select(Certificate, CopSession)
        .join(CopSession, col(CopSession.id) == col(Certificate.session_id))
        .where(Certificate.serial == serial)
    )
    return rows.one_or_none()


async def participation(
    tx: AsyncSession, session_id: int, poll_id: int | None
) -> list[tuple[Person, Rsvp | None, Attendance | None, bool | None]]:
    """Whoever was there, said that they would come or perhaps would, or gave feedback; by name.

    The last value is whether they answered the poll; None: they were not asked.
    """
    rows = await tx.exec(
        select(Person, Rsvp, Attendance, PollParticipation.has_answered)
        .outerjoin(Rsvp, (col(Rsvp.person_id) == col(Person.id)) & (col(Rsvp.session_id) == session_id))
        .outerjoin(
            Attendance,
            (col(Attendance.person_id) == col(Person.id)) & (col(Attendance.session_id) == session_id),
        )
        .outerjoin(
            PollParticipation,
            (col(PollParticipation.person_id) == col(Person.id))
            & (col(PollParticipation.poll_id) == (0 if poll_id is None else poll_id)),
        )
        .where(
            or_(
                col(Attendance.id).is_not(None),
                col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE)),
                col(PollParticipation.has_answered).is_(True),
            )
        )
        .order_by(col(Person.full_name).is_(None), col(Person.full_name), col(Person.id))
    )
    return list(rows.all())
