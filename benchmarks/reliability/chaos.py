"""The kills of tests/chaos, as many as are asked for and with Telegram's rates."""

import asyncio
import os
import sys
from collections.abc import Sequence

from benchmarks.reliability.figures import OURS, Goal, Row, Table
from benchmarks.reliability.setting import Setting
from benchmarks.reliability.stage import ROOT

FAILED = "runs in which something was lost or done twice"
ROWS = (Row("kills, a third of them on PostgreSQL"), Row(FAILED, goal=Goal(0)))


async def run(setting: Setting) -> Sequence[Table | str]:
    """One run of tests/chaos; what pytest said is shown when it found something."""
    on_sqlite = -(-setting.kills * 2 // 3)  # and half as many again on PostgreSQL
    environment = os.environ | {"CHAOS_KILLS": str(on_sqlite), "CHAOS_RATES": "telegram"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "pytest",
        "tests/chaos",
        "-q",
        "-o",
        "addopts=--strict-markers --strict-config",
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    table = Table("Kills while people ask and press, Telegram's rates", ROWS)
    table.note(OURS, {ROWS[0].what: setting.kills, FAILED: float(process.returncode != 0)})
    return [table] if process.returncode == 0 else [out.decode(), table]
