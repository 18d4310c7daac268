"""What was asked, how it ended, and whether the answer helped."""

import enum
from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Ending(enum.StrEnum):
    """How a question ended."""

    ANSWERED = "answered"  # one card was shown
    SUGGESTED = "suggested"  # "Maksud Anda…?" is on screen, nothing chosen yet
    UNKNOWN = "unknown"  # the honest "belum ada"
    TOPIC = "topic"  # a topic's name alone: its list was opened
    SMALL_TALK = "small_talk"  # a greeting, thanks, noise: a friendly word


class Consent(enum.StrEnum):
    """What the asker said about passing the question on."""

    NAMED = "named"
    UNNAMED = "unnamed"
    DECLINED = "declined"


class Verdict(enum.StrEnum):
    """What a reader thought of a card."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


class Reason(enum.StrEnum):
    """Why a card did not help."""

    OTHER_QUESTION = "other_question"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"


class Question(SQLModel, table=True):
    """One question; `text` is masked before it comes here (A11). Two questions in one message are two parts."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("chat_id", "message_id", "part"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    part: int = 0
    reply_message_id: int | None = Field(default=None, sa_type=BigId)
    text: str
    ending: str = Field(max_length=12)
    entry_id: str | None = Field(default=None, max_length=40)
    confidence: float | None = None
    suggested: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    consent: str | None = Field(default=None, max_length=10)
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Rating(SQLModel, table=True):
    """One person's verdict on one revision of an entry; pressing again replaces it. Without a person it only counts."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("person_id", "entry_id", "revision"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    entry_id: str = Field(max_length=40, index=True)
    revision: int
    verdict: str = Field(max_length=12)
    reason: str | None = Field(default=None, max_length=16)
    rated_at: datetime = Field(sa_type=UtcDateTime)
