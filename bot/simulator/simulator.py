"""The simulator: the world, its control interface, and the one way that every request of a bot takes."""

import asyncio
import inspect
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.simulator import parameters
from bot.simulator.api.all_methods import METHODS
from bot.simulator.api.registry import Call, RawJson
from bot.simulator.control import Control
from bot.simulator.faults import Fate, Fault, Faults, is_message
from bot.simulator.files import StoredFile, Upload
from bot.simulator.rates import too_many
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request, RequestLog
from bot.simulator.wire import to_json
from bot.simulator.world import Clock, World, system_clock

Json = dict[str, Any]
T = TypeVar("T")
_log = logging.getLogger(__name__)
_REASONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire: an HTTP status and a text, JSON unless it says otherwise."""

    status: int
    body: str
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Hangup:
    """There is no answer: the connection is held for so many real seconds and then reset."""

    seconds: float = 0.0


class Unanswered(Exception):
    """A request made in Python got no answer; over HTTP its connection would have been reset."""


class Hook(Protocol):
    """Somebody who may refuse, delay or watch requests.

    Both may raise Refused. What `before` refuses has had no effect; what `after` refuses has had it, and only
    the answer is lost.
    """

    async def before(self, request: Request) -> None: ...

    async def after(self, request: Request, answer: Answer) -> None: ...


class Simulator:
    """Plays Telegram. `clock` says the time, `seed` makes every random number of it repeatable."""

    def __init__(self, clock: Clock = system_clock, seed: int | None = None) -> None:
        self.world = World(clock, random.Random(seed))
        self.requests = RequestLog()
        self.faults = Faults()
        self.control = Control(self.world, self.requests, self.faults)
        self.hooks: list[Hook] = []

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 30.0, what: str | None = None) -> T:  # noqa: ASYNC109 - the wait itself, and its error says what was awaited
        """Wait until `predicate` gives something true; looked at again after every change. Returns what it gave.

        `timeout` is in seconds of the wall clock. Raises TimeoutError that names what was awaited.
        """
        return await self.world.events.wait_for(predicate, timeout, what)

    async def handle(
        self, token: str, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Answer:
        """Admit a request, let it have its effect, answer it; raises Unanswered where a fault eats the answer."""
        request = self.note(token, method, raw, files)
        if request is None:
            return refusal(Refused(401, "Unauthorized"))
        ending: Answer | Hangup | None = None
        try:
            ending = await self.answer(request)
        finally:
            self.close(request, is_answered=isinstance(ending, Answer))
        if isinstance(ending, Hangup):
            raise Unanswered(request.fault)
        return ending

    # The same in steps, for whoever has a connection

    def note(
        self, token: str, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Request | None:
        """Record that a request came; None where nobody has this token."""
        bot = self.world.bots_by_token.get(token)
        if bot is None:
            return None
        request = self.requests.add(bot, method, raw, files, self.world.now())
        self.world.events.touch()
        return request

    async def answer(self, request: Request) -> Answer | Hangup:
        """What to answer to a noted request, which has its effect thereby."""
        ending = await self._disturbed(request, lambda: self._answer(request))
        self.world.events.touch()
        return ending

    async def download(self, request: Request, path: str) -> StoredFile | Answer | Hangup:
        """The file of that path, for a noted request of the method "file"."""

        async def find() -> StoredFile | Answer:
            stored = self.world.files.by_path(path)
            if stored is None:
                refused = Refused(404, "Not Found")
                request.finish(refused)
                return refusal(refused)
            request.finish(None)
            request.effect = True
            return stored

        return await self._disturbed(request, find)

    def close(self, request: Request, *, is_answered: bool) -> None:
        """Record how a request ended: whether its answer went out."""
        self.requests.close(request, is_answered=is_answered)
        self.world.events.touch()

    async def _disturbed(self, request: Request, work: Callable[[], Awaitable[T]]) -> T | Answer | Hangup:
        """Do the work of a request, with what the faults in force make of it."""
        fate = self._fate(request) if self.faults else None
        if fate is None:
            return await work()
        request.fault = fate.fault.value
        if fate.delay_before:
            await asyncio.sleep(fate.delay_before)
        if fate.is_before:
            return _struck(request, fate)
        result = await work()
        if fate.delay_after:
            await asyncio.sleep(fate.delay_after)
        return result if fate.fault in (Fault.DELAY, Fault.DELAY_AFTER) else _struck(request, fate)

    def _fate(self, request: Request) -> Fate | None:
        now = self.world.now()
        fate = self.faults.fate(request.bot.id, request.method, request.chat_id, now)
        method = request.method.lower()
        if fate is not None and fate.fault in (Fault.FLOOD_CHAT, Fault.FLOOD_BOT) and is_message(method):
            is_edit = method.startswith(("edit", "stop"))
            self.world.traffic.add(
                now, request.bot.id, request.chat_id or 0, is_refused=True, is_edit=is_edit
            )
        return fate

    async def _answer(self, request: Request) -> Answer:
        try:
            self.world.settle()
            for hook in self.hooks:
                await hook.before(request)
            answer = _success(await self._effect(request))
            for hook in self.hooks:
                await hook.after(request, answer)
            request.finish(None)
        except Refused as refused:
            request.finish(refused)
            answer = refusal(refused)
        except Exception:
            # A fault of the simulator itself; answered as a server that broke would.
            _log.exception("method failed method=%s request=%s", request.method, request.id)
            fault = Refused(500, "Internal Server Error")
            request.finish(fault)
            answer = refusal(fault)
        return answer

    async def _effect(self, request: Request) -> Any:
        method = request.method
        if not parameters.is_method(method):
            raise Refused(404, "Not Found")
        function = METHODS.get(method.lower())
        if function is None:
            raise Refused(501, f"Not Implemented: the simulator does not support {method} yet")
        params = parameters.read(method, request.params, files=request.files)
        request.params = params
        result = function(Call(self.world, request.bot, method, params, dict(request.files)))
        if inspect.isawaitable(result):
            result = await result
        request.effect = True
        return result


def _struck(request: Request, fate: Fate) -> Answer | Hangup:
    """What the bot gets to see of a request that a fault has hit; it has not been told anything but this."""
    request.ok = request.error = None
    match fate.fault:
        case Fault.FLOOD_CHAT | Fault.FLOOD_BOT:
            refused = too_many(fate.seconds)
            request.finish(refused)
            return refusal(refused)
        case Fault.ERROR_BEFORE | Fault.ERROR_AFTER:
            reason = _REASONS.get(fate.status, "Error")
            request.finish(Refused(fate.status, reason))
            title = f"{fate.status} {reason}"
            page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
            return Answer(fate.status, page, "text/html")
        case Fault.SILENCE_BEFORE | Fault.SILENCE_AFTER:
            return Hangup(fate.seconds)
        case _:
            return Hangup()


def _success(result: Any) -> Answer:
    text = result.text if isinstance(result, RawJson) else to_json(result)
    return Answer(200, f'{{"ok":true,"result":{text}}}')


def refusal(refused: Refused) -> Answer:
    """A refusal in the form of the Bot API."""
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return Answer(refused.code, to_json(body))
