"""Candidates for a question, and what speaks for and against each of them, in numbers between about -1 and 1."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from knowledge_base.index import Floats, Index, Ints
from knowledge_base.reader import QUESTION_MARK, Reading

CANDIDATES_PER_GENERATOR: Final = 12
MAX_TOKENS: Final = (
    64  # of an endless message the most telling words; a story of 4,096 characters has about 300
)
PHRASINGS_PER_ENTRY: Final = (
    3  # of an entry's phrasings, those that the two generators like best are looked at closely
)
# How much more usual a word is in an entry than in the book counts by its logarithm, from this factor on.
_USAGE: Final = 10.0
_WORD_MATCHES_FROM: Final = (
    0.55  # likeness from which a pair of words counts as the same word in a pair of words
)

SIGNALS: Final = (
    # of the best of an entry's phrasings
    "nearly_the_same",  # coverage of the question by the phrasing times the reverse, to the fourth power
    "phrase_covered",  # share of the phrasing's weight that the question has
    "phrase_words",  # share of the phrasing's words that the question has
    "pairs_shared",  # neighbouring words that are neighbours in the phrasing
    # of all phrasings and keywords of the entry together
    "matched_weight",  # weight of the question's words that stand there
    "matched_words",  # share of the question's words that stand there
    "expected_words",  # share of what is usual in the entry's phrasings that the question has
    "asks_the_same",  # how usual the question word is there
    "entry_likeness",  # soft cosine of letter groups
    # of the answer
    "answer_covered",  # share of the question that stands in the answer
    "in_answer",  # share of the question that stands only there
    # against the other candidates, ahead of the best of them (negative: behind)
    "lead",  # on a plain sum of likenesses
    "lead_in_usage",  # on how much more usual the question's words are in the entry than in the book
    # of the question alone
    "length",  # 0 for one word, towards 1 for many
)
# Tried and left out, because they carried no weight beside these: BM25, letter likeness and plain coverage of the best
# phrasing (they choose the candidates), the most telling word that is missing on either side, RapidFuzz token_set,
# token_sort and partial ratios, the share of unknown or repaired words, votes of the nearest phrasings, neighbouring
# words in any phrasing. One linear classifier per entry (ridge on words and pairs) adds half a point to the first
# result, but takes two seconds to build and is out of reach for large books.


@dataclass(frozen=True)
class Query:
    """A reading in the numbers of one index."""

    tokens: tuple[str, ...]
    weight: Floats  # per token: rarity times trust
    likeness: Floats  # tokens x index tokens, 0..1
    soft: Floats  # per index token: weight of the question that it stands for
    met: Floats  # per index token: likeness of the question's likest word
    trust: Floats  # per token
    usual: Floats  # per token: share of the book's phrasings that have it
    asking: Ints  # places of the question words


@dataclass(frozen=True)
class Candidates:
    """``signals``: candidates x SIGNALS; ``phrasing``: number of the phrasing that matches best."""

    entries: Ints
    phrasing: Ints
    signals: Floats


def understand(
    index: Index, reading: Reading, synonyms: Mapping[str, tuple[tuple[str, float], ...]]
) -> Query:
    tokens: dict[str, float] = {}
    for token, trust in zip(reading.tokens, reading.trust, strict=True):
        tokens[token] = max(trust, tokens.get(token, 0.0))
    if len(tokens) > MAX_TOKENS:
        rare = set(sorted(tokens, key=lambda token: -index.rarity(token))[:MAX_TOKENS])
        tokens = {token: tokens[token] for token in tokens if token in rare}
    width = len(index.tokens)
    likeness = np.zeros((len(tokens), width))
    weight = np.empty(len(tokens))
    usual = np.full(len(tokens), index.usual_unknown)
    for place, token in enumerate(tokens):
        number = index.number_of.get(token)
        weight[place] = index.rarity(token)
        like, how = index.likeness.of(token)
        likeness[place, like] = how
        for other, how_far in synonyms.get(token, ()):
            if (other_number := index.number_of.get(other)) is not None:
                likeness[place, other_number] = max(likeness[place, other_number], how_far)
        if number is not None:
            likeness[place, number] = 1.0
            usual[place] = index.usual[number]
    sure = np.array(list(tokens.values()))
    weight *= sure
    return Query(
        tokens=tuple(tokens),
        weight=weight,
        likeness=likeness,
        soft=weight @ likeness if len(tokens) else np.zeros(width),
        met=likeness.max(axis=0) if len(tokens) else np.zeros(width),
        trust=sure,
        usual=usual,
        asking=np.flatnonzero([token.startswith(QUESTION_MARK) for token in tokens]),
    )


def _scores(index: Index, query: Query) -> tuple[Floats, Floats, Floats]:
    """BM25 and letter likeness per phrasing, letter likeness per entry."""
    bm25 = np.zeros(len(index.entry_of))
    like = np.zeros(len(index.entry_of))
    whole = np.zeros(index.entry_count)
    for place, token in enumerate(query.tokens):
        if token in index.number_of:
            bm25[index.phrases_with[index.number_of[token]]] += query.weight[place]
    bm25 *= index.bm25_scale
    for number in np.flatnonzero(query.soft).tolist():
        soft = float(query.soft[number])
        like[index.phrases_with[number]] += soft * index.idf[number]
        whole[index.bags_with[number]] += soft * index.bag_weights_with[number]
    own = math.sqrt(float(query.weight @ query.weight)) or 1.0
    like /= index.phrase_length * own
    whole /= index.bag_length * own
    return bm25, np.minimum(like, 1.0), np.minimum(whole, 1.0)


def _best(scores: Floats, count: int) -> Ints:
    """The places of the ``count`` highest scores above zero; among equals the first."""
    above = np.flatnonzero(scores > 0)
    if len(above) > count:
        limit = np.partition(scores[above], len(above) - count)[len(above) - count]
        above = above[scores[above] >= limit]
    return above[np.argsort(-scores[above], kind="stable")][:count]


def find(index: Index, query: Query) -> Candidates:
    """Up to three dozen candidates with their signals, in the order of the book."""
    bm25, like, whole = _scores(index, query)
    starts = index.first_phrasing[:-1]
    if index.entry_count == 0 or not len(query.tokens):
        return _none()
    picked = [
        _best(scores, CANDIDATES_PER_GENERATOR)
        for scores in (np.maximum.reduceat(bm25, starts), np.maximum.reduceat(like, starts), whole)
    ]
    entries = _with_more_than_a_question_word(index, query, np.unique(np.concatenate(picked)))
    if not len(entries):
        return _none()

    ideal = float(query.weight.sum()) or 1.0
    prior = bm25 / (ideal * 2.2) + like
    phrasings: list[Ints] = []
    for entry in entries:
        begin, end = int(index.first_phrasing[entry]), int(index.first_phrasing[entry + 1])
        if end - begin <= PHRASINGS_PER_ENTRY:
            phrasings.append(np.arange(begin, end))
        else:
            order = np.argsort(-prior[begin:end], kind="stable")[:PHRASINGS_PER_ENTRY]
            phrasings.append(begin + order)
    near = np.concatenate(phrasings)
    group = np.zeros(len(entries), dtype=np.int64)
    np.cumsum([len(some) for some in phrasings[:-1]], out=group[1:])

    per_phrasing = _compare_phrasings(index, query, near, ideal)
    standing = per_phrasing.pop("standing") + 0.6 * like[near]
    top: Floats = np.maximum.reduceat(standing, group)
    is_best = standing >= np.repeat(top, np.diff(np.append(group, len(near))))
    best_place = np.minimum.reduceat(np.where(is_best, np.arange(len(near)), len(near)), group)
    columns: dict[str, Floats] = {
        name: np.maximum.reduceat(values, group) for name, values in per_phrasing.items()
    }
    columns |= _compare_entries(index, query, entries, ideal)
    columns["entry_likeness"] = whole[entries]
    columns["lead"] = _lead(top + 0.6 * whole[entries])
    columns["length"] = np.full(len(entries), 1 - 1 / len(query.tokens))
    signals = np.column_stack([columns[name] for name in SIGNALS])
    return Candidates(entries=entries, phrasing=near[best_place], signals=signals)


def _with_more_than_a_question_word(index: Index, query: Query, entries: Ints) -> Ints:
    """Without the entries that share nothing but "siapa" or "berapa", when the question has more to offer."""
    if not len(query.asking) or len(query.asking) == len(query.tokens) or not len(entries):
        return entries
    met = np.delete(query.likeness, query.asking, axis=0).max(axis=0)
    shared = np.zeros(len(entries))
    for rows in (index.bags, index.answers):
        items, begins = rows.take(entries)
        shared = np.maximum(shared, np.maximum.reduceat(met[items], begins))
    kept: Ints = entries[shared > 0]
    return kept


def _none() -> Candidates:
    nothing = np.zeros(0, dtype=np.int64)
    return Candidates(nothing, nothing, np.zeros((0, len(SIGNALS))))


def _coverage(query: Query, items: Ints, begins: Ints) -> Floats:
    """Tokens x rows: how well a row has each word of the question, 0..1."""
    found: Floats = np.maximum.reduceat(query.likeness[:, items], begins, axis=1)
    return found


def _compare_phrasings(index: Index, query: Query, near: Ints, ideal: float) -> dict[str, Floats]:
    items, begins = index.phrases.take(near)
    alike = query.likeness[:, items]
    has: Floats = np.maximum.reduceat(alike, begins, axis=1)
    met = alike.max(axis=0)
    idf = index.idf[items]

    query_covered = (query.weight @ has) / ideal
    phrase_covered = np.add.reduceat(idf * met, begins) / index.phrase_weight[near]
    same = np.where(met >= _WORD_MATCHES_FROM, alike.argmax(axis=0), -9)
    follows = np.zeros(len(items))
    follows[1:] = (same[1:] == same[:-1] + 1) & (same[:-1] >= 0)
    follows[begins] = 0
    pairs = np.minimum(np.add.reduceat(follows, begins) / max(len(query.tokens) - 1, 1), 1.0)
    sizes = np.diff(np.append(begins, len(items)))
    return {
        "phrase_covered": phrase_covered,
        "phrase_words": np.add.reduceat(met, begins) / sizes,
        "nearly_the_same": (query_covered * phrase_covered) ** 4,
        "pairs_shared": pairs,
        "standing": query_covered + 0.6 * phrase_covered + 0.3 * pairs,
    }


def _compare_entries(index: Index, query: Query, entries: Ints, ideal: float) -> dict[str, Floats]:
    items, begins = index.bags.take(entries)
    share, _ = index.bags.take_from(index.in_bag, entries)
    alike = query.likeness[:, items]
    by_entry: Floats = np.maximum.reduceat(alike, begins, axis=1)
    by_answer = _coverage(query, *index.answers.take(entries))
    usage: Floats = np.maximum.reduceat(alike**2 * share, begins, axis=1)
    gain = query.trust @ np.log1p(_USAGE * usage / query.usual[:, None])
    most = float(query.trust @ np.log1p(_USAGE / query.usual))
    return {
        "matched_weight": (query.weight @ by_entry) / (4 * index.idf_unknown),
        "matched_words": (query.trust @ by_entry) / float(query.trust.sum()),
        "expected_words": np.add.reduceat(share * query.met[items], begins) / np.add.reduceat(share, begins),
        "asks_the_same": usage[query.asking].max(axis=0) if len(query.asking) else np.ones(len(entries)),
        "answer_covered": (query.weight @ by_answer) / ideal,
        "in_answer": (query.weight @ np.maximum(by_answer - by_entry, 0)) / ideal,
        "lead_in_usage": _lead(gain / most),
    }


def _lead(standing: Floats) -> Floats:
    if len(standing) == 1:
        return np.array([0.5])
    order = np.sort(standing)
    best, second = float(order[-1]), float(order[-2])
    others = np.where(standing == best, second, best)
    return np.clip(standing - others, -1.0, 1.0)
