"""What the search is given and what it says, apart from how it finds it.

Whoever shows or keeps outcomes needs these only; the search itself brings numpy and its word lists along, which takes
longer to import than a bot may take to start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from knowledge_base.language import SmallTalkKind

if TYPE_CHECKING:
    from knowledge_base.model import Thresholds
    from knowledge_base.reader import Change


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """What the search knows of an entry; also a line of ``--entries``."""

    id: str
    question: str
    variants: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    answer: str = ""

    @property
    def phrasings(self) -> tuple[str, ...]:
        return (self.question, *self.variants)


@dataclass(frozen=True, slots=True)
class Match:
    """``confidence``: calibrated probability, 0..1, that this entry answers the question.

    ``phrasing``: the one that matches best, as written in the book.
    """

    entry_id: str
    confidence: float
    phrasing: str


@dataclass(frozen=True, slots=True)
class Answer:
    match: Match


@dataclass(frozen=True, slots=True)
class Suggest:
    """One to three entries to choose from, best first."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class OpenTopic:
    topic_id: str


@dataclass(frozen=True, slots=True)
class SmallTalk:
    kind: SmallTalkKind


Outcome: TypeAlias = Answer | Suggest | Unknown | OpenTopic | SmallTalk


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message.

    ``ranking``: the best entries, whatever the outcome; fewer than asked for when fewer have a word of it.
    """

    text: str
    outcome: Outcome
    ranking: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a part ended as it did."""

    part: Part
    changes: tuple[Change, ...]  # words that were read differently than written
    matched: tuple[str, ...]  # words of the question that the best match has
    missed: tuple[str, ...]  # words of the question that it lacks
    runner_up: Match | None
    thresholds: Thresholds
