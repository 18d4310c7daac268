"""Moments in a form: read as people write them, asked back while they are in doubt, kept as JSON."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.clock import Zone
from bot.services import moments
from bot.services.form_steps import UNSETTLED, Choice, Data, Problem, Unsettled, Value, Written
from bot.services.moments import Ask, Doubt, Earlier, NoSuchDay, NoSuchHour, NotADate, Past, Understood

OPEN_ENDED_LASTS = timedelta(hours=4)  # of what ends with "selesai": until then people can check in
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class When:
    """A start, and an end where one was said; both UTC. `zone` is the one it was said in, or the writer's own."""

    start: datetime
    end: datetime | None
    zone: Zone
    was_zone_given: bool
    is_open_ended: bool


@dataclass(frozen=True)
class Reading:
    """One way to read what is in doubt; choosing it is like writing `text`."""

    text: str
    start: datetime | None
    end: datetime | None
    day: str


def read_when(written: Written, key: str) -> Value | Problem | Unsettled:
    """A moment for the step `key`; with an earlier question of ours, its answer."""
    kept = written.data.get(key + UNSETTLED)
    if isinstance(kept, str):
        earlier = _earlier(kept)
        outcome = moments.answer(earlier, written.text, written.now, written.zone)
    else:
        outcome = moments.read(written.text, written.now, written.zone)
    return _taken(outcome)


def read_end(written: Written, key: str, start_key: str) -> Value | Problem | Unsettled:
    """The end of what begins at the answer to `start_key`."""
    begun = when_of(written.data.get(start_key))
    if begun is None:
        return Problem("moments.not_a_date")
    outcome = moments.read_end(written.text, begun.start, written.now, begun.zone)
    if isinstance(outcome, Ask):
        # The start is known: what is in doubt is only how the end was written.
        return Problem("moments.end_unclear")
    return _taken(outcome)


def choices(data: Data, key: str) -> list[Choice]:
    """The readings of what is in doubt, as buttons."""
    return [Choice(reading.text) for reading in readings(data, key)]


def readings(data: Data, key: str) -> list[Reading]:
    """The same with their times; the words are the views'."""
    kept = data.get(key + UNSETTLED)
    if not isinstance(kept, str):
        return []
    return [
        Reading(each["text"], _moment(each["start"]), _moment(each["end"]), each["day"])
        for each in json.loads(kept)["options"]
    ]


def zone_asked(data: Data, key: str) -> Zone:
    """The zone in which the readings are meant."""
    return Zone[json.loads(str(data[key + UNSETTLED]))["zone"]]


def when_of(value: Value) -> When | None:
    """What `read_when` or `read_end` kept; None where nothing was answered."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    raw: dict[str, Any] = json.loads(value)
    return When(
        datetime.fromisoformat(raw["start"]),
        _moment(raw["end"]),
        Zone[raw["zone"]],
        raw["given"],
        raw["open"],
    )


def stored(when: When) -> str:
    """The moment as a form keeps it."""
    return json.dumps(
        {
            "start": when.start.isoformat(),
            "end": None if when.end is None else when.end.isoformat(),
            "zone": when.zone.name,
            "given": when.was_zone_given,
            "open": when.is_open_ended,
        }
    )


def has_end(value: Value) -> bool:
    """Whether the moment says when it ends, or that its end is open."""
    when = when_of(value)
    return when is not None and (when.end is not None or when.is_open_ended)


def _taken(outcome: moments.Outcome) -> Value | Problem | Unsettled:
    match outcome:
        case Understood() if outcome.end is not None and outcome.end - outcome.start > LONGEST:
            return Problem("moments.too_long")
        case Understood():
            return stored(
                When(outcome.start, outcome.end, outcome.zone, outcome.was_zone_given, outcome.is_open_ended)
            )
        case Ask():
            problem = Problem(f"moments.doubts.{outcome.doubt.value}", {"unread": outcome.unread[:60]})
            return Unsettled(problem, _kept(outcome))
        case Past():
            return Problem("moments.past")
        case NoSuchDay(words):
            return Problem("moments.no_such_day", {"words": words[:60]})
        case NoSuchHour(words):
            return Problem("moments.no_such_hour", {"words": words[:60]})
        case NotADate():
            return Problem("moments.not_a_date")
        case _:
            assert_never(outcome)


def _kept(ask: Ask) -> str:
    earlier = ask.earlier
    return json.dumps(
        {
            "text": earlier.text,
            "said_at": earlier.said_at.isoformat(),
            "doubt": earlier.doubt.value,
            "zone": ask.zone.name,
            "options": [
                {
                    "text": option.text,
                    "start": None if option.start is None else option.start.isoformat(),
                    "end": None if option.end is None else option.end.isoformat(),
                    "day": option.day.isoformat(),
                }
                for option in ask.options
            ],
        }
    )


def _earlier(kept: str) -> Earlier:
    raw: dict[str, Any] = json.loads(kept)
    return Earlier(raw["text"], datetime.fromisoformat(raw["said_at"]), Doubt(raw["doubt"]))


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
