"""The queue of one bot's updates, as the server keeps it until the bot confirms them."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.simulator.wire import to_json

Json = dict[str, Any]
# What a webhook gets one after the other: what it is about, and which one.
Lane = tuple[str, Any]

DAY_SECONDS = 24 * 60 * 60

# How long an update waits for its bot. Messages and votes wait a day; a press is dropped after 150 seconds,
# for then it cannot be answered any more, and an inline query after 30, when nobody looks at its list any more.
LIFETIME_SECONDS = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}

UPDATE_KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
# These come only to a bot that names them.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

# An offset this far past the newest update is taken for a stranger's and confirms nothing.
MAX_OFFSET_AHEAD = 10

_OF_CHATS = frozenset(("message", "edited_message", "channel_post", "edited_channel_post"))
_OF_PEOPLE = frozenset(("callback_query", "inline_query", "chosen_inline_result"))
_OF_MEMBERS = frozenset(("my_chat_member", "chat_member", "chat_join_request"))


def lane_of(kind: str, content: Json) -> Lane:
    """To a webhook updates of one lane go in order, those of different lanes side by side.

    Telegram promises nothing; this is how its server is known to do it: messages in order within a chat, presses
    and inline queries within a person, each kind for itself, so that a press may overtake a message.
    """
    thing = content.get(kind)
    match thing:
        case {"chat": {"id": chat_id}} if kind in _OF_CHATS:
            return "chat", chat_id
        case {"from": {"id": user_id}} if kind in _OF_PEOPLE:
            return kind, user_id
        case {"chat": {"id": chat_id}} if kind in _OF_MEMBERS:
            return kind, chat_id
        case {"id": poll_id} if kind == "poll":
            return "poll", poll_id
        case {"poll_id": poll_id} if kind == "poll_answer":
            return "poll", poll_id
    return kind, None


@dataclass(frozen=True, slots=True)
class Queued:
    """One update, frozen as JSON at the moment it happened."""

    id: int
    kind: str
    expires_at: float
    body: str
    lane: Lane


class UpdateQueue:
    """Updates in order of their ids; a bot fetches them and confirms them by an offset."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.arrival = asyncio.Event()
        # How often the queue was polled: who finds it raised has been displaced by a younger poll.
        self.poll_number = 0
        # Who brings updates to a webhook hears of every new one.
        self.courier: Callable[[Queued], None] | None = None
        self._waiting: OrderedDict[int, Queued] = OrderedDict()
        # No waiting update expires earlier than this.
        self._next_expiry = math.inf

    def wants(self, kind: str) -> bool:
        """Whether an update of this kind is queued at all (see `allowed_updates`)."""
        return kind not in ON_REQUEST if self.allowed is None else kind in self.allowed

    def allow(self, kinds: list[str]) -> None:
        """Remember `allowed_updates`: an empty list, or one without any known name, means the default."""
        known = frozenset(kinds).intersection(UPDATE_KINDS)
        self.allowed = known or None

    def add(self, kind: str, content: Json, now: float) -> int:
        """Append an update, frozen as it is now; returns its id."""
        update_id = self.next_id
        self.next_id += 1
        body = to_json({"update_id": update_id, **content})
        lifetime = LIFETIME_SECONDS.get(kind, DAY_SECONDS)
        update = Queued(update_id, kind, now + lifetime, body, lane_of(kind, content))
        self._waiting[update_id] = update
        self._next_expiry = min(self._next_expiry, update.expires_at)
        self.arrival.set()
        if self.courier is not None:
            self.courier(update)
        return update_id

    def confirm(self, offset: int, now: float) -> None:
        """Forget what `offset` says has been received: below it, or all but the last -offset of them."""
        if offset < 0:
            self._drop_expired(now)
        waiting = self._waiting
        if offset < 0:
            while len(waiting) > -offset:
                waiting.popitem(last=False)
        elif offset <= self.next_id + MAX_OFFSET_AHEAD:
            while waiting and next(iter(waiting)) < offset:
                waiting.popitem(last=False)

    def remove(self, update_id: int) -> None:
        """Forget an update that a webhook has taken."""
        self._waiting.pop(update_id, None)

    def holds(self, update_id: int, now: float) -> bool:
        """Whether the update still waits to be confirmed."""
        update = self._waiting.get(update_id)
        return update is not None and update.expires_at > now

    def unconfirmed(self) -> list[Queued]:
        return list(self._waiting.values())

    def fetch(self, limit: int, now: float) -> list[str]:
        """The oldest unconfirmed updates that have not expired, as JSON texts; nothing is forgotten."""
        self._drop_expired(now)
        found: list[str] = []
        for update in self._waiting.values():
            found.append(update.body)
            if len(found) == limit:
                break
        return found

    def pending(self, now: float) -> int:
        self._drop_expired(now)
        return len(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()

    def _drop_expired(self, now: float) -> None:
        if now < self._next_expiry:
            return
        self._waiting = OrderedDict(
            (key, each) for key, each in self._waiting.items() if each.expires_at > now
        )
        self._next_expiry = min((each.expires_at for each in self._waiting.values()), default=math.inf)
