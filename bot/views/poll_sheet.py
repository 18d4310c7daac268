"""A poll's result as a spreadsheet: a summary, a sheet for each question, comments apart; no names and no times."""

from bot.services.poll_reports import PollReport
from bot.services.poll_results import SMALLEST, PollResult, QuestionResult
from bot.services.poll_templates import QuestionKind
from bot.services.polls import PollState
from bot.services.sheets import Table, write
from bot.texts import Texts
from bot.views.poll_words import day_of, province

Row = tuple[str | float, ...]


def sheet(report: PollReport, texts: Texts) -> bytes:
    """An .xlsx. Numbers are numbers, shares are hundredths."""
    result = report.result
    tables = [_summary(report, texts), *(_question(each, texts) for each in result.questions)]
    if result.comments:
        tables += [_comments(result, texts), _words(report, texts)]
    if len(report.trend) > 1:
        tables.append(_trend(report, texts))
    if result.groups:
        tables.append(_groups(result, texts))
    return write(*tables)


def _summary(report: PollReport, texts: Texts) -> Table:
    result = report.result
    state = "state_open" if result.state is PollState.OPEN else "state_closed"
    rows: list[Row] = [
        (_label("session", texts), result.title),
        (_label("date", texts), day_of(result.session_starts_at, texts)),
        (_label("made", texts), day_of(report.made_at, texts)),
        (_label("state", texts), _label(state, texts)),
        (_label("attended", texts), result.attended),
        (_label("attended_answered", texts), result.attended_answered),
        (_label("rate_attended", texts), _hundredths(result.rate_of_attended)),
        (_label("asked", texts), result.asked),
        (_label("answered", texts), result.answered),
        (_label("rate_asked", texts), _hundredths(result.rate_of_asked)),
        (_label("comments", texts), len(result.comments)),
    ]
    for each in result.questions:
        rows += [
            ("", ""),
            (_label("question", texts, number=each.position), each.text),
            *_figures(each, texts),
        ]
    head = (_label("what", texts), _label("value", texts))
    return Table(_label("summary", texts), head, rows, (44, 70), wrapped=(2,))


def _question(found: QuestionResult, texts: Texts) -> Table:
    """The question above its options; below them its figures, then its provinces."""
    rows: list[Row] = [
        (each.label, each.number, _hundredths(each.share)) for each in found.options if not found.is_hidden
    ]
    rows += [("",), *_figures(found, texts)]
    if found.provinces:
        rows += [("",), (_label("province", texts), _label("count", texts), _label("mean", texts))]
        rows += [
            (province(each, texts, most=len(each.provinces)), each.number, round(each.mean, 1))
            for each in found.provinces
        ]
    has_options = found.kind is not QuestionKind.TEXT and not found.is_hidden
    columns = (_label("count", texts), _label("share", texts)) if has_options else ()
    name = _label("question", texts, number=found.position)
    return Table(name, (found.text, *columns), rows, (60, 14, 14), wrapped=(1,))


def _figures(found: QuestionResult, texts: Texts) -> list[Row]:
    if found.is_hidden:
        return [(_label("answers", texts), _label("hidden", texts, count=SMALLEST))]
    rows: list[Row] = [(_label("answers", texts), found.answered)]
    if found.mean is not None:
        rows.append((_label("mean", texts), round(found.mean, 2)))
    if found.good_share is not None:
        rows.append((_label("good", texts), _hundredths(found.good_share)))
    if found.nps is not None:
        rows.append((_label("nps", texts), found.nps))
    return rows


def _comments(result: PollResult, texts: Texts) -> Table:
    rows = [(each,) for each in result.comments]
    return Table(_label("comments", texts), (_label("comment", texts),), rows, (80,), wrapped=(1,))


def _words(report: PollReport, texts: Texts) -> Table:
    head = (_label("word", texts), _label("in_comments", texts))
    return Table(_label("words", texts), head, report.words, (34, 34))


def _trend(report: PollReport, texts: Texts) -> Table:
    rows: list[Row] = [
        (
            day_of(each.starts_at, texts),
            each.title,
            each.answered,
            _label("hidden", texts, count=SMALLEST) if each.mean is None else round(each.mean, 2),
            _hundredths(each.good_share),
        )
        for each in report.trend
    ]
    head = tuple(_label(key, texts) for key in ("date", "session", "answered", "mean", "good"))
    return Table(_label("trend", texts), head, rows, (20, 60, 12, 16, 16), wrapped=(2,))


def _groups(result: PollResult, texts: Texts) -> Table:
    rows: list[Row] = []
    for each in result.groups:
        rows += [
            (each.title, option.label, option.number, _hundredths(option.share)) for option in each.options
        ]
        rows.append((each.title, _label("voters", texts), each.voters))
    head = tuple(_label(key, texts) for key in ("group", "option", "count", "share"))
    return Table(_label("groups", texts), head, rows, (40, 50, 12, 12), wrapped=(1, 2))


def _hundredths(share: float | None) -> str | float:
    return "" if share is None else round(100 * share, 1)


def _label(key: str, texts: Texts, **values: object) -> str:
    return texts.plain(f"polls.report.buttons.{key}", **values)
