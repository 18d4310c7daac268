"""A stage for several processes that serve one bot: one Telegram, one database, and programs that come and go."""

import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from bot.app import TanyaCop
from bot.clock import Clock
from bot.settings import Settings
from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from db.database import Database
from db.models import IncomingUpdate, OutgoingRequest, Question
from knowledge_base.loader import Content
from tests.front import SECRET, Front, front
from tests.scene import NO_LIMITS, TOKEN, Faults


@dataclass
class Program:
    """One process's program, and its number at the front."""

    program: TanyaCop
    number: int

    def stops_ticking(self) -> None:
        """From now on it neither says that it lives nor does anything by itself."""
        assert self.program.application.job_queue is not None
        self.program.application.job_queue.scheduler.pause()

    def ticks_again(self) -> None:
        assert self.program.application.job_queue is not None
        self.program.application.job_queue.scheduler.resume()


@dataclass
class Stage:
    """Where programs serve the same people."""

    simulator: Simulator
    front: Front
    api_url: str
    database: Database
    clock: Clock
    content: Content
    lease_seconds: float
    bot_id: int
    faults: Faults = field(default_factory=Faults)
    _names: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def control(self) -> Any:
        return self.simulator.control

    @asynccontextmanager
    async def program(
        self, lease_now: Callable[[], float] = time.monotonic, **limits: int
    ) -> AsyncIterator[Program]:
        """One more program; it ends in order when the block is left, and is delivered to until it has ended."""
        settings = Settings(
            bot_token=SecretStr(TOKEN),
            bot_api_url=self.api_url,
            database_url=self.database.url.render_as_string(hide_password=False),
            webhook_url=self.front.url,
            webhook_secret=SecretStr(SECRET),
            webhook_port=0,
            lease_seconds=self.lease_seconds,
            **(NO_LIMITS | limits),
        )
        number: int | None = None
        try:
            async with TanyaCop(
                settings, clock=self.clock, content=self.content, lease_now=lease_now, waits_s=(0.0,) * 5
            ) as program:
                number = self.front.add(await program.listen())
                yield Program(program, number)
        finally:
            if number is not None:
                del self.front.targets[number]

    def person(self) -> int:
        """Somebody who has not written yet; gives the id of person and chat."""
        return int(self.control.add_user(f"Peserta {next(self._names)}")["id"])

    def says(self, person: int, text: str) -> None:
        self.control.send(person, person, text)

    def answers(self, person: int) -> list[dict[str, Any]]:
        """What the bot wrote to this person."""
        return [m for m in self.control.messages(person) if m["from"]["id"] == self.bot_id]

    async def updates(self) -> list[IncomingUpdate]:
        async with self.database.transaction() as tx:
            return list((await tx.exec(select(IncomingUpdate).order_by(col(IncomingUpdate.id)))).all())

    async def requests(self) -> list[OutgoingRequest]:
        async with self.database.transaction() as tx:
            return list((await tx.exec(select(OutgoingRequest).order_by(col(OutgoingRequest.id)))).all())

    async def questions(self) -> list[Question]:
        async with self.database.transaction() as tx:
            return list((await tx.exec(select(Question).order_by(col(Question.id)))).all())


@asynccontextmanager
async def stage_of(
    database_url: str, clock: Clock, content: Content, lease_seconds: float = 1.0
) -> AsyncIterator[Stage]:
    """Telegram and what stands before the programs; the programs come by `Stage.program`."""
    simulator = Simulator(seed=1)
    bot = simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    simulator.control.set_webhook_waits(first=0.02, longest=0.1)
    database = Database(database_url)
    async with front() as stands, serve(simulator) as server:
        stage = Stage(simulator, stands, server.url, database, clock, content, lease_seconds, bot["id"])
        logging.getLogger().addHandler(stage.faults)
        try:
            yield stage
        finally:
            logging.getLogger().removeHandler(stage.faults)
            await database.close()
    assert [record.getMessage() for record in stage.faults.records] == []
