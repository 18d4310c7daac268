"""The book in the database and in memory: loading files, serving what is in force.

Files are where the book begins, the database is where it lives. A file is loaded when its content is new and the
database still holds the revision that was loaded from it; where a curator has changed the entry since, the database
wins and the file is reported as a conflict. An entry whose file is gone is retired by the same rule.

Reading the files takes a second, so their fingerprint is kept beside what they became. While it is the same, and what
the database knows of the files too, loading them again would change and report nothing: then it is left out.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, local_date
from db.models import ContentItem, ContentKind, ContentRevision, Mark, Origin
from db.queries import content as queries
from knowledge_base.entry import Entry, Version
from knowledge_base.folder import fingerprint
from knowledge_base.language import Vocabulary
from knowledge_base.outcomes import SearchEntry
from knowledge_base.registers import Regulation, Source, Topic

if TYPE_CHECKING:
    from knowledge_base.loader import Content
    from knowledge_base.search import Engine

MARK = "content files"  # the name of the row of `marks` that says which files were loaded


class NoBook(Exception):
    """Nothing is served yet; what needs the book has to wait until it was read."""


@dataclass(frozen=True)
class LoadReport:
    """What became of the files, by slug."""

    loaded: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServedEntry:
    """An entry as it is served: its newest revision."""

    entry: Entry
    revision: int


@dataclass(frozen=True)
class Book:
    """Everything that is known, at one moment; replaced as a whole, never changed."""

    engine: "Engine"
    entries: Mapping[str, ServedEntry] = field(default_factory=dict)
    in_force: tuple[Entry, ...] = ()  # those with a version on the day the book was assembled for
    topics: tuple[Topic, ...] = ()
    regulations: Mapping[str, Regulation] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    def find(self, entry_id: str, day: date) -> tuple[ServedEntry, Version] | None:
        """The entry and its version in force on `day`, or None where there is no such entry or version."""
        served = self.entries.get(entry_id)
        version = served.entry.version_on(day) if served else None
        return (served, version) if served and version else None

    def topic(self, topic_id: str) -> Topic | None:
        """The topic of this id."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)

    def books(self) -> list[Topic]:
        """The books that hold at least one entry in force, in the curators' order."""
        return [topic for topic in self.topics if topic.is_book and self.topics_of(topic.id)]

    def topics_of(self, book_id: str) -> list[Topic]:
        """The topics of one book that hold at least one entry in force, in the curators' order."""
        inner = (topic for topic in self.topics if topic.book == book_id and not topic.is_book)
        return [topic for topic in inner if self.in_topic(topic.id)]

    def in_topic(self, topic_id: str) -> list[Entry]:
        """The entries of one topic that are in force, in the order of their questions."""
        return [entry for entry in self.in_force if entry.topic_id == topic_id]


