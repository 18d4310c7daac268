"""Sessions as members see them: lists, one session, and its text for forwarding."""

from collections.abc import Callable, Collection, Mapping, Sequence

from bot.buttons import Action
from bot.services.cop_sessions import CopSession, Over, SessionState, has_seat
from bot.services.deep_links import deep_link
from bot.services.rsvps import Answer, Rsvp
from bot.services.session_materials import SessionMaterial
from bot.session_buttons import (
    AnswerSession,
    CheckIn,
    ListSessions,
    SendCalendar,
    SessionList,
    ShowSession,
)
from bot.texts import Texts, escape
from bot.views import clocks
from bot.views.certificates import to_certificate
from bot.views.reply import Button, Press, Reply, cut
from bot.views.session_materials import to_fetch

SESSION_PREFIX = "s_"  # what a deep link to a session begins with, before our id of it
A_PAGE = 8  # with long titles and three clocks each, what a message holds
LONGEST_SHARED = 1000  # what may be forwarded to WhatsApp at once


def upcoming(
    sessions: Sequence[CopSession], answers: Mapping[int, Rsvp], texts: Texts, page: int = 0
) -> Reply:
    """A page of what is still to come, in the reader's own time, with what they said to it."""
    past = (Press(texts.plain("sessions.buttons.past"), ListSessions(SessionList.PAST)),)
    if not sessions:
        return Reply(texts.html("sessions.none"), (past,))
    blocks = [texts.html("sessions.upcoming")]
    shown = page_of(sessions, page)
    for number, session in shown:
        assert session.id is not None
        lines = [f"{number}. <b>{escape(session.title)}</b>", when(session, texts)]
        if session.id in answers:
            lines.append(answer_line(answers[session.id], texts))
        blocks.append("\n".join(lines))
    buttons = tuple((_to(session, number),) for number, session in shown)
    turns = turning(len(sessions), page, lambda other: ListSessions(SessionList.UPCOMING, other), texts)
    return Reply("\n\n".join(blocks), (*buttons, *turns, past))


def past(
    sessions: Sequence[CopSession], texts: Texts, page: int = 0, with_files: Collection[int] = ()
) -> Reply:
    """A page of the latest that ended; those with material say so, `with_files` being the ids of those with files."""
    back = (Press(texts.plain("sessions.buttons.back"), ListSessions(SessionList.UPCOMING)),)
    if not sessions:
        return Reply(texts.html("sessions.no_past"), (back,))
    blocks = [texts.html("sessions.past")]
    shown = page_of(sessions, page)
    for number, session in shown:
        has_material = session.material or session.id in with_files
        key = "sessions.with_material" if has_material else "sessions.without_material"
        blocks.append(f"{number}. <b>{escape(session.title)}</b>\n{when(session, texts)}\n{texts.html(key)}")
    buttons = tuple((_to(session, number),) for number, session in shown)
    turns = turning(len(sessions), page, lambda other: ListSessions(SessionList.PAST, other), texts)
    return Reply("\n\n".join(blocks), (*buttons, *turns, back))


def page_of(sessions: Sequence[CopSession], page: int) -> list[tuple[int, CopSession]]:
    """The sessions of a page with their numbers; the first one's where there is no such page."""
    start = page * A_PAGE if page * A_PAGE < len(sessions) else 0
    return list(enumerate(sessions[start : start + A_PAGE], start=start + 1))


def turning(
    count: int, page: int, to: Callable[[int], Action], texts: Texts
) -> tuple[tuple[Button, ...], ...]:
    """The row of buttons to the pages beside, where there are any."""
    found: list[Button] = []
    if page > 0:
        found.append(Press(texts.plain("topics.buttons.previous"), to(page - 1)))
    if (page + 1) * A_PAGE < count:
        found.append(Press(texts.plain("topics.buttons.next"), to(page + 1)))
    return (tuple(found),) if found else ()


def card(
    session: CopSession,
    rsvp: Rsvp | None,
    texts: Texts,
    *,
    has_ended: bool,
    may_check_in: bool = False,
    is_present: bool = False,
    seats_left: int | None = None,
    files: Sequence[SessionMaterial] = (),
) -> Reply:
    """One session, and what the reader can do."""
    assert session.id is not None
    text = facts(session, texts, with_link=has_seat(session, rsvp))
    back = Press(texts.plain("sessions.buttons.back"), ListSessions(SessionList.UPCOMING))
    if session.state == SessionState.CANCELLED:
        text = f"{texts.html('sessions.is_cancelled')}\n\n{text}"
        if rsvp is None:
            return Reply(text, ((back,),))
        calendar = Press(texts.plain("sessions.buttons.calendar"), SendCalendar(session.id))
        return Reply(text, ((calendar,), (back,)))
    if is_present:
        text += "\n\n" + texts.html("sessions.you_are_present")
    if has_ended:
        certificate = ((to_certificate(session.id, texts),),) if is_present else ()
        return Reply(
            f"{text}\n\n{texts.html('sessions.has_ended')}",
            (*certificate, *to_fetch(files, texts), (back,)),
        )
    if session.capacity is not None and seats_left is not None:
        text += "\n" + texts.html(
            "sessions.seats_left", left=texts.number(seats_left), all=texts.number(session.capacity)
        )
    if rsvp is not None:
        text += "\n\n" + answer_line(rsvp, texts)
    answers = tuple(
        Press(texts.plain(f"sessions.buttons.{answer.value}"), AnswerSession(session.id, answer))
        for answer in Answer
    )
    rows: list[tuple[Button, ...]] = [answers, *to_fetch(files, texts)]
    if may_check_in:
        rows.insert(0, (Press(texts.plain("sessions.buttons.check_in"), CheckIn(session.id)),))
    rows.append((Press(texts.plain("sessions.buttons.calendar"), SendCalendar(session.id)), back))
    return Reply(text, tuple(rows))


