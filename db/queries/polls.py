"""Polls, their questions, and who was asked."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import (
    Answer,
    Attendance,
    CopSession,
    Delivery,
    DeliveryState,
    GroupPoll,
    GroupPollState,
    Mailing,
    Person,
    Poll,
    PollCopy,
    PollParticipation,
    PollQuestion,
    PollState,
    Rsvp,
    SessionState,
)


async def of_session(tx: AsyncSession, session_id: int) -> Poll | None:
    """The poll of this session."""
    return (await tx.exec(select(Poll).where(Poll.session_id == session_id))).one_or_none()


async def with_code(tx: AsyncSession, link_code: str) -> Poll | None:
    """The poll with this code in its link."""
    return (await tx.exec(select(Poll).where(Poll.link_code == link_code))).one_or_none()


async def locked(tx: AsyncSession, poll_id: int) -> Poll | None:
    """The poll, kept from all others until the end of `tx`: it opens, closes or changes."""
    rows = await tx.exec(
        select(Poll).where(Poll.id == poll_id).with_for_update().execution_options(populate_existing=True)
    )
    return rows.one_or_none()


async def held(tx: AsyncSession, poll_id: int) -> Poll | None:
    """The poll as it is until the end of `tx`; others may hold it at the same time, and nobody closes it meanwhile."""
    rows = await tx.exec(
        select(Poll)
        .where(Poll.id == poll_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return rows.one_or_none()


async def questions(tx: AsyncSession, poll_id: int) -> list[PollQuestion]:
    """Its questions in their order."""
    rows = await tx.exec(
        select(PollQuestion).where(PollQuestion.poll_id == poll_id).order_by(col(PollQuestion.position))
    )
    return list(rows.all())


async def delete_questions(tx: AsyncSession, poll_id: int) -> None:
    """Take all questions away."""
    await tx.exec(delete(PollQuestion).where(col(PollQuestion.poll_id) == poll_id))


async def planned(tx: AsyncSession, ends_by: datetime) -> list[tuple[Poll, CopSession]]:
    """Polls that wait for the end of a session which ends by then."""
    rows = await tx.exec(
        select(Poll, CopSession)
        .join(CopSession, col(CopSession.id) == col(Poll.session_id))
        .where(
            Poll.state == PollState.PLANNED,
            col(Poll.is_by_hand).is_(False),
            CopSession.state == SessionState.PLANNED,
            CopSession.ends_at <= ends_by,
        )
        .order_by(col(Poll.id))
    )
    return list(rows.all())


async def in_state(tx: AsyncSession, state: PollState) -> list[tuple[Poll, CopSession]]:
    """Polls in this state with their sessions."""
    rows = await tx.exec(
        select(Poll, CopSession)
        .join(CopSession, col(CopSession.id) == col(Poll.session_id))
        .where(Poll.state == state)
        .order_by(col(Poll.id))
    )
    return list(rows.all())


async def unscrubbed(tx: AsyncSession) -> list[Poll]:
    """Closed polls of which something may be left in free pages."""
    rows = await tx.exec(select(Poll).where(Poll.state == PollState.CLOSED, col(Poll.is_scrubbed).is_(False)))
    return list(rows.all())


async def present(tx: AsyncSession, session_id: int) -> list[Person]:
    """Those who checked in."""
    rows = await tx.exec(
        select(Person)
        .join(Attendance, col(Attendance.person_id) == col(Person.id))
        .where(Attendance.session_id == session_id)
        .order_by(col(Person.id))
    )
    return list(rows.all())


async def expected(tx: AsyncSession, session_id: int) -> list[Person]:
    """Those who said yes or perhaps."""
    rows = await tx.exec(
        select(Person)
        .join(Rsvp, col(Rsvp.person_id) == col(Person.id))
        .where(Rsvp.session_id == session_id, col(Rsvp.answer).in_((Answer.YES, Answer.MAYBE)))
        .order_by(col(Person.id))
    )
    return list(rows.all())


async def participation(tx: AsyncSession, poll_id: int, person_id: int) -> PollParticipation | None:
    """This person's, if they were asked."""
    rows = await tx.exec(
        select(PollParticipation)
        .where(PollParticipation.poll_id == poll_id, PollParticipation.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.one_or_none()


async def participations_of(
    tx: AsyncSession, person_id: int
) -> list[tuple[PollParticipation, Poll, CopSession]]:
    """Everything that this person was ever asked, the latest first."""
    rows = await tx.exec(
        select(PollParticipation, Poll, CopSession)
        .join(Poll, col(Poll.id) == col(PollParticipation.poll_id))
        .join(CopSession, col(CopSession.id) == col(Poll.session_id))
        .where(PollParticipation.person_id == person_id)
        .order_by(col(Poll.id).desc())
    )
    return list(rows.all())


async def silent(tx: AsyncSession, poll_id: int) -> list[tuple[PollParticipation, Person]]:
    """Who was asked, has not answered anything and was not reminded."""
    rows = await tx.exec(
        select(PollParticipation, Person)
        .join(Person, col(Person.id) == col(PollParticipation.person_id))
        .where(
            PollParticipation.poll_id == poll_id,
            col(PollParticipation.has_answered).is_(False),
            col(PollParticipation.was_reminded).is_(False),
        )
        .order_by(col(PollParticipation.id))
    )
    return list(rows.all())


async def answered(tx: AsyncSession, poll_id: int) -> list[Person]:
    """Who answered anything, as far as they are still known."""
    rows = await tx.exec(
        select(Person)
        .join(PollParticipation, col(PollParticipation.person_id) == col(Person.id))
        .where(PollParticipation.poll_id == poll_id, col(PollParticipation.has_answered).is_(True))
        .order_by(col(Person.id))
    )
    return list(rows.all())


async def numbers(tx: AsyncSession, poll_id: int) -> tuple[int, int]:
    """How many were asked, and how many answered."""
    rows = await tx.exec(
        select(PollParticipation.has_answered, func.count())
        .where(PollParticipation.poll_id == poll_id)
        .group_by(col(PollParticipation.has_answered))
    )
    found = {bool(has_answered): number for has_answered, number in rows.all()}
    return sum(found.values()), found.get(True, 0)


async def attended(tx: AsyncSession, poll_id: int, session_id: int) -> tuple[int, int]:
    """How many were at the session, and how many of those answered; 0 and 0 when names are not kept any more."""
    named = select(PollParticipation.id).where(
        PollParticipation.poll_id == poll_id, col(PollParticipation.person_id).is_not(None)
    )
    if (await tx.exec(named.limit(1))).first() is None:
        return 0, 0
    there = await tx.exec(select(func.count()).where(col(Attendance.session_id) == session_id))
    answered = await tx.exec(
        select(func.count())
        .select_from(Attendance)
        .join(PollParticipation, col(PollParticipation.person_id) == col(Attendance.person_id))
        .where(
            Attendance.session_id == session_id,
            PollParticipation.poll_id == poll_id,
            col(PollParticipation.has_answered).is_(True),
        )
    )
    return there.one(), answered.one()


async def copy_of(tx: AsyncSession, telegram_poll_id: str) -> tuple[PollCopy, PollParticipation] | None:
    """The copy that came as this poll, and whose it was."""
    rows = await tx.exec(
        select(PollCopy, PollParticipation)
        .join(PollParticipation, col(PollParticipation.id) == col(PollCopy.participation_id))
        .where(PollCopy.telegram_poll_id == telegram_poll_id)
    )
    return rows.first()


async def copies_of(tx: AsyncSession, person_id: int) -> list[tuple[PollCopy, PollParticipation]]:
    """Copies of open polls of which it is not known whether they arrived, or whether only once."""
    rows = await tx.exec(
        select(PollCopy, PollParticipation)
        .join(PollParticipation, col(PollParticipation.id) == col(PollCopy.participation_id))
        .join(Poll, col(Poll.id) == col(PollParticipation.poll_id))
        .where(
            PollParticipation.person_id == person_id,
            Poll.state == PollState.OPEN,
            col(PollCopy.telegram_poll_id).is_(None) | col(PollCopy.is_doubtful).is_(True),
        )
        .order_by(col(PollCopy.id))
    )
    return list(rows.all())


async def deliveries_of(
    tx: AsyncSession, person_id: int, subjects: Collection[str], states: Collection[str]
) -> list[tuple[Delivery, str]]:
    """This person's copies of the mailings of these subjects that have no poll's id yet, with the subject."""
    rows = await tx.exec(
        select(Delivery, Mailing.subject)
        .join(Mailing, col(Mailing.id) == col(Delivery.mailing_id))
        .where(
            Delivery.person_id == person_id,
            col(Delivery.poll_id).is_(None),
            col(Delivery.state).in_(states),
            col(Mailing.subject).in_(subjects),
        )
    )
    return [(delivery, subject or "") for delivery, subject in rows.all()]


async def cancel_waiting(tx: AsyncSession, person_id: int, subject: str, now: datetime) -> None:
    """What has not left yet of the mailings of a subject never will, for this person."""
    mailings = select(Mailing.id).where(Mailing.subject == subject)
    await tx.exec(
        update(Delivery)
        .where(
            col(Delivery.mailing_id).in_(mailings),
            col(Delivery.person_id) == person_id,
            col(Delivery.state) == DeliveryState.PENDING,
        )
        .values(state=DeliveryState.CANCELLED, updated_at=now)
        .execution_options(synchronize_session=False)
    )


async def who_answered(tx: AsyncSession, poll_id: int) -> list[int]:
    """Those who answered anything, by our ids, in the order of these."""
    rows = await tx.exec(
        select(PollParticipation.person_id)
        .where(PollParticipation.poll_id == poll_id, col(PollParticipation.has_answered).is_(True))
        .order_by(col(PollParticipation.person_id))
    )
    return [each for each in rows.all() if each is not None]


async def settle_copies(tx: AsyncSession, known: Collection[tuple[int, str | None, bool]]) -> None:
    """Write down which poll came of these copies (id, poll, whether it may have arrived twice); None: nothing did."""
    for copy_id, telegram_poll_id, is_doubtful in known:
        if telegram_poll_id is None:
            await tx.exec(delete(PollCopy).where(col(PollCopy.id) == copy_id))
        else:
            await tx.exec(
                update(PollCopy)
                .where(col(PollCopy.id) == copy_id)
                .values(telegram_poll_id=telegram_poll_id, is_doubtful=is_doubtful)
            )


async def group_polls(tx: AsyncSession, poll_id: int) -> list[GroupPoll]:
    """Its polls in groups."""
    rows = await tx.exec(
        select(GroupPoll)
        .join(PollQuestion, col(PollQuestion.id) == col(GroupPoll.question_id))
        .where(PollQuestion.poll_id == poll_id)
        .order_by(col(GroupPoll.title), col(GroupPoll.id))
    )
    return list(rows.all())


async def open_group_polls(tx: AsyncSession) -> list[tuple[GroupPoll, Delivery, int]]:
    """Polls in groups of closed polls whose totals are not frozen: with their copy and the poll's id."""
    rows = await tx.exec(
        select(GroupPoll, Delivery, PollQuestion.poll_id)
        .join(Delivery, col(Delivery.id) == col(GroupPoll.delivery_id))
        .join(PollQuestion, col(PollQuestion.id) == col(GroupPoll.question_id))
        .join(Poll, col(Poll.id) == col(PollQuestion.poll_id))
        .where(GroupPoll.state == GroupPollState.OPEN, Poll.state == PollState.CLOSED)
    )
    return list(rows.all())


async def group_poll_of(tx: AsyncSession, telegram_poll_id: str) -> GroupPoll | None:
    """The poll in a group that Telegram knows by this id."""
    rows = await tx.exec(
        select(GroupPoll)
        .join(Delivery, col(Delivery.id) == col(GroupPoll.delivery_id))
        .where(Delivery.poll_id == telegram_poll_id)
    )
    return rows.first()
