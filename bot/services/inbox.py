"""The inbox: an update is stored before it is confirmed to Telegram, and handled once.

    stored ──► pending ──► done         in the transaction of its effects and replies; the payload is erased
                  │  ▲
                  │  └──── tried again   after a transient error, or at the next start
                  └──────► set aside     after a fault of ours or the last attempt; the payload stays a week

Invariants: a pair (bot id, update id) has one row, so a second delivery finds the first; an update whose row is not
pending is never handled; a row is done if and only if what it led to is committed. After a week nothing remains of
what is done, and only ids, kind, times and the error's id of what was set aside.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from db.models import IncomingUpdate, UpdateState
from db.queries import inbox as queries

__all__ = ["Inbox", "IncomingUpdate"]

# Telegram repeats an update for a day at most; after a week without any it may count from elsewhere (Bot API, Update).
KEPT_FOR = timedelta(days=7)
# With SQLite nobody else writes meanwhile: so many rows are deleted in some hundredths of a second.
FORGOTTEN_AT_ONCE = 1000


class Inbox:
    """What came in, and how far it has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(self, tx: AsyncSession, bot_id: int, updates: Sequence[dict[str, Any]]) -> None:
        """Keep a batch as it came; what is known already is left as it is."""
        known = await queries.known(tx, bot_id, [update["update_id"] for update in updates])
        for update in updates:
            if update["update_id"] not in known:
                kind = next((name for name in update if name != "update_id"), "")
                row = IncomingUpdate(
                    bot_id=bot_id,
                    update_id=update["update_id"],
                    kind=kind[:40],
                    received_at=self._clock.now(),
                    payload=json.dumps(update),
                )
                tx.add(row)

    async def claim(self, tx: AsyncSession, bot_id: int, update_id: int) -> IncomingUpdate | None:
        """The row to handle this update under, locked until the end of `tx`; None if it was never stored."""
        return await queries.locked(tx, bot_id, update_id)

    def is_handled(self, row: IncomingUpdate) -> bool:
        """Whether nothing is left to do: Telegram delivered it twice."""
        return row.state != UpdateState.PENDING

    async def unfinished(self, tx: AsyncSession, bot_id: int) -> list[IncomingUpdate]:
        """What an earlier process left, in the order in which it came."""
        return await queries.pending(tx, bot_id)

    async def begin_again(self, tx: AsyncSession, bot_id: int, update_id: int) -> int:
        """Count a repeated attempt before it begins; gives its number."""
        row = await queries.locked(tx, bot_id, update_id)
        if row is None:
            return 1
        row.attempts += 1
        row.next_attempt_at = None
        return row.attempts

    async def postpone(self, tx: AsyncSession, bot_id: int, update_id: int, wait_s: float) -> None:
        """Note when the next attempt is meant to begin."""
        row = await queries.locked(tx, bot_id, update_id)
        if row is not None:
            row.next_attempt_at = self._clock.now() + timedelta(seconds=wait_s)

    def finish(self, row: IncomingUpdate) -> None:
        """It is done, in the transaction that holds `row`: erase what people wrote."""
        row.state = UpdateState.DONE
        row.payload = None
        row.next_attempt_at = None
        row.done_at = self._clock.now()

    def set_aside(self, row: IncomingUpdate, error_id: str | None) -> None:
        """It cannot be handled; the payload stays for whoever looks into the error."""
        row.state = UpdateState.SET_ASIDE
        row.error_id = error_id
        row.next_attempt_at = None
        row.done_at = self._clock.now()

    async def forget(self, tx: AsyncSession) -> None:
        """Let go of what ended a week ago, a portion at a time."""
        await queries.forget(tx, self._clock.now() - KEPT_FOR, FORGOTTEN_AT_ONCE)
