"""The ministry's list, and sheets that wait for a yes."""

from datetime import datetime

from sqlalchemy import and_, func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import DirectoryEntry, DirectoryImport, Person


async def everybody(tx: AsyncSession) -> list[DirectoryEntry]:
    """The whole list, in the order in which it was imported."""
    return list((await tx.exec(select(DirectoryEntry).order_by(col(DirectoryEntry.id)))).all())


async def unclaimed(tx: AsyncSession) -> list[DirectoryEntry]:
    """Rows that nobody claimed, by province and name."""
    rows = await tx.exec(
        select(DirectoryEntry)
        .where(col(DirectoryEntry.person_id).is_(None))
        .order_by(col(DirectoryEntry.province_code), func.lower(DirectoryEntry.name), col(DirectoryEntry.id))
    )
    return list(rows.all())


async def counts(tx: AsyncSession) -> tuple[int, int, int]:
    """Rows in all; of those claimed, how many people can be reached, and how many cannot."""
    reachable = and_(
        col(Person.joined_at).is_not(None),
        col(Person.blocked_at).is_(None),
        col(Person.stopped_at).is_(None),
    )
    row = await tx.exec(
        select(
            func.count(col(DirectoryEntry.id)),
            func.count(col(Person.id)).filter(reachable),
            func.count(col(Person.id)),
        ).join(Person, col(Person.id) == col(DirectoryEntry.person_id), isouter=True)
    )
    total, reached, claimed = row.one()
    return total, reached, claimed - reached


async def by_code(tx: AsyncSession, code: str) -> DirectoryEntry | None:
    """The row with this code, kept from other transactions until the end of this one."""
    rows = await tx.exec(select(DirectoryEntry).where(DirectoryEntry.claim_code == code).with_for_update())
    return rows.one_or_none()


async def of_person(tx: AsyncSession, person_id: int) -> DirectoryEntry | None:
    """The row that this person claimed, if any."""
    return (await tx.exec(select(DirectoryEntry).where(DirectoryEntry.person_id == person_id))).one_or_none()


async def locked_import(tx: AsyncSession, import_id: int) -> DirectoryImport | None:
    """The sheet of this id, kept from other transactions until the end of this one."""
    rows = await tx.exec(select(DirectoryImport).where(DirectoryImport.id == import_id).with_for_update())
    return rows.one_or_none()


async def forget_imports(tx: AsyncSession, made_before: datetime) -> None:
    """Delete those made before this moment."""
    await tx.exec(delete(DirectoryImport).where(col(DirectoryImport.created_at) < made_before))
