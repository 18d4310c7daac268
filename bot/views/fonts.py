"""The letters of pictures and of pages: Lato, which comes with a package, so that they look the same on every machine.

The font writes Indonesian and whatever else is written in Latin letters; `legible` prepares what people wrote for it.
"""

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# Signs that the font lacks and that have a plain way of writing.
SPELLED = {
    "→": "->",
    "←": "<-",
    "⇒": "=>",
    "‐": "-",
    "‑": "-",
    "‒": "–",
    "―": "—",
    "′": "'",
    "″": '"',
    "ʼ": "’",
    "Đ": "D",
    "đ": "d",
}
LEFT_OUT = ("So", "Sk", "Cf", "Cn", "Co", "Cs", "Mn", "Me")  # categories: emoji, their skin and joints


def font_file(*, is_bold: bool = False) -> Path:
    """Where the font lies."""
    return Path(str(files("font_lato") / "files" / f"Lato-{'Bold' if is_bold else 'Regular'}.ttf"))


@cache
def picture_font(size: int, *, is_bold: bool = False) -> "FreeTypeFont":
    """The font for drawing, `size` pixels high."""
    from PIL import ImageFont  # only reports draw; a start does without

    return ImageFont.truetype(font_file(is_bold=is_bold), size)


def legible(text: str) -> str:
    """The text in signs that the font has: emoji are left out, letters lose marks, other scripts become "?"."""
    written = "".join(_written(sign) for sign in unicodedata.normalize("NFC", text))
    return "\n".join(" ".join(line.split()) for line in written.split("\n")).strip()


def _written(sign: str) -> str:
    if sign == "\n" or ord(sign) in _signs():
        return sign
    if sign.isspace():
        return " "
    if sign in SPELLED:
        return SPELLED[sign]
    plain = "".join(each for each in unicodedata.normalize("NFKD", sign) if ord(each) in _signs())
    if plain:
        return plain
    return "" if unicodedata.category(sign) in LEFT_OUT or sign < " " else "?"


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), lazy=True) as font:
        return frozenset(sign for sign in font.getBestCmap() or () if sign >= ord(" "))
