import numpy as np
import pytest

from benchmarks.books import Question
from benchmarks.train import Example, fit, predict
from knowledge_base.signals import SIGNALS


def an_example(rng: np.random.Generator, *, useful: int, harmful: int, has_answer: bool) -> Example:
    """Five candidates; the right one is strong in one signal, the wrong ones in another."""
    signals = rng.random((5, len(SIGNALS))) * 0.2
    right = np.zeros(5, dtype=bool)
    if has_answer:
        right[2] = True
        signals[2, useful] += 0.7
    signals[~right, harmful] += 0.5
    ids = tuple("abcde")
    return Example("toy", Question("q", ("c",) if has_answer else ()), ids, signals, right, 0, 1.0)


@pytest.fixture
def data() -> list[Example]:
    rng = np.random.default_rng(1)
    return [an_example(rng, useful=0, harmful=1, has_answer=number % 4 != 0) for number in range(80)]


def test_training_finds_the_signal_that_helps(data: list[Example]) -> None:
    weights, bias = fit(data)

    assert int(np.argmax(weights)) == 0
    answered = [predict(example, weights, bias) for example in data if example.question.gold]
    unanswered = [predict(example, weights, bias) for example in data if not example.question.gold]
    assert all(outcome.is_first for outcome in answered)
    assert min(outcome.top for outcome in answered) > max(outcome.top for outcome in unanswered)


def test_a_signal_that_speaks_against_gets_no_weight_rather_than_a_negative_one(data: list[Example]) -> None:
    weights, _ = fit(data)

    assert weights[1] == 0
    assert (weights >= 0).all()


def test_training_twice_gives_the_same_weights(data: list[Example]) -> None:
    first, second = fit(data), fit(data)

    assert np.array_equal(first[0], second[0])
    assert first[1] == second[1]
