"""Polls after sessions: what is asked, who was asked, and what was answered.

Who answered and what was answered stand apart (docs/decisions/0019-candour.md). While a poll is open a random token,
the sheet, leads from a participation to its votes, so that votes can be changed. When it closes the sheets, votes and
copies are destroyed, and nothing but counts, averages of groups and shuffled comments is left.
"""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class PollState(enum.StrEnum):
    """How far a poll has come."""

    PLANNED = "planned"  # its questions can be changed; nobody was asked
    OPEN = "open"  # people vote, change and withdraw
    CLOSED = "closed"  # nothing changes any more, and nobody can tell whose vote was whose


class QuestionKind(enum.StrEnum):
    """How a question is answered."""

    RATING = "rating"  # 1 to 5
    SINGLE = "single"  # one of several
    SEVERAL = "several"  # any of several
    SCALE = "scale"  # 0 to 10: how likely one is to recommend it
    TEXT = "text"  # in one's own words


class GroupPollState(enum.StrEnum):
    """Whether the totals of a poll in a group can still change."""

    OPEN = "open"
    FROZEN = "frozen"  # it was stopped: these are its totals
    LOST = "lost"  # it was deleted before it could be stopped: these are the last totals that came


class Poll(SQLModel, table=True):
    """The poll of a session. It opens `shift_minutes` after the end of the session, unless `is_by_hand`.

    `warned_for` is the opening of which the organiser was told last. `group_ids` are our ids of groups that get an
    anonymous poll. `shown` are the numbers that were shown last while it was open (`bot/services/poll_results.py`).
    `is_scrubbed`: what its votes left in free pages and in the write-ahead log was overwritten after its closing.
    `changes` is what the organiser will change after it, in their words; at `told_at` those who answered were told.
    """

    __tablename__ = "polls"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId, unique=True)
    state: str = Field(default=PollState.PLANNED, max_length=10, index=True)
    link_code: str = Field(max_length=16, unique=True)
    shift_minutes: int = 0
    is_by_hand: bool = False
    warned_for: datetime | None = Field(default=None, sa_type=UtcDateTime)
    group_ids: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    is_scrubbed: bool = False
    changes: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    created_at: datetime = Field(sa_type=UtcDateTime)


class PollQuestion(SQLModel, table=True):
    """One question; `position` counts from 1. `answered` is set when the poll closes: how many answered it."""

    __tablename__ = "poll_questions"
    __table_args__ = (UniqueConstraint("poll_id", "position"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", sa_type=BigId)
    position: int
    kind: str = Field(max_length=10)
    text: str = Field(max_length=300)
    options: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    answered: int | None = None


class PollParticipation(SQLModel, table=True):
    """Somebody was asked, and answered anything or nothing; never when. Without a person it only counts.

    `sheet` leads to the votes while the poll is open. `waits_at` is the position of the question that was put last, one
    more than there are when all were; 0 before the first and after the closing.
    """

    __tablename__ = "poll_participations"
    __table_args__ = (UniqueConstraint("poll_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True, index=True
    )
    has_answered: bool = False
    was_reminded: bool = False
    sheet: str | None = Field(default=None, max_length=32, unique=True)
    waits_at: int = 0


class PollVote(SQLModel, table=True):
    """What stands on a sheet for a question, while the poll is open: positions of options from 0, or words (masked)."""

    __tablename__ = "poll_votes"

    sheet: str = Field(primary_key=True, max_length=32)
    question_id: int = Field(
        primary_key=True, foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId, index=True
    )
    options: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class PollCopy(SQLModel, table=True):
    """A question as it was put to somebody by a reply, while the poll is open; those of the mailing are deliveries.

    `telegram_poll_id` is None as long as it is not known whether it arrived; `is_doubtful`: it may have arrived twice.
    """

    __tablename__ = "poll_copies"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    participation_id: int = Field(
        foreign_key="poll_participations.id", ondelete="CASCADE", sa_type=BigId, index=True
    )
    question_id: int = Field(foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId, index=True)
    telegram_poll_id: str | None = Field(default=None, max_length=40, index=True)
    is_doubtful: bool = False


class PollTally(SQLModel, table=True):
    """How often an option (its position, from 0) was chosen in a closed poll."""

    __tablename__ = "poll_tallies"

    question_id: int = Field(
        primary_key=True, foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId
    )
    option: int = Field(primary_key=True)
    number: int


class PollComment(SQLModel, table=True):
    """Words of a closed poll; the ids are given in a random order."""

    __tablename__ = "poll_comments"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    question_id: int = Field(foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId, index=True)
    words: str = Field(sa_column=Column(Text, nullable=False))


class PollGroupMean(SQLModel, table=True):
    """The average of a group of at least five answers in a closed poll, to one decimal.

    `provinces` are the codes of its province, or of those that were merged; "" stands for an unknown one.
    """

    __tablename__ = "poll_group_means"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    question_id: int = Field(foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId, index=True)
    provinces: list[str] = Field(sa_column=Column(JSON, nullable=False))
    number: int
    mean: float


class GroupPoll(SQLModel, table=True):
    """An anonymous poll in a group: its totals by option, and how many voted. `delivery_id` is its copy."""

    __tablename__ = "group_polls"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    question_id: int = Field(foreign_key="poll_questions.id", ondelete="CASCADE", sa_type=BigId, index=True)
    delivery_id: int | None = Field(
        default=None,
        foreign_key="deliveries.id",
        ondelete="SET NULL",
        sa_type=BigId,
        nullable=True,
        index=True,
    )
    title: str = Field(max_length=255)
    state: str = Field(default=GroupPollState.OPEN, max_length=10)
    totals: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    voters: int = 0
