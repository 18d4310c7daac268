"""Groups that the bot is or was in."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Group


async def by_chat(tx: AsyncSession, chat_id: int) -> Group | None:
    """The group with this id of Telegram's."""
    return (await tx.exec(select(Group).where(Group.chat_id == chat_id))).one_or_none()


async def present(tx: AsyncSession) -> list[Group]:
    """Those that the bot is in, by their titles."""
    rows = await tx.exec(
        select(Group).where(col(Group.left_at).is_(None)).order_by(col(Group.title), col(Group.id))
    )
    return list(rows.all())
