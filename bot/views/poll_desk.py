"""Polls on the organiser's desk: planned, open, closed."""

from collections.abc import Sequence

from bot.clock import Zone
from bot.poll_buttons import (
    AddPollQuestion,
    ChoosePollGroup,
    ClosePoll,
    DropPoll,
    EditPoll,
    EditPollQuestion,
    ListPollGroups,
    ManagePoll,
    OpenPoll,
    OpenPollByHand,
    PutOffPoll,
    ReadComments,
    RemovePollQuestion,
    SendPollPage,
    SendPollPicture,
    SendPollQr,
    SendPollSheet,
    SetUpPoll,
    WriteChanges,
)
from bot.services.cop_sessions import CopSession
from bot.services.groups import Group
from bot.services.poll_opening import opens_at
from bot.services.poll_outcomes import Managed, PollFault
from bot.services.poll_results import (
    SMALLEST,
    GroupResult,
    OptionResult,
    PollResult,
    ProvinceResult,
    QuestionResult,
)
from bot.services.poll_templates import QuestionKind, templates
from bot.services.polls import SHIFT_MINUTES, PollQuestion, PollState
from bot.session_buttons import ManageSession
from bot.texts import Texts, escape
from bot.views.poll_words import decimal, percent, province, signed
from bot.views.polls import poll_link
from bot.views.reply import MAX_TEXT, Button, Press, Reply, cut

COMMENTS_SHOWN = 3000  # signs of comments on a page
LONGEST_COMMENT = 700  # of one of them; the whole of it stands in the spreadsheet


def choose_template(session: CopSession, texts: Texts) -> Reply:
    """No poll yet, or its questions are to be replaced: which set of questions."""
    assert session.id is not None
    blocks = [texts.html("polls.desk.choose", title=session.title)]
    rows: list[tuple[Button, ...]] = []
    for template in templates().values():
        asked = "\n".join(f"• {escape(each.text)}" for each in template.questions)
        blocks.append(f"<b>{escape(template.title)}</b>\n{asked}")
        rows.append((Press(cut(template.title), SetUpPoll(session.id, template.name)),))
    rows.append((Press(texts.plain("desk.buttons.back"), ManageSession(session.id)),))
    return Reply("\n\n".join(blocks), tuple(rows))


def planned(managed: Managed, questions: Sequence[PollQuestion], zone: Zone, texts: Texts) -> Reply:
    """What will be asked, and when."""
    poll_id = managed.poll_id
    opens = texts.html("polls.desk.by_hand")
    if not managed.poll.is_by_hand:
        moment = texts.moment(opens_at(managed.poll, managed.session), zone)
        opens = texts.html("polls.desk.opens_at", moment=moment)
    groups = len(managed.poll.group_ids)
    lines = [
        texts.html("polls.desk.head", title=managed.session.title),
        opens + "\n" + texts.html("polls.desk.asked_are"),
        _listed(questions, texts),
    ]
    if groups:
        lines.append(texts.html("polls.desk.in_groups", count=texts.number(groups)))
    clock = (
        Press(texts.plain("polls.buttons.put_off", minutes=SHIFT_MINUTES), PutOffPoll(poll_id)),
        Press(texts.plain("polls.buttons.by_hand"), OpenPollByHand(poll_id)),
    )
    return Reply(
        "\n\n".join(lines),
        (
            (Press(texts.plain("polls.buttons.open_now"), OpenPoll(poll_id, 0)),),
            clock[:1] if managed.poll.is_by_hand else clock,
            (
                Press(texts.plain("polls.buttons.edit"), EditPoll(poll_id)),
                Press(texts.plain("polls.buttons.groups"), ListPollGroups(poll_id)),
            ),
            (
                Press(texts.plain("polls.buttons.qr"), SendPollQr(poll_id)),
                Press(texts.plain("polls.buttons.drop"), DropPoll(poll_id, 0)),
            ),
            _back(managed, texts),
        ),
    )


def warning(managed: Managed, zone: Zone, texts: Texts) -> Reply:
    """Ten minutes before it opens, to its organiser."""
    moment = texts.moment(opens_at(managed.poll, managed.session), zone)
    return Reply(
        texts.html("polls.desk.warning", title=managed.session.title, moment=moment),
        (
            (
                Press(
                    texts.plain("polls.buttons.put_off", minutes=SHIFT_MINUTES), PutOffPoll(managed.poll_id)
                ),
            ),
            (Press(texts.plain("polls.buttons.show"), ManagePoll(managed.poll.session_id)),),
        ),
    )


def editing(managed: Managed, questions: Sequence[PollQuestion], texts: Texts) -> Reply:
    """Its questions, each with what can be done to it."""
    poll_id = managed.poll_id
    rows: list[tuple[Button, ...]] = [
        (
            Press(
                texts.plain("polls.buttons.change_question", number=each.position),
                EditPollQuestion(poll_id, each.position),
            ),
            Press(
                texts.plain("polls.buttons.remove_question", number=each.position),
                RemovePollQuestion(poll_id, each.position),
            ),
        )
        for each in questions
    ]
    rows.append((Press(texts.plain("polls.buttons.add_question"), AddPollQuestion(poll_id)),))
    rows.append((Press(texts.plain("polls.buttons.other_template"), SetUpPoll(managed.poll.session_id, "")),))
    rows.append((Press(texts.plain("desk.buttons.back"), ManagePoll(managed.poll.session_id)),))
    head = texts.html("polls.desk.edit", title=managed.session.title)
    return Reply(f"{head}\n\n{_listed(questions, texts, with_options=True)}", tuple(rows))


