"""Updates that came, by the bot's id and Telegram's number."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, literal_column, text
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.database import is_sqlite
from db.models import IncomingUpdate, Replica, UpdateState

# With SQLite nobody else writes meanwhile: so many rows are deleted in some hundredths of a second.
FORGOTTEN_AT_ONCE = 1000
# Spelled out, not bound: SQLite sees only so that the index on what is not done will do.
PENDING = col(IncomingUpdate.state) == literal_column("'pending'")


async def next_of(tx: AsyncSession, bot_id: int, order_keys: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each of these keys the first update that is not done, locked for `tx`: key -> (id, update_id)."""
    first = (
        select(func.min(IncomingUpdate.id))
        .where(
            IncomingUpdate.bot_id == bot_id,
            PENDING,
            col(IncomingUpdate.order_key).in_(order_keys),
        )
        .group_by(col(IncomingUpdate.order_key))
    )
    rows = await tx.exec(
        select(IncomingUpdate.id, IncomingUpdate.update_id, IncomingUpdate.order_key)
        .where(col(IncomingUpdate.id).in_(first), PENDING)
        .with_for_update()
    )
    return {key: (row_id or 0, update_id) for row_id, update_id, key in rows}


async def states(tx: AsyncSession, bot_id: int, update_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Update id -> (row id, state) of those of these updates that are stored."""
    rows = await tx.exec(
        select(IncomingUpdate.update_id, IncomingUpdate.id, IncomingUpdate.state).where(
            IncomingUpdate.bot_id == bot_id, col(IncomingUpdate.update_id).in_(update_ids)
        )
    )
    return {update_id: (row_id or 0, state) for update_id, row_id, state in rows}


async def pending_by_ids(tx: AsyncSession, row_ids: Collection[int]) -> list[IncomingUpdate]:
    """Those of these rows that are pending, in the order in which they came."""
    rows = await tx.exec(
        select(IncomingUpdate)
        .where(col(IncomingUpdate.id).in_(row_ids), PENDING)
        .order_by(col(IncomingUpdate.id))
    )
    return list(rows.all())


async def finish(tx: AsyncSession, row_ids: Collection[int], now: datetime) -> None:
    """These are done; what people wrote is erased, and who they were."""
    await tx.exec(
        update(IncomingUpdate)
        .where(col(IncomingUpdate.id).in_(row_ids))
        .values(state=UpdateState.DONE, payload=None, order_key=0, next_attempt_at=None, done_at=now)
    )


async def set_aside(tx: AsyncSession, row_id: int, error_id: str | None, now: datetime) -> bool:
    """This one cannot be handled; False if it is over already."""
    changed = await tx.exec(
        update(IncomingUpdate)
        .where(col(IncomingUpdate.id) == row_id, PENDING)
        .values(
            state=UpdateState.SET_ASIDE, order_key=0, error_id=error_id, next_attempt_at=None, done_at=now
        )
    )
    return changed.rowcount > 0


async def count_attempt(
    tx: AsyncSession, bot_id: int, update_ids: Collection[int], most: int | None
) -> dict[int, int]:
    """Count a beginning of each of these that has had fewer than `most`; gives update id -> its number."""
    these = (col(IncomingUpdate.bot_id) == bot_id, col(IncomingUpdate.update_id).in_(update_ids))
    few = (col(IncomingUpdate.attempts) < most,) if most is not None else ()
    rows = await tx.exec(
        update(IncomingUpdate)
        .where(*these, *few)
        .values(attempts=col(IncomingUpdate.attempts) + 1, next_attempt_at=None)
        .returning(col(IncomingUpdate.update_id), col(IncomingUpdate.attempts))
    )
    return {int(update_id): int(attempts) for update_id, attempts in rows}


async def postpone(tx: AsyncSession, bot_id: int, update_id: int, until: datetime) -> None:
    """Note when the next attempt is meant to begin."""
    await tx.exec(
        update(IncomingUpdate)
        .where(col(IncomingUpdate.bot_id) == bot_id, col(IncomingUpdate.update_id) == update_id)
        .values(next_attempt_at=until)
    )


async def take_over(tx: AsyncSession, bot_id: int, replica_id: int) -> list[int]:
    """Give this replica what nobody alive has in hand; gives the ids of the rows in their order.

    Rows that somebody has locked are left to the next time: a frozen process may hold them for a while.
    """
    left = (
        select(col(IncomingUpdate.id))
        .where(
            col(IncomingUpdate.bot_id) == bot_id,
            PENDING,
            col(IncomingUpdate.replica_id).is_(None)
            | col(IncomingUpdate.replica_id).not_in(select(col(Replica.id))),
        )
        .with_for_update(skip_locked=True)
    )
    rows = await tx.exec(
        update(IncomingUpdate)
        .where(col(IncomingUpdate.id).in_(left))
        .values(replica_id=replica_id)
        .returning(col(IncomingUpdate.id))
    )
    return sorted(row_id for (row_id,) in rows)


async def let_go(tx: AsyncSession, replica_id: int) -> None:
    """Whoever comes first may have what this replica has not done."""
    await tx.exec(
        update(IncomingUpdate)
        .where(PENDING, col(IncomingUpdate.replica_id) == replica_id)
        .values(replica_id=None)
    )


async def lock_orders(tx: AsyncSession, bot_id: int, order_keys: Sequence[int]) -> set[int]:
    """Those of these keys whose turn is ours until the end of `tx`; the others are being served elsewhere."""
    if is_sqlite(tx):
        return set(order_keys)  # one process, and it keeps the order by itself
    connection = await tx.connection()
    rows = await connection.execute(
        text(
            "SELECT key FROM unnest(CAST(:keys AS bigint[])) AS key"
            " WHERE pg_try_advisory_xact_lock(hashtextextended(CAST(:bot AS text) || key, 0))"
        ),
        {"keys": list(order_keys), "bot": f"{bot_id}/"},
    )
    return {int(row[0]) for row in rows}


async def forget(tx: AsyncSession, ended_before: datetime, most: int = FORGOTTEN_AT_ONCE) -> bool:
    """Delete what was done, and erase what was set aside, before this moment; gives whether there may be more."""
    ended = col(IncomingUpdate.done_at) < ended_before
    old = (
        select(col(IncomingUpdate.id))
        .where(ended, col(IncomingUpdate.state) == UpdateState.DONE)
        .order_by(col(IncomingUpdate.done_at))
        .limit(most)
    )
    deleted = await tx.exec(delete(IncomingUpdate).where(col(IncomingUpdate.id).in_(old)))
    await tx.exec(
        update(IncomingUpdate)
        .where(
            col(IncomingUpdate.state) == UpdateState.SET_ASIDE,
            col(IncomingUpdate.done_at) < ended_before,
            col(IncomingUpdate.payload).is_not(None),
        )
        .values(payload=None)
    )
    return bool(deleted.rowcount == most)
