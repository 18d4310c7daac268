"""The calibrated confidence: a conditional logit over the candidates with a "none of these" choice.

Each candidate has the utility ``weights · signals + bias``, "none of these" has the utility 0; a candidate's
confidence is its share of the sum of exponentials. The weights are made by ``python -m benchmarks.train``.
"""

from __future__ import annotations

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


@dataclass(frozen=True, eq=False)
class Model:
    weights: Floats
    bias: float
    thresholds: Thresholds

    def confidences(self, signals: Floats) -> Floats:
        utility = np.minimum(signals @ self.weights + self.bias, 30.0)
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
        weights=np.array([float(data["weights"][name]) for name in SIGNALS]),
        bias=float(data["bias"]),
        thresholds=Thresholds(**{name: float(value) for name, value in data["thresholds"].items()}),
    )
