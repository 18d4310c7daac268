"""From the mentions of a text to one outcome: nothing that was named is left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from bot.clock import Zone
from bot.services.moments import days, hours
from bot.services.moments.days import Days
from bot.services.moments.hours import Span, Spans
from bot.services.moments.mentions import (
    Gone,
    Hour,
    Later,
)
from bot.services.moments.outcomes import (
    Ask,
    Assumed,
    Doubt,
    Earlier,
    NoSuchDay,
    NoSuchHour,
    NotADate,
    Option,
    Outcome,
    PartOfDay,
    Past,
    Understood,
)
from bot.services.moments.parser import parse
from bot.services.moments.phrase import phrase_of
from bot.services.moments.words import OFFSETS

MAX_OPTIONS = 7


def read(text: str, now: datetime, zone: Zone, *, said_at: datetime | None = None) -> Outcome:
    """What `text` says.

    `now` decides what has passed; "besok" is counted from `said_at` (`now` unless given). Both are UTC. `zone` is the
    writer's own: it holds for an hour without a zone, and its calendar says which day "besok" is.
    """
    return _Reader(text, now, said_at or now, zone).outcome()


class _Reader:
    def __init__(self, text: str, now: datetime, said_at: datetime, zone: Zone) -> None:
        self.text, self.now, self.said_at = text, now, said_at
        self.own = zone
        self.phrase = phrase_of(parse(text))
        self.zone = self.phrase.zone or zone
        self.unread = " ".join(each.written for each in self.phrase.unread)

    def outcome(self) -> Outcome:
        phrase = self.phrase
        if not phrase.says_when:
            return NotADate()
        if phrase.bad_hour is not None:
            return NoSuchHour(phrase.bad_hour.written)
        if phrase.gone is not None:
            return self._gone(phrase.gone)
        if phrase.is_contradictory:
            return self._ask(Doubt.CONTRADICTION)
        if phrase.from_now_min is not None:
            return self._from_now(phrase.from_now_min)
        found = self._days()
        if isinstance(found, NoSuchDay):
            return found
        if not phrase.hours:
            return self._without_hour(found)
        spans = self._spans()
        if found.doubt is Doubt.SEVERAL_DAYS or (found.doubt is not None and not found.options):
            # The end belongs to one of the days only: "Kamis 09.00 - Jumat 12.00".
            has_end = any(end for _, end in phrase.hours)
            return self._ask(found.doubt, [] if has_end else self._options(found.options, spans.options))
        if spans.doubt is not None and (not spans.options or spans.doubt is Doubt.SEVERAL_HOURS):
            return self._ask(spans.doubt, self._options(found.options, spans.options), found)
        if not found.options:
            return self._without_day(spans)
        return self._settled(found, spans)

    # Days

    def _days(self) -> Days | NoSuchDay:
        found = self._days_in(self.own)
        if self.zone is self.own or isinstance(found, NoSuchDay):
            return found
        other = self._days_in(self.zone)
        if isinstance(other, NoSuchDay) or other.options == found.options:
            return found
        together = tuple(sorted({*found.options, *other.options}))
        return replace(found, options=together, doubt=found.doubt or Doubt.TODAY)

    def _days_in(self, zone: Zone) -> Days | NoSuchDay:
        said = self.said_at.astimezone(zone.info)
        return days.resolve(self.phrase.days, said.date(), said.hour)

    def _today(self) -> date:
        return self.said_at.astimezone(self.own.info).date()

    # Hours

    def _spans(self) -> Spans:
        """All hours of the text as one reading; several that are not the same moment are asked."""
        readings = [self._span(start, end) for start, end in self.phrase.hours]
        first = readings[0]
        every = list(first.options)
        is_one_moment = True
        for (start, _), reading in zip(self.phrase.hours[1:], readings[1:], strict=True):
            shift = self._shift(start.zone or self.zone)
            is_one_moment &= start.zone not in {None, self.zone} and _same_moment(first, reading, shift)
            every += [span.moved(shift) for span in reading.options]
        if not is_one_moment:
            return Spans(tuple(every), Doubt.SEVERAL_HOURS)
        if self.phrase.length_min is None:
            return first
        return self._with_length(first, self.phrase.length_min)

    def _span(self, start: Hour, end: Hour | None) -> Spans:
        if end is None:
            return hours.one(start)
        shift = 0 if end.zone is None or start.zone is None else _offset(start.zone) - _offset(end.zone)
        return hours.period(start, end, shift)

    def _with_length(self, spans: Spans, length: int) -> Spans:
        if any(span.end not in {None, span.start + length} for span in spans.options):
            return Spans((), Doubt.CONTRADICTION)
        return replace(spans, options=tuple(Span(span.start, span.start + length) for span in spans.options))

    def _shift(self, zone: Zone) -> int:
        return _offset(self.zone) - _offset(zone)

    # Outcomes

    def _settled(self, found: Days, spans: Spans) -> Outcome:
        options = self._options(found.options, spans.options)
        ahead = [each for each in options if each.start is not None and each.start > self.now]
        doubt = found.doubt or spans.doubt
        if not ahead and doubt is not Doubt.ORDER:
            return self._later_reading(found, spans) or Past(self.zone, options[0].day, options[0].start)
        if doubt is not None:
            return self._ask(doubt, ahead, found, spans)
        if self.unread:
            return self._ask(Doubt.UNREAD, ahead, found, spans)
        if self.phrase.is_approximate:
            return self._ask(Doubt.APPROXIMATE, ahead, found, spans)
        start = ahead[0].start
        assert start is not None
        return Understood(
            start,
            ahead[0].end,
            self.zone,
            self.phrase.zone is not None,
            self.phrase.is_open_ended,
            found.assumed | spans.assumed,
        )

    def _later_reading(self, found: Days, spans: Spans) -> Ask | None:
        """What may be meant instead of a moment that has passed.

        "hari ini jam 9" after nine in the morning: the evening. "nanti dini hari jam 2": the coming night.
        """
        if Assumed.HALF_OF_DAY in spans.assumed:
            shift, doubt = hours.NOON_MIN, Doubt.HALF_OF_DAY
        elif any(isinstance(each, Later) for each in self.phrase.days):
            shift, doubt = hours.DAY_MIN, Doubt.NIGHT
        else:
            return None
        later = [each.moved(shift) for each in spans.options]
        ahead = [each for each in self._options(found.options, later) if each.start and each.start > self.now]
        return self._ask(doubt, ahead) if ahead else None

    def _without_hour(self, found: Days) -> Outcome:
        phrase = self.phrase
        today = self.now.astimezone(self.zone.info).date()
        ahead = [day for day in found.options if day >= today]
        if found.options and not ahead:
            return Past(self.zone, found.options[0])
        if not found.options and found.doubt is None:
            return self._ask(Doubt.DAY)
        if found.doubt is not None:
            return self._ask(found.doubt, [self._day_option(day) for day in ahead], found)
        return replace(self._ask(Doubt.HOUR, (), found), part=phrase.part)

    def _without_day(self, spans: Spans) -> Outcome:
        today = self._today()
        near = (today, today + timedelta(days=1))
        options = [
            each for each in self._options(near, spans.options) if each.start and each.start > self.now
        ]
        return self._ask(Doubt.DAY, options, None, spans)

    def _from_now(self, minutes: int) -> Outcome:
        exact = self.said_at + timedelta(minutes=minutes)
        start = exact.replace(second=0, microsecond=0)
        if start < exact:  # never earlier than was said
            start += timedelta(minutes=1)
        length = self.phrase.length_min
        end = None if length is None else start + timedelta(minutes=length)
        local = start.astimezone(self.zone.info)
        span = Span(local.hour * 60 + local.minute)
        if length is not None:
            span = replace(span, end=span.start + length)
        option = self._option(local.date(), span)
        if start <= self.now:
            return Past(self.zone, local.date(), start)
        if self.unread or self.phrase.is_approximate:
            return self._ask(Doubt.UNREAD if self.unread else Doubt.APPROXIMATE, [option])
        return Understood(start, end, self.zone, self.phrase.zone is not None, self.phrase.is_open_ended)

    def _gone(self, gone: Gone) -> Past:
        day = None if gone.days is None else self._today() - timedelta(days=gone.days)
        return Past(self.zone, day)

    def _ask(
        self,
        doubt: Doubt,
        options: Sequence[Option] = (),
        found: Days | None = None,
        spans: Spans | None = None,
    ) -> Ask:
        certain_day = found.options[0] if found and found.doubt is None and len(found.options) == 1 else None
        span = spans.options[0] if spans and spans.doubt is None and len(spans.options) == 1 else None
        turns = any(each.turns for each in self.phrase.unread) and doubt is not Doubt.SEVERAL_HOURS
        today = self.now.astimezone(self.zone.info).date()
        ahead = [each for each in options if (each.start > self.now if each.start else each.day >= today)]
        unique = () if turns else tuple(dict.fromkeys(ahead))
        return Ask(
            doubt,
            Earlier(self.text, self.said_at, doubt),
            self.zone,
            unique[:MAX_OPTIONS],
            certain_day,
            None if span is None else _clock(span.start),
            None if span is None or span.end is None else _clock(span.end),
            self.phrase.part,
            self.unread,
            found.written_weekday if found else None,
        )

    def _options(self, named: Sequence[date], spans: Sequence[Span]) -> list[Option]:
        return [self._option(day, span) for day, span in product(named, spans)]

    def _option(self, day: date, span: Span) -> Option:
        midnight = datetime.combine(day, time(), tzinfo=self.zone.info)
        local = midnight + timedelta(minutes=span.start)
        pieces = [f"{local:%Y-%m-%d %H.%M}"]
        if local.hour < hours.FIRST_PLAIN_HOUR:  # would be asked by itself
            pieces.append("dini hari")
        if self.phrase.zone is not None:
            pieces.append(self.zone.name)
        end = None
        if span.end is not None:
            end = (midnight + timedelta(minutes=span.end)).astimezone(UTC)
            pieces.append(f"selama {span.end - span.start} menit")
        if self.phrase.is_open_ended:
            pieces.append("s.d. selesai")
        return Option(local.date(), local.astimezone(UTC), end, " ".join(pieces))

    def _day_option(self, day: date) -> Option:
        part = "" if self.phrase.part is None else _PART_WORDS[self.phrase.part]
        zone = "" if self.phrase.zone is None else self.phrase.zone.name
        return Option(day, None, None, " ".join(filter(None, [day.isoformat(), part, zone])))


_PART_WORDS = {
    PartOfDay.EARLY: "dini hari",
    PartOfDay.DAWN: "subuh",
    PartOfDay.MORNING: "pagi",
    PartOfDay.MIDDAY: "siang",
    PartOfDay.AFTERNOON: "sore",
    PartOfDay.DUSK: "petang",
    PartOfDay.NIGHT: "malam",
    PartOfDay.ENGLISH_AFTERNOON: "afternoon",
    PartOfDay.ENGLISH_EVENING: "evening",
    PartOfDay.ENGLISH_NIGHT: "night",
    PartOfDay.AM: "am",
    PartOfDay.PM: "pm",
}


def _offset(zone: Zone) -> int:
    return OFFSETS[zone.name.lower()]


def _clock(minute: int) -> time:
    return time(minute % hours.DAY_MIN // 60, minute % 60)


def _same_moment(first: Spans, other: Spans, shift: int) -> bool:
    """Whether both are certain and differ by nothing but the zone, whatever day midnight makes of it."""
    if len(first.options) != 1 or len(other.options) != 1:
        return False
    one, two = first.options[0], other.options[0]
    lengths = [None if each.end is None else each.end - each.start for each in (one, two)]
    return (two.start + shift - one.start) % hours.DAY_MIN == 0 and lengths[0] == lengths[1]
