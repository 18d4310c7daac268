"""What the readers of all parse modes share."""

import re
from dataclasses import dataclass, field

from bot.simulator.links import BadLinkError, check_link, linked_user
from bot.simulator.spans import Span, utf16_length

_INT64_MAX = 2**63 - 1
INT32_MAX = 2**31 - 1


class MarkupError(ValueError):
    """The text is not written as its parse_mode asks; the message is Telegram's."""


@dataclass
class Output:
    """The text so far without its markup, and its length in UTF-16 units."""

    pieces: list[str] = field(default_factory=list)
    units: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.units += utf16_length(text)

    def text(self) -> str:
        return "".join(self.pieces)


def byte_offset(source: str, position: int) -> int:
    return len(source[:position].encode())


def custom_emoji(identifier: str) -> dict[str, str]:
    if not re.fullmatch(r"-?[0-9]{1,19}", identifier) or not 0 < abs(int(identifier)) <= _INT64_MAX:
        raise MarkupError("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def date_format(given: str) -> str:
    """The format as Telegram stores it: "r", or a weekday, a date and a time, each at most once."""
    if given in {"r", "R"}:
        return "r"
    if not re.fullmatch(r"[tTdDwW]*", given):
        raise MarkupError("Invalid date format used")
    parts = ("w" if {"w", "W"} & set(given) else "", _either(given, "d", "D"), _either(given, "t", "T"))
    return "".join(parts)


def date_time(unix_time: int, form: str) -> dict[str, str | int]:
    shown = date_format(form)
    return {"unix_time": unix_time} | ({"date_time_format": shown} if shown else {})


def link_span(url: str, start: int, end: int) -> Span | None:
    """A link or a mention by id; None when Telegram shows the text without either."""
    user_id = linked_user(url)
    if user_id is not None:
        return Span("text_mention", start, end, {"user": {"id": user_id}})
    try:
        return Span("text_link", start, end, {"url": check_link(url)})
    except BadLinkError:
        return None


def _either(given: str, short: str, long: str) -> str:
    return short if short in given else long if long in given else ""
