"""People, by their Telegram id."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Person


async def by_telegram_id(tx: AsyncSession, telegram_id: int) -> Person | None:
    """The person with this Telegram id, if the bot knows one."""
    return (await tx.exec(select(Person).where(Person.telegram_id == telegram_id))).one_or_none()


async def by_telegram_ids(tx: AsyncSession, telegram_ids: Collection[int]) -> list[Person]:
    """Those of these people whom the bot knows."""
    return list((await tx.exec(select(Person).where(col(Person.telegram_id).in_(telegram_ids)))).all())


async def mark_blocked(tx: AsyncSession, chat_ids: Collection[int], now: datetime) -> None:
    """These people do not want us any more."""
    await tx.exec(
        update(Person)
        .where(col(Person.telegram_id).in_(chat_ids), col(Person.blocked_at).is_(None))
        .values(blocked_at=now)
        .execution_options(synchronize_session=False)
    )
