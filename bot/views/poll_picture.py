"""A poll's result as pictures for a phone, and the caption that says the same in words.

Numbers that are not shown elsewhere are not drawn: a question with fewer than five answers says so in words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.clock import Zone
from bot.services.poll_reports import PollReport
from bot.services.poll_results import GroupResult, OptionResult, QuestionResult, TrendPoint
from bot.services.poll_templates import QuestionKind
from bot.services.polls import PollState
from bot.texts import Texts, escape
from bot.views import drawing
from bot.views.drawing import (
    HEAD,
    INK,
    LINE,
    MARGIN,
    SMALL,
    SOFT,
    TEXT,
    WIDTH,
    Bar,
    Block,
)
from bot.views.poll_words import (
    beside_mean,
    counted,
    day_of,
    decimal,
    figures,
    most_of,
    percent,
    province,
    rate_of_asked,
    rate_of_attended,
    sentence,
)
from bot.views.reply import Reply, cut

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

LONGEST_CAPTION = 1000  # of the 1,024 that Telegram takes below a picture
LEAST_IN_TREND = 2  # sessions


def pictures(report: PollReport, texts: Texts) -> list[bytes]:
    """PNGs: the rates, each question, the sessions before, provinces; one where it fits."""
    result = report.result
    parts: list[Sequence[Block]] = [[*_head(report, texts), *_rates(report, texts)]]
    parts += [_question(each, texts) for each in result.questions]
    if sum(point.mean is not None for point in report.trend) >= LEAST_IN_TREND:
        parts.append(_trend(report.trend, texts))
    by_province = [each for each in result.questions if len(each.provinces) > 1]
    if by_province:  # of one question: a country's provinces fill a picture, and the sheet has them all
        parts.append(_provinces(by_province[0], texts))
    parts += [_group(each, texts) for each in result.groups]
    return drawing.pictures(parts, texts.plain("polls.report.continued", title=cut(result.title, 120)))


def caption(report: PollReport, texts: Texts) -> Reply:
    """The result in words, short enough to stand below a picture."""
    result = report.result
    lines = [
        texts.html(
            "polls.report.caption", title=cut(result.title, 120), day=day_of(result.session_starts_at, texts)
        ),
        escape(rate_of_attended(result, texts)),
        escape(rate_of_asked(result, texts)),
    ]
    if result.state is PollState.OPEN:
        lines.append(texts.html("polls.report.still_open"))
    lines.append("")
    lines += [escape(_in_a_line(each, texts)) for each in result.questions]
    if result.state is PollState.CLOSED:
        lines.append(texts.html("polls.report.comments", count=texts.number(len(result.comments))))
    more = texts.html("polls.report.more")
    while len("\n".join(lines)) > LONGEST_CAPTION and len(lines) > 4:
        lines = [*lines[:-2], more] if lines[-1] == more else [*lines[:-1], more]
    return Reply("\n".join(lines))


def next_caption(number: int, total: int, report: PollReport, texts: Texts) -> Reply:
    """Below a further picture."""
    title = cut(report.result.title, 120)
    return Reply(texts.html("polls.report.further", number=number, total=total, title=title))


def _in_a_line(found: QuestionResult, texts: Texts) -> str:
    said = [*figures(found, texts), counted(found, texts)]
    if not found.is_hidden and found.kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL):
        best = max(found.options, key=lambda each: each.number)
        said.insert(0, f"{cut(best.label, 40)} {percent(best.share)}")
    return f"{found.position}. {cut(found.text, 70)} {sentence(said)}"


def _head(report: PollReport, texts: Texts) -> list[Block]:
    result = report.result
    at = texts.moment(report.made_at, Zone.WIB)
    state = "still_open" if result.state is PollState.OPEN else "closed"
    return [
        drawing.text(texts.plain("polls.report.buttons.head"), SMALL, SOFT),
        drawing.text(cut(result.title, 200), HEAD, is_bold=True),
        drawing.text(day_of(result.session_starts_at, texts), SMALL, SOFT),
        drawing.text(f"{texts.plain(f'polls.report.{state}')} {at}", SMALL, SOFT),
        drawing.rule(),
    ]


def _rates(report: PollReport, texts: Texts) -> list[Block]:
    result = report.result
    rates = (
        (result.rate_of_attended, rate_of_attended(result, texts)),
        (result.rate_of_asked, rate_of_asked(result, texts)),
    )
    return [
        drawing.text(words, TEXT) if rate is None else drawing.figure(percent(rate), words)
        for rate, words in rates
    ]


def _question(found: QuestionResult, texts: Texts) -> list[Block]:
    blocks = [drawing.rule(), drawing.text(f"{found.position}. {found.text}", TEXT, is_bold=True)]
    if found.is_hidden:
        return [*blocks, drawing.text(counted(found, texts), TEXT, SOFT)]
    if found.mean is not None:
        beside = [texts.plain("polls.report.buttons.out_of", most=most_of(found)), *beside_mean(found, texts)]
        blocks.append(drawing.figure(decimal(found.mean, texts), sentence(beside, "\n")))
    blocks.append(drawing.text(counted(found, texts), SMALL, SOFT, below=16))
    if found.kind is QuestionKind.SCALE:
        steps = [
            Bar(f"{step}", texts.number(each.number), each.share) for step, each in enumerate(found.options)
        ]
        blocks.append(drawing.columns(steps, (found.options[0].label, found.options[-1].label)))
        blocks.append(drawing.text(_thirds(found.options, texts), SMALL, SOFT))
    elif found.kind is not QuestionKind.TEXT:
        blocks.append(drawing.bars([_bar(each, texts) for each in found.options]))
    return blocks


def _bar(found: OptionResult, texts: Texts) -> Bar:
    return Bar(found.label, f"{texts.number(found.number)} ({percent(found.share)})", found.share)


def _thirds(options: Sequence[OptionResult], texts: Texts) -> str:
    """What the NPS is made of."""
    shares = [sum(each.share for each in part) for part in (options[9:], options[7:9], options[:7])]
    high, middle, low = map(percent, shares)
    return texts.plain("polls.report.thirds", high=high, middle=middle, low=low)


def _provinces(found: QuestionResult, texts: Texts) -> list[Block]:
    head = texts.plain("polls.report.by_province", number=found.position, most=most_of(found))
    # A bar begins at 1, the least that can be given, or at 0 on the scale.
    least = 1 if found.kind is QuestionKind.RATING else 0
    rows = [
        Bar(
            f"{province(each, texts)} ({texts.number(each.number)})",
            decimal(each.mean, texts),
            (each.mean - least) / (most_of(found) - least),
        )
        for each in sorted(found.provinces, key=lambda each: -each.mean)
    ]
    return [
        drawing.rule(),
        drawing.text(head, TEXT, is_bold=True),
        drawing.text(cut(found.text, 140), SMALL, SOFT, below=16),
        drawing.bars(rows),
    ]


def _trend(points: Sequence[TrendPoint], texts: Texts) -> list[Block]:
    return [
        drawing.rule(),
        drawing.text(texts.plain("polls.report.trend"), TEXT, is_bold=True),
        drawing.text(texts.plain("polls.report.trend_about"), SMALL, SOFT, below=16),
        _curve(points, texts),
        *(
            drawing.text(f"{number}. {day_of(each.starts_at, texts)}: {cut(each.title, 90)}", SMALL, below=4)
            for number, each in enumerate(points, start=1)
        ),
    ]


def _curve(points: Sequence[TrendPoint], texts: Texts) -> Block:
    """A dot for each session with its mean above it, from 1 to 5; where there is none a dash stands for it."""
    high, above = 240, 60
    left = MARGIN + 40
    step = (WIDTH - MARGIN - left) / len(points)

    def draw(on: "ImageDraw", top: int) -> None:
        base = top + above + high
        before: tuple[float, float] | None = None
        for line in range(5):
            y = base - high * line / 4
            on.line((left, y, WIDTH - MARGIN, y), fill=LINE, width=1)
            drawing.write(on, MARGIN, y - drawing.leading(SMALL) / 2, [f"{line + 1}"], SMALL, SOFT)
        places = [(left + step * (number + 0.5), point) for number, point in enumerate(points)]
        for x, point in places:
            if point.mean is None:
                before = None
                continue
            here = (x, base - high * (point.mean - 1) / 4)
            if before is not None:
                on.line((*before, *here), fill=SOFT, width=4)
            before = here
        for number, (x, point) in enumerate(places, start=1):
            drawing.centred(on, x, base + 10, f"{number}", SMALL, SOFT)
            if point.mean is None:
                drawing.centred(on, x, base - high / 2, "–", TEXT, SOFT)
                continue
            y = base - high * (point.mean - 1) / 4
            on.ellipse((x - 11, y - 11, x + 11, y + 11), fill=drawing.DONE)
            mean = decimal(point.mean, texts)
            half = drawing.width_of(mean, TEXT) / 2 + 4
            on.rectangle((x - half, y - 56, x + half, y - 16), fill="white")
            drawing.centred(on, x, y - 60, mean, TEXT, INK)

    return Block(above + high + drawing.leading(SMALL) + 24, draw)


def _group(found: GroupResult, texts: Texts) -> list[Block]:
    key = "deleted" if found.was_deleted else "final" if found.is_final else "so_far"
    return [
        drawing.rule(),
        drawing.text(texts.plain("polls.report.group", title=found.title), TEXT, is_bold=True),
        drawing.text(found.question, SMALL),
        drawing.text(
            texts.plain(f"polls.report.group_{key}", count=texts.number(found.voters)), SMALL, SOFT, below=16
        ),
        drawing.bars([_bar(each, texts) for each in found.options]),
    ]
