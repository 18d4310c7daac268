import random

from benchmarks.books import Book, foreign_books, our_book, question_set
from benchmarks.cases import PARTS, as_foreign, left_out, shortened
from benchmarks.disturb import disturb
from knowledge_base.language import Vocabulary
from knowledge_base.outcomes import SearchEntry

BOOK = Book(
    "small",
    tuple(SearchEntry(f"e{n}", f"{n} satu", (f"{n} dua", f"{n} tiga", f"{n} empat")) for n in range(16)),
    Vocabulary.empty(),
)


def test_a_disturbed_copy_depends_on_its_seed_alone() -> None:
    text = "bagaimana cara mengajukan klaim jaminan kehilangan pekerjaan untuk karyawan kontrak"

    copies = [disturb(text, random.Random(5)) for _ in range(2)]

    assert copies[0] == copies[1] != text
    assert disturb(text, random.Random(6)) != copies[0]


def test_a_left_out_phrasing_is_not_in_the_book() -> None:
    for trial in (left_out(BOOK, 1), as_foreign(BOOK, 2, answers=False)):
        known = {text for entry in trial.book.entries for text in entry.phrasings}
        asked = {q.text for q in trial.questions if "-left-out:" in q.style}

        assert asked
        assert not known & asked


def test_every_phrasing_is_left_out_once() -> None:
    asked = [
        q.text for part in range(PARTS) for q in left_out(BOOK, part).questions if "noisy" not in q.style
    ]

    assert {text for entry in BOOK.entries for text in entry.phrasings} <= set(asked)


def test_every_twelfth_entry_is_gone_and_its_phrasings_have_no_answer() -> None:
    trial = left_out(BOOK, 1)
    there = {entry.id for entry in trial.book.entries}

    assert {entry.id for entry in BOOK.entries} - there == {"e3", "e15"}
    assert all(set(question.gold) <= there for question in trial.questions)
    assert any(question.gold == () for question in trial.questions)


def test_a_book_as_a_foreign_one_has_few_phrasings_and_no_vocabulary() -> None:
    trial = as_foreign(our_book(), 2, answers=False)

    assert trial.book.vocabulary == Vocabulary.empty()
    assert {len(entry.phrasings) for entry in trial.book.entries} == {2}
    assert not any(entry.answer or entry.keywords for entry in trial.book.entries)
    assert 0 < len(trial.book.entries) < len(our_book().entries)


def test_a_shortened_phrasing_keeps_at_least_a_word() -> None:
    assert shortened("klaim", random.Random(0)) == "klaim"


def test_every_accepted_entry_of_the_question_set_is_a_topic() -> None:
    topics = {entry.id for entry in our_book().entries}
    single, double = question_set()
    named = {name for question in single for name in question.gold}
    named |= {name for _, golds in double for gold in golds for name in gold}

    assert named <= topics


def test_the_foreign_books_share_no_entry_with_ours() -> None:
    ours = {entry.id for entry in our_book().entries}

    assert [book.name for book in foreign_books()] == ["kampus", "warga"]
    assert not ours & {entry.id for book in foreign_books() for entry in book.entries}
