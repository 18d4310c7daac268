"""Who may do more than ask, who was invited to, and who did what."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime

NATIONAL = ""  # stands for all provinces where a province's code could stand


class Role(enum.StrEnum):
    """What can be granted. Owners come from the settings and are no rows."""

    ORGANISER = "organiser"
    CURATOR = "curator"


class RoleGrant(SQLModel, table=True):
    """A person has a role in one province, or in all (NATIONAL). Revoking deletes the row."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("person_id", "role", "province_code"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="people.id", ondelete="CASCADE", sa_type=BigId)
    role: str = Field(max_length=10, index=True)
    province_code: str = Field(max_length=2)
    granted_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    granted_at: datetime = Field(sa_type=UtcDateTime)


class Invitation(SQLModel, table=True):
    """A link that grants a role once. Only the hash of its secret is kept; `provinces` is empty for a national role."""

    __tablename__ = "invitations"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    secret_hash: str = Field(max_length=64, unique=True)
    role: str = Field(max_length=10)
    provinces: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    created_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditEvent(SQLModel, table=True):
    """Who did what to what, when; written with it and never changed.

    `details` holds codes and numbers, no words of people. `actor_id` is None for the program itself, and for people
    whose data was erased.
    """

    __tablename__ = "audit_events"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    act: str = Field(max_length=40)
    subject: str = Field(max_length=20)  # the kind of thing: person, invitation, group, …
    subject_id: int | None = Field(default=None, sa_type=BigId)
    details: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
