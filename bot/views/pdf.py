"""A page of paper (A4) for everything that is printed or kept: its letters, its margins, its lines.

The document's own date is handed in: the library would ask the machine. Measures are millimetres, sizes of letters are
points. The library is imported when a page is asked for; a start does without.
"""

import weakref
from datetime import datetime
from typing import TYPE_CHECKING

from bot.views.fonts import font_file, legible

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN = 18.0
INK, SOFT, LINE, DONE, REST = "#1f2933", "#52606d", "#cbd2d9", "#1b6e53", "#e4e7eb"
LEADING = 0.48  # millimetres of a line for each point of its letters: one and a third of their height


def document(title: str, language: str, made_at: datetime, *, is_landscape: bool = False) -> "FPDF":
    """A document with its first page; no page follows by itself. `made_at` (UTC) becomes its date."""
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

    pdf = FPDF(orientation="landscape" if is_landscape else "portrait", unit="mm", format="A4")
    pdf.add_font("Lato", "", font_file())
    pdf.add_font("Lato", "B", font_file(is_bold=True))
    for font in pdf.fonts.values():
        # The library leaves their files open, also of documents that only measure and are never finished.
        if isinstance(font, TTFFont):
            weakref.finalize(pdf, font.ttfont.close)
    pdf.set_margin(MARGIN)
    pdf.c_margin = 0  # letters begin where lines do
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("id-ID" if language == "id" else "en-GB")
    pdf.set_creator("TanyaCoP")
    pdf.set_creation_date(made_at)
    pdf.add_page()
    return pdf


def write(
    pdf: "FPDF",
    text: str,
    size: float,
    *,
    width: float = 0,
    colour: str = INK,
    is_bold: bool = False,
    align: str = "L",
    gap: float = 0,
) -> None:
    """The text below what was written last, in as many lines as it needs; `gap` millimetres stay free below it.
    `width` 0 goes to the right margin. A line begins where the last one did."""
    prepare(pdf, size, colour=colour, is_bold=is_bold)
    left = pdf.get_x()
    pdf.multi_cell(width, size * LEADING, legible(text), align=align, new_x="LEFT", new_y="NEXT")
    pdf.set_xy(left, pdf.get_y() + gap)


def lines_of(pdf: "FPDF", text: str, size: float, *, width: float = 0, is_bold: bool = False) -> list[str]:
    """The lines that `write` would make of it."""
    prepare(pdf, size, is_bold=is_bold)
    found = pdf.multi_cell(width, size * LEADING, legible(text), dry_run=True, output="LINES")
    assert isinstance(found, list)
    return found


def height_of(pdf: "FPDF", text: str, size: float, *, width: float = 0, is_bold: bool = False) -> float:
    """How many millimetres `write` would take for it, without its gap."""
    return len(lines_of(pdf, text, size, width=width, is_bold=is_bold)) * size * LEADING


def rule(pdf: "FPDF", gap: float = 4) -> None:
    """A thin line from margin to margin, with as much room below as above."""
    at = pdf.get_y() + gap
    pdf.set_draw_color(LINE)
    pdf.set_line_width(0.3)
    pdf.line(MARGIN, at, pdf.w - MARGIN, at)
    pdf.set_xy(MARGIN, at + gap)


def room(pdf: "FPDF") -> float:
    """How many millimetres are left above the lower margin."""
    return float(pdf.h - MARGIN - pdf.get_y())


def prepare(pdf: "FPDF", size: float, *, colour: str = INK, is_bold: bool = False) -> None:
    """Letters and colour for what the library itself writes next."""
    pdf.set_font("Lato", "B" if is_bold else "", size)
    pdf.set_text_color(colour)


def packed(pdf: "FPDF") -> bytes:
    """The finished file."""
    return bytes(pdf.output())
