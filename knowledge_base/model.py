"""The calibrated confidence: a conditional logit over the candidates with a "none of these" choice.

Each candidate has the utility ``weights · signals + bias``, "none of these" has the utility 0; a candidate's
confidence is its share of the sum of exponentials. What a signal is worth depends on how many phrasings the book has
for an entry: there are weights for a poor book and for a rich one, and a book in between gets a mixture.
The weights are made by ``python -m benchmarks.train``.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from knowledge_base.index import Floats
from knowledge_base.signals import SIGNALS


@dataclass(frozen=True)
class Thresholds:
    """Confidence from which something is said; weights.toml holds the measurement beside each."""

    answer: float  # the first candidate, at least: shown as the answer
    suggest: float  # the first candidate, at least: asked back
    also_suggest: float  # the second and third candidate, at least, to be among the choices
    second_question: float  # both halves of a message, at least, to be taken for two questions


# From so many phrasings an entry on a book counts as wholly rich.
RICH_FROM = 32


def richness(phrasings: int, entries: int) -> float:
    """0 for a book with one phrasing an entry, 1 for one with RICH_FROM or more."""
    return min(1.0, math.log2(max(phrasings, 1) / max(entries, 1)) / math.log2(RICH_FROM)) if entries else 0.0


@dataclass(frozen=True, eq=False)
class Model:
    weights: Floats  # of a poor book, of a rich one: 2 x SIGNALS
    bias: Floats  # of a poor book, of a rich one
    thresholds: Thresholds

    def confidences(self, signals: Floats, rich: float) -> Floats:
        mixture = np.array([1.0 - rich, rich])
        utility = np.minimum(signals @ (mixture @ self.weights) + float(mixture @ self.bias), 30.0)
        strength = np.exp(utility)
        shares: Floats = strength / (1.0 + strength.sum())
        return shares


@cache
def frozen_model() -> Model:
    with Path(__file__).with_name("weights.toml").open("rb") as file:
        data = tomllib.load(file)
    missing = set(SIGNALS) ^ set(data["weights"])
    if missing:
        raise ValueError(
            f"weights.toml and signals.py disagree about {sorted(missing)}; run python -m benchmarks.train"
        )
    return Model(
        weights=np.array([data["weights"][name] for name in SIGNALS], dtype=np.float64).T,
        bias=np.array(data["bias"], dtype=np.float64),
        thresholds=Thresholds(**{name: float(value) for name, value in data["thresholds"].items()}),
    )
