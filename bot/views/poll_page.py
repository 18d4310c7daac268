"""One page for the speaker: what was asked, what came of it, and what people wrote, as much as a page holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.clock import Zone
from bot.services.poll_reports import PollReport
from bot.services.poll_results import PollResult, QuestionResult
from bot.services.poll_templates import QuestionKind
from bot.texts import Texts
from bot.views import pdf
from bot.views.poll_words import (
    beside_mean,
    counted,
    day_of,
    decimal,
    figures,
    most_of,
    percent,
    rate_of_asked,
    rate_of_attended,
    sentence,
)
from bot.views.reply import cut

if TYPE_CHECKING:
    from fpdf import FPDF

LONGEST_COMMENT = 360  # signs; the whole of it stands in the spreadsheet
BAR, ROW = 3.6, 6.0  # millimetres
FOOT = 8.0  # millimetres that the last line takes
ROOM_FOR_COMMENTS = 70.0  # millimetres that questions leave to them
INDENT = 3.5  # millimetres behind the mark of a comment


def page(report: PollReport, texts: Texts) -> bytes:
    """A PDF of one A4 page."""
    result = report.result
    title = f"{texts.plain('polls.report.buttons.page_head')}: {result.title}"
    made = pdf.document(title, texts.language, report.made_at)
    pdf.write(made, texts.plain("polls.report.buttons.page_head"), 11, colour=pdf.SOFT, gap=1)
    pdf.write(made, cut(result.title, 160), 20, is_bold=True, gap=1)
    pdf.write(made, day_of(result.session_starts_at, texts), 11, colour=pdf.SOFT)
    pdf.rule(made, 3)
    for rate, words in (
        (result.rate_of_attended, rate_of_attended(result, texts)),
        (result.rate_of_asked, rate_of_asked(result, texts)),
    ):
        pdf.write(made, words if rate is None else f"{percent(rate)}: {words}", 11, gap=0.5)
    main = _main(result)
    if main is not None:
        pdf.rule(made, 3)
        _chart(made, main, texts)
    pdf.rule(made, 3)
    _lines(made, [each for each in result.questions if each is not main], report, texts)
    _comments(made, report, texts)
    made.set_xy(pdf.MARGIN, made.h - pdf.MARGIN - 4)
    moment = texts.moment(report.made_at, Zone.WIB)
    pdf.write(made, texts.plain("polls.report.buttons.page_foot", moment=moment), 8, colour=pdf.SOFT)
    return pdf.packed(made)


def _main(result: PollResult) -> QuestionResult | None:
    """The question that is drawn: the first rating, otherwise the first with anything to draw."""
    drawable = [each for each in result.questions if each.options]
    ratings = [each for each in drawable if each.kind is QuestionKind.RATING]
    return next(iter([*ratings, *drawable]), None)


def _chart(made: "FPDF", found: QuestionResult, texts: Texts) -> None:
    """The mean at the left, bars with their numbers at the right."""
    pdf.write(made, f"{found.position}. {cut(found.text, 200)}", 12, is_bold=True, gap=2)
    top, left = made.get_y(), 48.0 if found.mean is not None else 0.0
    if found.mean is not None:
        pdf.write(made, decimal(found.mean, texts), 34, width=left - 4, colour=pdf.DONE, is_bold=True)
        beside = [texts.plain("polls.report.buttons.out_of", most=most_of(found)), *beside_mean(found, texts)]
        pdf.write(made, sentence([*beside, counted(found, texts)], "\n"), 9, width=left - 4)
    ends_at = made.get_y()
    made.set_xy(pdf.MARGIN + left, top + 1)
    _bars(made, found, texts)
    if found.mean is None:
        pdf.write(made, counted(found, texts), 9, colour=pdf.SOFT)
    made.set_xy(pdf.MARGIN, max(ends_at, made.get_y()))


def _bars(made: "FPDF", found: QuestionResult, texts: Texts) -> None:
    left = made.get_x()
    pdf.prepare(made, 9)
    names = 62.0 if any(made.get_string_width(each.label) > 30 for each in found.options) else 32.0
    values = 24.0
    full = made.w - pdf.MARGIN - left - names - values
    for each in found.options:
        top = made.get_y()
        pdf.write(made, cut(each.label, 70), 9, width=names - 2)
        ends_at = made.get_y()
        made.set_fill_color(pdf.REST)
        made.rect(left + names, top + 0.4, full, BAR, style="F")
        if each.number:
            made.set_fill_color(pdf.DONE)
            made.rect(left + names, top + 0.4, max(full * min(each.share, 1), 0.3), BAR, style="F")
        made.set_xy(left + names + full + 2, top)
        pdf.write(made, f"{texts.number(each.number)} ({percent(each.share)})", 9, width=values)
        made.set_xy(left, max(ends_at, top + ROW - 1) + 0.8)


def _lines(made: "FPDF", questions: Sequence[QuestionResult], report: PollReport, texts: Texts) -> None:
    """As many questions as leave room for comments."""
    kept = FOOT + 5 + (ROOM_FOR_COMMENTS if report.result.comments else 0)
    for number, each in enumerate(questions):
        heading, said = _line(each, texts)
        height = pdf.height_of(made, heading, 10, is_bold=True) + pdf.height_of(made, said, 10) + 1.5
        if height > pdf.room(made) - kept:
            left_out = texts.number(len(questions) - number)
            pdf.write(made, texts.plain("polls.report.page_questions", count=left_out), 9, colour=pdf.SOFT)
            return
        pdf.write(made, heading, 10, is_bold=True)
        pdf.write(made, said, 10, gap=1.5)


def _line(found: QuestionResult, texts: Texts) -> tuple[str, str]:
    """A question, and its answers in a sentence."""
    said = [*figures(found, texts), counted(found, texts)]
    if not found.is_hidden and found.kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL):
        chosen = sorted(found.options, key=lambda each: -each.number)[:3]
        said = [*(f"{cut(each.label, 50)} {percent(each.share)}" for each in chosen), *said]
    return f"{found.position}. {cut(found.text, 160)}", sentence(said)


def _comments(made: "FPDF", report: PollReport, texts: Texts) -> None:
    """As many as there is room for, and how many are left out."""
    comments = [cut(" ".join(each.split()), LONGEST_COMMENT) for each in report.result.comments]
    if not comments:
        return
    pdf.rule(made, 2)
    head = texts.plain("polls.report.page_comments", count=texts.number(len(comments)))
    pdf.write(made, head, 11, is_bold=True, gap=1)
    if report.words:
        common = ", ".join(f"{word} ({texts.number(number)})" for word, number in report.words[:8])
        pdf.write(made, texts.plain("polls.report.page_words", words=common), 9, colour=pdf.SOFT, gap=1.5)
    shown = _fitting(made, comments)
    for each in shown:
        made.set_x(pdf.MARGIN)
        pdf.prepare(made, 9)
        made.cell(INDENT, 9 * pdf.LEADING, "•")
        pdf.write(made, each, 9, gap=0.8)
    made.set_x(pdf.MARGIN)
    if len(shown) < len(comments):
        left_out = texts.plain("polls.report.page_more", count=texts.number(len(comments) - len(shown)))
        pdf.write(made, left_out, 9, colour=pdf.SOFT)


def _fitting(made: "FPDF", comments: Sequence[str]) -> list[str]:
    room = pdf.room(made) - FOOT - 5
    shown: list[str] = []
    for each in comments:
        room -= pdf.height_of(made, each, 9, width=made.epw - INDENT) + 0.8
        if room < 0:
            break
        shown.append(each)
    return shown
