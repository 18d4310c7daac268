"""The postman: brings updates to webhooks, as long as the simulator is served.

Updates of one lane (see `updates.lane_of`) go one after the other, those of different lanes side by side, over up to
`max_connections` connections at once. An update is confirmed by any answer of 2xx. Otherwise it is sent again, with
waits that grow, and holds up its lane but no other until it is confirmed, too old, or dropped. An update that was under
way when the webhook was removed or the server stopped is not confirmed, whatever the receiver did with it.

An answer of 2xx may carry a method call, as JSON or as a form, which is carried out like any request; nobody is told
how that went. As on the real server it cannot be one that begins with "get", nor one about webhooks.
"""

import asyncio
import json
import os
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)

from bot.simulator.faults import WEBHOOK, Fault
from bot.simulator.people import Bot
from bot.simulator.simulator import Simulator
from bot.simulator.updates import Lane, Queued
from bot.simulator.webhook import Webhook

Json = dict[str, Any]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
_RESET = "Connection reset by peer"
_NOT_BY_ANSWER = ("setwebhook", "deletewebhook", "close", "logout")
MAX_RETRY_AFTER = 3600


@dataclass(eq=False, slots=True)
class _Line:
    """The updates of one lane that are not confirmed yet, the first of them under way or waiting to be sent again."""

    updates: deque[Queued] = field(default_factory=deque)
    failures: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an attempt ended; it is confirmed where there is no error."""

    status: int | None
    error: str | None
    retry_after: int = 0


class Postman:
    """Delivers for every bot that has a webhook; an asynchronous context."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._rounds: dict[int, _Round] = {}
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(
            connector=TCPConnector(limit=0, force_close=False), cookie_jar=DummyCookieJar()
        )
        world = self._simulator.world
        world.on_webhook = self.changed
        for bot in world.bots.values():
            self.changed(bot)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._simulator.world.on_webhook = None
        rounds, self._rounds = list(self._rounds.values()), {}
        await asyncio.gather(*(each.stop() for each in rounds))
        if self._session is not None:
            await self._session.close()

    def changed(self, bot: Bot) -> None:
        """The bot has another webhook than before, or none any more."""
        before = self._rounds.pop(bot.id, None)
        if before is not None:
            before.end()
        if bot.webhook is not None and self._session is not None:
            self._rounds[bot.id] = _Round(self._simulator, self._session, bot, bot.webhook)


