"""Days in words and figures: "25 September 2025", "25/9/25", "Kamis depan", "tgl 3 bulan depan", "malam Jumat"."""

import re

from bot.services.moments import words
from bot.services.moments.clock_words import minutes
from bot.services.moments.cursor import Cursor
from bot.services.moments.mentions import (
    Calendar,
    DayOrMonths,
    EveOf,
    FromNow,
    Gone,
    Later,
    Mention,
    Month,
    Offset,
    Part,
    Scope,
    SeveralDays,
    Vague,
    Week,
    Weekday,
    Weeks,
    Year,
)
from bot.services.moments.outcomes import PartOfDay
from bot.services.moments.words import Kind

_MONTH_WORDS = {"bulan", "bln"}
_YEAR_WORDS = {"tahun", "thn"}
_ORDINALS = {"st", "nd", "rd", "th"}
_WEEKS = words.SUNDAY_OR_WEEK | words.WEEK
# What makes an hour of a two-digit number that could otherwise be a year: "25 September 22 WIB".
_MAKES_AN_HOUR = {
    *words.PARTS,
    *words.ZONES,
    *words.UNTIL,
    *words.HOURS,
    *words.MINUTES,
    *words.DAYS,
    *_WEEKS,
    "dini",
}


def several_days(at: Cursor) -> list[Mention] | None:
    """ "25-27 September 2025"."""
    at.skip(words.DATE_WORDS)
    if at.number(1, 31) is None or not (at.skip_dash() or at.skip(words.UNTIL | {"dan", "&", "and"})):
        return None
    at.skip({"dengan"})
    at.skip(words.DATE_WORDS)
    if at.number(1, 31) is None or _month_name(at) is None:
        return None
    _year(at)
    return [SeveralDays()]


def from_now(at: Cursor) -> list[Mention] | None:
    """ "2 jam lagi", "dalam 3 hari", "2 minggu lagi"."""
    is_announced = at.skip({"dalam", "in"})
    mark = at.position
    found = minutes(at)
    if found is not None and (at.skip({"lagi"}) or is_announced):
        at.skip({"lagi"})
        return [FromNow(found)]
    at.position = mark
    if at.peek().is_in({"sehari", "seminggu", "sepekan"}):
        count, unit = 1, at.take().text
    else:
        number = at.number(1, 99)
        if number is None or not at.peek().is_in(words.DAYS | _WEEKS | {"weeks"}):
            return None
        count, unit = number, at.take().text
    if not (at.skip({"lagi"}) or is_announced):
        return None
    at.skip({"lagi"})
    return [Offset(count)] if unit in words.DAYS | {"sehari"} else [Weeks(count)]


def calendar(at: Cursor) -> list[Mention] | None:
    """A day of the month, in figures or with the month's name."""
    begin = at.position
    is_named = at.skip(words.DATE_WORDS)
    at.skip_marks(":.")
    token = at.peek()
    if token.kind is Kind.DATE:
        at.take()
        if at.peek().is_in({"t"}) and at.peek().is_glued:  # 2025-09-25T09:00
            at.take()
        return [_from_figures(token.text, token.written)]
    if is_named and token.kind is Kind.CLOCK and re.fullmatch(r"[0-9]+\.[0-9]+", token.text):  # "tgl 12.10"
        at.take()
        day_text, month_text = token.text.split(".")
        return [Calendar(int(day_text), int(month_text), _year(at), token.written)]
    if token.is_in(words.MONTHS):
        return _month_first(at, begin)
    day = at.number(1, 99)
    if day is None:
        return None
    behind_number = at.position
    at.skip(_ORDINALS)
    at.skip_dash()
    at.skip_marks("/.")
    at.skip({"of"})
    month = _month_name(at)
    if month is not None:
        at.skip_dash()
        at.skip_marks("/")
        year = _year(at)
        return [Calendar(day, month, year, at.written_since(begin))]
    at.position = behind_number
    if is_named:
        return [Calendar(day, None, None, at.written_since(begin))]
    if at.peek().is_in(_MONTH_WORDS) and at.peek(1).is_in(words.NEXT | {"lagi"}):
        at.position += 2
        return [DayOrMonths(day)]
    return None


def _from_figures(text: str, written: str) -> Calendar:
    parts = [int(each) for each in re.split("[-/.]", text)]
    if len(parts) == 2:
        return Calendar(parts[0], parts[1], None, written)
    if parts[0] > 99:
        return Calendar(parts[2], parts[1], parts[0], written, is_year_first=True)
    return Calendar(parts[0], parts[1], parts[2] if parts[2] > 99 else 2000 + parts[2], written)


def _month_first(at: Cursor, begin: int) -> list[Mention] | None:
    """ "September 25, 2025"; "September 25" alone could be a year."""
    month, day = words.MONTHS[at.take().text], at.number(1, 31)
    if day is None:
        return None
    is_ordinal = at.skip(_ORDINALS)
    year = _year(at)
    if year is None and not is_ordinal:
        return None
    return [Calendar(day, month, year, at.written_since(begin))]


def _month_name(at: Cursor) -> int | None:
    """ "September", "bulan September", "bulan 9"."""
    mark = at.position
    is_announced = at.skip(_MONTH_WORDS)
    if at.peek().is_in(words.MONTHS):
        return words.MONTHS[at.take().text]
    number = at.number(1, 12) if is_announced else None
    if number is None or at.peek().is_in(words.NEXT | {"lagi"}):
        at.position = mark
        return None
    return number


