import numpy as np
import pytest

from knowledge_base.index import Index, Rows, WordLikeness


def test_rows_are_taken_in_the_wanted_order() -> None:
    rows = Rows.of([[1, 2], [3], [4, 5, 6]])

    items, begins = rows.take(np.array([2, 0]))

    assert items.tolist() == [4, 5, 6, 1, 2]
    assert begins.tolist() == [0, 3]


def test_values_beside_the_items_are_taken_the_same_way() -> None:
    rows = Rows.of([[1, 2], [3], [4, 5, 6]])

    values, begins = rows.take_from(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), np.array([2, 0]))

    assert values.tolist() == [0.4, 0.5, 0.6, 0.1, 0.2]
    assert begins.tolist() == [0, 3]


def test_columns_list_the_rows_that_hold_an_item() -> None:
    assert [column.tolist() for column in Rows.of([[0, 2], [2], [1, 2]]).columns(3)] == [[0], [2], [0, 1, 2]]


def test_words_that_share_letters_are_alike_and_others_are_not() -> None:
    likeness = WordLikeness(["pekerja", "kerja", "kuota"])

    near, how = likeness.of("pekerja")

    assert near.tolist() == [0, 1]
    assert how[0] == pytest.approx(1.0)
    assert 0.35 <= how[1] < 1


def test_numbers_and_question_words_are_alike_or_not() -> None:
    near, how = WordLikeness(["12", "123", "=mana", "=lama"]).of("12")

    assert (near.tolist(), how.tolist()) == ([0], [1.0])


def test_a_word_of_few_entries_is_rarer() -> None:
    index = Index([[["klaim", "jkp"]], [["jkp", "kuota"]], [["jkp"]]], [[], [], []], [[], [], []])

    assert index.rarity("jkp") < index.rarity("klaim") == index.rarity("kuota") <= index.rarity("never seen")
