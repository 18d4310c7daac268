"""A simulator behind real HTTP, its clock in the test's hand, and a bot that speaks to it with bare requests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.simulator import Server, Simulator, serve
from tests.simulator.receiver import Receiver, receiving

Json = dict[str, Any]
TOKEN = "4242:test-token"
BOT_ID = 4242


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Api:
    """The Bot API as the bot with this token reaches it."""

    session: ClientSession
    url: str
    token: str = TOKEN

    async def ask(self, method: str, **params: Any) -> Json:
        """The whole answer to a request in JSON."""
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", json=params) as response:
            answer: Json = await response.json()
            assert response.status == (200 if answer["ok"] else answer["error_code"])
            return answer

    async def call(self, method: str, **params: Any) -> Any:
        """The result of a request that must succeed."""
        answer = await self.ask(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a request that must be refused with 400 or 403."""
        answer = await self.ask(method, **params)
        assert not answer["ok"], answer
        assert answer["error_code"] in (400, 403)
        description: str = answer["description"]
        return description

    async def upload(self, method: str, field: str, name: str, content: bytes, **params: str) -> Json:
        """The whole answer to a multipart request with one file."""
        form = FormData(params, quote_fields=False)
        form.add_field(field, BytesIO(content), filename=name)
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", data=form) as response:
            answer: Json = await response.json()
            return answer

    async def updates(self, **params: Any) -> list[Json]:
        """The waiting updates, which are confirmed by this."""
        found: list[Json] = await self.call("getUpdates", **params)
        if found:
            await self.call("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def simulator(clock: HandClock) -> Simulator:
    simulator = Simulator(clock, seed=7)
    simulator.control.add_bot(TOKEN, "tanya_bot", "Tanya")
    return simulator


@pytest.fixture
async def server(simulator: Simulator) -> AsyncIterator[Server]:
    async with serve(simulator) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def api(server: Server, session: ClientSession) -> Api:
    return Api(session, server.url)


@pytest.fixture
def siti(simulator: Simulator) -> int:
    """A person who has started the bot; the update of that is not waiting any more."""
    user_id: int = simulator.control.add_user("Siti", "Aminah", "siti", "id")["id"]
    simulator.control.send(user_id, user_id, "/start")
    simulator.world.bots[BOT_ID].updates.clear()
    return user_id


@pytest.fixture
def budi(simulator: Simulator) -> int:
    """A person whom the bot does not know."""
    user_id: int = simulator.control.add_user("Budi")["id"]
    return user_id


@pytest.fixture
def group(simulator: Simulator, siti: int, budi: int) -> int:
    """A supergroup of Siti, its creator, Budi and the bot."""
    control = simulator.control
    group_id: int = control.add_group("Kantor", [siti, budi])["id"]
    control.add_member(group_id, BOT_ID)
    simulator.world.bots[BOT_ID].updates.clear()
    return group_id


@pytest.fixture
def forum(simulator: Simulator, siti: int, budi: int) -> int:
    """The same with topics."""
    control = simulator.control
    group_id: int = control.add_group("Forum", [siti, budi], is_forum=True)["id"]
    control.add_member(group_id, BOT_ID)
    simulator.world.bots[BOT_ID].updates.clear()
    return group_id


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def impatient(simulator: Simulator) -> None:
    """Updates are sent again after hundredths of a second."""
    simulator.control.set_webhook_waits(first=0.005, longest=0.01, timeout=5)
