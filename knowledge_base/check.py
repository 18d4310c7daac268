"""What can only be seen in the book as a whole: names that lead nowhere, phrasings claimed twice, dates."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial

from knowledge_base import rules
from knowledge_base.entry import PHRASINGS_WANTED, Entry
from knowledge_base.loader import REGULATIONS_FILE, SOURCES_FILE, TOPICS_FILE, Content
from knowledge_base.problems import NOWHERE, Code, Place, Problem

_ALIKE = Fraction(3, 5)  # of their stems; phrasings that share more are one sentence written twice


def check(content: Content, today: date) -> tuple[Problem, ...]:
    """What is wrong on `today` with a book that was read (what could not be read is in `content.problems`)."""
    return _Check(content, today).run()


def comparable(phrasing: str) -> str:
    """The phrasing without case, blanks and punctuation."""
    folded = unicodedata.normalize("NFKC", phrasing).casefold()
    return "".join(letter for letter in folded if letter.isalnum()) or folded


class _Check:
    def __init__(self, content: Content, today: date) -> None:
        self._content = content
        self._today = today
        self._problems: list[Problem] = []

    def run(self) -> tuple[Problem, ...]:
        for entry in self._content.entries.values():
            self._problems += rules.entry_problems(entry, partial(self._place, entry))
            self._topic(entry)
            self._references(entry)
            self._dates(entry)
            self._terms(entry)
        self._phrasings()
        self._registers()
        self._aliases()
        self._search()
        return tuple(sorted(self._problems, key=lambda problem: (problem.path, problem.line)))

    def _place(self, entry: Entry, *part: str | int) -> Place:
        place = self._content.places.of("entry", entry.id, *part)
        return Place(entry.id, 0) if place == NOWHERE else place

    def _report(self, place: Place, code: Code, field: str = "", **values: str | int) -> None:
        self._problems.append(Problem(place.path, place.line, field, code, values))

    def _is_unknown(self, name: str, register: Mapping[str, object], file: str = "") -> bool:
        """Not when it stands in the files but could not be read: that has been reported."""
        left_out = self._content.left_out
        return name not in register and name not in left_out and file not in left_out

    # ---------------------------------------------------------------------------------------- references

    def _topic(self, entry: Entry) -> None:
        topic = self._content.topics.get(entry.topic_id)
        if self._is_unknown(entry.topic_id, self._content.topics, TOPICS_FILE):
            place = self._place(entry, "topic_id")
            self._report(place, Code.TOPIC_UNKNOWN, "topik", found=entry.topic_id)
        file = self._content.files.get(entry.id)
        if topic and file:
            folder = file.path.split("/")[0]
            if folder != topic.book and not self._is_no_book(topic.book):
                place = self._place(entry, "topic_id")
                self._report(
                    place, Code.WRONG_FOLDER, "topik", folder=folder, topic=topic.id, book=topic.book
                )

    def _references(self, entry: Entry) -> None:
        for related in entry.related:
            place = self._place(entry, "related", related)
            if related == entry.id:
                self._report(place, Code.RELATED_SELF, "terkait", found=related)
            elif self._is_unknown(related, self._content.entries):
                self._report(place, Code.RELATED_UNKNOWN, "terkait", found=related)
        for version in entry.versions:
            start = version.in_force_from.isoformat()
            for number, citation in enumerate(version.legal_basis):
                if self._is_unknown(citation.regulation, self._content.regulations, REGULATIONS_FILE):
                    place = self._place(entry, "versions", start, "legal_basis", number)
                    self._report(place, Code.REGULATION_UNKNOWN, "Dasar hukum", found=citation.regulation)
            for number, source in enumerate(version.sources):
                if self._is_unknown(source.source_id, self._content.sources, SOURCES_FILE):
                    place = self._place(entry, "versions", start, "sources", number)
                    self._report(place, Code.SOURCE_UNKNOWN, "Sumber", found=source.source_id)

    def _registers(self) -> None:
        content = self._content
        for regulation in content.regulations.values():
            for amending in regulation.amended_by:
                if self._is_unknown(amending, content.regulations):
                    place = content.places.of("regulation", regulation.short_title, amending)
                    self._report(place, Code.REGULATION_UNKNOWN, "diubah oleh", found=amending)
        for topic in content.topics.values():
            if self._is_no_book(topic.book):
                place = content.places.of("topic", topic.id, "buku")
                self._report(place, Code.BOOK_UNKNOWN, "buku", found=topic.book)

    def _is_no_book(self, book_id: str) -> bool:
        book = self._content.topics.get(book_id)
        return not book.is_book if book else self._is_unknown(book_id, self._content.topics)

    def _aliases(self) -> None:
        topics: dict[str, str] = {}
        owners = {
            comparable(phrasing): entry.id
            for entry in self._content.entries.values()
            for phrasing in entry.phrasings
        }
        for topic in self._content.topics.values():
            for alias in topic.aliases:
                key = comparable(alias)
                place = self._content.places.of("topic", topic.id, alias)
                if key in topics:
                    self._report(place, Code.ALIAS_SHARED, "alias", found=alias, other=topics[key])
                if key in owners:
                    self._report(place, Code.ALIAS_IS_PHRASING, "alias", found=alias, entry=owners[key])
                topics.setdefault(key, topic.id)

    # --------------------------------------------------------------------------------------------- dates

    def _dates(self, entry: Entry) -> None:
        for version in entry.versions:
            if version.reviewed_on > self._today:
                place = self._place(entry, "versions", version.in_force_from.isoformat(), "reviewed_on")
                self._report(
                    place, Code.REVIEWED_IN_FUTURE, "ditinjau", found=version.reviewed_on.isoformat()
                )
        current = entry.current(self._today)
        if current is None:
            self._report(self._place(entry, "versions"), Code.NO_VERSION_TODAY, today=self._today.isoformat())
        elif current.review_again_on < self._today:
            place = self._place(entry, "versions", current.in_force_from.isoformat(), "review_again_on")
            self._report(place, Code.REVIEW_OVERDUE, "tinjau lagi", found=current.review_again_on.isoformat())

    # --------------------------------------------------------------------------------------------- words

    def _phrasings(self) -> None:
        owners: dict[str, tuple[Entry, Place]] = {}
        for entry in self._content.entries.values():
            if len(entry.variants) < PHRASINGS_WANTED:
                place = self._place(entry, "variants")
                self._report(
                    place,
                    Code.PHRASINGS_FEW,
                    "Cara orang menanyakannya",
                    count=len(entry.variants),
                    wanted=PHRASINGS_WANTED,
                )
            for phrasing, place in self._placed_phrasings(entry):
                owner, first = owners.setdefault(comparable(phrasing), (entry, place))
                if first is place:
                    continue
                if owner is entry:
                    self._report(place, Code.PHRASING_TWICE, found=phrasing, first=first.line)
                else:
                    self._report(
                        place, Code.PHRASING_SHARED, found=phrasing, other=owner.id, first=first.line
                    )

    def _placed_phrasings(self, entry: Entry) -> Iterator[tuple[str, Place]]:
        yield entry.question, self._place(entry, "question")
        for number, variant in enumerate(entry.variants):
            yield variant, self._place(entry, "variants", number)

    def _terms(self, entry: Entry) -> None:
        """Only in what the book says itself: people may ask in any words, and old titles may be quoted."""
        terms = {term.casefold(): better for term, better in self._content.avoided_terms.items()}
        if not terms:
            return
        pattern = re.compile(
            r"(?<!\w)(?:"
            + "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
            + r")(?!\w)",
            re.IGNORECASE,
        )
        for text, field, place in self._own_words(entry):
            for number, line in enumerate(_without_quotations(text).split("\n")):
                for found in dict.fromkeys(match[0] for match in pattern.finditer(line)):
                    at = Place(place.path, place.line + number)
                    self._report(at, Code.TERM_TO_AVOID, field, found=found, better=terms[found.casefold()])

    def _own_words(self, entry: Entry) -> Iterator[tuple[str, str, Place]]:
        yield entry.question, "", self._place(entry, "question")
        for version in entry.versions:
            start = version.in_force_from.isoformat()
            yield version.answer, "Jawaban", self._place(entry, "versions", start, "answer")
            yield version.detail, "Rincian", self._place(entry, "versions", start, "detail")
            for number, source in enumerate(version.sources):
                yield source.note, "Sumber", self._place(entry, "versions", start, "sources", number)

    # -------------------------------------------------------------------------------------------- search

    def _search(self) -> None:
        from knowledge_base import findability  # numpy and the model: only for this check

        searched = findability.searched(self._content, self._today)
        if not searched:
            return
        engine = findability.engine_for(self._content, searched)
        for entry in self._content.entries.values():
            self._phrasings_alike(entry, engine.reader.tokens_of)
        for entry_id in (one.id for one in searched):
            for phrasing, place in self._placed_phrasings(self._content.entries[entry_id]):
                asked = findability.ask(engine, entry_id, phrasing)
                if not asked.is_among_three:
                    instead = asked.best or "–"
                    self._report(place, Code.PHRASING_NOT_FOUND, found=phrasing, instead=instead)
        for entry_id, left_out in findability.found_when_left_out(self._content, self._today).items():
            if left_out.is_hard_to_find:
                self._report(
                    self._place(self._content.entries[entry_id], "variants"),
                    Code.ENTRY_HARD_TO_FIND,
                    "Cara orang menanyakannya",
                    asked=left_out.counts.asked,
                    among=left_out.counts.among_three,
                    instead=left_out.instead or "–",
                )

    def _phrasings_alike(self, entry: Entry, tokens_of: Callable[[str], Iterable[str]]) -> None:
        """Each phrasing is compared with those before it and named once, beside the one it is most like."""
        before: dict[str, tuple[str, Place, frozenset[str]]] = {}
        for phrasing, place in self._placed_phrasings(entry):
            key = comparable(phrasing)
            if key in before:
                continue  # PHRASING_TWICE says so
            stems = frozenset(tokens_of(phrasing))
            alike = [(_overlap(stems, others), other, first) for other, first, others in before.values()]
            overlap, other, first = max(alike, key=lambda one: one[0], default=(Fraction(0), "", place))
            if overlap > _ALIKE:
                self._report(
                    place,
                    Code.PHRASINGS_ALIKE,
                    found=phrasing,
                    other=other,
                    first=first.line,
                    percent=int(overlap * 100),
                )
            before[key] = (phrasing, place, stems)


def _overlap(stems: frozenset[str], others: frozenset[str]) -> Fraction:
    """Against the larger set: a short phrasing inside a long one is another phrasing."""
    return Fraction(len(stems & others), max(len(stems), len(others), 1))


def _without_quotations(text: str) -> str:
    """The same lines with blanks where something is quoted."""
    return re.sub(
        r"“[^”]*”|\"[^\"\n]*\"|‘[^’]*’|«[^»]*»", lambda match: re.sub(r"[^\n]", " ", match[0]), text
    )
