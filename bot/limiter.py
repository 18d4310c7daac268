"""The limiter that python-telegram-bot asks before each request: it knows what counts as what, and keeps the time.

The rules are in `bot/lanes.py`. A request says its lane by `rate_limit_args`; a message without one goes with the
replies. What is in no lane and no message (getMe, menus, answers to presses and inline queries) goes at once.

A request that would have to wait too long is not sent: it ends as `RetryAfter`, as if Telegram had refused it, and so
do all that wait when the program stops, or when another process sends meanwhile: limits that two count separately are
exceeded. Nothing is repeated here.
"""

import asyncio
import math
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.lanes import Kind, Lanes, Ticket, TurnedAway
from bot.request import NotConnected
from bot.services.requests import Lane
from bot.windows import Limits

_UNCOUNTED = frozenset({"sendChatAction", "sendMessageDraft"})
_AT_STOP_S = 1.0

Result = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True)
class Load:
    """How busy the line is: requests that wait, those on their way, and for how many seconds nothing goes."""

    waiting: Mapping[Lane, int]
    under_way: int
    halted_for: float


def seconds_of(error: RetryAfter) -> float:
    """How long to wait; the library gives a duration or, unless PTB_TIMEDELTA is set, a whole or broken number."""
    wait: object = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(str(wait))


class Limiter(BaseRateLimiter[Lane]):
    """Keeps one bot within its limits. `now` gives seconds of a clock that never goes back; `may_send` says whether
    this process is the one that sends what counts."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], float] = time.monotonic,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self._limits = limits
        self._now = now
        self._may_send = may_send
        self._lanes = Lanes(limits)
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Turn away who waits."""
        for ticket in self._lanes.withdraw_all(self._now()):
            self._turn_away(ticket, _AT_STOP_S)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @property
    def load(self) -> Load:
        """How busy the line is now."""
        return Load(self._lanes.lengths, self._lanes.under_way, self._lanes.halted_for(self._now()))

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Result:
        """Send it when its turn comes. Raises what sending raises, and `RetryAfter` if the wait is too long."""
        kind = self._kind(endpoint, data)
        if kind is Kind.FREE and rate_limit_args is None:
            return await callback(*args, **kwargs)
        ticket = await self._turn(rate_limit_args or Lane.REPLY, kind, endpoint, data)
        if not self._may_send():
            self._lanes.give_back(ticket, self._now())
            self._go_on()
            raise RetryAfter(timedelta(0))
        try:
            result = await callback(*args, **kwargs)
        except NotConnected:
            self._lanes.give_back(ticket, self._now())
            self._go_on()
            raise
        except BaseException as error:
            if isinstance(error, RetryAfter):
                self._halt(ticket, error)
            self._finish(ticket)
            raise
        self._finish(ticket)
        return result

    def _kind(self, endpoint: str, data: Mapping[str, Any]) -> Kind:
        if endpoint in _UNCOUNTED or data.get("chat_id") is None:
            return Kind.FREE  # an edit of a message sent via inline mode names no chat
        if endpoint.startswith(("send", "copyMessage", "forwardMessage")):
            is_paid = self._limits.paid_per_second > 0 and bool(data.get("allow_paid_broadcast"))
            return Kind.PAID if is_paid else Kind.MESSAGE
        return Kind.EDIT if endpoint.startswith(("editMessage", "stopPoll")) else Kind.FREE

    async def _turn(self, lane: Lane, kind: Kind, endpoint: str, data: Mapping[str, Any]) -> Ticket:
        try:
            ticket = self._lanes.ask(lane, data.get("chat_id"), kind, _number(endpoint, data), self._now())
        except TurnedAway as turned_away:
            raise RetryAfter(timedelta(seconds=turned_away.seconds)) from None
        self._go_on()
        if ticket.is_released:
            return ticket
        turn = self._turns[ticket] = asyncio.get_running_loop().create_future()
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(ticket)
            raise
        finally:
            self._turns.pop(ticket, None)
        return ticket

    def _give_up(self, ticket: Ticket) -> None:
        """Whoever waited was cancelled, perhaps in the moment in which it was their turn."""
        if ticket.is_released:
            self._lanes.give_back(ticket, self._now())
        elif not ticket.is_gone:
            self._lanes.withdraw(ticket, self._now())
        self._go_on()

    def _finish(self, ticket: Ticket) -> None:
        self._lanes.answered(ticket, self._now())
        self._go_on()

    def _halt(self, ticket: Ticket, error: RetryAfter) -> None:
        for each, left in self._lanes.too_many(ticket, seconds_of(error), self._now()):
            self._turn_away(each, left)

    def _turn_away(self, ticket: Ticket, seconds: float) -> None:
        turn = self._turns.get(ticket)
        if turn is not None and not turn.done():
            turn.set_exception(RetryAfter(timedelta(seconds=seconds)))

    def _go_on(self) -> None:
        """Let go who may, and set the timer for the next."""
        now = self._now()
        for ticket in self._lanes.release(now):
            turn = self._turns.get(ticket)
            if turn is not None and not turn.done():
                turn.set_result(None)
        next_at = self._lanes.next_at
        if self._timer is not None:
            if self._timer_at <= next_at:
                return  # it looks again anyway
            self._timer.cancel()
            self._timer = None
        if next_at < math.inf:
            self._timer_at = next_at
            self._timer = asyncio.get_running_loop().call_later(max(0.0, next_at - now), self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        self._go_on()


def _number(endpoint: str, data: Mapping[str, Any]) -> int:
    """As how many messages Telegram counts it."""
    if endpoint == "sendMediaGroup":
        return len(data["media"])
    if endpoint in ("copyMessages", "forwardMessages"):
        return len(data["message_ids"])
    return 1
