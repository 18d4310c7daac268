"""Telegram delivers updates to us: each is stored before it is confirmed with 200, then handed to the library.

The server is ours since the library's own confirms before anything is stored; that this is possible is documented
(its example of a custom webhook). A wrong secret and a body that is too large are refused and leave nothing in the log.
What comes while a batch is being committed makes up the next batch.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot import json_text
from bot.gathering import Gathering

log = logging.getLogger(__name__)

PATH = "/telegram"
HEALTH = "/health"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header, not a secret
LARGEST_BODY = 1024 * 1024  # bytes; an update is a few kilobytes
END_WITHIN_S = 1.0  # who still waits for room when we stop is hung up on, and Telegram repeats it

Update = dict[str, Any]


class Webhook:
    """A small server with two paths: Telegram's, and one that says that we live."""

    def __init__(
        self,
        secret: str,
        store: Callable[[list[Update]], Awaitable[None]],
        dispatch: Callable[[Update], Awaitable[None]],
        room: Callable[[], Awaitable[None]],
    ) -> None:
        self._secret = secret.encode()
        self._stored = Gathering(store)
        self._dispatch = dispatch
        self._room = room
        self._runner: web.AppRunner | None = None
        self._is_stopping = False

    async def start(self, host: str, port: int) -> int:
        """Begin to listen; gives the port (0 picks a free one)."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post(PATH, self._receive)
        app.router.add_get(HEALTH, self._health)
        # No access log: it would say who wrote when.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=END_WITHIN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        addresses = self._runner.addresses
        return int(addresses[0][1])

    async def stop(self) -> None:
        """Refuse what comes from now on; Telegram repeats it to whoever listens then."""
        self._is_stopping = True
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        # A header that is no text holds stand-ins for its bytes.
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        try:
            update = json_text.read(await request.read())
            is_update = isinstance(update, dict) and isinstance(update.get("update_id"), int)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        except ValueError:
            is_update = False
        if not is_update:
            return web.Response(status=400)
        await self._room()
        if self._is_stopping:
            return web.Response(status=503)  # Telegram delivers it again
        try:
            await self._stored.add(update)
        except Exception as error:
            log.warning("update not stored kind=%s", type(error).__name__)
            return web.Response(status=503)
        await self._dispatch(update)
        return web.Response()

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")