def _year(at: Cursor) -> int | None:
    """A year of four digits, or of two where it cannot be an hour."""
    mark = at.position
    at.skip_marks(",.")
    at.skip(_YEAR_WORDS)
    is_close = at.position == mark
    at.skip_marks("'")
    found = at.number(1900, 2999)
    if found is None and is_close:
        following = at.peek(1)
        if not (
            following.kind in {Kind.DASH, Kind.NUMBER} or following.is_in(_MAKES_AN_HOUR | {*words.MONTHS})
        ):
            short = at.number(20, 99)
            found = None if short is None else 2000 + short
    if found is None:
        at.position = mark
    return found


def relative_day(at: Cursor) -> list[Mention] | None:
    """ "hari ini", "besok", "lusa", "nanti malam", "malam ini", "tonight"."""
    if at.skip_all("hari", "ini") or at.skip(words.TODAY):
        return [Offset(0)]
    if at.skip_all("day", "after", "tomorrow"):
        return [Offset(2, is_relative_to_sleep=True)]
    if at.skip(words.TOMORROW):
        at.skip({"hari"})
        return [Offset(1, is_relative_to_sleep=True)]
    if at.skip(words.AFTER_TOMORROW):
        return [Offset(2, is_relative_to_sleep=True)]
    if at.skip({"tonight"}):
        return [Offset(0), Part(PartOfDay.ENGLISH_NIGHT)]
    if at.peek().is_in(words.LATER):
        at.take()
        if at.peek().is_in(words.PARTS) and not at.peek(1).is_in(words.WEEKDAYS):
            return [Offset(0), Part(words.PARTS[at.take().text])]
        return [Later()]
    if at.skip({"this"}) and at.peek().is_in(words.PARTS):
        return [Offset(0), Part(words.PARTS[at.take().text])]
    if at.peek().is_in(words.PARTS) and at.peek(1).is_in(words.THIS):
        part = words.PARTS[at.take().text]
        at.take()
        return [Offset(0), Part(part)]
    return None


def weekday(at: Cursor) -> list[Mention] | None:
    """ "Kamis", "Kamis depan", "hari Minggu", "next Thursday", "malam Jumat"."""
    if at.peek().is_in({"malam", "mlm", "malem"}):
        day_word = at.peek(1)
        if day_word.is_in(words.WEEKDAYS) or (day_word.is_in(words.SUNDAY_OR_WEEK) and not _is_week(at, 2)):
            at.position += 2
            return [EveOf(words.WEEKDAYS.get(day_word.text, 6))]
        return None
    english_scope = (
        Scope.NEXT if at.skip({"next"}) else Scope.THIS if at.skip({"this", "coming"}) else Scope.NONE
    )
    is_day = at.skip({"hari"})
    token = at.peek()
    if token.is_in(words.SUNDAY_OR_WEEK):
        if not is_day and _is_week(at, 1):
            return None
    elif not token.is_in(words.WEEKDAYS):
        return None
    at.take()
    found = words.WEEKDAYS.get(token.text, 6)
    if at.skip(words.LAST):
        return [Gone(None)]
    scope = _scope(at) if english_scope is Scope.NONE else english_scope
    return [Weekday(found, scope)]


def _is_week(at: Cursor, ahead: int) -> bool:
    """Whether the word before that place means a week, not Sunday."""
    return at.peek(ahead).is_in(words.NEXT | words.THIS | words.LAST | {"lagi", "ke"})


def _scope(at: Cursor) -> Scope:
    if at.skip(words.NEXT) or at.skip_all("yang", "akan", "datang"):
        return Scope.NEXT
    return Scope.THIS if at.skip(words.THIS) else Scope.NONE


def week_month_year(at: Cursor) -> list[Mention] | None:
    """ "minggu depan", "bulan ini", "September", "tahun depan", "akhir bulan"."""
    if at.skip(words.VAGUE) or at.skip_all("tengah", "bulan"):
        at.skip(_WEEKS | _MONTH_WORDS | _YEAR_WORDS)
        _scope(at)
        _month_name(at)
        return [Vague()]
    english = Scope.NEXT if at.skip({"next"}) else Scope.THIS if at.skip({"this"}) else Scope.NONE
    token = at.peek()
    if token.is_in(words.MONTHS) and english is Scope.NONE:
        at.take()
        month, year = words.MONTHS[token.text], _year(at)
        scope = _scope(at)
        return [Month(Scope.NONE, month, year), *([Year(scope)] if scope is not Scope.NONE else [])]
    if not token.is_in(_WEEKS | _MONTH_WORDS | _YEAR_WORDS | {"month", "year"}):
        return None
    at.take()
    if at.skip(words.LAST):
        return [Gone(None)]
    scope = _scope(at) if english is Scope.NONE else english
    if scope is Scope.NONE:
        return None
    if token.is_in(_WEEKS):
        return [Week(scope, may_be_sunday=token.is_in(words.SUNDAY_OR_WEEK))]
    return [Month(scope)] if token.is_in(_MONTH_WORDS | {"month"}) else [Year(scope)]


def gone(at: Cursor) -> list[Mention] | None:
    """ "kemarin", "tadi", "yang lalu"."""
    if at.skip({"kemarin", "kmrn", "kemaren", "yesterday"}):
        return [Gone(None)] if at.skip(words.AFTER_TOMORROW) else [Gone(1)]
    if at.skip({"tadi"}):
        return [Gone(None)]
    if at.skip_all("yang", "lalu") or at.skip_all("yg", "lalu"):
        return [Gone(None)]
    if at.skip({"last"}) and at.peek().is_in({*words.WEEKDAYS, "week", "month", "night"}):
        at.take()
        return [Gone(None)]
    return None
