"""Makes knowledge_base/weights.toml: ``python -m benchmarks.train``. Prints the cross-validated figures.

The loss is the conditional logit's negative log likelihood with "none of these" as one more choice; a question whose
entry is not among the candidates counts as "none". Folds are made of entries: no fold's weights have seen the phrasings
of its entries.
"""

import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import knowledge_base
from benchmarks.books import Question, foreign_books, our_book
from benchmarks.cases import Trial, training_trials
from benchmarks.measure import Outcome, percent, summary
from knowledge_base.index import Floats
from knowledge_base.model import Model, Thresholds
from knowledge_base.search import Engine
from knowledge_base.signals import SIGNALS, find, understand

WEIGHTS_FILE = Path(knowledge_base.__file__).parent / "weights.toml"
FOLDS = 5
RIDGE = 0.003
STEPS = 60
# Real questions count more than held-out phrasings; the foreign books' phrasings avoid each other's words on purpose.
DEVELOPMENT_WEIGHT, HELD_OUT_WEIGHT, FOREIGN_WEIGHT = 2.0, 1.0, 0.3


@dataclass(frozen=True)
class Example:
    book: str
    question: Question
    ids: tuple[str, ...]
    signals: Floats
    right: np.ndarray
    fold: int
    weight: float


# Training must not need the file that it makes.
_UNTRAINED = Model(np.zeros(len(SIGNALS)), 0.0, Thresholds(1.0, 1.0, 1.0, 1.0))


def examples(trials: Sequence[Trial]) -> list[Example]:
    out = []
    for trial in trials:
        engine = Engine(trial.book.entries, trial.book.vocabulary, model=_UNTRAINED)
        for question in trial.questions:
            found = find(
                engine.index,
                understand(engine.index, engine.reader.read(question.text), engine.reader.synonyms),
            )
            ids = tuple(trial.book.entries[number].id for number in found.entries)
            key = question.style.partition(":")[2] or (question.gold[0] if question.gold else question.text)
            out.append(
                Example(
                    book=trial.book.name,
                    question=question,
                    ids=ids,
                    signals=found.signals,
                    right=np.array([name in question.gold for name in ids], dtype=bool),
                    fold=zlib.crc32(key.encode()) % FOLDS,
                    weight=_weight(question.style, trial.book.name),
                )
            )
    return out


def _weight(style: str, book: str) -> float:
    if style.startswith(("real", "oos-near", "oos-far", "written-")):
        return DEVELOPMENT_WEIGHT
    return HELD_OUT_WEIGHT if book == "tanyacop" or not style.startswith("held-out") else FOREIGN_WEIGHT


def fit(data: Sequence[Example], ridge: float = RIDGE) -> tuple[Floats, float]:
    """Weights and bias by Newton's method; deterministic.

    No weight may be negative: signals overlap, and a negative weight for likeness fits this data but not the next book.
    """
    data = [example for example in data if len(example.ids)]
    signals = np.concatenate([example.signals for example in data])
    right = np.concatenate([example.right for example in data])
    sizes = np.array([len(example.ids) for example in data])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    weight = np.array([example.weight for example in data])
    weight = weight / weight.sum()
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-6
    scaled = np.column_stack([(signals - mean) / spread, np.ones(len(signals))])
    has_right = np.logical_or.reduceat(right, starts)
    beta = np.zeros(scaled.shape[1])
    penalty = np.full(len(beta), ridge)
    penalty[-1] = 1e-6
    free = np.append(np.zeros(len(SIGNALS), dtype=bool), True)  # the bias may have either sign
    per_row = np.repeat(weight, sizes)
    for _ in range(STEPS):
        strength = np.exp(np.minimum(scaled @ beta, 30))
        total = 1 + np.add.reduceat(strength, starts)
        good = np.add.reduceat(strength * right, starts)
        share = strength / np.repeat(total, sizes)
        good_of = np.repeat(np.where(has_right, good, 1.0), sizes)
        target = np.where(right, strength / good_of, 0.0)
        gradient = scaled.T @ ((share - target) * per_row) + penalty * beta
        expected = np.add.reduceat(scaled * share[:, None], starts)
        curvature = (scaled * (share * per_row)[:, None]).T @ scaled - (
            expected * weight[:, None]
        ).T @ expected
        curvature += np.diag(penalty + 1e-9)
        step = _positive_step(beta, gradient, curvature, free)
        beta += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-5:
            break
    weights = beta[:-1] / spread
    return weights, float(beta[-1] - mean @ weights)


