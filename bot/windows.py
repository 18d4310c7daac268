"""Sliding windows as the server sees them: how many messages it has counted lately, at worst.

The server counts a request somewhere between its leaving and its answer. So a place is taken when the request leaves
and becomes free one window after the answer: whatever the network does, no window of the server ever holds more.

Times are seconds of one clock that never goes back; where it begins does not matter.
"""

import math
from dataclasses import dataclass

# Two machines' seconds differ by up to 500 millionths (what NTP corrects at once); twice that is waited.
CLOCK_DRIFT = 1.001
# So much of what was missed by waking late is made up for; more would be the burst that pacing is there to avoid.
CATCH_UP_S = 0.1
GROUP_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many messages Telegram takes (Bot FAQ, "My bot is hitting limits"); `bot/settings.py` explains each."""

    per_second: int = 30
    private_per_second: int = 1
    reply_burst: int = 3
    group_per_minute: int = 20
    paid_per_second: int = 0
    edits_overall: bool = False


class Window:
    """At most `limit` messages within any `seconds`."""

    __slots__ = ("_counted", "_freed", "_limit", "_seconds", "_under_way")

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds * CLOCK_DRIFT
        self._under_way = 0
        # What was answered: when its place becomes free, and how many messages it was. A list, because there is a
        # window for every chat and an empty deque is ten times as large.
        self._freed: list[tuple[float, int]] = []
        self._counted = 0

    def open_at(self, number: int, now: float) -> float:
        """When there is room for `number` more: at most `now` if there is, infinity while only answers can tell.

        More than the limit at once, as an album can be, have room when nothing else is in the window.
        """
        self._expire(now)
        missing = self._under_way + self._counted + min(number, self._limit) - self._limit
        if missing <= 0:
            return now
        for freed_at, count in self._freed:
            missing -= count
            if missing <= 0:
                return freed_at
        return math.inf

    def expected_at(self, ahead: int, number: int, now: float) -> float:
        """The same if `ahead` others go first, and everything is answered at once."""
        self._expire(now)
        missing = self._under_way + self._counted + ahead + min(number, self._limit) - self._limit
        if missing <= 0:
            return now
        for freed_at, count in self._freed:
            missing -= count
            if missing <= 0:
                return freed_at
        rounds = math.ceil(max(1, missing - self._under_way) / self._limit)
        return now + self._seconds * rounds

    def take(self, number: int) -> None:
        """These leave."""
        self._under_way += number

    def answered(self, number: int, now: float) -> float:
        """These were answered, or given up; gives when their places become free."""
        self._under_way -= number
        freed_at = now + self._seconds
        self._freed.append((freed_at, number))
        self._counted += number
        return freed_at

    def give_back(self, number: int) -> None:
        """These never left."""
        self._under_way -= number

    def is_empty(self, now: float) -> bool:
        """Whether it could be forgotten."""
        self._expire(now)
        return self._under_way == 0 and not self._freed

    @property
    def under_way(self) -> int:
        """How many have left and are not answered."""
        return self._under_way

    def _expire(self, now: float) -> None:
        over = 0
        for freed_at, count in self._freed:
            if freed_at > now:
                break
            self._counted -= count
            over += 1
        if over:
            del self._freed[:over]


class Pace:
    """Even steps: no more than `per_second`, and not all of them in the second's first moment."""

    __slots__ = ("_catch_up_s", "_due", "_step")

    def __init__(self, per_second: int, catch_up_s: float = CATCH_UP_S) -> None:
        self._step = 1 / per_second
        self._catch_up_s = catch_up_s
        self._due = -math.inf

    @property
    def due_at(self) -> float:
        """When the next one may go."""
        return self._due

    def begin(self, now: float) -> None:
        """Somebody wants to go after a time in which nobody did: what was not used then is lost."""
        self._due = max(self._due, now)

    def step(self, number: int, now: float) -> None:
        """So many go now."""
        self._due = max(self._due, now - self._catch_up_s) + number * self._step


class Chat:
    """What one chat has been sent lately, and until when Telegram wants it left alone."""

    __slots__ = (
        "_quiet_at",
        "_spacing",
        "halted_until",
        "id",
        "replies_waiting",
        "requests",
        "waiting",
        "window",
    )

    def __init__(self, chat_id: int | str, limits: Limits) -> None:
        self.id = chat_id
        if isinstance(chat_id, int) and chat_id > 0:
            self.window = Window(limits.reply_burst, limits.reply_burst / limits.private_per_second)
            self._spacing = CLOCK_DRIFT / limits.private_per_second
        else:
            self.window = Window(limits.group_per_minute, GROUP_SECONDS)
            self._spacing = 0.0
        self._quiet_at = -math.inf
        self.halted_until = -math.inf
        self.waiting = 0  # messages of all lanes
        self.replies_waiting = 0  # those of them that go first
        self.requests = 0  # that wait or are under way

    def open_at(self, number: int, *, in_burst: bool, now: float) -> float:
        """When `number` messages may go to this chat; without `in_burst` there is a step between any two."""
        at = max(now, self.halted_until)
        if number:
            at = max(at, self.window.open_at(number, now))
            if not in_burst and self._spacing:
                at = max(at, math.inf if self.window.under_way else self._quiet_at)
        return at

    def expected_at(self, number: int, *, in_burst: bool, now: float) -> float:
        """When they may go, as far as can be foreseen, behind those that wait."""
        at = max(now, self.halted_until)
        ahead = self.replies_waiting if in_burst else self.waiting
        return max(at, self.window.expected_at(ahead, number, now)) if number else at

    def answered(self, number: int, now: float) -> float:
        """As of a window."""
        self._quiet_at = now + self._spacing
        return self.window.answered(number, now)

    def is_idle(self, now: float) -> bool:
        """Whether it could be forgotten."""
        return not self.requests and self.halted_until <= now and self.window.is_empty(now)
