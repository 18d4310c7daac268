"""Files that the program made for somebody, until they are sent."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class OutgoingFile(SQLModel, table=True):
    """The bytes of a file that a request in the outbox names by its key."""

    __tablename__ = "outgoing_files"

    key: str = Field(primary_key=True, max_length=32)
    chat_id: int = Field(sa_type=BigId, index=True)
    content: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)
