"""Drawing for a phone: blocks below each other, letters as large as those of a message, texts wrapped by measure.

A block says how high it is and how it is drawn; where one picture would become too long for a phone the next begins.
Bars are one colour and always have their number beside them: nothing is said by colour alone.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.views.fonts import legible, picture_font

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

# A phone shows a picture about 1,080 pixels wide; letters of 34 are then as large as those of a message.
WIDTH, MARGIN = 1080, 48
INNER = WIDTH - 2 * MARGIN
HEAD, BIG, TEXT, SMALL = 46, 84, 36, 30
INK, SOFT, LINE, DONE, REST = "#1f2933", "#52606d", "#cbd2d9", "#1b6e53", "#e4e7eb"
LONGEST = 2600  # pixels of a picture; Telegram takes width and height of 10,000 together, a thumb less
GAP = 28  # between blocks
COLOURS = 64
THICK = 36  # of a bar
WIDEST_NAME = 430  # of a bar's name beside it

Draw = Callable[["ImageDraw", int], None]


@dataclass(frozen=True)
class Block:
    """Something `height` pixels high; `draw` is given the pixel at which it begins."""

    height: int
    draw: Draw


@dataclass(frozen=True)
class Bar:
    """A row of a chart: its name, what is written behind it, and how much of the bar is full (0 to 1)."""

    name: str
    value: str
    share: float


def leading(size: int) -> int:
    """Pixels from one line to the next."""
    return round(size * 1.32)


def width_of(text: str, size: int, *, is_bold: bool = False) -> int:
    """Pixels that a line takes."""
    return round(picture_font(size, is_bold=is_bold).getlength(text))


def wrapped(text: str, size: int, width: int = INNER, *, is_bold: bool = False) -> list[str]:
    """The text in lines that fit; a word that is too long for a line is broken."""
    lines: list[str] = []
    for paragraph in legible(text).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, size, is_bold=is_bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while width_of(line, size, is_bold=is_bold) > width:
                at = len(line) - 1
                while at > 1 and width_of(line[:at], size, is_bold=is_bold) > width:
                    at -= 1
                lines.append(line[:at])
                line = line[at:]
        lines.append(line)
    return lines


def text(words: str, size: int = TEXT, colour: str = INK, *, is_bold: bool = False, below: int = 8) -> Block:
    """A paragraph over the whole width."""
    lines = wrapped(words, size, is_bold=is_bold)

    def draw(on: "ImageDraw", top: int) -> None:
        write(on, MARGIN, top, lines, size, colour, is_bold=is_bold)

    return Block(leading(size) * len(lines) + below, draw)


def rule() -> Block:
    """A thin line with room around it."""

    def draw(on: "ImageDraw", top: int) -> None:
        on.line((MARGIN, top + GAP // 2, WIDTH - MARGIN, top + GAP // 2), fill=LINE, width=2)

    return Block(GAP + 12, draw)


def figure(number: str, words: str) -> Block:
    """A large number, and what it counts beside it."""
    at = MARGIN + max(width_of(number, BIG, is_bold=True), 190) + 28
    lines = wrapped(words, TEXT, WIDTH - MARGIN - at)
    height = max(leading(BIG), leading(TEXT) * len(lines))

    def draw(on: "ImageDraw", top: int) -> None:
        write(on, MARGIN, top + (height - leading(BIG)) // 2, [number], BIG, DONE, is_bold=True)
        write(on, at, top + (height - leading(TEXT) * len(lines)) // 2, lines, TEXT, INK)

    return Block(height + 8, draw)


def bars(rows: Sequence[Bar]) -> Block:
    """Bars with their names at the left, or above them where one is too long for that."""
    room = max((width_of(row.value, SMALL) for row in rows), default=0) + 20
    beside = [wrapped(row.name, SMALL, WIDEST_NAME) for row in rows]
    is_beside = all(len(lines) <= 2 for lines in beside)
    names = beside if is_beside else [wrapped(row.name, SMALL) for row in rows]
    widest = max((width_of(line, SMALL) for lines in names for line in lines), default=0)
    left = MARGIN + widest + 24 if is_beside else MARGIN
    full = WIDTH - MARGIN - room - left
    heights = [
        max(THICK, leading(SMALL) * len(lines)) + 14
        if is_beside
        else leading(SMALL) * len(lines) + THICK + 26
        for lines in names
    ]

    def draw(on: "ImageDraw", top: int) -> None:
        for row, lines, height in zip(rows, names, heights, strict=True):
            at = top if is_beside else top + leading(SMALL) * len(lines) + 4
            write(on, MARGIN, top, lines, SMALL, INK)
            on.rectangle((left, at, left + full, at + THICK), fill=REST)
            if row.share > 0:
                on.rectangle(
                    (left, at, left + max(round(full * min(row.share, 1)), 3), at + THICK), fill=DONE
                )
            write(on, left + full + 20, at, [row.value], SMALL, INK)
            top += height

    return Block(sum(heights) + 8, draw)


def columns(rows: Sequence[Bar], ends: tuple[str, str], high: int = 220) -> Block:
    """Columns with their numbers above and their names below, the highest as high as it goes; `ends` say what the first
    and the last of them mean."""
    most = max((row.share for row in rows), default=0) or 1
    step = INNER / max(len(rows), 1)

    def draw(on: "ImageDraw", top: int) -> None:
        base = top + leading(SMALL) + high
        for number, row in enumerate(rows):
            middle = MARGIN + step * (number + 0.5)
            half = min(step * 0.36, 60)
            peak = base - max(round(high * row.share / most), 3 if row.share else 0)
            if row.share:
                on.rectangle((middle - half, peak, middle + half, base), fill=DONE)
            centred(on, middle, peak - leading(SMALL) - 2, row.value, SMALL, INK)
            centred(on, middle, base + 8, row.name, SMALL, SOFT)
        on.line((MARGIN, base, WIDTH - MARGIN, base), fill=LINE, width=3)
        below = base + 8 + leading(SMALL)
        write(on, MARGIN, below, [ends[0]], SMALL, SOFT)
        write(on, WIDTH - MARGIN - width_of(ends[1], SMALL), below, [ends[1]], SMALL, SOFT)

    return Block(high + 3 * leading(SMALL) + 28, draw)


def write(
    on: "ImageDraw",
    left: float,
    top: float,
    lines: Sequence[str],
    size: int,
    colour: str,
    *,
    is_bold: bool = False,
) -> None:
    """Lines below each other."""
    for number, line in enumerate(lines):
        at = (left, top + number * leading(size))
        on.text(at, line, font=picture_font(size, is_bold=is_bold), fill=colour)


def centred(on: "ImageDraw", middle: float, top: float, line: str, size: int, colour: str) -> None:
    """A line around a middle."""
    write(on, middle - width_of(line, size) / 2, top, [line], size, colour)


def pictures(parts: Sequence[Sequence[Block]], continued: str) -> list[bytes]:
    """PNGs with these parts below each other; a part stays whole, and each further picture begins with `continued`."""
    pages: list[list[Block]] = [[]]
    for part in parts:
        height = sum(block.height for block in part)
        if pages[-1] and sum(block.height for block in pages[-1]) + height > LONGEST:
            pages.append([text(continued, SMALL, SOFT, below=20)])
        pages[-1] += part
    return [_png(page) for page in pages]


def _png(blocks: Sequence[Block]) -> bytes:
    from PIL import Image, ImageDraw  # only reports draw; a start does without

    image = Image.new("RGB", (WIDTH, 2 * MARGIN + sum(block.height for block in blocks)), "white")
    on, top = ImageDraw.Draw(image), MARGIN
    for block in blocks:
        block.draw(on, top)
        top += block.height
    packed = io.BytesIO()
    # A handful of colours and what lies between them: a third of the bytes, and a fifth of the time.
    few = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(packed, "PNG")
    return packed.getvalue()
