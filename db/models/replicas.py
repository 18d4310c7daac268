"""Processes that serve the same bot, and the one of them that sends and ticks."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Replica(SQLModel, table=True):
    """A running process. One that was not seen for a while is dead; ids are never used again."""

    __tablename__ = "replicas"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class Lease(SQLModel, table=True):
    """What only one process does at a time. `term` grows with every change of hands, so that an old holder is known."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True, max_length=40)
    replica_id: int | None = Field(default=None, sa_type=BigId)
    term: int = Field(default=0, sa_type=BigId)
    until: datetime = Field(sa_type=UtcDateTime)
