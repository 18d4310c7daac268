"""Numbers and how they are printed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed. Raises ValueError without any."""
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)  # rounded up
    return ordered[max(0, rank - 1)]


def ratio(ours: float, theirs: float) -> str:
    """How often theirs is in ours, as it is printed; a dash where theirs is nothing."""
    return f"{ours / theirs:.2f} ×" if theirs else "–"


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, what came out, in every run, and what is wanted ("" where nothing is)."""

    what: str
    runs: tuple[float, ...]
    unit: str = ""
    wanted: str = ""
    digits: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    def __str__(self) -> str:
        text = f"  {self.what:58}{number(self.median, self.digits):>10} {self.unit}".rstrip()
        if len(self.runs) > 1:
            text += f"  ({' '.join(number(run, self.digits) for run in self.runs)})"
        return text + (f"  wanted: {self.wanted}" if self.wanted else "")


def number(value: float, digits: int) -> str:
    """With commas between thousands."""
    return f"{value:,.{digits}f}"
