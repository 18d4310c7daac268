"""Who is meant by a name on an attendance sheet: titles, spellings, initials and order do not matter.

A wrong name on a list is worse than a question: a match is certain only when every word of both names agrees, up to
known spellings and initials, and nobody else's name holds all the words. Similar words only make candidates.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

Id = TypeVar("Id")

# Measured on the lists of tests/services/test_names.py: up to 0.7 no misspelled name loses its person; of 44 strangers
# 20 find candidates from 0.5 on, 11 from 0.55 on, 8 from 0.65 on. What lies between is left to a person's eyes.
CANDIDATE_SCORE = 0.55
# Indel similarity of two words in 0 to 100: "Santoso" and "Santosa" have 86, "Rina" and "Rini" 75.
SIMILAR_WORDS = 80
MAX_CANDIDATES = 5


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FRONT_TITLES = _words(
    "prof profesor dr drs dra drg drh ir apt ns kh kyai ustadz ustaz h hj hajah haji rd rr raden tb "
    "bapak pak ibu bu sdr sdri bpk mr mrs ms"
)
# A title behind a name: one of these, with dots or without; or any that has two dots ("S.Tr.Sos.").
_BARE_TITLES = _words(
    "se sh st skom ssos spsi spd sip sap sak sstp mm mt mh mkom msi mpd map mpsi mpa mba phd amd amk "
    "sst spt ske stp"
)
_NOT_NAMES = _words("bin binti br boru iphone ipad samsung galaxy android oppo vivo redmi xiaomi zoom")
_SEPARATORS = re.compile(r"\s+-+\s+|[_|/\\()\[\]{}:;–—]|(?<=\w)-(?=\w)")
_SPELLINGS = {
    spelling: name
    for name, spellings in {
        "muhammad": "muh muhamad muhammad mohammad mohamad mohamed moh moch mochamad mochammad mokhamad mhd md muhd",
        "abdul": "abd abdul abdoel abdl",
        "ahmad": "ahmad achmad akhmad akhmat ahmed acmad",
        "siti": "siti sitti st",
        "nur": "nur noer noor nor",
        "dewi": "dewi dewy",
        "i": "i",
    }.items()
    for spelling in spellings.split()
}
# Words that so many names have that they tell little.
_COMMON = {
    "muhammad",
    "abdul",
    "ahmad",
    "siti",
    "nur",
    "sri",
    "dewi",
    "ni",
    "putu",
    "made",
    "wayan",
    "andi",
    "i",
}
_SOUNDS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "sy"),
    ("sh", "s"),
    ("sy", "s"),
    ("ph", "f"),
    ("v", "f"),
    ("kh", "h"),
    ("dh", "d"),
    ("th", "t"),
    ("dz", "z"),
    ("q", "k"),
    ("x", "ks"),
    ("ie", "i"),
    ("iy", "i"),
    ("y", "i"),
)


@dataclass(frozen=True)
class Certain(Generic[Id]):
    """One person and nobody else."""

    person: Id


@dataclass(frozen=True)
class Doubtful(Generic[Id]):
    """Somebody has to choose, the best candidate first."""

    candidates: tuple[Id, ...]


@dataclass(frozen=True)
class NoMatch:
    """Nobody on the list bears a similar name."""


@dataclass(frozen=True)
class _Match(Generic[Id]):
    person: Id
    score: float
    is_exact: bool
    """Every word of both agrees."""
    is_possible: bool
    """Every word that was written agrees; the name may have more."""


class NameList(Generic[Id]):
    """People's names, prepared once, to look up many."""

    def __init__(self, people: Mapping[Id, str]) -> None:
        self._names = {person: name for person, written in people.items() if (name := name_words(written))}
        self._bearers: dict[str, set[Id]] = {}
        self._joined: dict[str, set[Id]] = {}
        for person, name in self._names.items():
            for word in name:
                self._bearers.setdefault(word, set()).add(person)
            self._joined.setdefault(_joined(name), set()).add(person)
        self._words = list(self._bearers)

    def match(self, written: str) -> Certain[Id] | Doubtful[Id] | NoMatch:
        """Whom `written` names. It may carry titles and, apart by signs, an office: "Malang_Budi Santoso, S.Sos."."""
        pieces = [words for piece in _SEPARATORS.split(written) if (words := name_words(piece))]
        whole = name_words(written)
        found: dict[Id, _Match[Id]] = {}
        for words in [whole, *(piece for piece in pieces if piece != whole)]:
            # One word beside others may be the office's place as well as a name.
            is_name = len(words) > 1 or len(pieces) == 1
            for each in self._matches(words):
                if not is_name:
                    each = replace(each, is_exact=False, is_possible=False)
                known = found.get(each.person)
                if known is None or _rank(each) > _rank(known):
                    found[each.person] = each
        ranked = sorted(found.values(), key=_rank, reverse=True)
        possible = [match for match in ranked if match.is_possible]
        if len(possible) == 1 and possible[0].is_exact:
            return Certain(possible[0].person)
        candidates = [match.person for match in ranked if match.is_possible or match.score >= CANDIDATE_SCORE]
        return Doubtful(tuple(candidates[:MAX_CANDIDATES])) if candidates else NoMatch()

    def _matches(self, words: tuple[str, ...]) -> list[_Match[Id]]:
        """Everybody who shares a word with `words`, or one that is similar."""
        persons: set[Id] = set()
        for word in words:
            if len(word) > 1:
                similar = process.extract(
                    word, self._words, scorer=fuzz.ratio, score_cutoff=SIMILAR_WORDS, limit=None
                )
                persons |= {person for near, _, _ in similar for person in self._bearers[near]}
        persons |= self._joined.get(_joined(words), set())
        return [self._compared(person, words) for person in persons]

    def _compared(self, person: Id, words: tuple[str, ...]) -> _Match[Id]:
        name = self._names[person]
        if _joined(name) == _joined(words):  # Abdur Rahman, Abdurrahman
            return _Match(person, 1.0, is_exact=True, is_possible=True)
        left, agreed, whole_words, all_agree = list(name), 0.0, 0, True
        for word in sorted(words, key=len, reverse=True):
            likeness = [(_likeness(word, other), other) for other in left]
            best, other = max(likeness, default=(0.0, ""))
            if best == 0.0:
                all_agree = False
                continue
            left.remove(other)
            agreed += best * (_weight(word) + _weight(other))
            whole_words += word == other
            all_agree &= word == other or len(word) == 1 or len(other) == 1
        total = sum(map(_weight, words)) + sum(map(_weight, name))
        is_exact = all_agree and not left and (whole_words > 1 or whole_words == len(words))
        return _Match(person, agreed / total, is_exact, is_possible=all_agree and whole_words > 0)


