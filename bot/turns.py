"""Whose turn it is, and with what: an update's place in its person's line, and the row that is handled there.

Of one person the first row that is not done goes first, whichever process received it; a lock on the person, held until
the end of the transaction, keeps other processes away meanwhile (`bot/services/inbox.py`).
"""

import asyncio
import enum
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import Bot, Update

from bot import json_text
from bot.services.inbox import Inbox, IncomingUpdate, Row
from db.database import Database

log = logging.getLogger(__name__)


class Again(Update):
    """An update out of the inbox: its attempt is counted before it begins. That of a new one is counted by storing."""

    __slots__ = ()


@dataclass(eq=False)
class Place:
    """An update in its person's line. `coroutine` is what the library wants awaited to handle it, once."""

    update: object
    key: int
    coroutine: Awaitable[Any] | None
    is_again: bool  # out of the inbox: its attempt is counted before it begins, that of a new one by storing
    is_flood: bool = False
    beginnings: int | None = None  # among them this one; looking again whether it is its turn is none
    is_suspect: bool = False  # was in hand at two kills: perhaps it is what ends the process
    over: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def number(self) -> int | None:
        return self.update.update_id if isinstance(self.update, Update) else None

    def abandon(self) -> None:
        """Its coroutine is not going to be awaited."""
        close = getattr(self.coroutine, "close", None)
        if close is not None:
            close()
        self.coroutine = None


@dataclass
class Turn:
    """What is handled at a place: its own update, or an earlier one of this person that another process received."""

    place: Place
    update: object
    row: Row | None
    is_own: bool = True


class Idle(enum.Enum):
    """Why nothing is handled at a place now."""

    HANDLED = "handled"  # Telegram delivered it twice
    ELSEWHERE = "elsewhere"  # another replica serves this person at this moment
    NEXT_TIME = "next time"  # the others have waited long enough


class Turns:
    """Finds for places what is to be handled there. `bot` is given when it exists."""

    def __init__(self, database: Database, inbox: Inbox, bot_id: int) -> None:
        self._database = database
        self._inbox = inbox
        self._bot_id = bot_id
        self.bot: Bot | None = None

    async def find(self, tx: AsyncSession, places: list[Place]) -> dict[Place, Turn | Idle]:
        """What to handle at each place: its own update, an earlier one of the same person, or nothing now."""
        inbox, keys = self._inbox, [place.key for place in places]
        ours = await inbox.lock_orders(tx, self._bot_id, keys)
        rows = await inbox.next_of(tx, self._bot_id, ours)
        turns: dict[Place, Turn | Idle] = {}
        doubtful: list[Place] = []
        for place in places:
            row = rows.get(place.key)
            if place.key not in ours:
                turns[place] = Idle.ELSEWHERE
            elif row is not None and row.update_id == place.number:
                turns[place] = Turn(place, place.update, row)
            else:
                turns[place] = Idle.HANDLED
                doubtful.append(place)
        if doubtful:
            numbers = [place.number for place in doubtful if place.number is not None]
            known = await inbox.pending(tx, self._bot_id, numbers)
            for place in doubtful:
                row = known.get(place.number) if place.number is not None else None
                if place.number not in known:
                    turns[place] = Turn(place, place.update, None)
                elif row is not None:
                    turns[place] = await self._earlier(tx, place, rows.get(place.key), row)
        return turns

    async def _earlier(self, tx: AsyncSession, place: Place, first: Row | None, own: Row) -> Turn:
        if first is not None and first.id < own.id:
            for stored in await self._inbox.load(tx, [first.id]):
                update = await self._read(tx, stored)
                if update is not None:
                    return Turn(place, update, first, is_own=False)
        return Turn(place, place.update, own)

    async def _read(self, tx: AsyncSession, row: IncomingUpdate) -> Update | None:
        assert self.bot is not None
        assert row.id is not None
        try:
            return Again.de_json(json_text.read((row.payload or "").encode()), self.bot)
        except Exception as error:
            log.error("update unreadable update_id=%s kind=%s", row.update_id, type(error).__name__)
            await self._inbox.set_aside(tx, row.id, None)
            return None

    async def read(self, update: dict[str, Any]) -> Update | None:
        """A stored update as the library knows it. What cannot be read is set aside."""
        assert self.bot is not None
        try:
            return Update.de_json(update, self.bot)
        except Exception as error:
            log.error("update unreadable update_id=%s kind=%s", update["update_id"], type(error).__name__)
        async with self._database.transaction() as tx:
            known = await self._inbox.pending(tx, self._bot_id, [update["update_id"]])
            for row in known.values():
                if row is not None:
                    await self._inbox.set_aside(tx, row.id, None)
        return None

    async def take_up(self, row_ids: Sequence[int]) -> list[Update]:
        """Read these rows; gives the updates to handle. What cannot be read is set aside."""
        found: list[Update] = []
        async with self._database.transaction() as tx:
            for row in await self._inbox.load(tx, row_ids):
                update = await self._read(tx, row)
                if update is not None:
                    found.append(update)
        return found


def key_of(update: object) -> int:
    """Whose turn it is part of: as `bot/services/inbox.py`, `order_key` says of what came."""
    user = update.effective_user if isinstance(update, Update) else None
    chat = update.effective_chat if isinstance(update, Update) else None
    return user.id if user is not None else chat.id if chat is not None else 0


def is_private_total(update: object) -> bool:
    """Whether it tells the totals of a private poll: nothing of it is stored, and nothing is done with it."""
    poll = update.poll if isinstance(update, Update) else None
    return poll is not None and not poll.is_anonymous


def number_of(update: object) -> int | None:
    """Telegram's number of the update."""
    return update.update_id if isinstance(update, Update) else None
