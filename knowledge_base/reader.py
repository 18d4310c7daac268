"""Text -> comparable tokens, with a record of what was read into it.

Order matters: abbreviations, then repair of surface words, then whole phrases (question words, acronyms), then stems.
Repairing stems instead of surface words costs two to three points of accuracy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import Stemmer

from knowledge_base.language import Vocabulary, bare, indonesian, normalise, shouted_words, split_words
from knowledge_base.phrases import Phrases, acronyms_in
from knowledge_base.spelling import Speller

QUESTION_MARK = "="  # first letter of the tokens that stand for what is asked: "=berapa"
COMPARISON = QUESTION_MARK + "beda"
_ASKING = frozenset({"apa", "apakah", "mana", "adakah"})
# Likeness of two synonyms. Measured on held-out phrasings: 0.5 to 0.95 differ by less than a point, without synonyms
# the first result is right 1.8 points less often; below 1, because a synonym must not beat the word itself.
SYNONYM_MATCH = 0.8
# Weight of a word that was typed as written, against one that was read into it.
_TYPED = 1.0


class ChangeKind(StrEnum):
    """How a word of the question came to be read differently."""

    ABBREVIATION = "abbreviation"
    SPELLING = "spelling"
    GLUED = "glued"


@dataclass(frozen=True, slots=True)
class Change:
    kind: ChangeKind
    written: str
    read: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """``tokens`` in order; ``trust`` in 0..1 for each: how sure it is that the person meant this word."""

    tokens: tuple[str, ...]
    trust: tuple[float, ...]
    words: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def asks(self) -> bool:
        return any(token.startswith(QUESTION_MARK) for token in self.tokens) or not _ASKING.isdisjoint(
            self.words
        )

    @property
    def names_something(self) -> bool:
        """Whether there is a word besides question words."""
        return any(not token.startswith(QUESTION_MARK) and token not in _ASKING for token in self.tokens)


def _colloquial_roots(word: str) -> Iterator[str]:
    """Formal shapes of a colloquial verb: "nyari" -> cari, "ngajuin" -> aju, "cairin" -> cair."""
    shapes = [word]
    if word.endswith("in") and len(word) >= 5:
        shapes.append(word[:-2])
    for shape in shapes:
        if shape is not word:
            yield shape
        if shape.startswith("ng") and len(shape) >= 5:
            yield shape[2:]
            yield "k" + shape[2:]
            if shape.startswith("nge"):
                yield shape[3:]
        elif shape.startswith("ny") and len(shape) >= 5:
            yield "s" + shape[2:]
            yield "c" + shape[2:]
        elif shape.startswith("n") and len(shape) >= 5:
            yield "t" + shape[1:]
            yield shape[1:]
        elif shape.startswith("m") and len(shape) >= 5:
            yield "p" + shape[1:]


_NASAL = {"n": "t", "m": "p", "ng": "k", "ny": "s"}


def _restored(word: str, plain: str) -> Iterator[str]:
    """Roots whose first letter the prefix swallowed and the stemmer did not bring back: "menunggu" -> tunggu."""
    if plain[0] not in "aiueo" or not word.startswith(("me", "pe")):
        return
    for nasal, swallowed in _NASAL.items():
        if word[2:].startswith(nasal):
            yield swallowed + plain
    for ending in ("i", "kan", "an"):
        if word.endswith(ending):
            yield word[: -len(ending)]


class Reader:
    """Knows one book's words. Not to be shared between threads: the stemmer keeps state."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        phrasings: Iterable[str],
        answers: Iterable[str],
        explained: Iterable[str],
    ) -> None:
        language = indonesian()
        stemmer = Stemmer.Stemmer("indonesian")
        self._plain_stem: Callable[[str], str] = lru_cache(maxsize=100_000)(stemmer.stemWord)
        self._dropped = language.function_words | language.politeness
        self._numbers = language.numbers
        self._tag_heads, self._tag_words = language.tag_heads, language.tag_words
        self._general: Mapping[str, str] = {**language.english, **language.abbreviations}
        self._rewritten = Phrases()
        for short, full in vocabulary.abbreviations.items():
            self._rewritten.add(tuple(split_words(short)), " ".join(split_words(full)))
        own_names = {normalise(short).strip() for short in vocabulary.acronyms}
        for short, full in self._general.items():
            if short not in own_names:
                self._rewritten.add(tuple(split_words(short)), full)
        self._fixed_stems = language.stems
        self._phrases = Phrases()
        self._acronyms: dict[str, str] = {}
        self._learn_acronyms(vocabulary, explained)
        self.synonyms: Mapping[str, tuple[tuple[str, float], ...]] = {}
        for name, runs in language.question_words.items():
            for run in runs:
                self._phrases.add(tuple(run.split()), QUESTION_MARK + name)

        asked: Counter[str] = Counter()
        # Kept until the index asks for their tokens, once for each: a book is built in three quarters of the time.
        self._written: dict[str, list[str]] = {}
        for text in phrasings:
            rewritten = self._written[text] = [word for word, *_ in self._rewrite(text, repair=False)]
            asked.update(rewritten)
        answered: Counter[str] = Counter()
        for text in answers:
            answered.update(split_words(text))
        self._speller = Speller(self._lexicon(vocabulary, asked, answered))
        self._stems: Counter[str] = Counter()
        for words in (asked, answered):
            for word, count in words.items():
                self._stems[self._plain_stem(word)] += count
        self._root = lru_cache(maxsize=100_000)(self._find_root)
        self._learn_synonyms(vocabulary)

    # -- what the book and the vocabulary teach -------------------------------------------------

    def _learn_acronyms(self, vocabulary: Vocabulary, explained: Iterable[str]) -> None:
        known = {
            normalise(short).strip(): " ".join(split_words(full))
            for short, full in vocabulary.acronyms.items()
        }
        for text in explained:
            for short, full in acronyms_in(text):
                known.setdefault(short, full)
        self._acronyms = known
        for short, full in sorted(known.items()):
            self._phrases.add(tuple(full.split()), short)

    def _learn_synonyms(self, vocabulary: Vocabulary) -> None:
        """Single words stay apart and lend each other weight; a run of words is read as one token of its own."""
        related: dict[str, dict[str, float]] = {}
        for group in vocabulary.synonyms:
            members = [tuple(split_words(name)) for name in group]
            for words in members:
                if len(words) > 1:
                    self._phrases.add(words, "~".join(words))
            tokens: list[str] = []
            for words in members:
                token = self.tokens_of(" ".join(words))
                if len(token) == 1:
                    tokens.append(token[0])
            for token_a in tokens:
                for token_b in tokens:
                    if token_a != token_b:
                        related.setdefault(token_a, {})[token_b] = SYNONYM_MATCH
        self.synonyms = {token: tuple(sorted(others.items())) for token, others in related.items()}

    def _lexicon(self, vocabulary: Vocabulary, asked: Counter[str], answered: Counter[str]) -> dict[str, int]:
        language = indonesian()
        lexicon: dict[str, int] = dict.fromkeys(sorted(language.ordinary), 1)
        for word, count in answered.items():
            lexicon[word] = 2 + count
        for word, count in asked.items():
            for shape in (self._plain_stem(word), bare(word)):
                lexicon[shape] = max(5 + count, lexicon.get(shape, 0))
        for word, count in asked.items():
            lexicon[word] = 10 + count
        common = set(self._fixed_stems) | set(self._dropped) | set(language.numbers) | set(self._acronyms)
        for run, read in self._rewritten.items():
            common.update(run)
            common.update(read.split())
        for runs in language.question_words.values():
            common.update(word for run in runs for word in run.split())
        for full_name in self._acronyms.values():
            common.update(full_name.split())
        for group in vocabulary.synonyms:
            common.update(word for name in group for word in split_words(name))
        for word in common:
            lexicon[word] = max(20, lexicon.get(word, 0))
        return lexicon

    # -- reading --------------------------------------------------------------------------------

    def tokens_of(self, text: str) -> tuple[str, ...]:
        """A text of the book: nothing is repaired, the book is what others are compared with."""
        words = self._written.pop(text, None)
        if words is None:
            words = [word for word, *_ in self._rewrite(text, repair=False)]
        return tuple(token for token, _ in self._tokens(words, None))

    def read(self, text: str) -> Reading:
        """A person's text."""
        words: list[str] = []
        trust: list[float] = []
        changes: list[Change] = []
        for word, confidence, change in self._rewrite(text, repair=True):
            words.append(word)
            trust.append(confidence)
            if change is not None:
                changes.append(change)
        found = list(self._tokens(words, trust))
        return Reading(
            tokens=tuple(token for token, _ in found),
            trust=tuple(value for _, value in found),
            words=tuple(words),
            changes=tuple(changes),
        )

    def _rewrite(self, text: str, repair: bool) -> Iterator[tuple[str, float, Change | None]]:
        """Words with abbreviations written out and, in a person's text, with the spelling repaired."""
        written = split_words(text)
        shouted = shouted_words(text)
        place = 0
        while place < len(written):
            word = written[place]
            found = self._rewritten.at(written, written, place)
            if found is not None and not (word in shouted and found == (1, self._general.get(word))):
                length, read = found
                change = Change(
                    ChangeKind.ABBREVIATION, " ".join(written[place : place + length]), read, _TYPED
                )
                yield from self._changed(read.split(), change)
                place += length
                continue
            place += 1
            repaired = self._repaired(word) if repair and word not in shouted else None
            if repaired is None:
                yield word, _TYPED, None
                continue
            pieces, confidence = repaired
            read = " ".join(self._general.get(piece, piece) for piece in pieces)
            kind = ChangeKind.SPELLING if len(pieces) == 1 else ChangeKind.GLUED
            yield from self._changed(read.split(), Change(kind, word, read, confidence))

    def _repaired(self, word: str) -> tuple[tuple[str, ...], float] | None:
        """The likely reading of an unknown word, or else of the word without its particle."""
        if self._is_known(word):
            return None
        found = self._speller.repair(word)
        return found if found is not None else self._speller.repair(bare(word))

    @staticmethod
    def _changed(words: list[str], change: Change) -> Iterator[tuple[str, float, Change | None]]:
        for place, word in enumerate(words):
            yield word, change.confidence, change if place == 0 else None

    def knows(self, word: str) -> bool:
        """Whether the word stands in the book or in the language, as it is or with affixes."""
        return self._is_known(word)

    def is_acronym(self, token: str) -> bool:
        return token in self._acronyms

    def _is_known(self, word: str) -> bool:
        return (
            not word[0].isalpha()
            or self._speller.knows(word)
            or self._speller.knows(bare(word))
            or self._plain_stem(word) in self._stems
            or self._root(word) in self._stems
        )

    def _tokens(self, words: list[str], trust: list[float] | None) -> Iterator[tuple[str, float]]:
        bares = [bare(word) for word in words]
        place = 0
        before = ""
        while place < len(words):
            word = words[place]
            found = self._phrases.at(words, bares, place)
            if found is not None:
                length, token = found
                yield token, 1.0 if trust is None else min(trust[place : place + length])
                before, place = words[place + length - 1], place + length
                continue
            is_tag = word in self._tag_words and before in self._tag_heads
            if word not in self._dropped and not is_tag:
                value = 1.0 if trust is None else trust[place]
                number = self._numbers.get(word)
                if number is not None:
                    for part in number.split():
                        yield (part if part[0].isdigit() else self._root(part)), value
                elif len(word) > 1 or word.isdigit():
                    yield self._root(word), value
            before, place = word, place + 1

    def _find_root(self, word: str) -> str:
        if word in self._acronyms:
            return word
        if (fixed := self._fixed_stems.get(word)) is not None:
            return fixed
        plain = self._plain_stem(word)
        for shape in _restored(word, plain):
            stem = self._plain_stem(shape)
            if stem != plain and stem in self._stems:
                return stem
        own = self._stems.get(plain, 0)
        if own > 2:
            return plain
        best, most = plain, max(own * 3, 1)
        for shape in _colloquial_roots(word):
            if len(shape) >= 3:
                stem = self._plain_stem(shape)
                if self._stems.get(stem, 0) >= most and stem != plain:
                    best, most = stem, self._stems[stem] + 1
        return best
