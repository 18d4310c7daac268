"""What Telegram sent: every update, stored before it is confirmed, until a week after it is done."""

import enum
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class UpdateState(enum.StrEnum):
    """How far an update has come."""

    PENDING = "pending"  # stored; not yet begun, or begun and not finished
    DONE = "done"  # committed together with everything that it led to; the payload is erased
    SET_ASIDE = "set_aside"  # it cannot be handled: apologised for, and kept for a week to look at


class IncomingUpdate(SQLModel, table=True):
    """One update. `payload` is the JSON that came; `attempts` counts beginnings, each before it happens.

    `order_key` is the person (or the chat, where there is none) whose updates are handled in the order of `id`.
    `replica_id` is the process that has it in hand; None: whoever comes first.
    """

    __tablename__ = "incoming_updates"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id"),
        # Only what is not done, however many rows are kept: for the turns of people.
        Index(
            "ix_incoming_updates_pending",
            "bot_id",
            "order_key",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        # What is pending at all, and what ended before a moment.
        Index("ix_incoming_updates_state_done_at", "state", "done_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    bot_id: int = Field(sa_type=BigId)
    update_id: int = Field(sa_type=BigId)
    kind: str = Field(max_length=40)
    order_key: int = Field(default=0, sa_type=BigId)
    replica_id: int | None = Field(default=None, sa_type=BigId)
    received_at: datetime = Field(sa_type=UtcDateTime)
    payload: str | None = None
    state: str = Field(default=UpdateState.PENDING, max_length=10)
    attempts: int = 1  # storing hands it over to be handled, which is the first
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error_id: str | None = Field(default=None, max_length=16)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # done or set aside
