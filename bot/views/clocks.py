"""Times as people read them: by one clock, by the three of Indonesia, and by the reader's own.

The names of days and months stand in the catalogues: nineteen words a language are no reason for
Babel, which brings those of all languages.
"""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from bot.clock import Zone
from bot.texts import Texts, escape

_TIME = re.compile(r'<tg-time unix="(\d+)" format="(\w+)">(.*?)</tg-time>')  # as `_entity` makes it


def day(moment: date, texts: Texts) -> str:
    """ "Kamis, 25 September 2025"; of a moment, the day of its own zone."""
    weekday = texts.plain(f"calendar.weekday_{moment.weekday()}")
    return texts.plain("calendar.day", weekday=weekday, date=texts.date(moment))


def one_clock(
    start: datetime, end: datetime | None, zone: Zone, texts: Texts, *, is_open_ended: bool = False
) -> str:
    """ "Kamis, 25 September 2025, 09.00–11.00 WIB": plain text, for a preview or a list."""
    local = start.astimezone(zone.info)
    said = f"{day(local, texts)}, {hours(start, end, zone, texts)} {zone.name}"
    return texts.plain("calendar.until_done", start=said) if is_open_ended and end is None else said


def three_clocks(start: datetime, end: datetime | None, texts: Texts, *, is_open_ended: bool = False) -> str:
    """ "Kamis, 25 September 2025, 09.00–11.00 WIB / 10.00–12.00 WITA / 11.00–13.00 WIT": plain text, for forwarding.

    Where midnight lies between two zones each day is named in front of its hour.
    """
    pieces, shown = list[str](), None
    for zone in Zone:
        local = start.astimezone(zone.info).date()
        named = "" if local == shown else f"{day(local, texts)}, "
        pieces.append(f"{named}{hours(start, end, zone, texts)} {zone.name}")
        shown = local
    said = " / ".join(pieces)
    return texts.plain("calendar.until_done", start=said) if is_open_ended and end is None else said


def own_clock(start: datetime, end: datetime | None, texts: Texts, *, is_open_ended: bool = False) -> str:
    """The same as Telegram's HTML: new clients draw it by the reader's own clock, others show the three clocks.

    Telegram draws one moment an entity, so that a period is two of them.
    """
    said = _entity(start, "wDt", three_clocks(start, None, texts))
    if end is None:
        return texts.plain("calendar.until_done", start=said) if is_open_ended else said
    is_same_day = all(_date(start, zone) == _date(end, zone) for zone in Zone)
    if is_same_day:
        ends = " / ".join(f"{_hour(end, zone, texts)} {zone.name}" for zone in Zone)
        last = _entity(end, "t", ends)
    else:
        last = _entity(end, "wDt", three_clocks(end, None, texts))
    return texts.plain("calendar.until", start=said, end=last)  # both are HTML already


def own_clock_entities(
    start: datetime, end: datetime | None, texts: Texts, *, is_open_ended: bool = False
) -> tuple[str, list[dict[str, Any]]]:
    """The same as plain text with its entities (offsets in UTF-16 units), for what is kept without HTML."""
    said, entities = "", list[dict[str, Any]]()
    marked = own_clock(start, end, texts, is_open_ended=is_open_ended)
    for at, piece in enumerate(_TIME.split(marked)):
        match at % 4:
            case 1:
                entities.append({"type": "date_time", "offset": _units(said), "unix_time": int(piece)})
            case 2:
                entities[-1]["date_time_format"] = piece
            case 3:
                entities[-1]["length"] = _units(unescape(piece))
                said += unescape(piece)
            case _:
                said += unescape(piece)
    return said, entities


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _entity(moment: datetime, form: str, fallback: str) -> str:
    """Telegram's date-time entity (MessageEntity, date_time): w weekday, D long date, t short time."""
    return f'<tg-time unix="{int(moment.timestamp())}" format="{form}">{escape(fallback)}</tg-time>'


def hours(start: datetime, end: datetime | None, zone: Zone, texts: Texts) -> str:
    """ "09.00–11.00" by this zone's clock, without its name."""
    first = _hour(start, zone, texts)
    if end is None:
        return first
    last, days_later = _hour(end, zone, texts), _date(end, zone) - _date(start, zone)
    if days_later == timedelta(days=1):
        last = texts.plain("calendar.next_day", time=last)
    elif days_later:
        last = f"{day(_date(end, zone), texts)}, {last}"
    return f"{first}–{last}"


def _hour(moment: datetime, zone: Zone, texts: Texts) -> str:
    local = moment.astimezone(zone.info)
    return texts.plain("calendar.clock", hour=f"{local:%H}", minute=f"{local:%M}")


def _date(moment: datetime, zone: Zone) -> date:
    return moment.astimezone(zone.info).date()
