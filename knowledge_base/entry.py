"""An entry of the answer book: one question, the ways people ask it, and its dated answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

ID_LIMIT = 40  # fits the 64 bytes of callback data and of a deep link beside a verb and a date
ID_PATTERN = r"[a-z0-9]+(?:-[a-z0-9]+)*"  # the characters that deep links and file names allow everywhere
QUESTION_LIMIT = 120  # two lines of bold title on a phone
PHRASING_LIMIT = 200  # longer ones are stories; the search cuts stories into sentences by itself
ANSWER_LIMIT = 900  # one phone screen
DETAIL_LIMIT = 2000  # with answer, title, legal basis and dates still under Telegram's 4,096 a message
BUTTON_TITLE_LIMIT = 60  # a button of full width on a phone; the view cuts longer questions there
PHRASINGS_WANTED = 5  # with fewer the search guesses more than it knows


class Kind(StrEnum):
    RULE = "rule"  # a verified rule
    PRACTICE = "practice"  # a colleague's experience, always shown apart


class Sourcing(StrEnum):
    """How well an answer is sourced."""

    REGULATION_TEXT = "regulation_text"
    OFFICIAL_PAGE = "official_page"
    PRESS = "press"
    SINGLE_SOURCE = "single_source"
    INFERENCE = "inference"  # drawn from the wording of a rule, written nowhere


KIND_WORDS: Mapping[Kind, str] = {Kind.RULE: "aturan", Kind.PRACTICE: "praktik"}
SOURCING_WORDS: Mapping[Sourcing, str] = {
    Sourcing.REGULATION_TEXT: "teks peraturan",
    Sourcing.OFFICIAL_PAGE: "laman resmi",
    Sourcing.PRESS: "pers",
    Sourcing.SINGLE_SOURCE: "satu sumber",
    Sourcing.INFERENCE: "simpulan",
}


@dataclass(frozen=True, slots=True)
class Citation:
    regulation: str  # the short title in the register
    article: str

    def __str__(self) -> str:
        return f"{self.regulation}: {self.article}"


@dataclass(frozen=True, slots=True)
class SourceReference:
    source_id: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.source_id}: {self.note}" if self.note else self.source_id


@dataclass(frozen=True, slots=True)
class Version:
    """What holds from one day up to and including another (or until further notice)."""

    in_force_from: date
    in_force_until: date | None
    answer: str  # markup (markup.py)
    detail: str  # markup
    legal_basis: tuple[Citation, ...]
    sources: tuple[SourceReference, ...]
    sourcing: Sourcing
    reviewed_on: date
    review_again_on: date

    def holds_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)

    def to_dict(self) -> dict[str, Any]:
        return {
            "in_force_from": self.in_force_from.isoformat(),
            "in_force_until": self.in_force_until.isoformat() if self.in_force_until else None,
            "answer": self.answer,
            "detail": self.detail,
            "legal_basis": [{"regulation": c.regulation, "article": c.article} for c in self.legal_basis],
            "sources": [{"source_id": s.source_id, "note": s.note} for s in self.sources],
            "sourcing": self.sourcing.value,
            "reviewed_on": self.reviewed_on.isoformat(),
            "review_again_on": self.review_again_on.isoformat(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Version":
        until = stored["in_force_until"]
        return cls(
            in_force_from=date.fromisoformat(stored["in_force_from"]),
            in_force_until=date.fromisoformat(until) if until else None,
            answer=stored["answer"],
            detail=stored["detail"],
            legal_basis=tuple(Citation(c["regulation"], c["article"]) for c in stored["legal_basis"]),
            sources=tuple(SourceReference(s["source_id"], s["note"]) for s in stored["sources"]),
            sourcing=Sourcing(stored["sourcing"]),
            reviewed_on=date.fromisoformat(stored["reviewed_on"]),
            review_again_on=date.fromisoformat(stored["review_again_on"]),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    kind: Kind
    topic_id: str
    question: str
    variants: tuple[str, ...]
    keywords: tuple[str, ...]
    related: tuple[str, ...]
    author: str
    reviewer: str
    versions: tuple[Version, ...]  # newest first, never overlapping
    no_legal_basis_reason: str | None = None  # why a rule may stand without a legal basis

    @property
    def phrasings(self) -> tuple[str, ...]:
        return (self.question, *self.variants)

    def version_on(self, day: date) -> Version | None:
        return next((version for version in self.versions if version.holds_on(day)), None)

    def current(self, today: date) -> Version | None:
        return self.version_on(today)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able and always in the same form: what the database keeps as a revision."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "topic_id": self.topic_id,
            "question": self.question,
            "variants": list(self.variants),
            "keywords": list(self.keywords),
            "related": list(self.related),
            "author": self.author,
            "reviewer": self.reviewer,
            "no_legal_basis_reason": self.no_legal_basis_reason,
            "versions": [version.to_dict() for version in self.versions],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Entry":
        """The entry that `to_dict` described; KeyError or ValueError when it is something else."""
        return cls(
            id=stored["id"],
            kind=Kind(stored["kind"]),
            topic_id=stored["topic_id"],
            question=stored["question"],
            variants=tuple(stored["variants"]),
            keywords=tuple(stored["keywords"]),
            related=tuple(stored["related"]),
            author=stored["author"],
            reviewer=stored["reviewer"],
            versions=tuple(Version.from_dict(version) for version in stored["versions"]),
            no_legal_basis_reason=stored["no_legal_basis_reason"],
        )
