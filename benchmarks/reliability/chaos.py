"""The kills of tests/chaos at Telegram's rates: by polling and by webhook, on both databases."""

from collections.abc import Sequence
from dataclasses import fields

from benchmarks.reliability.bots import databases
from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from tests.chaos.stage import Scale
from tests.chaos.storm import Account, storm

SEED = 20261124
# What the kills show does not depend on how long a dead process's lease goes on.
SCALE = Scale(lease_s=2.0)
LAST_MOMENT = 60
WAYS = [(kind, webhook) for kind in ("sqlite", "postgres") for webhook in (False, True)]
FAULTS = "lost, doubled, forgotten or wrongly uncertain"
ROWS = (
    Row("kills"),
    Row("updates"),
    Row("copies of mailings"),
    Row("uncertain copies"),
    Row("uncertain copies by one kill, at most"),
    Row("answers repeated"),
    Row(FAULTS, goal=Goal(0)),
)


async def run(setting: Setting) -> Sequence[Table | str]:
    """A quarter of the kills each way; the accounts are added up."""
    total = Account()
    for number, (kind, webhook) in enumerate(WAYS):
        folder = setting.folder / f"{kind}-{'webhook' if webhook else 'polling'}"
        folder.mkdir()
        with databases(kind, folder) as found:
            total += await storm(
                found.empty(),
                folder,
                SCALE,
                kills=setting.kills // len(WAYS),
                last_moment=LAST_MOMENT,
                webhook=webhook,
                seed=SEED + number,
            )
    table = Table("Kills while people ask and press and a mailing is under way, Telegram's rates", ROWS)
    values = (
        total.kills,
        total.updates,
        total.copies,
        total.uncertain,
        total.most_uncertain,
        total.answers_repeated,
        sum(total.faults().values()),
    )
    table.note(OURS, {row.what: float(value) for row, value in zip(ROWS, values, strict=True)})
    named = [
        f"{each.name}={total.faults()[each.name]}" for each in fields(total) if each.name in total.faults()
    ]
    return [*named, table]
