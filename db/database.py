"""The engine, transactions, and the few places where SQLite and PostgreSQL differ."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Integer, MetaData, TypeDecorator, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from db.revisions import is_newest

if TYPE_CHECKING:
    from alembic.config import Config

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
        self._is_sqlite = self.url.get_backend_name() == "sqlite"
        if self._is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        # hide_parameters: an exception from the database must not carry what a person wrote.
        self._engine = create_async_engine(self.url, hide_parameters=True, pool_pre_ping=not self._is_sqlite)
        if self._is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_immediate)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end of the block, or rolled back by an exception."""
        async with AsyncSession(self._engine, expire_on_commit=False) as tx, tx.begin():
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

    async def close(self) -> None:
        """Let go of all connections. SQLite folds its write-ahead log into the file when the last one closes."""
        await self._engine.dispose()


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
    command.upgrade(config, revision)


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


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that turns writer late fails with "database is locked" without waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
