"""A bot's webhook: where its updates go, and how that went."""

import re
from collections import deque
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.refusal import bad_request

Json = dict[str, Any]
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
MAX_SECRET = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
KEPT_DELIVERIES = 200_000


@dataclass(eq=False, slots=True, kw_only=True)
class Webhook:
    """What setWebhook was told, and what getWebhookInfo says of it."""

    url: str
    secret: str = ""
    max_connections: int = DEFAULT_CONNECTIONS
    last_error_at: float | None = None
    last_error: str | None = None

    def goes_as(self, other: "Webhook | None") -> bool:
        """Whether deliveries of the other may go on as they are."""
        return other is not None and (self.url, self.secret, self.max_connections) == (
            other.url,
            other.secret,
            other.max_connections,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Real seconds, for who receives lives in real time whatever the simulated clock says.

    As the real server does: the first repetition of an update comes at once, the second after `first`, each
    further one after twice the wait, at most `longest`. `timeout` is how long an answer is waited for.
    """

    first: float = 2.0
    longest: float = 60.0
    timeout: float = 60.0

    def after(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        # Doubled often enough, the wait is the longest anyway.
        return min(self.longest, self.first * 2 ** min(failures - 2, 60)) if failures > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver one update."""

    id: int
    bot_id: int
    update_id: int
    attempt: int
    at: float
    status: int | None
    error: str | None

    def view(self) -> Json:
        return {
            "id": self.id,
            "bot_id": self.bot_id,
            "update_id": self.update_id,
            "attempt": self.attempt,
            "at": self.at,
            "status": self.status,
            "error": self.error,
            "confirmed": self.error is None,
        }


@dataclass
class DeliveryLog:
    """The kept attempts, in the order in which they ended."""

    last: int = 0
    _kept: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT_DELIVERIES))

    def add(
        self, bot_id: int, update_id: int, attempt: int, at: float, status: int | None, error: str | None
    ) -> None:
        self.last += 1
        self._kept.append(Delivery(self.last, bot_id, update_id, attempt, at, status, error))

    def after(self, number: int = 0) -> list[Delivery]:
        first = self.last - len(self._kept) + 1
        return list(islice(self._kept, max(0, number - first + 1), None))


def checked(url: str, secret: str, max_connections: int | None) -> Webhook:
    """A webhook as setWebhook asks for it; refused where it cannot be.

    The simulated world has no internet: only this computer can be reached, by http as well and on any port.
    """
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_url = parts.scheme in ("http", "https") and host and (parts.port is None or parts.port > 0)
    except ValueError:
        is_url = False
    if not is_url or not url.isprintable() or " " in url:
        raise bad_request("invalid webhook URL specified")
    if not _is_here(host):
        raise bad_request("bad webhook: Failed to resolve host: Name or service not known")
    connections = min(max(max_connections or DEFAULT_CONNECTIONS, 1), MAX_CONNECTIONS)
    return Webhook(url=url, secret=secret, max_connections=connections)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
