import numpy as np

from knowledge_base.model import frozen_model
from knowledge_base.signals import SIGNALS


def test_the_frozen_file_has_a_weight_for_every_signal() -> None:
    assert len(frozen_model().weights) == len(SIGNALS)


def test_confidences_leave_room_for_none_of_these() -> None:
    shares = frozen_model().confidences(np.full((3, len(SIGNALS)), 0.9))

    assert shares.sum() < 1
    assert (shares > 0).all()


def test_nothing_that_matches_is_nothing_to_trust() -> None:
    assert frozen_model().confidences(np.zeros((1, len(SIGNALS))))[0] < 0.05


def test_no_candidate_means_no_confidence() -> None:
    assert frozen_model().confidences(np.zeros((0, len(SIGNALS)))).shape == (0,)


def test_no_signal_that_matches_better_lowers_the_confidence() -> None:
    assert (frozen_model().weights >= 0).all()


def test_thresholds_are_in_order() -> None:
    limits = frozen_model().thresholds

    assert 0 < limits.also_suggest <= limits.suggest < limits.answer < 1
