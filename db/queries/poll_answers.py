"""What was answered: on sheets while a poll is open, as counts and shuffled words afterwards."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, null
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import (
    Delivery,
    DeliveryState,
    Doubt,
    FilledForm,
    FormState,
    IncomingUpdate,
    OutgoingRequest,
    Person,
    Poll,
    PollComment,
    PollCopy,
    PollGroupMean,
    PollParticipation,
    PollQuestion,
    PollState,
    PollTally,
    PollVote,
    UpdateState,
)
from db.queries import mailings

# Everything in which something of a vote may be left when its row is gone.
SCRUBBED = ("poll_votes", "poll_copies", "poll_participations")
CLEANED = ("deliveries", "forms", "incoming_updates", "outgoing_requests")


async def is_empty(tx: AsyncSession, sheet: str) -> bool:
    """Whether nothing stands on this sheet."""
    rows = await tx.exec(select(PollVote.question_id).where(PollVote.sheet == sheet).limit(1))
    return rows.first() is None


async def answered_by(tx: AsyncSession, sheet: str) -> set[int]:
    """The questions that this sheet answers, by their ids."""
    return set((await tx.exec(select(PollVote.question_id).where(PollVote.sheet == sheet))).all())


async def votes(tx: AsyncSession, poll_id: int) -> list[tuple[PollVote, str | None]]:
    """All votes of an open poll, each with the province of whoever cast it."""
    rows = await tx.exec(
        select(PollVote, Person.province_code)
        .join(PollQuestion, col(PollQuestion.id) == col(PollVote.question_id))
        .outerjoin(PollParticipation, col(PollParticipation.sheet) == col(PollVote.sheet))
        .outerjoin(Person, col(Person.id) == col(PollParticipation.person_id))
        .where(PollQuestion.poll_id == poll_id)
    )
    return list(rows.all())


async def choices(tx: AsyncSession, poll_id: int) -> list[tuple[int, list[int]]]:
    """What was chosen in an open poll: question's id, options."""
    rows = await tx.exec(
        select(PollVote.question_id, PollVote.options)
        .join(PollQuestion, col(PollQuestion.id) == col(PollVote.question_id))
        .where(PollQuestion.poll_id == poll_id)
    )
    return [(question_id, list(options)) for question_id, options in rows.all()]


async def tallies(tx: AsyncSession, question_ids: Collection[int]) -> list[PollTally]:
    """The counts of closed questions."""
    rows = await tx.exec(
        select(PollTally)
        .where(col(PollTally.question_id).in_(question_ids))
        .order_by(col(PollTally.question_id), col(PollTally.option))
    )
    return list(rows.all())


async def means(tx: AsyncSession, question_ids: Collection[int]) -> list[PollGroupMean]:
    """The averages of groups."""
    rows = await tx.exec(
        select(PollGroupMean)
        .where(col(PollGroupMean.question_id).in_(question_ids))
        .order_by(col(PollGroupMean.id))
    )
    return list(rows.all())


async def comments(tx: AsyncSession, question_ids: Collection[int]) -> list[PollComment]:
    """The words, in the random order that they have had since the closing."""
    rows = await tx.exec(
        select(PollComment)
        .where(col(PollComment.question_id).in_(question_ids))
        .order_by(col(PollComment.id))
    )
    return list(rows.all())


async def dissolve(tx: AsyncSession, poll_id: int, subjects: Sequence[str], now: datetime) -> None:
    """Destroy everything that leads from somebody who was asked to what they answered, or that Telegram knows it by."""
    asked = select(PollParticipation.id).where(PollParticipation.poll_id == poll_id)
    posed = select(PollQuestion.id).where(PollQuestion.poll_id == poll_id)
    copies = select(PollCopy.id).where(col(PollCopy.participation_id).in_(asked))
    await tx.exec(delete(OutgoingRequest).where(col(OutgoingRequest.poll_copy_id).in_(copies)))
    await tx.exec(delete(PollCopy).where(col(PollCopy.participation_id).in_(asked)))
    await tx.exec(delete(PollVote).where(col(PollVote.question_id).in_(posed)))
    await tx.exec(
        update(PollParticipation)
        .where(col(PollParticipation.poll_id) == poll_id)
        .values(sheet=null(), waits_at=0)
        .execution_options(synchronize_session=False)
    )
    for subject in subjects:
        for mailing in await mailings.about(tx, subject):
            await _forget_copies(tx, mailing.id or 0, now)


