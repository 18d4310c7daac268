"""Running processes and the lease, by the database's own clock: those of several machines differ."""

from datetime import timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.database import is_sqlite, utc_now
from db.models import Lease, Replica


async def add(tx: AsyncSession) -> int:
    """A new replica, seen now; gives its id."""
    now = await utc_now(tx)
    replica = Replica(seen_at=now)
    tx.add(replica)
    await tx.flush()
    assert replica.id is not None
    return replica.id


async def see(tx: AsyncSession, replica_id: int) -> bool:
    """Note that this replica lives; gives whether it was known."""
    now = await utc_now(tx)
    seen = await tx.exec(
        update(Replica).where(col(Replica.id) == replica_id).values(seen_at=now).returning(col(Replica.id))
    )
    return seen.first() is not None


async def remove(tx: AsyncSession, replica_id: int) -> None:
    """This replica ends."""
    await tx.exec(delete(Replica).where(col(Replica.id) == replica_id))


async def remove_dead(tx: AsyncSession, replica_id: int, after: timedelta | None) -> None:
    """Forget the others that were not seen for so long; None: all others. One that is just being seen is left."""
    dead = col(Replica.id) != replica_id
    if after is not None:
        dead &= col(Replica.seen_at) < await utc_now(tx) - after
    found = select(col(Replica.id)).where(dead).with_for_update(skip_locked=True)
    await tx.exec(delete(Replica).where(col(Replica.id).in_(found)))


async def take_lease(
    tx: AsyncSession, name: str, replica_id: int, holds_for: timedelta, *, at_once: bool
) -> int | None:
    """Take or renew the lease; gives its term, or None while another replica holds it.

    `at_once` takes it whoever holds it, for where there can be no other.
    """
    now = await utc_now(tx)
    if await tx.get(Lease, name) is None:
        # Only then: where there is a row, this would wait for whoever has it locked.
        kind = sqlite if is_sqlite(tx) else postgresql
        await tx.exec(
            kind.insert(Lease)
            .values(name=name, term=0, until=now)
            .on_conflict_do_nothing(index_elements=["name"])
        )
    free = col(Lease.until) <= now
    renewed = await tx.exec(
        update(Lease)
        .where(col(Lease.name) == name, col(Lease.replica_id) == replica_id)
        .values(until=now + holds_for)
        .returning(col(Lease.term))
    )
    if (row := renewed.first()) is not None:
        return int(row[0])
    # A holder that froze while it renewed keeps its row locked; whoever comes looks again at its next tick.
    found = select(col(Lease.name)).where(col(Lease.name) == name, *([] if at_once else [free]))
    taken = await tx.exec(
        update(Lease)
        .where(col(Lease.name).in_(found.with_for_update(skip_locked=True)))
        .values(replica_id=replica_id, term=col(Lease.term) + 1, until=now + holds_for)
        .returning(col(Lease.term))
    )
    row = taken.first()
    return None if row is None else int(row[0])


async def release_lease(tx: AsyncSession, replica_id: int, after: timedelta) -> None:
    """Let go of everything that this replica holds; somebody else may have it so much later."""
    until = await utc_now(tx) + after
    await tx.exec(
        update(Lease).where(col(Lease.replica_id) == replica_id).values(replica_id=None, until=until)
    )
