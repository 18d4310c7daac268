"""What a text can name: the pieces that the parser finds and that days.py and hours.py resolve."""

import enum
from dataclasses import dataclass

from bot.clock import Zone
from bot.services.moments.outcomes import PartOfDay


class Scope(enum.Enum):
    """Which of several: "depan", "ini", "lalu"."""

    NONE = enum.auto()
    THIS = enum.auto()
    NEXT = enum.auto()


@dataclass(frozen=True)
class Hour:
    """A time of day, not yet decided between its two halves."""

    hour: int
    minute: int
    is_written_out: bool
    """In the notation of 24 hours: 09.00, 13.30, 0900; "jam 9" and "9.00" are not."""
    part: PartOfDay | None = None
    zone: Zone | None = None


@dataclass(frozen=True)
class Part:
    """ "besok pagi": a part of the day apart from an hour."""

    part: PartOfDay


@dataclass(frozen=True)
class ZoneName:
    """A zone that stands behind no hour."""

    zone: Zone


@dataclass(frozen=True)
class Until:
    """ "s.d.", or a dash between two hours."""

    is_dash: bool
    written: str


@dataclass(frozen=True)
class OpenEnd:
    """ "s.d. selesai"."""


@dataclass(frozen=True)
class Length:
    """ "selama 2 jam"."""

    minutes: int


@dataclass(frozen=True)
class FromNow:
    """ "2 jam lagi"."""

    minutes: int


@dataclass(frozen=True)
class Offset:
    """ "besok": so many days after today."""

    days: int
    is_relative_to_sleep: bool = False
    """"besok" and "lusa": after midnight people may still count from the day before."""


@dataclass(frozen=True)
class Later:
    """ "nanti": today, unless another day is named."""


@dataclass(frozen=True)
class Weekday:
    """A weekday, Monday is 0."""

    weekday: int
    scope: Scope = Scope.NONE


@dataclass(frozen=True)
class EveOf:
    """ "malam Jumat": by custom the evening before Friday; some mean Friday's evening."""

    weekday: int


@dataclass(frozen=True)
class Week:
    """ "minggu depan", "pekan ini"."""

    scope: Scope
    may_be_sunday: bool
    """"minggu depan" can also be the next Sunday."""


@dataclass(frozen=True)
class Weeks:
    """ "2 minggu lagi"."""

    count: int


@dataclass(frozen=True)
class Calendar:
    """A day of the month; what is None was not named."""

    day: int
    month: int | None
    year: int | None
    written: str
    is_year_first: bool = False
    """2030-09-25: nobody writes it so by habit, so that a year far ahead is meant."""


@dataclass(frozen=True)
class Month:
    """ "bulan depan" (scope) or "September" (month, year): no day."""

    scope: Scope
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Year:
    """ "tahun ini", "tahun depan"."""

    scope: Scope


@dataclass(frozen=True)
class DayOrMonths:
    """ "3 bulan depan": the 3rd of next month, or in three months."""

    number: int


@dataclass(frozen=True)
class Vague:
    """ "akhir bulan"."""


@dataclass(frozen=True)
class SeveralDays:
    """ "25-27 September"."""


@dataclass(frozen=True)
class Gone:
    """ "kemarin" (days), "Kamis lalu" (None)."""

    days: int | None


@dataclass(frozen=True)
class Approximately:
    """ "sekitar"."""


@dataclass(frozen=True)
class BadHour:
    """25.00"""

    written: str


@dataclass(frozen=True)
class Unread:
    """A word that no rule knows."""

    written: str
    turns: bool = False
    """It may turn the meaning of the rest ("bukan", "atau")."""


Mention = (
    Hour
    | Part
    | ZoneName
    | Until
    | OpenEnd
    | Length
    | FromNow
    | Offset
    | Later
    | Weekday
    | EveOf
    | Week
    | Weeks
    | Calendar
    | Month
    | Year
    | DayOrMonths
    | Vague
    | SeveralDays
    | Gone
    | Approximately
    | BadHour
    | Unread
)
