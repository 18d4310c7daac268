"""What stands before the processes that serve one bot by webhook: it hands each delivery to the next of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.webhook import PATH, SECRET_HEADER

SECRET = "a-secret-of-the-webhook"  # the simulator's


@dataclass(frozen=True)
class Delivered:
    """One attempt: which update, to which process, and what that said (0 if it said nothing)."""

    update_id: int
    target: int
    status: int


@dataclass
class Front:
    """A load balancer of two dozen lines. `targets` are addresses of webhooks; without any it says 502.

    Whoever does not answer within `patience_s` seconds is given up for this delivery.
    """

    url: str = ""
    patience_s: float = 30.0
    targets: dict[int, str] = field(default_factory=dict)
    delivered: list[Delivered] = field(default_factory=list)
    on_answer: Callable[[int, int], Awaitable[None]] | None = (
        None  # update and status, before Telegram hears of it
    )

    def add(self, port: int) -> int:
        """Deliver to the process that listens on this port, too; gives its number."""
        number = len(self.targets) + 1
        self.targets[number] = f"http://127.0.0.1:{port}{PATH}"
        return number

    def taken_by(self, target: int) -> set[int]:
        """The updates that this process confirmed."""
        return {each.update_id for each in self.delivered if (each.target, each.status) == (target, 200)}

    async def receive(self, request: web.Request, session: ClientSession) -> web.Response:
        body = await request.json()
        numbers = sorted(self.targets)
        if not numbers:
            return web.Response(status=502)
        target = numbers[len(self.delivered) % len(numbers)]
        headers = {SECRET_HEADER: request.headers[SECRET_HEADER]}
        try:
            async with session.post(
                self.targets[target],
                json=body,
                headers=headers,
                timeout=ClientTimeout(total=self.patience_s),
            ) as response:
                status = response.status
        except (ClientError, OSError):
            status = 0
        self.delivered.append(Delivered(body["update_id"], target, status))
        if self.on_answer is not None:
            await self.on_answer(body["update_id"], status)
        return web.Response(status=status or 502)


@asynccontextmanager
async def front() -> AsyncIterator[Front]:
    """A front that listens."""
    stands = Front()
    async with ClientSession() as session:

        async def receive(request: web.Request) -> web.Response:
            return await stands.receive(request, session)

        app = web.Application()
        app.router.add_post(PATH, receive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            address: Any = runner.addresses[0]
            stands.url = f"http://127.0.0.1:{address[1]}"
            yield stands
        finally:
            await runner.cleanup()
