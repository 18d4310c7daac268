"""Sessions of the community, who wants to come, who was there, and which reminders were begun."""

import enum
from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class SessionState(enum.StrEnum):
    """Whether a session takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class Answer(enum.StrEnum):
    """What somebody said to an invitation."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class Presence(enum.StrEnum):
    """How it is known that somebody was there."""

    LINK = "link"  # the QR code on the slide, or its link
    CODE = "code"  # the four signs on the slide, typed
    LIST = "list"  # an organiser put them on the list
    IMPORT = "import"  # the sheet of the meeting service


class CopSession(SQLModel, table=True):
    """A session. Open ended ones have an `ends_at` as well: until then people can check in.

    `sequence` counts the changes that calendars have to learn of. `scheduled_at` is when the present start was set:
    reminders that were due before that are of no concern. `checkin_code` is on the slide, `old_codes` were.
    """

    __tablename__ = "cop_sessions"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    title: str = Field(max_length=150)
    theme: str | None = Field(default=None, max_length=500)
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    is_open_ended: bool = False
    place: str | None = Field(default=None, max_length=300)
    join_link: str | None = Field(default=None, max_length=500)
    speakers: str | None = Field(default=None, max_length=300)
    capacity: int | None = None
    province_code: str | None = Field(default=None, max_length=2)  # None: of the whole country
    material: str | None = Field(default=None, max_length=1000)
    sequence: int = 0
    state: str = Field(default=SessionState.PLANNED, max_length=10)
    checkin_code: str | None = Field(default=None, max_length=4)
    old_codes: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    created_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    created_at: datetime = Field(sa_type=UtcDateTime)
    scheduled_at: datetime = Field(sa_type=UtcDateTime)


class Rsvp(SQLModel, table=True):
    """One person's answer, which can change. `waiting_since`: they want to come and there is no seat yet."""

    __tablename__ = "rsvps"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId)
    person_id: int = Field(foreign_key="people.id", ondelete="CASCADE", sa_type=BigId, index=True)
    answer: str = Field(max_length=5)
    waiting_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime = Field(sa_type=UtcDateTime)


class Attendance(SQLModel, table=True):
    """Somebody was there. Without a person there is the `name` of somebody who does not use the bot; without either it
    only counts: their data was erased."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True, index=True
    )
    name: str | None = Field(default=None, max_length=200)
    how: str = Field(max_length=6)
    at: datetime = Field(sa_type=UtcDateTime)


class SessionMaterial(SQLModel, table=True):
    """A file of a session (slides, PDF): Telegram's id of what an organiser sent, which this bot can send again.

    `kind` is the file's parameter in the Bot API ("document").
    """

    __tablename__ = "session_materials"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId, index=True)
    kind: str = Field(max_length=10)
    file_id: str = Field(max_length=512)
    name: str = Field(max_length=150)
    added_at: datetime = Field(sa_type=UtcDateTime)


class CheckinAttempt(SQLModel, table=True):
    """Wrong codes that a person typed for a session, so that nobody tries all of them."""

    __tablename__ = "checkin_attempts"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId)
    person_id: int = Field(foreign_key="people.id", ondelete="CASCADE", sa_type=BigId, index=True)
    number: int
    last_at: datetime = Field(sa_type=UtcDateTime)


class SessionReminder(SQLModel, table=True):
    """A reminder that was begun, or passed over since it would have come too late.

    One for each start that a session has had: after a move they are due anew. `zone` names whose clock the reminder of
    the day before goes by; it is empty for those that everybody gets at the same moment.
    """

    __tablename__ = "session_reminders"
    __table_args__ = (UniqueConstraint("session_id", "kind", "zone", "starts_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId)
    kind: str = Field(max_length=10)
    zone: str = Field(default="", max_length=20)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    was_sent: bool
    at: datetime = Field(sa_type=UtcDateTime)


class Pulse(SQLModel, table=True):
    """When something was last known to go on; a long silence before the next beat was an outage."""

    __tablename__ = "pulses"

    name: str = Field(primary_key=True, max_length=20)
    at: datetime = Field(sa_type=UtcDateTime)