async def _forget_copies(tx: AsyncSession, mailing_id: int, now: datetime) -> None:
    """Nothing more leaves of this mailing, and nobody knows which messages and polls came of it."""
    await mailings.locked(tx, [mailing_id])
    whose = col(Delivery.mailing_id) == mailing_id
    for state, becomes, reason in (
        (DeliveryState.PENDING, DeliveryState.CANCELLED, None),
        # Its outcome is not written down any more: it would bring the poll's id back.
        (DeliveryState.SENDING, DeliveryState.UNCERTAIN, Doubt.INTERRUPTED),
    ):
        await tx.exec(
            update(Delivery)
            .where(whose, col(Delivery.state) == state)
            .values(state=becomes, reason=reason)
            .execution_options(synchronize_session=False)
        )
    # All at one moment: not even the order in which they were sent is left.
    await tx.exec(
        update(Delivery)
        .where(whose)
        .values(
            message_ids=null(),
            poll_id=null(),
            target_ids=null(),
            parameters=null(),
            marked_at=null(),
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )


async def forget_forms(tx: AsyncSession, kind: str, person_ids: Collection[int]) -> None:
    """Delete what these people have filled in of a kind, with the ids of their messages; an open form stays, empty."""
    theirs = col(FilledForm.kind) == kind, col(FilledForm.person_id).in_(person_ids)
    await tx.exec(delete(FilledForm).where(*theirs, col(FilledForm.state) != FormState.OPEN))
    await tx.exec(
        update(FilledForm).where(*theirs).values(answers={}).execution_options(synchronize_session=False)
    )


async def forget_updates(tx: AsyncSession) -> None:
    """Delete the rows of votes that were handled or set aside: their order and their times, and what came."""
    await tx.exec(
        delete(IncomingUpdate).where(
            col(IncomingUpdate.kind).in_(("poll_answer", "poll")),
            col(IncomingUpdate.state) != UpdateState.PENDING,
        )
    )


async def forget_names(tx: AsyncSession, closed_before: datetime) -> None:
    """Of polls that closed before this moment: participations only count from now on, and the words are deleted."""
    old = select(Poll.id).where(Poll.state == PollState.CLOSED, col(Poll.closed_at) < closed_before)
    await tx.exec(
        update(PollParticipation)
        .where(col(PollParticipation.poll_id).in_(old), col(PollParticipation.person_id).is_not(None))
        .values(person_id=null())
        .execution_options(synchronize_session=False)
    )
    posed = select(PollQuestion.id).where(col(PollQuestion.poll_id).in_(old))
    await tx.exec(delete(PollComment).where(col(PollComment.question_id).in_(posed)))


async def waiting_votes(tx: AsyncSession) -> int:
    """How many votes are stored and not handled."""
    rows = await tx.exec(
        select(func.count())
        .select_from(IncomingUpdate)
        .where(IncomingUpdate.kind == "poll_answer", IncomingUpdate.state == UpdateState.PENDING)
    )
    return rows.one()


async def asked_people(tx: AsyncSession, poll_id: int) -> list[tuple[int, int]]:
    """Those who were asked: our id, Telegram's id."""
    rows = await tx.exec(
        select(PollParticipation.person_id, Person.telegram_id)
        .join(Person, col(Person.id) == col(PollParticipation.person_id))
        .where(PollParticipation.poll_id == poll_id)
    )
    return [(person_id, telegram_id) for person_id, telegram_id in rows.all() if person_id is not None]


def scrubbing(*, on_sqlite: bool) -> list[str]:
    """Statements that overwrite what deleted rows left behind, each to be run by itself, outside of a transaction.

    SQLite overwrites free pages by itself (secure_delete); its write-ahead log is emptied here. PostgreSQL writes the
    small tables anew, and frees the dead rows of the large ones.
    """
    if on_sqlite:
        return ["PRAGMA wal_checkpoint(TRUNCATE)"]
    return [
        "SET lock_timeout = '3s'",
        *(f"VACUUM (FULL) {table}" for table in SCRUBBED),
        *(f"VACUUM {table}" for table in CLEANED),
        "RESET lock_timeout",
    ]