def groups(managed: Managed, offered: Sequence[Group], texts: Texts) -> Reply:
    """Which groups get an anonymous poll as well."""
    chosen = set(managed.poll.group_ids)
    rows: list[tuple[Button, ...]] = []
    lines = [texts.html("polls.desk.groups" if offered else "polls.desk.no_groups")]
    for group in offered:
        assert group.id is not None
        is_chosen = group.id in chosen
        key = "group_in" if is_chosen else "group_out"
        lines.append(texts.html(f"polls.desk.{key}", title=group.title))
        label = texts.plain(f"polls.buttons.{'leave' if is_chosen else 'take'}_group", title=group.title)
        rows.append((Press(cut(label), ChoosePollGroup(managed.poll_id, group.id, int(not is_chosen))),))
    rows.append((Press(texts.plain("desk.buttons.back"), ManagePoll(managed.poll.session_id)),))
    return Reply("\n".join(lines), tuple(rows))


def sure_to_open(managed: Managed, texts: Texts) -> Reply:
    """Ask before people are asked."""
    yes = Press(texts.plain("polls.buttons.open_sure"), OpenPoll(managed.poll_id, 1))
    return _sure(managed, texts.html("polls.desk.sure_to_open", title=managed.session.title), yes, texts)


def sure_to_close(managed: Managed, texts: Texts) -> Reply:
    """Ask before it is over."""
    yes = Press(texts.plain("polls.buttons.close_sure"), ClosePoll(managed.poll_id, 1))
    return _sure(managed, texts.html("polls.desk.sure_to_close", title=managed.session.title), yes, texts)


def sure_to_drop(managed: Managed, texts: Texts) -> Reply:
    """Ask before the questions are gone."""
    yes = Press(texts.plain("polls.buttons.drop_sure"), DropPoll(managed.poll_id, 1))
    return _sure(managed, texts.html("polls.desk.sure_to_drop", title=managed.session.title), yes, texts)


def _sure(managed: Managed, text: str, yes: Press, texts: Texts) -> Reply:
    no = Press(texts.plain("polls.buttons.no"), ManagePoll(managed.poll.session_id))
    return Reply(text, ((yes,), (no,)))


def qr_caption(managed: Managed, bot: str, texts: Texts) -> Reply:
    """Below the picture for the last slide."""
    link = poll_link(managed.poll, bot)
    return Reply(texts.html("polls.desk.qr", title=managed.session.title, link=link))


def results(managed: Managed, result: PollResult, zone: Zone, texts: Texts) -> Reply:
    """How it stands, with the numbers that may be shown."""
    blocks = [_head(result, zone, texts)]
    blocks += [_question(each, texts) for each in result.questions]
    blocks += [_group(each, texts) for each in result.groups]
    if result.state is PollState.CLOSED:
        blocks.append(texts.html("polls.desk.comments", count=texts.number(len(result.comments))))
    rows: list[tuple[Button, ...]] = []
    if result.state is PollState.OPEN:
        refresh = Press(texts.plain("polls.buttons.refresh"), ManagePoll(result.session_id))
        rows.append((refresh, Press(texts.plain("polls.buttons.qr"), SendPollQr(managed.poll_id))))
        rows.append((Press(texts.plain("polls.buttons.close_now"), ClosePoll(managed.poll_id, 0)),))
    elif result.comments:
        rows.append((Press(texts.plain("polls.buttons.comments"), ReadComments(managed.poll_id, 0)),))
    rows += _reports(managed, result, texts)
    return Reply(_fitting(blocks, texts), (*rows, _back(managed, texts)))


def _reports(managed: Managed, result: PollResult, texts: Texts) -> list[tuple[Button, ...]]:
    """What can be handed on: a picture at any time, the rest once nothing changes any more."""
    picture = Press(texts.plain("polls.report.buttons.picture"), SendPollPicture(managed.poll_id))
    if result.state is not PollState.CLOSED:
        return [(picture,)]
    sheet = Press(texts.plain("polls.report.buttons.sheet"), SendPollSheet(managed.poll_id))
    page = Press(texts.plain("polls.report.buttons.page"), SendPollPage(managed.poll_id))
    rows: list[tuple[Button, ...]] = [(picture, sheet), (page,)]
    if managed.poll.told_at is None:
        rows.append((Press(texts.plain("polls.report.buttons.tell"), WriteChanges(managed.poll_id)),))
    return rows


