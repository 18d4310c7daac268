"""The registers that entries refer to: regulations by short title, sources and topics by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TOPIC_ID_LIMIT = 30  # fits callback data beside a verb and a page number
TOPIC_TITLE_LIMIT = 40  # a button on a phone


class RegulationStatus(StrEnum):
    IN_FORCE = "in_force"
    AMENDED = "amended"  # still in force, in changed wording
    REVOKED = "revoked"


class SourceKind(StrEnum):
    REGULATION_TEXT = "regulation_text"
    OFFICIAL_PAGE = "official_page"
    PRESS = "press"
    OTHER = "other"


REGULATION_STATUS_WORDS: Mapping[RegulationStatus, str] = {
    RegulationStatus.IN_FORCE: "berlaku",
    RegulationStatus.AMENDED: "diubah",
    RegulationStatus.REVOKED: "dicabut",
}
SOURCE_KIND_WORDS: Mapping[SourceKind, str] = {
    SourceKind.REGULATION_TEXT: "teks peraturan",
    SourceKind.OFFICIAL_PAGE: "laman resmi",
    SourceKind.PRESS: "pers",
    SourceKind.OTHER: "lain",
}


@dataclass(frozen=True, slots=True)
class Regulation:
    short_title: str
    title: str
    in_force_from: date | None  # None: not known
    status: RegulationStatus
    amended_by: tuple[str, ...] = ()  # short titles
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    kind: SourceKind
    published: str = ""  # ISO, as exact as it is known: 2025, 2025-02 or 2025-02-07
    link: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    title: str
    title_en: str
    book: str  # the id of the book: its folder, and the topic that stands for the book as a whole
    aliases: tuple[str, ...] = ()  # messages that alone open it

    @property
    def is_book(self) -> bool:
        return self.id == self.book
