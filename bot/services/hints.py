"""What an organiser should know about a planned moment: free days, Friday prayer, hours at which people sleep.

Hints never forbid anything. Quiet hours, in contrast, move what is sent by itself (`quiet_until`).
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.clock import Zone

# "Friday prayer" for planning: from the call to the way back, in each zone's own time.
FRIDAY_PRAYER = (time(11, 30), time(13, 0))
# Before and after these hours nobody is at work.
EARLY, LATE = time(7, 0), time(20, 0)
# In the fasting month the afternoon is short: offices close early and people prepare the breaking of the fast.
FASTING_AFTERNOON = time(15, 0)
_SHORTEST_RAMADAN_DAYS = 29
_EID, _ESTIMATED = "Hari Raya Idul Fitri", " (perkiraan)"


@dataclass(frozen=True)
class PublicHoliday:
    """A national holiday. `is_estimated`: its day depends on the moon and has not been fixed yet."""

    day: date
    name: str
    """Indonesian, as the decree names it."""
    is_estimated: bool = False


@dataclass(frozen=True)
class JointLeave:
    """Cuti bersama: offices are closed although the day is no holiday."""

    day: date
    name: str


@dataclass(frozen=True)
class Weekend:
    """Saturday or Sunday; `weekday` counts from Monday, 0."""

    day: date
    weekday: int


@dataclass(frozen=True)
class FridayPrayer:
    """The moment or period touches 11.30 to 13.00 of a Friday in these zones."""

    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class TooEarly:
    """It starts before 07.00 in these zones."""

    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class TooLate:
    """It starts at 20.00 or later, or ends later than that, in these zones."""

    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class FastingAfternoon:
    """It lies in the afternoon of a day in Ramadan, in these zones."""

    zones: tuple[Zone, ...]
    is_estimated: bool


Hint = PublicHoliday | JointLeave | Weekend | FridayPrayer | TooEarly | TooLate | FastingAfternoon


def hints(start: datetime, end: datetime | None, zones: tuple[Zone, ...] = tuple(Zone)) -> list[Hint]:
    """What speaks against a moment or a period (UTC), for people in `zones`; days are named once, whatever the zone."""
    last = end or start
    days = sorted(
        {
            _date(start, zone) + timedelta(days=n)
            for zone in zones
            for n in range((_date(last, zone) - _date(start, zone)).days + 1)
        }
    )
    found: list[Hint] = []
    for day in days:
        found += _of_day(day)
    prayer = tuple(zone for zone in zones if _touches_friday_prayer(start, last, zone))
    if prayer:
        found.append(FridayPrayer(prayer))
    early = tuple(zone for zone in zones if start.astimezone(zone.info).time() < EARLY)
    if early:
        found.append(TooEarly(early))
    late = tuple(zone for zone in zones if zone not in early and _is_late(start, last, zone))
    if late:
        found.append(TooLate(late))
    fasting = tuple(zone for zone in zones if _is_fasting_afternoon(start, last, zone))
    if fasting:
        ramadan = _ramadan(_date(start, fasting[0]))
        found.append(FastingAfternoon(fasting, is_estimated=ramadan is not None and ramadan[1]))
    return found


def quiet_until(
    moment: datetime, zone: Zone, begins: time = time(20, 0), ends: time = time(7, 0)
) -> datetime:
    """`moment` itself, or the end of the quiet hours that it falls into, in UTC.

    The hours are local to `zone`, the first quiet, the last one no more; the same hour for both means none.
    """
    local = moment.astimezone(zone.info)
    if begins == ends:
        return moment.astimezone(UTC)
    clock = local.time()
    runs_over_midnight = begins > ends
    is_quiet = (clock >= begins or clock < ends) if runs_over_midnight else begins <= clock < ends
    if not is_quiet:
        return moment.astimezone(UTC)
    day = local.date() + timedelta(days=1 if runs_over_midnight and clock >= begins else 0)
    return datetime.combine(day, ends, tzinfo=zone.info).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Whether offices are open: no weekend, holiday or joint leave."""
    return not _of_day(day)


