"""The world of a trial: the simulator over HTTP, the crowd, the program, and the books."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from tests.chaos.books import Books
from tests.chaos.crowd import Crowd
from tests.chaos.program import Program, by_webhook

TOKEN = "4242:a-token-of-the-simulator"  # the simulator's, made up
PLACES = 30  # in the air at least (bot/mailer.py, IN_FLIGHT)


@dataclass(frozen=True)
class Scale:
    """How much of everything. The limits hold on both sides: the program keeps to them, the simulator counts."""

    people: int = 1_700
    per_second: int = 30
    private_per_second: int = 1
    lease_s: float = 10.0
    most_questions: int | None = None

    @property
    def may_be_uncertain(self) -> int:
        """By one kill: what one second may send, and what may be in the air."""
        return self.per_second + max(PLACES, self.per_second)

    def settings(self) -> dict[str, str]:
        return {
            "MESSAGES_PER_SECOND": str(self.per_second),
            "PRIVATE_MESSAGES_PER_SECOND": str(self.private_per_second),
            "LEASE_SECONDS": str(self.lease_s),
        }


@dataclass
class Stage:
    """Everything of one trial; `online` and `offline` are Telegram's."""

    simulator: Simulator
    crowd: Crowd
    program: Program
    books: Books
    scale: Scale
    port: int
    _serving: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def online(self) -> None:
        await self._serving.enter_async_context(serve(self.simulator, port=self.port))

    async def offline(self) -> None:
        """Nobody listens any more, and what was connected is not."""
        await self._serving.aclose()

    async def settled(self, within_s: float = 90.0) -> None:
        """The crowd does nothing more; wait until all of it is answered and everything is sent."""
        self.crowd.is_lively = False
        within_s += 2 * self.scale.people / self.scale.per_second
        await self.simulator.wait_for(
            lambda: self.simulator.control.pending() == 0 and self.crowd.unanswered == 0,
            timeout=within_s,
            what="everybody to be answered",
        )
        await self.books.settled(within_s)


@asynccontextmanager
async def staged(
    database_url: str, folder: Path, scale: Scale, *, webhook: bool, seed: int
) -> AsyncIterator[Stage]:
    """A mailing to everybody is waiting in the database; the program is not started. It is ended with the block."""
    simulator = Simulator(seed=seed)
    control = simulator.control
    control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    control.set_webhook_waits(first=0.05, longest=0.3)
    control.set_rates(
        per_second=scale.per_second, private_messages=3 * scale.private_per_second, private_seconds=3.0
    )
    crowd = Crowd(simulator, random.Random(seed), scale.most_questions)
    crowd.gather(scale.people)
    simulator.hooks.append(crowd)
    async with AsyncExitStack() as serving:
        server = await serving.enter_async_context(serve(simulator))
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": server.url, "DATABASE_URL": database_url}
        settings |= scale.settings() | (by_webhook() if webhook else {})
        program = Program(simulator, folder, settings)
        books = Books(database_url)
        await books.prepare()
        await books.mail(crowd.people)
        port = urlsplit(server.url).port
        assert port is not None
        stage = Stage(simulator, crowd, program, books, scale, port, serving.pop_all())
        try:
            yield stage
        except BaseException as error:
            error.add_note(f"The program's last words:\n{program.last_words()}")
            raise
        finally:
            program.kill()
            if program.process is not None:
                await program.ended(20)
            await stage.offline()
