"""Files on their way to somebody."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import OutgoingFile


async def erase(tx: AsyncSession, keys: Collection[str]) -> None:
    """Delete these."""
    await tx.exec(delete(OutgoingFile).where(col(OutgoingFile.key).in_(keys)))


async def of_chat(tx: AsyncSession, chat_id: int) -> None:
    """Delete all that are on their way to this chat."""
    await tx.exec(delete(OutgoingFile).where(col(OutgoingFile.chat_id) == chat_id))


async def count(tx: AsyncSession) -> int:
    """How many there are."""
    return (await tx.exec(select(func.count(col(OutgoingFile.key))))).one()


async def forget(tx: AsyncSession, made_before: datetime) -> None:
    """Delete those made before this moment."""
    await tx.exec(delete(OutgoingFile).where(col(OutgoingFile.created_at) < made_before))
