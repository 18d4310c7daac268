"""The search: a question in, the best entries with a calibrated confidence and a decision out.

Pure and in memory: the same book, vocabulary and text give the same result in every process. An engine never
changes; when the content does, build another and swap it in. Not for several threads at once (see Reader).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from knowledge_base.index import Index
from knowledge_base.language import Vocabulary, indonesian, split_words
from knowledge_base.model import Model, Thresholds, frozen_model, richness
from knowledge_base.outcomes import (
    Answer,
    Explanation,
    Match,
    OpenTopic,
    Part,
    SearchEntry,
    SmallTalk,
    Suggest,
    Unknown,
)
from knowledge_base.parts import cuts, windows
from knowledge_base.reader import COMPARISON, QUESTION_MARK, Reader, Reading
from knowledge_base.registers import Topic
from knowledge_base.signals import find, understand
from knowledge_base.small_talk import SmallTalkDetector

MAX_SUGGESTIONS: Final = 3
# A sentence of a story is less certain than a message of its own: the story may say the opposite elsewhere.
_WINDOW_DISCOUNT: Final = 0.9
# Begins the other half of one question.
_ALTERNATIVE: Final = re.compile(r"(?:atau|ato|or)\b", re.IGNORECASE)
# At the end they ask for yes or no: "masih aktif ga". At the beginning they ask for something: "minta kontaknya".
_TAGS: Final = frozenset(
    [
        "ga",
        "gak",
        "gk",
        "g",
        "nggak",
        "ngga",
        "enggak",
        "engga",
        "tidak",
        "tdk",
        "kah",
        "ya",
        "yah",
        "ora",
        "teu",
        "henteu",
        "indak",
        "kan",
        "toh",
    ]
)
_REQUESTS: Final = frozenset(
    ["mohon", "minta", "tolong", "info", "tips", "jelaskan", "sebutkan", "cara", "contoh"]
)
# With a question mark but no question word: "gaji saya juga?"
_WORDS_OF_A_QUESTION: Final = 3
# Around a topic's name these words ask for nothing in particular: "mau info soal jkp dong".
_ABOUT: Final = frozenset(
    {"tentang", "soal", "mengenai", "perihal", "topik", "menu", "seputar", "terkait", "lihat", "buka"}
)


class Engine:
    def __init__(
        self,
        entries: Sequence[SearchEntry],
        vocabulary: Vocabulary,
        topics: Sequence[Topic] = (),
        model: Model | None = None,
    ) -> None:
        self._entries = tuple(entries)
        self._model = model or frozen_model()
        # Subjects that the book does not answer stand in the index as well: what is likest to one of them is likely
        # none of the entries.
        outside = tuple(SearchEntry("", phrases[0], phrases[1:]) for phrases in vocabulary.outside)
        searched = (*self._entries, *outside)
        self._written = tuple(phrasing for entry in searched for phrasing in entry.phrasings)
        self._rich = richness(sum(len(entry.phrasings) for entry in self._entries), len(self._entries))
        self.reader = Reader(
            vocabulary,
            phrasings=[text for entry in searched for text in (*entry.phrasings, *entry.keywords)],
            answers=[entry.answer for entry in self._entries],
            explained=[
                text for entry in self._entries for text in (*entry.phrasings, *entry.keywords, entry.answer)
            ],
        )
        tokens_of = self.reader.tokens_of
        self.index = Index(
            phrasings=[[tokens_of(text) for text in entry.phrasings] for entry in searched],
            keywords=[[token for text in entry.keywords for token in tokens_of(text)] for entry in searched],
            answers=[tokens_of(entry.answer) for entry in searched],
        )
        self._small_talk = SmallTalkDetector(vocabulary, self.reader.knows)
        self._polite = indonesian().politeness | indonesian().fillers | _ABOUT
        self._topic_of: dict[tuple[str, ...], str] = {}
        for topic in topics:
            for alias in topic.aliases:
                if subject := self._subject(alias):
                    self._topic_of.setdefault(subject, topic.id)

    @property
    def thresholds(self) -> Thresholds:
        return self._model.thresholds

    def ask(self, text: str, top: int = 5) -> tuple[Part, ...]:
        """One part, or two when the message holds two questions."""
        no_question = self._no_question(text)
        if no_question is not None:
            return (Part(text, no_question, self._rank(self.reader.read(text))[:top]),)
        ranking = self._search(text)
        halves = self._two_questions(text, ranking)
        if halves is not None:
            return tuple(Part(half, self._decide(found), found[:top]) for half, found in halves)
        return (Part(text, self._decide(ranking), ranking[:top]),)

    def _no_question(self, text: str) -> OpenTopic | SmallTalk | None:
        topic_id = self._topic_of.get(self._subject(text))
        if topic_id is not None:
            return OpenTopic(topic_id)
        kind = self._small_talk.kind(text)
        return None if kind is None else SmallTalk(kind)

    def explain(self, text: str) -> tuple[Explanation, ...]:
        return tuple(self._explain(part) for part in self.ask(text))

    # -- one search -----------------------------------------------------------------------------

    def _rank(self, reading: Reading) -> tuple[Match, ...]:
        candidates = find(self.index, understand(self.index, reading, self.reader.synonyms))
        confidences = self._model.confidences(candidates.signals, self._rich)
        order = np.argsort(-confidences, kind="stable")
        return tuple(
            Match(
                entry_id=self._entries[int(candidates.entries[place])].id,
                confidence=round(float(confidences[place]), 4),
                phrasing=self._written[int(candidates.phrasing[place])],
            )
            for place in order
            if candidates.entries[place] < len(self._entries)
        )

    def _search(self, text: str) -> tuple[Match, ...]:
        """A long story is searched as a whole and by its sentences; each entry keeps its best confidence."""
        whole = self._rank(self.reader.read(text))
        pieces = windows(text)
        if not pieces:
            return whole
        best = {match.entry_id: match for match in whole}
        for piece in pieces:
            for match in self._rank(self.reader.read(piece))[:MAX_SUGGESTIONS]:
                confidence = round(match.confidence * _WINDOW_DISCOUNT, 4)
                known = best.get(match.entry_id)
                if known is None or confidence > known.confidence:
                    best[match.entry_id] = Match(match.entry_id, confidence, match.phrasing)
        total = sum(match.confidence for match in best.values())
        scale = 1 / total if total > 1 else 1.0
        scaled = [Match(m.entry_id, round(m.confidence * scale, 4), m.phrasing) for m in best.values()]
        return tuple(sorted(scaled, key=lambda match: -match.confidence))

    def _decide(self, ranking: tuple[Match, ...]) -> Answer | Suggest | Unknown:
        limits = self._model.thresholds
        if not ranking or ranking[0].confidence < limits.suggest:
            return Unknown()
        if ranking[0].confidence >= limits.answer:
            return Answer(ranking[0])
        others = [match for match in ranking[1:MAX_SUGGESTIONS] if match.confidence >= limits.also_suggest]
        return Suggest((ranking[0], *others))

    # -- two questions --------------------------------------------------------------------------

    def _two_questions(
        self, text: str, whole: tuple[Match, ...]
    ) -> tuple[tuple[str, tuple[Match, ...]], tuple[str, tuple[Match, ...]]] | None:
        """The two halves of a message with their rankings, when each is a question with an entry of its own."""
        best = None
        limit, certain = self._model.thresholds.second_question, self._model.thresholds.answer
        for left, right in cuts(text):
            first, second = self.reader.read(left), self.reader.read(right)
            if not (_is_question(left, first) and _is_question(right, second)):
                continue
            if _goes_on(left, first, right):
                continue
            found_left, found_right = self._rank(first), self._rank_with_subject(second, first)
            if not found_left or not found_right or found_left[0].entry_id == found_right[0].entry_id:
                continue
            weaker = min(found_left[0].confidence, found_right[0].confidence)
            if weaker < limit:
                continue
            # When the whole message has an answer of its own, the cut went through one question.
            halves = {found_left[0].entry_id, found_right[0].entry_id}
            if whole and whole[0].entry_id not in halves and whole[0].confidence >= certain:
                continue
            if best is None or weaker > best[0]:
                best = (weaker, (left, found_left), (right, found_right))
        return None if best is None else (best[1], best[2])

    def _rank_with_subject(self, reading: Reading, before: Reading) -> tuple[Match, ...]:
        """ "anggarannya dari siapa" after "tugas ULD apa" still speaks of ULD."""
        alone = self._rank(reading)
        subject = [token for token in before.tokens if self.reader.is_acronym(token)]
        if not subject or any(token in reading.tokens for token in subject):
            return alone
        together = self._rank(
            Reading(
                tokens=(*subject, *reading.tokens),
                trust=(*(1.0 for _ in subject), *reading.trust),
                words=reading.words,
                changes=reading.changes,
            )
        )
        return max(alone, together, key=lambda found: found[0].confidence if found else 0.0)

    def _subject(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in split_words(text) if word not in self._polite)

    def _explain(self, part: Part) -> Explanation:
        reading = self.reader.read(part.text)
        best = part.ranking[0] if part.ranking else None
        has = set(self.reader.tokens_of(best.phrasing)) if best else set()
        shown = [(token, token.removeprefix(QUESTION_MARK)) for token in dict.fromkeys(reading.tokens)]
        return Explanation(
            part=part,
            changes=reading.changes,
            matched=tuple(name for token, name in shown if token in has),
            missed=tuple(name for token, name in shown if token not in has),
            runner_up=part.ranking[1] if len(part.ranking) > 1 else None,
            thresholds=self._model.thresholds,
        )


def _is_question(text: str, reading: Reading) -> bool:
    if not reading.names_something:
        return False
    words = split_words(text)
    tagged = text.rstrip().endswith("?") or (bool(words) and words[-1] in _TAGS)
    requests = bool(words) and words[0] in _REQUESTS
    return reading.asks or ((tagged or requests) and len(reading.tokens) >= _WORDS_OF_A_QUESTION)


def _goes_on(left: str, first: Reading, right: str) -> bool:
    """ "beda ULD" goes on with "dan BLK", "cukup surat PHK?" with "atau harus …": the cut goes through one question."""
    compares = COMPARISON in first.tokens and not left.rstrip().endswith("?")
    return compares or _ALTERNATIVE.match(right) is not None
