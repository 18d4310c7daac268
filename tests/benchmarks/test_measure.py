import math

import pytest

from benchmarks.measure import Outcome, auroc, calibration_error, percent, right_at_precision, summary


def an_outcome(gold: str, *ranking: tuple[str, float]) -> Outcome:
    return Outcome((gold,) if gold else (), ranking)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [([0.9, 0.8], [0.1], 1.0), ([0.1], [0.9, 0.8], 0.0), ([0.5], [0.5], 0.5), ([0.2, 0.9], [0.5], 0.5)],
)
def test_auroc_is_the_share_of_pairs_in_the_right_order(
    inside: list[float], outside: list[float], expected: float
) -> None:
    assert auroc(inside, outside) == pytest.approx(expected)


def test_auroc_needs_both_kinds() -> None:
    assert math.isnan(auroc([0.5], []))


def test_calibration_error_compares_confidence_with_how_often_it_is_right() -> None:
    sure_and_right = [an_outcome("a", ("a", 0.95))] * 19 + [an_outcome("a", ("b", 0.95))]
    sure_and_wrong = [an_outcome("a", ("b", 0.95))] * 20

    assert calibration_error(sure_and_right) == pytest.approx(0.0)
    assert calibration_error(sure_and_wrong) == pytest.approx(0.95)


def test_right_answers_are_counted_up_to_the_wanted_precision() -> None:
    outcomes = [
        an_outcome("a", ("a", 0.9)),
        an_outcome("b", ("b", 0.8)),
        an_outcome("", ("c", 0.7)),
        an_outcome("d", ("d", 0.6)),
    ]

    assert right_at_precision(outcomes, precision=1.0) == pytest.approx(2 / 3)
    assert right_at_precision(outcomes, precision=0.75) == pytest.approx(1.0)


def test_a_question_without_entry_is_never_right() -> None:
    outcome = an_outcome("", ("a", 0.9))

    assert (outcome.is_first, outcome.in_three, outcome.top) == (False, False, 0.9)


def test_an_empty_ranking_has_no_confidence() -> None:
    assert an_outcome("a").top == 0.0


def test_what_cannot_be_counted_is_a_dash() -> None:
    assert percent(float("nan")) == "–"
    assert "first –" in summary([an_outcome("", ("a", 0.1))])
