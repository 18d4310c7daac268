"""Migrations lead from nothing to what the models say, and back."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import db.models  # noqa: F401  # makes the metadata whole
from db.database import Database, migration_config, upgrade


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))


def _down(connection: Connection) -> list[str]:
    config = migration_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "base")
    return inspect(connection).get_table_names()


async def test_the_migrated_tables_equal_the_models(database_url: str) -> None:
    engine = create_async_engine(database_url)

    async with engine.begin() as connection:
        differences = await connection.run_sync(_differences)

    await engine.dispose()
    assert differences == []


async def test_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = create_async_engine(database_url)

    async with engine.begin() as connection:
        left = await connection.run_sync(_down)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
        differences = await connection.run_sync(_differences)

    await engine.dispose()
    assert left == ["alembic_version"]
    assert differences == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migration_config()).get_heads()) == 1


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()
    await database.migrate()


async def test_a_missing_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "tanyacop.db"

    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    await database.close()

    head = ScriptDirectory.from_config(migration_config()).get_current_head()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head,)]
