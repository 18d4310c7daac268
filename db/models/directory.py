"""The ministry's list of counsellors, and which of its rows joined."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class ListedRole(enum.StrEnum):
    """What the list says somebody is; it grants nothing by itself."""

    MEMBER = "member"
    ORGANISER = "organiser"
    CURATOR = "curator"


class DirectoryEntry(SQLModel, table=True):
    """One row of the list. `claim_code` makes the personal link, which is worth nothing once a person claimed the row.

    The code stands here in clear, unlike an invitation's: the list with its links has to be made anew as often as
    somebody asks for it, and a link grants nothing but being this row.
    """

    __tablename__ = "directory_entries"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(max_length=150)
    unit: str = Field(default="", max_length=150)
    province_code: str = Field(max_length=2, index=True)
    role: str = Field(default=ListedRole.MEMBER, max_length=10)
    claim_code: str = Field(max_length=32, unique=True)
    person_id: int | None = Field(
        default=None,
        foreign_key="people.id",
        ondelete="SET NULL",
        sa_type=BigId,
        nullable=True,
        unique=True,
    )
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class DirectoryImport(SQLModel, table=True):
    """A sheet that was read and waits for a yes; its rows are erased with the answer, or after a day."""

    __tablename__ = "directory_imports"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="people.id", ondelete="CASCADE", sa_type=BigId)
    rows: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
