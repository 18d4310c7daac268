"""How many messages Telegram takes from a bot, and how it refuses the rest.

What is documented: about 30 messages a second over all chats (up to 1,000 with paid broadcasts), no more than one
a second in one chat though short bursts may pass, 20 a minute in a group. What is not, and is assumed here:

- All limits are sliding windows: "30 a second" holds for any second, wherever it begins.
- "Short bursts": up to 3 messages within any 3 seconds of one private chat (`private_messages`, `private_seconds`).
- Only a request that would otherwise have its effect is counted: one that is refused for its parameters, or
  because the person blocked the bot, never reaches the counter.
- An edit counts as a message does against its chat, and not against the 30 (`edits_overall` changes that). An edit of
  a message sent via inline mode names no chat and is not counted. Several messages copied or forwarded
  by one request count one by one, but are let through together once there is room for as many as the limit has.
- Deleting, reacting, pinning, chat actions, answers to presses and inline queries, and getUpdates are not counted.
- A paid message does not count against the 30, but with all others against the 1,000, and in its chat as usual.
- A refusal closes what was exceeded (the chat, the bot or both) until `retry_after`, whole seconds and at least
  one, has passed; who asks meanwhile is refused too.
- A refused request takes a place in what it exceeded as if it had been sent, but all refused ones together at most
  half of the places (`pressure`): a bot that does not wait gets half of what one that waits gets.
- The text of the refusal is the same for all of them.

Times are those of the simulator's clock.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass, field

from bot.simulator.refusal import Refused
from bot.simulator.traffic import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The limits; see the module for what each of them means."""

    per_second: int = 30
    paid_per_second: int = 1000
    private_messages: int = 3
    private_seconds: float = 3.0
    group_messages: int = 20
    group_seconds: float = 60.0
    edits_overall: bool = False
    pressure: float = 0.5


def too_many(seconds: float) -> Refused:
    """The one refusal there is for too many requests, whatever there were too many of."""
    retry_after = max(1, math.ceil(seconds))
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


@dataclass(eq=False, slots=True)
class _Window:
    limit: int
    seconds: float
    # How many places refused requests can take at most.
    refusable: int
    # Lists, because there is a window for every chat and an empty deque is ten times as large.
    sent: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    closed_until: float = 0.0

    def wait(self, number: int, now: float) -> float:
        """How long until `number` more are let through; 0 where they are now."""
        begin = now - self.seconds
        for times in (self.sent, self.refused):
            if times and times[0] <= begin:
                del times[: bisect_right(times, begin)]
        excess = len(self.sent) + len(self.refused) + min(number, self.limit) - self.limit
        closed = max(0.0, self.closed_until - now)
        if excess <= 0:
            return closed
        return max(closed, sorted([*self.sent, *self.refused])[excess - 1] - begin)

    def press(self, number: int, now: float) -> None:
        """Let refused requests take places; the oldest of them give theirs up to the youngest."""
        self.refused.extend([now] * min(number, self.refusable))
        del self.refused[: max(0, len(self.refused) - self.refusable)]


class Limiter:
    """Counts the messages of all bots, and refuses those that exceed the rates, if there are any."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._rates: Rates | None = None
        self._chats: dict[tuple[int, int], _Window] = {}
        # The messages of a bot over all its chats: without the paid ones, and with them.
        self._free: dict[int, _Window] = {}
        self._all: dict[int, _Window] = {}

    @property
    def rates(self) -> Rates | None:
        """None: everything passes."""
        return self._rates

    def limit(self, rates: Rates | None) -> None:
        """Other rates from now on; what was sent so far is forgotten."""
        self._rates = rates
        self._chats.clear()
        self._free.clear()
        self._all.clear()

    def admit(
        self,
        bot_id: int,
        chat_id: int,
        now: float,
        number: int = 1,
        *,
        is_edit: bool = False,
        is_paid: bool = False,
    ) -> None:
        """Count messages that are about to be sent; raises Refused where they are too many."""
        rates = self._rates
        if rates is not None:
            windows = self._windows(rates, bot_id, chat_id, is_edit=is_edit, is_paid=is_paid)
            exceeded = [window for window in windows if window.wait(number, now) > 0]
            if exceeded:
                self._traffic.add(
                    now, bot_id, chat_id, number, is_refused=True, is_edit=is_edit, is_paid=is_paid
                )
                raise _refusal(exceeded, number, now)
            for window in windows:
                window.sent.extend([now] * number)
        self._traffic.add(now, bot_id, chat_id, number, is_edit=is_edit, is_paid=is_paid)

    def _windows(
        self, rates: Rates, bot_id: int, chat_id: int, *, is_edit: bool, is_paid: bool
    ) -> list[_Window]:
        chat = self._chats.get((bot_id, chat_id))
        if chat is None:
            if chat_id < 0:
                chat = _window(rates, rates.group_messages, rates.group_seconds)
            else:
                chat = _window(rates, rates.private_messages, rates.private_seconds)
            self._chats[bot_id, chat_id] = chat
        if is_edit and not rates.edits_overall:
            return [chat]
        if bot_id not in self._all:
            self._all[bot_id] = _window(rates, max(rates.paid_per_second, rates.per_second), 1.0)
            self._free[bot_id] = _window(rates, rates.per_second, 1.0)
        windows = [chat, self._all[bot_id]]
        return windows if is_paid else [*windows, self._free[bot_id]]


def _refusal(exceeded: list[_Window], number: int, now: float) -> Refused:
    for window in exceeded:
        window.press(number, now)
    # Looked at again: who waits as told has waited for the place of the refused request as well.
    refused = too_many(max(window.wait(number, now) for window in exceeded))
    for window in exceeded:
        if window.closed_until <= now:
            window.closed_until = now + refused.parameters["retry_after"]
    return refused


def _window(rates: Rates, limit: int, seconds: float) -> _Window:
    return _Window(limit, seconds, int(limit * rates.pressure))
