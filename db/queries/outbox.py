"""Requests that are still to be sent."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import OutgoingRequest


async def waiting_chats(tx: AsyncSession, chat_ids: Collection[int]) -> set[int]:
    """Those of these chats in which an earlier request waits for its next attempt."""
    rows = await tx.exec(
        select(OutgoingRequest.chat_id).where(
            col(OutgoingRequest.chat_id).in_(chat_ids), col(OutgoingRequest.next_attempt_at).is_not(None)
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


async def erase(tx: AsyncSession, request_ids: Collection[int]) -> None:
    """Delete these."""
    await tx.exec(delete(OutgoingRequest).where(col(OutgoingRequest.id).in_(request_ids)))


async def wake_all(tx: AsyncSession, now: datetime) -> None:
    """Make everything due that a process left behind while it was sending."""
    await tx.exec(
        update(OutgoingRequest)
        .where(col(OutgoingRequest.next_attempt_at).is_(None))
        .values(next_attempt_at=now)
    )
