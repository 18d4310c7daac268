"""Hours and lengths in words and figures: "jam setengah 8", "pukul 9 lewat 15", "9am", "1,5 jam"."""

import re

from bot.services.moments import words
from bot.services.moments.cursor import Cursor
from bot.services.moments.mentions import Approximately, BadHour, Hour, Length, Mention
from bot.services.moments.words import Kind, Token

_MAX_LENGTH_MIN = 24 * 60
_UNITS = {**words.HOURS, **words.MINUTES}
_QUARTER = 15


def hour(at: Cursor) -> list[Mention] | None:
    """A time of day. A bare number is one only behind "jam" or before "pagi", "WIB", "am"."""
    begin = at.position
    is_named = at.skip(words.HOUR_WORDS)
    at.skip_marks(":.")
    found: Hour | BadHour | None
    if at.peek().kind is Kind.CLOCK:
        found = _from_clock(at.take())
    elif at.peek().is_in({"setengah"}):
        found = _half_before(at)
    elif at.peek().is_in({"half", "quarter"}):
        found = _english_fraction(at)
    elif re.fullmatch("0[0-9]{3}" if not is_named else "[0-9]{4}", at.peek().text):
        digits = at.take().text
        found = _checked(int(digits[:2]), int(digits[2:]), digits, is_written_out=True)
    elif is_named or _is_hour_by_what_follows(at):
        found = _from_number(at)
    else:
        found = None
    if found is None:
        at.position = begin
        return None
    if at.peek().is_in({"an"}) and (at.peek().is_glued or at.peek(-1).kind is Kind.DASH):
        at.take()
        return [found, Approximately()]
    return [found]


def end_hour(at: Cursor) -> list[Mention] | None:
    """What stands behind "jam 9 -" or "jam 7 malam sampai": there a bare number is an hour."""
    if re.fullmatch("[0-9]{4}", at.peek().text):
        digits = at.take().text
        return [_checked(int(digits[:2]), int(digits[2:]), digits, is_written_out=True)]
    if at.peek(1).is_in(_UNITS) or at.peek(1).is_in(words.MONTHS):
        return None
    found = _half_before(at) if at.peek().is_in({"setengah"}) else _from_number(at)
    return None if found is None else [found]


def minutes(at: Cursor) -> int | None:
    """ "2 jam", "1,5 jam", "1 jam 30 menit", "setengah jam", "satu setengah jam", "sejam" in minutes; at most a day."""
    total, is_found = 0.0, False
    while True:
        mark = at.position
        if at.peek().is_in(words.SINGLE):
            total += words.SINGLE[at.take().text] + (30 if at.skip({"setengah"}) else 0)
            is_found = True
            continue
        value = float(at.take().text.replace(",", ".")) if at.peek().kind is Kind.NUMBER else 0.0
        if at.skip({"setengah", "half"}):
            at.skip({"a", "an"})
            value += 0.5
        unit = at.peek().text
        # In "… 2025 jam 9" the word belongs to the hour that follows.
        opens_an_hour = unit in words.HOUR_WORDS and at.peek(1).kind in {Kind.NUMBER, Kind.CLOCK}
        if value <= 0 or unit not in _UNITS or (opens_an_hour and at.peek(2).text not in words.MINUTES):
            at.position = mark
            break
        at.take()
        total, is_found = total + value * _UNITS[unit], True
    is_whole = is_found and total.is_integer() and 0 < total <= _MAX_LENGTH_MIN
    return int(total) if is_whole else None


def length(at: Cursor) -> list[Mention] | None:
    """ "selama 2 jam"."""
    if not at.skip(words.LENGTH_WORDS):
        return None
    at.skip_marks(":")
    found = minutes(at)
    return None if found is None else [Length(found)]


def _from_clock(token: Token) -> Hour | BadHour:
    written_hour, minute = re.split("[.:]", token.text)[:2]
    value = int(written_hour)
    return _checked(value, int(minute), token.written, is_written_out=len(written_hour) == 2)


def _checked(value: int, minute: int, written: str, *, is_written_out: bool) -> Hour | BadHour:
    if minute > 59 or value > 24 or (value == 24 and minute):
        return BadHour(written)
    return Hour(value, minute, is_written_out or value > 12)


def _half_before(at: Cursor) -> Hour | None:
    """ "setengah 8" is half an hour before eight."""
    at.take()
    value = at.number(1, 12)
    return None if value is None else Hour(value - 1 or 12, 30, is_written_out=False)


def _english_fraction(at: Cursor) -> Hour | None:
    """ "half past 9", "quarter to 9"; "half 9" means different things to different people and is left alone."""
    amount = 30 if at.take().text == "half" else _QUARTER
    is_past = at.skip({"past"})
    if not is_past and not (amount == _QUARTER and at.skip({"to"})):
        return None
    value = at.number(1, 12)
    if value is None:
        return None
    return (
        Hour(value, amount, is_written_out=False)
        if is_past
        else Hour(value - 1 or 12, 60 - amount, is_written_out=False)
    )


def _is_hour_by_what_follows(at: Cursor) -> bool:
    """9 pagi, 9 WIB, 9am; and the first of 9-11 pagi, 9 s.d. 11 WIB."""
    if at.peek().kind is not Kind.NUMBER:
        return False
    makes_an_hour = {*words.PARTS, *words.ZONES} - {"malam", "mlm", "malem"} | {"dini"}
    following = at.peek(1)
    if following.is_in(makes_an_hour) or (
        following.is_in(words.PARTS) and not at.peek(2).is_in(words.WEEKDAYS)
    ):
        return True
    is_range = following.kind is Kind.DASH or following.is_in(words.UNTIL)
    return (
        is_range and at.peek(2).kind is Kind.NUMBER and at.peek(3).is_in({*words.PARTS, *words.ZONES, "dini"})
    )


def _from_number(at: Cursor) -> Hour | BadHour | None:
    token = at.peek()
    value = at.number(0, 99)
    if value is None:
        return None
    if value > 24:
        return BadHour(token.written)
    minute = _past_or_to(at)
    if minute is None:
        return Hour(value, 0, is_written_out=len(token.text) == 2 and (value > 12 or value < 10))
    if minute >= 0:
        return Hour(value, minute, is_written_out=value > 12)
    return Hour((value - 1) or (12 if value == 1 else 0), 60 + minute, is_written_out=value > 13)


def _past_or_to(at: Cursor) -> int | None:
    """ "lewat 15", "kurang seperempat": minutes after the hour, negative before it."""
    mark = at.position
    sign = 1 if at.skip({"lewat", "lebih"}) else -1 if at.skip({"kurang"}) else 0
    if sign:
        amount = _QUARTER if at.skip({"seperempat"}) else at.number(1, 59)
        if amount is not None:
            at.skip(words.MINUTES)
            return sign * amount
    at.position = mark
    return None
