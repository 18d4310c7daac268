from datetime import date

import pytest

from knowledge_base.entry import Entry
from knowledge_base.findability import Asked, Counts, Found, found_when_left_out, left_out, tally
from knowledge_base.loader import Content
from tests.knowledge_base.book import TODAY, a_version, an_entry

# A phrasing finds an entry only by a word that it shares with it: that holds whatever the weights.
ANIMALS = ("sapi", "gajah", "rusa", "bebek", "ayam", "domba", "kambing", "kerbau", "kelinci", "merpati")
CHEESES = tuple(f"keju {word}" for word in ("parut", "leleh", "putih", "tua", "asin"))
OTHERS = (
    an_entry(id="hewan", question=" ".join(ANIMALS), variants=()),
    an_entry(id="gunung", question="Gunung?", variants=()),
    an_entry(id="sungai", question="Sungai?", variants=()),
)


def a_book(*entries: Entry) -> Content:
    return Content(entries={entry.id: entry for entry in entries})


def test_a_phrasing_that_is_left_out_finds_its_entry_by_the_words_of_the_others() -> None:
    book = a_book(an_entry(id="keju", question="Apa?", variants=CHEESES), *OTHERS)

    assert left_out(book, TODAY) == {"keju": Counts(asked=5, first=5, among_three=5)}


def test_a_phrasing_does_not_find_its_entry_by_itself() -> None:
    book = a_book(an_entry(id="keju", question="Apa?", variants=ANIMALS[:5]), *OTHERS)

    assert found_when_left_out(book, TODAY) == {"keju": Found(Counts(5, 0, 0), instead="hewan")}


def test_what_has_no_word_of_the_book_finds_nothing_instead() -> None:
    book = a_book(an_entry(id="keju", question="Keju?", variants=ANIMALS[:5]), *OTHERS[1:], an_entry(id="x"))

    assert found_when_left_out(book, TODAY)["keju"] == Found(Counts(5, 0, 0), instead=None)


def test_the_title_is_never_left_out() -> None:
    book = a_book(an_entry(id="keju", question=" ".join(ANIMALS[:5]), variants=ANIMALS[:5]), *OTHERS[1:])
    book = a_book(*book.entries.values(), an_entry(id="laut", question="Laut?", variants=()))

    assert left_out(book, TODAY) == {"keju": Counts(asked=5, first=5, among_three=5)}


@pytest.mark.parametrize("count", [5, 8, 9, 20])
def test_each_phrasing_is_asked_once(count: int) -> None:
    variants = tuple(f"keju {number}" for number in range(100, 100 + count))
    book = a_book(an_entry(id="keju", question="Apa?", variants=variants), *OTHERS)

    assert left_out(book, TODAY)["keju"].asked == count


def test_an_entry_with_few_phrasings_is_left_alone() -> None:
    book = a_book(an_entry(id="keju", question="Apa?", variants=CHEESES[:4]), *OTHERS)

    assert left_out(book, TODAY) == {}


def test_a_book_that_is_always_among_three_says_nothing() -> None:
    book = a_book(an_entry(id="keju", question="Apa?", variants=ANIMALS[:5]), *OTHERS[:2])

    assert left_out(book, TODAY) == {}


def test_an_entry_that_does_not_answer_today_is_neither_asked_nor_found() -> None:
    later = (a_version(in_force_from=date(2026, 11, 25)),)
    book = a_book(
        an_entry(id="keju", question="Apa?", variants=CHEESES, versions=later),
        an_entry(id="susu", question="Susu?", variants=ANIMALS[:5]),
        an_entry(id="hewan", question=" ".join(ANIMALS), variants=(), versions=later),
        an_entry(id="laut", question="Laut?", variants=()),
        *OTHERS[1:],
    )

    assert found_when_left_out(book, TODAY) == {"susu": Found(Counts(5, 0, 0), instead=None)}


def test_of_two_entries_found_equally_often_instead_the_same_is_named_in_any_order() -> None:
    twins = [
        an_entry(id="b", question=" ".join(ANIMALS[:3]), variants=()),
        an_entry(id="a", question=" ".join(ANIMALS[3:6]), variants=()),
    ]
    entry = an_entry(id="keju", question="Apa?", variants=ANIMALS[:6])

    instead = [
        found_when_left_out(a_book(*order), TODAY)["keju"].instead
        for order in ([entry, *twins, OTHERS[1]], [OTHERS[1], *reversed(twins), entry])
    ]

    assert instead == ["a", "a"]


@pytest.mark.parametrize(
    ("rankings", "is_first", "is_among_three", "best"),
    [
        pytest.param((("x", "a"),), True, True, "x", id="first"),
        pytest.param((("a", "b", "x"),), False, True, "a", id="third"),
        pytest.param((("a", "b", "c"),), False, False, "a", id="missing"),
        pytest.param((("a",), ("x", "b")), True, True, "a", id="first-of-the-second-question"),
        pytest.param(((), ("b",)), False, False, "b", id="nothing-for-the-first-question"),
        pytest.param(((),), False, False, None, id="nothing"),
    ],
)
def test_an_entry_is_found_by_any_question_that_was_read_in_its_phrasing(
    rankings: tuple[tuple[str, ...], ...], is_first: bool, is_among_three: bool, best: str | None
) -> None:
    asked = Asked("x", "keju?", rankings)

    assert (asked.is_first, asked.is_among_three, asked.best) == (is_first, is_among_three, best)


def test_instead_names_what_hid_the_entry_not_what_stood_before_it() -> None:
    asked = [
        Asked("x", "keju parut", (("a", "x"),)),
        Asked("x", "keju leleh", (("a", "x", "b"),)),
        Asked("x", "susu", (("b", "a", "c"),)),
        Asked("x", "keju", (("x",),)),
    ]

    assert tally(asked) == Found(Counts(asked=4, first=1, among_three=3), instead="b")


@pytest.mark.parametrize(("among", "hard"), [(0, True), (2, True), (3, False), (5, False)])
def test_less_than_half_is_hard_to_find(among: int, hard: bool) -> None:
    assert Found(Counts(asked=5, first=0, among_three=among), instead=None).is_hard_to_find is hard


def test_exactly_half_is_not_hard_to_find() -> None:
    assert not Found(Counts(asked=6, first=0, among_three=3), instead="a").is_hard_to_find
