"""Long polling: what Telegram gives out is stored before the next request confirms it.

python-telegram-bot fetches updates through a request object, and `StoringRequest` is ours: a batch is committed before
the library sees it. Nothing more is fetched while too much is in hand; Telegram keeps it as well as we do.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from telegram.error import Conflict, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.request import AiohttpRequest

log = logging.getLogger(__name__)

DEFAULT: Any = BaseRequest.DEFAULT_NONE
# In seconds: a predecessor that was told to end may still be asking for updates so long.
CONFLICT_MAY_LAST_S = 60.0

Store = Callable[[list[dict[str, Any]]], Awaitable[None]]


class StoringRequest(AiohttpRequest):
    """Fetches updates; gives them out only once they are stored."""

    def __init__(self, store: Store, room: Callable[[], Awaitable[None]], got: Callable[[], None]) -> None:
        super().__init__(connection_pool_size=1)
        self._store = store
        self._room = room
        self._got = got

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT,
        write_timeout: Any = DEFAULT,
        connect_timeout: Any = DEFAULT,
        pool_timeout: Any = DEFAULT,
    ) -> tuple[int, bytes]:
        """As the library does it. Raises `NetworkError` when storing fails: the same updates are asked for again."""
        await self._room()
        code, payload = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if code == HTTPStatus.OK:
            updates = self.parse_json_payload(payload)["result"]
            self._got()
            if updates:
                try:
                    await self._store(updates)
                except Exception as error:
                    log.warning("updates not stored count=%d kind=%s", len(updates), type(error).__name__)
                    raise NetworkError("updates not stored") from error
        return code, payload


class Contest:
    """Another process fetches the same bot's updates (409): said once, and given up after a minute of nothing else.

    Two that fetch by turns are one contest, which is over when nobody has disturbed us for that minute. The library
    waits longer and longer between its tries by itself. `on_first` tells the owner, `on_lost` ends the program.
    """

    def __init__(
        self,
        on_first: Callable[[], None],
        on_lost: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
        may_last_s: float = CONFLICT_MAY_LAST_S,
    ) -> None:
        self._on_first = on_first
        self._on_lost = on_lost
        self._now = now
        self._may_last_s = may_last_s
        self._since: float | None = None  # the first conflict after which nothing else came
        self._last: float | None = None

    def won(self) -> None:
        """Updates were given out: to us."""
        self._since = None

    def note(self, error: TelegramError) -> None:
        """A request for updates failed; the library goes on by itself."""
        if not isinstance(error, Conflict):
            log.warning("updates not fetched kind=%s", type(error).__name__)
            return
        now, last, self._last = self._now(), self._last, self._now()
        if self._since is None:
            self._since = now
            if last is None or now - last >= self._may_last_s:
                log.error("another process fetches the updates of this bot: only one may, by long polling")
                self._on_first()
        elif now - self._since >= self._may_last_s:
            log.error("another process still fetches the updates of this bot: this one ends")
            self._on_lost()
