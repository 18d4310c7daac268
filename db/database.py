"""The engine, transactions, and the few places where SQLite and PostgreSQL differ."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosqlite
from filelock import FileLock
from filelock import Timeout as FileLockTimeout
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    TypeDecorator,
    event,
    func,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.revisions import is_newest

if TYPE_CHECKING:
    import asyncpg
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"

# Every constraint has a name, so that a migration can speak of it on both databases.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

# SQLite numbers rows by itself only for a primary key of exactly INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; SQLite would forget the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One engine. `transaction()` is the only way to a session, so nothing is written outside of one."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        # hide_parameters: an exception from the database must not carry what a person wrote.
        self._engine = create_async_engine(
            self.url,
            hide_parameters=True,
            pool_pre_ping=not self.is_sqlite,
            connect_args={"async_creator_fn": _connect_sqlite}
            if self.is_sqlite
            else {"server_settings": SERVER_SETTINGS},
        )
        # SQLite lets one transaction in at a time and has the others look again and again; here they stand in line.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self._lock: FileLock | None = None
        self._listener: asyncpg.Connection | None = None
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_immediate)
        else:
            event.listen(self._engine.sync_engine, "do_connect", _connect)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end of the block, or rolled back by an exception."""
        async with (
            self._turn or nullcontext(),
            AsyncSession(self._engine, expire_on_commit=False) as tx,
            tx.begin(),
        ):
            yield tx

    @asynccontextmanager
    async def detached(self) -> AsyncIterator[AsyncSession]:
        """A session that begins nothing by itself: for what must go on when the database does not."""
        async with AsyncSession(self._engine, expire_on_commit=False) as tx:
            yield tx

    async def migrate(self) -> None:
        """Bring the tables to the newest form; safe to call at every start."""
        async with self._engine.begin() as connection:
            if not await connection.run_sync(is_newest, MIGRATIONS / "versions"):
                await connection.run_sync(upgrade)

    def claim(self) -> None:
        """Keep other processes away from an SQLite file, until `close` or the end of the process.

        Raises `DatabaseInUse` when another process got here first. PostgreSQL serves any number of processes.
        """
        if self.is_sqlite and self.url.database:
            lock = FileLock(f"{self.url.database}.lock", timeout=0)
            try:
                lock.acquire()
            except FileLockTimeout as error:
                raise DatabaseInUse(self.url.database) from error
            self._lock = lock

    async def listen(self, channel: str, heard: Callable[[], None]) -> None:
        """Call `heard` when any process commits a `notify` on this channel; on SQLite there is nobody to hear.

        When the connection is lost nothing is heard any more, so whoever listens has to look by itself too.
        """
        if self.is_sqlite:
            return
        if not self.is_listening:
            # Made by the engine, which understands all that its address may say, and kept apart from its pool.
            connection = await self._engine.raw_connection()
            self._listener = connection.driver_connection
            connection.detach()
        assert self._listener is not None
        await self._listener.add_listener(channel, lambda *_: heard())

    @property
    def is_listening(self) -> bool:
        """Whether what is notified would be heard."""
        return self._listener is not None and not self._listener.is_closed()

    async def overwrite(self, statements: Sequence[str]) -> bool:
        """Run these one by one outside of a transaction, to overwrite what deleted rows left; False: not all of it yet.

        On SQLite nobody writes meanwhile.
        """
        try:
            async with self._turn or nullcontext(), self._engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                for statement in statements:
                    if not self.is_sqlite:
                        await driver.execute(statement)
                        continue
                    async with driver.execute(statement) as cursor:
                        row = await cursor.fetchone()
                    if (
                        row is not None and row[0]
                    ):  # wal_checkpoint: somebody still reads what it would overwrite
                        return False
        except Exception as error:
            log.warning("not overwritten yet kind=%s", type(error).__name__)
            return False
        return True

    async def close(self) -> None:
        """Let go of all connections. SQLite folds its write-ahead log into the file when the last one closes."""
        if self._listener is not None:
            await self._listener.close()
            self._listener = None
        await self._engine.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None


