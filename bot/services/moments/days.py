"""Which days the mentions of a text can mean, counted from the writer's today."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.services.moments.mentions import (
    Calendar,
    DayOrMonths,
    EveOf,
    Later,
    Mention,
    Month,
    Offset,
    Scope,
    SeveralDays,
    Vague,
    Week,
    Weekday,
    Weeks,
    Year,
)
from bot.services.moments.outcomes import Assumed, Doubt, NoSuchDay

DAY_MENTIONS = (
    Offset,
    Later,
    Weekday,
    EveOf,
    Week,
    Weeks,
    Calendar,
    Month,
    Year,
    DayOrMonths,
    Vague,
    SeveralDays,
)
# A day without a year that comes only after this many days has perhaps just been missed: asked.
FARTHEST_WITHOUT_YEAR = timedelta(days=180)
FARTHEST = timedelta(days=400)
LAST_HOUR_OF_NIGHT = 4  # until then "besok" may still be counted from the evening before


@dataclass(frozen=True)
class Days:
    """All readings. One and no doubt: certain. None and no doubt: no day was named."""

    options: tuple[date, ...] = ()
    doubt: Doubt | None = None
    assumed: frozenset[Assumed] = frozenset()
    written_weekday: int | None = None


@dataclass
class _Set:
    """What one mention can mean."""

    days: list[date]
    doubt: Doubt | None = None
    """What to ask when other mentions leave more than one."""
    is_doubtful_alone: bool = False
    """Asked even when only one is left."""
    assumed: set[Assumed] = field(default_factory=set)


class _NoSuchDayError(Exception):
    def __init__(self, found: NoSuchDay) -> None:
        self.found = found


def resolve(mentions: Sequence[Mention], today: date, hour_now: int) -> Days | NoSuchDay:
    """The days that all `mentions` together can mean; days that have passed are among them."""
    try:
        return _Resolver(mentions, today, hour_now).resolve()
    except _NoSuchDayError as error:
        return error.found


def nearest(weekday: int, day: date) -> date:
    """The day with this weekday that is nearest to `day`, the later of two."""
    ahead = (weekday - day.weekday()) % 7
    return day + timedelta(days=ahead if ahead <= 3 else ahead - 7)


class _Resolver:
    def __init__(self, mentions: Sequence[Mention], today: date, hour_now: int) -> None:
        self.mentions = [each for each in mentions if isinstance(each, DAY_MENTIONS)]
        self.today = today
        self.is_night = hour_now < LAST_HOUR_OF_NIGHT
        self.weekdays = [each for each in self.mentions if isinstance(each, Weekday)]
        self.weeks = [each for each in self.mentions if isinstance(each, Week)]
        self.months = [each for each in self.mentions if isinstance(each, Month)]
        self.years = [each for each in self.mentions if isinstance(each, Year)]

    def resolve(self) -> Days | NoSuchDay:
        if any(isinstance(each, SeveralDays) for each in self.mentions):
            return Days(doubt=Doubt.SEVERAL_DAYS)
        pins = [found for each in self.mentions if (found := self._pin(each)) is not None]
        names = {each.weekday for each in self.weekdays}
        if len(names) > 1:
            return Days(tuple(self._upcoming(name) for name in sorted(names)), Doubt.SEVERAL_DAYS)
        if any(isinstance(each, Vague) for each in self.mentions):
            return Days(doubt=Doubt.WHICH_DAY)
        eves = [each for each in self.mentions if isinstance(each, EveOf)]
        named = pins
        if eves:
            pins = [self._eve(eve, _common(pins)) for eve in eves]
        if not pins and not names:
            return self._without_day()
        scoped = [found for each in self.weekdays if (found := self._weekday(each, is_alone=not pins))]
        days = _common(pins + scoped)
        if not days:
            return Days(_some_of(named + pins + scoped), self._disagreement(pins))
        return self._checked(days, pins + scoped, min(names) if names else None)

    def _without_day(self) -> Days:
        """Only a week, a month, a year, "nanti" or nothing."""
        if self.weeks:
            return Days(tuple(self._days_of_week(self.weeks[0])), Doubt.WHICH_DAY)
        if self.months or self.years:
            return Days(doubt=Doubt.WHICH_DAY)
        if any(isinstance(each, Later) for each in self.mentions):
            return Days((self.today,), assumed=frozenset({Assumed.TODAY}))
        return Days()

    def _disagreement(self, pins: list[_Set]) -> Doubt:
        calendars = [each for each in self.mentions if isinstance(each, Calendar)]
        return Doubt.SEVERAL_DAYS if len(calendars) > 1 and len(pins) > 1 else Doubt.CONTRADICTION

    def _checked(self, days: list[date], sets: list[_Set], weekday: int | None) -> Days:
        assumed = frozenset(each for found in sets for each in found.assumed)
        fitting = [day for day in days if weekday is None or day.weekday() == weekday]
        if not fitting:
            assert weekday is not None
            past_fit = self._passed_with(weekday)
            if past_fit is not None:
                return Days((past_fit,))
            options = dict.fromkeys([*days, *(nearest(weekday, day) for day in days)])
            return Days(tuple(options), Doubt.WEEKDAY, written_weekday=weekday)
        fitting_all = [day for day in fitting if self._is_in_named_span(day)]
        if not fitting_all:
            return Days(tuple(fitting), Doubt.CONTRADICTION)
        doubts = [each.doubt for each in sets if each.doubt is not None]
        if len(fitting_all) > 1:
            return Days(tuple(fitting_all), doubts[0] if doubts else Doubt.WEEK, assumed)
        alone = [each.doubt for each in sets if each.is_doubtful_alone]
        return Days(tuple(fitting_all), alone[0] if alone else None, assumed)

    def _passed_with(self, weekday: int) -> date | None:
        """ "Sabtu 20 September" after that day: this year's fits the weekday and has passed."""
        for each in self.mentions:
            if isinstance(each, Calendar) and each.month is not None and each.year is None and not self.years:
                day = _day(self.today.year, each.month, each.day)
                if day is not None and day < self.today and day.weekday() == weekday:
                    return day
        return None

    def _is_in_named_span(self, day: date) -> bool:
        """Whether the weeks, months and years that were named hold `day`."""
        if any(day not in self._whole_week(each.scope) for each in self.weeks):
            return False
        if any(day.year != self.today.year + _ahead(each.scope) for each in self.years):
            return False
        for each in self.months:
            if each.month is None and (day.year, day.month) != self._month(_ahead(each.scope)):
                return False
            if each.month is not None and (day.month != each.month or each.year not in {None, day.year}):
                return False
        return True

    # What single mentions mean

    def _pin(self, mention: Mention) -> _Set | None:
        match mention:
            case Offset(days, is_relative_to_sleep):
                day = self.today + timedelta(days=days)
                if is_relative_to_sleep and self.is_night:
                    return _Set([day - timedelta(days=1), day], Doubt.TODAY)
                return _Set([day])
            case Calendar():
                return self._calendar(mention)
            case Weeks(count):
                if self.weekdays:
                    name = self.weekdays[0].weekday
                    return _Set(self._in_week(name, count), Doubt.WEEK, is_doubtful_alone=True)
                return _Set([self.today + timedelta(weeks=count)], Doubt.WHICH_DAY, is_doubtful_alone=True)
            case DayOrMonths(number):
                return self._day_or_months(number)
            case _:
                return None

    def _eve(self, eve: EveOf, named: list[date]) -> _Set:
        """The evening before that weekday or its own: around the days that were named otherwise, or the next one.

        A date beside it does not decide: "malam Jumat 26 September" can be the evening of the 25th.
        """
        upcoming = self._upcoming(eve.weekday)
        later = [upcoming + timedelta(days=7)] if upcoming == self.today else []
        days = [nearest(eve.weekday, day) for day in named] or [upcoming, *later]
        if any(abs((near - day).days) > 1 or near < day for near, day in zip(days, named, strict=False)):
            return _Set([])
        found = {day - timedelta(days=n) for day in days for n in (0, 1)}
        return _Set(sorted(day for day in found if day >= self.today), Doubt.NIGHT)

    def _calendar(self, mention: Calendar) -> _Set:
        named = {each.month for each in self.months if each.month is not None}
        if mention.month is not None:
            if named - {mention.month}:
                return _Set([])
            return self._day_of_month(mention, mention.month, mention.year)
        if len(named) == 1:
            year = next((each.year for each in self.months if each.year is not None), None)
            return self._day_of_month(mention, named.pop(), year)
        scopes = {each.scope for each in self.months}
        if scopes:
            year, month = self._month(1 if scopes == {Scope.NEXT} else 0)
            return _Set([self._existing(mention, year, month)])
        if not 1 <= mention.day <= 31:
            raise _NoSuchDayError(NoSuchDay(mention.written))
        for ahead in range(3):
            year, month = self._month(ahead)
            day = _day(year, month, mention.day)
            if day is not None and day >= self.today:
                skipped = ahead > 0 and _day(*self._month(ahead - 1), mention.day) is None
                return _Set([day], Doubt.WHICH_DAY, skipped, {Assumed.MONTH})
        raise _NoSuchDayError(NoSuchDay(mention.written))

    def _day_of_month(self, mention: Calendar, month: int, year: int | None) -> _Set:
        if year is None and self.years:
            year = self.today.year + (1 if self.years[0].scope is Scope.NEXT else 0)
        if year is not None:
            day = self._existing(mention, year, month)
            is_far = day - self.today > FARTHEST and not mention.is_year_first
            return _Set([day], Doubt.YEAR if is_far else None, is_doubtful_alone=is_far)
        if not 1 <= month <= 12 or not 1 <= mention.day <= calendar.monthrange(2024, month)[1]:
            raise _NoSuchDayError(_no_such_day(mention, self.today.year, month))
        for candidate in range(self.today.year, self.today.year + 9):
            found = _day(candidate, month, mention.day)
            if found is not None and found >= self.today:
                is_far = found - self.today > FARTHEST_WITHOUT_YEAR
                return _Set([found], Doubt.YEAR, is_far, {Assumed.YEAR})
        raise _NoSuchDayError(_no_such_day(mention, self.today.year, month))

    def _existing(self, mention: Calendar, year: int, month: int) -> date:
        day = _day(year, month, mention.day)
        if day is None:
            raise _NoSuchDayError(_no_such_day(mention, year, month))
        return day

    def _day_or_months(self, number: int) -> _Set:
        days = [_day(*self._month(1), number)] if number <= 31 else []
        if number <= 24:
            year, month = self._month(number)
            days.append(date(year, month, min(self.today.day, calendar.monthrange(year, month)[1])))
        return _Set([day for day in days if day is not None], Doubt.WHICH_DAY, is_doubtful_alone=True)

    def _weekday(self, mention: Weekday, *, is_alone: bool) -> _Set | None:
        if any(isinstance(each, Weeks) for each in self.mentions):
            return None
        name, upcoming = mention.weekday, self._upcoming(mention.weekday)
        week_scopes = {each.scope for each in self.weeks}
        if week_scopes:
            found = [day for scope in week_scopes for day in self._in_week(name, _ahead(scope))]
            return _Set(sorted(set(found)), Doubt.WEEK)
        if mention.scope is Scope.NEXT:
            strictly = upcoming if upcoming > self.today else upcoming + timedelta(days=7)
            return _Set(sorted({strictly, *self._in_week(name, 1)}), Doubt.WEEK)
        if mention.scope is Scope.THIS:
            return _Set(sorted({upcoming, *self._in_week(name, 0)}), Doubt.WEEK)
        if not is_alone:
            return None
        if upcoming == self.today:
            return _Set([upcoming, upcoming + timedelta(days=7)], Doubt.WEEK)
        return _Set([upcoming])

    # The calendar around today

    def _upcoming(self, weekday: int) -> date:
        """The first such day, today included."""
        return self.today + timedelta(days=(weekday - self.today.weekday()) % 7)

    def _in_week(self, weekday: int, ahead: int) -> list[date]:
        """That weekday in the week so many weeks ahead; calendars begin the week on Monday or on Sunday."""
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(weeks=ahead)
        sunday = self.today - timedelta(days=(self.today.weekday() + 1) % 7) + timedelta(weeks=ahead)
        return sorted({monday + timedelta(days=weekday), sunday + timedelta(days=(weekday + 1) % 7)})

    def _whole_week(self, scope: Scope) -> set[date]:
        return {day for weekday in range(7) for day in self._in_week(weekday, _ahead(scope))}

    def _days_of_week(self, week: Week) -> list[date]:
        """What to offer for "minggu depan": its working days, and Sundays where "minggu" may be Sunday."""
        found = {day for weekday in range(5) for day in self._in_week(weekday, _ahead(week.scope))}
        if week.may_be_sunday:
            found |= {self._upcoming(6), *self._in_week(6, _ahead(week.scope))}
        return sorted(day for day in found if day >= self.today)

    def _month(self, ahead: int) -> tuple[int, int]:
        months = self.today.year * 12 + self.today.month - 1 + ahead
        return months // 12, months % 12 + 1


def _ahead(scope: Scope) -> int:
    return 1 if scope is Scope.NEXT else 0


def _common(sets: list[_Set]) -> list[date]:
    if not sets:
        return []
    return [day for day in sets[0].days if all(day in other.days for other in sets[1:])]


def _some_of(sets: list[_Set]) -> tuple[date, ...]:
    return tuple(sorted({day for each in sets for day in each.days})[:4])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _no_such_day(mention: Calendar, year: int, month: int) -> NoSuchDay:
    last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else None
    return NoSuchDay(mention.written, last)
