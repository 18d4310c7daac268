"""Which moments of a day an hour, a period, a part of the day can mean. Minutes count from the day's 00.00.

A period may run past midnight: its end then lies beyond 1440.
"""

from dataclasses import dataclass, replace
from itertools import product

from bot.services.moments.mentions import Hour
from bot.services.moments.outcomes import Assumed, Doubt, PartOfDay

DAY_MIN = 1440
NOON_MIN = 720
# Longer periods are not taken for meant without a question: between "jam 10" and "2" lie 4 hours or 16.
LONGEST_MIN = 10 * 60
# Nobody meets at 02.00; who writes it may mean 14.00.
FIRST_PLAIN_HOUR = 5
_LONGEST_OFFERED_MIN = 16 * 60
# "jam 2 - 11 siang" would begin at night: asked.
_EARLIEST_INFERRED_MIN = 5 * 60
# Without a part of the day: 8 to 11 are before noon, 12 is noon, 1 to 7 are asked.
FIRST_SURE_HOUR = 8

_RANGES = {
    PartOfDay.EARLY: (0, 299),
    PartOfDay.DAWN: (210, 359),
    PartOfDay.MORNING: (60, 719),
    PartOfDay.MIDDAY: (600, 959),
    PartOfDay.AFTERNOON: (840, 1110),
    PartOfDay.DUSK: (960, 1170),
    PartOfDay.NIGHT: (1080, 1439),
    PartOfDay.ENGLISH_AFTERNOON: (720, 1079),
    PartOfDay.ENGLISH_EVENING: (1020, 1379),
    PartOfDay.ENGLISH_NIGHT: (1080, 1439),
    PartOfDay.AM: (1, 719),
    PartOfDay.PM: (720, 1439),
}
_SMALL_HOURS = (0, 299)  # "jam 1 malam", "jam 12 malam": the night's second half
_OWN_NIGHT = {PartOfDay.NIGHT, PartOfDay.ENGLISH_NIGHT}


@dataclass(frozen=True)
class Span:
    """One reading: where it starts and ends."""

    start: int
    end: int | None = None

    def moved(self, minutes: int) -> "Span":
        """The same so many minutes later."""
        return Span(self.start + minutes, None if self.end is None else self.end + minutes)


@dataclass(frozen=True)
class Spans:
    """All readings. Exactly one and no doubt: certain. A doubt tells what to ask; none at all: a contradiction."""

    options: tuple[Span, ...]
    doubt: Doubt | None = None
    assumed: frozenset[Assumed] = frozenset()


def one(hour: Hour) -> Spans:
    """The readings of an hour that stands for itself."""
    if hour.part is not None:
        return _within(hour, hour.part)
    at = hour.hour * 60 + hour.minute
    if hour.hour == 24:
        return Spans((Span(DAY_MIN),))
    if hour.hour == 0:
        return Spans((Span(at), Span(at + DAY_MIN)), Doubt.NIGHT)
    if hour.hour >= FIRST_PLAIN_HOUR and (hour.is_written_out or hour.hour > 12):
        return Spans((Span(at),))
    if FIRST_SURE_HOUR <= hour.hour <= 12:
        return Spans((Span(at),), assumed=frozenset({Assumed.HALF_OF_DAY}))
    is_before_noon = hour.is_written_out or hour.hour >= FIRST_PLAIN_HOUR
    halves = (at, at + NOON_MIN) if is_before_noon else (at + NOON_MIN, at)
    return Spans(tuple(Span(each) for each in halves), Doubt.HALF_OF_DAY)


def _within(hour: Hour, part: PartOfDay) -> Spans:
    low, high = _RANGES[part]
    fitting = [each for each in _halves(hour) if low <= each <= high]
    if len(fitting) == 1:
        return Spans((Span(fitting[0]),))
    small = [each for each in _halves(hour) if _SMALL_HOURS[0] <= each <= _SMALL_HOURS[1]]
    is_night = part in _OWN_NIGHT or (part is PartOfDay.AM and hour.hour == 12)
    if not fitting and small and is_night:
        return Spans((Span(small[0]), Span(small[0] + DAY_MIN)), Doubt.NIGHT)
    return Spans((), Doubt.CONTRADICTION)


def _halves(hour: Hour) -> tuple[int, ...]:
    """Both halves of the day for 1 to 12, whatever the notation: "07.00 malam" is written often."""
    at = hour.hour * 60 + hour.minute
    if 1 <= hour.hour <= 11:
        return (at, at + NOON_MIN)
    if hour.hour == 12:
        return (at - NOON_MIN, at)
    return (at,)


def period(start: Hour, end: Hour, shift: int = 0) -> Spans:
    """The readings of a period.

    `shift` is added to the end: minutes from the end's zone to the start's. A part of the day behind the end holds for
    the start as well where that makes sense ("jam 1-3 siang"); without one the end is the next such hour after the
    start.
    """
    starts = one(start)
    if start.part is None and end.part is not None and not start.is_written_out and start.hour <= 12:
        starts = replace(starts, options=tuple(Span(each) for each in _halves(start)), doubt=None)
    if not starts.options:
        return starts
    pairs = [
        Span(first.start, last + shift)
        for first, last in product(starts.options, _ends(end, is_exact=start.is_written_out))
        if 0 < last + shift - first.start <= LONGEST_MIN
    ]
    if not pairs:
        return _out_of_order(starts, end, shift)
    is_odd = start.part is None and not start.is_written_out and pairs[0].start < _EARLIEST_INFERRED_MIN
    if starts.doubt is None and len(pairs) == 1 and not is_odd:
        kept = starts.assumed if end.part is None else frozenset[Assumed]()
        return Spans((pairs[0],), assumed=kept)
    return Spans(tuple(pairs), starts.doubt or Doubt.HALF_OF_DAY, starts.assumed)


def _ends(end: Hour, *, is_exact: bool) -> list[int]:
    """When `end` can be, on the day itself and on the next one."""
    if end.part is not None:
        low, high = _RANGES[end.part]
        small = end.part in _OWN_NIGHT
        same = [each for each in _halves(end) if low <= each <= high]
        if not same and small:
            return [each + DAY_MIN for each in _halves(end) if each <= _SMALL_HOURS[1]]
        if end.part is PartOfDay.EARLY or end.part is PartOfDay.DAWN:
            return same + [each + DAY_MIN for each in same]
        return same
    at = end.hour * 60 + end.minute
    if end.is_written_out or is_exact or end.hour > 12 or end.hour == 0:
        return [at, at + DAY_MIN]
    return sorted({each + day for each in _halves(end) for day in (0, DAY_MIN)})


def _out_of_order(starts: Spans, end: Hour, shift: int) -> Spans:
    """What may have been meant by an end that does not come after the start, or comes very late."""
    ends = [end.hour * 60 + end.minute] if end.is_written_out else list(_halves(end))
    later = [
        Span(first.start, last + day + shift)
        for first, last, day in product(starts.options, ends, (0, DAY_MIN))
        if 0 < last + day + shift - first.start <= _LONGEST_OFFERED_MIN
    ]
    return Spans(tuple(later) if end.part is None else (), Doubt.ORDER)
