"""How much more memory the process holds after a hundred thousand updates and a mailing to as many people."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from benchmarks.reliability.bots import WITHOUT_LIMITS, ours_on, stock
from benchmarks.reliability.bulk import start_mailing
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import Bot, Stage, stage
from benchmarks.reliability.stock import ONE_BY_ONE
from benchmarks.reliability.words import questions

PORTION = 1_000  # updates that wait at once
PRESSES = 4  # of 👍, for each question
QUIET_S = 30.0
IDLE_S = 70.0  # our bot lets go of what it can once a minute
TEXT = "Pengumuman: pertemuan CoP pindah ke ruang rapat lantai dua."
STOCK = "echo bot"
HANDLED, REACHED = "updates answered", "reached by the mailing"
GROWTH = "more than after the start, at the end"
ROWS = (
    Row("after the start", "MB", 1),
    Row("after the updates", "MB", 1),
    Row("after the mailing", "MB", 1),
    Row(GROWTH, "MB", 1, goal=Goal(40)),
)
Mail = Callable[[], Awaitable[None]]
Start = Callable[[Stage], AbstractAsyncContextManager[tuple[Bot, Mail]]]


async def run(setting: Setting) -> list[Table]:
    """Ours, and with `--all` the stock bot; a fifth of the updates are texts, the others presses under the answers."""
    title = f"Memory after {setting.updates:,} updates and a mailing to {setting.recipients:,}, no limits"
    table = Table(
        title,
        (
            Row(HANDLED, goal=Goal(setting.updates, is_floor=True)),
            Row(REACHED, goal=Goal(setting.recipients, is_floor=True)),
            *ROWS,
        ),
    )
    for _ in range(setting.runs):
        table.note(OURS, await _measure(setting, lambda on: _ours(on, setting), questions(PORTION)))
        if setting.with_all:
            # Of all that the stock bot says only the answer to /start has a button.
            table.note(STOCK, await _measure(setting, _stock, ["/start"] * PORTION))
    return [table]


@asynccontextmanager
async def _ours(on: Stage, setting: Setting) -> AsyncIterator[tuple[Bot, Mail]]:
    url = await setting.databases.fresh(on.people)
    async with ours_on(on, url, WITHOUT_LIMITS) as bot:
        yield bot, lambda: start_mailing(url, on.people, TEXT)


@asynccontextmanager
async def _stock(on: Stage) -> AsyncIterator[tuple[Bot, Mail]]:
    chats = "".join(f"{person}\n" for person in on.people)
    organiser = on.control.add_user("Panitia")["id"]

    async def mail() -> None:
        on.ask(organiser, f"/broadcast {TEXT}")

    async with stock(on, "--broadcast", ONE_BY_ONE, stdin=chats) as bot:
        yield bot, mail


async def _measure(setting: Setting, start: Start, texts: Sequence[str]) -> dict[str, float]:
    async with stage(setting.folder) as on:
        on.gather(setting.recipients)
        async with start(on) as (bot, mail):
            await asyncio.sleep(IDLE_S)
            figures = {"after the start": bot.memory_mb()}
            figures[HANDLED] = await _use(on, texts, setting.updates)
            await asyncio.sleep(IDLE_S)
            figures["after the updates"] = bot.memory_mb()
            on.recorder.forget()
            await mail()
            await on.recorder.until(setting.recipients, QUIET_S)
            await asyncio.sleep(IDLE_S)
            figures[REACHED] = len({said.chat_id for said in on.recorder.said})
            figures["after the mailing"] = bot.memory_mb()
    figures[GROWTH] = figures["after the mailing"] - figures["after the start"]
    return figures


async def _use(on: Stage, texts: Sequence[str], updates: int) -> int:
    """Let people write and press in turn, so many times altogether; gives how often they were answered."""
    handled = 0
    for first in range(0, updates // (1 + PRESSES), PORTION):
        people = [on.people[number % len(on.people)] for number in range(first, first + PORTION)]
        for act in range(1 + PRESSES):
            on.recorder.forget()
            for person, text in zip(people, texts, strict=True):
                if act == 0:
                    on.ask(person, text)
                else:
                    on.press(person, "👍")
            await on.recorder.until(PORTION, QUIET_S)
            handled += on.recorder.count
    return handled
