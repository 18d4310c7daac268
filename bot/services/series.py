"""A session again and again: every week, every two weeks, or every month on the same weekday of its week.

Each of the series is a session of its own afterwards: moved, cancelled and answered by itself.
"""

import enum
from datetime import UTC, date, datetime, timedelta

from bot.clock import Zone
from bot.services.cop_sessions import CopSession
from bot.services.form_steps import Choice, Data, Form, Problem, Step, Unsettled, Value, Written

__all__ = ["SERIES", "Rhythm", "begin_with", "starts", "starts_of"]

MOST = 12
NUMBERS = ("3", "4", "6", "12")


class Rhythm(enum.StrEnum):
    """How often."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"


def read_count(written: Written) -> Value | Problem | Unsettled:
    """How many more times."""
    digits = written.text.strip().removesuffix("kali").strip()
    if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits[:4]) <= MOST:
        return Problem("sessions.problems.series_count", {"most": MOST})
    return digits


SERIES = Form(
    "series",
    (
        Step("rhythm", choices=lambda data: [Choice(rhythm.value) for rhythm in Rhythm]),
        Step("count", read=read_count, choices=lambda data: [Choice(number, number) for number in NUMBERS]),
        Step("confirm", is_confirmation=True),
    ),
)


def begin_with(session: CopSession, zone: Zone) -> Data:
    """What the form is begun with; weekdays are counted in the organiser's zone."""
    return {
        "session_id": session.id,
        "first": session.starts_at.isoformat(),
        "zone": zone.name,
        "title": session.title,
    }


def starts_of(data: Data) -> list[datetime]:
    """When the further sessions begin, as the answers say."""
    first = datetime.fromisoformat(str(data["first"]))
    return starts(first, Rhythm(str(data["rhythm"])), int(str(data["count"])), Zone[str(data["zone"])])


def starts(first: datetime, rhythm: Rhythm, count: int, zone: Zone) -> list[datetime]:
    """The `count` starts after `first` (UTC), at the same hour.

    Monthly is "the fourth Thursday": of `zone`'s calendar; the last one where a month has no fifth.
    """
    local = first.astimezone(zone.info)
    found: list[date] = []
    for number in range(1, count + 1):
        match rhythm:
            case Rhythm.WEEKLY:
                found.append(local.date() + timedelta(weeks=number))
            case Rhythm.BIWEEKLY:
                found.append(local.date() + timedelta(weeks=2 * number))
            case Rhythm.MONTHLY:
                found.append(_in_month(local.date(), number))
    return [datetime.combine(day, local.time(), tzinfo=zone.info).astimezone(UTC) for day in found]


def _in_month(first: date, months: int) -> date:
    """The same weekday of the same week, so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    begin = date(year, month + 1, 1)
    day = begin + timedelta(days=(first.weekday() - begin.weekday()) % 7 + 7 * ((first.day - 1) // 7))
    return day if day.month == begin.month else day - timedelta(weeks=1)
