"""The monthly report in chat: which months there are, what stands under the files, and the spreadsheet."""

from collections.abc import Sequence

from bot.clock import Zone
from bot.desk_buttons import DeskSection, OpenDesk, SendMonthlyReport
from bot.services.monthly_reports import MonthlyReport, SessionLine, YearMonth
from bot.services.provinces import PROVINCES
from bot.services.sheets import Table, write
from bot.texts import Texts
from bot.views.reply import Button, Press, Reply

Figure = tuple[str, str | int]
A_ROW = 2


def choosing(months: Sequence[YearMonth], texts: Texts) -> Reply:
    """Which months can be asked for."""
    buttons = [Press(name(each, texts), SendMonthlyReport(each.year, each.month)) for each in months]
    rows: list[tuple[Button, ...]] = [tuple(buttons[i : i + A_ROW]) for i in range(0, len(buttons), A_ROW)]
    back = (Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.OVERVIEW)),)
    return Reply(texts.html("monthly_reports.choose"), (*rows, back))


def caption(report: MonthlyReport, texts: Texts) -> Reply:
    """The report in a few words, short enough for a caption."""
    reach, asked, satisfaction = report.reach, report.asked, report.satisfaction
    lines = [
        texts.html("monthly_reports.head", month=name(report.month, texts)),
        "",
        texts.html(
            "monthly_reports.reach", members=texts.number(reach.members), reached=texts.number(reach.reached)
        ),
        texts.html(
            "monthly_reports.sessions",
            sessions=texts.number(len(report.sessions)),
            attended=texts.number(report.attended),
        ),
    ]
    if satisfaction.mean is not None:
        lines.append(
            texts.html(
                "monthly_reports.satisfaction",
                mean=decimal(satisfaction.mean, texts),
                count=texts.number(satisfaction.ratings),
            )
        )
    lines.append(
        texts.html(
            "monthly_reports.asked", total=texts.number(asked.total), unknown=texts.number(asked.unknown)
        )
    )
    if not report.is_complete:
        lines += ["", until(report, texts)]
    return Reply("\n".join(lines))


def sheet_caption(report: MonthlyReport, texts: Texts) -> Reply:
    """What stands under the spreadsheet."""
    return Reply(texts.html("monthly_reports.sheet", month=name(report.month, texts)))


def on_request(report: MonthlyReport, texts: Texts) -> Reply:
    """The same with a button for the files, for those who save data."""
    month = report.month
    button = Press(texts.plain("monthly_reports.buttons.files"), SendMonthlyReport(month.year, month.month))
    return Reply(caption(report, texts).text, ((button,),))


def file_name(report: MonthlyReport, ending: str) -> str:
    """What the file is called."""
    return f"laporan-{report.month.key}.{ending}"


def sheet(report: MonthlyReport, texts: Texts) -> bytes:
    """An .xlsx: the numbers, the provinces, the sessions, the questions."""
    unanswered = [(words, number) for words, number in report.unanswered.words]
    return write(
        Table(_word("summary", texts), _head(("what", "value"), texts), figures(report, texts), (46, 34)),
        Table(
            _word("provinces", texts),
            _head(("province", "members", "reached", "attended"), texts),
            [
                (place(each.province_code, texts), each.members, each.reached, each.attended)
                for each in report.reach.provinces
            ],
            (30, 12, 14, 14),
        ),
        Table(
            _word("sessions", texts),
            _head(
                (
                    "session",
                    "date",
                    "province",
                    "yes",
                    "maybe",
                    "no",
                    "attended",
                    "poll_asked",
                    "poll_answered",
                    "mean",
                    "good",
                ),
                texts,
            ),
            [_session(each, texts) for each in report.sessions],
            (50, 18, 24, 10, 10, 10, 10, 12, 12, 12, 12),
        ),
        Table(
            _word("satisfaction", texts),
            _head(("province", "answers", "mean"), texts),
            [
                (merged(each.province_code, texts), each.number, decimal(each.mean, texts))
                for each in report.satisfaction.places
            ],
            (40, 12, 12),
        ),
        Table(_word("topics", texts), _head(("topic", "count"), texts), report.asked.topics, (60, 12)),
        Table(_word("entries", texts), _head(("entry", "count"), texts), report.asked.entries, (90, 12)),
        Table(_word("unanswered", texts), _head(("words", "count"), texts), unanswered, (90, 12)),
        Table(_word("reasons", texts), _head(("reason", "count"), texts), reasons(report, texts), (46, 12)),
    )


