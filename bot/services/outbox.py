"""The outbox: what is told to people is a row from the commit that causes it until Telegram has accepted it.

    written ──► erased     sent; or refused for good, which the log knows by the row's id; what a row has to say in its
       │ ▲                 place is written then
       │ └───── waits      the line dropped or Telegram said wait; another process wrote it, or left it behind
       └──────► erased     not sent for a day: nobody expects an answer any more

Invariants: a row is written in the transaction of what it tells of; one that is being sent bears the term of the lease
under which it is, and belongs to nobody when that is over; within a chat a request never passes an earlier one that
waits or belongs to nobody. What may have arrived is repeated, so a message can come twice but never not at all.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from db.database import notify
from db.models import OutgoingRequest
from db.queries import outbox as queries

__all__ = ["CHANNEL", "Outbox", "OutgoingRequest"]

# Telegram keeps an update for its bot a day as well (Bot API, getting updates).
KEPT_FOR = timedelta(days=1)
WAITS_S = (1.0, 4.0, 15.0, 60.0, 300.0)  # after the last one every five minutes, until KEPT_FOR is over
# A row is in hand moments after its commit; after so long it was committed though the commit seemed to fail.
SENT_WITHIN = timedelta(seconds=10)
CHANNEL = "outgoing"  # on which the process that sends hears of what others wrote


class Outbox:
    """What is still to be sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def request(
        self,
        chat_id: int,
        method: str,
        parameters: dict[str, Any],
        question_id: int | None = None,
        if_refused: dict[str, Any] | None = None,
        poll_copy_id: int | None = None,
    ) -> OutgoingRequest:
        """A request to write with `write`; `if_refused` are the parameters of the message that takes its place when
        Telegram will not have it."""
        return OutgoingRequest(
            chat_id=chat_id,
            method=method,
            parameters=parameters,
            question_id=question_id,
            if_refused=if_refused,
            poll_copy_id=poll_copy_id,
            created_at=self._clock.now(),
        )

    async def write(self, tx: AsyncSession, requests: Sequence[OutgoingRequest], term: int | None) -> None:
        """Store these in their order; those behind an earlier one that waits begin to wait as well.

        `term` is that of the lease under which this process sends. Where it is None, all of them wait for the process
        that sends, which is told.
        """
        if not requests:
            return
        if term is not None:
            waiting = await queries.waiting_chats(tx, {request.chat_id for request in requests}, term)
        else:
            waiting = {request.chat_id for request in requests}
            await notify(tx, CHANNEL)
        for request in requests:
            request.term = term or 0
            if request.chat_id in waiting:
                request.next_attempt_at = self._clock.now()
        tx.add_all(requests)
        await tx.flush()  # the ids are given in the order of the list: they are the requests' order

    async def say_instead(self, tx: AsyncSession, refused: Sequence[OutgoingRequest]) -> None:
        """Have people told where Telegram refused something that has words in its place."""
        instead = [
            self.request(request.chat_id, "sendMessage", request.if_refused)
            for request in refused
            if request.if_refused is not None
        ]
        await self.write(tx, instead, None)

    async def due(
        self, tx: AsyncSession, most: int, busy: Collection[int] = ()
    ) -> list[list[OutgoingRequest]]:
        """What may be tried now in at most so many chats, a list for each in its order.

        A chat whose first request is not due is left out, and one to which something is being sent.
        """
        chats = await queries.due_chats(tx, self._clock.now(), busy, most)
        requests = sorted(await queries.of_chats(tx, chats), key=lambda each: each.chat_id)  # stable
        return [list(group) for _, group in groupby(requests, key=lambda each: each.chat_id)]

    def is_too_late(self, request: OutgoingRequest) -> bool:
        """Whether this has waited so long that nobody expects it any more."""
        return self._clock.now() - request.created_at >= KEPT_FOR

    async def postpone(self, tx: AsyncSession, requests: list[OutgoingRequest], wait_s: float | None) -> None:
        """Count the attempt; the first and those behind it wait, `wait_s` seconds if Telegram named them."""
        first = requests[0]
        seconds = WAITS_S[min(first.attempts, len(WAITS_S) - 1)] if wait_s is None else wait_s
        ids = [request.id for request in requests if request.id is not None]
        await queries.postpone(tx, ids, self._clock.now() + timedelta(seconds=seconds))

    async def hand_back(self, tx: AsyncSession, requests: Collection[OutgoingRequest]) -> None:
        """This process lost the lease before it tried these: they are for the next holder."""
        ids = [request.id for request in requests if request.id is not None]
        await queries.hand_back(tx, ids, self._clock.now())

    async def erase(self, tx: AsyncSession, requests: Collection[OutgoingRequest]) -> None:
        """These are over."""
        if requests:
            await queries.erase(tx, [request.id for request in requests if request.id is not None])

    async def take_over(self, tx: AsyncSession, term: int, in_hand: Collection[int]) -> None:
        """Make due what is being sent by nobody: written under an earlier term, or for a while not in hand."""
        now = self._clock.now()
        await queries.take_over(tx, term, in_hand, now - SENT_WITHIN, now)
