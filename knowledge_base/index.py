"""One book as numpy arrays: what a question can be compared with, built once.

Sparse by hand: rows are flat arrays with offsets, columns are lists of row numbers ("postings").
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge_base.reader import QUESTION_MARK

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

# BM25 with short texts: repetition hardly counts, length a little.
BM25_K1, BM25_B = 1.2, 0.4
# Two words whose letter groups share less than this have nothing to do with each other.
MIN_WORD_LIKENESS = 0.35
GRAM_SIZES = (2, 3, 4)
_EMPTY = "∅"  # keeps a row from being empty when a phrasing consists of function words only


@dataclass(frozen=True)
class Rows:
    """Flat row storage: row ``i`` is ``items[start[i]:start[i + 1]]``."""

    start: Ints
    items: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Rows:
        start = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in rows], out=start[1:])
        return cls(start, np.array([item for row in rows for item in row], dtype=np.int64))

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """Items of the given rows, one after another, and where each row begins."""
        where, begins = self._places(rows)
        return self.items[where], begins

    def take_from(self, values: Floats, rows: Ints) -> tuple[Floats, Ints]:
        """The same of values that stand beside the items."""
        where, begins = self._places(rows)
        return values[where], begins

    def _places(self, rows: Ints) -> tuple[Ints, Ints]:
        lengths = self.start[rows + 1] - self.start[rows]
        begins = np.zeros(len(rows), dtype=np.int64)
        np.cumsum(lengths[:-1], out=begins[1:])
        where: Ints = np.arange(int(lengths.sum())) + np.repeat(self.start[rows] - begins, lengths)
        return where, begins

    def columns(self, width: int) -> list[Ints]:
        """For each item the rows that hold it, in ascending order."""
        row_of = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        order = np.argsort(self.items, kind="stable")
        bounds = np.searchsorted(self.items[order], np.arange(1, width))
        return np.split(row_of[order], bounds) if width else []


class WordLikeness:
    """How alike two words are by the letter groups they share (cosine of 2- to 4-grams, rarer groups weigh more)."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        grams: dict[str, int] = {}
        rows = [[grams.setdefault(gram, len(grams)) for gram in sorted(_grams(word))] for word in words]
        self._grams = grams
        table = Rows.of(rows)
        self._words_with = table.columns(len(grams))
        spread = np.array([len(column) for column in self._words_with], dtype=np.float64)
        self._weight: Floats = np.log(1 + len(words) / np.maximum(spread, 1))
        squares = self._weight[table.items] ** 2
        sums = np.add.reduceat(squares, table.start[:-1]) if len(rows) else np.zeros(0)
        self._length: Floats = np.sqrt(np.maximum(sums, 1e-9))
        self._known: dict[str, tuple[Ints, Floats]] = {}

    def of(self, word: str) -> tuple[Ints, Floats]:
        """Numbers of the known words like this one, and how alike."""
        found = self._known.get(word)
        if found is None:
            found = self._compare(word)
            if len(self._known) < 20_000:
                self._known[word] = found
        return found

    def _compare(self, word: str) -> tuple[Ints, Floats]:
        shared = np.zeros(len(self._words))
        own = 0.0
        unseen = math.log(1 + len(self._words))
        for gram in sorted(_grams(word)):
            number = self._grams.get(gram)
            if number is None:
                own += unseen**2
            else:
                square = float(self._weight[number]) ** 2
                own += square
                shared[self._words_with[number]] += square
        alike = shared / (self._length * math.sqrt(max(own, 1e-9)))
        keep = np.flatnonzero(alike >= MIN_WORD_LIKENESS)
        return keep, np.minimum(alike[keep], 1.0)


def _grams(word: str) -> set[str]:
    if word.startswith(QUESTION_MARK) or len(word) < 3 or not word[0].isalpha():
        return {word}  # question words and numbers are alike or not, nothing in between
    padded = f"^{word}$"
    return {padded[place : place + size] for size in GRAM_SIZES for place in range(len(padded) - size + 1)}


