"""Every update is stored before it is confirmed, and becomes one unit of work: one transaction, then what it leads to.

python-telegram-bot fetches updates through a request object, and `StoringRequest` is ours: a batch is committed before
the library sees it, and so before the next getUpdates confirms it. The library hands updates to an update processor,
and `Intake` is ours. One person's updates are handled in the order in which they came, different people's side by side;
what an earlier process left is taken up first.

`Intake.do_process_update` handles an update under its row of the inbox (`bot/services/inbox.py`): the transaction that
holds its effects and the messages they cause also makes the row done. An exception in a handler reaches the error
handler, which marks the unit as failed: it is rolled back, and

- an error that passes (the database is locked or away) is tried again, while the person's turn lasts;
- any other sets the update aside, in the transaction that writes the apology and the owners' notice.

An update that the inbox does not know is handled in the same way, only without a row.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.attachments import Attachments
from bot.context import UnitOfWork, current_unit
from bot.delivery import Delivery, Step
from bot.services.all import Services
from db.database import Database

log = logging.getLogger(__name__)

# Enough that slow requests of a few do not hold up the others; the database allows no more at once anyway.
SIDE_BY_SIDE = 32
# In seconds, before each repetition after an error that passes; a person waits meanwhile.
WAITS_S = (0.2, 1.0, 4.0, 15.0, 45.0)
# An update that ends the process must not do so for ever. Whatever was in hand beside it is counted as well, so the
# number is far above what restarts in a row (tests/chaos: 20 kills) do to one that has no part in it.
MOST_BEGINNINGS = 50
DEFAULT = BaseRequest.DEFAULT_NONE

Store = Callable[[list[dict[str, Any]]], Awaitable[None]]


class StoringRequest(HTTPXRequest):
    """Fetches updates; gives them out only once they are stored."""

    def __init__(self, store: Store) -> None:
        super().__init__(connection_pool_size=1)
        self._store = store

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT,
        write_timeout: Any = DEFAULT,
        connect_timeout: Any = DEFAULT,
        pool_timeout: Any = DEFAULT,
    ) -> tuple[int, bytes]:
        """As the library does it. Raises `NetworkError` when storing fails: the same updates are asked for again."""
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if code == HTTPStatus.OK:
            updates = self.parse_json_payload(payload)["result"]
            if updates:
                try:
                    await self._store(updates)
                except Exception as error:
                    log.warning("updates not stored count=%d kind=%s", len(updates), type(error).__name__)
                    raise NetworkError("updates not stored") from error
        return code, payload


class Again(Update):
    """An update out of the inbox: its attempt is counted before it begins. That of a new one is counted by storing."""

    __slots__ = ()


class BegunTooOften(Exception):
    """Every attempt ended with the process: something in this update may be what ends it."""


class _RolledBack(Exception):
    """Leaves the transaction without committing it."""


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
        super().__init__(SIDE_BY_SIDE)
        self._database = database
        self._services = services
        self._default_language = default_language
        self._bot_id = bot_id
        self._waits_s = tuple(waits_s)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._in_hand: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()
        # The bot and its handlers exist only once the application is built.
        self.delivery: Delivery | None = None
        self.attachments: Attachments | None = None
        self.handle: Callable[[object], Awaitable[None]] | None = None
        self.on_failure: Callable[[object, Exception], Awaitable[bool]] | None = None

    async def initialize(self) -> None:
        """Nothing to prepare: the database was opened before the application."""

    async def shutdown(self) -> None:
        """Nothing to let go."""

    async def store(self, updates: list[dict[str, Any]]) -> None:
        """Keep a batch, with one commit."""
        async with self._database.transaction() as tx:
            await self._services.inbox.store(tx, self._bot_id, updates)

    async def unfinished(self, bot: Bot) -> list[Update]:
        """What an earlier process stored and did not finish, in the order in which it came."""
        async with self._database.transaction() as tx:
            found: list[Update] = []
            for row in await self._services.inbox.unfinished(tx, self._bot_id):
                try:
                    found.append(Again.de_json(json.loads(row.payload or ""), bot))
                except Exception as error:
                    log.error("update unreadable update_id=%s kind=%s", row.update_id, type(error).__name__)
                    self._services.inbox.set_aside(row, None)
        return found

    async def stop(self, within_s: float) -> None:
        """Begin nothing more; wait so many seconds for what is in hand. What is not finished then stays stored."""
        self._stopping.set()
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=within_s)
            for task in late:
                task.cancel()
            if late:
                log.warning("left for the next start updates=%d", len(late))
                await asyncio.wait(late, timeout=1)

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update, in turn, in its transaction; then say what is to be said."""
        task = asyncio.current_task()
        assert task is not None
        self._in_hand.add(task)
        try:
            async with self._turn_of(update):
                if self._stopping.is_set():
                    _abandon(coroutine)
                else:
                    await self._see_through(update, coroutine)
        finally:
            self._in_hand.discard(task)

    async def _see_through(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Try until it is done, set aside, or left to the next start."""
        assert self.handle is not None
        assert self.delivery is not None
        attempt = 1
        while True:
            begun = await self._count(update) if attempt > 1 or isinstance(update, Again) else 1
            if begun > MOST_BEGINNINGS:
                _abandon(coroutine)
                unit = await self._apologise(update, BegunTooOften(), None)
                steps = await self._set_aside(update, unit)
            else:
                tried = await self._attempt(update, coroutine, may_try_again=attempt <= len(self._waits_s))
                if tried is None:
                    return
                unit, steps = tried
                if unit.is_to_be_tried_again:
                    if not await self._pause(update, self._waits_s[attempt - 1]):
                        return
                    attempt += 1
                    coroutine = self.handle(update)
                    continue
                if unit.has_failed:
                    steps = await self._set_aside(update, unit)
            await self.delivery.send(steps)
            return

    async def _attempt(
        self, update: object, coroutine: Awaitable[Any], *, may_try_again: bool
    ) -> tuple[UnitOfWork, list[Step]] | None:
        """One try; None when Telegram delivered it twice. A failed unit holds what is to be said about that."""
        assert self.delivery is not None
        inbox = self._services.inbox
        unit: UnitOfWork | None = None
        steps: list[Step] = []
        attachment = await self.attachments.fetch(update) if self.attachments is not None else None
        try:
            async with self._database.transaction() as tx:
                number = _number(update)
                row = await inbox.claim(tx, self._bot_id, number) if number is not None else None
                if row is not None and inbox.is_handled(row):
                    _abandon(coroutine)
                    return None
                unit = UnitOfWork(self._services, tx, self._default_language, may_try_again=may_try_again)
                unit.attachment = attachment
                current_unit.set(unit)
                await self._recognise(unit, update)
                await coroutine
                if unit.has_failed:
                    raise _RolledBack
                if row is not None:
                    inbox.finish(row)
                steps = await self.delivery.write(tx, unit.outgoing)
        except _RolledBack:
            assert unit is not None
        except Exception as error:  # the database itself: no handler saw this
            _abandon(coroutine)  # never started, if the transaction could not begin
            if unit is None:
                unit = await self._detached_unit()
                unit.may_try_again = may_try_again
            if unit.gives_way_to(error):
                log.warning(
                    "update is tried again update_id=%s kind=%s", _number(update), type(error).__name__
                )
            else:
                unit = await self._apologise(update, error, unit)
        return unit, steps

    async def _recognise(self, unit: UnitOfWork, update: object) -> None:
        user = update.effective_user if isinstance(update, Update) else None
        if user is not None and not user.is_bot:
            unit.person = await self._services.people.find(unit.tx, user.id)
            if unit.person is not None and unit.person.language is not None:
                unit.language = unit.person.language

    async def _detached_unit(self) -> UnitOfWork:
        # Even without a database there is somebody who waits for an answer.
        async with self._database.detached() as tx:
            return UnitOfWork(self._services, tx, self._default_language)

    async def _apologise(self, update: object, error: Exception, unit: UnitOfWork | None) -> UnitOfWork:
        if unit is None:
            unit = await self._detached_unit()
        current_unit.set(unit)
        unit.may_try_again = False
        unit.fail()
        if self.on_failure is not None:
            await self.on_failure(update, error)
        return unit

    async def _set_aside(self, update: object, unit: UnitOfWork) -> list[Step]:
        """Keep the update for whoever looks into its error, together with the apology; gives what is to be sent."""
        assert self.delivery is not None
        number = _number(update)
        try:
            async with self._database.transaction() as tx:
                row = (
                    await self._services.inbox.claim(tx, self._bot_id, number) if number is not None else None
                )
                if row is not None:
                    self._services.inbox.set_aside(row, unit.error_id)
                return await self.delivery.write(tx, unit.outgoing)
        except Exception as error:
            # The apology is sent all the same; the update is begun again at the next start.
            log.warning("update not set aside update_id=%s kind=%s", number, type(error).__name__)
            return self.delivery.steps(unit.outgoing)

    async def _count(self, update: object) -> int:
        """Count an attempt before it begins; what cannot be counted now was not stopped by the update."""
        number = _number(update)
        if number is None:
            return 1
        try:
            async with self._database.transaction() as tx:
                return await self._services.inbox.begin_again(tx, self._bot_id, number)
        except Exception as error:
            log.warning("attempt not counted update_id=%s kind=%s", number, type(error).__name__)
            return 1

    async def _pause(self, update: object, wait_s: float) -> bool:
        """Wait before the next attempt; gives whether there is to be one now."""
        number = _number(update)
        if number is not None:
            try:
                async with self._database.transaction() as tx:
                    await self._services.inbox.postpone(tx, self._bot_id, number, wait_s)
            except Exception as error:
                log.warning("attempt not noted update_id=%s kind=%s", number, type(error).__name__)
        if wait_s > 0:
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([stopping], timeout=wait_s)
            stopping.cancel()
        return not self._stopping.is_set()

    def _turn_of(self, update: object) -> asyncio.Lock:
        user = update.effective_user if isinstance(update, Update) else None
        chat = update.effective_chat if isinstance(update, Update) else None
        key = user.id if user is not None else chat.id if chat is not None else 0
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        return lock


def _number(update: object) -> int | None:
    return update.update_id if isinstance(update, Update) else None


def _abandon(coroutine: Awaitable[Any]) -> None:
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
