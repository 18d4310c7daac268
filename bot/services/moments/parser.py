"""From words to mentions, left to right, the longest rule first.

Every token ends in exactly one mention; only fillers and punctuation end in none.
"""

from dataclasses import replace

from bot.services.moments import clock_words, day_words, words
from bot.services.moments.cursor import Cursor
from bot.services.moments.mentions import (
    Approximately,
    Hour,
    Mention,
    OpenEnd,
    Part,
    Unread,
    Until,
    ZoneName,
)
from bot.services.moments.outcomes import PartOfDay
from bot.services.moments.words import Kind


def parse(text: str) -> list[Mention]:
    """All that `text` names, in its order."""
    cursor, found = Cursor(words.cut(text)), list[Mention]()
    while not cursor.is_done:
        found.extend(_joined(_next(cursor, found), found))
    return found


def _next(at: Cursor, before: list[Mention]) -> list[Mention]:
    """What the first rule that fits makes of the place; at least one token is taken."""
    ends_a_period = len(before) > 1 and isinstance(before[-1], Until) and isinstance(before[-2], Hour)
    for rule in (*_RULES, clock_words.end_hour) if ends_a_period else _RULES:
        mark = at.position
        result = rule(at)
        if result is not None:
            return result
        at.position = mark
    token = at.take()
    turns = token.text in words.TURNING or token.kind in {Kind.NUMBER, Kind.CLOCK, Kind.DATE}
    return [Unread(token.written, turns)]


def _joined(result: list[Mention], before: list[Mention]) -> list[Mention]:
    """A zone or a part of the day that stands right behind an hour belongs to it."""
    last = before[-1] if before else None
    if len(result) == 1 and isinstance(last, Hour):
        match result[0]:
            case ZoneName(zone) if last.zone is None:
                before[-1] = replace(last, zone=zone)
                return []
            case Part(part) if last.part is None:
                before[-1] = replace(last, part=part)
                return []
    return result


def _silent(at: Cursor) -> list[Mention] | None:
    token, following = at.peek(), at.peek(1)
    if token.kind is Kind.MARK:
        at.take()
        return []
    names_more = (
        (token.text == "hari" and following.is_in(words.SUNDAY_OR_WEEK | words.THIS))
        or (token.text == "waktu" and following.is_in({"indonesia", *words.ZONE_NAMES}))
        or (token.text == "mulai" and following.is_in(words.OPEN_END))
    )
    if token.is_in(words.FILLERS) and not names_more:
        at.take()
        return []
    return None


def _approximately(at: Cursor) -> list[Mention] | None:
    if at.skip_all("kurang", "lebih"):
        return [Approximately()]
    if not at.skip(words.APPROXIMATELY):
        return None
    at.skip_dash()
    at.skip({"kira"})
    return [Approximately()]


def _part(at: Cursor) -> list[Mention] | None:
    if at.skip_all("dini", "hari"):
        return [Part(PartOfDay.EARLY)]
    if at.skip_all("tengah", "hari") or at.skip({"noon", "midday"}):
        return [Hour(12, 0, is_written_out=True)]
    if at.skip_all("tengah", "malam") or at.skip({"midnight"}):
        return [Hour(0, 0, is_written_out=True)]
    if at.peek().is_in(words.PARTS):
        return [Part(words.PARTS[at.take().text])]
    return None


def _zone(at: Cursor) -> list[Mention] | None:
    token = at.peek()
    if token.is_in(words.ZONES):
        return [ZoneName(words.ZONES[at.take().text])]
    if token.text.startswith(("gmt+", "utc+")):
        hours_east = int(token.text[4:])
        for name, zone in words.ZONES.items():
            if words.OFFSETS[name] == hours_east * 60:
                at.take()
                return [ZoneName(zone)]
        return None
    if at.skip({"waktu"}):
        at.skip({"indonesia"})
        if at.peek().is_in(words.ZONE_NAMES):
            return [ZoneName(words.ZONE_NAMES[at.take().text])]
    return None


def _until(at: Cursor) -> list[Mention] | None:
    """ "s.d.", "sampai dengan", a dash; "s.d. selesai"."""
    token = at.peek()
    is_dash = at.skip_dash()
    if is_dash or at.skip(words.UNTIL):
        at.skip({"dengan", "dgn"})
        at.skip_marks(":")
        return [OpenEnd()] if at.skip(words.OPEN_END) else [Until(is_dash, token.written)]
    if at.skip(words.OPEN_END):
        at.skip_marks(":")
        return [Until(is_dash=False, written=token.written)]
    return None


_RULES = (
    _silent,
    _approximately,
    day_words.several_days,
    day_words.from_now,
    clock_words.length,
    day_words.calendar,
    clock_words.hour,
    day_words.relative_day,
    day_words.weekday,
    _part,
    day_words.week_month_year,
    _zone,
    _until,
    day_words.gone,
)