class ContentService:
    """Loads files into the database and keeps the served book in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._book: Book | None = None
        self._stamp: tuple[int, ...] = ()
        self._book_day = self.today
        self._refreshing = asyncio.Lock()

    @property
    def book(self) -> Book:
        """What is served now. Raises `NoBook` before the first `refresh`."""
        if self._book is None:
            raise NoBook
        return self._book

    @property
    def today(self) -> date:
        """The day whose rules are served when nobody names another: today in Jakarta."""
        return local_date(self._clock.now())

    async def is_outdated(self, tx: AsyncSession) -> bool:
        """Whether something was published since the served book was assembled, or that was for a day that is over."""
        return self._book_day != self.today or await queries.stamp(tx) != self._stamp

    def fingerprint(self, folder: Path) -> str:
        """Says which files these are and which code reads them; quick."""
        return fingerprint(folder, Path(__file__))

    async def is_loaded(self, tx: AsyncSession, files: str) -> bool:
        """Whether loading the files of this fingerprint would change and report nothing."""
        mark = await tx.get(Mark, MARK)
        return mark is not None and mark.digest == _digest(files, await queries.file_states(tx))

    async def load(self, tx: AsyncSession, content: "Content", files: str | None = None) -> LoadReport:
        """Take in what is new in the files; see the module's docstring for the rule.

        With the fingerprint of the files, `is_loaded` knows them from now on, unless something in them has to be
        reported at every start.
        """
        report = await self._load(tx, content)
        if files is not None and not report.conflicts and not content.problems:
            await tx.flush()
            await tx.merge(Mark(name=MARK, digest=_digest(files, await queries.file_states(tx))))
        return report

    async def _load(self, tx: AsyncSession, content: "Content") -> LoadReport:
        known = await queries.items(tx)
        fates: dict[str, list[str]] = {"loaded": [], "unchanged": [], "conflicts": [], "retired": []}
        bodies = list(_bodies(content))
        new = {
            (kind, slug): ContentItem(kind=kind, slug=slug, revision=0, file_revision=0)
            for kind, slug, _ in bodies
            if (kind, slug) not in known
        }
        tx.add_all(new.values())
        await tx.flush()  # all of them in a few statements: the revisions need their ids
        for kind, slug, body in bodies:
            fate = self._load_one(tx, known.get((kind, slug)) or new[kind, slug], body)
            fates[fate].append(slug)
        # A file that is there but could not be read keeps its entry as it is served.
        present = content.entries.keys() | content.left_out
        for item in known.values():
            if item.kind == ContentKind.ENTRY and item.slug not in present:
                end = _retire(item)
                if end is not None:
                    fates[end].append(item.slug)
        return LoadReport(**{fate: tuple(slugs) for fate, slugs in fates.items()})

    def _load_one(self, tx: AsyncSession, item: ContentItem, body: dict[str, Any]) -> str:
        file_hash = _hash(body)
        if item.file_hash == file_hash and not item.is_retired:
            return "unchanged"
        if item.revision != item.file_revision:
            return "conflicts"
        item.is_retired = False
        item.revision += 1
        item.file_hash, item.file_revision = file_hash, item.revision
        assert item.id is not None
        tx.add(
            ContentRevision(
                item_id=item.id,
                number=item.revision,
                body=body,
                origin=Origin.FILE,
                author=str(body.get("author", "")),
                created_at=self._clock.now(),
            )
        )
        return "loaded"

    async def refresh(self, tx: AsyncSession) -> None:
        """Build the served book anew from the database and put it in the place of the old one at once."""
        async with self._refreshing:  # one after the other, so that an older book never replaces a newer one
            day, stamp = self.today, await queries.stamp(tx)
            items = await queries.served(tx)
            # In a thread: the search takes a good part of a second to build, and people are answered meanwhile.
            self._book = await asyncio.to_thread(_built, items, day)
            self._book_day, self._stamp = day, stamp


def _built(items: Sequence[queries.ServedItem], day: date) -> Book:
    entries: dict[str, ServedEntry] = {}
    registers: dict[str, dict[str, Any]] = {}
    for item in items:
        if item.kind == ContentKind.ENTRY:
            entries[item.slug] = ServedEntry(Entry.from_dict(item.body), item.revision)
        else:
            registers[item.slug] = item.body
    return assemble(entries, registers, day)


@dataclass(frozen=True)
class _Adapters:
    """How the registers travel to the database and back."""

    topics: TypeAdapter[list[Topic]] = field(default_factory=lambda: TypeAdapter(list[Topic]))
    regulations: TypeAdapter[list[Regulation]] = field(default_factory=lambda: TypeAdapter(list[Regulation]))
    sources: TypeAdapter[list[Source]] = field(default_factory=lambda: TypeAdapter(list[Source]))
    vocabulary: TypeAdapter[Vocabulary] = field(default_factory=lambda: TypeAdapter(Vocabulary))


@cache
def _adapters() -> _Adapters:
    return _Adapters()


def assemble(entries: Mapping[str, ServedEntry], registers: Mapping[str, dict[str, Any]], day: date) -> Book:
    """The book of these entries and registers as it is served on `day`."""
    from knowledge_base.search import Engine  # with numpy: it would hold up the start (bot/cli.py)

    adapters = _adapters()
    topics = tuple(adapters.topics.validate_python(registers.get("topics", {}).get("topics", ())))
    vocabulary = adapters.vocabulary.validate_python(registers.get("vocabulary", {}))
    regulations = adapters.regulations.validate_python(
        registers.get("regulations", {}).get("regulations", ())
    )
    sources = adapters.sources.validate_python(registers.get("sources", {}).get("sources", ()))
    in_force = sorted(
        (served.entry for served in entries.values() if served.entry.version_on(day)),
        key=lambda entry: entry.question,
    )
    searchable = [entry for each in in_force if (entry := search_entry(each, day))]
    return Book(
        entries=dict(entries),
        in_force=tuple(in_force),
        topics=topics,
        regulations={regulation.short_title: regulation for regulation in regulations},
        sources={source.id: source for source in sources},
        engine=Engine(searchable, vocabulary, topics),
    )


def search_entry(entry: Entry, day: date) -> SearchEntry | None:
    """What the search sees of an entry on `day`; None while it has no version in force."""
    version = entry.version_on(day)
    if version is None:
        return None
    return SearchEntry(entry.id, entry.question, entry.variants, entry.keywords, version.answer)


def registers_of(content: "Content") -> dict[str, dict[str, Any]]:
    """The registers of the content files, in the form in which the database keeps them."""
    adapters = _adapters()
    return {
        "topics": {"topics": adapters.topics.dump_python(list(content.topics.values()), mode="json")},
        "regulations": {
            "regulations": adapters.regulations.dump_python(list(content.regulations.values()), mode="json")
        },
        "sources": {"sources": adapters.sources.dump_python(list(content.sources.values()), mode="json")},
        "vocabulary": adapters.vocabulary.dump_python(content.vocabulary, mode="json"),
    }


def book_of(content: "Content", day: date) -> Book:
    """The book straight from files, without a database (the command line's `ask`)."""
    entries = {entry.id: ServedEntry(entry, 1) for entry in content.entries.values()}
    return assemble(entries, registers_of(content), day)


def _retire(item: ContentItem) -> str | None:
    """What becomes of an entry that no file holds any more; None when there is nothing to report."""
    if item.is_retired or item.file_revision is None:
        return None  # retired before, or never from a file
    if item.revision != item.file_revision:
        return "conflicts"
    item.is_retired = True
    return "retired"


def _bodies(content: "Content") -> Iterable[tuple[ContentKind, str, dict[str, Any]]]:
    for entry in content.entries.values():
        yield ContentKind.ENTRY, entry.id, entry.to_dict()
    for slug, body in registers_of(content).items():
        yield ContentKind.REGISTER, slug, body


def _hash(body: Mapping[str, Any]) -> str:
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _digest(files: str, states: Sequence[queries.FileState]) -> str:
    return hashlib.sha256(json.dumps([files, *map(astuple, states)]).encode()).hexdigest()
