"""The report on an announcement: as a picture that a phone shows well, as a spreadsheet, and in words beside them.

The picture says nothing that the words and the sheet do not; every bar has its numbers beside it.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.clock import Zone
from bot.services.announcement_reports import Copy, OfPlace, Report
from bot.services.mailings import DeliveryState
from bot.services.provinces import PROVINCES
from bot.services.sheets import Table, write
from bot.texts import Texts
from bot.views.announcement_progress import counts_lines
from bot.views.announcements import title
from bot.views.clocks import one_clock
from bot.views.fonts import legible, picture_font
from bot.views.reply import Reply, cut

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

MOST_REASONS = 3
# What Telegram says, in small letters, and the sentence that tells what to do about it.
REMEDIES = {
    "topic_closed": "topic_closed",
    "topic_deleted": "topic_gone",
    "message thread not found": "topic_gone",
}
# A phone shows a picture about 1,080 pixels wide; letters of 34 are then as large as those of a message.
WIDTH, MARGIN, ROW, LINE_OF_TEXT = 1080, 48, 44, 46
HEAD, BIG, TEXT, SMALL = 44, 96, 34, 28
BAR_AT, BAR_WIDTH = 430, 380
INK, SOFT, LINE, DONE, REST = "#1f2933", "#52606d", "#cbd2d9", "#1b6e53", "#e4e7eb"


def summary(report: Report, texts: Texts) -> Reply:
    """The report in words, short enough for a caption."""
    announcement = report.standing.announcement
    lines = [
        texts.html("announcements.report.percent", percent=_percent(report), total=_total(report, texts)),
        *counts_lines(report.counts, texts),
    ]
    if report.places:
        full = sum(place.sent == place.total for place in report.places)
        lines.append(texts.html("announcements.report.places", reached=full, all=len(report.places)))
    for reason, number in sorted(report.failed_for.items(), key=lambda each: -each[1])[:MOST_REASONS]:
        lines.append(
            texts.html(
                "announcements.report.reason", reason=_remedy(reason, texts), count=texts.number(number)
            )
        )
    if refused := _of(report.groups, DeliveryState.BLOCKED):
        lines.append(texts.html("announcements.report.groups_refused", count=texts.number(refused)))
    head = texts.html(
        "announcements.report.summary",
        title=title(announcement, texts),
        at=one_clock(report.made_at, None, Zone.WIB, texts),
    )
    return Reply("\n".join([head, "", *lines]))


def sheet(report: Report, texts: Texts) -> bytes:
    """An .xlsx: the numbers, the provinces, and who has not got it and why."""
    states = [state for state in DeliveryState if any(_of(place, state) for place in _all(report))]
    announcement = report.standing.announcement
    numbers = Table(
        texts.plain("announcements.report.buttons.sheet_summary"),
        (
            texts.plain("announcements.report.buttons.column_what"),
            texts.plain("announcements.report.buttons.column_number"),
        ),
        [
            (texts.plain("announcements.report.buttons.column_title"), title(announcement, texts)),
            (
                texts.plain("announcements.report.buttons.column_made"),
                one_clock(report.made_at, None, Zone.WIB, texts),
            ),
            (texts.plain("announcements.report.buttons.column_total"), report.counts.total),
            *((_state(state, texts), sum(_of(each, state) for each in _all(report))) for state in states),
            *((_remedy(reason, texts), number) for reason, number in report.failed_for.items()),
        ],
        (40, 60),
    )
    places = Table(
        texts.plain("announcements.report.buttons.sheet_places"),
        (
            texts.plain("announcements.report.buttons.column_province"),
            texts.plain("announcements.report.buttons.column_total"),
            *(_state(state, texts) for state in states),
        ),
        [
            (_place(place, report, texts), place.total, *(_of(place, state) for state in states))
            for place in _all(report)
        ],
        (32, 12, *(18 for _ in states)),
    )
    tables = [numbers, places, _people(report.not_reached, "sheet_missing", texts)]
    if report.left_with_old:
        tables.append(_people(report.left_with_old, "sheet_old", texts))
    return write(*tables)


def _people(copies: Sequence[Copy], name: str, texts: Texts) -> Table:
    return Table(
        texts.plain(f"announcements.report.buttons.{name}"),
        tuple(
            texts.plain(f"announcements.report.buttons.column_{column}")
            for column in ("name", "province", "state", "reason")
        ),
        [
            (
                copy.full_name or copy.title or texts.plain("announcements.report.buttons.nameless"),
                PROVINCES[copy.province_code].name if copy.province_code in PROVINCES else "",
                _state(copy.state, texts),
                _reason(copy.reason, texts),
            )
            for copy in copies
        ],
        (36, 28, 28, 50),
    )


def _reason(reason: str | None, texts: Texts) -> str:
    key = f"announcements.report.buttons.doubt_{reason}"
    if texts.has(key):
        return texts.plain(key)
    return _remedy(reason, texts) if reason else ""


def _remedy(reason: str, texts: Texts) -> str:
    """Telegram's words for a failure as what to do about it, where we know that."""
    for words, key in REMEDIES.items():
        if words in reason.lower():
            return texts.plain(f"announcements.remedies.{key}")
    return texts.plain("announcements.remedies.in_telegrams_words", reason=cut(reason, 80))


