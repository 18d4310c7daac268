"""The monthly report as pages to print: figures, sessions and what was asked first, the provinces behind them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.clock import Zone
from bot.services.monthly_reports import MonthlyReport
from bot.texts import Texts
from bot.views import monthly_reports as words
from bot.views import pdf
from bot.views.fonts import legible
from bot.views.monthly_reports import Figure
from bot.views.reply import cut

if TYPE_CHECKING:
    from fpdf import FPDF

TITLE, SECTION, TEXT, SMALL = 20, 12, 9, 8
ROW = 5.2
PADDING = 1.5
LEAST_ROOM = 34  # a heading with three rows; with less the section begins on the next page
MOST_SESSIONS, MOST_TOPICS, MOST_ENTRIES, MOST_UNANSWERED = 12, 10, 10, 12


def report(made: MonthlyReport, texts: Texts) -> bytes:
    """The pages as PDF."""
    title = texts.plain("monthly_reports.buttons.title", month=words.name(made.month, texts))
    page = pdf.document(title, texts.language, made.made_at)
    pdf.write(page, title, TITLE, is_bold=True, gap=1)
    made_at = texts.plain("monthly_reports.notes.made_at", moment=texts.moment(made.made_at, Zone.WIB))
    pdf.write(page, made_at, SMALL, colour=pdf.SOFT)
    if not made.is_complete:
        pdf.write(page, words.until(made, texts), SMALL, colour=pdf.SOFT)
    pdf.rule(page, gap=3)
    _figures(page, words.figures(made, texts)[2:], texts)
    _sessions(page, made, texts)
    _ranking(page, "topics", made.asked.topics[:MOST_TOPICS], texts)
    _ranking(page, "entries", made.asked.entries[:MOST_ENTRIES], texts)
    _ranking(page, "unanswered", made.unanswered.words[:MOST_UNANSWERED], texts)
    _ranking(page, "reasons", words.reasons(made, texts), texts)
    _satisfaction(page, made, texts)
    _provinces(page, made, texts)
    return pdf.packed(page)


def _figures(page: "FPDF", figures: Sequence[Figure], texts: Texts) -> None:
    """In two columns, down the first and then the second."""
    half = -(-len(figures) // 2)
    width = (page.w - 2 * pdf.MARGIN - 8) / 2
    top = page.get_y()
    for column, part in enumerate((figures[:half], figures[half:])):
        left = pdf.MARGIN + column * (width + 8)
        for number, (what, value) in enumerate(part):
            page.set_xy(left, top + number * ROW)
            shown = texts.number(value) if isinstance(value, int) else value
            _cells(page, [(what, width - 24, "L"), (shown, 24, "R")], is_bold_last=True)
    page.set_xy(pdf.MARGIN, top + half * ROW + 3)


def _sessions(page: "FPDF", made: MonthlyReport, texts: Texts) -> None:
    if not made.sessions:
        return
    _heading(page, "sessions", texts)
    widths = (72.0, 34.0, 20.0, 14.0, 16.0, 18.0)
    _row(
        page,
        [words.column(each, texts) for each in ("session", "date", "yes", "attended", "mean", "good")],
        widths,
        is_head=True,
    )
    for each in made.sessions[:MOST_SESSIONS]:
        _row(
            page,
            [
                each.title,
                texts.date(each.starts_at.astimezone(Zone.WIB.info).date()),
                texts.number(each.yes),
                texts.number(each.attended),
                "–" if each.mean is None else words.decimal(each.mean, texts),
                "–" if each.good_share is None else words.percent(each.good_share),
            ],
            widths,
        )
    if len(made.sessions) > MOST_SESSIONS:
        count = texts.number(len(made.sessions) - MOST_SESSIONS)
        _note(page, texts.plain("monthly_reports.notes.more_sessions", count=count))


def _satisfaction(page: "FPDF", made: MonthlyReport, texts: Texts) -> None:
    places = made.satisfaction.places
    if not places:
        return
    _heading(page, "satisfaction", texts)
    head = [words.column(each, texts) for each in ("province", "answers", "mean")]
    _row(page, head, (110.0, 32.0, 32.0), is_head=True)
    for each in places:
        _row(
            page,
            [
                words.merged(each.province_code, texts),
                texts.number(each.number),
                words.decimal(each.mean, texts),
            ],
            (110.0, 32.0, 32.0),
        )
    _note(page, texts.plain("monthly_reports.notes.satisfaction"))


def _ranking(page: "FPDF", key: str, rows: Sequence[tuple[str, int]], texts: Texts) -> None:
    if not rows:
        return
    _heading(page, key, texts)
    for what, number in rows:
        _row(page, [what, texts.number(number)], (154.0, 20.0))
    if key == "unanswered":
        _note(page, texts.plain("monthly_reports.notes.unanswered"))


def _provinces(page: "FPDF", made: MonthlyReport, texts: Texts) -> None:
    _heading(page, "provinces", texts)
    widths = (84.0, 30.0, 30.0, 30.0)
    head = [words.column(each, texts) for each in ("province", "members", "reached", "attended")]
    _row(page, head, widths, is_head=True)
    for each in made.reach.provinces:
        if pdf.room(page) < ROW * 2:
            page.add_page()
            _row(page, head, widths, is_head=True)
        numbers = [texts.number(number) for number in (each.members, each.reached, each.attended)]
        _row(page, [words.place(each.province_code, texts), *numbers], widths)
    _note(page, texts.plain("monthly_reports.notes.reach"))


def _heading(page: "FPDF", key: str, texts: Texts) -> None:
    if pdf.room(page) < LEAST_ROOM:
        page.add_page()
    else:
        page.set_y(page.get_y() + 3)
    page.set_x(pdf.MARGIN)
    pdf.write(
        page, texts.plain(f"monthly_reports.buttons.{key}"), SECTION, is_bold=True, colour=pdf.DONE, gap=1
    )


def _note(page: "FPDF", text: str) -> None:
    if pdf.room(page) < pdf.height_of(page, text, SMALL):
        page.add_page()
    page.set_xy(pdf.MARGIN, page.get_y() + 0.8)
    pdf.write(page, text, SMALL, colour=pdf.SOFT, gap=1)


def _row(page: "FPDF", values: Sequence[str], widths: Sequence[float], *, is_head: bool = False) -> None:
    if pdf.room(page) < ROW:
        page.add_page()
    page.set_x(pdf.MARGIN)
    cells = [
        (value, width, "L" if number == 0 else "R")
        for number, (value, width) in enumerate(zip(values, widths, strict=True))
    ]
    _cells(page, cells, colour=pdf.SOFT if is_head else pdf.INK)
    page.set_draw_color(pdf.LINE)
    page.set_line_width(0.1)
    page.line(pdf.MARGIN, page.get_y(), pdf.MARGIN + sum(widths), page.get_y())


def _cells(
    page: "FPDF",
    cells: Sequence[tuple[str, float, str]],
    *,
    colour: str = pdf.INK,
    is_bold_last: bool = False,
) -> None:
    """Cells beside each other, each in one line that ends with an ellipsis where it is too long."""
    top = page.get_y()
    for number, (value, width, align) in enumerate(cells, start=1):
        pdf.prepare(page, TEXT, colour=colour, is_bold=is_bold_last and number == len(cells))
        page.cell(width, ROW, _shortened(page, legible(value), width - PADDING), align=align)
    page.set_xy(pdf.MARGIN, top + ROW)


def _shortened(page: "FPDF", text: str, width: float) -> str:
    shown, length = text, len(text)
    while page.get_string_width(shown) > width and length > 1:
        length -= 1
        shown = cut(text, length)
    return shown
