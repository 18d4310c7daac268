"""The outbox: what is told to people is a row from the commit that causes it until Telegram has accepted it.

    written ──► erased     sent; or refused for good, which the log knows by the row's id
       │ ▲
       │ └───── waits      the line dropped or Telegram said wait; or a process left it behind
       └──────► erased     not sent for a day: nobody expects an answer any more

Invariants: a row is written in the transaction of what it tells of; within a chat a request never passes an earlier one
that waits. What may have arrived is repeated, so a message can come twice but never not at all.
"""

from collections.abc import Collection
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from db.models import OutgoingRequest
from db.queries import outbox as queries

__all__ = ["Outbox", "OutgoingRequest"]

# Telegram keeps an update for its bot a day as well (Bot API, getting updates).
KEPT_FOR = timedelta(days=1)
WAITS_S = (1.0, 4.0, 15.0, 60.0, 300.0)  # after the last one every five minutes, until KEPT_FOR is over


class Outbox:
    """What is still to be sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def request(
        self, chat_id: int, method: str, parameters: dict[str, Any], question_id: int | None = None
    ) -> OutgoingRequest:
        """A request to write with `write`."""
        return OutgoingRequest(
            chat_id=chat_id,
            method=method,
            parameters=parameters,
            question_id=question_id,
            created_at=self._clock.now(),
        )

    async def write(self, tx: AsyncSession, requests: list[OutgoingRequest]) -> None:
        """Store these in their order; those behind an earlier one that waits begin to wait as well."""
        if not requests:
            return
        blocked = await queries.waiting_chats(tx, {request.chat_id for request in requests})
        for request in requests:
            if request.chat_id in blocked:
                request.next_attempt_at = self._clock.now()
            tx.add(request)
            await tx.flush()  # one by one: their ids are their order

    async def due(self, tx: AsyncSession) -> list[list[OutgoingRequest]]:
        """What may be tried now, a list for each chat in its order; a chat whose first one is not due is left out."""
        now = self._clock.now()
        waiting = sorted(
            await queries.waiting(tx), key=lambda request: request.chat_id
        )  # stable: ids stay in order
        chats = (list(group) for _, group in groupby(waiting, key=lambda request: request.chat_id))
        return [
            chat for chat in chats if chat[0].next_attempt_at is not None and chat[0].next_attempt_at <= now
        ]

    def is_too_late(self, request: OutgoingRequest) -> bool:
        """Whether this has waited so long that nobody expects it any more."""
        return self._clock.now() - request.created_at >= KEPT_FOR

    async def postpone(self, tx: AsyncSession, requests: list[OutgoingRequest], wait_s: float | None) -> None:
        """Count the attempt; the first and those behind it wait, `wait_s` seconds if Telegram named them."""
        first = requests[0]
        seconds = WAITS_S[min(first.attempts, len(WAITS_S) - 1)] if wait_s is None else wait_s
        ids = [request.id for request in requests if request.id is not None]
        await queries.postpone(tx, ids, self._clock.now() + timedelta(seconds=seconds))

    async def erase(self, tx: AsyncSession, requests: Collection[OutgoingRequest]) -> None:
        """These are over."""
        await queries.erase(tx, [request.id for request in requests if request.id is not None])

    async def take_over(self, tx: AsyncSession) -> None:
        """Make due what an earlier process left behind."""
        await queries.wake_all(tx, self._clock.now())
