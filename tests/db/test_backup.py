"""A backup, made while the bot writes, becomes the same database again, on either of the two."""

import asyncio
import hashlib
import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from db.backup import MANIFEST, BackupFault, Fault, back_up, restore
from db.database import Database
from db.models import (
    Action,
    AuditEvent,
    FilledForm,
    Lease,
    Mailing,
    OutgoingFile,
    Person,
    Purpose,
    Question,
    Replica,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


async def _fill(database: Database) -> None:
    async with database.transaction() as tx:
        person = Person(telegram_id=7_000_000_001, full_name="Sari “Dewi”\n", created_at=NOW)
        tx.add(person)
        await tx.flush()
        assert person.id is not None
        tx.add(
            FilledForm(
                person_id=person.id,
                kind="profile",
                step="nip",
                data={"unit": "Disnaker", "only": ["nip"]},
                opened_at=NOW,
                updated_at=NOW,
            )
        )
        tx.add(OutgoingFile(key="k", chat_id=1, content=b"\x00\xff\n\r", created_at=NOW))
        tx.add(AuditEvent(at=NOW, actor_id=person.id, act="role.invited", subject="person"))


async def _everything(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as Python sees it."""
    database = Database(url)
    async with database.transaction() as tx:
        connection = await tx.connection()
        found = {
            table.name: [
                dict(row)
                for row in (
                    await connection.execute(table.select().order_by(*table.primary_key.columns))
                ).mappings()
            ]
            for table in SQLModel.metadata.sorted_tables
        }
    await database.close()
    return found


@pytest.fixture
def other_url(request: pytest.FixtureRequest, database_url: str) -> str:
    """A database of the other kind, with all tables and no rows."""
    kind = "postgres" if database_url.startswith("sqlite") else "sqlite"
    url: str = request.getfixturevalue(f"{kind}_url")
    return url


async def test_a_backup_restores_the_same_rows_into_the_other_kind_of_database(
    database: Database, database_url: str, other_url: str, tmp_path: Path
) -> None:
    await _fill(database)
    path = tmp_path / "backup.zip"

    made = await back_up(database_url, path, NOW)
    restored = await restore(other_url, path)

    assert made == restored
    assert made.total == 4
    assert await _everything(other_url) == await _everything(database_url)


async def test_a_mailing_under_way_rests_after_a_restore_and_the_lease_is_nobodys(
    database: Database, database_url: str, other_url: str, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        mailing = Mailing(
            purpose=Purpose.NOTICE, action=Action.SEND, content=[], variants={}, due_at=NOW, created_at=NOW
        )
        tx.add_all([mailing, Replica(seen_at=NOW), Lease(name="sending", replica_id=1, term=7, until=NOW)])
    await back_up(database_url, tmp_path / "backup.zip", NOW)

    await restore(other_url, tmp_path / "backup.zip")

    left = await _everything(other_url)
    assert [(row["state"], row["pause_reason"]) for row in left["mailings"]] == [("paused", "by_hand")]
    assert left["replicas"] == []
    assert [(row["replica_id"], row["term"]) for row in left["leases"]] == [(None, 7)]


async def test_what_comes_after_a_restore_is_numbered_behind_it(
    database: Database, database_url: str, other_url: str, tmp_path: Path
) -> None:
    await _fill(database)
    await back_up(database_url, tmp_path / "backup.zip", NOW)
    await restore(other_url, tmp_path / "backup.zip")

    other = Database(other_url)
    async with other.transaction() as tx:
        person = Person(telegram_id=2, created_at=NOW)
        tx.add(person)
        await tx.flush()
        number = person.id
    await other.close()

    assert number == 2


async def test_a_backup_sees_one_moment_while_the_bot_writes(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Each transaction writes a person and a question; a backup holds as many of the one as of the other."""
    is_over = asyncio.Event()

    async def write() -> None:
        for number in range(1, 400):
            async with database.transaction() as tx:
                tx.add(
                    Question(
                        chat_id=number, message_id=number, text="x" * 2000, ending="unknown", asked_at=NOW
                    )
                )
                tx.add(Person(telegram_id=number, created_at=NOW))
            if is_over.is_set():
                break

    writer = asyncio.create_task(write())
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=10**9, created_at=NOW))
        tx.add(Question(chat_id=0, message_id=1, text="", ending="unknown", asked_at=NOW))
    reports = [await back_up(database_url, tmp_path / f"{number}.zip", NOW) for number in range(3)]
    is_over.set()
    await writer

    assert [report.rows["people"] for report in reports] == [report.rows["questions"] for report in reports]
    assert reports[0].rows["people"] < reports[-1].rows["people"]


