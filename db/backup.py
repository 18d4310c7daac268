"""A backup is one file that either database can be restored from.

It is a zip: a JSON line for each row of each table, and a manifest with the form of the tables (the migration's number)
and the SHA-256 of each part. All of it is read in one snapshot, beside a bot that goes on writing, and no other program
is needed. A restore checks the whole file first and then does everything in one transaction: it succeeds, or nothing
has changed.
"""

import base64
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import IO, Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import SQLModel

from db.database import Database, migration_config, upgrade
from db.models import MailingState, PauseReason

FORMAT = 1
MANIFEST = "manifest.json"
ROWS_AT_ONCE = 500
ALEMBIC = "alembic_version"


class Fault(Enum):
    """Why there is no backup, or no restore; each has its sentence below `cli.backup` in the catalogues."""

    FILE_EXISTS = "file_exists"
    NOTHING_THERE = "nothing_there"  # no database, or one without tables
    OTHER_VERSION = "other_version"  # the database was not migrated by this version of the program
    NO_BACKUP = "no_backup"  # the file is missing or something else
    DAMAGED = "damaged"
    TOO_NEW = "too_new"  # made by a later version of the program
    NOT_EMPTY = "not_empty"


class BackupFault(Exception):
    """It was not done, and nothing was changed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Report:
    """What was backed up or restored: rows by table, and the migration's number."""

    rows: dict[str, int]
    revision: str

    @property
    def total(self) -> int:
        return sum(self.rows.values())


async def back_up(url: str, path: Path, now: datetime) -> Report:
    """Write a backup of the database to `path`, readable by its owner only. Raises `BackupFault`."""
    with _whole_or_not_at_all(path) as file:
        async with _snapshot(url) as connection:
            return await _write(connection, file, now)


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[IO[bytes]]:
    """A new file that has its name only once it is whole; readable by its owner, since it holds what people wrote."""
    if path.exists():
        raise BackupFault(Fault.FILE_EXISTS)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # its mode is 0600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@asynccontextmanager
