"""From the start of the process to its first getUpdates; also with what years leave in the database."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from benchmarks.reliability.bots import ours_on, stock
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import TOKEN, Bot, stage
from db.database import Database
from db.models import Ending, IncomingUpdate, Question, UpdateState

STARTS = 5
OLD_PEOPLE = 100_000
OLD_ROWS = 1_000_000  # half of them questions, half of them updates that are done
AT_ONCE = 5_000
STOCK = "echo bot"
FIRST, AGAIN, FULL = (
    "the very first start",
    "a restart",
    "a restart with 100,000 people and 1,000,000 old rows",
)
KINDS = (FIRST, AGAIN, FULL)
STOP = "from SIGTERM to the end, the longest"
ROWS = (
    *(Row(kind, "s", 2, goal=Goal(3.0, of=STOCK)) for kind in KINDS),
    *(Row(f"{kind}: processor", "s", 2) for kind in KINDS),
    Row(STOP, "s", 2, goal=Goal(10.0)),
)


async def run(setting: Setting) -> list[Table]:
    """Five starts of each; what the stock bot has is the same for all rows."""
    table = Table("From the start of the process to the first getUpdates", ROWS)
    stops: dict[str, list[float]] = {OURS: [], STOCK: []}
    async with stage(setting.folder) as on:

        async def note(column: str, kinds: Sequence[str], starting: AbstractAsyncContextManager[Bot]) -> None:
            async with starting as bot:
                took, cpu = bot.took_s, bot.cpu_to_start_s
                stopping_at = on.now()
            stops[column].append(on.now() - stopping_at)
            table.note(column, dict.fromkeys(kinds, took) | {f"{kind}: processor": cpu for kind in kinds})

        full = await setting.databases.fresh(range(1, OLD_PEOPLE + 1))
        await fill(full)
        again = setting.databases.empty()
        # Once unmeasured: the first start on a database loads the book, and files get into the system's memory.
        for starting in (ours_on(on, full), ours_on(on, again), stock(on)):
            async with starting:
                pass
        for _ in range(STARTS):
            await note(STOCK, KINDS, stock(on))
            await note(OURS, [FIRST], ours_on(on, setting.databases.empty()))
            await note(OURS, [AGAIN], ours_on(on, again))
            await note(OURS, [FULL], ours_on(on, full))
    for column, seconds in stops.items():
        table.note(column, {STOP: max(seconds)})
    return [table]


async def fill(url: str) -> None:
    """A million rows of the past. The newest is a day old, so that all of them are still kept."""
    database = Database(url)
    bot_id = int(TOKEN.partition(":")[0])
    yesterday = datetime.now(UTC) - timedelta(days=1)
    question = Question(
        chat_id=0, message_id=0, text="Bagaimana cara klaim JKP?", ending=Ending.UNKNOWN, asked_at=yesterday
    )
    update = IncomingUpdate(
        bot_id=bot_id,
        update_id=0,
        kind="message",
        received_at=yesterday,
        state=UpdateState.DONE,
        done_at=yesterday,
    )
    for first in range(0, OLD_ROWS // 2, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        await _insert(database, question, [{"chat_id": n % OLD_PEOPLE + 1, "message_id": n} for n in numbers])
        await _insert(database, update, [{"update_id": n} for n in numbers])
    await database.close()


async def _insert(database: Database, like: SQLModel, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows like this one, but for what is said of each."""
    common = like.model_dump(exclude={"id"})
    async with database.transaction() as tx:
        connection = await tx.connection()
        await connection.execute(insert(type(like)), [{**common, **row} for row in rows])
