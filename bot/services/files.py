"""Files that the program makes for somebody: stored with the request that sends them, erased when it is sent.

A request names its file by a key (`STORED` and the key stand where Telegram expects the file); the sender's side puts
the bytes in their place. What is left behind, since its request was given up, is erased after two days.
"""

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from db.models import OutgoingFile
from db.queries import files as queries

__all__ = ["STORED", "Files", "stored_file"]

STORED = "stored:"  # what stands before a key in the parameters of a stored request
KEPT_FOR = timedelta(days=2)  # a request waits for a day at most (bot/services/outbox.py)


class Files:
    """Bytes on their way to somebody."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def keep(self, tx: AsyncSession, chat_id: int, content: bytes) -> str:
        """Store the bytes with the transaction; gives what stands for them in the request."""
        key = secrets.token_hex(16)
        tx.add(OutgoingFile(key=key, chat_id=chat_id, content=content, created_at=self._clock.now()))
        return STORED + key

    async def content(self, tx: AsyncSession, reference: str) -> bytes | None:
        """The bytes that this stands for; None when they are gone."""
        file = await tx.get(OutgoingFile, reference.removeprefix(STORED))
        return file.content if file is not None else None

    async def erase(self, tx: AsyncSession, parameters: Collection[dict[str, Any]]) -> None:
        """Erase the files of these requests, which are over."""
        keys = [stored.removeprefix(STORED) for each in parameters if (stored := stored_file(each)[1])]
        if keys:
            await queries.erase(tx, keys)

    async def waiting(self, tx: AsyncSession) -> int:
        """How many are still to be sent."""
        return await queries.count(tx)

    async def forget(self, tx: AsyncSession) -> None:
        """Erase what no request asks for any more."""
        await queries.forget(tx, self._clock.now() - KEPT_FOR)


def stored_file(parameters: dict[str, Any]) -> tuple[str, str]:
    """The parameter of a request in which a stored file stands, and what stands for it; two empty texts for none."""
    for name in ("document", "photo"):
        if str(parameters.get(name, "")).startswith(STORED):
            return name, str(parameters[name])
    return "", ""