def picture(report: Report, texts: Texts) -> bytes:
    """A PNG: how many of how many, and a bar for every province."""
    from PIL import Image, ImageDraw  # only reports draw; a start does without

    rows, states = _all(report), _states_not_sent(report, texts)
    height = MARGIN * 2 + 350 + LINE_OF_TEXT * len(states) + ROW * len(rows)
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    at = MARGIN
    _write(draw, (MARGIN, at), texts.plain("announcements.report.buttons.picture_title"), SMALL, SOFT)
    at += 44
    _write(draw, (MARGIN, at), _fit(draw, title(report.standing.announcement, texts), HEAD), HEAD, INK)
    at += 64
    _write(draw, (MARGIN, at), one_clock(report.made_at, None, Zone.WIB, texts), SMALL, SOFT)
    at += 56
    _write(draw, (MARGIN, at), f"{_percent(report)}%", BIG, DONE)
    of = texts.plain(
        "announcements.report.buttons.of", sent=texts.number(report.counts.sent), total=_total(report, texts)
    )
    _write(draw, (MARGIN + 300, at + 46), of, TEXT, INK)
    at += 126
    for line in states:
        _write(draw, (MARGIN, at), line, TEXT, INK)
        at += LINE_OF_TEXT
    draw.line((MARGIN, at, WIDTH - MARGIN, at), fill=LINE, width=2)
    _write(draw, (MARGIN, at + 14), texts.plain("announcements.report.buttons.by_province"), SMALL, SOFT)
    at += 72
    for place in rows:
        _bar(draw, at, _place(place, report, texts), place, texts)
        at += ROW
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _states_not_sent(report: Report, texts: Texts) -> list[str]:
    """ "gagal: 3": what became of the others, a line for every state that there is."""
    return [
        f"{_state(state, texts)}: {texts.number(number)}"
        for state in DeliveryState
        if state is not DeliveryState.SENT and (number := sum(_of(place, state) for place in _all(report)))
    ]


def _bar(draw: "ImageDraw", at: int, name: str, place: OfPlace, texts: Texts) -> None:
    _write(draw, (MARGIN, at), _fit(draw, name, SMALL, BAR_AT - MARGIN - 16), SMALL, INK)
    draw.rectangle((BAR_AT, at, BAR_AT + BAR_WIDTH, at + 34), fill=REST)
    if place.sent:
        filled = max(BAR_WIDTH * place.sent // place.total, 2)
        draw.rectangle((BAR_AT, at, BAR_AT + filled, at + 34), fill=DONE)
    of = texts.plain(
        "announcements.report.buttons.of", sent=texts.number(place.sent), total=texts.number(place.total)
    )
    _write(draw, (BAR_AT + BAR_WIDTH + 20, at), of, SMALL, INK)


def _write(draw: "ImageDraw", at: tuple[int, int], text: str, size: int, colour: str) -> None:
    draw.text(at, legible(text), font=picture_font(size), fill=colour)


def _fit(draw: "ImageDraw", text: str, size: int, width: int = WIDTH - 2 * MARGIN) -> str:
    shown = text = legible(text)
    while shown and draw.textlength(shown if shown == text else f"{shown}…", font=picture_font(size)) > width:
        shown = shown[:-1]
    return shown if shown == text else f"{shown.rstrip()}…"


def _all(report: Report) -> list[OfPlace]:
    return [*report.places, *([report.groups] if report.groups.total else [])]


def _place(place: OfPlace, report: Report, texts: Texts) -> str:
    if place is report.groups:
        return texts.plain("announcements.report.buttons.groups")
    found = PROVINCES.get(place.code or "")
    return found.name if found is not None else texts.plain("announcements.report.buttons.no_province")


def _of(place: OfPlace, state: DeliveryState) -> int:
    return place.counts.get(state, 0)


def _state(state: str, texts: Texts) -> str:
    return texts.plain(f"announcements.report.buttons.state_{state}")


def _percent(report: Report) -> int:
    return 100 * report.counts.sent // report.counts.total if report.counts.total else 0


def _total(report: Report, texts: Texts) -> str:
    return texts.number(report.counts.total)
