import numpy as np
import pytest

from knowledge_base.model import Model, frozen_model, richness
from knowledge_base.signals import SIGNALS


def test_the_frozen_file_has_a_weight_for_every_signal() -> None:
    assert frozen_model().weights.shape == (2, len(SIGNALS))


def test_confidences_leave_room_for_none_of_these() -> None:
    for rich in (0.0, 0.5, 1.0):
        shares = frozen_model().confidences(np.full((3, len(SIGNALS)), 0.9), rich)

        assert shares.sum() < 1
        assert (shares > 0).all()


def test_nothing_that_matches_is_nothing_to_trust() -> None:
    assert frozen_model().confidences(np.zeros((1, len(SIGNALS))), 0.0)[0] < 0.05
    assert frozen_model().confidences(np.zeros((1, len(SIGNALS))), 1.0)[0] < 0.05


def test_no_candidate_means_no_confidence() -> None:
    assert frozen_model().confidences(np.zeros((0, len(SIGNALS))), 0.5).shape == (0,)


def test_a_book_between_poor_and_rich_gets_a_mixture() -> None:
    model = Model(np.array([[1.0], [3.0]]), np.array([0.0, -1.0]), frozen_model().thresholds)

    half = model.confidences(np.array([[1.0]]), 0.5)[0]

    assert half == pytest.approx(np.exp(1.5) / (1 + np.exp(1.5)))


@pytest.mark.parametrize(
    ("phrasings", "entries", "expected"), [(50, 50, 0.0), (320, 10, 1.0), (999, 10, 1.0), (0, 0, 0.0)]
)
def test_richness_goes_from_one_phrasing_an_entry_to_many(
    phrasings: int, entries: int, expected: float
) -> None:
    assert richness(phrasings, entries) == expected


def test_richness_grows_with_every_doubling() -> None:
    assert [round(richness(count, 1), 2) for count in (1, 2, 4, 8, 16, 32)] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


def test_no_signal_that_matches_better_lowers_the_confidence() -> None:
    assert (frozen_model().weights >= 0).all()


def test_thresholds_are_in_order() -> None:
    limits = frozen_model().thresholds

    assert 0 < limits.also_suggest <= limits.suggest < limits.answer < 1
