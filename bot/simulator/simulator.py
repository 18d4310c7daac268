"""The simulator: the world, its control interface, and the one way that every request of a bot takes."""

import inspect
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.simulator import parameters
from bot.simulator.api.all_methods import METHODS
from bot.simulator.api.registry import Call, RawJson
from bot.simulator.control import Control
from bot.simulator.files import Upload
from bot.simulator.people import Bot
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request, RequestLog
from bot.simulator.wire import to_json
from bot.simulator.world import Clock, World, system_clock

Json = dict[str, Any]
T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire: an HTTP status and a JSON text."""

    status: int
    body: str


class Hook(Protocol):
    """Somebody who may refuse, delay or watch requests: rates, faults and the like.

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
        self.control = Control(self.world, self.requests)
        self.hooks: list[Hook] = []

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0, what: str | None = None) -> T:  # noqa: ASYNC109 - the wait itself, and its error says what was awaited
        """Wait until `predicate` gives something true; looked at again after every change. Returns what it gave.

        `timeout` is in seconds of the wall clock. Raises TimeoutError that names what was awaited.
        """
        return await self.world.events.wait_for(predicate, timeout, what)

    async def handle(
        self, token: str, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> Answer:
        """Admit a request, let it have its effect, answer it."""
        bot = self.world.bots_by_token.get(token)
        if bot is None:
            return _refusal(Refused(401, "Unauthorized"))
        request = self.requests.add(bot, method, raw, files, self.world.now())
        self.world.events.touch()
        try:
            self.world.settle()
            for hook in self.hooks:
                await hook.before(request)
            answer = _success(await self._effect(bot, method, raw, files, request))
            for hook in self.hooks:
                await hook.after(request, answer)
            request.finish(None)
        except Refused as refused:
            request.finish(refused)
            answer = _refusal(refused)
        except Exception:
            # A fault of the simulator itself; answered as a server that broke would.
            _log.exception("method failed method=%s request=%s", method, request.id)
            fault = Refused(500, "Internal Server Error")
            request.finish(fault)
            answer = _refusal(fault)
        self.world.events.touch()
        return answer

    async def _effect(
        self, bot: Bot, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload], request: Request
    ) -> Any:
        if not parameters.is_method(method):
            raise Refused(404, "Not Found")
        function = METHODS.get(method.lower())
        if function is None:
            raise Refused(501, f"Not Implemented: the simulator does not support {method} yet")
        params = parameters.read(method, raw, files=files)
        request.params = params
        result = function(Call(self.world, bot, method, params, dict(files)))
        return await result if inspect.isawaitable(result) else result


def _success(result: Any) -> Answer:
    text = result.text if isinstance(result, RawJson) else to_json(result)
    return Answer(200, f'{{"ok":true,"result":{text}}}')


def _refusal(refused: Refused) -> Answer:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return Answer(refused.code, to_json(body))
