"""How the reading of a date can end."""

import enum
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.clock import Zone


class PartOfDay(enum.StrEnum):
    """A part of the day as people name it; the hours of each stand in `hours.py`."""

    EARLY = "early"
    """dini hari"""
    DAWN = "dawn"
    """subuh"""
    MORNING = "morning"
    """pagi"""
    MIDDAY = "midday"
    """siang"""
    AFTERNOON = "afternoon"
    """sore"""
    DUSK = "dusk"
    """petang"""
    NIGHT = "night"
    """malam"""
    ENGLISH_AFTERNOON = "english_afternoon"
    ENGLISH_EVENING = "english_evening"
    ENGLISH_NIGHT = "english_night"
    AM = "am"
    PM = "pm"


class Assumed(enum.StrEnum):
    """What was not written and was taken by rule; reading back should let it be seen."""

    YEAR = "year"
    """The next such day, at most 180 days ahead."""
    MONTH = "month"
    """The next such day of a month: "tanggal 25"."""
    HALF_OF_DAY = "half_of_day"
    """8 to 11 without a part of the day is before noon, 12 is noon."""
    TODAY = "today"
    """"nanti jam 15" names no day."""


class Doubt(enum.StrEnum):
    """What a question is about. Where it has options, one of them may be meant; without, only words can answer."""

    HOUR = "hour"
    """A day, but no hour; no options."""
    DAY = "day"
    """An hour, but no day; options: today and tomorrow."""
    WHICH_DAY = "which_day"
    """A week, a month, an end of one ("minggu depan", "akhir bulan"): options where there are few days."""
    HALF_OF_DAY = "half_of_day"
    """"jam 3": of the night or of the afternoon."""
    WEEKDAY = "weekday"
    """The weekday is not that of the date. Options: the date, and the next such weekday."""
    WEEK = "week"
    """"Kamis depan" on a Monday, "Kamis" on a Thursday: this week's or the next one's."""
    NIGHT = "night"
    """Midnight and the hours after it: the night before the named day or the one after. "malam Jumat"."""
    TODAY = "today"
    """"besok" before four in the morning, or where the given zone has another day than the writer's."""
    YEAR = "year"
    """The day has just passed this year, or lies far ahead."""
    ORDER = "order"
    """The end does not come after the start."""
    SEVERAL_DAYS = "several_days"
    """Two days or more; a session lies within one. Options: each of the days, where they are known."""
    SEVERAL_HOURS = "several_hours"
    """Two hours that are no period and not the same moment in two zones."""
    CONTRADICTION = "contradiction"
    """What was written does not go together ("jam 3 pagi sore", a length that is not that of the period)."""
    APPROXIMATE = "approximate"
    """"sekitar jam 9". Option: the hour as it stands."""
    UNREAD = "unread"
    """Words that no rule knows (`Ask.unread`). Option: the rest."""


@dataclass(frozen=True)
class Understood:
    """A moment or a period, all of it named in the text or taken by a rule that `assumed` tells."""

    start: datetime
    """UTC."""
    end: datetime | None
    """UTC, after `start`; None where the text names no end."""
    zone: Zone
    """The zone of the text, or the writer's own."""
    was_zone_given: bool
    is_open_ended: bool = False
    """The text says that the end is open ("s.d. selesai")."""
    assumed: frozenset[Assumed] = frozenset()


@dataclass(frozen=True)
class Option:
    """One way to read a doubtful text."""

    day: date
    """In the zone of the question."""
    start: datetime | None
    """UTC; None where the hour still has to be asked."""
    end: datetime | None
    text: str
    """Writes this reading out; `read` understands it without a doubt, or asks for the hour only."""


@dataclass(frozen=True)
class Earlier:
    """What has to be kept until a question is answered."""

    text: str
    said_at: datetime
    """UTC; "besok" is counted from it."""
    doubt: Doubt


@dataclass(frozen=True)
class Ask:
    """A question back, with what was understood so far."""

    doubt: Doubt
    earlier: Earlier
    zone: Zone
    options: tuple[Option, ...] = ()
    day: date | None = None
    """The day, where it is certain."""
    start: time | None = None
    """The hour by the clock of `zone`, where it is certain."""
    end: time | None = None
    part: PartOfDay | None = None
    """The part of the day, where it was named without an hour."""
    unread: str = ""
    """The words that were not understood, as they were written."""
    written_weekday: int | None = None
    """For `Doubt.WEEKDAY`: the weekday in the text, Monday is 0."""


@dataclass(frozen=True)
class Past:
    """The text names a moment that has passed. `day` is in `zone`; None where only "lalu" was said."""

    zone: Zone
    day: date | None
    start: datetime | None = None
    """UTC; None where no hour was named."""


@dataclass(frozen=True)
class NoSuchDay:
    """31 Februari, 29 Februari 2026, 25/25/2025."""

    words: str
    last_day_of_month: int | None = None
    """Of the month that was named, where there is such a month."""


@dataclass(frozen=True)
class NoSuchHour:
    """25.00, 09.75."""

    words: str


@dataclass(frozen=True)
class NotADate:
    """Nothing in the text is a date or an hour."""


Outcome = Understood | Ask | Past | NoSuchDay | NoSuchHour | NotADate
