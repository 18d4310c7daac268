"""Requests that are still to be sent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import and_, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import OutgoingRequest


def _is_left_behind(term: int) -> ColumnElement[bool]:
    """Who held the lease before this term was sending it."""
    return and_(col(OutgoingRequest.next_attempt_at).is_(None), col(OutgoingRequest.term) < term)


async def waiting_chats(tx: AsyncSession, chat_ids: Collection[int], term: int) -> set[int]:
    """Those of these chats in which an earlier request waits: for its next attempt, or to be taken over."""
    rows = await tx.exec(
        select(OutgoingRequest.chat_id).where(
            col(OutgoingRequest.chat_id).in_(chat_ids),
            col(OutgoingRequest.next_attempt_at).is_not(None) | _is_left_behind(term),
        )
    )
    return set(rows.all())


async def due_chats(tx: AsyncSession, now: datetime, busy: Collection[int], most: int) -> list[int]:
    """Chats whose first request waits and is due, those first that have waited for longest."""
    first = select(func.min(OutgoingRequest.id)).group_by(col(OutgoingRequest.chat_id))
    rows = await tx.exec(
        select(OutgoingRequest.chat_id)
        .where(
            col(OutgoingRequest.id).in_(first),
            col(OutgoingRequest.next_attempt_at) <= now,
            col(OutgoingRequest.chat_id).not_in(busy),
        )
        .order_by(col(OutgoingRequest.id))
        .limit(most)
    )
    return list(rows.all())


async def of_chats(tx: AsyncSession, chat_ids: Collection[int]) -> list[OutgoingRequest]:
    """Everything that is to be sent to these chats, in the order in which it was written."""
    rows = await tx.exec(
        select(OutgoingRequest)
        .where(col(OutgoingRequest.chat_id).in_(chat_ids), col(OutgoingRequest.next_attempt_at).is_not(None))
        .order_by(col(OutgoingRequest.id))
    )
    return list(rows.all())


async def postpone(tx: AsyncSession, request_ids: Collection[int], until: datetime) -> None:
    """Count an attempt of these and let them wait until this moment."""
    await tx.exec(
        update(OutgoingRequest)
        .where(col(OutgoingRequest.id).in_(request_ids))
        .values(attempts=col(OutgoingRequest.attempts) + 1, next_attempt_at=until)
    )


async def take(tx: AsyncSession, request_ids: Collection[int], term: int) -> None:
    """These are tried under this term; rows that were read already are not changed by it."""
    await tx.exec(
        update(OutgoingRequest)
        .where(col(OutgoingRequest.id).in_(request_ids))
        .values(term=term)
        .execution_options(synchronize_session=False)
    )


async def hand_back(tx: AsyncSession, request_ids: Collection[int], now: datetime) -> None:
    """Make these due, of which nothing was tried, unless somebody did so already."""
    await tx.exec(
        update(OutgoingRequest)
        .where(col(OutgoingRequest.id).in_(request_ids), col(OutgoingRequest.next_attempt_at).is_(None))
        .values(next_attempt_at=now)
    )


async def erase(tx: AsyncSession, request_ids: Collection[int]) -> None:
    """Delete these."""
    await tx.exec(delete(OutgoingRequest).where(col(OutgoingRequest.id).in_(request_ids)))


async def take_over(
    tx: AsyncSession, term: int, in_hand: Collection[int], written_before: datetime, now: datetime
) -> None:
    """Make everything due that was being sent in earlier terms, and of this term what is old and not in hand."""
    lost = and_(
        col(OutgoingRequest.next_attempt_at).is_(None),
        col(OutgoingRequest.created_at) < written_before,
        col(OutgoingRequest.id).not_in(in_hand),
    )
    await tx.exec(update(OutgoingRequest).where(_is_left_behind(term) | lost).values(next_attempt_at=now))
