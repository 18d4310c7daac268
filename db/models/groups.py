"""Groups that the bot is in, and what organisers decided about them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Group(SQLModel, table=True):
    """A group. Announcements go only into those that are registered, may be posted in, and were not left."""

    __tablename__ = "groups"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    chat_id: int = Field(
        sa_type=BigId, unique=True
    )  # Telegram's; a group that turns into a supergroup gets another
    title: str = Field(max_length=255)
    is_forum: bool = False
    province_code: str | None = Field(default=None, max_length=2)  # None: of the whole country
    thread_id: int | None = Field(default=None, sa_type=BigId)  # the topic to post in; None: the general one
    registered_by_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True
    )
    registered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    may_post: bool = True
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
