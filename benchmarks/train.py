"""Makes knowledge_base/weights.toml: ``python -m benchmarks.train``. Prints the cross-validated figures.

The loss is the conditional logit's negative log likelihood with "none of these" as one more choice; a question whose
entry is not among the candidates counts as "none", and so do the subjects outside of the book that stand in the index.
Folds are made of entries: no fold's weights have seen the phrasings of its entries. ``--dry`` writes nothing.
"""

import sys
import time
import zlib
from collections import defaultdict
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
from knowledge_base.model import Model, Thresholds, richness
from knowledge_base.search import Engine
from knowledge_base.signals import SIGNALS, find, understand

WEIGHTS_FILE = Path(knowledge_base.__file__).parent / "weights.toml"
FOLDS = 5
RIDGE = 0.002
STEPS = 60
# What each kind of question counts for together: our own book as it is in use most, then questions it does not answer.
SHARE_OF_KIND = {"rich": 0.40, "dev": 0.20, "list": 0.20, "poor": 0.25}
# Within a kind: the questions of an entry that was taken out are harder than what people ask about other things, and
# phrasings that the book knows are easier.
SHARE_WITHIN = {"gone": 0.4, "known": 0.3, "near": 0.3}


@dataclass(frozen=True)
class Example:
    book: str
    question: Question
    ids: tuple[str, ...]  # "" for a subject outside of the book
    signals: Floats
    right: NDArray[np.bool_]
    rich: float
    fold: int

    @property
    def kind(self) -> str:
        return self.question.style.partition("-")[0]

    @property
    def within(self) -> float:
        return next((share for name, share in SHARE_WITHIN.items() if f"-{name}" in self.question.style), 1.0)

    @property
    def outside(self) -> NDArray[np.bool_]:
        return np.array([not name for name in self.ids], dtype=bool)


# Training must not need the file that it makes.
_UNTRAINED = Model(np.zeros((2, len(SIGNALS))), np.zeros(2), Thresholds(1.0, 1.0, 1.0, 1.0))


def examples(trials: Sequence[Trial]) -> list[Example]:
    out = []
    for trial in trials:
        entries = trial.book.entries
        engine = Engine(entries, trial.book.vocabulary, model=_UNTRAINED)
        names = [entry.id for entry in entries] + [""] * len(trial.book.vocabulary.outside)
        rich = richness(sum(len(entry.phrasings) for entry in entries), len(entries))
        for question in trial.questions:
            reading = engine.reader.read(question.text)
            found = find(engine.index, understand(engine.index, reading, engine.reader.synonyms))
            ids = tuple(names[number] for number in found.entries)
            key = question.style.partition(":")[2] or (question.gold[0] if question.gold else question.text)
            right = np.array([name in question.gold for name in ids], dtype=bool)
            fold = zlib.crc32(key.encode()) % FOLDS
            out.append(Example(trial.book.name, question, ids, found.signals, right, rich, fold))
    return out


def fit(data: Sequence[Example], ridge: float = RIDGE) -> tuple[Floats, Floats]:
    """Weights and bias for a poor and for a rich book, by Newton's method; deterministic.

    No weight may be negative: signals overlap, and a negative weight for likeness fits this data but not the next book.
    """
    data = [example for example in data if len(example.ids)]
    sizes = np.array([len(example.ids) for example in data])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rich = np.repeat([example.rich for example in data], sizes)[:, None]
    signals = np.concatenate([example.signals for example in data])
    signals = np.column_stack([signals * (1 - rich), signals * rich])
    spread = signals.std(axis=0) + 1e-6
    scaled = np.column_stack([signals / spread, 1 - rich, rich])
    has_right = np.array([bool(example.right.any()) for example in data])
    good = [example.right if example.right.any() else example.outside for example in data]
    is_good = np.concatenate(good)
    weight = _weights(data)
    count = scaled.shape[1]
    beta = np.zeros(count)
    free = np.arange(count) >= count - 2  # the biases may have either sign
    penalty = np.where(free, 1e-5, ridge)
    per_row = np.repeat(weight, sizes)
    for _ in range(STEPS):
        strength = np.exp(np.clip(scaled @ beta, -50, 30))
        share = strength / np.repeat(1 + np.add.reduceat(strength, starts), sizes)
        total = np.add.reduceat(strength * is_good, starts) + ~has_right
        target = np.where(is_good, strength / np.repeat(total, sizes), 0.0)
        gradient = scaled.T @ ((share - target) * per_row) + penalty * beta
        expected = np.add.reduceat(scaled * share[:, None], starts)
        curvature = (scaled * (share * per_row)[:, None]).T @ scaled
        curvature -= (expected * weight[:, None]).T @ expected
        curvature += np.diag(penalty + 1e-9)
        step = _positive_step(beta, gradient, curvature, free)
        beta += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-5:
            break
    return (beta[:-2] / spread).reshape(2, -1), beta[-2:]


def _weights(data: Sequence[Example]) -> Floats:
    total: dict[str, float] = defaultdict(float)
    for example in data:
        total[example.kind] += example.within
    weight = np.array([SHARE_OF_KIND.get(one.kind, 1.0) * one.within / total[one.kind] for one in data])
    normed: Floats = weight / weight.sum()
    return normed


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


