"""What a person is to see, as plain data: views make it, the sender carries it out.

Plain, so that it can be compared in tests and, later, be stored until it is sent.
"""

from dataclasses import dataclass

from bot.buttons import Action

MAX_TEXT = 4096  # UTF-16 units after parsing (Bot API, sendMessage)
MAX_LABEL = 60  # longer labels are cut by phones at about half of it anyway


@dataclass(frozen=True)
class Press:
    """A button that does something here."""

    label: str
    action: Action


@dataclass(frozen=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


Button = Press | Link
Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Reply:
    """One message: Telegram's HTML and the buttons under it."""

    text: str
    keyboard: Keyboard = ()


@dataclass(frozen=True)
class InlineCard:
    """One result of inline mode: what is listed, and the message that is sent when it is chosen."""

    id: str
    title: str
    description: str
    reply: Reply


def cut(text: str, length: int = MAX_LABEL) -> str:
    """`text` shortened at a word to at most `length` characters, with an ellipsis where something is missing."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:") + "…"
