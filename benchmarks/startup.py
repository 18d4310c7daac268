"""``python -m benchmarks.startup``: from the start of the process to the first getUpdates, beside the stock echo bot.

The simulator runs in this process, each bot in one of its own. Seconds are those of the wall; CPU is what the process
had used (user and system, all threads) when its request arrived, which other work on the machine disturbs less.
``--rows`` adds a database with 100,000 people, their questions and 1,000,000 updates that are done.
"""

import asyncio
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator

TOKEN = "4242:a-token-of-the-simulator-that-is-long-enough"
ROOT = Path(__file__).parents[1]
RUNS = 7
OURS = ("-m", "bot", "run")
STOCK = ("-m", "benchmarks.echo_bot")
PEOPLE, UPDATES = 100_000, 1_000_000


@dataclass(frozen=True)
class Start:
    """One start: seconds until the first getUpdates, CPU seconds until then, seconds to the end after SIGTERM."""

    wall: float
    cpu: float
    stop: float


class Watch:
    """Notes when the first getUpdates arrives, and what its process had used by then."""

    def __init__(self) -> None:
        self.arrived: asyncio.Future[tuple[float, float]] = asyncio.get_running_loop().create_future()
        self.pid = 0

    async def before(self, request: Request) -> None:
        if request.method.lower() == "getupdates" and not self.arrived.done():
            self.arrived.set_result((time.perf_counter(), cpu_of(self.pid)))

    async def after(self, request: Request, answer: Answer) -> None:
        pass


def cpu_of(pid: int) -> float:
    """User and system seconds of a process so far, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def start(command: Sequence[str], database: Path) -> Start:
    """Start a bot, wait for its first getUpdates, and stop it."""
    simulator = Simulator()
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    watch = Watch()
    simulator.hooks.append(watch)
    async with serve(simulator) as server:
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=database.parent,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "BOT_TOKEN": TOKEN,
                "BOT_API_URL": server.url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{database}",
                "LOG_LEVEL": "WARNING",
            },
        )
        watch.pid = process.pid
        arrived, cpu = await asyncio.wait_for(watch.arrived, 120)
        ending = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        await process.wait()
        return Start(arrived - begun, cpu, time.perf_counter() - ending)


async def measure(name: str, command: Sequence[str], databases: Sequence[Path]) -> float:
    """Print the medians of as many starts as there are databases; gives that of the CPU seconds."""
    starts = [await start(command, database) for database in databases]
    wall = statistics.median(one.wall for one in starts)
    cpu = statistics.median(one.cpu for one in starts)
    stop = statistics.median(one.stop for one in starts)
    print(f"{name:34}{wall:9.2f}{cpu:9.2f}{stop:9.2f}", flush=True)
    return cpu


def fill(database: Path) -> None:
    """What years leave behind: people, a question of each, and updates that are done."""
    people = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PEOPLE})"
    updates = people.replace(str(PEOPLE), str(UPDATES))
    when = "'2026-01-01 00:00:00.000000'"
    with sqlite3.connect(database) as connection:
        connection.execute(
            f"{people} INSERT INTO people (telegram_id, wants_announcements, wants_reminders, wants_polls,"
            f" is_low_data, joined_at, created_at) SELECT i, 1, 1, 1, 0, {when}, {when} FROM n"
        )
        connection.execute(
            f"{people} INSERT INTO questions (person_id, chat_id, message_id, part, text, ending, suggested,"
            f" asked_at) SELECT i, i, 1, 0, 'gmn cara klaim jkp?', 'answered', '[]', {when} FROM n"
        )
        connection.execute(
            f"{updates} INSERT INTO incoming_updates (bot_id, update_id, kind, received_at, state, attempts,"
            f" done_at) SELECT 4242, i, 'message', {when}, 'done', 1, {when} FROM n"
        )
    connection.close()


async def main() -> None:
    print(f"{'median of ' + str(RUNS):34}{'seconds':>9}{'CPU':>9}{'stop':>9}")
    with tempfile.TemporaryDirectory(prefix="tanyacop-startup-") as name:
        folder = Path(name)
        stock = await measure("stock echo bot", STOCK, [folder / "unused.db"] * RUNS)
        first = await measure("first start", OURS, [folder / f"{number}.db" for number in range(RUNS)])
        later = await measure("later start", OURS, [folder / "0.db"] * RUNS)
        print(f"CPU, times stock: first {first / stock:.2f}, later {later / stock:.2f}")
        if "--rows" in sys.argv:
            fill(folder / "0.db")
            full = await measure("later start, many rows", OURS, [folder / "0.db"] * RUNS)
            print(f"CPU, times stock: {full / stock:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
