"""The process is killed while 1,700 people wait for an answer, and started again: who is never answered?"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager

from benchmarks.reliability.bots import WITHOUT_LIMITS, ours_on, stock
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import Bot, Stage, stage
from benchmarks.reliability.words import questions

PEOPLE = 1_700
MOMENTS = (PEOPLE // 4, PEOPLE // 2, PEOPLE * 3 // 4)  # answers that Telegram has accepted when it happens
QUIET_S = 10.0
STOCK = "echo bot"
ROWS = (
    *(Row(f"never answered, killed after {moment} answers", goal=Goal(0)) for moment in MOMENTS),
    Row("answered twice, all kills together"),
)
Start = Callable[[Stage], AbstractAsyncContextManager[Bot]]


async def run(setting: Setting) -> list[Table]:
    """One kill a run, at three moments."""
    table = Table("SIGKILL in a burst of 1,700 questions, then a new start", ROWS)
    for _ in range(setting.runs):
        for name in (OURS, STOCK):
            figures: dict[str, float] = {}
            twice = 0
            for moment in MOMENTS:
                async with stage(setting.folder) as on:
                    on.gather(PEOPLE)
                    said = await _killed(on, await _starter(name, setting, on), moment)
                figures[f"never answered, killed after {moment} answers"] = PEOPLE - len(said)
                twice += sum(times > 1 for times in said.values())
            figures["answered twice, all kills together"] = twice
            table.note(name, figures)
    return [table]


async def _starter(name: str, setting: Setting, on: Stage) -> Start:
    if name == STOCK:
        return stock
    url = await setting.databases.fresh(on.people)
    return lambda on: ours_on(on, url, WITHOUT_LIMITS)


async def _killed(on: Stage, start: Start, moment: int) -> Mapping[int, int]:
    """Chat -> how often it was answered."""
    async with start(on) as bot:
        for person, text in zip(on.people, questions(PEOPLE), strict=True):
            on.ask(person, text)
        await on.recorder.until(moment, QUIET_S)
        await bot.kill()
    async with start(on):
        # Whoever is answered twice must not hide somebody who is not.
        await on.recorder.until(PEOPLE, QUIET_S)
        await on.settled(QUIET_S)
    return Counter(said.chat_id for said in on.recorder.said)