def _rank(match: _Match[Id]) -> tuple[bool, bool, float]:
    return match.is_exact, match.is_possible, match.score


def name_words(written: str) -> tuple[str, ...]:
    """The words of a name, folded to how they sound, without titles.

    A single letter is an initial; M., Muh. and Mohammad are Muhammad.
    """
    plain = unicodedata.normalize("NFKD", written).casefold()
    plain = (
        "".join(sign for sign in plain if not unicodedata.combining(sign))
        .replace("’", "'")
        .replace("'s", " ")
    )
    name, *behind = plain.split(",")
    kept = _without_titles(name)
    after = _pieces(behind[0]) if behind else []
    if not kept or not any(
        _is_title(word) or word in _BARE_TITLES for word in after
    ):  # "Pratama, Muhammad Rizki"
        kept += _without_titles(behind[0]) if behind else []
    bare = [re.sub(r"[^a-z]", "", word) for word in kept]
    return tuple(_folded(word) for word in bare if word and word not in _NOT_NAMES)


def _without_titles(text: str) -> list[str]:
    pieces = _pieces(text)
    # Two dots in the first word are initials: "M.R. Pratama".
    kept = [word for n, word in enumerate(pieces) if not _is_title(word) or (n == 0 and word.count(".") > 1)]
    while len(kept) > 1 and kept[-1] in _BARE_TITLES:
        kept.pop()
    while len(kept) > 1 and kept[0].rstrip(".") in _FRONT_TITLES:
        kept.pop(0)
    return kept


def _pieces(text: str) -> list[str]:
    """Words; "M.Rizki" and "Abd.Rahman" are two, "S.Sos." is one."""
    found: list[str] = []
    for word in re.split(r"[^\w.']+|_", text):
        if re.fullmatch(r"[a-z]{1,4}\.[a-z]{3,}\.?", word) and not _is_title(word):
            found.extend(word.split("."))
        elif word.strip("."):
            found.append(word)
    return found


def _is_title(word: str) -> bool:
    letters = word.replace(".", "")
    has_many = word.count(".") >= 2 and all(len(part) <= 4 for part in word.split("."))
    return "." in word and (letters in _BARE_TITLES or has_many)


def _folded(word: str) -> str:
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = _single(word)
    return _SPELLINGS.get(word, word)


def _single(word: str) -> str:
    """Without doubled letters."""
    return re.sub(r"(.)\1+", r"\1", word)


def _joined(words: tuple[str, ...]) -> str:
    return _single("".join(words))


def _likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if {word, other} == {"m", "muhammad"}:
        return 1.0
    if len(word) == 1 or len(other) == 1:
        return 0.75 if word[0] == other[0] else 0.0
    score = fuzz.ratio(word, other)
    if score < SIMILAR_WORDS:
        return 0.0
    # Susanti and Susanto, Rizki and Rizka are different people.
    differ_in_last_vowel = word[:-1] == other[:-1]
    return 0.6 if differ_in_last_vowel else score / 100 * 0.9


def _weight(word: str) -> float:
    return 0.5 if len(word) == 1 or word in _COMMON else 1.0
