"""Every update becomes one unit of work: a transaction that holds all that it leads to, then the messages it causes.

python-telegram-bot hands updates to an update processor, and `Intake` is ours. Each update joins the line of its
person (`bot/lines.py`): one person's are handled in the order in which they came, different people's side by side.
Workers take the heads of as many lines as there are, and handle them in one transaction, one after the other: a commit
costs more than the handling of an update. Each stands under its row of the inbox (`bot/services/inbox.py`); the
transaction makes the rows done and writes what is to be sent; only after it `bot/delivery.py` sends. A person's next
update waits until that is over.

When anything goes wrong in company, the transaction is rolled back and each update is handled again for itself. An
exception in a handler then reaches the error handler, which marks the unit as failed: it is rolled back, and

- an error that passes (the database is locked or away) is tried again, while the person's turn lasts;
- any other sets the update aside, in the transaction that writes the apology and the owners' notice.

What an earlier or another process received is handled in the same way, from its row. An update that has been begun
more than twice is handled alone, so that one that ends the process does not take others with it.

An update that the inbox does not know is handled in the same way, only without a row.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.attachments import Attachments
from bot.context import UnitOfWork, current_unit
from bot.delivery import Delivery, Step
from bot.flood import Flood, flood_notice
from bot.lines import Lines
from bot.services.all import Services
from bot.services.people import Person
from bot.turns import Again, Idle, Place, Turn, Turns, is_private_total, key_of, number_of
from db.database import Database

log = logging.getLogger(__name__)

# How many updates share a transaction, and for how many seconds at most others wait for it.
TOGETHER = 100
TOGETHER_S = 0.1
# PostgreSQL can commit one batch while the next is handled; SQLite has one writer.
WORKERS_ON_POSTGRESQL = 2
# More than this stays where it is: with Telegram, or in the rows.
MOST_IN_HAND = 2_000
# In seconds, before each repetition after an error that passes; a person waits meanwhile.
WAITS_S = (0.2, 1.0, 4.0, 15.0, 45.0)
# An update that ends the process must not do so for ever. From the third beginning on such updates are handled one at a
# time, and counted only then: a kill counts against the one that is being handled, not against those that wait.
BEGINNINGS_IN_COMPANY = 2
MOST_BEGINNINGS = 10
# In seconds, while another replica serves the person.
LOOK_AGAIN_S = 0.05

Handle = Callable[[object], Coroutine[Any, Any, None]]


class BegunTooOften(Exception):
    """Every attempt ended with the process: something in this update may be what ends it."""


class _RolledBack(Exception):
    """Leaves the transaction without committing it."""


@dataclass
class Tried:
    """How an attempt ended. A unit that has failed holds what is to be said about that."""

    turn: Turn
    unit: UnitOfWork
    steps: list[Step] = field(default_factory=list)


class Intake(BaseUpdateProcessor):
    """Stores updates, and wraps the handling of each in its unit of work."""

    def __init__(
        self,
        database: Database,
        services: Services,
        default_language: str,
        bot_id: int,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        super().__init__(MOST_IN_HAND)  # the lines decide; the library's own limit only bounds them
        self._database = database
        self._services = services
        self._default_language = default_language
        self._bot_id = bot_id
        self._waits_s = tuple(waits_s)
        self.turns = Turns(database, services.inbox, bot_id)
        self._flood = Flood(services.clock)
        self._lines: Lines[Place] = Lines()
        self._workers: list[asyncio.Task[None]] = []
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._one_suspect = asyncio.Lock()
        self._stopping = asyncio.Event()
        self.may_begin = asyncio.Event()  # until the book is there, what comes is stored and waits
        self.replica_id: int | None = None
        # The bot and its handlers exist only once the application is built.
        self.delivery: Delivery | None = None
        self.attachments: Attachments | None = None
        self.handle: Handle | None = None
        self.on_failure: Callable[[object, Exception], Awaitable[bool]] | None = None

    async def initialize(self) -> None:
        """Begin to work."""
        count = 1 if self._database.is_sqlite else WORKERS_ON_POSTGRESQL
        self._workers = [asyncio.create_task(self._work()) for _ in range(count)]

    async def shutdown(self) -> None:
        """Let the workers go."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    @property
    def is_stopping(self) -> bool:
        """Whether nothing more is begun."""
        return self._stopping.is_set()

    async def store(self, updates: list[dict[str, Any]]) -> None:
        """Keep a batch, with one commit."""
        async with self._database.transaction() as tx:
            await self._services.inbox.store(tx, self._bot_id, updates, self.replica_id)

    async def room(self) -> None:
        """Wait while too much is in hand."""
        await self._lines.room(MOST_IN_HAND)

    async def stop(self, within_s: float) -> None:
        """Begin nothing more; wait so many seconds for what is in hand. What is not finished then stays stored."""
        self._stopping.set()
        for worker in self._workers:
            worker.cancel()  # what a worker has in hand is a task of its own
        deadline = time.monotonic() + within_s
        while self._in_hand and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._in_hand, timeout=left)
        late = list(self._in_hand)
        for task in late:
            task.cancel()
        if late:
            log.warning("left for the next start updates=%d", len(late))
            await asyncio.wait(late, timeout=1)
        for place in self._lines.clear():
            place.abandon()
            if not place.over.done():
                place.over.set_result(None)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Stand in the person's line until the update is done and what it causes is said."""
        if is_private_total(update):
            Place(update, 0, coroutine, is_again=False).abandon()
            return
        key = key_of(update)
        is_again = isinstance(update, Again)
        place = Place(update, key, coroutine, is_again, is_flood=self._flood.begins(key))
        if self._stopping.is_set():
            place.abandon()
            return
        self._lines.join(key, place)
        await place.over

    async def _work(self) -> None:
        while True:
            places = await self._lines.heads(TOGETHER)
            await self.may_begin.wait()
            # What was taken out of the lines is seen through, whoever asks the worker to end; and whatever happens to
            # it, the worker goes on.
            await asyncio.wait([self._begin(self._handle(places))])

    def _begin(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task

    async def _handle(self, places: list[Place]) -> None:
        """Handle the updates of different people in one transaction; those begun too often each by itself."""
        again = [place.number for place in places if place.is_again and place.beginnings is None]
        begun = await self._count([number for number in again if number is not None], BEGINNINGS_IN_COMPANY)
        company: list[Place] = []
        for place in places:
            if place.beginnings is None:
                counted = begun.get(place.number) if place.is_again and place.number is not None else 1
                place.beginnings, place.is_suspect = counted, counted is None
            if place.is_suspect:
                self._begin(self._suspect(place))
            elif self._brings_a_file(place):
                self._begin(self._alone(place))
            else:
                company.append(place)
        if len(company) == 1:
            tried = await self._attempt(company[0], may_try_again=bool(self._waits_s))
            if tried is not None:
                self._begin(self._follow(tried))
        elif company:
            await self._together(company)

    def _brings_a_file(self, place: Place) -> bool:
        # It is fetched first, and nobody else shall wait for that.
        return self.attachments is not None and self.attachments.are_wanted(place.update)

    async def _together(self, places: list[Place]) -> None:
        assert self.delivery is not None
        done: list[Tried] = []
        idle: dict[Place, Idle] = {}
        try:
            async with self._database.transaction() as tx:
                turns = await self.turns.find(tx, places)
                people = await self._services.people.find_all(tx, [place.key for place in places])
                started = time.monotonic()
                for place, turn in turns.items():
                    if isinstance(turn, Idle):
                        idle[place] = turn
                    elif done and time.monotonic() - started > TOGETHER_S:
                        idle[place] = Idle.NEXT_TIME
                    else:
                        unit = UnitOfWork(self._services, tx, self._default_language, is_in_company=True)
                        await self._run(unit, turn, people)
                        if unit.has_failed:
                            raise _RolledBack
                        done.append(Tried(turn, unit))
                await self._services.inbox.finish(tx, [one.turn.row for one in done if one.turn.row])
                written = await self.delivery.write_all(tx, [one.unit.outgoing for one in done])
        except Exception as error:
            if not isinstance(error, _RolledBack):
                log.warning("batch rolled back updates=%d kind=%s", len(places), type(error).__name__)
            for place in places:
                self._begin(self._alone(place))
            return
        for one, steps in zip(done, written, strict=True):
            one.steps = steps
            self._begin(self._speak(one))
        for place, why in reversed(idle.items()):  # who has waited for longest is to be the first again
            self._put_off(place, why)

    async def _suspect(self, place: Place) -> None:
        """One that was in hand at two kills or more."""
        tried: Tried | None = None
        async with self._one_suspect:
            if self._stopping.is_set():
                self._leave(place)
                return
            if place.beginnings is None and place.number is not None:
                place.beginnings = (await self._count([place.number])).get(place.number, 1)
            is_given_up = (place.beginnings or 1) > MOST_BEGINNINGS
            if not is_given_up:
                tried = await self._attempt(place, may_try_again=bool(self._waits_s))
        if is_given_up:
            await self._give_up(place)
        elif tried is not None:
            await self._follow(tried)

    async def _alone(self, place: Place) -> None:
        tried = await self._attempt(place, may_try_again=bool(self._waits_s))
        if tried is not None:
            await self._follow(tried)

    async def _attempt(self, place: Place, *, may_try_again: bool) -> Tried | None:
        """One try; None when there is nothing to try now."""
        assert self.delivery is not None
        turn = Turn(place, place.update, None)
        unit: UnitOfWork | None = None
        steps: list[Step] = []
        attachment = await self.attachments.fetch(place.update) if self.attachments is not None else None
        try:
            async with self._database.transaction() as tx:
                found = (await self.turns.find(tx, [place]))[place]
                if isinstance(found, Idle):
                    self._put_off(place, found)
                    return None
                turn = found
                unit = UnitOfWork(self._services, tx, self._default_language, may_try_again=may_try_again)
                unit.attachment = attachment if turn.is_own else None
                people = await self._services.people.find_all(tx, [place.key])
                await self._run(unit, turn, people)
                if unit.has_failed:
                    raise _RolledBack
                if turn.row is not None:
                    await self._services.inbox.finish(tx, [turn.row])
                (steps,) = await self.delivery.write_all(tx, [unit.outgoing])
        except _RolledBack:
            assert unit is not None
        except Exception as error:  # the database itself: no handler saw this
            if unit is None:
                unit = await self._detached_unit()
                unit.may_try_again = may_try_again
            if unit.gives_way_to(error):
                log.warning(
                    "update is tried again update_id=%s kind=%s", number_of(turn.update), type(error).__name__
                )
            else:
                await self._apologise(unit, turn.update, error)
        return Tried(turn, unit, steps)

    async def _follow(self, tried: Tried) -> None:
        """Go on with one update until it is done, set aside, or left to the next start."""
        place = tried.turn.place
        for left, wait_s in zip(reversed(range(len(self._waits_s))), self._waits_s, strict=True):
            if not tried.unit.is_to_be_tried_again:
                break
            if not await self._pause(tried.turn.update, wait_s):
                self._leave(place)
                return
            await self._count([number] if (number := number_of(tried.turn.update)) is not None else [])
            again = await self._attempt(place, may_try_again=left > 0)
            if again is None:
                return
            tried = again
        if tried.unit.has_failed:
            tried.steps = await self._set_aside(tried)
        await self._speak(tried)

    async def _give_up(self, place: Place) -> None:
        unit = await self._detached_unit()
        await self._apologise(unit, place.update, BegunTooOften())
        await self._follow(Tried(Turn(place, place.update, None), unit))

    async def _speak(self, tried: Tried) -> None:
        """Say what is to be said, and let the person's next update come up."""
        assert self.delivery is not None
        place = tried.turn.place
        try:
            await self.delivery.send(tried.steps)
        finally:
            if tried.turn.is_own:
                self._leave(place)
            else:
                self._lines.stay(place.key)

    def _leave(self, place: Place) -> None:
        place.abandon()
        self._lines.leave(place.key)
        if not place.over.done():
            place.over.set_result(None)

    def _put_off(self, place: Place, why: Idle) -> None:
        match why:
            case Idle.HANDLED:
                self._leave(place)
            case Idle.NEXT_TIME:
                self._lines.stay(place.key)
            case Idle.ELSEWHERE:
                self._begin(self._look_again(place))
            case _:
                assert_never(why)

    async def _look_again(self, place: Place) -> None:
        await self._sleep(LOOK_AGAIN_S)
        self._lines.stay(place.key)

    async def _run(self, unit: UnitOfWork, turn: Turn, people: dict[int, Person]) -> None:
        """Have the handlers do their part. What they raise has reached the error handler, and marks the unit."""
        assert self.handle is not None
        current_unit.set(unit)
        user = turn.update.effective_user if isinstance(turn.update, Update) else None
        if user is not None and not user.is_bot:
            unit.person = people.get(user.id)
            if unit.person is not None and unit.person.language is not None:
                unit.language = unit.person.language
        if turn.is_own and turn.place.is_flood and isinstance(turn.update, Update):
            unit.outgoing.extend(flood_notice(turn.update, unit.language))
        coroutine = turn.place.coroutine if turn.is_own else None
        if coroutine is not None:
            turn.place.coroutine = None
            await coroutine
        else:
            await self.handle(turn.update)

    async def _detached_unit(self) -> UnitOfWork:
        # Even without a database there is somebody who waits for an answer.
        async with self._database.detached() as tx:
            return UnitOfWork(self._services, tx, self._default_language)

    async def _apologise(self, unit: UnitOfWork, update: object, error: Exception) -> None:
        current_unit.set(unit)
        unit.may_try_again = False
        unit.fail()
        if self.on_failure is not None:
            await self.on_failure(update, error)

    async def _set_aside(self, tried: Tried) -> list[Step]:
        """Keep the update for whoever looks into its error, together with the apology; gives what is to be sent."""
        assert self.delivery is not None
        number = number_of(tried.turn.update)
        try:
            async with self._database.transaction() as tx:
                known = await self._services.inbox.pending(
                    tx, self._bot_id, [] if number is None else [number]
                )
                for row in known.values():
                    if row is None or not await self._services.inbox.set_aside(
                        tx, row.id, tried.unit.error_id
                    ):
                        return []  # another replica was faster: whatever there was to say is said
                (steps,) = await self.delivery.write_all(tx, [tried.unit.outgoing])
                return steps
        except Exception as error:
            # The apology is sent all the same; the update is begun again at the next start.
            log.warning("update not set aside update_id=%s kind=%s", number, type(error).__name__)
            return self.delivery.steps(tried.unit.outgoing)

    async def _count(self, numbers: list[int], most: int | None = None) -> dict[int, int]:
        """Count attempts before they begin, those of which this is one of the first `most`.

        What cannot be counted now was not stopped by these updates.
        """
        if not numbers:
            return {}
        try:
            async with self._database.transaction() as tx:
                return await self._services.inbox.begin_again(tx, self._bot_id, numbers, most)
        except Exception as error:
            log.warning("attempts not counted updates=%d kind=%s", len(numbers), type(error).__name__)
            return dict.fromkeys(numbers, 1)

    async def _pause(self, update: object, wait_s: float) -> bool:
        """Wait before the next attempt; gives whether there is to be one now."""
        number = number_of(update)
        if number is not None:
            try:
                async with self._database.transaction() as tx:
                    await self._services.inbox.postpone(tx, self._bot_id, number, wait_s)
            except Exception as error:
                log.warning("attempt not noted update_id=%s kind=%s", number, type(error).__name__)
        await self._sleep(wait_s)
        return not self._stopping.is_set()

    async def _sleep(self, seconds: float) -> None:
        """Wait so long, or until the end."""
        if seconds > 0:
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([stopping], timeout=seconds)
            stopping.cancel()