class Index:
    """``phrasings``: per entry the tokens of each phrasing; ``keywords``, ``answers``: per entry one bag of tokens."""

    def __init__(
        self,
        phrasings: Sequence[Sequence[Sequence[str]]],
        keywords: Sequence[Sequence[str]],
        answers: Sequence[Sequence[str]],
    ) -> None:
        self.entry_count = len(phrasings)
        numbers: dict[str, int] = {}

        def ids(tokens: Sequence[str]) -> list[int]:
            return [numbers.setdefault(token, len(numbers)) for token in dict.fromkeys(tokens)] or [
                numbers.setdefault(_EMPTY, len(numbers))
            ]

        phrase_rows = [ids(tokens) for entry in phrasings for tokens in entry]
        keyword_rows = [ids(tokens) for tokens in keywords]
        self.first_phrasing: Ints = np.zeros(self.entry_count + 1, dtype=np.int64)
        np.cumsum([len(entry) for entry in phrasings], out=self.first_phrasing[1:])
        bags: list[Counter[int]] = []
        for number in range(self.entry_count):
            bag: Counter[int] = Counter()
            begin, end = int(self.first_phrasing[number]), int(self.first_phrasing[number + 1])
            for row in phrase_rows[begin:end]:
                bag.update(row)
            for token in keyword_rows[number]:
                bag[token] += 1
            bags.append(bag)
        answer_rows = [
            ids([token for token in tokens if not token.startswith(QUESTION_MARK)]) for tokens in answers
        ]
        self.tokens: tuple[str, ...] = tuple(numbers)
        self.number_of = numbers
        width = len(numbers)

        self.phrases = Rows.of(phrase_rows)
        self.bags = Rows.of([list(bag) for bag in bags])
        self.answers = Rows.of(answer_rows)
        self.phrases_with = self.phrases.columns(width)
        self.bags_with = self.bags.columns(width)

        in_entries = np.array([len(column) for column in self.bags_with], dtype=np.float64)
        total = max(self.entry_count, 1)
        self.idf: Floats = np.log(1 + (total - in_entries + 0.5) / (in_entries + 0.5))
        # A word that stands in answers only, or nowhere, is as telling as one that stands in one entry.
        self.idf_unknown = math.log(1 + total / 1.5)
        self.idf = np.minimum(self.idf, self.idf_unknown)

        sizes = np.diff(self.phrases.start).astype(np.float64)
        mean = float(sizes.mean()) if len(sizes) else 1.0
        self.bm25_scale: Floats = (BM25_K1 + 1) / (1 + BM25_K1 * (1 - BM25_B + BM25_B * sizes / mean))
        self.phrase_weight: Floats = _row_sums(self.phrases, self.idf)
        self.phrase_length: Floats = np.sqrt(_row_sums(self.phrases, self.idf**2))

        share = [
            np.array([min(1.0, count / len(entry)) for count in bag.values()])
            for bag, entry in zip(bags, phrasings, strict=True)
        ]
        in_bag: Floats = np.concatenate(share) if share else np.zeros(0)
        # Beside bags.items: the share of the entry's phrasings that have the word.
        self.in_bag: Floats = in_bag
        in_phrasings = np.array([len(column) for column in self.phrases_with], dtype=np.float64)
        # Per token: share of all phrasings that have it, as if each had half a sighting more.
        self.usual: Floats = (in_phrasings + 0.5) / (len(phrase_rows) + 1)
        self.usual_unknown = 0.5 / (len(phrase_rows) + 1)
        bag_weight = self.idf[self.bags.items] * in_bag
        sums = np.add.reduceat(bag_weight**2, self.bags.start[:-1]) if len(bags) else np.zeros(0)
        self.bag_length: Floats = np.sqrt(np.maximum(sums, 1e-9))
        order = np.argsort(self.bags.items, kind="stable")
        bounds = np.searchsorted(self.bags.items[order], np.arange(1, width))
        self.bag_weights_with: list[Floats] = np.split(bag_weight[order], bounds) if width else []
        self.likeness = WordLikeness(self.tokens)
        self.entry_of: Ints = np.repeat(np.arange(self.entry_count), np.diff(self.first_phrasing))

    def rarity(self, token: str) -> float:
        number = self.number_of.get(token)
        return self.idf_unknown if number is None else float(self.idf[number])


def _row_sums(rows: Rows, weight: Floats) -> Floats:
    if len(rows.start) == 1:
        return np.zeros(0)
    sums: Floats = np.add.reduceat(weight[rows.items], rows.start[:-1])
    return np.maximum(sums, 1e-9)
