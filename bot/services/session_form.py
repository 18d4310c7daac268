"""The form in which a session is planned, copied, changed and moved: one form, asked in parts.

`act` says what the data is for, `only` which steps are asked. A copy brings its details along and asks for the time.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from bot.services import moment_steps
from bot.services.cop_sessions import LINK, CopSession, Details, place_and_link
from bot.services.form_steps import (
    Choice,
    Data,
    Form,
    Problem,
    Reader,
    Step,
    Unsettled,
    Value,
    Written,
    text_of_at_most,
)
from bot.services.moment_steps import When
from bot.services.plain_text import one_line
from bot.services.province_steps import province_choices, read_province
from bot.services.roles import Reach

__all__ = [
    "CLEAR",
    "FIELDS",
    "SESSION",
    "SessionAct",
    "act_of",
    "changes",
    "details",
    "times",
    "to_edit",
    "to_plan",
]

FIELDS = ("title", "theme", "place", "speakers", "capacity", "material")  # what can be changed one by one
CLEAR = "clear"
LONGEST_PLACE, LONGEST_LINK, LONGEST_TEXT = 300, 500, 1000
MOST_SEATS = 100_000
LENGTHS = ("1 jam", "2 jam", "3 jam", "selesai")  # choices that are read like the same words typed


class SessionAct(enum.StrEnum):
    """What the answers are for."""

    PLAN = "plan"
    EDIT = "edit"
    MOVE = "move"


@dataclass(frozen=True)
class Times:
    """A start, and an end unless it is open."""

    starts_at: datetime
    ends_at: datetime | None


def read_place(written: Written) -> Value | Problem | Unsettled:
    """A place, a link, or both."""
    line = one_line(written.text)
    place, link = place_and_link(line)
    if link is not None and len(link) > LONGEST_LINK:
        return Problem("forms.problems.too_long", {"limit": LONGEST_LINK, "length": len(link)})
    if place is not None and len(place) > LONGEST_PLACE:
        return Problem("forms.problems.too_long", {"limit": LONGEST_PLACE, "length": len(place)})
    if len(LINK.findall(line)) > 1:
        return Problem("sessions.problems.several_links")
    return line if len(line) > 1 else Problem("forms.problems.too_short")


def read_capacity(written: Written) -> Value | Problem | Unsettled:
    """How many seats there are."""
    digits = written.text.strip().removesuffix("orang").strip().replace(".", "")
    if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits[:9]) <= MOST_SEATS:
        return Problem("sessions.problems.capacity", {"most": MOST_SEATS})
    return int(digits)


def read_material(written: Written) -> Value | Problem | Unsettled:
    """Where the slides are: words and links, in several lines if need be."""
    text = "\n".join(filter(None, (one_line(line) for line in written.text.splitlines())))
    if len(text) > LONGEST_TEXT:
        return Problem("forms.problems.too_long", {"limit": LONGEST_TEXT, "length": len(text)})
    return text if len(text) > 1 else Problem("forms.problems.too_short")


def _asks(key: str, data: Data) -> bool:
    only = data.get("only_steps")
    return key in only if isinstance(only, list) else key != "material"


def _step(key: str, read: Reader, *, is_optional: bool = False) -> Step:
    return Step(
        key,
        read=read,
        choices=lambda data: [Choice(CLEAR)] if data.get("act") == SessionAct.EDIT and is_optional else [],
        is_optional=is_optional,
        applies=lambda data: _asks(key, data),
    )


def _asks_end(data: Data) -> bool:
    return (
        _asks("when", data)
        and moment_steps.when_of(data.get("when")) is not None
        and not (moment_steps.has_end(data.get("when")))
    )


def _asks_scope(data: Data) -> bool:
    return _asks("scope", data) and not isinstance(data.get("only"), list)


def _asks_province(data: Data) -> bool:
    only = data.get("only")
    if isinstance(only, list):
        return _asks("province", data) and len(only) > 1
    return _asks("province", data) and data.get("scope") == "province"


SESSION = Form(
    "session",
    (
        _step("title", text_of_at_most(150)),
        Step(
            "when",
            read=lambda written: moment_steps.read_when(written, "when"),
            choices=lambda data: moment_steps.choices(data, "when"),
            reads_choices=True,
            applies=lambda data: _asks("when", data),
        ),
        Step(
            "end",
            read=lambda written: moment_steps.read_end(written, "end", "when"),
            choices=lambda data: [Choice(length) for length in LENGTHS],
            reads_choices=True,
            applies=_asks_end,
        ),
        _step("place", read_place),
        _step("speakers", text_of_at_most(300), is_optional=True),
        _step("theme", text_of_at_most(500), is_optional=True),
        _step("capacity", read_capacity, is_optional=True),
        _step("material", read_material, is_optional=True),
        Step("scope", choices=lambda data: [Choice("national"), Choice("province")], applies=_asks_scope),
        Step("province", read=read_province, choices=province_choices, applies=_asks_province),
        Step("confirm", is_confirmation=True, applies=lambda data: data.get("act") != SessionAct.EDIT),
    ),
)


def to_plan(reach: Reach, copied: CopSession | None = None) -> Data:
    """What the form is begun with: for whom the organiser may plan, and what is taken over from another session."""
    data: Data = {"act": SessionAct.PLAN}
    if not reach.is_national:
        data["only"] = sorted(reach.provinces)
    if copied is not None:
        province = copied.province_code if reach.covers(copied.province_code) else None
        asked = ["when", "confirm"] if reach.is_national or province else ["when", "province", "confirm"]
        data |= {
            "title": copied.title,
            "theme": copied.theme,
            "speakers": copied.speakers,
            "capacity": copied.capacity,
            "place": " ".join(filter(None, (copied.place, copied.join_link))),
            "province": province,
            "only_steps": asked,
        }
        data = {key: value for key, value in data.items() if value not in (None, "")}
    return data


def to_edit(session: CopSession, field: str) -> Data:
    """One detail of a session."""
    return {"act": SessionAct.EDIT, "session_id": session.id, "only_steps": [field]}


def to_move(session: CopSession, concerned: int) -> Data:
    """Another time for a session; `concerned` is how many will be told, as the confirmation says."""
    return {
        "act": SessionAct.MOVE,
        "session_id": session.id,
        "title": session.title,
        "earlier": session.starts_at.isoformat(),
        "concerned": concerned,
        "only_steps": ["when", "confirm"],
    }


def act_of(data: Data) -> SessionAct:
    """What the answers are for."""
    return SessionAct(str(data["act"]))


def session_id_of(data: Data) -> int:
    """The session that the answers are about; 0 for a new one."""
    found = data.get("session_id")
    return found if isinstance(found, int) else 0


def when_answered(data: Data) -> When | None:
    """The start as it was said."""
    return moment_steps.when_of(data.get("when"))


def times(data: Data) -> Times:
    """Start and end, whether they were said together or one after the other."""
    when = when_answered(data)
    assert when is not None  # a step that cannot be skipped
    end = moment_steps.when_of(data.get("end"))
    is_open = when.is_open_ended or (when.end is None and (end is None or end.end is None))
    ends_at = when.end if when.end is not None or end is None else end.end
    return Times(when.start, None if is_open else ends_at)


def details(data: Data) -> Details:
    """What a new session is planned with."""
    at, capacity = times(data), data.get("capacity")
    only = data.get("only")
    province = data.get("province")
    if province is None and isinstance(only, list) and len(only) == 1:
        province = only[0]
    return Details(
        title=str(data["title"]),
        starts_at=at.starts_at,
        ends_at=at.ends_at,
        place=_text(data, "place"),
        theme=_text(data, "theme"),
        speakers=_text(data, "speakers"),
        capacity=capacity if isinstance(capacity, int) else None,
        province_code=None if province is None else str(province),
    )


def changes(data: Data) -> dict[str, str | int | None]:
    """Columns and their new values; what was skipped is not among them."""
    found: dict[str, str | int | None] = {}
    for field in FIELDS:
        value = data.get(field)
        if isinstance(value, str | int):
            found[field] = None if value == CLEAR else value
    return found


def _text(data: Data, key: str) -> str | None:
    value = data.get(key)
    return None if value is None else str(value)
