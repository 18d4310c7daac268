"""A bot's end of a webhook, for the tests of both who sets it and who delivers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.simulator import Simulator

Json = dict[str, Any]


@dataclass
class Receiver:
    """A bot's end of a webhook: keeps what came, and answers what the test says."""

    url: str = ""
    came: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    answer: Callable[[Json], Awaitable[web.Response]] | None = None
    has_come: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.came.append(update)
        self.has_come.set()
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.answer(update) if self.answer else web.Response(status=200)
        finally:
            self.at_once -= 1

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.came]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        receiver.url = f"http://{host}:{port}/hook"
        yield receiver
    finally:
        await runner.cleanup()


async def all_delivered(simulator: Simulator) -> None:
    await simulator.wait_for(lambda: simulator.control.pending() == 0)