def _of_day(day: date) -> list[Hint]:
    """Holiday, joint leave, weekend; a holiday on a Sunday is told once, as a holiday."""
    public, leave = _free_days(day.year)
    if day in public:
        name = public[day]
        return [PublicHoliday(day, name.replace(_ESTIMATED, ""), _ESTIMATED in name)]
    if day in leave:
        return [JointLeave(day, leave[day])]
    return [Weekend(day, day.weekday())] if day.weekday() >= 5 else []


@cache
def _free_days(year: int) -> tuple[dict[date, str], dict[date, str]]:
    """Holidays and joint leave of a year; our file corrects what the package knows of joint leave."""
    # The door that loads one country only; even so it takes 0.1 s, and only organisers ask for it.
    from holidays import GOVERNMENT, PUBLIC, country_holidays

    public = dict(country_holidays("ID", years=year, categories=PUBLIC, language="id"))
    leave = dict(country_holidays("ID", years=year, categories=GOVERNMENT, language="id"))
    added, removed = _corrections()
    leave |= {day: name for day, name in added.items() if day.year == year}
    return public, {day: name for day, name in leave.items() if day not in removed}


@cache
def _corrections() -> tuple[dict[date, str], frozenset[date]]:
    return read_corrections((files("bot.services") / "joint_leave.toml").read_text(encoding="utf-8"))


def read_corrections(text: str) -> tuple[dict[date, str], frozenset[date]]:
    """The days that a file adds to joint leave and those that it takes away.

    Raises ValueError for a row without date, name or source: a free day that nobody can check is none.
    """
    table: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    for kind, needed in (("add", ("date", "name", "source")), ("remove", ("date", "source"))):
        for row in table.get(kind, []):
            missing = [field for field in needed if not row.get(field)]
            if missing or not isinstance(row["date"], date):
                raise ValueError(f"joint leave, [[{kind}]] {row}: needs {', '.join(missing) or 'a date'}")
    added = {row["date"]: str(row["name"]) for row in table.get("add", [])}
    return added, frozenset(row["date"] for row in table.get("remove", []))


def _ramadan(day: date) -> tuple[date, bool] | None:
    """The Idul Fitri that ends the Ramadan in which `day` lies, and whether it is estimated.

    Ramadan has 29 or 30 days: the 29 before Idul Fitri are certain, a thirtieth is not told.
    """
    for year in (day.year, day.year + 1):
        for eid, name in _free_days(year)[0].items():
            is_eid = name.replace(_ESTIMATED, "") == _EID
            if is_eid and timedelta(0) < eid - day <= timedelta(days=_SHORTEST_RAMADAN_DAYS):
                return eid, _ESTIMATED in name
    return None


def _is_fasting_afternoon(start: datetime, last: datetime, zone: Zone) -> bool:
    day = _date(start, zone)
    afternoon = datetime.combine(day, FASTING_AFTERNOON, tzinfo=zone.info)
    dusk = datetime.combine(day, time(18, 30), tzinfo=zone.info)
    return _ramadan(day) is not None and start < dusk and (last > afternoon or start >= afternoon)


def _touches_friday_prayer(start: datetime, last: datetime, zone: Zone) -> bool:
    day = _date(start, zone)
    while day <= _date(last, zone):
        begins, ends = (datetime.combine(day, each, tzinfo=zone.info) for each in FRIDAY_PRAYER)
        if day.weekday() == 4 and start < ends and (last > begins or start >= begins):
            return True
        day += timedelta(days=1)
    return False


def _is_late(start: datetime, last: datetime, zone: Zone) -> bool:
    night = datetime.combine(_date(start, zone), LATE, tzinfo=zone.info)
    return start >= night or last > night


def _date(moment: datetime, zone: Zone) -> date:
    return moment.astimezone(zone.info).date()