def _positive_step(beta: Floats, gradient: Floats, curvature: Floats, free: NDArray[np.bool_]) -> Floats:
    """The step to the lowest point of the local parabola with weights above zero: coordinate descent."""
    goal = beta.copy()
    slope = gradient.copy()
    for _ in range(300):
        largest = 0.0
        for place in range(len(beta)):
            wanted = goal[place] - slope[place] / curvature[place, place]
            if wanted < 0 and not free[place]:
                wanted = 0.0
            moved = wanted - goal[place]
            if moved:
                goal[place] = wanted
                slope += moved * curvature[:, place]
                largest = max(largest, abs(moved))
        if largest < 1e-7:
            break
    return goal - beta


def predict(example: Example, weights: Floats, bias: float) -> Outcome:
    strength = np.exp(np.minimum(example.signals @ weights + bias, 30))
    shares = strength / (1 + strength.sum()) if len(strength) else strength
    order = np.argsort(-shares, kind="stable")
    return Outcome(
        gold=example.question.gold,
        ranking=tuple((example.ids[place], float(shares[place])) for place in order[:5]),
    )


def main() -> None:
    started = time.perf_counter()
    data = examples(list(training_trials(our_book(), foreign_books())))
    print(f"{len(data)} examples in {time.perf_counter() - started:.0f} s")
    print("\ncross-validated by entry; 'unseen': the weights have seen no question of that book")
    groups: dict[str, list[Outcome]] = {}
    for fold in range(FOLDS):
        weights, bias = fit([example for example in data if example.fold != fold])
        for example in data:
            if example.fold == fold:
                groups.setdefault(_group(example), []).append(predict(example, weights, bias))
    for book in sorted({example.book for example in data}):
        weights, bias = fit([example for example in data if example.book != book])
        for example in data:
            if example.book == book and example.question.style.startswith("held-out"):
                groups.setdefault(f"unseen {_group(example)}", []).append(predict(example, weights, bias))
    for name, outcomes in sorted(groups.items()):
        print(f"{name:42}{summary(outcomes)}")
    print("\nour questions by the confidence from which an answer is given")
    ours = [o for name, some in groups.items() if name.startswith("tanyacop") for o in some]
    real = [o for name, some in groups.items() if name.startswith("tanyacop written") for o in some]
    for limit in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        print(f"  {limit:.2f}  development, written entries: {_at(real, limit)}   all: {_at(ours, limit)}")
    print("\n... and from which entries are suggested (answer from 0.85)")
    for limit in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        print(f"  {limit:.2f}  written entries: {_shown(real, limit)}   all: {_shown(ours, limit)}")
    weights, bias = fit(data)
    print()
    for name, value in zip(SIGNALS, weights, strict=True):
        print(f"  {name:20}{value:8.3f}")
    if "--dry" not in sys.argv:
        write(weights, bias)


def _group(example: Example) -> str:
    style = example.question.style.partition(":")[0]
    if style.startswith("written-"):
        style = "written" + ("-noisy" if style.endswith("-noisy") else "")
    if style.startswith(("real", "oos-near", "oos-far")):
        style = "development" + ("-noisy" if style.endswith("-noisy") else "")
    return f"{example.book} {style}"


def _at(outcomes: Sequence[Outcome], limit: float) -> str:
    answered = [outcome for outcome in outcomes if outcome.top >= limit]
    outside = [outcome for outcome in outcomes if not outcome.gold]
    leaked = sum(outcome.top >= limit for outcome in outside) / max(len(outside), 1)
    right = sum(outcome.is_first for outcome in answered) / max(len(answered), 1)
    share = len(answered) / max(len(outcomes), 1)
    return (
        f"answered {percent(share):>5} right {percent(right):>5} out of scope answered {percent(leaked):>5}"
    )


def _shown(outcomes: Sequence[Outcome], limit: float, answer: float = 0.85, also: float = 0.05) -> str:
    """Questions whose entry is the answer or suggested; questions without an entry that get suggestions."""
    inside = [outcome for outcome in outcomes if outcome.gold]
    outside = [outcome for outcome in outcomes if not outcome.gold]

    def helps(outcome: Outcome) -> bool:
        if outcome.top >= answer or outcome.is_first:
            return outcome.is_first and outcome.top >= limit
        choices = [name for name, share in outcome.ranking[1:3] if share >= also]
        return outcome.top >= limit and any(name in outcome.gold for name in choices)

    helped = sum(map(helps, inside)) / len(inside)
    bothered = sum(limit <= outcome.top < answer for outcome in outside) / len(outside)
    return f"right shown {percent(helped):>5} out of scope suggested {percent(bothered):>5}"


def write(weights: Floats, bias: float) -> None:
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    limits = text[text.rindex("[thresholds]\n") :]
    lines = [
        "# [weights] and bias are written by `python -m benchmarks.train`, which prints the cross-validated figures.",
        "# [thresholds] is edited by hand, with those figures beside it.",
        f"bias = {bias:.4f}",
        "",
        "[weights]",
        *(f"{name} = {value:.4f}" for name, value in zip(SIGNALS, weights, strict=True)),
        "",
        limits,
    ]
    WEIGHTS_FILE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
