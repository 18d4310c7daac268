"""A mailing to 1,700 goes out while a hundred people ask, two a second: how long do those wait?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from benchmarks.reliability.bots import ours_on, stock
from benchmarks.reliability.bulk import start_mailing
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import Stage, stage
from benchmarks.reliability.stock import ONE_BY_ONE, TOGETHER
from benchmarks.reliability.waits import (
    ANSWERED,
    HALF,
    LAST,
    LONGEST,
    NEARLY_ALL,
    REACHED,
    SHARE,
    TWICE,
    figures_of,
)
from benchmarks.reliability.words import questions

RECIPIENTS = 1_700
ASKERS = 100
BETWEEN_S = 0.5
QUIET_S = 15.0
TEXT = "Pengumuman: pertemuan CoP pindah ke ruang rapat lantai dua."
REFUSED, MOST = "refused (429)", "most in any second"
ROWS = (
    Row(ANSWERED, goal=Goal(ASKERS, is_floor=True)),
    Row(HALF, "s", 2, goal=Goal(0.15)),
    Row(NEARLY_ALL, "s", 2, goal=Goal(0.5)),
    Row(LONGEST, "s", 2, goal=Goal(1.5)),
    Row(REACHED, goal=Goal(RECIPIENTS, is_floor=True)),
    Row(TWICE, goal=Goal(0)),
    Row(REFUSED, goal=Goal(0)),
    Row(MOST),
    Row(LAST, "s", 1),
    Row(SHARE, "", 3, goal=Goal(1.05)),
)
# Sends the mailing to everybody on the stage.
Mail = Callable[[], Awaitable[None]]
Start = Callable[[Stage], AbstractAsyncContextManager[Mail]]


async def run(setting: Setting) -> list[Table]:
    """Ours, and the stock bot's broadcast as a crowd; with `--all` also as a loop."""
    table = Table("A mailing to 1,700 while 100 people ask, two a second, limits enforced", ROWS)
    bots: dict[str, Start] = {
        OURS: lambda on: _ours(on, setting),
        "gather, AIORateLimiter": lambda on: _stock(on, TOGETHER),
    }
    if setting.with_all:
        bots["loop, AIORateLimiter"] = lambda on: _stock(on, ONE_BY_ONE)
    for _ in range(setting.runs):
        for name, start in bots.items():
            table.note(name, await _measure(setting, start))
    return [table]


@asynccontextmanager
async def _ours(on: Stage, setting: Setting) -> AsyncIterator[Mail]:
    url = await setting.databases.fresh(on.people)
    async with ours_on(on, url):
        yield lambda: start_mailing(url, on.people, TEXT)


@asynccontextmanager
async def _stock(on: Stage, how: str) -> AsyncIterator[Mail]:
    options = ("--limiter", "--retries", "5", "--broadcast", how)
    chats = "".join(f"{person}\n" for person in on.people)
    organiser = on.control.add_user("Panitia")["id"]

    async def mail() -> None:
        on.ask(organiser, f"/broadcast {TEXT}")

    async with stock(on, *options, stdin=chats):
        yield mail


async def _measure(setting: Setting, start: Start) -> dict[str, float]:
    async with stage(setting.folder, limits=True) as on:
        on.gather(RECIPIENTS)
        # Spread over the list, so that it does not matter where a mailing begins.
        askers = on.people[:: RECIPIENTS // ASKERS][:ASKERS]
        async with start(on) as mail:
            began_at = on.now()
            await mail()
            asked_at = await _ask_in_turn(on, askers)
            await on.recorder.until(RECIPIENTS + ASKERS, QUIET_S)
            traffic = on.control.traffic(after=began_at)
    figures = figures_of(on.recorder.said, TEXT, began_at, asked_at)
    return figures | {REFUSED: traffic["refused"], MOST: traffic["most"]}


async def _ask_in_turn(on: Stage, askers: list[int]) -> dict[int, float]:
    """Person -> when they asked."""
    asked_at: dict[int, float] = {}
    began = asyncio.get_running_loop().time()
    for number, (person, text) in enumerate(zip(askers, questions(len(askers)), strict=True)):
        await asyncio.sleep(max(0.0, began + number * BETWEEN_S - asyncio.get_running_loop().time()))
        asked_at[person] = on.now()
        on.ask(person, text)
    return asked_at
