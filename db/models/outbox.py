"""What is still to be told to people: a row from the commit that causes it until Telegram has accepted it."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Lane(enum.StrEnum):
    """Which requests go before which, in this order."""

    REPLY = "reply"  # somebody waits for it
    REMINDER = "reminder"  # it has its hour
    BULK = "bulk"  # it has time


class OutgoingRequest(SQLModel, table=True):
    """One request to the Bot API. There is no state: a row is still to be sent, what was sent has none.

    `next_attempt_at` is None while the process that wrote the row is sending it, as the holder of the lease in `term`;
    otherwise the row waits until then. `if_refused` are the parameters of the message that is sent in its place when
    Telegram will not have it.
    """

    __tablename__ = "outgoing_requests"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    chat_id: int = Field(sa_type=BigId, index=True)
    method: str = Field(max_length=40)
    parameters: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    if_refused: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    lane: str = Field(default=Lane.REPLY, max_length=10)
    question_id: int | None = Field(default=None, sa_type=BigId)  # is told which message answered it
    poll_copy_id: int | None = Field(
        default=None, sa_type=BigId, nullable=True, index=True
    )  # is told which poll came of it
    attempts: int = 0
    term: int = Field(default=0, sa_type=BigId, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=UtcDateTime)
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
