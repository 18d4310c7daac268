"""The time, passed in: UTC inside, the reader's zone outside.

Nothing in the program asks the operating system for the time except `SystemClock`; tests hand over a clock
that they move themselves.
"""

import enum
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """The present moment as an aware datetime in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until somebody moves it (tests, and the demo's time travel)."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, duration: timedelta) -> None:
        self._now += duration


class Zone(enum.Enum):
    """Indonesia's three zones, by the names that people write behind a time."""

    WIB = "Asia/Jakarta"
    WITA = "Asia/Makassar"
    WIT = "Asia/Jayapura"

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.value)


def local_date(moment: datetime, zone: Zone = Zone.WIB) -> date:
    """The calendar day on which `moment` falls in `zone`; rules take effect by WIB days unless told otherwise."""
    return moment.astimezone(zone.info).date()
