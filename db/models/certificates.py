"""Certificates of sessions, and which monthly reports were made."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from db.database import BigId, UtcDateTime


class Certificate(SQLModel, table=True):
    """That somebody took part in a session: `serial` is printed on it, and the link beside it verifies it.

    One a person and session. `full_name` and `unit` are what stands on it; without a person both are gone, since the
    person's data was erased. Whether it holds is not stored: it does as long as its person is on the attendance list.
    """

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    session_id: int = Field(foreign_key="cop_sessions.id", ondelete="CASCADE", sa_type=BigId)
    person_id: int | None = Field(
        default=None, foreign_key="people.id", ondelete="SET NULL", sa_type=BigId, nullable=True, index=True
    )
    serial: str = Field(max_length=24, unique=True)
    full_name: str | None = Field(default=None, max_length=150)
    unit: str | None = Field(default=None, max_length=150)
    issued_on: date  # the day by the session's clock; no hour, as for everything that tells of feedback


class MonthlyReportMade(SQLModel, table=True):
    """The report on a month ("2026-10") was handed out by the clock. `recipients` is to how many people."""

    __tablename__ = "monthly_reports_made"

    month: str = Field(primary_key=True, max_length=7)
    made_at: datetime = Field(sa_type=UtcDateTime)
    recipients: int
