"""People: whoever talked to the bot, in private or in a group."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Person(SQLModel, table=True):
    """A member. Everything but the Telegram id is what the person chose to tell.

    Reachable is who has joined, has not stopped and has not blocked the bot.
    """

    __tablename__ = "people"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    telegram_id: int = Field(sa_type=BigId, unique=True)
    language: str | None = Field(default=None, max_length=2)
    province_code: str | None = Field(default=None, max_length=2)
    time_zone: str | None = Field(default=None, max_length=40)
    wants_announcements: bool = True
    wants_reminders: bool = True
    wants_polls: bool = True
    is_low_data: bool = False
    full_name: str | None = Field(default=None, max_length=150)  # with titles
    unit: str | None = Field(default=None, max_length=150)
    position: str | None = Field(default=None, max_length=100)
    nip: str | None = Field(default=None, max_length=18)
    regency: str | None = Field(default=None, max_length=100)
    consent_version: str | None = Field(default=None, max_length=20)
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # first message in private; until then unreachable
    # Telegram refused a message because the person blocked the bot or is no more; None again when they come back.
    blocked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # /berhenti, until the next /start
    menu_shown: str | None = Field(
        default=None, max_length=16, index=True
    )  # which menu of a role their chat shows; None: the usual
    created_at: datetime = Field(sa_type=UtcDateTime)
