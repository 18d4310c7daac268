"""Questions whose answer is known: phrasings left out of the book, clean and disturbed."""

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.books import (
    Book,
    Question,
    development_questions,
    out_of_scope,
    short_of,
    titles_only,
    written_part,
)
from benchmarks.disturb import disturb

GONE_EVERY = 8  # every eighth entry is taken out whole: its phrasings become near questions without an answer
# Phrasings an entry keeps in each round; books begin small.
KEEPS = (1, 2, 4, 8, 12, 20)
PER_ENTRY = 4  # held-out phrasings asked per entry and round


@dataclass(frozen=True)
class Trial:
    """One book as it stands in a round, and what is asked of it."""

    book: Book
    questions: tuple[Question, ...]


def held_out(book: Book, keep: int, seed: int, noisy: bool = True) -> Trial:
    rng = random.Random(zlib.crc32(f"{book.name} {keep} {seed}".encode()))
    kept: dict[str, tuple[str, ...]] = {}
    asked: list[Question] = []
    for number, entry in enumerate(book.entries):
        phrasings = list(entry.phrasings)
        if len(phrasings) == 1:
            # Left out: in a round where only long entries are asked for, length itself would become a sign.
            continue
        rng.shuffle(phrasings)
        stay = min(keep, len(phrasings) - 1)
        gone = number % GONE_EVERY == seed % GONE_EVERY
        if not gone:
            kept[entry.id] = tuple(phrasings[:stay])
        gold = () if gone else (entry.id,)
        asked.append(Question(phrasings[0], gold, f"held-out-same:{entry.id}"))
        asked.append(Question(shortened(phrasings[0], rng), gold, f"held-out-near:{entry.id}"))
        for text in phrasings[stay : stay + PER_ENTRY]:
            asked.append(Question(text, gold, f"held-out:{entry.id}"))
            if noisy:
                asked.append(Question(disturb(text, rng), gold, f"held-out-noisy:{entry.id}"))
    return Trial(short_of(book, kept), tuple(asked))


def shortened(text: str, rng: random.Random) -> str:
    """A known phrasing as another person would say it who needs fewer words: about a third of them gone."""
    words = text.split()
    kept = [word for word in words if rng.random() > 0.35]
    return " ".join(kept or words[:1])


def training_trials(ours: Book, foreign: tuple[Book, ...], seed: int = 1) -> Iterator[Trial]:
    for book in (ours, *foreign):
        for keep in KEEPS:
            if keep < max(len(entry.phrasings) for entry in book.entries):
                yield held_out(book, keep, seed)
        yield Trial(written_part(book), tuple(with_noise(out_of_scope(book), seed)))
    single, _ = development_questions()
    questions = [question for question in single if question.style != "smalltalk"]
    yield Trial(titles_only(ours), tuple(with_noise(questions, seed)))
    yield as_written(ours, with_noise(questions, seed))


def as_written(ours: Book, questions: list[Question]) -> Trial:
    """Only the entries that are written: what is asked about a topic still to come has no answer."""
    book = written_part(ours)
    ids = {entry.id for entry in book.entries}
    asked = (
        replace(
            question,
            gold=tuple(name for name in question.gold if name in ids),
            style=f"written-{question.style}",
        )
        for question in questions
    )
    return Trial(book, tuple(asked))


def with_noise(questions: list[Question], seed: int) -> list[Question]:
    rng = random.Random(seed)
    return questions + [
        Question(disturb(question.text, rng), question.gold, question.style + "-noisy")
        for question in questions
    ]
