"""What a button does, as data: packed into Telegram's 64 bytes and parsed back by one parser.

Callback data comes from outside and may be forged or years old: `parse` returns None for whatever it does not
recognise in full, and whoever handles an action checks again that it may be done.
"""

import dataclasses
import enum
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, get_type_hints

from bot.clock import Zone
from bot.services.people import Preference
from bot.services.provinces import Island
from db.models import Consent, Reason, Verdict

MAX_BYTES = 64  # Bot API, InlineKeyboardButton.callback_data
MAX_NUMBER = 2**31 - 1  # no id or page of ours is larger; a forged one must not overflow a column


class Origin(enum.StrEnum):
    """Where a choice was opened from, and so where it leads on to."""

    WELCOME = "w"
    PROFILE = "p"


class Section(enum.StrEnum):
    """A part of the profile."""

    OVERVIEW = "o"
    LANGUAGE = "l"
    PROVINCE = "p"
    ZONE = "z"
    MESSAGES = "m"
    DETAILS = "d"


ACTIONS: dict[str, type["Action"]] = {}  # by code


@dataclass(frozen=True)
class Action:
    """Base of all actions; `CODE` is what stands first in the callback data."""

    CODE: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Make the action known to the parser; the modules beside this one define theirs in the same way."""
        if cls.CODE in ACTIONS:
            raise TypeError(f"two actions have the code {cls.CODE!r}")
        ACTIONS[cls.CODE] = cls

    def pack(self) -> str:
        """The callback data. Raises `ValueError` when it does not fit, which a test rules out for all content."""
        values = (getattr(self, field.name) for field in dataclasses.fields(self))
        data = ":".join((self.CODE, *(str(v.name if isinstance(v, Zone) else v) for v in values)))
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(f"callback data over {MAX_BYTES} bytes: {data}")
        return data


@dataclass(frozen=True)
class ShowEntry(Action):
    """Open the card of an entry."""

    CODE = "e"
    entry_id: str


@dataclass(frozen=True)
class Pick(Action):
    """Choose one of the suggestions."""

    CODE = "p"
    question_id: int
    position: int


@dataclass(frozen=True)
class NoneOfThese(Action):
    """None of the suggestions was meant."""

    CODE = "n"
    question_id: int


@dataclass(frozen=True)
class Forward(Action):
    """Pass an unknown question on to the experts, or not."""

    CODE = "f"
    question_id: int
    consent: Consent


@dataclass(frozen=True)
class Rate(Action):
    """Say whether a card helped."""

    CODE = "r"
    entry_id: str
    revision: int
    verdict: Verdict


@dataclass(frozen=True)
class GiveReason(Action):
    """Say why a card did not help."""

    CODE = "w"
    entry_id: str
    revision: int
    reason: Reason


@dataclass(frozen=True)
class ShowTopic(Action):
    """Open a topic's list at a page; an empty id is the list of books."""

    CODE = "t"
    topic_id: str
    page: int


@dataclass(frozen=True)
class Agree(Action):
    """The privacy notice was read; go on to the provinces."""

    CODE = "a"


@dataclass(frozen=True)
class FinishWelcome(Action):
    """Leave the welcome's questions unanswered."""

    CODE = "s"


@dataclass(frozen=True)
class OpenIsland(Action):
    """Open the provinces of one group of islands."""

    CODE = "i"
    island: Island
    origin: Origin


@dataclass(frozen=True)
class ChooseProvince(Action):
    """Set the province."""

    CODE = "v"
    province_code: str
    origin: Origin


@dataclass(frozen=True)
class ChooseLanguage(Action):
    """Set the language."""

    CODE = "l"
    language: str


@dataclass(frozen=True)
class ChooseZone(Action):
    """Set the time zone."""

    CODE = "z"
    zone: Zone


@dataclass(frozen=True)
class Toggle(Action):
    """Turn a preference round."""

    CODE = "g"
    preference: Preference


@dataclass(frozen=True)
class OpenProfile(Action):
    """Open a part of the profile."""

    CODE = "o"
    section: Section


@dataclass(frozen=True)
class FillIn(Action):
    """Fill in one detail of the profile by its column; an empty name asks for all."""

    CODE = "d"
    field: str


def parse(data: str) -> Action | None:
    """The action packed into `data`, or None for anything that this version of the program did not pack."""
    code, *values = data.split(":")
    cls = ACTIONS.get(code)
    if cls is None:
        return None
    kinds = _kinds(code)
    if len(values) != len(kinds):
        return None
    try:
        action = cls(*(_read(kind, value) for kind, value in zip(kinds, values, strict=True)))
    except (ValueError, KeyError):
        return None
    # " 7" and "07" read as 7 as well; only what we packed ourselves is accepted.
    return action if action.pack() == data else None


@cache
def _kinds(code: str) -> tuple[Any, ...]:
    cls = ACTIONS[code]
    types = get_type_hints(cls)
    return tuple(types[field.name] for field in dataclasses.fields(cls))


def _read(kind: Any, value: str) -> object:
    if kind is str:
        return value
    if kind is int:
        number = int(value)
        if not 0 <= number <= MAX_NUMBER:
            raise ValueError(value)
        return number
    if kind is Zone:
        return Zone[value]
    return kind(value)
