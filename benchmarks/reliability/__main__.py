"""``python -m benchmarks.reliability [SCENARIO …]``: our bot under load, beside the library as documented.

Without a scenario all of them run, which takes about twenty minutes. Every bot of a scenario is measured in the
same run; with ``--runs`` the median is shown, and the extremes behind it.
"""

import argparse
import asyncio
import importlib
import logging
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from benchmarks.reliability.bots import databases
from benchmarks.reliability.figures import Table, missed
from benchmarks.reliability.setting import Setting

SCENARIOS = ("speed", "start", "kills", "burst", "mailing", "memory", "replicas", "chaos")
# Those whose figures depend on the machine are the median of three; Telegram's limits set those of the others.
RUNS = {"speed": 3, "kills": 1, "burst": 1, "mailing": 1, "memory": 1}
Run = Callable[[Setting], Awaitable[Sequence[Table | str]]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        prog="benchmarks.reliability",
    )
    parser.add_argument("scenario", nargs="*", choices=[*SCENARIOS, []], help=", ".join(SCENARIOS))
    parser.add_argument("--runs", type=int, help="how often each (start: always five)")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--updates", type=int, default=100_000, help="of memory")
    parser.add_argument("--recipients", type=int, default=100_000, help="of memory")
    parser.add_argument("--kills", type=int, default=200, help="of chaos")
    parser.add_argument("--no-webhook", action="store_true", help="speed: polling only")
    parser.add_argument("--all", action="store_true", help="more variants of the stock bot, and its memory")
    options = parser.parse_args()
    # Every run as it ends, since all of them take a while.
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", level=logging.WARNING)
    logging.getLogger("benchmarks").setLevel(logging.INFO)
    tables: list[Table] = []
    print(f"our bot on {options.database}; load average at the start {os.getloadavg()[0]:.1f}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="tanyacop-bench-") as name:
        for scenario in options.scenario or SCENARIOS:
            folder = Path(name, scenario)
            folder.mkdir()
            with databases(options.database, folder) as found:
                setting = Setting(
                    found,
                    folder,
                    options.runs or RUNS.get(scenario, 1),
                    updates=options.updates,
                    recipients=options.recipients,
                    kills=options.kills,
                    with_webhook=not options.no_webhook,
                    with_all=options.all,
                )
                tables += _measure(scenario, setting)
    fallen = missed(tables)
    print("All goals met." if not fallen else "Missed:\n  " + "\n  ".join(fallen))


def _measure(scenario: str, setting: Setting) -> list[Table]:
    run: Run = importlib.import_module(f"benchmarks.reliability.{scenario}").run
    began = time.monotonic()
    results = asyncio.run(_awaited(run(setting)))
    for result in results:
        print(result)
    print(f"  ({scenario} took {time.monotonic() - began:.0f} s)\n", flush=True)
    return [result for result in results if isinstance(result, Table)]


async def _awaited(results: Awaitable[Sequence[Table | str]]) -> Sequence[Table | str]:
    return await results


if __name__ == "__main__":
    main()
