"""Updates that came, by the bot's id and Telegram's number."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import IncomingUpdate, UpdateState


async def known(tx: AsyncSession, bot_id: int, update_ids: Collection[int]) -> set[int]:
    """Those of these updates that are stored already, in whatever state."""
    rows = await tx.exec(
        select(IncomingUpdate.update_id).where(
            IncomingUpdate.bot_id == bot_id, col(IncomingUpdate.update_id).in_(update_ids)
        )
    )
    return set(rows.all())


async def locked(tx: AsyncSession, bot_id: int, update_id: int) -> IncomingUpdate | None:
    """The stored update, kept from other transactions until the end of this one; None if it was never stored."""
    rows = await tx.exec(
        select(IncomingUpdate)
        .where(IncomingUpdate.bot_id == bot_id, IncomingUpdate.update_id == update_id)
        .with_for_update()
    )
    return rows.one_or_none()


async def pending(tx: AsyncSession, bot_id: int) -> list[IncomingUpdate]:
    """What is not done, in the order in which it came."""
    rows = await tx.exec(
        select(IncomingUpdate)
        .where(IncomingUpdate.bot_id == bot_id, IncomingUpdate.state == UpdateState.PENDING)
        .order_by(col(IncomingUpdate.id))
    )
    return list(rows.all())


async def forget(tx: AsyncSession, ended_before: datetime) -> None:
    """Delete what was done, and erase what was set aside, before this moment."""
    ended = col(IncomingUpdate.done_at) < ended_before
    await tx.exec(delete(IncomingUpdate).where(ended, col(IncomingUpdate.state) == UpdateState.DONE))
    await tx.exec(
        update(IncomingUpdate)
        .where(
            ended,
            col(IncomingUpdate.state) == UpdateState.SET_ASIDE,
            col(IncomingUpdate.payload).is_not(None),
        )
        .values(payload=None)
    )
