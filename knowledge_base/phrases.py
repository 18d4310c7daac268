"""Runs of words that stand for one word, and the acronyms that a text explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.language import split_words

_ACRONYM = re.compile(r"((?:[^\W\d_]+[ -]){1,9})\(([A-Z][A-Za-z]{1,9})\)")
_ACRONYM_FIRST = re.compile(r"\b([A-Z]{2,10}) \(([^()]{5,80})\)")
_SKIPPED_IN_ACRONYMS = frozenset({"dan", "atau", "di", "untuk", "bagi", "yang", "of", "the", "and"})


def acronyms_in(text: str) -> Iterator[tuple[str, str]]:
    """Pairs that a text itself explains: "Jaminan Hari Tua (JHT)" -> ("jht", "jaminan hari tua")."""
    if "(" not in text:
        return
    for match in _ACRONYM.finditer(text):
        letters = match[2].casefold()
        words = [word for word in re.split(r"[ -]", match[1].casefold()) if word]
        if (full := _spelled_by(letters, words)) is not None:
            yield letters, full
    for match in _ACRONYM_FIRST.finditer(text):
        letters, words = match[1].casefold(), split_words(match[2])
        if _spelled_by(letters, words) == " ".join(words):
            yield letters, " ".join(words)


def _spelled_by(letters: str, words: list[str]) -> str | None:
    """The shortest tail of ``words`` whose initials are ``letters``; little words may be skipped."""
    place = len(letters) - 1
    for start in range(len(words) - 1, -1, -1):
        word = words[start]
        if word[0] == letters[place]:
            if place == 0:
                return " ".join(words[start:]) if len(words) - start > 1 else None
            place -= 1
        elif word not in _SKIPPED_IN_ACRONYMS:
            return None
    return None


class Phrases:
    """Runs of words that are read as one token; the longest one wins."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def add(self, words: tuple[str, ...], token: str) -> None:
        if words:
            runs = self._by_first.setdefault(words[0], [])
            if all(run != words for run, _ in runs):
                runs.append((words, token))
                runs.sort(key=lambda item: -len(item[0]))

    def items(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for runs in self._by_first.values():
            yield from runs

    def at(self, words: list[str], bares: list[str], place: int) -> tuple[int, str] | None:
        """Length and token of the longest known run that starts at ``place``."""
        for first in (words[place], bares[place]):
            for run, token in self._by_first.get(first, ()):
                if len(run) == 1 or (
                    place + len(run) <= len(words)
                    and all(
                        run[k] == words[place + k] or run[k] == bares[place + k] for k in range(1, len(run))
                    )
                ):
                    return len(run), token
            if words[place] == bares[place]:
                break
        return None
