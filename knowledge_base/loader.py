"""The content folder -> the book in memory.

Reading never fails: what is wrong becomes a problem, the rest loads.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from knowledge_base.entry import Entry
from knowledge_base.entry_file import normalised, read_entry
from knowledge_base.language import Vocabulary
from knowledge_base.problems import Code, Places, Problem, Report
from knowledge_base.register_files import (
    AVOIDED_TERMS,
    read_regulations,
    read_sources,
    read_topics,
    read_vocabulary,
)
from knowledge_base.registers import Regulation, Source, Topic
from knowledge_base.writer import write_entry
from knowledge_base.yaml_lines import Node, read_yaml

__all__ = ["Content", "EntryFile", "content_hash", "read_content", "write_entry"]

REGULATIONS_FILE, SOURCES_FILE = "peraturan.yaml", "sumber.yaml"
TOPICS_FILE, VOCABULARY_FILE = "topik.yaml", "kosakata.yaml"

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class EntryFile:
    path: str  # relative to the content folder
    hash: str


@dataclass(frozen=True, slots=True)
class Content:
    entries: Mapping[str, Entry] = field(default_factory=dict)
    regulations: Mapping[str, Regulation] = field(default_factory=dict)  # by short title
    sources: Mapping[str, Source] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)  # in the order in which they are browsed
    vocabulary: Vocabulary = field(default_factory=Vocabulary.empty)
    avoided_terms: Mapping[str, str] = field(default_factory=dict)  # term -> what to write instead
    files: Mapping[str, EntryFile] = field(default_factory=dict)  # by entry id
    problems: tuple[Problem, ...] = ()
    places: Places = field(default_factory=Places)
    left_out: frozenset[str] = frozenset()  # names and register files that are there but could not be read


def content_hash(text: str) -> str:
    """Equal for texts that differ only in line ends or byte order mark, as another computer leaves them."""
    return hashlib.sha256(normalised(text).encode("utf-8", "surrogatepass")).hexdigest()


def read_content(folder: Path) -> Content:
    if not folder.is_dir():
        return Content(problems=(Problem(folder.name, 1, "", Code.FOLDER_MISSING),))
    reading = _Reading(folder)
    entries, files = reading.entries()
    regulations = reading.register(REGULATIONS_FILE, read_regulations)
    sources = reading.register(SOURCES_FILE, read_sources)
    topics = reading.register(TOPICS_FILE, read_topics)
    words: dict[str, object] = {}
    vocabulary_file = reading.yaml(VOCABULARY_FILE)
    if vocabulary_file:
        node, report = vocabulary_file
        words = read_vocabulary(node, report)
        reading.problems += report.problems
    avoided_terms = words.pop(AVOIDED_TERMS, {})
    assert isinstance(avoided_terms, dict)
    return Content(
        entries=entries,
        regulations=regulations,
        sources=sources,
        topics=topics,
        vocabulary=Vocabulary.from_dict(words),
        avoided_terms=avoided_terms,
        files=files,
        problems=tuple(sorted(reading.problems, key=lambda problem: (problem.path, problem.line))),
        places=reading.places,
        left_out=frozenset(reading.left_out),
    )


class _Reading:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.problems: list[Problem] = []
        self.places = Places()
        self.left_out: set[str] = set()

    def _text(self, path: Path, report: Report) -> str | None:
        try:
            data = path.read_bytes()
            return data.decode("utf-8")
        except OSError:
            report.add(Code.FILE_UNREADABLE, 1)
        except UnicodeDecodeError as error:
            report.add(Code.FILE_NOT_UTF8, data.count(b"\n", 0, error.start) + 1)
        return None

    # ---------------------------------------------------------------------------------------- registers

    def yaml(self, name: str) -> tuple[Node, Report] | None:
        report = Report(name)
        path = self._folder / name
        node = None
        if not path.is_file():
            report.add(Code.FILE_MISSING, 1)
        else:
            text = self._text(path, report)
            node = read_yaml(normalised(text), 1, report) if text is not None else None
        if node is None:
            self.left_out.add(name)
            self.problems += report.problems
            return None
        return node, report

    def register(
        self, name: str, read: Callable[[Node, Report, Places], tuple[dict[str, Thing], set[str]]]
    ) -> dict[str, Thing]:
        file = self.yaml(name)
        if file is None:
            return {}
        things, left_out = read(*file, self.places)
        self.left_out |= left_out
        self.problems += file[1].problems
        return things

    # ------------------------------------------------------------------------------------------ entries

    def entries(self) -> tuple[dict[str, Entry], dict[str, EntryFile]]:
        entries: dict[str, Entry] = {}
        files: dict[str, EntryFile] = {}
        for path in self._entry_paths():
            report = Report(path.relative_to(self._folder).as_posix())
            text = self._text(path, report)
            read = read_entry(text, report) if text is not None else None
            if read is None or text is None:
                self.left_out.add(path.stem)
            elif read[0].id != path.stem:
                self.left_out |= {path.stem, read[0].id}
                line = read[1].of("id").line
                report.add(Code.ID_NOT_FILE_NAME, line, "id", found=read[0].id, name=path.stem)
            elif read[0].id in entries:
                other = files[read[0].id].path
                report.add(Code.ID_TWICE, read[1].of("id").line, "id", found=read[0].id, other=other)
            else:
                entry, places = read
                entries[entry.id] = entry
                files[entry.id] = EntryFile(report.path, content_hash(text))
                self.places.adopt(places, "entry", entry.id)
            self.problems += report.problems
        self._leave_out_twins(entries, files)
        return entries, files

    def _leave_out_twins(self, entries: dict[str, Entry], files: dict[str, EntryFile]) -> None:
        """Of two files with one id nobody can say which is meant: neither is used."""
        twins = [problem for problem in self.problems if problem.code is Code.ID_TWICE]
        for entry_id in {str(problem.values["found"]) for problem in twins}:
            path = files[entry_id].path
            other = next(problem.path for problem in twins if problem.values["found"] == entry_id)
            line = self.places.of("entry", entry_id, "id").line
            self.problems.append(
                Problem(path, line, "id", Code.ID_TWICE, {"found": entry_id, "other": other})
            )
            self.left_out.add(entry_id)
            del entries[entry_id], files[entry_id]

    def _entry_paths(self) -> Iterator[Path]:
        for path in sorted(self._folder.iterdir()):
            if path.name.startswith((".", "_", "~")):
                continue
            if not path.is_dir():
                if path.suffix.lower() == ".md" and path.stem.upper() != "README":
                    self._unexpected(path)
                continue
            for inner in sorted(path.iterdir()):
                if inner.name.startswith((".", "_", "~")):
                    continue
                if inner.suffix.lower() == ".md" and not inner.is_dir():
                    yield inner
                else:
                    self._unexpected(inner)

    def _unexpected(self, path: Path) -> None:
        relative = path.relative_to(self._folder).as_posix()
        self.problems.append(Problem(relative, 1, "", Code.FILE_UNEXPECTED))
