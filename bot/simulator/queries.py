"""What people asked of a bot by pressing a button or by typing its name: open until answered or too old."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.chats import Message
from bot.simulator.people import Bot, User
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]
ANSWERABLE_SECONDS = 150


@dataclass(eq=False, kw_only=True)
class Query:
    """One query of either kind; `answer` is what the bot said, in the API's words."""

    id: str
    bot: Bot
    user: User
    asked_at: float
    answer: Json | None = None

    def check_open(self, now: float) -> None:
        if self.answer is not None or now - self.asked_at >= ANSWERABLE_SECONDS:
            raise too_old()


@dataclass(eq=False, kw_only=True)
class CallbackQuery(Query):
    message: Message


@dataclass(eq=False, kw_only=True)
class InlineQuery(Query):
    text: str
    # Result id -> the message it would make: content, reply_markup and the poll-less rest.
    results: dict[str, "Made"] = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """What choosing an inline result sends."""

    content: Json
    reply_markup: Json | None


def too_old() -> Refused:
    return bad_request("query is too old and response timeout expired or query ID is invalid")
