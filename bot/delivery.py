"""Delivery: what a unit of work asks for is written with it, sent after the commit, and erased when it is sent.

`write` belongs into the transaction of the unit of work, `send` follows its commit, while the person's turn lasts.
What Telegram did not take then waits in the outbox; `send_due`, ticked every second, goes on with it, each chat in its
order, and with what an earlier process left behind. Answers to presses and inline queries are not stored: they are sent
once, and dropped when they fail.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.sender import AnswerInline, AnswerPress, Outgoing, Sender, answered_question, call_of
from bot.services.all import Services
from bot.services.files import STORED
from bot.services.outbox import OutgoingRequest
from bot.services.requests import Blocked, Call, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from db.database import Database

log = logging.getLogger(__name__)

Step = OutgoingRequest | AnswerPress | AnswerInline  # what a unit of work asks for, in its order
CHATS_SIDE_BY_SIDE = 8  # of those that wait; people who ask now go before them


@dataclass
class _Result:
    """How the sending of some requests of one chat ended."""

    over: list[OutgoingRequest]
    replies: list[tuple[int, int]]  # question, and the message that answered it
    left: list[OutgoingRequest]
    wait_s: float | None = None  # that Telegram named for those left


class Delivery:
    """Sends what rows ask for, and only then forgets the rows."""

    def __init__(self, database: Database, services: Services, sender: Sender) -> None:
        self._database = database
        self._services = services
        self._sender = sender
        self._round: asyncio.Task[None] | None = None
        self._is_stopped = False

    def steps(self, outgoing: Sequence[Outgoing]) -> list[Step]:
        """The requests of a unit of work as they are stored and sent."""
        return [self._step(each) for each in outgoing]

    def _step(self, outgoing: Outgoing) -> Step:
        if isinstance(outgoing, AnswerPress | AnswerInline):
            return outgoing
        call = call_of(outgoing)
        return self._services.outbox.request(
            call.chat_id, call.method, call.parameters, answered_question(outgoing)
        )

    async def write(self, tx: AsyncSession, outgoing: Sequence[Outgoing]) -> list[Step]:
        """Store what goes to people, in the transaction that causes it; gives what `send` has to do afterwards."""
        steps = self.steps(outgoing)
        await self._services.outbox.write(tx, [step for step in steps if isinstance(step, OutgoingRequest)])
        return steps

    async def send(self, steps: Sequence[Step]) -> None:
        """Carry out what was written. What does not get through waits in the outbox; never raises for it."""
        requests: list[OutgoingRequest] = []
        for step in steps:
            if isinstance(step, OutgoingRequest):
                requests.append(step)
            else:
                # A press waits for its answer; what is written does not get lost behind it.
                await self._sender.answer(step)
        chats: dict[int, list[OutgoingRequest]] = {}
        for request in requests:
            if request.next_attempt_at is None:  # otherwise an earlier one of its chat waits
                chats.setdefault(request.chat_id, []).append(request)
        if chats:
            await self._record([await self._send_in_order(chat) for chat in chats.values()])

    async def send_due(self) -> None:
        """Go on with what waits and is due; does nothing while the last call is still at it."""
        if self._is_stopped or (self._round is not None and not self._round.done()):
            return
        self._round = asyncio.create_task(self._send_waiting())
        await asyncio.wait([self._round])
        if not self._round.cancelled() and (error := self._round.exception()) is not None:
            log.warning("outbox not read kind=%s", type(error).__name__)

    async def take_over(self) -> None:
        """Make due what an earlier process left behind."""
        async with self._database.transaction() as tx:
            await self._services.outbox.take_over(tx)

    def stop(self) -> None:
        """Leave what waits to the next start."""
        self._is_stopped = True
        if self._round is not None:
            self._round.cancel()

    async def _send_waiting(self) -> None:
        async with self._database.transaction() as tx:
            chats = await self._services.outbox.due(tx)
        places = asyncio.Semaphore(CHATS_SIDE_BY_SIDE)

        async def send(chat: list[OutgoingRequest]) -> None:
            async with places:
                await self._record([await self._send_in_order(chat)])

        await asyncio.gather(*(send(chat) for chat in chats))

    async def _send_in_order(self, chat: list[OutgoingRequest]) -> _Result:
        result = _Result([], [], [])
        for position, request in enumerate(chat):
            if self._services.outbox.is_too_late(request):
                log.warning("request given up outbox_id=%s method=%s", request.id, request.method)
                result.over.append(request)
                continue
            outcome = await self._carry_out(Call(request.method, request.parameters))
            match outcome:
                case Sent():
                    if request.question_id is not None and outcome.message_id is not None:
                        result.replies.append((request.question_id, outcome.message_id))
                case Blocked() | Moved() | Rejected():
                    log.warning(
                        "request not accepted outbox_id=%s method=%s outcome=%r",
                        request.id,
                        request.method,
                        outcome,
                    )
                case Uncertain() | Wait():
                    result.left = chat[position:]
                    result.wait_s = outcome.seconds if isinstance(outcome, Wait) else None
                    return result
            result.over.append(request)
        return result

    async def _carry_out(self, call: Call) -> Outcome:
        """Send it, with the bytes of its file in their place where it names a stored one."""
        stored = str(call.parameters.get("document", ""))
        if stored.startswith(STORED):
            try:
                async with self._database.transaction() as tx:
                    content = await self._services.files.content(tx, stored)
            except Exception as error:
                log.warning("file not read kind=%s", type(error).__name__)
                return Wait(1.0)
            if content is None:
                return Rejected("the file is gone")
            call = Call(call.method, call.parameters | {"document": content})
        return await self._sender.call(call)

    async def _record(self, results: Sequence[_Result]) -> None:
        try:
            async with self._database.transaction() as tx:
                for result in results:
                    await self._services.outbox.erase(tx, result.over)
                    await self._services.files.erase(tx, [request.parameters for request in result.over])
                    for question_id, message_id in result.replies:
                        await self._services.questions.record_reply(tx, question_id, message_id)
                    if result.left:
                        await self._services.outbox.postpone(tx, result.left, result.wait_s)
        except Exception as error:
            # The rows stay and are sent again at the next start: twice is better than not at all.
            log.warning("delivery not recorded kind=%s", type(error).__name__)
