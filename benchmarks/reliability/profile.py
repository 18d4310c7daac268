"""``python -m benchmarks.reliability.profile [questions|presses]``: where our bot's time goes under load.

A timer of the bot's own processor time interrupts its main thread, which then notes its stack: a tracing profiler loses
its place when SQLAlchemy changes between greenlets, and a thread that looks on gets its turn only when the main thread
waits. Time is given to the package of the innermost frame (frames of the standard library to whoever called them),
and to every function on the stack.
"""

import argparse
import asyncio
import json
import os
import runpy
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_S = 0.002
REPORT = "PROFILE_REPORT"
LISTED = 45
ROOT = Path(__file__).parents[2]


class Sampler:
    """Counts what the main thread is at."""

    def __init__(self) -> None:
        self.packages: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()
        self.samples = 0

    def start(self) -> None:
        """Begin to count anew, from now on."""
        self.samples = 0
        self.packages.clear()
        self.functions.clear()
        signal.signal(signal.SIGPROF, lambda _, frame: self._count(frame))
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)

    def _count(self, at: FrameType | None) -> None:
        self.samples += 1
        owner = None
        seen: set[str] = set()
        while at is not None:
            package = package_of(at.f_code.co_filename)
            if owner is None and package is not None:
                owner = package
            name = f"{package or 'stdlib'}:{Path(at.f_code.co_filename).stem}:{at.f_code.co_qualname}"
            if name not in seen:
                seen.add(name)
                self.functions[name] += 1
            at = at.f_back
        self.packages[owner or "stdlib"] += 1

    def save(self, path: str) -> None:
        """Write down what was counted."""
        counted = {"samples": self.samples, "packages": self.packages, "functions": self.functions}
        Path(path).write_text(json.dumps(counted))


def package_of(filename: str) -> str | None:
    """The package that a file belongs to; None for the standard library."""
    path = Path(filename)
    parts = path.parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    if path.is_relative_to(ROOT):
        inside = path.relative_to(ROOT).parts
        return "/".join(inside[:2]).removesuffix(".py")
    return None


def _run_bot() -> None:
    """Inside the bot's process: sample from the signal on, write at the end."""
    sampler = Sampler()
    signal.signal(signal.SIGUSR1, lambda *_: sampler.start())
    signal.signal(signal.SIGUSR2, lambda *_: sampler.save(os.environ[REPORT]))
    sys.argv = ["bot", "run"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


async def _measure(what: str, people: int, kind: str) -> None:
    from benchmarks.reliability.bots import WITHOUT_LIMITS, databases
    from benchmarks.reliability.speed import asks, measure, presses
    from benchmarks.reliability.stage import running, stage
    from benchmarks.reliability.words import questions

    with tempfile.TemporaryDirectory() as name, databases(kind, Path(name)) as fresh:
        async with stage(Path(name)) as on:
            on.gather(people)
            report = f"{name}/report.json"
            url = await fresh.fresh(on.people)
            variables = {"DATABASE_URL": url, REPORT: report} | dict(WITHOUT_LIMITS)
            arguments = ("-m", "benchmarks.reliability.profile", "--inside")
            asking = [
                asks(on, person, text) for person, text in zip(on.people, questions(people), strict=True)
            ]
            async with running(on, arguments, variables) as bot:
                await bot.ready()
                acts = asking
                if what == "presses":
                    await measure(on, bot, asking)
                    await on.settled(0.5)
                    acts = [presses(on, person) for person in on.people]
                bot.process.send_signal(signal.SIGUSR1)
                rate = await measure(on, bot, acts)
                bot.process.send_signal(signal.SIGUSR2)
                await asyncio.sleep(1)
                counted = json.loads(await asyncio.to_thread(Path(report).read_text))
            print_report(what, counted, rate.per_second, rate.cpu)


def print_report(what: str, counted: dict[str, dict[str, int]], per_second: float, cpu: float) -> None:
    """Packages by their own time, functions by the time that they were on the stack."""
    print(f"\n{what}: {per_second:.0f} a second with the sampler, {cpu:.2f} of a processor")
    samples = int(counted["samples"])  # type: ignore[call-overload]  # the one number among the tables
    each = cpu / per_second * 1000 if per_second else 0.0
    print(
        f"each takes {each:.2f} ms of a processor; {samples} samples of the main thread\n\n  own time by package"
    )
    for name, count in Counter(counted["packages"]).most_common(14):
        print(f"  {count / samples:6.1%} {count / samples * each:7.2f} ms  {name}")
    print("\n  on the stack")
    for name, count in Counter(counted["functions"]).most_common(LISTED):
        print(f"  {count / samples:6.1%} {count / samples * each:7.2f} ms  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["questions", "presses"])
    parser.add_argument("--people", type=int, default=1_500)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        _run_bot()
    for what in options.what:
        asyncio.run(_measure(what, options.people, options.database))


if __name__ == "__main__":
    main()
