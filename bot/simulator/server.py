"""HTTP around the simulator: the Bot API, files, the control interface, its events and the demo page."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.simulator.controls.lookup import ControlError
from bot.simulator.delivery import Postman
from bot.simulator.faults import FILE
from bot.simulator.files import MAX_UPLOAD_BYTES, StoredFile, Upload
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer, Hangup, Simulator, refusal
from bot.simulator.wire import to_json

Json = dict[str, Any]
PAGE = Path(__file__).with_name("page")
# Room for the other fields of a form around the largest file.
MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
# A comment now and then lets a watcher that went away be noticed.
KEEP_ALIVE_SECONDS = 15
# Turns of the loop until a connection that was accepted is known to the server.
ACCEPTING_STEPS = 3
_PAGE_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_JSON = {"Content-Type": "application/json"}
# Linger on, for 0 seconds: closing the socket throws away what is unsent and resets the connection.
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Server:
    """A running server; `url` is its root, without a slash at the end."""

    url: str
    simulator: Simulator


@asynccontextmanager
async def serve(simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """Serve the simulator on `host` and `port` (0: any free one) until the block is left."""
    routes = _Routes(simulator)
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", routes.bot_api)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", routes.file)
    app.router.add_get("/control/events", routes.events)
    app.router.add_post("/control/{verb}", routes.control)
    app.router.add_get("/", routes.page)
    app.router.add_get("/{name:[^/]+}", routes.page)
    app.router.add_route("*", "/{nowhere:.*}", routes.nowhere)
    app.on_shutdown.append(routes.end_waiting)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    with socket.create_server((host, port), backlog=128) as listening:
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            bound_host, bound_port = runner.addresses[0][:2]
            async with Postman(simulator):
                yield Server(f"http://{bound_host}:{bound_port}", simulator)
        finally:
            await _accept_no_more(listening)
            await runner.cleanup()


async def _accept_no_more(listening: socket.socket) -> None:
    # asyncio drops a connection that it is accepting while the server closes, without closing it (CPython 3.11).
    asyncio.get_running_loop().remove_reader(listening)
    for _ in range(ACCEPTING_STEPS):
        await asyncio.sleep(0)


class _Routes:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._running: set[asyncio.Task[Any]] = set()
        self._is_ending = asyncio.Event()

    async def bot_api(self, request: web.Request) -> web.Response:
        try:
            raw, files = await _arguments(request)
        except web.HTTPRequestEntityTooLarge:
            return _response(_failure(413, "Request Entity Too Large"))
        except (ValueError, RecursionError):
            return _response(_failure(400, "Bad Request: can't parse the request body"))
        token, method = request.match_info["token"], request.match_info["method"]
        noted = self._simulator.note(token, method, raw, files)
        if noted is None:
            return _response(refusal(Refused(401, "Unauthorized")))
        answering = asyncio.ensure_future(self._simulator.answer(noted))
        self._running.add(answering)
        answering.add_done_callback(self._running.discard)
        if method.lower() == "getupdates":
            # A poll whose client hung up ends with it.
            return await self._end(request, noted, answering)
        try:
            # Anything else has its effect, whether or not somebody still waits for the answer.
            await asyncio.shield(answering)
        except asyncio.CancelledError:
            answering.add_done_callback(lambda _: self._simulator.close(noted, is_answered=False))
            raise
        return await self._end(request, noted, answering)

    async def file(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        noted = self._simulator.note(request.match_info["token"], FILE, {"path": path}, {})
        if noted is None:
            return _response(refusal(Refused(401, "Unauthorized")))
        return await self._end(request, noted, self._simulator.download(noted, path))

    async def control(self, request: web.Request) -> web.Response:
        # Only JSON: a page of another site in the same browser cannot send that without being asked first.
        if request.content_type != "application/json":
            return _control_response(400, error="Send a JSON object, with the content type application/json.")
        try:
            arguments = json.loads(await request.read() or "{}")
            to_json(arguments).encode()  # half a surrogate pair is JSON, but no text
        except (ValueError, RecursionError):
            return _control_response(400, error="The body is not valid JSON.")
        if not isinstance(arguments, dict):
            return _control_response(400, error="The body must be a JSON object.")
        try:
            result = self._simulator.control.run(request.match_info["verb"], arguments)
        except ControlError as error:
            return _control_response(400, error=str(error))
        return _control_response(200, result=result)

    async def events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        log = self._simulator.world.events
        after = request.query.get("after") or request.headers.get("Last-Event-ID") or ""
        # Decided before the watcher hears of the connection: what it reads then is older than what it is told.
        seen = int(after) if after.isdigit() else log.last
        await response.prepare(request)
        feed = log.follow(seen)
        while True:
            coming = asyncio.ensure_future(anext(feed))
            self._running.add(coming)
            coming.add_done_callback(self._running.discard)
            try:
                while not (await asyncio.wait({coming}, timeout=KEEP_ALIVE_SECONDS))[0]:
                    await response.write(b":\n\n")
                if coming.cancelled():
                    return response
                for event in coming.result():
                    await response.write(f"id: {event['n']}\ndata: {to_json(event)}\n\n".encode())
            finally:
                coming.cancel()

    async def _end(
        self, request: web.Request, noted: Request, coming: Awaitable[Answer | Hangup | StoredFile]
    ) -> web.Response:
        """Send the answer, if there is one, and record whether it went out."""
        is_answered = False
        try:
            match await coming:
                case Hangup(seconds):
                    await self._hold(seconds)
                    _reset(request)
                    # Nobody gets this; aiohttp finds the connection closed.
                    return web.Response()
                case StoredFile() as stored:
                    response = web.Response(body=stored.content, content_type="application/octet-stream")
                case answer:
                    response = _response(answer)
            try:
                await response.prepare(request)
                await response.write_eof()
                is_answered = True
            except ConnectionError:
                pass
            return response
        finally:
            self._simulator.close(noted, is_answered=is_answered)

    async def _hold(self, seconds: float) -> None:
        """Wait, but not longer than the server runs."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_ending.wait()

    async def nowhere(self, _request: web.Request) -> web.Response:
        return _response(_failure(404, "Not Found"))

    async def page(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        path = PAGE / name
        # A name without a slash cannot leave the folder; only what is of the page is served.
        content_type = _PAGE_TYPES.get(path.suffix)
        if content_type is None or name.startswith(".") or not path.is_file():
            return _response(_failure(404, "Not Found"))
        body = await asyncio.to_thread(path.read_bytes)
        return web.Response(body=body, content_type=content_type, headers={"Cache-Control": "no-store"})

    async def end_waiting(self, _app: web.Application) -> None:
        """Long polls, event streams and silence would hold the server open for as long as they like."""
        self._is_ending.set()
        for task in list(self._running):
            task.cancel()


async def _arguments(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files: from the query string, then from the body, whose values win."""
    raw: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if not request.can_read_body:
        return raw, files
    if request.content_type == "application/json":
        body = json.loads(await request.read() or "{}")
        if not isinstance(body, dict):
            raise ValueError("not an object")
        raw |= body
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.content_type, value.file.read())
            elif isinstance(value, (bytes, bytearray)):
                raw[name] = value.decode()
            else:
                raw[name] = value
    return raw, files


def _failure(code: int, description: str) -> Answer:
    return Answer(code, to_json({"ok": False, "error_code": code, "description": description}))


def _response(answer: Answer) -> web.Response:
    headers = {"Content-Type": answer.content_type}
    return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)


def _reset(request: web.Request) -> None:
    """End a connection as a broken network does: at once, not in good order, and without a byte."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()


def _control_response(status: int, *, result: Any = None, error: str | None = None) -> web.Response:
    body: Json = {"ok": True, "result": result} if error is None else {"ok": False, "error": error}
    return web.Response(status=status, body=to_json(body).encode(), headers=_JSON)
