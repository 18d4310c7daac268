"""Message text for a terminal: wrapped to a width, bold where the terminal can, links written out."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Json = dict[str, Any]
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
QUOTE = "│ "
_QUOTES = ("blockquote", "expandable_blockquote")
_LIST_ITEM = re.compile(r"(?:[-•–]|\d{1,2}[.)]) ")


@dataclass(frozen=True)
class _Glyph:
    letter: str
    is_bold: bool = False
    is_quoted: bool = False


def safe(text: str) -> str:
    """The text without control characters: a message must not move the cursor or recolour the screen."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc").replace("\t", "    ")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_columns(letter) for letter in text)


def wrapped(text: str, width: int) -> list[str]:
    """Plain text in lines of at most `width` columns; a longer word stays whole."""
    return laid_out(text, [], width, ansi=False)


def laid_out(text: str, entities: list[Json], width: int, *, ansi: bool) -> list[str]:
    """Text with its entities in lines of at most `width` columns."""
    lines: list[str] = []
    for paragraph in _split(_glyphs(text, entities), "\n"):
        # Its line break belongs to it: that alone tells whether an empty line is within a quotation.
        prefix = QUOTE if any(glyph.is_quoted for glyph in paragraph) else ""
        words = [glyph for glyph in paragraph if glyph.letter != "\n"]
        lines += [(prefix + _drawn(line, ansi=ansi)).rstrip() for line in _wrap(words, width - len(prefix))]
    return lines


def _glyphs(text: str, entities: list[Json]) -> list[_Glyph]:
    """One glyph a character; entities count UTF-16 units, and the address of a link follows its words."""
    spans = [(entity["offset"], entity["offset"] + entity["length"], entity) for entity in entities]
    links = {end: entity["url"] for _, end, entity in spans if entity["type"] == "text_link"}
    glyphs = []
    unit = 0
    for letter in text:
        inside = {entity["type"] for start, end, entity in spans if start <= unit < end}
        is_quoted = not inside.isdisjoint(_QUOTES)
        unit += 2 if ord(letter) > 0xFFFF else 1
        glyphs += [_Glyph(c, "bold" in inside, is_quoted) for c in safe(letter)]
        if unit in links:
            glyphs += [_Glyph(c, is_quoted=is_quoted) for c in safe(f" ({links[unit]})")]
    return glyphs


def _split(glyphs: list[_Glyph], separator: str) -> list[list[_Glyph]]:
    """Parts that each keep the separator at their end."""
    parts: list[list[_Glyph]] = [[]]
    for glyph in glyphs:
        parts[-1].append(glyph)
        if glyph.letter == separator:
            parts.append([])
    return parts


def _wrap(paragraph: list[_Glyph], width: int) -> list[list[_Glyph]]:
    """Lines of one paragraph; further lines of a list item stand under its first word."""
    item = _LIST_ITEM.match("".join(glyph.letter for glyph in paragraph))
    hanging = [_Glyph(" ")] * (len(item[0]) if item else 0)
    lines: list[list[_Glyph]] = []
    line: list[_Glyph] = []
    for position, part in enumerate(_split(paragraph, " ")):
        word = [glyph for glyph in part if glyph.letter != " "]
        is_within_bold = bool(line and word and line[-1].is_bold and word[0].is_bold)
        space = [_Glyph(" ", is_within_bold)] if position else []
        if len(line) > len(hanging) and _width(line + space + word) > width:
            lines.append(line)
            line = [*hanging, *word]
        else:
            line = line + space + word
    return [*lines, line]


def _drawn(line: list[_Glyph], *, ansi: bool) -> str:
    drawn = ""
    for is_bold, run in groupby(line, lambda glyph: glyph.is_bold):
        letters = "".join(glyph.letter for glyph in run)
        drawn += f"{BOLD}{letters}{PLAIN}" if is_bold and ansi else letters
    return drawn.rstrip()


def _width(line: list[_Glyph]) -> int:
    return sum(_columns(glyph.letter) for glyph in line)


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1
