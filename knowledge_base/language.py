"""Words of informal Indonesian: what stands for what, before any book is known.

The general language lives in ``indonesian.toml``; the words of one subject come with its book (``Vocabulary``).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any


class SmallTalkKind(StrEnum):
    """A message that asks nothing."""

    GREETING = "greeting"
    THANKS = "thanks"
    AFFIRMATION = "affirmation"
    CHAT = "chat"
    NOISE = "noise"  # emoji, punctuation, keys hit at random, nothing at all
    LINK = "link"
    NUMBER = "number"  # digits alone, or a masked number


@dataclass(frozen=True)
class Vocabulary:
    """What a curator's vocabulary file adds for one book."""

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    acronyms: Mapping[str, str] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()
    small_talk: Mapping[SmallTalkKind, tuple[str, ...]] = field(default_factory=dict)
    # Subjects next to the book that it does not answer, each with questions that people ask about it.
    outside: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def empty(cls) -> Vocabulary:
        return cls()

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Vocabulary:
        """From the Indonesian keys of kosakata.yaml. What has the wrong shape is left out; the loader reports it."""
        return cls(
            abbreviations=_pairs(mapping.get("singkatan")),
            acronyms=_pairs(mapping.get("akronim")),
            synonyms=tuple(
                group for value in _items(mapping.get("sinonim")) if len(group := tuple(_strings(value))) > 1
            ),
            outside=tuple(
                group for value in _items(mapping.get("di luar topik")) if (group := tuple(_strings(value)))
            ),
            small_talk={
                SmallTalkKind.GREETING: tuple(_strings(mapping.get("sapaan"))),
                SmallTalkKind.THANKS: tuple(_strings(mapping.get("terima kasih"))),
                SmallTalkKind.CHAT: tuple(_strings(mapping.get("basa-basi"))),
            },
        )


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _strings(value: object) -> list[str]:
    return [str(item) for item in _items(value) if isinstance(item, (str, int, float))]


def _pairs(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(short): str(full) for short, full in value.items() if isinstance(full, (str, int, float))}


@dataclass(frozen=True)
class Language:
    """The contents of indonesian.toml."""

    function_words: frozenset[str]
    politeness: frozenset[str]
    abbreviations: Mapping[str, str]
    english: Mapping[str, str]
    numbers: Mapping[str, str]
    question_words: Mapping[str, tuple[str, ...]]
    tag_heads: frozenset[str]
    tag_words: frozenset[str]
    small_talk: Mapping[SmallTalkKind, tuple[str, ...]]
    fillers: frozenset[str]
    ordinary: frozenset[str]
    stems: Mapping[str, str]


@cache
def indonesian() -> Language:
    with Path(__file__).with_name("indonesian.toml").open("rb") as file:
        data = tomllib.load(file)
    return Language(
        function_words=frozenset(data["function_words"]["grammar"].split()),
        politeness=frozenset(data["function_words"]["politeness"].split()),
        abbreviations=data["abbreviations"],
        english=data["english"],
        numbers=data["numbers"],
        question_words={name: tuple(phrases) for name, phrases in data["question_words"].items()},
        tag_heads=frozenset(data["tag_questions"]["after"]),
        tag_words=frozenset(data["tag_questions"]["words"]),
        small_talk={
            kind: tuple(data["small_talk"][kind]) for kind in SmallTalkKind if kind in data["small_talk"]
        },
        fillers=frozenset(data["small_talk"]["fillers"].split()),
        ordinary=frozenset(data["ordinary"]["words"].split()),
        stems=data["stems"],
    )


_LONGEST_WORD = 48  # longer than any word, glued ones included
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)
# What the personal data guard leaves in place of a number: "[NIK]", "[nomor telepon]".
_MASK = re.compile(r"\[[A-Za-z][A-Za-z -]{1,24}\]")
_DOUBLED = re.compile(r"(?<=[^\W\d_]{3})2(?!\d)")  # "teman2", "dua2nya"
_DRAWN_OUT = re.compile(
    r"([^\W\d_])\1{2,}"
)  # "bangettt"; no Indonesian word has a letter three times running
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:,\d+)?|[^\W\d_]+(?:['’`][^\W\d_]+)*|[&%]")


def shouted_words(text: str) -> frozenset[str]:
    """Words in capitals, in lower case: "KPD" is a name, "kpd" means "kepada".

    None when most of the text is in capitals.
    """
    if text.islower():
        return frozenset()
    words = _LETTERS.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))
    capitals = [word for word in words if word.isupper()]
    if len(capitals) * 2 > len(words) and len(words) > 2:
        return frozenset()
    return frozenset(word.casefold() for word in capitals)


def normalise(text: str) -> str:
    """The same letters for what looks the same: NFKC, lower case, no invisible characters or marks."""
    if text.isascii():
        return text.lower()
    shown = (_seen(letter) for letter in unicodedata.normalize("NFKC", text))
    return "".join(shown).casefold()


@lru_cache(maxsize=4096)
def _seen(letter: str) -> str:
    # Cf: zero-width and direction marks; Mn, Me: variation selectors, stacked accents; the rest: no characters.
    return "" if unicodedata.category(letter) in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"} else letter


def without_links_and_masks(text: str) -> str:
    return _MASK.sub(" ", _LINK.sub(" ", text))


def is_link_alone(text: str) -> bool:
    return bool(_LINK.search(text)) and not _WORD.search(normalise(_LINK.sub(" ", text)))


def is_number_alone(text: str) -> bool:
    shown = normalise(_MASK.sub(" 0 ", text))
    words = _WORD.findall(shown)
    return bool(words) and all(word[0].isdigit() for word in words)


def split_words(text: str) -> list[str]:
    """Lower-case words and numbers in order: "syarat2 klaim ke-2" -> syarat, klaim, ke, 2."""
    if "." in text or "[" in text:
        text = without_links_and_masks(text)
    shown = normalise(text)
    shown = _DRAWN_OUT.sub(r"\1", _DOUBLED.sub("", _THOUSANDS.sub("", shown)))
    words = ["persen" if word == "%" else word[:_LONGEST_WORD] for word in _WORD.findall(shown)]
    # "teman-teman" is one word said twice.
    return [word for place, word in enumerate(words) if place == 0 or word != words[place - 1]]


def bare(word: str) -> str:
    """The word without -nya, -kah, -lah: only for looking it up among known phrases."""
    for ending in ("nya", "kah", "lah"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
