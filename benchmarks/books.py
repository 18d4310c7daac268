"""The books and questions that the search is trained and measured on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import knowledge_base
from knowledge_base.language import Vocabulary
from knowledge_base.loader import read_content
from knowledge_base.outcomes import SearchEntry

HERE = Path(__file__).parent
CONTENT = Path(knowledge_base.__file__).parent / "content"


@dataclass(frozen=True)
class Book:
    name: str
    entries: tuple[SearchEntry, ...]
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Question:
    """``gold``: acceptable entries, best first; empty when the book has no answer."""

    text: str
    gold: tuple[str, ...]
    style: str = ""


def our_book() -> Book:
    """The entries that are written, in their newest version, and for every topic still to be written its title."""
    content = read_content(CONTENT)
    entries = {
        line["id"]: SearchEntry(line["id"], line["question"]) for line in _json_lines(HERE / "topics.jsonl")
    }
    for entry in content.entries.values():
        answer = entry.versions[0].answer if entry.versions else ""
        entries[entry.id] = SearchEntry(entry.id, entry.question, entry.variants, entry.keywords, answer)
    return Book("tanyacop", tuple(entries.values()), content.vocabulary)


def titles_only(book: Book) -> Book:
    """A book as it begins: one question an entry, nothing else."""
    entries = tuple(SearchEntry(entry.id, entry.question) for entry in book.entries)
    return Book(book.name, entries, book.vocabulary)


def foreign_books() -> tuple[Book, ...]:
    """Books of other subjects, without any vocabulary of their own."""
    return tuple(_foreign(path) for path in sorted((HERE / "books").glob("*.txt")))


def _foreign(path: Path) -> Book:
    entries = []
    for line in _lines(path):
        name, question, *variants = (part.strip() for part in line.split("|"))
        entries.append(SearchEntry(name, question, tuple(variants)))
    return Book(path.stem, tuple(entries), Vocabulary.empty())


# "dev" was looked at while the search was made; the blind ones were written by people who had seen no phrasing.
SETS = ("dev", "blind-1", "blind-2")


def question_set(name: str = "dev") -> tuple[list[Question], list[tuple[str, list[list[str]]]]]:
    """Single questions of one of the `SETS`, and messages with two questions (text, acceptable entries of each)."""
    single, double = [], []
    for line in _json_lines(HERE / f"questions-{name}.jsonl"):
        if "gold_all" in line:
            double.append((line["text"], line["gold_all"]))
        else:
            single.append(Question(line["text"], tuple(line["gold"]), line["style"]))
    return single, double


def out_of_scope(book: Book) -> list[Question]:
    """Questions that no entry of the book answers. Those near one book's subject may be answered by another book."""
    far, _, rest = (HERE / "out-of-scope.txt").read_text(encoding="utf-8").partition("# near\n")
    near, _, ours = rest.partition("# ours\n")
    text = far + {"tanyacop": near + ours, "kampus": near}.get(book.name, "")
    return [Question(line, (), "oos") for line in text.splitlines() if line and not line.startswith("#")]


def short_of(book: Book, kept: dict[str, tuple[str, ...]]) -> Book:
    """The book with only the given phrasings; entries that are not named are gone."""
    entries = tuple(
        replace(entry, question=kept[entry.id][0], variants=kept[entry.id][1:])
        for entry in book.entries
        if entry.id in kept
    )
    return Book(book.name, entries, book.vocabulary)


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in _lines(path))
