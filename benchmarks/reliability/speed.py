"""How many questions and presses a second, when Telegram refuses nothing."""

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.reliability.bots import WITHOUT_LIMITS, by_webhook, ours, stock
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import TOKEN, Bot, Stage, stage
from benchmarks.reliability.words import questions

PEOPLE = 5_000  # each asks once and presses once
WARM_UP = 300
QUIET_S = 20.0
CLIENTS = 20  # connections, when the server is measured alone

STOCK = "echo bot"
WEBHOOK = "ours, webhook"
QUESTIONS = "questions answered"
PRESSES = "presses answered"
ROWS = (
    Row(QUESTIONS, "a second", goal=Goal(0.2, is_floor=True, of=STOCK)),
    Row("processor for each question", "ms", 2),
    Row(PRESSES, "a second", goal=Goal(1.0, is_floor=True, of=STOCK)),
    Row("processor for each press", "ms", 2),
    Row("the server alone: messages", "a second"),
)


@dataclass(frozen=True)
class Rate:
    """How many a second, and how much of a processor the bot took meanwhile (1.0: all of one)."""

    per_second: float
    cpu: float

    @property
    def ms(self) -> float:
        """Milliseconds of a processor for each."""
        return self.cpu / self.per_second * 1000


async def measure(on: Stage, bot: Bot, acts: Sequence[Callable[[], None]]) -> Rate:
    """Let all of this happen at once, and count until the bot has answered the last of it."""
    on.recorder.forget()
    for act in acts:
        act()
    began_at, cpu = on.now(), bot.cpu_s()
    if not await on.recorder.until(len(acts), QUIET_S):
        raise TimeoutError(f"{on.recorder.count} of {len(acts)} answered, then nothing for {QUIET_S:g} s")
    took = on.now() - began_at
    return Rate(len(acts) / took, (bot.cpu_s() - cpu) / took)


async def run(setting: Setting) -> list[Table]:
    """Both bots in turn."""
    table = Table("Questions and presses a second, no limits", ROWS)
    texts = questions(PEOPLE)
    for number in range(setting.runs):
        async with stage(setting.folder) as on:
            on.gather(PEOPLE + WARM_UP)
            async with stock(on) as bot:
                # The buttons are those under the answer to /start, so that the echo is a plain one.
                await measure(on, bot, [asks(on, person, "/start") for person in on.people])
                await on.settled()
                table.note(STOCK, await _both(on, bot, texts))
        for name, variables in ((OURS, {}), (WEBHOOK, by_webhook())):
            if name == WEBHOOK and (number > 0 or not setting.with_webhook):
                continue  # it has no goal of its own, so once is enough
            async with stage(setting.folder) as on:
                on.gather(PEOPLE + WARM_UP)
                async with ours(on, setting.databases, dict(WITHOUT_LIMITS) | dict(variables)) as bot:
                    table.note(name, await _both(on, bot, texts))
    async with stage(setting.folder) as on:
        on.gather(CLIENTS)
        table.note("bare sockets", {"the server alone: messages": await server_alone(on)})
    return [table]


async def _both(on: Stage, bot: Bot, texts: Sequence[str]) -> dict[str, float]:
    """Some ask to warm up, then all others ask; then those press 👍 under what was said to them."""
    warm, everybody = on.people[:WARM_UP], on.people[WARM_UP:]
    await measure(on, bot, [asks(on, person, text) for person, text in zip(warm, texts, strict=False)])
    await on.settled()
    asked = await measure(
        on, bot, [asks(on, person, text) for person, text in zip(everybody, texts, strict=True)]
    )
    await on.settled()
    pressed = await measure(on, bot, [presses(on, person) for person in everybody])
    return {
        QUESTIONS: asked.per_second,
        "processor for each question": asked.ms,
        PRESSES: pressed.per_second,
        "processor for each press": pressed.ms,
    }


def asks(on: Stage, person: int, text: str) -> Callable[[], None]:
    """This person writes this."""
    return lambda: on.ask(person, text)


def presses(on: Stage, person: int) -> Callable[[], None]:
    """This person presses 👍 under the last message that has it."""
    return lambda: on.press(person, "👍")


async def server_alone(on: Stage, number: int = 10_000) -> float:
    """How many messages a second the server takes from a client that only sends: no bot can exceed that here."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.reliability.client",
        f"{on.url}/bot{TOKEN}/sendMessage",
        str(number),
        *map(str, on.people),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    return float(json.loads(out))
