"""Requests to the Bot API by aiohttp's client (docs/decisions/0009-http-client.md).

What went wrong is told apart by what may have become of the request: `NotConnected` means that nothing left;
`TimedOut` and every other `NetworkError`, that it may have arrived. No message of an error holds an address, since the
token is part of it, and no error keeps the library's own behind it.
"""

import asyncio
import functools
import io
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot import json_text

DEFAULT: Any = BaseRequest.DEFAULT_NONE
# More is written piece by piece, so that a connection that takes nothing any more is noticed.
CHUNK_BYTES = 64 * 1024

Timeout = Any  # seconds, None for no end, or DEFAULT: the library's own type for it is private


class NotConnected(NetworkError):
    """No connection could be made, so that nothing was sent."""


class AiohttpRequest(BaseRequest):
    """Connections to one server. Timeouts are in seconds; each can be set anew for a single request."""

    def __init__(
        self,
        connection_pool_size: int = 256,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
    ) -> None:
        self._pool_size = connection_pool_size
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_write_timeout = media_write_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte of the answer after which a request is given up."""
        return self._read_timeout

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library does it, in a fifth of the time. Raises `TelegramError`; what came stands in no log."""
        try:
            found: dict[str, Any] = json_text.read(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None
        return found

    async def initialize(self) -> None:
        """Open the session; does nothing if it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._pool_size),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Timeout = DEFAULT,
        write_timeout: Timeout = DEFAULT,
        connect_timeout: Timeout = DEFAULT,
        pool_timeout: Timeout = DEFAULT,
    ) -> tuple[int, bytes]:
        """As the library wants it: status and body. Raises `NotConnected`, `TimedOut` or `NetworkError`."""
        session = self._session
        if session is None:
            raise NotConnected("the session is not open")
        has_files = request_data is not None and request_data.contains_files
        connect = _chosen(connect_timeout, self._connect_timeout)
        pool = _chosen(pool_timeout, self._pool_timeout)
        timeout = aiohttp.ClientTimeout(
            total=None,
            # To the library a free place in the pool is a part of connecting.
            connect=connect + pool if connect is not None and pool is not None else None,
            sock_connect=connect,
            sock_read=_chosen(read_timeout, self._read_timeout),
        )
        write = _chosen(write_timeout, self._media_write_timeout if has_files else self._write_timeout)
        try:
            payload, headers = await _body(request_data, has_files)
            async with asyncio.timeout(None) as writing:
                body = payload if len(payload) <= CHUNK_BYTES else _piecewise(payload, write, writing)
                async with session.request(
                    method,
                    _address(url),
                    data=body or None,
                    headers=headers,
                    timeout=timeout,
                    allow_redirects=False,
                ) as response:
                    return response.status, await response.read()
        except (aiohttp.ClientError, OSError) as error:
            failure = _failure(error)
        # Outside of the handler: the cause, which may hold the address, is not to travel along.
        raise failure


def _chosen(given: Timeout, default: float | None) -> float | None:
    return default if given is DEFAULT else given


@functools.lru_cache(maxsize=256)
def _address(url: str) -> URL:
    return URL(url, encoded=True)


async def _body(request_data: RequestData | None, has_files: bool) -> tuple[bytes, dict[str, str]]:
    """What is sent, and the headers that describe it."""
    if request_data is None:
        return b"", {}
    if not has_files:
        payload, content_type = request_data.json_payload, "application/json"
    else:
        # Names of files are sent as they are: percent signs would become part of them.
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for name, value in request_data.json_parameters.items():
            form.add_field(name, value)
        for name, (file_name, content, mime_type) in request_data.multipart_data.items():
            file = io.BytesIO(content) if isinstance(content, bytes) else content
            form.add_field(name, file, filename=file_name, content_type=mime_type)
        multipart = form()
        payload, content_type = await multipart.as_bytes(), multipart.content_type
    return payload, {"Content-Type": content_type, "Content-Length": str(len(payload))}


def _failure(error: Exception) -> TelegramError:
    name = type(error).__name__
    match error:
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError() | aiohttp.InvalidURL():
            return NotConnected(f"no connection: {name}")
        case TimeoutError():
            return TimedOut(f"timed out: {name}")
        case _:
            return NetworkError(f"connection lost: {name}")


async def _piecewise(payload: bytes, write: float | None, writing: asyncio.Timeout) -> AsyncIterator[bytes]:
    """The body in pieces, each of which has to be taken within `write` seconds."""
    loop = asyncio.get_running_loop()
    # An answer that comes early ends the request, and with it the timeout, before the body.
    with suppress(RuntimeError):
        for begin in range(0, len(payload), CHUNK_BYTES):
            writing.reschedule(loop.time() + write if write is not None else None)
            yield payload[begin : begin + CHUNK_BYTES]
        writing.reschedule(None)
