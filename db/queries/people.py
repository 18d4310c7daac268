"""People, by their Telegram id."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Person


async def by_telegram_id(tx: AsyncSession, telegram_id: int) -> Person | None:
    """The person with this Telegram id, if the bot knows one."""
    return (await tx.exec(select(Person).where(Person.telegram_id == telegram_id))).one_or_none()