def comments(managed: Managed, found: Sequence[str], page: int, texts: Texts) -> Reply:
    """A page of what people wrote, masked, in a random order and without a time."""
    pages = _pages(found)
    page = min(page, len(pages) - 1)
    turns: list[Button] = []
    if page > 0:
        turns.append(Press(texts.plain("forms.buttons.previous"), ReadComments(managed.poll_id, page - 1)))
    if page + 1 < len(pages):
        turns.append(Press(texts.plain("forms.buttons.next"), ReadComments(managed.poll_id, page + 1)))
    head = texts.html(
        "polls.desk.comments_head", title=managed.session.title, page=page + 1, pages=len(pages)
    )
    back = (Press(texts.plain("desk.buttons.back"), ManagePoll(managed.poll.session_id)),)
    return Reply("\n\n".join([head, *pages[page]]), (*([tuple(turns)] if turns else []), back))


def fault(found: PollFault, texts: Texts) -> str:
    """Why it is not done, as an alert."""
    return texts.plain(f"polls.alerts.{found.value}")


def _pages(found: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    room = COMMENTS_SHOWN
    for words in found:
        shown = f"• {escape(cut(words, LONGEST_COMMENT))}"
        if len(shown) > room and pages[-1]:
            pages.append([])
            room = COMMENTS_SHOWN
        pages[-1].append(shown)
        room -= len(shown)
    return pages


def _listed(questions: Sequence[PollQuestion], texts: Texts, *, with_options: bool = False) -> str:
    lines: list[str] = []
    for each in questions:
        kind = texts.plain(f"forms.poll_question.buttons.{each.kind}")
        lines.append(f"{each.position}. {escape(each.text)} ({escape(kind)})")
        if with_options and each.kind in (QuestionKind.SINGLE, QuestionKind.SEVERAL):
            lines.append(escape("   " + " / ".join(cut(option, 40) for option in each.options)))
    return "\n".join(lines)


def _head(result: PollResult, zone: Zone, texts: Texts) -> str:
    lines = [texts.html("polls.desk.head", title=result.title)]
    if result.state is PollState.OPEN and result.closes_at is not None:
        lines.append(texts.html("polls.desk.is_open", until=texts.moment(result.closes_at, zone)))
    else:
        lines.append(texts.html("polls.desk.is_closed"))
    rate = result.rate_of_asked
    lines.append(
        texts.html(
            "polls.desk.answered",
            answered=texts.number(result.answered),
            asked=texts.number(result.asked),
            share=percent(rate or 0),
        )
    )
    if result.rate_of_attended is not None:
        lines.append(
            texts.html(
                "polls.desk.attended",
                answered=texts.number(result.attended_answered),
                attended=texts.number(result.attended),
                share=percent(result.rate_of_attended),
            )
        )
    if result.state is PollState.OPEN:
        lines.append(texts.html("polls.desk.in_steps", count=SMALLEST))
    return "\n".join(lines)


def _question(found: QuestionResult, texts: Texts) -> str:
    lines = [f"{found.position}. <b>{escape(found.text)}</b>"]
    if found.is_hidden:
        lines.append(texts.html("polls.desk.hidden", count=SMALLEST))
        return "\n".join(lines)
    lines.append(texts.html("polls.desk.question_answered", count=texts.number(found.answered)))
    if found.mean is not None:
        most = 5 if found.kind is QuestionKind.RATING else 10
        lines.append(texts.html("polls.desk.mean", mean=decimal(found.mean, texts), most=most))
    if found.good_share is not None:
        lines.append(texts.html("polls.desk.good", share=percent(found.good_share)))
    if found.nps is not None:
        lines.append(texts.html("polls.desk.nps", nps=signed(found.nps)))
    lines += [_option(each, texts) for each in found.options]
    if len(found.provinces) > 1:
        lines.append(texts.html("polls.desk.by_province"))
        lines += [_province(each, texts) for each in found.provinces]
    return "\n".join(lines)


def _option(found: OptionResult, texts: Texts) -> str:
    return f"{escape(found.label)}: {texts.number(found.number)} ({percent(found.share)})"


def _province(found: ProvinceResult, texts: Texts) -> str:
    return texts.html(
        "polls.desk.province",
        name=province(found, texts),
        mean=decimal(found.mean, texts),
        count=texts.number(found.number),
    )


def _group(found: GroupResult, texts: Texts) -> str:
    key = "deleted" if found.was_deleted else "final" if found.is_final else "so_far"
    lines = [
        texts.html("polls.desk.group", title=found.title),
        escape(found.question),
        texts.html(f"polls.desk.group_{key}", count=texts.number(found.voters)),
        *(_option(each, texts) for each in found.options),
    ]
    return "\n".join(lines)


def _fitting(blocks: list[str], texts: Texts) -> str:
    """The blocks as long as they fit into one message; what does not fit says so."""
    whole = "\n\n".join(blocks)
    if len(whole) <= MAX_TEXT:
        return whole
    more = texts.html("polls.desk.more")
    kept: list[str] = []
    for block in blocks:
        if len("\n\n".join([*kept, block, more])) > MAX_TEXT:
            break
        kept.append(block)
    return "\n\n".join([*kept, more])


def _back(managed: Managed, texts: Texts) -> tuple[Button, ...]:
    return (Press(texts.plain("desk.buttons.back"), ManageSession(managed.poll.session_id)),)
