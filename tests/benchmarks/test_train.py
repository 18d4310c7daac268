import numpy as np
import pytest

from benchmarks.books import Question
from benchmarks.train import Example, fit, predict
from knowledge_base.signals import SIGNALS


def an_example(
    rng: np.random.Generator, *, useful: int, harmful: int, has_answer: bool, rich: float, last: str = "e"
) -> Example:
    """Five candidates; the right one is strong in one signal, the wrong ones in another."""
    signals = rng.random((5, len(SIGNALS))) * 0.2
    right = np.zeros(5, dtype=bool)
    if has_answer:
        right[2] = True
        signals[2, useful] += 0.7
    signals[~right, harmful] += 0.5
    return Example(
        "toy", Question("q", ("c",) if has_answer else ()), (*"abcd", last), signals, right, rich, 0
    )


@pytest.fixture
def data() -> list[Example]:
    rng = np.random.default_rng(1)
    return [
        an_example(rng, useful=0, harmful=1, has_answer=number % 4 != 0, rich=number % 2)
        for number in range(80)
    ]


def test_training_finds_the_signal_that_helps(data: list[Example]) -> None:
    weights, bias = fit(data)

    assert np.argmax(weights, axis=1).tolist() == [0, 0]
    answered = [predict(example, weights, bias) for example in data if example.question.gold]
    unanswered = [predict(example, weights, bias) for example in data if not example.question.gold]
    assert all(outcome.is_first for outcome in answered)
    assert min(outcome.top for outcome in answered) > max(outcome.top for outcome in unanswered)


def test_a_signal_that_speaks_against_gets_no_weight_rather_than_a_negative_one(data: list[Example]) -> None:
    weights, _ = fit(data)

    assert weights[:, 1].tolist() == [0, 0]
    assert (weights >= 0).all()


def test_training_twice_gives_the_same_weights(data: list[Example]) -> None:
    first, second = fit(data), fit(data)

    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_a_poor_and_a_rich_book_get_weights_of_their_own() -> None:
    rng = np.random.default_rng(2)
    poor = [an_example(rng, useful=2, harmful=1, has_answer=n % 4 != 0, rich=0.0) for n in range(60)]
    rich = [an_example(rng, useful=3, harmful=1, has_answer=n % 4 != 0, rich=1.0) for n in range(60)]

    weights, _ = fit([*poor, *rich])

    assert np.argmax(weights, axis=1).tolist() == [2, 3]


def test_a_subject_outside_of_the_book_is_never_ranked() -> None:
    rng = np.random.default_rng(3)
    example = an_example(rng, useful=0, harmful=1, has_answer=False, rich=1.0, last="")
    weights, bias = fit([example, an_example(rng, useful=0, harmful=1, has_answer=True, rich=1.0)])

    outcome = predict(example, weights, bias)

    assert sorted(name for name, _ in outcome.ranking) == ["a", "b", "c", "d"]
