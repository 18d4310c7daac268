"""Messages that ask nothing: greetings, thanks, noise, a link, a number."""

from __future__ import annotations

import re
from collections.abc import Callable

from knowledge_base.language import (
    SmallTalkKind,
    Vocabulary,
    indonesian,
    is_link_alone,
    is_number_alone,
    split_words,
)

# When a message holds several kinds, the first of these names it: "halo kak, terima kasih" is thanks.
_PRECEDENCE = (SmallTalkKind.THANKS, SmallTalkKind.CHAT, SmallTalkKind.GREETING, SmallTalkKind.AFFIRMATION)
_LAUGHTER = re.compile(r"(?:(?:ha|he|hi|ho|wk|xi|kw){2,}[hkw]?|h[ae]+h[aeh]*)")
_VOWELS = frozenset("aiueo")
_CONSONANT_RUN = re.compile(r"[^aiueo]{5,}")
_KEY_ROWS = (frozenset("qwertyuiop"), frozenset("asdfghjkl"), frozenset("zxcvbnm"))


def _written_out(text: str) -> list[str]:
    general = indonesian().abbreviations
    return [word for written in split_words(text) for word in general.get(written, written).split()]


class SmallTalkDetector:
    def __init__(self, vocabulary: Vocabulary, is_known: Callable[[str], bool]) -> None:
        self._is_known = is_known
        self._fillers = indonesian().fillers
        self._runs: dict[str, list[tuple[tuple[str, ...], SmallTalkKind]]] = {}
        for source in (indonesian().small_talk, vocabulary.small_talk):
            for kind, phrases in source.items():
                for phrase in phrases:
                    words = tuple(_written_out(phrase))
                    if words:
                        self._runs.setdefault(words[0], []).append((words, kind))
        for runs in self._runs.values():
            runs.sort(key=lambda item: (-len(item[0]), item))

    def kind(self, text: str) -> SmallTalkKind | None:
        """The kind of small talk that the *whole* message is; None as soon as one word could be a question."""
        if is_link_alone(text):
            return SmallTalkKind.LINK
        if is_number_alone(text):
            return SmallTalkKind.NUMBER
        words = _written_out(text)
        if not words:
            return SmallTalkKind.NOISE
        if all(self._is_noise(word) for word in words):
            return SmallTalkKind.NOISE
        found: set[SmallTalkKind] = set()
        place = 0
        while place < len(words):
            word = words[place]
            run = self._run_at(words, place)
            if run is not None:
                found.add(run[1])
                place += len(run[0])
            elif word in self._fillers or self._is_noise(word):
                place += 1
            elif _LAUGHTER.fullmatch(word):
                found.add(SmallTalkKind.AFFIRMATION)
                place += 1
            else:
                return None
        return next((kind for kind in _PRECEDENCE if kind in found), SmallTalkKind.GREETING)

    def _run_at(self, words: list[str], place: int) -> tuple[tuple[str, ...], SmallTalkKind] | None:
        for run, kind in self._runs.get(words[place], ()):
            if tuple(words[place : place + len(run)]) == run:
                return run, kind
        return None

    def _is_noise(self, word: str) -> bool:
        """Keys hit at random: "lkjsdf", "asdf"."""
        if not word.isalpha() or word in self._runs:
            return False
        if len(word) == 1:
            return True
        if self._is_known(word):
            return False
        letters = set(word)
        if not word.isascii():
            return False
        return (
            (len(word) >= 3 and not letters & _VOWELS)
            or bool(_CONSONANT_RUN.search(word))
            or (len(word) >= 4 and any(letters <= row for row in _KEY_ROWS))
        )
