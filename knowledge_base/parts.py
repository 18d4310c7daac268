"""Where a message may be cut: into two questions, or into the sentences of a story."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"[?!;\n]+|\.(?=\s|$)")
_BLANKS = re.compile(r"[^\S\n]+")
_QUESTION_END = re.compile(r"\?+|\n+|\.(?=\s)")
# "1. … 2. …", "1) … 2) …", "a. … b. …": whoever numbers has more than one question.
_NUMBERED = re.compile(r"^\s*(?:1|a)\s*[.)]\s*(.+?)\s*(?:2|b)\s*[.)]\s*(.+)$", re.IGNORECASE | re.DOTALL)
# Words and marks after which a second question often begins.
_JOINT = re.compile(
    r"[,;/] (?:(?:dan|trs|trus|terus|lalu|sama|sm|juga|jg|plus|atau|sekalian|karo|jeung|kalo|kalau|klo) )?"
    r"(?:satu lagi,? )?"
    r"| (?:dan|&|n|trs|trus|terus|lalu|kemudian|sama|sm|plus|serta|sekalian|sekaligus|karo|jeung|and) "
    r"(?:satu lagi,? )?",
    re.IGNORECASE,
)
MAX_CUTS = 6  # looked at in one message; each costs two searches
_STORY_WORDS = 14  # from this length on the sentences of a message are searched by themselves, too
_WINDOW, _STEP, MAX_WINDOWS = 12, 6, 10


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """Two halves, most likely cut first: at a question mark, then at a joint."""
    text = _BLANKS.sub(" ", text)
    if numbered := _NUMBERED.match(text):
        yield numbered[1], numbered[2]
    seen = 0
    for pattern in (_QUESTION_END, _JOINT):
        for match in pattern.finditer(text):
            left, right = text[: match.end()].strip(), text[match.end() :].strip()
            if pattern is _JOINT:
                left = text[: match.start()].strip()
            if len(left) >= 3 and len(right) >= 3:
                yield left, right
                seen += 1
                if seen == MAX_CUTS:
                    return


def windows(text: str) -> list[str]:
    """The sentences of a long message, and overlapping stretches of a sentence without end; none for a short one."""
    if len(text.split()) < _STORY_WORDS:
        return []
    out: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if len(words) < 2:
            continue
        if len(words) <= _WINDOW + _STEP:
            out.append(sentence.strip())
            continue
        starts = range(0, len(words) - _STEP, _STEP)
        out.extend(" ".join(words[start : start + _WINDOW]) for start in starts)
    if len(out) < 2:
        return []
    # The question stands at the end of a story, or at its beginning.
    return out if len(out) <= MAX_WINDOWS else out[:3] + out[-(MAX_WINDOWS - 3) :]
