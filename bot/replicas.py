"""This process among those that serve the same bot: it says that it lives, and learns whether it holds the lease.

    joined ──► lives ──► leads            the lease was free, or its holder was silent for longer than it lasts
                 ▲          │
                 └──────────┘             it could not be renewed in time; nothing of the bot is sent from then on

`tick` runs every fifth of the lease. A process that was frozen does not lead when it wakes up, whatever it last heard:
its own monotonic clock says that the lease is over. What dead processes had in hand is taken over by the holder. Why it
is so stands in `bot/services/replicas.py`.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.all import Services
from db.database import Database

log = logging.getLogger(__name__)

# The process stops believing in its lease a little before the others may take it.
BELIEVED = 0.8

TakeOver = Callable[[AsyncSession, int], Awaitable[None]]
TakeUp = Callable[[list[int]], Awaitable[None]]
Lead = Callable[[], Awaitable[None]]


class Replica:
    """One process.

    `take_over` belongs to each tick of the holder, within its transaction and with the term: so whoever begins to send
    knows already what the last holder left. `lead` is called when a new term has begun, `take_up` is given the inbox
    rows that became ours.
    """

    def __init__(
        self,
        database: Database,
        services: Services,
        bot_id: int,
        lease: timedelta,
        *,
        take_over: TakeOver,
        take_up: TakeUp,
        lead: Lead,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._services = services
        self._bot_id = bot_id
        self._lease = lease
        self._take_over = take_over
        self._take_up = take_up
        self._lead = lead
        self._now = now
        self._is_alone = database.is_sqlite
        self._term: int | None = None
        self._leads_until = 0.0
        self.id = 0

    @property
    def term(self) -> int | None:
        """The term for which this process holds the lease; None while it does not, or cannot be sure that it does."""
        if self._term is None or (not self._is_alone and self._now() >= self._leads_until):
            return None
        return self._term

    @property
    def leads(self) -> bool:
        """Whether this process is the one that sends and ticks."""
        return self.term is not None

    async def join(self) -> None:
        """Become one of those that live, and lead if nobody else does."""
        async with self._database.transaction() as tx:
            self.id = await self._services.replicas.join(tx, is_alone=self._is_alone)

    async def tick(self) -> None:
        """Say that we live; take, keep or lose the lease; take over what nobody has in hand."""
        replicas, inbox = self._services.replicas, self._services.inbox
        before, asked_at = self._term, self._now()
        taken: list[int] = []
        async with self._database.transaction() as tx:
            if not await replicas.live(tx, self.id):
                # Taken for dead while frozen: whatever was ours is somebody else's now.
                self.id = await replicas.join(tx, is_alone=self._is_alone)
                log.warning("taken for dead, joined again replica=%d", self.id)
            term = await replicas.lead(tx, self.id, self._lease, is_alone=self._is_alone)
            if term is not None:
                if not self._is_alone:
                    await replicas.bury(tx, self.id, self._lease)
                taken = await inbox.take_over(tx, self._bot_id, self.id)
                await self._take_over(tx, term)
        self._term, self._leads_until = term, asked_at + self._lease.total_seconds() * BELIEVED
        if term != before:
            log.info("lease replica=%d term=%s", self.id, term)
            if term is not None:
                await self._lead()
        if taken:
            log.info("taken over updates=%d", len(taken))
            await self._take_up(taken)

    async def leave(self) -> None:
        """End in order: what is not done is left to the others at once."""
        self._term = None
        async with self._database.transaction() as tx:
            await self._services.inbox.let_go(tx, self.id)
            await self._services.replicas.leave(tx, self.id)
