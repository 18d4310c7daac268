"""The inbox: an update is stored before it is confirmed to Telegram, and handled once.

    stored ──► pending ──► done         in the transaction of its effects and replies; the payload is erased
                  │  ▲
                  │  └──── tried again   after a transient error, or at the next start
                  └──────► set aside     after a fault of ours or the last attempt; the payload stays a week

Invariants: a pair (bot id, update id) has one row, so a second delivery finds the first; an update whose row is not
pending is never handled; a row is done if and only if what it led to is committed; of one person the row with the
lowest id goes first, whichever process received it. After a week nothing remains of what is done, and only ids, kind,
times and the error's id of what was set aside.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import json_text
from bot.clock import Clock
from db.database import insert_or_leave
from db.models import IncomingUpdate, UpdateState
from db.queries import inbox as queries

__all__ = ["Inbox", "IncomingUpdate", "Row", "is_private_total", "order_key"]

# Telegram repeats an update for a day at most; after a week without any it may count from elsewhere (Bot API, Update).
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """A stored update that is to be handled, locked until the end of the transaction."""

    id: int
    update_id: int


def order_key(update: dict[str, Any]) -> int:
    """Whose turn an update, as it came, is part of: the person's, or the chat's where nobody is named; 0 otherwise."""
    for kind, body in update.items():
        if kind != "update_id" and isinstance(body, dict):
            for name in ("from", "user", "chat", "voter_chat"):
                if isinstance(whose := body.get(name), dict):
                    return int(whose["id"])
    return 0


def is_private_total(update: dict[str, Any]) -> bool:
    """Whether this tells the totals of a poll in a private chat, which are its one voter's vote: they are never kept.

    Those of groups are anonymous; the named ones come as `poll_answer` as well.
    """
    poll = update.get("poll")
    return isinstance(poll, dict) and not poll.get("is_anonymous", False)


class Inbox:
    """What came in, and how far it has come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def store(
        self, tx: AsyncSession, bot_id: int, updates: Sequence[dict[str, Any]], replica_id: int | None = None
    ) -> None:
        """Keep a batch as it came, in the hands of this replica; what is known already is left as it is."""
        rows = [
            {
                "bot_id": bot_id,
                "update_id": update["update_id"],
                "kind": next((name for name in update if name != "update_id"), "")[:40],
                "order_key": order_key(update),
                "replica_id": replica_id,
                "received_at": self._clock.now(),
                "payload": json_text.written(update),
                "state": UpdateState.PENDING,
                "attempts": 1,
            }
            for update in updates
            if not is_private_total(update)
        ]
        if rows:
            await insert_or_leave(tx, IncomingUpdate, rows)

    async def lock_orders(self, tx: AsyncSession, bot_id: int, keys: Collection[int]) -> set[int]:
        """Take the turns of these until the end of `tx`; gives those that are not being served elsewhere."""
        return await queries.lock_orders(tx, bot_id, list(keys))

    async def next_of(self, tx: AsyncSession, bot_id: int, keys: Collection[int]) -> dict[int, Row]:
        """Of each of these turns the update to handle next, if there is any, locked until the end of `tx`."""
        rows = await queries.next_of(tx, bot_id, keys)
        return {key: Row(row_id, update_id) for key, (row_id, update_id) in rows.items()}

    async def pending(
        self, tx: AsyncSession, bot_id: int, update_ids: Collection[int]
    ) -> dict[int, Row | None]:
        """Those of these updates that were ever stored; None stands for one with which nothing is left to do."""
        found = await queries.states(tx, bot_id, update_ids)
        return {
            update_id: Row(row_id, update_id) if state == UpdateState.PENDING else None
            for update_id, (row_id, state) in found.items()
        }

    async def load(self, tx: AsyncSession, row_ids: Collection[int]) -> list[IncomingUpdate]:
        """Those of these rows with which something is left to do, with what came, in their order.

        A row that was taken over may be done by now: Telegram delivered the update again meanwhile.
        """
        return await queries.pending_by_ids(tx, row_ids)

    async def take_over(self, tx: AsyncSession, bot_id: int, replica_id: int) -> list[int]:
        """Have everything that no living replica has in hand; gives the ids of the rows in their order."""
        return await queries.take_over(tx, bot_id, replica_id)

    async def let_go(self, tx: AsyncSession, replica_id: int) -> None:
        """Leave to others what this replica has not done."""
        await queries.let_go(tx, replica_id)

    async def begin_again(
        self, tx: AsyncSession, bot_id: int, update_ids: Collection[int], most: int | None = None
    ) -> dict[int, int]:
        """Count a repeated attempt of each before it begins; gives update id -> number of the attempt.

        Those that have had `most` attempts are left as they are, and out.
        """
        return await queries.count_attempt(tx, bot_id, update_ids, most)

    async def postpone(self, tx: AsyncSession, bot_id: int, update_id: int, wait_s: float) -> None:
        """Note when the next attempt is meant to begin."""
        await queries.postpone(tx, bot_id, update_id, self._clock.now() + timedelta(seconds=wait_s))

    async def finish(self, tx: AsyncSession, rows: Sequence[Row]) -> None:
        """They are done, in the transaction of what they led to: erase what people wrote."""
        if rows:
            await queries.finish(tx, [row.id for row in rows], self._clock.now())

    async def set_aside(self, tx: AsyncSession, row_id: int, error_id: str | None) -> bool:
        """It cannot be handled; the payload stays for whoever looks into the error. False if it is over already."""
        return await queries.set_aside(tx, row_id, error_id, self._clock.now())

    async def forget(self, tx: AsyncSession) -> bool:
        """Let go of some of what ended a week ago; gives whether there may be more."""
        return await queries.forget(tx, self._clock.now() - KEPT_FOR)