def figures(report: MonthlyReport, texts: Texts) -> list[Figure]:
    """The numbers of the month, each with what it counts."""
    reach, satisfaction, asked = report.reach, report.satisfaction, report.asked
    rows: list[Figure] = [
        (_word("month", texts), name(report.month, texts)),
        (_word("made_at", texts), texts.moment(report.made_at, Zone.WIB)),
        (_word("members", texts), reach.members),
        (_word("new", texts), reach.new),
        (_word("reached", texts), reach.reached),
        (_word("blocked", texts), reach.blocked),
        (_word("stopped", texts), reach.stopped),
        (_word("sessions_held", texts), len(report.sessions)),
        (_word("cancelled", texts), report.cancelled),
        (_word("rsvp_yes", texts), sum(each.yes for each in report.sessions)),
        (_word("rsvp_maybe", texts), sum(each.maybe for each in report.sessions)),
        (_word("all_attended", texts), report.attended),
        (_word("polls", texts), satisfaction.polls),
        (_word("polls_asked", texts), satisfaction.asked),
        (_word("polls_answered", texts), satisfaction.answered),
    ]
    if satisfaction.mean is not None and satisfaction.good_share is not None:
        rows += [
            (_word("mean_overall", texts), decimal(satisfaction.mean, texts)),
            (_word("good_overall", texts), percent(satisfaction.good_share)),
        ]
    rows += [
        (_word("questions", texts), asked.total),
        (_word("askers", texts), asked.people),
        (_word("answered", texts), asked.answered),
        (_word("suggested", texts), asked.suggested),
        (_word("opened_topic", texts), asked.opened_topic),
        (_word("unknown", texts), asked.unknown),
        (_word("forwarded", texts), report.unanswered.forwarded),
        (_word("helpful", texts), report.verdicts.helpful),
        (_word("not_helpful", texts), report.verdicts.not_helpful),
    ]
    return rows


def reasons(report: MonthlyReport, texts: Texts) -> list[tuple[str, int]]:
    """Why answers did not help."""
    return [
        (texts.plain(f"questions.reasons.{reason}") if reason else _word("no_reason", texts), number)
        for reason, number in report.verdicts.reasons
    ]


def name(month: YearMonth, texts: Texts) -> str:
    """ "Oktober 2026"."""
    return f"{texts.plain(f'calendar.month_{month.month}')} {month.year}"


def until(report: MonthlyReport, texts: Texts) -> str:
    """That the month goes on."""
    return texts.plain("monthly_reports.until", moment=texts.moment(report.made_at, Zone.WIB))


def place(code: str | None, texts: Texts) -> str:
    """A province, or that it is not known."""
    return PROVINCES[code].name if code else _word("unknown_province", texts)


def merged(code: str | None, texts: Texts) -> str:
    """A province, or those that were merged since each had too few answers."""
    return PROVINCES[code].name if code else _word("merged", texts)


def decimal(value: float, texts: Texts) -> str:
    """ "4,3"."""
    return f"{value:.1f}".replace(".", texts.plain("calendar.decimal"))


def percent(share: float) -> str:
    """ "71%"."""
    return f"{share:.0%}"


def _session(each: SessionLine, texts: Texts) -> tuple[str | int, ...]:
    return (
        each.title,
        texts.date(each.starts_at.astimezone(Zone.WIB.info).date()),
        PROVINCES[each.province_code].name if each.province_code else _word("all_of_it", texts),
        each.yes,
        each.maybe,
        each.no,
        each.attended,
        "" if each.asked is None else each.asked,
        "" if each.answered is None else each.answered,
        "" if each.mean is None else decimal(each.mean, texts),
        "" if each.good_share is None else percent(each.good_share),
    )


def column(key: str, texts: Texts) -> str:
    """The head of a column."""
    return texts.plain(f"monthly_reports.buttons.column_{key}")


def _head(columns: Sequence[str], texts: Texts) -> tuple[str, ...]:
    return tuple(column(each, texts) for each in columns)


def _word(key: str, texts: Texts) -> str:
    return texts.plain(f"monthly_reports.buttons.{key}")