async def test_a_database_that_holds_something_is_replaced_only_when_told_so(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.zip"
    await _fill(database)
    before = await _everything(database_url)
    await back_up(database_url, path, NOW)
    async with database.transaction() as tx:
        tx.add(Person(telegram_id=5, created_at=NOW))

    with pytest.raises(BackupFault) as refused:
        await restore(database_url, path)
    kept = await _everything(database_url)
    await restore(database_url, path, replace=True)

    assert refused.value.fault is Fault.NOT_EMPTY
    assert len(kept["people"]) == 2
    assert await _everything(database_url) == before


async def test_a_damaged_backup_changes_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.zip"
    await _fill(database)
    await back_up(database_url, path, NOW)
    before = await _everything(database_url)
    whole = path.read_bytes()
    damages = {
        "cut": whole[: len(whole) // 2],
        "flipped": _with_other_byte(path, whole),
        "rewritten": _with_other_row(path),
        "no zip": b"something else",
    }

    faults = {}
    for name, content in damages.items():
        path.write_bytes(content)
        with pytest.raises(BackupFault) as refused:
            await restore(database_url, path, replace=True)
        faults[name] = refused.value.fault

    assert faults["no zip"] is Fault.NO_BACKUP
    assert {faults[name] for name in ("cut", "flipped", "rewritten")} == {Fault.DAMAGED}
    assert await _everything(database_url) == before


def _with_other_byte(path: Path, whole: bytes) -> bytes:
    """The same backup with one bit turned, in the middle of what the people's rows were packed into."""
    with zipfile.ZipFile(path) as packed:
        people, following = (packed.getinfo(f"{name}.jsonl") for name in _people_and_next(packed))
    place = (people.header_offset + following.header_offset) // 2
    return whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :]


def _people_and_next(packed: zipfile.ZipFile) -> tuple[str, str]:
    names = [name.removesuffix(".jsonl") for name in packed.namelist()]
    return "people", names[names.index("people") + 1]


def _with_other_row(path: Path) -> bytes:
    """The same backup with somebody's name changed, in order as a zip."""
    other = path.with_suffix(".other")
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(other, "w") as changed:
        for name in packed.namelist():
            changed.writestr(name, packed.read(name).replace(b"Sari", b"Budi"))
    return other.read_bytes()


async def test_a_backup_of_an_older_version_is_brought_to_the_newest_form(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "old.zip"
    manifest = {
        "format": 1,
        "revision": "0001",
        "made_at": NOW.isoformat(),
        "tables": {"people": _old_people()},
    }
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("people.jsonl", _OLD_PERSON)
        packed.writestr(MANIFEST, json.dumps(manifest))

    await restore(database_url, path)

    (person,) = (await _everything(database_url))["people"]
    assert (person["telegram_id"], person["created_at"], person["full_name"]) == (77, NOW, None)


_OLD_PERSON = json.dumps([1, 77, True, True, True, False, NOW.isoformat()]) + "\n"


def _old_people() -> dict[str, Any]:
    columns = {
        "id": "plain",
        "telegram_id": "plain",
        "wants_announcements": "plain",
        "wants_reminders": "plain",
        "wants_polls": "plain",
        "is_low_data": "plain",
        "created_at": "time",
    }
    return {"rows": 1, "sha256": hashlib.sha256(_OLD_PERSON.encode()).hexdigest(), "columns": columns}


async def test_a_backup_of_a_later_version_is_refused(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "new.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(MANIFEST, json.dumps({"format": 1, "revision": "9999", "tables": {}}))

    with pytest.raises(BackupFault) as refused:
        await restore(database_url, path)

    assert refused.value.fault is Fault.TOO_NEW


async def test_a_backup_is_for_its_owner_only_and_overwrites_nothing(
    database_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "backup.zip"
    await back_up(database_url, path, NOW)
    content = path.read_bytes()

    with pytest.raises(BackupFault) as refused:
        await back_up(database_url, path, NOW)

    assert refused.value.fault is Fault.FILE_EXISTS
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _names(tmp_path, "backup") == ["backup.zip"]


def _names(folder: Path, part: str = "") -> list[str]:
    return [each.name for each in folder.iterdir() if part in each.name]


async def test_without_a_database_there_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupFault) as refused:
        await back_up(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}", tmp_path / "backup.zip", NOW)

    assert refused.value.fault is Fault.NOTHING_THERE
    assert _names(tmp_path) == []


async def test_a_database_of_an_older_version_is_not_backed_up_as_if_it_were_of_this_one(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        await (await tx.connection()).execute(text("UPDATE alembic_version SET version_num = '0001'"))

    with pytest.raises(BackupFault) as refused:
        await back_up(database_url, tmp_path / "backup.zip", NOW)

    assert refused.value.fault is Fault.OTHER_VERSION
