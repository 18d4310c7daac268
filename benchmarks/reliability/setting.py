"""What a scenario is given."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.reliability.bots import Databases


@dataclass(frozen=True)
class Setting:
    """Where to work, how often, and how much; the numbers are the issue's unless they are asked to be smaller."""

    databases: Databases
    folder: Path
    runs: int
    updates: int = 100_000  # of the memory's scenario
    recipients: int = 100_000
    kills: int = 200
    with_webhook: bool = True
    with_all: bool = False  # also the variants of the stock bot that take long and show little
