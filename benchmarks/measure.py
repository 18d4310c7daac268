"""Figures for a list of answered questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Outcome:
    gold: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]

    @property
    def top(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def is_first(self) -> bool:
        return bool(self.ranking) and self.ranking[0][0] in self.gold

    @property
    def in_three(self) -> bool:
        return any(name in self.gold for name, _ in self.ranking[:3])


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Probability that a question of the book scores higher than one that is not in it."""
    if not inside or not outside:
        return float("nan")
    values = np.concatenate([inside, outside])
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        tied = values == value
        ranks[tied] = ranks[tied].mean()
    count = len(inside)
    return float((ranks[:count].sum() - count * (count + 1) / 2) / (count * len(outside)))


def calibration_error(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """Mean distance between the confidence of the first result and how often it is right, weighted by bin."""
    tops = np.array([outcome.top for outcome in outcomes])
    rights = np.array([outcome.is_first for outcome in outcomes], dtype=float)
    which = np.minimum((tops * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(tops[which == number].mean() - rights[which == number].mean()) * np.mean(which == number)
            for number in range(bins)
            if np.any(which == number)
        )
    )


def right_at_precision(outcomes: Sequence[Outcome], precision: float = 0.95) -> float:
    """Largest share of the book's questions answered right while that share of all direct answers is right."""
    inside = sum(1 for outcome in outcomes if outcome.gold)
    best, right = 0, 0
    for count, outcome in enumerate(sorted(outcomes, key=lambda one: -one.top), start=1):
        right += outcome.is_first
        if right / count >= precision:
            best = right
    return best / inside if inside else float("nan")


def percent(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f}"


def summary(outcomes: Sequence[Outcome], answer_from: float = 0.6) -> str:
    inside = [outcome for outcome in outcomes if outcome.gold]
    outside = [outcome for outcome in outcomes if not outcome.gold]
    answered = [outcome for outcome in outcomes if outcome.top >= answer_from]
    first = np.mean([outcome.is_first for outcome in inside]) if inside else float("nan")
    three = np.mean([outcome.in_three for outcome in inside]) if inside else float("nan")
    right = np.mean([outcome.is_first for outcome in answered]) if answered else float("nan")
    leaked = np.mean([outcome.top >= answer_from for outcome in outside]) if outside else float("nan")
    return (
        f"n {len(inside):5}+{len(outside):<4} first {percent(float(first))} three {percent(float(three))}"
        f" auroc {percent(auroc([o.top for o in inside], [o.top for o in outside]))}"
        f" answered {percent(len(answered) / max(len(outcomes), 1))} right {percent(float(right))}"
        f" leaked {percent(float(leaked))} @95 {percent(right_at_precision(outcomes))}"
        f" ece {percent(calibration_error(outcomes))}"
    )
