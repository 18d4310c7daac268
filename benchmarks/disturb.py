"""Copies of a question as it would be typed in a hurry: chat abbreviations, slips of the finger, glued words."""

import random
from collections.abc import Mapping

from knowledge_base.language import indonesian

SHARE_OF_WORDS = 0.5
_NEIGHBOURS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = "aiueo"


def _short_forms() -> Mapping[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for short, full in indonesian().abbreviations.items():
        if " " not in full and len(short) < len(full):
            forms.setdefault(full, []).append(short)
    return forms


_SHORT = _short_forms()


def disturb(text: str, rng: random.Random) -> str:
    """About half of the words touched; the same generator state gives the same text."""
    out: list[str] = []
    for word in text.lower().split():
        core = word.strip("?!.,()\"'")
        if rng.random() >= SHARE_OF_WORDS or not core.isalpha():
            out.append(word)
        elif core in _SHORT and rng.random() < 0.7:
            out.append(rng.choice(_SHORT[core]))
        else:
            out.append(_slip(core, rng))
    glued: list[str] = []
    for word in out:
        if glued and rng.random() < 0.06 and glued[-1].isalpha() and word.isalpha():
            glued[-1] += word
        else:
            glued.append(word)
    return " ".join(glued)


def _slip(word: str, rng: random.Random) -> str:
    if len(word) < 4:
        return word
    place = rng.randrange(1, len(word) - 1)
    kind = rng.choice(("swap", "drop", "double", "neighbour", "vowels"))
    if kind == "swap":
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == "drop":
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + word[place] + word[place:]
    if kind == "neighbour":
        row = next((row for row in _NEIGHBOURS if word[place] in row), "aeiou")
        at = row.find(word[place])
        return word[:place] + row[max(0, at - 1) if at else 1] + word[place + 1 :]
    kept = word[0] + "".join(letter for letter in word[1:-1] if letter not in _VOWELS) + word[-1]
    return kept if len(kept) >= 4 else word
