"""Files that people send: fetched before the transaction of their update begins, so that a slow line never holds it.

Which updates bring a file that is wanted is said by the table (`handlers/routes.py`); of all others nothing is fetched.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.error import TelegramError

log = logging.getLogger(__name__)

MOST_BYTES = 5_000_000  # a directory of 1,700 rows has a hundredth of it
WITHIN_S = 20.0  # the person waits; their own later messages do, too


@dataclass(frozen=True)
class Fetched:
    """The file is here."""

    name: str
    content: bytes


@dataclass(frozen=True)
class TooBig:
    """Larger than MOST_BYTES; it was not fetched."""

    name: str


@dataclass(frozen=True)
class Unreachable:
    """Telegram did not give it in time: sending it again may help."""

    name: str


Attachment = Fetched | TooBig | Unreachable
Wanted = Callable[[Update], bool]


class Attachments:
    """Fetches for one bot what `is_wanted` says."""

    def __init__(self, bot: Bot, is_wanted: Wanted, within_s: float = WITHIN_S) -> None:
        self._bot = bot
        self._is_wanted = is_wanted
        self._within_s = within_s

    def are_wanted(self, update: object) -> bool:
        """Whether the update brings a file to fetch."""
        return isinstance(update, Update) and self._is_wanted(update)

    async def fetch(self, update: object) -> Attachment | None:
        """The file of this update; None where none is wanted. Never raises."""
        if not isinstance(update, Update) or not self._is_wanted(update):
            return None
        document = update.effective_message.document if update.effective_message is not None else None
        if document is None:
            return None
        name = document.file_name or ""
        if (document.file_size or 0) > MOST_BYTES:
            return TooBig(name)
        try:
            async with asyncio.timeout(self._within_s):
                file = await self._bot.get_file(document.file_id)
                content = bytes(await file.download_as_bytearray())
        except (TelegramError, TimeoutError) as error:
            # Without its text, which may name the address and with it the token.
            log.warning("file not fetched update_id=%s kind=%s", update.update_id, type(error).__name__)
            return Unreachable(name)
        return Fetched(name, content) if len(content) <= MOST_BYTES else TooBig(name)
