"""What bots asked of the server and what really became of it, kept for whoever wants to look."""

from collections import Counter, deque
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
    """One call of a method, or one download of a file (the method "file").

    What the bot was told: `ok` and `error`; `ok` is None while it has been told nothing. What is true: `effect`, the
    method was carried out; `answered`, the answer went out to the network whole, None while the request is
    under way; `fault`, what was done to it on purpose.
    """

    id: int
    bot: Bot
    method: str
    params: Mapping[str, Any]
    files: Mapping[str, Upload]
    at: float
    ok: bool | None = None
    error: str | None = None
    effect: bool = False
    answered: bool | None = None
    fault: str | None = None

    @property
    def chat_id(self) -> int | None:
        """The chat that the request names, if it names one by number."""
        named = self.params.get("chat_id")
        if isinstance(named, int):
            return named
        try:
            return int(named) if isinstance(named, str) else None
        except ValueError:
            return None

    def finish(self, refused: Refused | None) -> None:
        self.ok = refused is None
        self.error = refused.description if refused else None

    def view(self) -> Json:
        view: Json = {
            "id": self.id,
            "bot_id": self.bot.id,
            "method": self.method,
            "params": dict(self.params),
            "ok": self.ok,
            "error": self.error,
            "at": self.at,
            "effect": self.effect,
            "answered": self.answered,
            "fault": self.fault,
        }
        if self.files:
            view["files"] = {name: file.name for name, file in self.files.items()}
        return view


@dataclass
class RequestLog:
    """The kept requests, in the order in which they came, and how many there were of each method."""

    last: int = 0
    _is_keeping: bool = True
    _kept: deque[Request] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))
    _counts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(
        self, bot: Bot, method: str, params: Mapping[str, Any], files: Mapping[str, Upload], at: float
    ) -> Request:
        self.last += 1
        request = Request(self.last, bot, method, params, files, at)
        if self._is_keeping:
            self._kept.append(request)
        self._count(request, "came")
        return request

    def close(self, request: Request, *, is_answered: bool) -> None:
        """The request is over; once."""
        if request.answered is not None:
            return
        request.answered = is_answered
        # What was in the files is kept by the messages; here it would only fill the memory.
        request.files = {name: Upload(file.name, file.mime_type, b"") for name, file in request.files.items()}
        if request.effect:
            self._count(request, "effect")
        if is_answered:
            self._count(request, "ok" if request.ok else "refused")
        else:
            self._count(request, "unanswered")
        if request.fault is not None:
            self._count(request, "faulty")

    def keep(self, is_keeping: bool) -> None:
        """Whether requests are kept from now on, or only counted; those kept so far are forgotten with it."""
        self._is_keeping = is_keeping
        if not is_keeping:
            self._kept.clear()

    def after(self, number: int = 0, method: str | None = None) -> list[Request]:
        first = self.last - len(self._kept) + 1
        wanted = method.lower() if method else None
        return [
            request
            for request in islice(self._kept, max(0, number - first + 1), None)
            if wanted is None or request.method.lower() == wanted
        ]

    def counts(self) -> dict[str, dict[str, int]]:
        """Method -> how many came, had their effect, were answered ok or refused or not at all, were disturbed."""
        return {method: dict(counted) for method, counted in sorted(self._counts.items())}

    def _count(self, request: Request, what: str) -> None:
        counted = self._counts.get(request.method)
        if counted is None:
            counted = self._counts[request.method] = Counter()
        counted[what] += 1
