import pytest

from knowledge_base.spelling import Speller, allowed_edits, skeleton

WORDS = {
    "perusahaan": 30,
    "klaim": 30,
    "iuran": 20,
    "warga": 5,
    "syarat": 20,
    "apa": 40,
    "jkp": 20,
    "meninggal": 8,
    "pensiun": 9,
}


@pytest.fixture
def speller() -> Speller:
    return Speller(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kliam", ("klaim",)),  # two letters swapped
        ("klim", ("klaim",)),  # one left out
        ("klaaim", ("klaim",)),  # one doubled
        ("klaom", ("klaim",)),  # the key beside it
        ("perusahhan", ("perusahaan",)),
        ("prusahan", ("perusahaan",)),  # two slips in a long word
        ("mnnggl", ("meninggal",)),
        ("apasyarat", ("apa", "syarat")),
        ("klaimiuranjkp", ("klaim", "iuran", "jkp")),
    ],
)
def test_a_slip_of_the_finger_is_repaired(speller: Speller, typed: str, meant: tuple[str, ...]) -> None:
    repaired = speller.repair(typed)

    assert repaired is not None
    assert repaired[0] == meant
    assert 0 < repaired[1] < 1


@pytest.mark.parametrize(
    "word",
    [
        "harga",  # "warga" begins with another letter
        "apo",  # too short to be sure
        "klasik",  # too far from "klaim"
        "xyzzy",
        "12345",
        "syahrut",  # no finger slips so
        "",
    ],
)
def test_a_word_without_a_likely_reading_stays(speller: Speller, word: str) -> None:
    assert speller.repair(word) is None


def test_more_common_words_win_among_equals() -> None:
    assert Speller({"bayar": 3, "bayur": 50}).repair("bayr") == (("bayur",), 0.85)


def test_equal_words_are_chosen_by_spelling_not_by_chance() -> None:
    one = Speller({"kuota": 5, "kuita": 5}).repair("kuta")
    other = Speller({"kuita": 5, "kuota": 5}).repair("kuta")

    assert one == other


def test_longer_words_may_hold_more_slips() -> None:
    assert [allowed_edits(length) for length in (3, 4, 7, 8)] == [0, 1, 1, 2]


def test_a_skeleton_is_what_hurried_people_type() -> None:
    assert skeleton("meninggal") == "mnnggl"


def test_an_empty_lexicon_repairs_nothing() -> None:
    assert Speller({}).repair("klaim") is None
