"""1,700 people ask at once, and Telegram takes 30 messages a second: is everybody answered, and how soon?"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from benchmarks.reliability.bots import ours, stock
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import Bot, Stage, stage
from benchmarks.reliability.words import questions

PEOPLE = 1_700
PER_SECOND = 30
QUIET_S = 15.0  # longer than any of the server's waits
ROWS = (
    Row("answered", goal=Goal(PEOPLE, is_floor=True)),
    Row("refused (429)", goal=Goal(0)),
    Row("the last answer after", "s", 1, goal=Goal(round(1.03 * PEOPLE / PER_SECOND, 1))),
    Row("most in any second"),
)
Start = Callable[[Stage], AbstractAsyncContextManager[Bot]]


async def run(setting: Setting) -> list[Table]:
    """Ours, the stock bot with its limiter, and the stock bot as its first example is."""
    table = Table("1,700 people ask at once, limits enforced", ROWS)
    bots: dict[str, Start] = {
        OURS: lambda on: ours(on, setting.databases),
        "AIORateLimiter": lambda on: stock(on, "--limiter", "--retries", "5"),
        "no limiter": stock,
    }
    if setting.with_all:
        bots["AIORateLimiter, no retries"] = lambda on: stock(on, "--limiter")
        bots["AIORateLimiter, concurrent"] = lambda on: stock(
            on, "--limiter", "--retries", "5", "--concurrent"
        )
    for _ in range(setting.runs):
        for name, start in bots.items():
            table.note(name, await _measure(setting, start))
    return [table]


async def _measure(setting: Setting, start: Start) -> dict[str, float]:
    async with stage(setting.folder, limits=True) as on:
        on.gather(PEOPLE)
        async with start(on):
            began_at = on.now()
            for person, text in zip(on.people, questions(PEOPLE), strict=True):
                on.ask(person, text)
            await on.recorder.until(PEOPLE, QUIET_S)
            traffic = on.control.traffic(after=began_at)
    answered = {said.chat_id for said in on.recorder.said}
    return {
        "answered": len(answered),
        "refused (429)": traffic["refused"],
        "the last answer after": (traffic["last_at"] or began_at) - began_at,
        "most in any second": traffic["most"],
    }
