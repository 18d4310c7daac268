"""Every update becomes one unit of work: one transaction, then the requests that it leads to.

python-telegram-bot hands updates to an update processor, and this is ours. One person's updates are handled in the
order in which they came, different people's side by side. An exception in a handler reaches the error handler, which
marks the unit as failed: it is rolled back, and the apology is sent.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.context import UnitOfWork, current_unit
from bot.sender import EditMessage, Sender, SendMessage, Sent
from bot.services.all import Services
from db.database import Database

log = logging.getLogger(__name__)

# Enough that slow requests of a few do not hold up the others; the database allows no more at once anyway.
SIDE_BY_SIDE = 32


class _RolledBack(Exception):
    """Leaves the transaction without committing it."""


class Intake(BaseUpdateProcessor):
    """Wraps the handling of each update in its unit of work."""

    def __init__(self, database: Database, services: Services, default_language: str) -> None:
        super().__init__(SIDE_BY_SIDE)
        self._database = database
        self._services = services
        self._default_language = default_language
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.sender: Sender | None = None  # the bot exists only once the application is built
        self.on_failure: Callable[[object, Exception], Awaitable[bool]] | None = None

    async def initialize(self) -> None:
        """Nothing to prepare: the database was opened before the application."""

    async def shutdown(self) -> None:
        """Nothing to let go."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update, in turn, in its transaction; then say what is to be said."""
        async with self._turn_of(update):
            unit: UnitOfWork | None = None
            try:
                async with self._database.transaction() as tx:
                    unit = UnitOfWork(self._services, tx, self._default_language)
                    current_unit.set(unit)
                    await self._recognise(unit, update)
                    await coroutine
                    if unit.has_failed:
                        raise _RolledBack
            except _RolledBack:
                pass
            except Exception as error:  # the database itself: no handler saw this
                close = getattr(coroutine, "close", None)
                if close is not None:
                    close()  # never started, if the transaction could not begin
                unit = await self._apologise(update, error, unit)
            if unit is not None:
                await self._carry_out(unit)

    async def _recognise(self, unit: UnitOfWork, update: object) -> None:
        user = update.effective_user if isinstance(update, Update) else None
        if user is not None and not user.is_bot:
            unit.person = await self._services.people.find(unit.tx, user.id)
            if unit.person is not None and unit.person.language is not None:
                unit.language = unit.person.language

    async def _apologise(
        self, update: object, error: Exception, unit: UnitOfWork | None
    ) -> UnitOfWork | None:
        if unit is None:
            # Even without a database there is somebody who waits for an answer.
            async with self._database.detached() as tx:
                unit = UnitOfWork(self._services, tx, self._default_language)
        current_unit.set(unit)
        unit.fail()
        if self.on_failure is not None:
            await self.on_failure(update, error)
        return unit

    async def _carry_out(self, unit: UnitOfWork) -> None:
        assert self.sender is not None
        for outgoing in unit.outgoing:
            outcome = await self.sender.send(outgoing)
            message = outgoing.instead if isinstance(outgoing, EditMessage) else outgoing
            if not isinstance(message, SendMessage) or message.question_id is None:
                continue
            if isinstance(outcome, Sent) and outcome.message_id is not None:
                async with self._database.transaction() as tx:
                    await self._services.questions.record_reply(tx, message.question_id, outcome.message_id)

    def _turn_of(self, update: object) -> asyncio.Lock:
        user = update.effective_user if isinstance(update, Update) else None
        chat = update.effective_chat if isinstance(update, Update) else None
        key = user.id if user is not None else chat.id if chat is not None else 0
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        return lock