# A process that freezes in a transaction must not keep the others from what it had in hand.
SERVER_SETTINGS = {"idle_in_transaction_session_timeout": "10s", "application_name": "tanyacop"}


class DatabaseInUse(Exception):
    """Another process works with this SQLite file; for several processes there is PostgreSQL."""


class DatabaseAway(ConnectionError):
    """No connection could be made: the server is being restarted, its socket or its name is not there."""


def is_sqlite(tx: AsyncSession) -> bool:
    """Which of the two databases this is."""
    return tx.get_bind().dialect.name == "sqlite"


async def utc_now(tx: AsyncSession) -> datetime:
    """The database's own clock, which is the same for all processes that use it."""
    if is_sqlite(tx):
        said = (await tx.exec(select(func.strftime("%Y-%m-%d %H:%M:%f", "now")))).one()
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    now: datetime = (await tx.exec(select(func.clock_timestamp()))).one()
    return now.astimezone(UTC)


async def alone(tx: AsyncSession, what: str) -> None:
    """Wait until no other process is at this, and keep all others from it until the end of `tx`."""
    if not is_sqlite(tx):
        await tx.exec(select(func.pg_advisory_xact_lock(func.hashtext(what))))


async def notify(tx: AsyncSession, channel: str) -> None:
    """Tell all processes that listen, when `tx` is committed."""
    if not is_sqlite(tx):
        await tx.exec(select(func.pg_notify(channel, "")))


async def insert_or_leave(tx: AsyncSession, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert these rows, each with the same columns; one that breaks a unique key is left out."""
    if not rows:
        return
    connection = await tx.connection()
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    await connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


# PostgreSQL's classes of errors that pass by themselves: connection, conflict with another transaction, lack of
# resources, a server that is stopped or starts (its manual, appendix A).
_PASSING_STATES = ("08", "40", "53", "57")


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed a little later: the database is locked, busy, full or away."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return (
            isinstance(error, OperationalError | InterfaceError)
            or error.connection_invalidated
            or state.startswith(_PASSING_STATES)
        )
    return isinstance(error, PoolTimeout | ConnectionError | TimeoutError)


# Alembic is imported only where a migration is due: it takes a fifth of the time that a start may take, and nearly
# every start finds the newest tables.
def migration_config() -> "Config":
    """Alembic's configuration, without an ini file: the migrations travel inside the package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to `revision` on this connection."""
    from alembic import command

    config = migration_config()
    config.attributes["connection"] = connection
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(4242)"))  # replicas that start together
    command.upgrade(config, revision)


class _SeenThrough(aiosqlite.Connection):
    """A connection that does not leave its thread alone with a statement.

    A task that is cancelled while the thread waits for the file's lock would go on, and the thread would get the lock
    for nobody: until somebody closes the connection, everybody else waits. So the cancellation waits for the statement,
    at most as long as `busy_timeout`, and the connection is closed before anything else is begun.
    """

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        is_over: list[bool] = []

        def run() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                is_over.append(True)

        try:
            return await super()._execute(run)  # type: ignore[no-untyped-call]  # the library's own is bare
        except asyncio.CancelledError:
            while not is_over:
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(0.005)
            raise


def _connect_sqlite(path: str, **how: Any) -> aiosqlite.Connection:
    connection = _SeenThrough(lambda: sqlite3.connect(path, **how), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does it with those that it makes
    return connection


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin late and deferred; `_begin_immediate` does it instead.
    raw: Any = connection
    raw.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",  # readers do not wait for the writer
        "synchronous=FULL",  # a committed update survives a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",  # milliseconds
        "secure_delete=ON",  # what is erased is overwritten, also in free pages
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _connect(
    dialect: Dialect, record: ConnectionPoolEntry, arguments: list[Any], named: dict[str, Any]
) -> DBAPIConnection:
    # A socket file that is missing or a name that is not found is no ConnectionError by itself, and passes as well.
    try:
        return dialect.connect(*arguments, **named)
    except OSError as error:
        raise DatabaseAway(type(error).__name__) from error


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that turns writer late fails with "database is locked" without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