async def _snapshot(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection that sees one moment of the database and holds nobody up."""
    parsed = make_url(url)
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and not _is_file(parsed.database):
        raise BackupFault(Fault.NOTHING_THERE)
    options: dict[str, Any] = {} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
    engine = create_async_engine(parsed, hide_parameters=True, **options)
    if is_sqlite:
        # The driver would begin no transaction for a read, and every read would see another moment.
        event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
        event.listen(engine.sync_engine, "begin", _begin)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def _is_file(name: str | None) -> bool:
    return name is not None and Path(name).is_file()


def _leave_transactions_to_us(connection: Any, record: object) -> None:
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


async def _write(connection: AsyncConnection, file: IO[bytes], now: datetime) -> Report:
    revision = await connection.run_sync(_revision)
    if revision is None:
        raise BackupFault(Fault.NOTHING_THERE)
    if revision != ScriptDirectory.from_config(migration_config()).get_current_head():
        raise BackupFault(Fault.OTHER_VERSION)
    parts: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in SQLModel.metadata.sorted_tables:
            digest, count = hashlib.sha256(), 0
            with packed.open(_part(table.name), "w", force_zip64=True) as part:
                async for row in await connection.stream(select(table).order_by(*table.primary_key.columns)):
                    line = json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
                    part.write(line)
                    digest.update(line)
                    count += 1
            columns = {column.name: _kind(column) for column in table.columns}
            parts[table.name] = {"rows": count, "sha256": digest.hexdigest(), "columns": columns}
        manifest = {
            "format": FORMAT,
            "revision": revision,
            "made_at": now.isoformat(),
            "tables": parts,
        }
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return Report({name: part["rows"] for name, part in parts.items()}, revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _part(table: str) -> str:
    return f"{table}.jsonl"


def _kind(column: Column[Any]) -> str:
    """How a value of this column stands in the file."""
    kind = column.type
    underlying = getattr(kind, "impl_instance", None) or getattr(kind, "impl", kind)
    if isinstance(underlying, DateTime):
        return "time"
    if isinstance(underlying, LargeBinary):
        return "bytes"
    return "json" if isinstance(underlying, JSON) else "plain"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


async def restore(url: str, path: Path, *, replace: bool = False) -> Report:
    """Put a backup into the database, which has to be empty unless `replace` is given, and bring it to the newest form.

    No bot may be running on the database. Raises `BackupFault`.
    """
    manifest = _checked(path)
    database = Database(url)
    try:
        async with database.transaction() as tx:
            connection = await tx.connection()
            if not replace and await connection.run_sync(_has_rows):
                raise BackupFault(Fault.NOT_EMPTY)
            await connection.run_sync(_drop_everything)
            await connection.run_sync(upgrade, manifest["revision"])
            tables = await connection.run_sync(_reflected)
            with zipfile.ZipFile(path) as packed:
                for table in tables:
                    if table.name in manifest["tables"]:
                        await _fill(connection, table, packed, manifest["tables"][table.name]["columns"])
            await connection.run_sync(upgrade)
            # The processes that worked with the database then are not those that will; terms go on counting.
            await connection.execute(delete(SQLModel.metadata.tables["replicas"]))
            await connection.execute(update(SQLModel.metadata.tables["leases"]).values(replica_id=None))
            # What was on its way at the time of the backup may have arrived since: somebody has to look first.
            mailings = SQLModel.metadata.tables["mailings"]
            await connection.execute(
                update(mailings)
                .where(mailings.c.state == MailingState.RUNNING)
                .values(state=MailingState.PAUSED, pause_reason=PauseReason.BY_HAND)
            )
    finally:
        await database.close()
    return Report(
        {name: part["rows"] for name, part in manifest["tables"].items()}, str(manifest["revision"])
    )


def _checked(path: Path) -> dict[str, Any]:
    """The manifest of a file that is whole. Raises `BackupFault`."""
    try:
        with zipfile.ZipFile(path) as packed:
            manifest: dict[str, Any] = json.loads(packed.read(MANIFEST))
            if manifest["format"] > FORMAT or not _is_known(manifest["revision"]):
                raise BackupFault(Fault.TOO_NEW)
            for name, part in manifest["tables"].items():
                digest, count = hashlib.sha256(), 0
                with packed.open(_part(name)) as lines:
                    for line in lines:
                        digest.update(line)
                        count += 1
                if (count, digest.hexdigest()) != (part["rows"], part["sha256"]):
                    raise BackupFault(Fault.DAMAGED)
    except (OSError, zipfile.BadZipFile) as error:
        is_there = path.is_file() and path.read_bytes()[:2] == b"PK"
        raise BackupFault(Fault.DAMAGED if is_there else Fault.NO_BACKUP) from error
    except (KeyError, ValueError, TypeError) as error:
        raise BackupFault(Fault.NO_BACKUP) from error
    except Exception as error:
        # A damaged zip fails in many ways: zlib.error, EOFError, another error for an unknown method.
        raise error if isinstance(error, BackupFault) else BackupFault(Fault.DAMAGED) from error
    return manifest


def _is_known(revision: str) -> bool:
    scripts = ScriptDirectory.from_config(migration_config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def _has_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in _reflected(connection)
        if table.name != ALEMBIC
    )


def _reflected(connection: Connection) -> list[Table]:
    """The tables as they are in the database, those that others refer to first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata.sorted_tables


def _drop_everything(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)


async def _fill(
    connection: AsyncConnection, table: Table, packed: zipfile.ZipFile, kinds: dict[str, str]
) -> None:
    names = list(kinds)
    is_sqlite = connection.dialect.name == "sqlite"
    with packed.open(_part(table.name)) as lines:
        rows = (
            {
                name: _value(kinds[name], value, is_sqlite=is_sqlite)
                for name, value in zip(names, json.loads(line), strict=True)
            }
            for line in lines
        )
        for batch in _batches(rows):
            await connection.execute(insert(table), batch)
    if not is_sqlite and "id" in table.columns:
        await connection.run_sync(_count_on, table)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _value(kind: str, value: Any, *, is_sqlite: bool) -> Any:
    if value is None:
        return None
    if kind == "time":
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=None) if is_sqlite else moment  # SQLite keeps UTC without saying so
    return base64.b64decode(value) if kind == "bytes" else value


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers rows by a sequence, which has to go on behind the rows that were put in."""
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar_one()
    highest = connection.execute(select(func.max(table.c.id))).scalar_one()
    if sequence is not None and highest is not None:
        connection.execute(select(func.setval(sequence, highest)))
