"""Delivery: what a unit of work asks for is written with it, sent after the commit, and erased when it is sent.

`write_all` belongs into the transaction of the units of work, `send` follows its commit, while the person's turn lasts.
What Telegram did not take then waits in the outbox (`bot/services/outbox.py`); `send_due`, ticked every second, goes on
with it, each chat in its order, and with what another process wrote or left behind. Only the holder of the lease sends
(`bot/replicas.py`), so that Telegram's limits are counted in one place; the others write, and tell it so. Who loses the
lease before it tried a request hands it back; who dies with it leaves a row that bears a term which is over.

Answers to presses and inline queries are not stored: whichever process handled the press answers it, once, and they are
dropped when they fail. They count against no limit.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.gathering import Gathering
from bot.outgoing import (
    AnswerInline,
    AnswerPress,
    Outgoing,
    answered_question,
    asked_copy,
    call_of,
    said_instead,
)
from bot.sender import Sender
from bot.services.all import Services
from bot.services.files import stored_file
from bot.services.outbox import OutgoingRequest
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from db.database import Database, is_transient

log = logging.getLogger(__name__)

Step = OutgoingRequest | AnswerPress | AnswerInline  # what a unit of work asks for, in its order
CHATS_SIDE_BY_SIDE = 100  # of those that wait; the limiter says whose turn it is
RECORD_AGAIN_S = 1.0


@dataclass
class _Result:
    """How the sending of some requests of one chat ended."""

    over: list[OutgoingRequest] = field(default_factory=list)
    refused: list[OutgoingRequest] = field(default_factory=list)
    replies: list[tuple[int, int]] = field(default_factory=list)  # question, and the message that answered it
    # Of a poll: its copy, the poll that came of it if any did, whether an earlier try may have brought one as well.
    polls: list[tuple[int, str | None, bool]] = field(default_factory=list)
    blocked: list[int] = field(default_factory=list)  # chats that let nothing in
    left: list[OutgoingRequest] = field(default_factory=list)
    untried: list[OutgoingRequest] = field(default_factory=list)  # since the lease was lost
    wait_s: float | None = None  # that Telegram or the limits named for those left


class Delivery:
    """Sends what rows ask for, and only then forgets the rows.

    `term` is that of the lease which this process holds, None while it does not.
    """

    def __init__(
        self, database: Database, services: Services, sender: Sender, term: Callable[[], int | None]
    ) -> None:
        self._database = database
        self._services = services
        self._sender = sender
        self._term = term
        self._records: Gathering[_Result] = Gathering(self._record)
        self._chats: dict[int, int] = {}  # chat -> how many are sending to it
        self._in_hand: set[int] = set()  # rows
        self._waiting: set[asyncio.Task[None]] = set()
        self._is_looking = False
        self._is_to_look_again = False
        self._is_stopped = False

    def steps(self, outgoing: Sequence[Outgoing]) -> list[Step]:
        """The requests of a unit of work as they are stored and sent."""
        return [self._step(each) for each in outgoing]

    def _step(self, outgoing: Outgoing) -> Step:
        if isinstance(outgoing, AnswerPress | AnswerInline):
            return outgoing
        call = call_of(outgoing)
        return self._services.outbox.request(
            call.chat_id,
            call.method,
            call.parameters,
            answered_question(outgoing),
            said_instead(outgoing),
            asked_copy(outgoing),
        )

    async def write_all(self, tx: AsyncSession, units: Sequence[Sequence[Outgoing]]) -> list[list[Step]]:
        """Store what goes to people, in the transaction that causes it; gives what `send` has to do for each unit."""
        steps = [self.steps(outgoing) for outgoing in units]
        requests = [step for unit in steps for step in unit if isinstance(step, OutgoingRequest)]
        await self._services.outbox.write(tx, requests, self._term())
        return steps

    async def send(self, steps: Sequence[Step]) -> None:
        """Carry out what was written. What does not get through waits in the outbox; never raises for it."""
        chats: dict[int, list[OutgoingRequest]] = {}
        answers: list[AnswerPress | AnswerInline] = []
        for step in steps:
            if not isinstance(step, OutgoingRequest):
                answers.append(step)
            elif (
                step.next_attempt_at is None
            ):  # the others wait: for an earlier one, or for the process that sends
                chats.setdefault(step.chat_id, []).append(step)
        if len(answers) + len(chats) == 1:
            for answer in answers:
                await self._sender.answer(answer)
            for chat in chats.values():
                await self._send_in_order(chat, self._term_of(chat))
        else:
            await asyncio.gather(
                *(self._sender.answer(answer) for answer in answers),
                *(self._send_in_order(chat, self._term_of(chat)) for chat in chats.values()),
            )

    async def send_due(self) -> None:
        """Go on with what waits and is due, and comes from a chat to which nothing is being sent. Never raises."""
        self._is_to_look_again = True  # whoever looks at this moment may have read before this was written
        if self._is_looking:
            return
        self._is_looking = True
        try:
            while self._is_to_look_again:
                self._is_to_look_again = False
                await self._look()
        except Exception as error:
            log.warning("outbox not read kind=%s", type(error).__name__)
        finally:
            self._is_looking = False

    async def _look(self) -> None:
        term, room = self._term(), CHATS_SIDE_BY_SIDE - len(self._waiting)
        if self._is_stopped or term is None or room <= 0:
            return
        async with self._database.transaction() as tx:
            due = await self._services.outbox.due(tx, room, busy=list(self._chats))
            await self._services.outbox.take(tx, [request for chat in due for request in chat], term)
        for chat in due:
            if chat[0].chat_id in self._chats:
                continue  # since the rows were read
            task = asyncio.create_task(self._send_in_order(chat, term))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def take_over(self, tx: AsyncSession, term: int) -> None:
        """Make due what is in nobody's hands, at each tick of the holder.

        That is what earlier holders left, and what was committed though the commit seemed to fail.
        """
        await self._services.outbox.take_over(tx, term, self._in_hand)

    def _term_of(self, chat: Sequence[OutgoingRequest]) -> int | None:
        # An apology that could not be stored has no row, and is sent now or never.
        return chat[0].term if chat[0].id is not None else self._term()

    async def settled(self) -> None:
        """Wait until nothing that was due is being sent any more."""
        while self._waiting:
            await asyncio.wait(self._waiting)

    async def stop(self) -> None:
        """Leave what waits to the next start."""
        self._is_stopped = True
        waiting = list(self._waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def _send_in_order(self, chat: list[OutgoingRequest], term: int | None) -> Coroutine[None, None, None]:
        # From now on, not from the first step of a task: nobody is to find the chat idle in between.
        chat_id = chat[0].chat_id
        self._chats[chat_id] = self._chats.get(chat_id, 0) + 1
        self._in_hand |= _ids(chat)
        return self._send_all(chat, term)

    async def _send_all(self, chat: list[OutgoingRequest], term: int | None) -> None:
        chat_id = chat[0].chat_id
        try:
            await self._records.add(await self._try_in_order(chat, term))
        finally:
            self._in_hand -= _ids(chat)
            self._chats[chat_id] -= 1
            if not self._chats[chat_id]:
                del self._chats[chat_id]

    async def _try_in_order(self, chat: list[OutgoingRequest], term: int | None) -> _Result:
        result = _Result()
        for position, request in enumerate(chat):
            if term is None or self._term() != term:
                result.untried = chat[position:]
                break
            if self._services.outbox.is_too_late(request):
                log.warning("request given up outbox_id=%s method=%s", request.id, request.method)
                result.over.append(request)
                continue
            outcome = await self._carry_out(Call(request.method, request.parameters), Lane(request.lane))
            match outcome:
                case Sent():
                    if request.question_id is not None and outcome.message_id is not None:
                        result.replies.append((request.question_id, outcome.message_id))
                    if request.poll_copy_id is not None:
                        may_be_second = request.attempts > 0 or 0 < request.term < term
                        result.polls.append((request.poll_copy_id, outcome.poll_id, may_be_second))
                case Blocked() | Rejected() | Moved():
                    log.warning(
                        "request not accepted outbox_id=%s method=%s outcome=%r",
                        request.id,
                        request.method,
                        outcome,
                    )
                    if request.poll_copy_id is not None:
                        result.polls.append((request.poll_copy_id, None, False))
                    if isinstance(outcome, Rejected):
                        result.refused.append(request)
                    if isinstance(outcome, Blocked):
                        result.blocked.append(request.chat_id)
                case Wait() if self._term() != term:
                    result.untried = chat[position:]
                    break
                case Uncertain() | Wait():
                    result.left = chat[position:]
                    result.wait_s = outcome.seconds if isinstance(outcome, Wait) else None
                    break
            result.over.append(request)
        return result

    async def _carry_out(self, call: Call, lane: Lane) -> Outcome:
        """Send it, with the bytes of its file in their place where it names a stored one."""
        name, stored = stored_file(call.parameters)
        if stored:
            try:
                async with self._database.transaction() as tx:
                    content = await self._services.files.content(tx, stored)
            except Exception as error:
                log.warning("file not read kind=%s", type(error).__name__)
                return Wait(1.0)
            if content is None:
                return Rejected("the file is gone")
            call = Call(call.method, call.parameters | {name: content})
        return await self._sender.call(call, lane)

    async def _record(self, results: Sequence[_Result]) -> None:
        """Forget what was sent. The chats' turns last until then, so that no later message passes one that waits."""
        while True:
            try:
                async with self._database.transaction() as tx:
                    over = [request for result in results for request in result.over]
                    await self._services.outbox.erase(tx, over)
                    refused = [request for result in results for request in result.refused]
                    await self._services.outbox.say_instead(tx, refused)
                    await self._services.files.erase(tx, [request.parameters for request in over])
                    blocked = [chat_id for result in results for chat_id in result.blocked]
                    await self._services.people.note_blocked(tx, blocked)
                    await self._services.questions.record_replies(
                        tx, [reply for result in results for reply in result.replies]
                    )
                    await self._services.poll_voting.settle_copies(
                        tx, [copy for result in results for copy in result.polls]
                    )
                    for result in results:
                        if result.left:
                            await self._services.outbox.postpone(tx, result.left, result.wait_s)
                    untried = [one for result in results for one in result.untried]
                    if untried:
                        await self._services.outbox.hand_back(tx, untried)
                return
            except Exception as error:
                log.warning("delivery not recorded kind=%s", type(error).__name__)
                if self._is_stopped or not is_transient(error):
                    return  # the rows stay and are sent again at the next start: twice is better than not at all
            await asyncio.sleep(RECORD_AGAIN_S)


def _ids(chat: Sequence[OutgoingRequest]) -> set[int]:
    return {request.id for request in chat if request.id is not None}
