"""Groups by province: none shows, or leaves over, the answers of fewer than five people."""

import random

import pytest

from bot.services.poll_groups import SMALLEST, groups_of


def test_a_province_with_four_answers_is_merged_with_others() -> None:
    found = groups_of({"31": [4] * 9, "32": [1] * 4, "33": [3] * 3})

    assert [(group.provinces, group.number, group.mean) for group in found] == [
        (("31",), 9, 4.0),
        (("32", "33"), 7, 1.9),
    ]


def test_a_lonely_small_province_takes_the_smallest_shown_one_along() -> None:
    found = groups_of({"31": [4] * 9, "32": [5] * 6, "33": [1] * 4})

    assert [(group.provinces, group.number) for group in found] == [(("31",), 9), (("32", "33"), 10)]


def test_unknown_provinces_are_never_a_group_of_their_own() -> None:
    found = groups_of({"31": [4] * 9, "": [5] * 8})

    assert [group.provinces for group in found] == [("31",), ("",)]
    assert groups_of({"": [5] * 8}) == []


@pytest.mark.parametrize("values", [{}, {"31": [4] * 4}, {"31": [4] * 5, "32": [1] * 4}, {"31": []}])
def test_where_only_the_whole_could_be_shown_there_are_no_groups(values: dict[str, list[int]]) -> None:
    assert groups_of(values) == []


def test_neither_a_group_nor_what_is_left_of_the_whole_is_smaller_than_five() -> None:
    seed = random.Random(3)
    for _ in range(2000):
        codes = seed.sample(["", *map(str, range(11, 45))], seed.randint(1, 12))
        values = {code: [seed.randint(1, 5) for _ in range(seed.randint(0, 12))] for code in codes}

        found = groups_of(values)

        whole = sum(map(len, values.values()))
        assert all(group.number >= SMALLEST for group in found)
        assert not found or sum(group.number for group in found) == whole
        named = [code for group in found for code in group.provinces]
        assert len(named) == len(set(named))
