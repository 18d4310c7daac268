import pytest

from benchmarks.reliability.stage import Said
from benchmarks.reliability.waits import (
    ANSWERED,
    HALF,
    LAST,
    LONGEST,
    NEARLY_ALL,
    REACHED,
    SHARE,
    TWICE,
    figures_of,
)

BULK = "Pengumuman"


def test_somebody_waits_from_asking_to_the_first_thing_said_to_them_that_is_not_the_mailing() -> None:
    said = [
        Said(10.5, 1, BULK),
        Said(11.25, 1, "Jawaban"),
        Said(13.0, 1, "Jawaban lagi"),
        Said(12.0, 2, "Jawaban"),
    ]

    figures = figures_of(said, BULK, 10.0, {1: 11.0, 2: 11.0})

    assert figures[ANSWERED] == 2
    assert figures[HALF] == 0.25
    assert figures[NEARLY_ALL] == figures[LONGEST] == 1.0


def test_what_was_said_before_somebody_asked_is_no_answer() -> None:
    assert figures_of([Said(10.0, 1, "Halo")], BULK, 9.0, {1: 11.0})[ANSWERED] == 0


def test_copies_beyond_the_first_are_counted_once_a_person() -> None:
    figures = figures_of(
        [Said(1.0, 1, BULK), Said(2.0, 2, BULK), Said(3.0, 2, BULK), Said(4.0, 2, BULK)], BULK, 0.0, {}
    )

    assert (figures[REACHED], figures[TWICE]) == (2, 1)


def test_the_end_of_the_mailing_is_compared_with_everything_accepted_until_then() -> None:
    said = [
        *(Said(number / 30, number, BULK) for number in range(1, 61)),
        *(Said(1.0, number, "Jawaban") for number in range(100, 130)),
        Said(9.0, 200, "Jawaban"),
    ]

    figures = figures_of(said, BULK, 0.0, {})

    assert figures[LAST] == pytest.approx(2.0)
    assert figures[SHARE] == pytest.approx(2.0 / 3.0)  # 90 messages take three seconds


def test_without_answers_and_mailing_there_is_nothing_to_be_said_of_them() -> None:
    assert figures_of([], BULK, 0.0, {1: 1.0}) == {ANSWERED: 0, REACHED: 0, TWICE: 0}
