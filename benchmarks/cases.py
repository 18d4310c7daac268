"""Questions whose answer is known: phrasings left out of the book, clean and disturbed."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.books import Book, Question, out_of_scope, question_set, short_of
from benchmarks.disturb import disturb
from knowledge_base.language import Vocabulary
from knowledge_base.outcomes import SearchEntry

PARTS = 5  # a fifth of every entry's phrasings is left out at a time
# Every twelfth entry is taken out whole: its phrasings become near questions without an answer.
GONE_EVERY = 12
ASKED = 4  # left-out phrasings asked per entry
# A foreign book as it usually is: phrasings an entry has, and whether there are answers to search in.
SHORT_BOOKS = ((1, True), (2, False), (4, True), (4, False))
SHARE_THAT_STAYS = 0.6


@dataclass(frozen=True)
class Trial:
    """One book as it stands in a round, and what is asked of it."""

    book: Book
    questions: tuple[Question, ...]


def shuffled(entry: SearchEntry, salt: str) -> list[str]:
    phrasings = list(entry.phrasings)
    random.Random(zlib.crc32(f"{entry.id} {salt}".encode())).shuffle(phrasings)
    return phrasings


def left_out(book: Book, part: int) -> Trial:
    """The book as it is in use, without a fifth of its phrasings, which are asked."""
    rng = random.Random(part)
    kept: dict[str, tuple[str, ...]] = {}
    asked: list[Question] = []
    for number, entry in enumerate(book.entries):
        phrasings = shuffled(entry, "left out")
        stay = tuple(text for place, text in enumerate(phrasings) if place % PARTS != part)
        gone = number % GONE_EVERY == (part * 2 + 1) % GONE_EVERY
        if not gone:
            kept[entry.id] = stay
        asked += _asked("rich", entry.id, phrasings[part::PARTS][:ASKED], gone, rng)
        if part == 0 and not gone:
            asked.append(Question(stay[0], (entry.id,), f"rich-known:{entry.id}"))
            asked.append(Question(disturb(stay[-1], rng), (entry.id,), f"rich-known-noisy:{entry.id}"))
    return Trial(short_of(book, kept), tuple(asked))


def as_foreign(book: Book, keep: int, answers: bool, share: float = SHARE_THAT_STAYS) -> Trial:
    """The book as another one might be: few phrasings, no keywords, no vocabulary, some of the entries."""
    salt = f"{book.name} {keep} {answers}"
    rng = random.Random(zlib.crc32(salt.encode()))
    entries: list[SearchEntry] = []
    asked: list[Question] = []
    for entry in book.entries:
        phrasings = shuffled(entry, salt)
        stay = min(keep, len(phrasings) - 1)
        gone = rng.random() > share
        if not gone:
            answer = entry.answer if answers else ""
            entries.append(SearchEntry(entry.id, phrasings[0], tuple(phrasings[1:stay]), (), answer))
            asked.append(Question(phrasings[0], (entry.id,), f"poor-known:{entry.id}"))
            asked.append(Question(shortened(phrasings[0], rng), (entry.id,), f"poor-near:{entry.id}"))
        some = phrasings[stay : stay + (ASKED // 2 if gone else ASKED)]
        asked += _asked("poor", entry.id, some, gone, rng)
    far = [replace(question, style="poor-far") for question in out_of_scope(Book("", (), Vocabulary.empty()))]
    return Trial(Book(f"{book.name}, short", tuple(entries), Vocabulary.empty()), (*asked, *far))


def _asked(kind: str, entry_id: str, texts: list[str], gone: bool, rng: random.Random) -> Iterator[Question]:
    gold = () if gone else (entry_id,)
    style = f"{kind}-gone" if gone else f"{kind}-left-out"
    for text in texts:
        yield Question(text, gold, f"{style}:{entry_id}")
        yield Question(disturb(text, rng), gold, f"{style}-noisy:{entry_id}")


def shortened(text: str, rng: random.Random) -> str:
    """A known phrasing as another person would say it who needs fewer words: about a third of them gone."""
    words = text.split()
    kept = [word for word in words if rng.random() > 0.35]
    return " ".join(kept or words[:1])


def training_trials(ours: Book, foreign: tuple[Book, ...]) -> Iterator[Trial]:
    for part in range(PARTS):
        yield left_out(ours, part)
    outside = [replace(question, style="list") for question in out_of_scope(ours)]
    yield Trial(ours, tuple(with_noise(outside)))
    yield Trial(ours, tuple(with_noise([replace(q, style=f"dev-{q.style}") for q in development()])))
    for keep, answers in SHORT_BOOKS:
        yield as_foreign(ours, keep, answers)
    for book in foreign:
        for keep in (1, 2, 4):
            yield as_foreign(book, keep, answers=False, share=0.8)


def development(name: str = "dev") -> list[Question]:
    """The questions of a set about one thing."""
    return [question for question in question_set(name)[0] if question.style != "smalltalk"]


def with_noise(questions: list[Question], seed: int = 1) -> list[Question]:
    rng = random.Random(seed)
    return questions + [
        Question(disturb(question.text, rng), question.gold, question.style + "-noisy")
        for question in questions
    ]