class _Round:
    """The deliveries to one webhook."""

    def __init__(self, simulator: Simulator, session: ClientSession, bot: Bot, webhook: Webhook) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self._session = session
        self._bot = bot
        self._webhook = webhook
        self._lines: dict[Lane, _Line] = {}
        self._ready: deque[Lane] = deque()
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._has_ended = False
        bot.updates.courier = self._take
        for update in bot.updates.unconfirmed():
            self._take(update)

    def end(self) -> None:
        """Deliver nothing more, and hang up where an answer is awaited."""
        self._has_ended = True
        self._bot.updates.courier = None
        for timer in self._timers:
            timer.cancel()
        for task in self._tasks:
            task.cancel()

    async def stop(self) -> None:
        self.end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, update: Queued) -> None:
        line = self._lines.setdefault(update.lane, _Line())
        line.updates.append(update)
        if len(line.updates) == 1:
            self._wake(update.lane)

    def _wake(self, lane: Lane) -> None:
        self._ready.append(lane)
        self._send()

    def _send(self) -> None:
        while self._ready and self._under_way < self._webhook.max_connections and not self._has_ended:
            self._under_way += 1
            self._spawn(self._deliver(self._ready.popleft()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, lane: Lane) -> None:
        """One attempt for the first update of a lane, and what follows from it."""
        line = self._lines[lane]
        queue = self._bot.updates
        wait: float | None = None
        try:
            while line.updates and not queue.holds(line.updates[0].id, self._world.now()):
                self._done(line)
            if line.updates:
                wait = await self._attempt(line)
        finally:
            self._under_way -= 1
        if wait is not None:
            self._wake_later(lane, wait)
        elif line.updates:
            self._ready.append(lane)
        else:
            del self._lines[lane]
        self._send()

    async def _attempt(self, line: _Line) -> float | None:
        """Send the first update of the line; returns how long to wait before it is sent again."""
        update, world = line.updates[0], self._world
        outcome = await self._post(update)
        line.failures += 1
        now = world.now()
        world.deliveries.add(self._bot.id, update.id, line.failures, now, outcome.status, outcome.error)
        if outcome.error is None:
            self._bot.updates.remove(update.id)
            self._done(line)
            world.events.touch()
            return None
        self._webhook.last_error, self._webhook.last_error_at = outcome.error, now
        wait = outcome.retry_after or world.webhook_waits.after(line.failures)
        world.events.touch()
        return wait

    def _done(self, line: _Line) -> None:
        line.updates.popleft()
        line.failures = 0

    def _wake_later(self, lane: Lane, seconds: float) -> None:
        def ring() -> None:
            self._timers.discard(timer)
            self._wake(lane)

        timer = asyncio.get_running_loop().call_later(seconds, ring)
        self._timers.add(timer)

    async def _post(self, update: Queued) -> _Outcome:
        fate = None
        if self._simulator.faults:
            fate = self._simulator.faults.fate(self._bot.id, WEBHOOK, None, self._world.now())
        if fate is not None:
            await asyncio.sleep(fate.delay_before)
            if fate.is_before:
                # Nothing arrives; of a connection that is silent the server learns only by its own patience.
                if fate.fault is Fault.SILENCE_BEFORE:
                    await asyncio.sleep(fate.seconds)
                return _Outcome(None, _RESET)
        outcome = await self._ask(update)
        if fate is not None:
            await asyncio.sleep(fate.delay_after)
            if fate.fault is Fault.SILENCE_AFTER:
                await asyncio.sleep(fate.seconds)
            if fate.fault in (Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.SILENCE_AFTER):
                # The bot has the update and said so, but nobody heard it.
                return _Outcome(None, _RESET)
        return outcome

    async def _ask(self, update: Queued) -> _Outcome:
        headers = {"Content-Type": "application/json"}
        if self._webhook.secret:
            headers[SECRET_HEADER] = self._webhook.secret
        timeout = self._world.webhook_waits.timeout
        try:
            async with self._session.post(
                self._webhook.url,
                data=update.body.encode(),
                headers=headers,
                allow_redirects=False,
                timeout=ClientTimeout(total=timeout),
            ) as response:
                body = await response.read()
        except (TimeoutError, ClientError, OSError) as error:
            return _Outcome(None, _in_words(error))
        if not 200 <= response.status <= 299:
            reason = f"Wrong response from the webhook: {response.status} {response.reason or ''}".strip()
            return _Outcome(response.status, reason, _retry_after(response))
        call = _call_in(response.content_type, body)
        if call is not None:
            self._spawn(self._carry_out(*call))
        return _Outcome(response.status, None)

    async def _carry_out(self, method: str, raw: Json) -> None:
        request = self._simulator.note(self._bot.token, method, raw, {})
        if request is not None:
            try:
                await self._simulator.answer(request)
            finally:
                self._simulator.close(request, is_answered=False)


def _retry_after(response: ClientResponse) -> int:
    given = response.headers.get("Retry-After", "")
    return min(int(given), MAX_RETRY_AFTER) if given.isascii() and given.isdigit() else 0


def _call_in(content_type: str, body: bytes) -> tuple[str, Json] | None:
    """The method call that an answer carries, and its parameters."""
    try:
        match content_type:
            case "application/json":
                raw = json.loads(body)
            case "application/x-www-form-urlencoded":
                raw = dict(parse_qsl(body.decode()))
            case _:
                return None
    except (ValueError, RecursionError):
        return None
    method = raw.pop("method", None) if isinstance(raw, dict) else None
    if not isinstance(method, str) or not method:
        return None
    if method.lower().startswith("get") or method.lower() in _NOT_BY_ANSWER:
        return None
    return method, raw


def _in_words(error: BaseException) -> str:
    """As getWebhookInfo names what went wrong with a connection."""
    match error:
        case ClientSSLError():
            return "SSL error {certificate verify failed}"
        case ConnectionTimeoutError():
            return "Connection timed out"
        case TimeoutError():
            return "Read timeout expired"
        case ClientConnectorError() if error.os_error.errno:
            return os.strerror(error.os_error.errno)
        case OSError() if error.errno:
            return os.strerror(error.errno)
        case ClientConnectionError():
            return "Webhook connection closed"
        case _:
            return "Wrong response from the webhook"
