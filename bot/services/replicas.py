"""Replicas: the processes that serve one bot, and which of them sends and ticks.

Any number of processes may take updates in. One at a time holds the lease: it alone sends what people are told, runs
mailings and ticks the clock, so that Telegram's limits are counted in one place. A process says every few seconds that
it lives; one that was silent for longer than the lease lasts is dead, and what it had in hand goes to the holder. Times
are the database's own, since the clocks of several machines differ.

With SQLite there is one process (`Database.claim`); it holds the lease from its start on.
"""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from db.queries import replicas as queries

LEASE = "sending"
# Telegram still counts what the last holder sent a second ago, and the next one begins to count at nothing.
BETWEEN_HOLDERS = timedelta(seconds=1)


class Replicas:
    """Who is alive, and who holds the lease."""

    async def join(self, tx: AsyncSession, *, is_alone: bool) -> int:
        """A new process; gives its id. `is_alone`: every other one is known to be dead."""
        replica_id = await queries.add(tx)
        if is_alone:
            await queries.remove_dead(tx, replica_id, None)
        return replica_id

    async def live(self, tx: AsyncSession, replica_id: int) -> bool:
        """Say that this process lives; False if it was taken for dead meanwhile."""
        return await queries.see(tx, replica_id)

    async def bury(self, tx: AsyncSession, replica_id: int, silent_for: timedelta) -> None:
        """Forget those that were silent for so long; what they had in hand is then in nobody's hands."""
        await queries.remove_dead(tx, replica_id, silent_for)

    async def lead(
        self, tx: AsyncSession, replica_id: int, holds_for: timedelta, *, is_alone: bool = False
    ) -> int | None:
        """Take or keep the lease; gives its term, or None while another process holds it."""
        return await queries.take_lease(tx, LEASE, replica_id, holds_for, at_once=is_alone)

    async def leave(self, tx: AsyncSession, replica_id: int) -> None:
        """This process ends in order: others need not wait for its silence."""
        await queries.release_lease(tx, replica_id, BETWEEN_HOLDERS)
        await queries.remove(tx, replica_id)
