"""Mailings: everything that goes out in bulk, each with one row a recipient."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime
from db.models.outbox import Lane

RECENT = 50  # outcomes of a mailing that are looked at to see whether it goes wrong


class Purpose(enum.StrEnum):
    """What a mailing is for."""

    ANNOUNCEMENT = "announcement"  # an organiser has something to say
    REMINDER = "reminder"  # something begins soon; worth nothing when late
    POLL = "poll"  # a question to those who were there
    CORRECTION = "correction"  # what was delivered is amended or taken back
    NOTICE = "notice"  # the bot itself has something to say


class Action(enum.StrEnum):
    """What is done in each chat."""

    SEND = "send"  # something new appears
    EDIT = "edit"  # messages that an earlier mailing brought are changed
    DELETE = "delete"  # messages that an earlier mailing brought are taken away


class MailingState(enum.StrEnum):
    """Whether a mailing goes on."""

    RUNNING = "running"  # its due deliveries are claimed, from `due_at` on
    PAUSED = "paused"  # nothing more is claimed until somebody resumes it
    CANCELLED = "cancelled"  # what had not left by then never will
    DONE = "done"  # nothing is left to do


class PauseReason(enum.StrEnum):
    """Who stopped a paused mailing."""

    BY_HAND = "by_hand"  # an organiser
    TOO_MANY_ERRORS = "too_many_errors"  # the mailing itself: going on would only repeat a mistake


class DeliveryState(enum.StrEnum):
    """How far one recipient's copy has come."""

    PENDING = "pending"  # not sent; to be, from `due_at` on
    SENDING = "sending"  # marked by the holder of `term`; it leaves now or has just left
    SENT = "sent"  # Telegram accepted it
    BLOCKED = "blocked"  # the person or group does not want us, or is no more
    FAILED = "failed"  # certainly not sent: Telegram refused it for `reason`
    UNCERTAIN = "uncertain"  # it may have arrived, wholly or in part; never sent again by itself
    CANCELLED = "cancelled"  # certainly not sent: the mailing was cancelled, or the group has another row


class Doubt(enum.StrEnum):
    """Why a delivery is uncertain: its `reason`."""

    NO_ANSWER = "no_answer"  # the request left and no answer came
    INTERRUPTED = "interrupted"  # the process that had marked it ended or lost its turn
    IN_PART = (
        "in_part"  # the first of several messages arrived, a later one did not; `message_ids` has the first
    )


class Mailing(SQLModel, table=True):
    """One content for a fixed list of recipients. `content` is a list of calls of the Bot API (`method`, `parameters`)
    without a chat; `variants` are other contents by name, for those recipients that name one.

    `subject` says whose mailing it is ("announcement:12"), `source_id` which mailing's messages it edits or deletes.
    `recent` has a character for each of the last outcomes that speak for or against the content: . sent, x failed.
    """

    __tablename__ = "mailings"
    __table_args__ = (Index("ix_mailings_ended_at_due_at", "ended_at", "due_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    purpose: str = Field(max_length=12)
    action: str = Field(max_length=6)
    content: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    variants: dict[str, list[dict[str, Any]]] = Field(sa_column=Column(JSON, nullable=False))
    subject: str | None = Field(default=None, max_length=60, index=True)
    source_id: int | None = Field(
        default=None, foreign_key="mailings.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    created_by: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=MailingState.RUNNING, max_length=10)
    pause_reason: str | None = Field(default=None, max_length=16)
    recipients: int = 0
    recent: str = Field(default="", max_length=RECENT)
    ended_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # nothing is pending or sending any more
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def lane(self) -> Lane:
        """Reminders have their hour, everything else has time."""
        return lane_of(self.purpose)


class Delivery(SQLModel, table=True):
    """One recipient's copy. `thread_id` is the topic, 0 for none; `person_id` is who it is for, if a person.

    `target_ids` are the messages to edit or delete, `message_ids` those that came of it. `variant` names the content,
    `parameters` are this recipient's own and go over those of the last call. `attempts` counts how often the row was
    marked, so that what is known of one attempt is never written over the next.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("mailing_id", "chat_id", "thread_id"),
        # Claims read the beginning of the due rows of a mailing, counts all of its entries; neither the old rows.
        Index("ix_deliveries_mailing_id_state_due_at_id", "mailing_id", "state", "due_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    mailing_id: int = Field(foreign_key="mailings.id", ondelete="CASCADE", sa_type=BigId)
    chat_id: int = Field(sa_type=BigId)
    thread_id: int = Field(default=0, sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True, index=True
    )
    variant: str | None = Field(default=None, max_length=20)
    parameters: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    target_ids: list[int] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    state: str = Field(default=DeliveryState.PENDING, max_length=10)
    due_at: datetime = Field(sa_type=UtcDateTime)
    term: int | None = Field(default=None, sa_type=BigId)
    marked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    message_ids: list[int] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    poll_id: str | None = Field(default=None, max_length=40, index=True)
    reason: str | None = Field(default=None, max_length=200)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class MailingTerm(SQLModel, table=True):
    """The one row that says under which term deliveries are marked. A holder of an older term finds out here, inside
    the transaction in which it would mark or record, that it has a successor."""

    __tablename__ = "mailing_terms"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    term: int = Field(sa_type=BigId)


def lane_of(purpose: str) -> Lane:
    """The lane in which a mailing of this purpose goes."""
    return Lane.REMINDER if purpose == Purpose.REMINDER else Lane.BULK
