"""Mailings: which there are, how far they are, and the term under which their deliveries are marked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, null
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.database import insert_or_leave
from db.models import Delivery, DeliveryState, Mailing, MailingState, MailingTerm

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True)
class DueMailing:
    """A mailing of which something may leave now."""

    id: int
    purpose: str
    recipients: int


@dataclass(frozen=True)
class StateCount:
    """How many deliveries of a mailing are in this state; `is_later`: pending, and not due yet."""

    state: str
    is_later: bool
    number: int


async def set_term(tx: AsyncSession, term: int) -> bool:
    """Make this the term in force, unless it is older than that; whoever works under an older one waits meanwhile."""
    await insert_or_leave(tx, MailingTerm, [{"id": 1, "term": term}])
    changed = await tx.exec(
        update(MailingTerm).where(col(MailingTerm.id) == 1, col(MailingTerm.term) <= term).values(term=term)
    )
    return changed.rowcount == 1


async def is_term(tx: AsyncSession, term: int) -> bool:
    """Whether this is the term in force; it remains so until the end of `tx`."""
    rows = await tx.exec(select(MailingTerm.term).where(MailingTerm.id == 1).with_for_update(read=True))
    return rows.one_or_none() == term


async def locked(tx: AsyncSession, mailing_ids: Collection[int]) -> list[Mailing]:
    """These mailings, kept from other transactions until the end of this one."""
    rows = await tx.exec(
        select(Mailing)
        .where(col(Mailing.id).in_(mailing_ids))
        .order_by(col(Mailing.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows.all())


async def by_ids(tx: AsyncSession, mailing_ids: Collection[int]) -> list[Mailing]:
    """These mailings."""
    return list((await tx.exec(select(Mailing).where(col(Mailing.id).in_(mailing_ids)))).all())


async def about(tx: AsyncSession, subject: str) -> list[Mailing]:
    """The mailings of this subject, in the order in which they were made."""
    rows = await tx.exec(select(Mailing).where(Mailing.subject == subject).order_by(col(Mailing.id)))
    return list(rows.all())


async def open_ids(tx: AsyncSession) -> list[int]:
    """The mailings that have not ended, in the order in which they were made."""
    rows = await tx.exec(select(Mailing.id).where(col(Mailing.ended_at).is_(None)).order_by(col(Mailing.id)))
    return [each for each in rows.all() if each is not None]


async def due(tx: AsyncSession, now: datetime) -> list[DueMailing]:
    """Running mailings that have a delivery due, the one whose time came first at the head."""
    has_due = (
        select(Delivery.id)
        .where(
            Delivery.mailing_id == Mailing.id,
            Delivery.state == DeliveryState.PENDING,
            Delivery.due_at <= now,
        )
        .exists()
    )
    rows = await tx.exec(
        select(Mailing.id, Mailing.purpose, Mailing.recipients)
        .where(
            col(Mailing.ended_at).is_(None),
            Mailing.state == MailingState.RUNNING,
            Mailing.due_at <= now,
            has_due,
        )
        .order_by(col(Mailing.due_at), col(Mailing.id))
    )
    return [DueMailing(row[0], row[1], row[2]) for row in rows.all() if row[0] is not None]


async def end(tx: AsyncSession, now: datetime) -> list[Mailing]:
    """End those mailings of which nothing is pending or sending any more; gives them."""
    is_over = ~(
        select(Delivery.id).where(Delivery.mailing_id == Mailing.id, col(Delivery.state).in_(_OPEN)).exists()
    )
    rows = await tx.exec(select(Mailing.id).where(col(Mailing.ended_at).is_(None), is_over))
    candidates = [each for each in rows.all() if each is not None]
    if not candidates:
        return []
    # Somebody may be bringing deliveries back at this moment: only what the lock shows counts.
    await locked(tx, candidates)
    state = case(
        (col(Mailing.state) == MailingState.CANCELLED, MailingState.CANCELLED), else_=MailingState.DONE
    )
    ended = await tx.exec(
        update(Mailing)
        .where(col(Mailing.id).in_(candidates), col(Mailing.ended_at).is_(None), is_over)
        .values(state=state, pause_reason=None, ended_at=now)
        .returning(col(Mailing.id))
        .execution_options(synchronize_session=False)
    )
    return await locked(tx, [row[0] for row in ended.all()])


async def counts(tx: AsyncSession, mailing_id: int, now: datetime) -> list[StateCount]:
    """How many deliveries are in which state."""
    later = case(
        ((col(Delivery.state) == DeliveryState.PENDING) & (col(Delivery.due_at) > now), 1), else_=0
    ).label("later")
    rows = await tx.exec(
        select(Delivery.state, later, func.count())
        .where(Delivery.mailing_id == mailing_id)
        .group_by(Delivery.state, later)
    )
    return [StateCount(state, bool(is_later), number) for state, is_later, number in rows.all()]


async def sent_since(tx: AsyncSession, mailing_id: int, since: datetime) -> int:
    """How many copies have been sent from this moment on."""
    rows = await tx.exec(
        select(func.count()).where(
            Delivery.mailing_id == mailing_id,
            Delivery.state == DeliveryState.SENT,
            col(Delivery.updated_at) >= since,
        )
    )
    return rows.one()


async def reasons(tx: AsyncSession, mailing_id: int, state: DeliveryState) -> dict[str, int]:
    """Why deliveries are in this state, and how many for each reason."""
    rows = await tx.exec(
        select(Delivery.reason, func.count())
        .where(Delivery.mailing_id == mailing_id, Delivery.state == state)
        .group_by(col(Delivery.reason))
    )
    return {reason or "": number for reason, number in rows.all()}


async def forgettable(tx: AsyncSession, ended_before: datetime) -> int | None:
    """The id of a mailing that ended before this moment and still has what a person could be known by."""
    rows = await tx.exec(
        select(Mailing.id)
        .where(col(Mailing.ended_at) < ended_before, col(Mailing.forgotten_at).is_(None))
        .order_by(col(Mailing.id))
        .limit(1)
    )
    return rows.one_or_none()


async def forget(tx: AsyncSession, mailing_id: int, now: datetime) -> None:
    """Erase what was each recipient's own; ids, states and counts stay."""
    await tx.exec(
        update(Delivery)
        .where(
            col(Delivery.mailing_id) == mailing_id,
            or_(col(Delivery.parameters).is_not(None), col(Delivery.reason).is_not(None)),
        )
        .values(parameters=null(), reason=null())
    )
    await tx.exec(update(Mailing).where(col(Mailing.id) == mailing_id).values(forgotten_at=now))
