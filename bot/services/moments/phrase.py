"""The mentions of a text sorted by what they say: day, hours, zone, length, and what is left over."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.clock import Zone
from bot.services.moments.days import DAY_MENTIONS
from bot.services.moments.mentions import (
    Approximately,
    BadHour,
    Calendar,
    EveOf,
    FromNow,
    Gone,
    Hour,
    Length,
    Mention,
    Offset,
    OpenEnd,
    Part,
    SeveralDays,
    Unread,
    Until,
    Weekday,
    ZoneName,
)
from bot.services.moments.outcomes import PartOfDay


@dataclass
class Phrase:
    """A text, sorted. `is_contradictory`: parts, zones or lengths do not go together."""

    days: list[Mention] = field(default_factory=list)
    hours: list[tuple[Hour, Hour | None]] = field(default_factory=list)
    """Each hour or period, with its own zone where it has one."""
    part: PartOfDay | None = None
    """Where no hour was named."""
    zone: Zone | None = None
    """Where no hour was named, or none of them has one."""
    length_min: int | None = None
    from_now_min: int | None = None
    gone: Gone | None = None
    bad_hour: BadHour | None = None
    is_open_ended: bool = False
    is_approximate: bool = False
    is_contradictory: bool = False
    unread: list[Unread] = field(default_factory=list)

    @property
    def says_when(self) -> bool:
        """Whether anything in it is a day, an hour or a span."""
        named = self.days or self.hours or self.bad_hour or self.gone
        return bool(named or self.from_now_min is not None or (self.part is not None and not self.unread))


def phrase_of(mentions: Sequence[Mention]) -> Phrase:
    """`mentions` sorted."""
    phrase = Phrase()
    items = _eves_settled(list(mentions))
    items = _dashes_settled(items)
    _take_hours(items, phrase)
    parts: list[PartOfDay] = []
    zones: list[Zone] = []
    for item in items:
        match item:
            case Part(part):
                parts.append(part)
            case ZoneName(zone):
                zones.append(zone)
            case Length(minutes):
                phrase.is_contradictory |= phrase.length_min not in {None, minutes}
                phrase.length_min = minutes
            case FromNow(minutes):
                phrase.is_contradictory |= phrase.from_now_min is not None
                phrase.from_now_min = minutes
            case OpenEnd():
                phrase.is_open_ended = True
            case Approximately():
                phrase.is_approximate = True
            case Gone():
                phrase.gone = item
            case BadHour():
                phrase.bad_hour = item
            case Unread():
                phrase.unread.append(item)
            case Hour() | Until():
                pass
            case _:
                phrase.days.append(item)
    _give_part(phrase, parts)
    _give_zone(phrase, zones)
    if phrase.is_open_ended and (phrase.length_min or any(end for _, end in phrase.hours)):
        phrase.is_contradictory = True
    if phrase.from_now_min is not None and (phrase.hours or phrase.days):
        phrase.is_contradictory = True
    return phrase


def _eves_settled(items: list[Mention]) -> list[Mention]:
    """ "jam 7 malam Jumat 26 September": with a date, "malam" belongs to the hour in front of it."""
    has_date = any(isinstance(item, Calendar | Offset) for item in items)
    result: list[Mention] = []
    for item in items:
        last = result[-1] if result else None
        if isinstance(item, EveOf) and has_date and isinstance(last, Hour) and last.part is None:
            result[-1] = replace(last, part=PartOfDay.NIGHT)
            result.append(Weekday(item.weekday))
        elif isinstance(item, EveOf):
            result.extend([item, Part(PartOfDay.NIGHT)])
        else:
            result.append(item)
    return result


def _dashes_settled(items: list[Mention]) -> list[Mention]:
    """A dash between days makes several of them; one between a day and an hour says nothing."""
    result: list[Mention] = []
    for position, item in enumerate(items):
        if not isinstance(item, Until):
            result.append(item)
            continue
        before = items[position - 1] if position else None
        after = items[position + 1] if position + 1 < len(items) else None
        if isinstance(before, DAY_MENTIONS) and isinstance(after, DAY_MENTIONS):
            result.append(SeveralDays())
        elif _opens_end(items, position):
            result.append(item)
        elif not item.is_dash or isinstance(after, Part | ZoneName | Length) or isinstance(before, Part):
            result.append(Unread(item.written, turns=True))
    return result


def _opens_end(items: Sequence[Mention], position: int) -> bool:
    """Whether an hour stands before the sign and another behind it, days between them at most."""
    before = [item for item in items[:position] if isinstance(item, Hour | Until)]
    if not before or not isinstance(before[-1], Hour):
        return False
    for item in items[position + 1 :]:
        if isinstance(item, Hour):
            return True
        if not isinstance(item, DAY_MENTIONS):
            return False
    return False


def _take_hours(items: Sequence[Mention], phrase: Phrase) -> None:
    """Pair hours that "s.d." or a dash joins."""
    awaits_end = False
    for item in items:
        if isinstance(item, Until):
            awaits_end = bool(phrase.hours) and phrase.hours[-1][1] is None
        elif isinstance(item, Hour):
            if awaits_end:
                phrase.hours[-1] = (phrase.hours[-1][0], item)
            else:
                phrase.hours.append((item, None))
            awaits_end = False


def _give_part(phrase: Phrase, parts: list[PartOfDay]) -> None:
    """A part of the day apart from the hours belongs to the start."""
    if not parts:
        return
    phrase.is_contradictory |= len(set(parts)) > 1
    if not phrase.hours:
        phrase.part = parts[0]
        return
    start, end = phrase.hours[0]
    phrase.is_contradictory |= start.part not in {None, parts[0]} or len(phrase.hours) > 1
    phrase.hours[0] = (replace(start, part=parts[0]), end)


def _give_zone(phrase: Phrase, zones: list[Zone]) -> None:
    """One zone for a period that has it at one end only, or nowhere."""
    phrase.is_contradictory |= len(set(zones)) > 1
    pairs: list[tuple[Hour, Hour | None]] = []
    for start, end in phrase.hours:
        own = start.zone or (end.zone if end else None)
        if zones:
            phrase.is_contradictory |= own not in {None, zones[0]}
        zone = own or (zones[0] if zones else None)
        start = replace(start, zone=start.zone or zone)
        pairs.append((start, replace(end, zone=end.zone or zone) if end else None))
    phrase.hours = pairs
    phrase.zone = zones[0] if zones else pairs[0][0].zone if pairs else None
