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
        .where(
            IncomingUpdate.bot_id == bot_id,
            IncomingUpdate.state == UpdateState.PENDING,
            col(IncomingUpdate.done_at).is_(
                None
            ),  # says nothing new, but leads the index to the order of the ids
        )
        .order_by(col(IncomingUpdate.id))
    )
    return list(rows.all())


async def forget(tx: AsyncSession, ended_before: datetime, most: int) -> None:
    """Delete what was done, `most` rows of it, and erase what was set aside, before this moment."""
    old = (
        select(IncomingUpdate.id)
        .where(IncomingUpdate.state == UpdateState.DONE, col(IncomingUpdate.done_at) < ended_before)
        .order_by(col(IncomingUpdate.done_at))
        .limit(most)
    )
    await tx.exec(
        delete(IncomingUpdate)
        .where(col(IncomingUpdate.id).in_(old))
        .execution_options(synchronize_session=False)
    )
    await tx.exec(
        update(IncomingUpdate)
        .where(
            col(IncomingUpdate.state) == UpdateState.SET_ASIDE,
            col(IncomingUpdate.done_at) < ended_before,
            col(IncomingUpdate.payload).is_not(None),
        )
        .values(payload=None)
    )
