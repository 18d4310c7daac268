"""Files of sessions."""

from collections.abc import Collection

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import SessionMaterial


async def of_session(tx: AsyncSession, session_id: int) -> list[SessionMaterial]:
    """The files of a session, in the order in which they came."""
    rows = await tx.exec(
        select(SessionMaterial)
        .where(SessionMaterial.session_id == session_id)
        .order_by(col(SessionMaterial.id))
    )
    return list(rows.all())


async def with_files(tx: AsyncSession, session_ids: Collection[int]) -> set[int]:
    """Those of these sessions that have files."""
    rows = await tx.exec(
        select(SessionMaterial.session_id).where(col(SessionMaterial.session_id).in_(session_ids)).distinct()
    )
    return set(rows.all())
