"""Two processes on one PostgreSQL database at Telegram's rates: the one that sends is killed, or frozen and woken."""

from collections.abc import Sequence

from benchmarks.reliability.bots import databases
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from tests.chaos.replicas import FULL, Ending, Report
from tests.chaos.replicas import run as play

OVER_WITHIN_S = 15.0
ROWS = (
    Row("questions asked, twenty a second"),
    Row("lost, unanswered, open or out of order", goal=Goal(0)),
    Row("refused (429)", goal=Goal(0)),
    Row("most messages in a second", goal=Goal(FULL.rate)),
    Row("answered twice (in the air at the end of the leader)"),
    Row("recipients of the mailing"),
    Row("neither sent nor uncertain, or there twice", goal=Goal(0)),
    Row("uncertain"),
    Row("longest silence", "s", 1, goal=Goal(OVER_WITHIN_S)),
)


async def run(setting: Setting) -> Sequence[Table | str]:
    """Both endings, once."""
    tables = []
    for ending in Ending:
        folder = setting.folder / ending.name.lower()
        folder.mkdir()
        with databases("postgres", folder) as found:
            report = await play(FULL, ending, await found.fresh(), folder)
        table = Table(f"Two replicas, the leader {ending.value}", ROWS)
        table.note(OURS, dict(zip((row.what for row in ROWS), _values(report), strict=True)))
        tables.append(table)
    return tables


def _values(report: Report) -> tuple[float, ...]:
    wrong = (
        abs(report.asked - report.handled)
        + report.unanswered
        + report.updates_open
        + report.questions_out_of_order
        + report.answers_out_of_order
    )
    ended = report.mailing.sent + report.mailing.uncertain
    twice = sum(many for copies, many in report.copies.items() if copies > 1)
    return (
        report.asked,
        wrong,
        report.refused,
        report.most_in_a_second,
        report.answered_twice,
        FULL.recipients,
        FULL.recipients - ended + twice,
        report.mailing.uncertain,
        report.silent_s,
    )
