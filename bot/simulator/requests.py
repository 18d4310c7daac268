"""What bots asked of the server, kept for whoever wants to look."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.simulator.files import Upload
from bot.simulator.people import Bot
from bot.simulator.refusal import Refused

Json = dict[str, Any]
# Enough for a mailing to everybody several times over.
KEPT_REQUESTS = 200_000


@dataclass(eq=False, slots=True)
class Request:
    """One call of a method; `ok` is None while it is under way."""

    id: int
    bot: Bot
    method: str
    params: Mapping[str, Any]
    files: Mapping[str, Upload]
    at: float
    ok: bool | None = None
    error: str | None = None

    def finish(self, refused: Refused | None) -> None:
        self.ok = refused is None
        self.error = refused.description if refused else None
        # What was in the files is kept by the messages; here it would only fill the memory.
        self.files = {name: Upload(file.name, file.mime_type, b"") for name, file in self.files.items()}

    def view(self) -> Json:
        view: Json = {
            "id": self.id,
            "bot_id": self.bot.id,
            "method": self.method,
            "params": dict(self.params),
            "ok": self.ok,
            "error": self.error,
            "at": self.at,
        }
        if self.files:
            view["files"] = {name: file.name for name, file in self.files.items()}
        return view


@dataclass
class RequestLog:
    """The kept requests, in the order in which they came."""

    last: int = 0
    _kept: deque[Request] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))

    def add(
        self, bot: Bot, method: str, params: Mapping[str, Any], files: Mapping[str, Upload], at: float
    ) -> Request:
        self.last += 1
        request = Request(self.last, bot, method, params, files, at)
        self._kept.append(request)
        return request

    def after(self, number: int = 0, method: str | None = None) -> list[Request]:
        first = self.last - len(self._kept) + 1
        wanted = method.lower() if method else None
        return [
            request
            for request in islice(self._kept, max(0, number - first + 1), None)
            if wanted is None or request.method.lower() == wanted
        ]
