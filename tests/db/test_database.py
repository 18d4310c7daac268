"""Transactions, times and the promises that SQLite and PostgreSQL are both held to."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from db.database import Database, DatabaseAway, is_transient
from db.models import Person
from db.queries import people

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=7)))


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=1, created_at=MORNING))

    async with database.transaction() as tx:
        person = await people.by_telegram_id(tx, 1)

    assert person is not None
    assert person.created_at == MORNING
    assert person.created_at.tzinfo == UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        async with database.transaction() as tx:
            tx.add(Person(telegram_id=1, created_at=datetime(2026, 11, 24)))


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    async def fail_halfway() -> None:
        async with database.transaction() as tx:
            tx.add(Person(telegram_id=1, created_at=MORNING))
            await tx.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_halfway()

    async with database.transaction() as tx:
        assert await people.by_telegram_id(tx, 1) is None


async def test_a_telegram_id_beyond_32_bits_is_one_person_only(database: Database) -> None:
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=2**52, created_at=MORNING))

    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            tx.add(Person(telegram_id=2**52, created_at=MORNING))


async def test_a_server_whose_socket_is_missing_is_away_for_a_while(tmp_path: Path) -> None:
    database = Database(f"postgresql+asyncpg://postgres@/tanyacop?host={tmp_path}")

    with pytest.raises(DatabaseAway, match="FileNotFoundError") as found:
        async with database.transaction() as tx:
            await people.by_telegram_id(tx, 1)

    await database.close()
    assert is_transient(found.value)


async def test_an_error_of_the_database_does_not_repeat_what_was_written(database: Database) -> None:
    async def add_twice() -> None:
        async with database.transaction() as tx:
            tx.add(Person(telegram_id=1, created_at=MORNING, time_zone="a secret"))
            tx.add(Person(telegram_id=1, created_at=MORNING, time_zone="a secret"))

    with pytest.raises(IntegrityError) as caught:
        await add_twice()

    assert "a secret" not in str(caught.value)


async def test_sqlite_is_set_up_for_safety(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        found = {
            pragma: (await (await tx.connection()).execute(text(f"PRAGMA {pragma}"))).scalar()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete", "synchronous")
        }
    await database.close()

    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
        "synchronous": 2,
    }


async def test_closing_leaves_no_write_ahead_log(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=1, created_at=MORNING))

    await database.close()

    file = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    assert [path.name for path in file.parent.glob("tanyacop.db*")] == ["tanyacop.db"]


async def test_a_transaction_that_is_cancelled_while_it_waits_for_the_file_leaves_no_lock(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)

    async def write(telegram_id: int) -> None:
        async with database.transaction() as tx:
            tx.add(Person(telegram_id=telegram_id, created_at=MORNING))

    await write(1)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(write(2))
    for _ in range(100):  # the statement reaches its thread within some steps
        await asyncio.sleep(0)
    waiting.cancel()
    for _ in range(100):
        await asyncio.sleep(0)
    waiting.cancel()
    is_over_early = waiting.done()
    other.execute("COMMIT")
    await asyncio.gather(waiting, return_exceptions=True)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    other.execute("PRAGMA busy_timeout = 0")
    other.execute("BEGIN IMMEDIATE")  # raises if anybody holds the lock
    other.execute("ROLLBACK")
    other.close()
    await write(3)
    async with database.transaction() as tx:
        found = [await people.by_telegram_id(tx, number) for number in (1, 2, 3)]
    await database.close()

    assert (is_over_early, waiting.cancelled(), others) == (False, True, set())
    assert [person is not None for person in found] == [True, False, True]


@pytest.mark.parametrize("how", ["with a statement", "with the commit"])
async def test_a_process_that_froze_in_a_transaction_finds_it_gone_and_may_try_again(
    postgres_url: str, how: str
) -> None:
    database = Database(postgres_url)

    async def freeze() -> None:
        async with database.transaction() as tx:
            connection = await tx.connection()
            await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10ms'"))
            tx.add(Person(telegram_id=1, created_at=MORNING))
            await tx.flush()
            await asyncio.sleep(0.09)
            if how == "with a statement":
                await people.by_telegram_id(tx, 1)

    with pytest.raises(Exception) as caught:  # noqa: PT011  # which one it is, is the question
        await freeze()
    async with database.transaction() as tx:
        left = await people.by_telegram_id(tx, 1)
    await database.close()

    assert is_transient(caught.value), repr(caught.value)
    assert left is None
