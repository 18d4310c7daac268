"""Numbers, goals, and the table in which ours stand beside the stock library's."""

import logging
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

OURS = "ours"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed. Raises ValueError without any."""
    if not values:
        raise ValueError("a percentile of nothing")
    ordered = sorted(values)
    rank = -int(-share * len(ordered) // 1)  # rounded up
    return ordered[max(0, rank - 1)]


@dataclass(frozen=True)
class Goal:
    """What our median has to reach: so much, or so much of another column's median in the same row."""

    limit: float
    is_floor: bool = False  # otherwise it is the most that it may be
    of: str | None = None

    def is_met(self, medians: Mapping[str, float]) -> bool:
        """Whether our median does. Raises KeyError when a column that is needed was not measured."""
        limit = self.limit if self.of is None else self.limit * medians[self.of]
        return medians[OURS] >= limit if self.is_floor else medians[OURS] <= limit

    def __str__(self) -> str:
        sign = "≥" if self.is_floor else "≤"
        return f"{sign} {self.limit:,g}" if self.of is None else f"{sign} {self.limit:g} × {self.of}"


@dataclass(frozen=True)
class Row:
    """One figure: its unit, how many decimals are shown, and its goal, where there is one."""

    what: str
    unit: str = ""
    digits: int = 0
    goal: Goal | None = None


@dataclass
class Table:
    """What was measured of which bot, run by run; printed as medians, with the extremes where there were several."""

    title: str
    rows: tuple[Row, ...]
    columns: list[str] = field(default_factory=list)
    values: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def note(self, column: str, figures: Mapping[str, float]) -> None:
        """Add the figures of one run of one bot, by the names of their rows."""
        unknown = figures.keys() - {row.what for row in self.rows}
        if unknown:
            raise KeyError(f"no such row: {', '.join(sorted(unknown))}")
        if column not in self.columns:
            self.columns.append(column)
        log.info("%s: %s", column, "; ".join(f"{what} {value:,.2f}" for what, value in figures.items()))
        for what, value in figures.items():
            self.values.setdefault((column, what), []).append(value)

    def medians(self, row: Row) -> dict[str, float]:
        """Column -> median, for the columns that have this row."""
        return {
            column: statistics.median(self.values[column, row.what])
            for column in self.columns
            if (column, row.what) in self.values
        }

    def verdict(self, row: Row) -> bool | None:
        """Whether the goal is met; None where there is none, or nothing to compare."""
        medians = self.medians(row)
        if (
            row.goal is None
            or OURS not in medians
            or (row.goal.of is not None and row.goal.of not in medians)
        ):
            return None
        return row.goal.is_met(medians)

    def __str__(self) -> str:
        named = max(len(_label(row)) for row in self.rows) + 2
        widths = [max(18, len(column) + 2) for column in self.columns]
        head = "".join(f"{column:>{width}}" for column, width in zip(self.columns, widths, strict=True))
        lines = [self.title, " " * named + head + "  goal"]
        for row in self.rows:
            cells = [self._cell(row, column) for column in self.columns]
            if not any(cells):
                continue
            line = f"{_label(row):{named}}" + "".join(
                f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)
            )
            verdict = self.verdict(row)
            if row.goal is not None and verdict is not None:
                line += f"  {row.goal}: {'met' if verdict else 'MISSED'}"
            lines.append(line.rstrip())
        return "\n".join(lines)

    def _cell(self, row: Row, column: str) -> str:
        found = self.values.get((column, row.what))
        if not found:
            return ""
        text = number(statistics.median(found), row.digits)
        if len(found) > 1 and min(found) != max(found):
            text += f" ({number(min(found), row.digits)}–{number(max(found), row.digits)})"
        return text


def _label(row: Row) -> str:
    return f"  {row.what}" + (f", {row.unit}" if row.unit else "")


def number(value: float, digits: int) -> str:
    """With commas between thousands."""
    return f"{value:,.{digits}f}"


def missed(tables: Sequence[Table]) -> list[str]:
    """The goals that were not met, as "title: row"."""
    return [
        f"{table.title}: {row.what}" for table in tables for row in table.rows if table.verdict(row) is False
    ]
