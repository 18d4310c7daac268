"""How many questions and presses a second, when Telegram refuses nothing."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.bots import WITHOUT_LIMITS, Databases, ours, stock
from benchmarks.reliability.figures import Figure, ratio
from benchmarks.reliability.stage import TOKEN, Bot, Stage, stage
from benchmarks.reliability.words import questions

PEOPLE = 5_000  # each asks once and presses once
WARM_UP = 300
WITHIN_S = 300.0
CLIENTS = 20  # connections, when the server is measured alone


@dataclass(frozen=True)
class Rate:
    """How many a second, and how much of a processor the bot took for it."""

    per_second: float
    cpu: float


async def measure(stage: Stage, bot: Bot, acts: Sequence[Callable[[], None]]) -> Rate:
    """Let all of this happen at once, and count until the bot has answered the last of it."""
    stage.recorder.forget()
    for act in acts:
        act()
    began_at, cpu = stage.now(), bot.cpu_s()
    if not await stage.recorder.until(len(acts), WITHIN_S):
        raise TimeoutError(f"{stage.recorder.count} of {len(acts)} answered in {WITHIN_S:.0f} s")
    took = stage.now() - began_at
    return Rate(len(acts) / took, (bot.cpu_s() - cpu) / took)


async def questions_and_presses(on: Stage, bot: Bot, texts: Sequence[str]) -> tuple[Rate, Rate]:
    """Everybody asks; then everybody presses 👍 under what was said."""
    everybody = on.people[WARM_UP:]
    await measure(on, bot, [asks(on, each, text) for each, text in zip(on.people[:WARM_UP], texts, strict=False)])
    await on.settled(0.5)
    asked = await measure(on, bot, [asks(on, each, text) for each, text in zip(everybody, texts, strict=False)])
    await on.settled(0.5)
    return asked, await measure(on, bot, [presses(on, person) for person in everybody])


async def stock_questions_and_presses(on: Stage, bot: Bot, texts: Sequence[str]) -> tuple[Rate, Rate]:
    """The same; the buttons are those under the answer to /start, so that the echo is a plain one."""
    await measure(on, bot, [asks(on, person, "/start") for person in on.people])
    await on.settled(0.5)
    return await questions_and_presses(on, bot, texts)


def asks(on: Stage, person: int, text: str) -> Callable[[], None]:
    return lambda: on.ask(person, text)


def presses(on: Stage, person: int) -> Callable[[], None]:
    return lambda: on.press(person, "👍")


async def run(databases: Databases, folder: Path, runs: int) -> list[Figure | str]:
    """Both bots in turn, so often."""
    texts = questions(PEOPLE)
    figures: dict[str, list[float]] = {}

    def note(name: str, rate: Rate) -> None:
        figures.setdefault(name, []).append(rate.per_second)
        print(f"    {name}: {rate.per_second:.0f}/s, {rate.cpu:.2f} of a processor", flush=True)

    for _ in range(runs):
        async with stage(folder) as on:
            on.gather(PEOPLE + WARM_UP)
            async with stock(on) as bot:
                asked, pressed = await stock_questions_and_presses(on, bot, texts)
                note("stock questions", asked)
                note("stock presses", pressed)
        async with stage(folder) as on:
            on.gather(PEOPLE + WARM_UP)
            async with ours(on, await databases.fresh(on.people), WITHOUT_LIMITS) as bot:
                asked, pressed = await questions_and_presses(on, bot, texts)
                note("our questions", asked)
                note("our presses", pressed)
    async with stage(folder) as on:
        on.gather(CLIENTS)
        alone = await server_alone(on)
    lines = [Figure(name, tuple(rates), "/s") for name, rates in figures.items()]
    of = {figure.what: figure.median for figure in lines}
    return [
        *lines,
        Figure("the server alone, sendMessage", (alone,), "/s"),
        f"  questions: {ratio(of['our questions'], of['stock questions'])} of stock, wanted 0.2 ×",
        f"  presses: {ratio(of['our presses'], of['stock presses'])} of stock, wanted 1.0 ×",
    ]


async def server_alone(on: Stage, number: int = 10_000) -> float:
    """How many messages a second the server takes from a client that only sends: what no bot can exceed here."""
    # The client is a process of its own as well.
    process = await asyncio.create_subprocess_exec(
        *_CLIENT(on.url, on.people, number), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return float(json.loads(out))


def _CLIENT(url: str, people: Sequence[int], number: int) -> list[str]:
    import sys

    return [sys.executable, "-m", "benchmarks.reliability.client", f"{url}/bot{TOKEN}/sendMessage", str(number), *map(str, people)]
