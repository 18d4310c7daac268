"""Requests to the Bot API as plain data, the lanes that they go in, and how a try can end.

The services say what is to be sent and what came of it; `bot/sender.py` is the one that knows Telegram.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from db.models.outbox import Lane

__all__ = [
    "TEXT_FILE",
    "Blocked",
    "Call",
    "Courier",
    "Lane",
    "Moved",
    "Outcome",
    "Rejected",
    "Sent",
    "Uncertain",
    "Wait",
]


TEXT_FILE = "text:"  # what stands before the content of a small file of text, in a call that many get


@dataclass(frozen=True)
class Call:
    """A request as it is stored: `method` of the Bot API, and its parameters in the Bot API's names and as JSON."""

    method: str
    parameters: dict[str, Any]

    @property
    def chat_id(self) -> int:
        """Where it goes; for a menu, the chat that lists it."""
        place = self.parameters if "chat_id" in self.parameters else self.parameters["scope"]
        return int(place["chat_id"])


@dataclass(frozen=True)
class Sent:
    """Telegram accepted it. `message_ids` came of it (an album has several), and `poll_id` if it was a poll."""

    message_ids: tuple[int, ...] = ()
    poll_id: str | None = None

    @property
    def message_id(self) -> int | None:
        """The one message that came of it, or the first of several."""
        return self.message_ids[0] if self.message_ids else None


@dataclass(frozen=True)
class Blocked:
    """The person or group does not want us, or is no more."""


@dataclass(frozen=True)
class Moved:
    """The group became a supergroup with another id; nothing was sent."""

    chat_id: int


@dataclass(frozen=True)
class Rejected:
    """Telegram will never accept it; `reason` is its own word."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Nothing was sent, and nothing of the kind will be for so many seconds: Telegram said so (429), the limits of
    our own have no room for so long, or no connection could be made."""

    seconds: float


@dataclass(frozen=True)
class Uncertain:
    """The request left and no answer came: it may have arrived."""


Outcome = Sent | Blocked | Moved | Rejected | Wait | Uncertain


class Courier(Protocol):
    """Whoever carries out calls."""

    async def call(self, call: Call, lane: Lane = Lane.REPLY) -> Outcome:
        """Try once, when the lane's turn comes. Never raises."""
        ...
