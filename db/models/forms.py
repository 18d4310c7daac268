"""What people are filling in: one row a form, from its first step until two days after its end."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class FormState(enum.StrEnum):
    """How far a form has come."""

    OPEN = "open"  # its step waits for an answer, now or once it is continued
    COMPLETED = "completed"  # the last step was answered; what it led to is committed with it
    CANCELLED = "cancelled"


_IS_OPEN = text("state = 'open'")
_IS_IN_FRONT = text("state = 'open' AND NOT is_parked")


class FilledForm(SQLModel, table=True):
    """One person's form. `version` counts its steps to and fro, so that an older button is known as such.

    `step` is the key of the step that waits; `data` holds what was given with the form and every answer by the key
    of its step; `answers` says which message (its id as a string) answered which step. At the end `data` is erased.
    A form that is parked waits until it is continued; meanwhile what the person writes is a question as always.
    """

    __tablename__ = "forms"
    __table_args__ = (
        # One of a kind, and one that takes what is written.
        Index(
            "uq_forms_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "uq_forms_in_front",
            "person_id",
            unique=True,
            sqlite_where=_IS_IN_FRONT,
            postgresql_where=_IS_IN_FRONT,
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int = Field(foreign_key="people.id", ondelete="CASCADE", sa_type=BigId, index=True)
    kind: str = Field(max_length=20)
    step: str = Field(max_length=20)
    data: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    answers: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    version: int = 1
    state: str = Field(default=FormState.OPEN, max_length=10)
    is_parked: bool = False
    opened_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
