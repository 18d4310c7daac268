"""Announcements: what organisers tell many people, from the draft to what became of it."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class AnnouncementState(enum.StrEnum):
    """How far an announcement has come."""

    DRAFT = "draft"  # its organiser is at it; nothing leaves
    AWAITING = "awaiting"  # confirmed; a second organiser has to look at it
    SCHEDULED = "scheduled"  # confirmed; its recipients are fixed when its time comes
    SENDING = "sending"  # its mailing exists; in the first seconds everything can still be undone
    SENT = "sent"  # its mailing ended
    CANCELLED = "cancelled"  # thrown away, or stopped on the way; what had left by then has arrived


class Announcement(SQLModel, table=True):
    """One announcement. `parts` are the organiser's messages as data (bot/services/announcement_content.py), with the
    ids that they have in the organiser's chat; `buttons` are the link buttons below; `correction` is a new text that
    waits to be confirmed. `audience` says for whom (bot/services/audiences.py).

    `version` changes with content and time, so that an older button is known as such. `card_message_id` is the
    message in the organiser's chat that shows how it stands, `shown` what it showed last.
    """

    __tablename__ = "announcements"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    state: str = Field(default=AnnouncementState.DRAFT, max_length=10, index=True)
    parts: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    buttons: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    audience: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    correction: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    is_urgent: bool = False  # does not wait for the end of anybody's quiet hours
    version: int = 1
    link_code: str = Field(max_length=16, unique=True)
    scheduled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: at once
    gathering_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # when the last part of an album came, while others may still come
    created_by: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True, index=True
    )
    approved_by: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    mailing_id: int | None = Field(
        default=None,
        foreign_key="mailings.id",
        ondelete="SET NULL",
        sa_type=BigId,
        nullable=True,
        index=True,
    )
    card_message_id: int | None = Field(default=None, sa_type=BigId)
    shown: str | None = Field(default=None, max_length=120)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when its mailing was started
    corrected_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