def facts(session: CopSession, texts: Texts, *, with_link: bool = True) -> str:
    """Everything that is known of it."""
    lines = [f"<b>{escape(session.title)}</b>", when(session, texts)]
    if session.place:
        lines.append(texts.html("sessions.place", place=session.place))
    if session.join_link:
        link = texts.html("sessions.link", link=session.join_link)
        lines.append(link if with_link else texts.html("sessions.link_later"))
    for key in ("speakers", "theme", "material"):
        value = getattr(session, key)
        if value:
            lines.append(f"{texts.html(f'forms.session.labels.{key}')}: {escape(value)}")
    return "\n".join(lines)


def when(session: CopSession, texts: Texts) -> str:
    """When it is, by the reader's own clock."""
    end = None if session.is_open_ended else session.ends_at
    return clocks.own_clock(session.starts_at, end, texts, is_open_ended=session.is_open_ended)


def three_clocks(session: CopSession, texts: Texts) -> str:
    """The same in plain text, for all three zones."""
    end = None if session.is_open_ended else session.ends_at
    return clocks.three_clocks(session.starts_at, end, texts, is_open_ended=session.is_open_ended)


def answer_line(rsvp: Rsvp, texts: Texts) -> str:
    """What the reader said."""
    key = "waiting" if rsvp.waiting_since is not None else rsvp.answer
    return texts.html(f"sessions.answers.{key}")


def noted(rsvp: Rsvp, texts: Texts) -> str:
    """What stands above the buttons right after a press."""
    key = "waiting" if rsvp.waiting_since is not None else rsvp.answer
    return texts.plain(f"sessions.alerts.{key}")


def over(why: Over, texts: Texts) -> str:
    """Why nothing was done, as an alert."""
    return texts.plain(f"sessions.alerts.over_{why.value}")


def too_late(why: Over, texts: Texts) -> str:
    """Why an answer does not count any more, as an alert."""
    return texts.plain(f"sessions.alerts.answer_{why.value}") if why is Over.ENDED else over(why, texts)


def seat_found(session: CopSession, texts: Texts) -> Reply:
    """Somebody who waited has a seat now."""
    assert session.id is not None
    button = Press(texts.plain("sessions.buttons.open"), ShowSession(session.id))
    return Reply(texts.html("sessions.seat_found") + "\n\n" + facts(session, texts), ((button,),))


def shared(session: CopSession, texts: Texts, bot: str) -> str:
    """Plain text for other messengers, at most 1,000 characters, with the three clocks and a link to here."""
    link = link_to(session, bot)
    tail = [three_clocks(session, texts)]
    if session.place:
        tail.append(texts.plain("sessions.buttons.shared_place", place=session.place))
    tail.append(texts.plain("sessions.buttons.shared_link", link=link))
    middle = [
        f"{texts.plain(f'forms.session.labels.{key}')}: {value}"
        for key in ("speakers", "theme")
        if (value := getattr(session, key))
    ]
    room = LONGEST_SHARED - len("\n".join([session.title, *tail])) - 2
    kept = cut("\n".join(middle), max(room, 1)) if middle else ""
    return "\n".join(filter(None, [session.title, tail[0], kept, *tail[1:]]))


def link_to(session: CopSession, bot: str) -> str:
    """The address that opens the session here."""
    return deep_link(bot, f"{SESSION_PREFIX}{session.id}")


def calendar_caption(session: CopSession, texts: Texts) -> Reply:
    """What stands under the calendar file."""
    if session.state == SessionState.CANCELLED:
        return Reply(texts.html("sessions.calendar_cancelled", title=session.title))
    key = "sessions.calendar_update" if session.sequence else "sessions.calendar"
    return Reply(texts.html(key, title=session.title))


def _to(session: CopSession, number: int) -> Press:
    assert session.id is not None
    return Press(cut(f"{number}. {session.title}", 40), ShowSession(session.id))
