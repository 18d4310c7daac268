"""The book as the program serves it: items with all their revisions."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class ContentKind(enum.StrEnum):
    """What a content item is."""

    ENTRY = "entry"
    REGISTER = "register"  # regulations, sources, topics or the vocabulary: one file, one item


class Origin(enum.StrEnum):
    """Where a revision came from."""

    FILE = "file"
    DESK = "desk"  # a curator, in chat or by spreadsheet


class ContentItem(SQLModel, table=True):
    """One entry or register. `file_hash` and `file_revision` say which file content was loaded as which revision."""

    __tablename__ = "content_items"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str = Field(max_length=10)
    slug: str = Field(max_length=40)
    revision: int
    is_retired: bool = False
    file_hash: str | None = Field(default=None, max_length=64)
    file_revision: int | None = None


class ContentRevision(SQLModel, table=True):
    """What an item said from `created_at` on; never changed afterwards."""

    __tablename__ = "content_revisions"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    item_id: int = Field(foreign_key="content_items.id", sa_type=BigId)
    number: int
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    origin: str = Field(max_length=10)
    author: str = Field(max_length=100)
    created_at: datetime = Field(sa_type=UtcDateTime)
