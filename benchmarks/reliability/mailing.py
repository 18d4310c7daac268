"""A mailing to 1,700 goes out while a hundred people ask, two a second: how long do those wait?"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from benchmarks.reliability.bots import ours_on, stock
from benchmarks.reliability.bulk import start_mailing
from benchmarks.reliability.figures import OURS, Goal, Row, Table, percentile
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import Recorder, Stage, stage
from benchmarks.reliability.stock import ONE_BY_ONE, TOGETHER
from benchmarks.reliability.words import questions

RECIPIENTS = 1_700
ASKERS = 100
BETWEEN_S = 0.5
PER_SECOND = 30
QUIET_S = 15.0
TEXT = "Pengumuman: pertemuan CoP pindah ke ruang rapat lantai dua."
BULK = "the last bulk message after"
ROWS = (
    Row("people who asked and were answered", goal=Goal(ASKERS, is_floor=True)),
    Row("answers: half of them within", "s", 2, goal=Goal(0.15)),
    Row("answers: 95 % within", "s", 2, goal=Goal(0.5)),
    Row("answers: the last within", "s", 2, goal=Goal(1.5)),
    Row("reached by the mailing", goal=Goal(RECIPIENTS, is_floor=True)),
    Row("reached twice", goal=Goal(0)),
    Row("refused (429)", goal=Goal(0)),
    Row("most in any second"),
    Row(BULK, "s", 1),
    Row(f"{BULK}: times accepted/{PER_SECOND}", "", 3, goal=Goal(1.05)),
)
# Sends the mailing to everybody on the stage.
Mail = Callable[[], Awaitable[None]]
Start = Callable[[Stage], AbstractAsyncContextManager[Mail]]


async def run(setting: Setting) -> list[Table]:
    """Ours, and the stock bot's broadcast as a loop and as a crowd."""
    table = Table("A mailing to 1,700 while 100 people ask, two a second, limits enforced", ROWS)
    bots: dict[str, Start] = {
        OURS: lambda on: _ours(on, setting),
        "gather, AIORateLimiter": lambda on: _stock(on, TOGETHER),
        "loop, AIORateLimiter": lambda on: _stock(on, ONE_BY_ONE),
    }
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
        return _figures(on.recorder, began_at, asked_at, traffic["refused"], traffic["most"])


async def _ask_in_turn(on: Stage, askers: list[int]) -> dict[int, float]:
    """Person -> when they asked."""
    asked_at: dict[int, float] = {}
    began = asyncio.get_running_loop().time()
    for number, (person, text) in enumerate(zip(askers, questions(len(askers)), strict=True)):
        await asyncio.sleep(max(0.0, began + number * BETWEEN_S - asyncio.get_running_loop().time()))
        asked_at[person] = on.now()
        on.ask(person, text)
    return asked_at


def _figures(
    recorder: Recorder, began_at: float, asked_at: dict[int, float], refused: int, most: int
) -> dict[str, float]:
    bulk = [said for said in recorder.said if said.text == TEXT]
    waited: dict[int, float] = {}
    for said in recorder.said:
        if said.text != TEXT and said.chat_id in asked_at:
            waited.setdefault(said.chat_id, said.at - asked_at[said.chat_id])
    reached = Counter(said.chat_id for said in bulk)
    figures: dict[str, float] = {
        "people who asked and were answered": len(waited),
        "reached by the mailing": len(reached),
        "reached twice": sum(times > 1 for times in reached.values()),
        "refused (429)": refused,
        "most in any second": most,
    }
    if waited:
        seconds = list(waited.values())
        figures["answers: half of them within"] = percentile(seconds, 0.5)
        figures["answers: 95 % within"] = percentile(seconds, 0.95)
        figures["answers: the last within"] = max(seconds)
    if bulk:
        last = bulk[-1].at
        accepted = sum(said.at <= last for said in recorder.said)
        figures[BULK] = last - began_at
        figures[f"{BULK}: times accepted/{PER_SECOND}"] = (last - began_at) / (accepted / PER_SECOND)
    return figures
