"""Repair of misspelt surface words against the words that a book and the language know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

_VOWELS = frozenset("aiueo")
_MAX_GLUED = 32
_LONG = 8  # from so many letters on two slips leave one likely reading
_MAX_PIECES = 4


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _near_keys() -> frozenset[tuple[str, str]]:
    """Letters that are taken for one another: neighbours on the keyboard, and vowels that sound alike."""
    pairs = {
        (pair[0], pair[1]) for pair in ["ae", "ei", "ou", "dt", "pb", "kg", "kq", "vf", "zs", "yi", "ck"]
    }
    for upper, row in enumerate(_ROWS):
        pairs |= set(pairwise(row))
        if upper + 1 < len(_ROWS):
            below = _ROWS[upper + 1]
            pairs |= set(zip(row, below, strict=False)) | set(zip(row[1:], below, strict=False))
    return frozenset(pairs | {(second, first) for first, second in pairs})


_NEAR = _near_keys()


def skeleton(word: str) -> str:
    """Consonants in order, as in "mnnggl" for "meninggal"."""
    return "".join(letter for letter in word if letter not in _VOWELS)


def allowed_edits(length: int) -> int:
    """Edits that still leave one likely reading: none up to three letters, then 1, in a long word 2."""
    if length <= 3:
        return 0
    return 1 if length < _LONG else 2


def _is_subsequence(short: str, full: str) -> bool:
    letters = iter(full)
    return all(letter in letters for letter in short)


def _is_slip(written: str, meant: str) -> bool:
    """Whether a finger could have slipped so: letters far apart on the keyboard once, and in a long word only."""
    if sorted(written) == sorted(meant):
        return True
    far = sum(
        edit.tag == "replace" and (written[edit.src_pos], meant[edit.dest_pos]) not in _NEAR
        for edit in Levenshtein.editops(written, meant)
    )
    return far <= (1 if len(written) >= _LONG else 0)


class Speller:
    """Readings of an unknown word. ``frequency``: known surface words and how common they are."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = {word: count for word, count in frequency.items() if word.isalpha()}
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._by_skeleton: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._frequency):
            self._by_length[len(word)].append(word)
            if len(word) >= 4:
                self._by_skeleton[skeleton(word)].append(word)
        self._around = lru_cache(maxsize=64)(self._words_around)
        self.repair = lru_cache(maxsize=20_000)(self._repair)

    def knows(self, word: str) -> bool:
        return word in self._frequency

    def _words_around(self, length: int, reach: int) -> list[str]:
        return [
            word
            for size in range(length - reach, length + reach + 1)
            for word in self._by_length.get(size, ())
        ]

    def _repair(self, word: str) -> tuple[tuple[str, ...], float] | None:
        """The likely reading (several words when they were glued) and a confidence in 0..1, or None."""
        if len(word) < 3 or not word.isalpha():
            return None
        if (full := self._with_vowels(word)) is not None:
            return (full,), 0.85
        close = self._closest(word)
        if close is not None and close[1] == 1:
            return (close[0],), 0.95 if len(word) >= 6 else 0.85
        if (pieces := self._unglue(word)) is not None:
            return pieces, 0.9
        if close is not None:
            return (close[0],), 0.75
        return None

    def _with_vowels(self, word: str) -> str | None:
        """The commonest known word that gives this one when vowels are left out: "mnnggl", "mngthi"."""
        bones = skeleton(word)
        if len(word) < 4 or len(bones) < 3 or (len(word) - len(bones)) * 3 > len(bones):
            return None
        fits = [
            known
            for known in self._by_skeleton.get(bones, ())
            if len(known) > len(word) and known[0] == word[0] and _is_subsequence(word, known)
        ]
        return min(fits, key=lambda known: (-self._frequency[known], known), default=None)

    def _closest(self, word: str) -> tuple[str, int] | None:
        reach = allowed_edits(len(word))
        if reach == 0:
            return None
        found = process.extract(
            word, self._around(len(word), reach), scorer=OSA.distance, score_cutoff=reach, limit=40
        )
        best: tuple[int, int, int, str] | None = None
        for other, distance, _ in found:
            # People rarely miss the first letter, and "harga" must not turn into "warga".
            if other[0] != word[0] and not (len(word) >= 7 or sorted(other) == sorted(word)):
                continue
            if not _is_slip(word, other):
                continue
            rank = (int(distance), other[0] != word[0], -self._frequency[other], other)
            if best is None or rank < best:
                best = rank
        return None if best is None else (best[3], best[0])

    def _unglue(self, word: str) -> tuple[str, ...] | None:
        """The fewest known words that together make up the word; short pieces must be common ones."""
        if not 6 <= len(word) <= _MAX_GLUED:
            return None
        best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ())] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 16), end - 1):
                before = best[start]
                piece = word[start:end]
                if before is None or before[0] >= _MAX_PIECES:
                    continue
                count = self._frequency.get(piece, 0)
                if count < (1 if len(piece) >= 4 else 5):
                    continue
                here = (before[0] + 1, before[1] - len(piece) ** 2, (*before[2], piece))
                known = best[end]
                if known is None or here < known:
                    best[end] = here
        whole = best[len(word)]
        return whole[2] if whole is not None and whole[0] >= 2 else None