def predict(example: Example, weights: Floats, bias: Floats) -> Outcome:
    model = Model(weights, bias, _UNTRAINED.thresholds)
    shares = model.confidences(example.signals, example.rich)
    order = [place for place in np.argsort(-shares, kind="stable") if example.ids[place]]
    return Outcome(
        gold=example.question.gold,
        ranking=tuple((example.ids[place], float(shares[place])) for place in order[:5]),
    )


def cross_validated(data: Sequence[Example]) -> list[Outcome]:
    fitted = [fit([example for example in data if example.fold != fold]) for fold in range(FOLDS)]
    return [predict(example, *fitted[example.fold]) for example in data]


def main() -> None:
    started = time.perf_counter()
    data = examples(list(training_trials(our_book(), foreign_books())))
    outcomes = cross_validated(data)
    print(f"{len(data)} questions, {time.perf_counter() - started:.0f} s; cross-validated over entries\n")
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for example, outcome in zip(data, outcomes, strict=True):
        groups[_group(example)].append(outcome)
    for name in sorted(groups):
        print(f"{name:34} {summary(groups[name])}")
    use = {
        "our book, left-out phrasings": _of(groups, "tanyacop rich-left-out", "tanyacop list"),
        "our book, development questions": _of(groups, "tanyacop dev"),
        "short books": _of(groups, "short poor-left-out", "short poor-near", "short poor-far"),
    }
    print("\nthe threshold from which the first entry is shown as the answer")
    for name, some in use.items():
        for limit in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9):
            print(f"  {limit:.2f}  {name:32} {_at(some, limit)}")
    print("\n... and from which entries are suggested (answer from 0.7)")
    for name, some in use.items():
        for limit in (0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2):
            print(f"  {limit:.2f}  {name:32} {_shown(some, limit)}")
    weights, bias = fit(data)
    print(f"\n  {'':20}    poor    rich")
    for place, name in enumerate(SIGNALS):
        print(f"  {name:20}{weights[0, place]:8.3f}{weights[1, place]:8.3f}")
    if "--dry" not in sys.argv:
        write(weights, bias)


def _group(example: Example) -> str:
    style = example.question.style.partition(":")[0].replace("-real", "")
    return f"{example.book} {style}"


def _of(groups: dict[str, list[Outcome]], *parts: str) -> list[Outcome]:
    chosen = [name for name in sorted(groups) if any(part in name for part in parts)]
    return [one for name in chosen for one in groups[name]]


def _at(outcomes: Sequence[Outcome], limit: float) -> str:
    answered = [outcome for outcome in outcomes if outcome.top >= limit]
    outside = [outcome for outcome in outcomes if not outcome.gold]
    leaked = sum(outcome.top >= limit for outcome in outside) / max(len(outside), 1)
    inside = [outcome for outcome in answered if outcome.gold]
    right = sum(outcome.is_first for outcome in inside) / max(len(inside), 1)
    share = len(inside) / max(len(outcomes) - len(outside), 1)
    return (
        f"answered {percent(share):>5} right {percent(right):>5} out of scope answered {percent(leaked):>5}"
    )


def _shown(outcomes: Sequence[Outcome], limit: float, answer: float = 0.7, also: float = 0.01) -> str:
    """Questions whose entry is the answer or suggested; questions without an entry that get suggestions."""
    inside = [outcome for outcome in outcomes if outcome.gold]
    outside = [outcome for outcome in outcomes if not outcome.gold]

    def helps(outcome: Outcome) -> bool:
        if outcome.top >= answer or outcome.is_first:
            return outcome.is_first and outcome.top >= limit
        choices = [name for name, share in outcome.ranking[1:3] if share >= also]
        return outcome.top >= limit and any(name in outcome.gold for name in choices)

    helped = sum(map(helps, inside)) / len(inside)
    bothered = sum(limit <= outcome.top < answer for outcome in outside) / max(len(outside), 1)
    return f"right shown {percent(helped):>5} out of scope suggested {percent(bothered):>5}"


def write(weights: Floats, bias: Floats) -> None:
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    limits = text[text.rindex("[thresholds]\n") :]
    lines = [
        "# [weights] and bias are written by `python -m benchmarks.train`, which prints the cross-validated figures.",
        "# [thresholds] is edited by hand, with those figures beside it. First number: a book with one phrasing an",
        "# entry; second: one with 32 or more.",
        f"bias = [{bias[0]:.4f}, {bias[1]:.4f}]",
        "",
        "[weights]",
        *(f"{name} = [{weights[0, n]:.4f}, {weights[1, n]:.4f}]" for n, name in enumerate(SIGNALS)),
        "",
        limits,
    ]
    # In one step: nobody may read half a file.
    draft = WEIGHTS_FILE.with_suffix(".new")
    draft.write_text("\n".join(lines), encoding="utf-8")
    draft.replace(WEIGHTS_FILE)


if __name__ == "__main__":
    main()
