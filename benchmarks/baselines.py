"""What the search is measured against: each ranks entries by the best score over an entry's phrasings."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import Stemmer
from rapidfuzz import fuzz, process, utils

from knowledge_base.language import split_words
from knowledge_base.outcomes import SearchEntry

Ranking = tuple[tuple[str, float], ...]
Ranker = Callable[[str], Ranking]
TOP = 5


def wratio(entries: Sequence[SearchEntry]) -> Ranker:
    phrasings, owners = _flat(entries)
    processed = [utils.default_process(text) for text in phrasings]

    def rank(text: str) -> Ranking:
        query = utils.default_process(text)
        scores = process.cdist([query], processed, scorer=fuzz.WRatio)[0]
        return _best(scores, owners, entries)

    return rank


def bm25(entries: Sequence[SearchEntry], k1: float = 1.2, b: float = 0.75) -> Ranker:
    stem = Stemmer.Stemmer("indonesian").stemWord
    return _sparse(entries, lambda text: [stem(word) for word in split_words(text)], bm25=(k1, b))


def character_tfidf(entries: Sequence[SearchEntry]) -> Ranker:
    return _sparse(entries, _grams, bm25=None)


def _grams(text: str) -> list[str]:
    return [
        padded[place : place + size]
        for word in split_words(text)
        for padded in (f" {word} ",)
        for size in (2, 3, 4, 5)
        for place in range(len(padded) - size + 1)
    ]


def _sparse(
    entries: Sequence[SearchEntry], features: Callable[[str], list[str]], bm25: tuple[float, float] | None
) -> Ranker:
    phrasings, owners = _flat(entries)
    bags = [Counter(features(text)) for text in phrasings]
    spread = Counter(feature for bag in bags for feature in bag)
    count = len(bags)
    sizes = np.array([sum(bag.values()) for bag in bags], dtype=float)
    postings: dict[str, list[tuple[int, float]]] = {}
    lengths = np.zeros(count)
    for number, bag in enumerate(bags):
        for feature, times in bag.items():
            if bm25 is not None:
                k1, b = bm25
                idf = math.log(1 + (count - spread[feature] + 0.5) / (spread[feature] + 0.5))
                value = idf * times * (k1 + 1) / (times + k1 * (1 - b + b * sizes[number] / sizes.mean()))
            else:
                value = (1 + math.log(times)) * (math.log((1 + count) / (1 + spread[feature])) + 1)
            postings.setdefault(feature, []).append((number, value))
            lengths[number] += value**2
    columns = {
        feature: (np.array([row for row, _ in rows]), np.array([value for _, value in rows]))
        for feature, rows in postings.items()
    }

    def rank(text: str) -> Ranking:
        scores = np.zeros(count)
        own = 0.0
        for feature, times in Counter(features(text)).items():
            weight = 1.0
            if bm25 is None:
                weight = (1 + math.log(times)) * (math.log((1 + count) / (1 + spread[feature])) + 1)
                own += weight**2
            if feature in columns:
                rows, values = columns[feature]
                scores[rows] += weight * values
        if bm25 is None:
            scores /= np.sqrt(np.maximum(lengths, 1e-9)) * math.sqrt(max(own, 1e-9))
        return _best(scores, owners, entries)

    return rank


def _flat(entries: Sequence[SearchEntry]) -> tuple[list[str], np.ndarray]:
    phrasings = [text for entry in entries for text in entry.phrasings]
    owners = np.array([number for number, entry in enumerate(entries) for _ in entry.phrasings])
    return phrasings, owners


def _best(scores: np.ndarray, owners: np.ndarray, entries: Sequence[SearchEntry]) -> Ranking:
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    per_entry = np.maximum.reduceat(scores, starts)
    order = np.argsort(-per_entry, kind="stable")[:TOP]
    return tuple((entries[number].id, float(per_entry[number])) for number in order)
