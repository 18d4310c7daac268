"""Neither a start nor a tick reads its way through a table that grows with the years."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, event

from bot.app import TanyaCop
from bot.clock import ManualClock
from bot.jobs import TICKS
from bot.settings import Settings
from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from db.database import Database
from knowledge_base.loader import Content
from tests.scene import BOT_NAME, TOKEN

GROWING = (
    "people",
    "questions",
    "ratings",
    "incoming_updates",
    "content_revisions",
    "rsvps",
    "attendances",
    "session_reminders",
)
_TABLES = "|".join(GROWING)
SCAN = re.compile(
    rf"\bSCAN (?:{_TABLES})\b|Seq Scan on (?:{_TABLES})\b"
)  # SQLite's words, PostgreSQL's words
BY_TIME = re.compile(r"\(state=\? AND done_at<\?\)|Index Cond: .*\(done_at <")
Statement = tuple[str, Any]


@contextmanager
def _heard() -> Iterator[list[Statement]]:
    """What is said to the database inside of the block."""
    statements: list[Statement] = []

    def note(
        connection: object, cursor: object, statement: str, parameters: Any, context: object, many: bool
    ) -> None:
        statements.append((statement, parameters[0] if many else parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _plans(database: Database, statements: list[Statement]) -> list[tuple[str, str]]:
    """Each statement with how the database goes about it."""
    is_sqlite = database.url.get_backend_name() == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    found: list[tuple[str, str]] = []
    async with database.transaction() as tx:
        connection = await tx.connection()
        if not is_sqlite:
            # These tables are empty: PostgreSQL would read them as a whole even where an index serves.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in statements:
            if re.match(r"\s*(SELECT|UPDATE|DELETE)\b", statement):
                plan = await connection.exec_driver_sql(explain + statement, parameters)
                found.append((statement, "\n".join(str(row) for row in plan.all())))
    return found


async def test_no_statement_of_a_start_or_a_tick_reads_a_whole_table_that_grows(
    database_url: str, database: Database, clock: ManualClock, small_content: Content
) -> None:
    simulator = Simulator(clock=clock.now, seed=1)
    simulator.control.add_bot(TOKEN, BOT_NAME, "TanyaCoP")
    with _heard() as statements:
        async with serve(simulator) as server:
            settings = Settings(bot_token=SecretStr(TOKEN), bot_api_url=server.url, database_url=database_url)
            async with TanyaCop(settings, clock=clock, content=small_content) as program:
                for tick in TICKS:
                    await tick.job(program.database, program.services)

    plans = await _plans(database, statements)

    assert [plan for plan in plans if SCAN.search(plan[1])] == []
    # Nearly all updates are done: of those the index has to lead to the old ones.
    forgetting = [plan for statement, plan in plans if statement.startswith("DELETE FROM incoming_updates")]
    assert len(forgetting) == 1
    assert BY_TIME.search(forgetting[0])
