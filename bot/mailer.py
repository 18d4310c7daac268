"""The mailer: takes deliveries that are due, has the courier carry them out, and writes down what came of each.

It works in rounds, each of them one transaction: outcomes are recorded, then as many deliveries are marked as sending
as there is room for, and after the commit they leave side by side. How fast is up to the courier, who knows Telegram's
limits. A round begins when outcomes have come together or are a moment old, and when somebody calls `wake`: whoever
starts or resumes a mailing, and a tick every second, since time alone makes deliveries due. A round that finds nothing
costs one small transaction.

- What is marked never numbers more than the places in the air, also while the database is away: outcomes keep their
  places until they are recorded. A SIGKILL leaves no more than that uncertain.
- Only the holder of the lease marks anything; `holder` gives its term. Its first round under a term takes over what
  earlier ones left. A process that was frozen between marking and sending puts back what did not leave.
- Whatever the database does, outcomes in hand are kept and recorded later; after a claim whose answer got lost, what
  is not in hand goes back to pending.
- When try after try ends without an answer or with "wait", the line is down or Telegram is closed: single deliveries
  feel the way, a moment apart, instead of turning the whole list uncertain.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.all import Services
from bot.services.mailings import Claimed, Progress, Result
from bot.services.requests import Courier, Outcome, Rejected, Sent, Uncertain, Wait
from db.database import Database, is_transient

log = logging.getLogger(__name__)

IN_FLIGHT = 30  # places in the air at least: at Telegram's usual rate an answer may take a second
RECORD_WITHIN_S = 0.3  # outcomes in hand are no older than this before they are recorded
FRESH_S = 3.0  # a process that needs longer from marking to sending was frozen, and may have a successor
LAND_WITHIN_S = 4.0  # a stop takes ten seconds altogether
TROUBLES = 5  # tries in a row without an answer, or told to wait: no accident
RESTS_S = (1.0, 2.0, 5.0)  # between single tries after that; after the last one every five seconds
PAUSES_S = (0.2, 1.0, 5.0)  # before the database is asked again
LAST_TRIES = 5  # to record what is in hand when stopping
LONGEST_WAIT_WITHIN_S = 30.0  # for the next part of a copy whose first part has arrived
NOTHING_TO_CALL = "there is no such message in the copy"

Listener = Callable[[AsyncSession, Progress], Awaitable[None]]


class Mailer:
    """Sends what is due of all mailings, for as long as this process holds the lease.

    `rate` is how many a second the courier lets through in bulk; `holder` gives the term of the lease, larger with each
    holding, or None when another process has it. `on_progress` is told inside the transaction of the recording when
    mailings end or stop by themselves, chats are blocked and groups move.
    """

    def __init__(
        self,
        database: Database,
        services: Services,
        courier: Courier,
        rate: float,
        holder: Callable[[], int | None],
        *,
        on_progress: Listener | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        in_flight: int = IN_FLIGHT,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self._database = database
        self._mailings = services.mailings
        self._courier = courier
        self._holder = holder
        self._on_progress = on_progress
        self._monotonic = monotonic
        self._places = max(in_flight, round(rate))
        self._batch = max(1, round(rate / 2))
        self._pauses_s = tuple(pauses_s)
        self._term: int | None = None
        self._in_air: dict[int, asyncio.Task[None]] = {}
        self._results: list[Result] = []
        self._is_unclear = False
        self._troubles = 0
        self._rest_until = 0.0
        self._is_stopping = False
        self._something = asyncio.Event()
        self._is_over: asyncio.Event | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def in_hand(self) -> int:
        """How many deliveries are marked and not recorded."""
        return len(self._in_air) + len(self._results)

    def wake(self) -> None:
        """Look whether something is due."""
        self._something.set()

    async def run(self) -> None:
        """Send until `stop`. Cancelled, it leaves everything as it is, as a kill would."""
        self._is_over = asyncio.Event()
        self._something.set()
        try:
            failures = 0
            while not self._is_stopping:
                await self._something.wait()
                self._something.clear()
                if await self._try_round():
                    failures = 0
                else:
                    await self._pause(failures)
                    failures += 1
            await self._land()
        finally:
            if self._timer is not None:
                self._timer.cancel()
            for task in self._in_air.values():
                task.cancel()
            self._is_over.set()

    async def stop(self) -> None:
        """Mark nothing more, wait a few seconds for what is in the air, record it and end `run`."""
        self._is_stopping = True
        self._something.set()
        if self._is_over is not None:
            await self._is_over.wait()

    async def _land(self) -> None:
        if self._in_air:
            _, late = await asyncio.wait(self._in_air.values(), timeout=LAND_WITHIN_S)
            for task in late:
                task.cancel()  # its request may have left: it ends as uncertain
            await asyncio.gather(*late, return_exceptions=True)
        for failures in range(LAST_TRIES):
            if await self._try_round():
                return
            await self._pause(failures)
        log.warning("mailer stopped, outcomes not recorded number=%d", len(self._results))

    async def _pause(self, failures: int) -> None:
        await asyncio.sleep(self._pauses_s[min(failures, len(self._pauses_s) - 1)])
        self._something.set()

    async def _try_round(self) -> bool:
        try:
            await self._round()
        except Exception as error:
            # Nothing here may end the mailer: what is marked would stay so until the next start.
            if is_transient(error):
                log.warning("mailer waits for the database kind=%s", type(error).__name__)
            else:
                log.exception("mailer round failed")
            self._is_unclear = True
            return False
        return True

    async def _round(self) -> None:
        began = self._monotonic()
        results, claimed, term = list(self._results), list[Claimed](), self._holder()
        if term is not None and term != self._term:
            await self._begin(term)
            results = list(self._results)
        if not results and (term is None or self._is_stopping):
            return
        async with self._database.transaction() as tx:
            await self._record(tx, results)
            if term is not None and not self._is_stopping:
                if self._is_unclear:
                    kept = {*self._in_air, *(result.claimed.id for result in self._results)}
                    await self._mailings.keep_only(tx, term, kept)
                claimed = await self._mailings.claim(tx, term, self._room(len(results)))
        del self._results[: len(results)]
        self._is_unclear = False
        for each in claimed:
            self._in_air[each.id] = asyncio.create_task(self._deliver(each, began))
        if claimed and self._room() * 2 >= self._batch:
            self._something.set()

    async def _begin(self, term: int) -> None:
        """What is in hand under an earlier term of ours is still ours to record, unless somebody held it in between."""
        if self._results:
            results = list(self._results)
            async with self._database.transaction() as tx:
                await self._record(tx, results)
            del self._results[: len(results)]
        async with self._database.transaction() as tx:
            uncertain = await self._mailings.take_over(tx, term)
        self._term = term
        if uncertain:
            log.warning("mailings taken over term=%d uncertain=%d", term, uncertain)

    def _room(self, recorded: int = 0) -> int:
        """How many may be marked now. The outcomes that are recorded with it give up their places."""
        if self._monotonic() < self._rest_until:
            return 0
        if self._troubles >= TROUBLES:
            return 0 if self._in_air else 1
        return min(self._batch, self._places - self.in_hand + recorded)

    async def _record(self, tx: AsyncSession, results: Sequence[Result]) -> None:
        progress = Progress()
        for term, of_term in groupby(results, key=lambda result: result.claimed.term):
            new = await self._mailings.record(tx, term, list(of_term))
            progress = Progress(
                stopped=progress.stopped + new.stopped,
                blocked=progress.blocked + new.blocked,
                moved=progress.moved + new.moved,
            )
        ended = await self._mailings.finish(tx)
        stopped = tuple(mailing for mailing in progress.stopped if mailing not in ended)
        progress = replace(progress, ended=tuple(ended), stopped=stopped)
        for mailing in progress.ended:
            log.info("mailing ended mailing=%s state=%s", mailing.id, mailing.state)
        for mailing in progress.stopped:
            log.warning("mailing stopped, too many errors mailing=%s", mailing.id)
        if progress and self._on_progress is not None:
            await self._tell(self._on_progress, tx, progress)

    async def _tell(self, listener: Listener, tx: AsyncSession, progress: Progress) -> None:
        try:
            async with tx.begin_nested():
                await listener(tx, progress)
        except Exception as error:
            if is_transient(error):
                raise
            # A fault in a report must not keep the outcomes from being recorded.
            log.exception("mailing progress not told")

    async def _deliver(self, claimed: Claimed, began: float) -> None:
        """Everything that has to do with one delivery; its outcome is in `_results` when this ends."""
        result = Result(claimed, Uncertain())
        earlier: list[Sent] = []
        try:
            outcome = await self._carry_out(claimed, began, earlier)
            result = Result(claimed, outcome, tuple(earlier))
        except asyncio.CancelledError:
            result = Result(claimed, Uncertain(), tuple(earlier))
            raise
        except Exception:
            # The courier never raises; if it does all the same, nobody knows what has left.
            log.exception("courier failed delivery=%s", claimed.id)
        finally:
            del self._in_air[claimed.id]
            self._results.append(result)
            self._note(result.outcome)

    async def _carry_out(self, claimed: Claimed, began: float, earlier: list[Sent]) -> Outcome:
        was_frozen = self._monotonic() - began > FRESH_S
        if was_frozen or self._is_stopping or self._holder() != claimed.term:
            return Wait(0.0)
        outcome: Outcome = Rejected(NOTHING_TO_CALL)
        for call in claimed.calls:
            if isinstance(outcome, Sent):
                earlier.append(outcome)
            outcome = await self._courier.call(call, claimed.lane)
            waited = 0.0
            while earlier and isinstance(outcome, Wait) and waited + outcome.seconds <= LONGEST_WAIT_WITHIN_S:
                # The beginning has arrived, and the rest certainly not: better a little later than never.
                waited += max(outcome.seconds, 1.0)
                await asyncio.sleep(outcome.seconds)
                outcome = await self._courier.call(call, claimed.lane)
            if not isinstance(outcome, Sent):
                break
        return outcome

    def _note(self, outcome: Outcome) -> None:
        """Keep the pulse: how the last tries went, and when the next round is."""
        match outcome:
            case Wait(seconds):
                self._rest(min(max(seconds, RESTS_S[0]), RESTS_S[-1]))
            case Uncertain():
                step = max(0, self._troubles + 1 - TROUBLES)
                self._rest(RESTS_S[min(step, len(RESTS_S) - 1)])
            case _:
                self._troubles, self._rest_until = 0, 0.0
        if not self._in_air or len(self._results) * 2 >= self._batch:
            self._something.set()
        elif self._timer is None or self._timer.when() <= asyncio.get_running_loop().time():
            self._timer = asyncio.get_running_loop().call_later(RECORD_WITHIN_S, self._something.set)

    def _rest(self, seconds: float) -> None:
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._rest_until = self._monotonic() + seconds
