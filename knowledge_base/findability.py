"""Whether people find an entry: by the phrasings it has, and in words that it does not have yet.

For the second, phrasings are left out of the book and asked as if a stranger had written them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from knowledge_base import markup
from knowledge_base.entry import PHRASINGS_WANTED
from knowledge_base.loader import Content
from knowledge_base.outcomes import SearchEntry
from knowledge_base.search import Engine

FOUND_AMONG: Final = 3  # as many as "Maksud Anda…?" offers
# The book is read anew for each fold. With eight an entry keeps seven of eight phrasings, nearly what it has in use.
_FOLDS: Final = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrasing of an entry and what came of asking it."""

    entry_id: str
    phrasing: str
    rankings: tuple[tuple[str, ...], ...]  # the first three entries, for each question that was read in it

    @property
    def is_first(self) -> bool:
        return any(ranking[:1] == (self.entry_id,) for ranking in self.rankings)

    @property
    def is_among_three(self) -> bool:
        return any(self.entry_id in ranking for ranking in self.rankings)

    @property
    def best(self) -> str | None:
        return next((ranking[0] for ranking in self.rankings if ranking), None)


class Counts(NamedTuple):
    """How many phrasings of an entry were asked, and how many of them found it."""

    asked: int
    first: int
    among_three: int


@dataclass(frozen=True, slots=True)
class Found:
    """How well the phrasings that were left out found their entry."""

    counts: Counts
    instead: str | None  # the entry that most often came first where this one was not among three

    @property
    def is_hard_to_find(self) -> bool:
        return 2 * self.counts.among_three < self.counts.asked


def searched(content: Content, today: date) -> tuple[SearchEntry, ...]:
    """The entries that answer today."""
    return tuple(
        SearchEntry(
            entry.id,
            entry.question,
            entry.variants,
            entry.keywords,
            markup.plain(markup.parse(version.answer)),
        )
        for entry in content.entries.values()
        if (version := entry.current(today)) is not None
    )


def engine_for(content: Content, entries: Sequence[SearchEntry]) -> Engine:
    return Engine(entries, content.vocabulary, tuple(content.topics.values()))


def ask(engine: Engine, entry_id: str, phrasing: str) -> Asked:
    parts = engine.ask(phrasing, top=FOUND_AMONG)
    rankings = tuple(tuple(match.entry_id for match in part.ranking[:FOUND_AMONG]) for part in parts)
    return Asked(entry_id, phrasing, rankings)


def left_out(content: Content, today: date) -> dict[str, Counts]:
    """For each entry that has enough phrasings: how many of them find it in a book that lacks them."""
    return {entry_id: found.counts for entry_id, found in found_when_left_out(content, today).items()}


def found_when_left_out(content: Content, today: date) -> dict[str, Found]:
    """In the order of the book; nothing for a book so small that all of it is among the first three."""
    entries = searched(content, today)
    if len(entries) <= FOUND_AMONG:
        return {}
    asked = sorted(_asked_when_left_out(content, entries), key=lambda one: one.entry_id)
    found = {
        entry_id: tally(tuple(group)) for entry_id, group in groupby(asked, key=lambda one: one.entry_id)
    }
    return {entry.id: found[entry.id] for entry in entries if entry.id in found}


def _asked_when_left_out(content: Content, entries: Sequence[SearchEntry]) -> Iterator[Asked]:
    for fold in range(_FOLDS):
        shorter: list[SearchEntry] = []
        asked: list[tuple[str, str]] = []
        for number, entry in enumerate(entries):
            gone = _gone(entry, number, fold)
            kept = tuple(text for place, text in enumerate(entry.variants) if place not in gone)
            shorter.append(replace(entry, variants=kept))
            asked += [(entry.id, entry.variants[place]) for place in gone]
        if asked:
            engine = engine_for(content, shorter)
            yield from (ask(engine, entry_id, phrasing) for entry_id, phrasing in asked)


def _gone(entry: SearchEntry, number: int, fold: int) -> range:
    """Every eighth phrasing, never the title; another one in each entry, so that the folds are equally large."""
    if len(entry.variants) < PHRASINGS_WANTED:
        return range(0)
    return range((fold + number) % _FOLDS, len(entry.variants), _FOLDS)


def tally(asked: Collection[Asked]) -> Found:
    """Of one entry's phrasings."""
    instead = Counter(one.best for one in asked if one.best is not None and not one.is_among_three)
    counts = Counts(
        asked=len(asked),
        first=sum(one.is_first for one in asked),
        among_three=sum(one.is_among_three for one in asked),
    )
    # Of two that came first equally often the same one each time, whatever the order in which folds were asked.
    most = min(instead, key=lambda entry_id: (-instead[entry_id], entry_id), default=None)
    return Found(counts, most)
