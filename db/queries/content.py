"""Content items and the revision of each that is served."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import ContentItem, ContentRevision


@dataclass(frozen=True)
class ServedItem:
    """One item and what it says now."""

    kind: str
    slug: str
    revision: int
    body: dict[str, Any]


@dataclass(frozen=True)
class FileState:
    """What is known of the file that an item comes from."""

    kind: str
    slug: str
    file_hash: str | None
    is_retired: bool


async def file_states(tx: AsyncSession) -> list[FileState]:
    """Of all items that were ever loaded from a file, in the order of the slugs."""
    rows = await tx.exec(
        select(ContentItem.kind, ContentItem.slug, ContentItem.file_hash, ContentItem.is_retired)
        .where(col(ContentItem.file_revision).is_not(None))
        .order_by(ContentItem.slug, ContentItem.kind)
    )
    return [FileState(*row) for row in rows.all()]


async def items(tx: AsyncSession) -> dict[tuple[str, str], ContentItem]:
    """All items, retired ones too, by kind and slug."""
    return {(item.kind, item.slug): item for item in (await tx.exec(select(ContentItem))).all()}


async def served(tx: AsyncSession) -> list[ServedItem]:
    """Every item that is not retired, with its newest revision, in the order of the slugs."""
    rows = await tx.exec(
        select(ContentItem, ContentRevision)
        .where(
            ContentRevision.item_id == ContentItem.id,
            ContentRevision.number == ContentItem.revision,
            col(ContentItem.is_retired).is_(False),
        )
        .order_by(ContentItem.slug)
    )
    return [ServedItem(item.kind, item.slug, item.revision, revision.body) for item, revision in rows.all()]


async def stamp(tx: AsyncSession) -> tuple[int, ...]:
    """Numbers that change with everything that changes what is served: an item, a revision, one that is retired."""
    row = await tx.exec(
        select(
            func.count(col(ContentItem.id)),
            func.coalesce(func.sum(ContentItem.revision), 0),
            func.coalesce(func.sum(cast(ContentItem.is_retired, Integer)), 0),
        )
    )
    return tuple(int(number) for number in row.one())
