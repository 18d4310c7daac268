"""Whether a migration is due is found out without Alembic, and to the same end."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.database import MIGRATIONS, migration_config
from db.revisions import is_newest, newest


def _write(folder: Path, name: str, revision: str, down: str) -> None:
    (folder / name).write_text(f'revision = "{revision}"\ndown_revision = {down}\n')


def _one_step_back(connection: Connection) -> None:
    config = migration_config()
    config.attributes["connection"] = connection
    command.downgrade(config, "-1")


async def _answer(database_url: str, *, before: str | None = None, steps_back: bool = False) -> bool:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        if steps_back:
            await connection.run_sync(_one_step_back)
        if before is not None:
            await connection.execute(text(before))
        answer = await connection.run_sync(is_newest, MIGRATIONS / "versions")
    await engine.dispose()
    return answer


def test_the_newest_revision_is_the_one_that_alembic_finds() -> None:
    head = ScriptDirectory.from_config(migration_config()).get_current_head()

    assert newest(MIGRATIONS / "versions") == head


def test_two_that_nothing_builds_upon_are_left_to_alembic(tmp_path: Path) -> None:
    _write(tmp_path, "a.py", "0001", "None")
    _write(tmp_path, "b.py", "0002", '"0001"')
    one = newest(tmp_path)
    _write(tmp_path, "c.py", "0003", '"0001"')

    assert (one, newest(tmp_path)) == ("0002", None)


async def test_a_migrated_database_stands_at_the_newest(database_url: str) -> None:
    assert await _answer(database_url)


async def test_a_database_of_an_earlier_release_does_not(database_url: str) -> None:
    assert not await _answer(database_url, steps_back=True)


@pytest.mark.parametrize(
    "before", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"], ids=["no table", "no row"]
)
async def test_in_doubt_it_does_not(database_url: str, before: str) -> None:
    assert not await _answer(database_url, before=before)
