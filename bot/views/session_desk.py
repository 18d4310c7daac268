"""Sessions on the organiser's desk (/kelola)."""

from collections.abc import Sequence
from datetime import datetime

from bot.clock import Zone
from bot.desk_buttons import DeskSection, OpenDesk
from bot.poll_buttons import ManagePoll
from bot.services.cop_sessions import CopSession, Moved, Numbers, SessionState
from bot.services.provinces import PROVINCES
from bot.services.session_form import FIELDS
from bot.session_buttons import (
    AnnounceSession,
    CancelSession,
    CopySession,
    EditSession,
    ExportParticipation,
    ListManaged,
    ManageAttendance,
    ManageMaterial,
    ManageSession,
    MoveSession,
    PlanSession,
    RepeatSession,
    ShareSession,
    ToWhom,
)
from bot.texts import Texts, escape
from bot.views import clocks, cop_sessions
from bot.views.reply import Button, Press, Reply, cut


def listing(sessions: Sequence[CopSession], now: datetime, zone: Zone, texts: Texts, page: int = 0) -> Reply:
    """A page of those that the organiser manages: to come first, then what ended."""
    rows: list[tuple[Button, ...]] = [(Press(texts.plain("sessions.buttons.plan"), PlanSession()),)]
    lines = [texts.html("sessions.desk") if sessions else texts.html("sessions.desk_empty")]
    for number, session in cop_sessions.page_of(sessions, page):
        assert session.id is not None
        state = _state(session, now, texts)
        clock = escape(clocks.one_clock(session.starts_at, None, zone, texts))
        lines.append(f"{number}. <b>{escape(session.title)}</b>\n{clock}{state}")
        rows.append((Press(cut(f"{number}. {session.title}", 40), ManageSession(session.id)),))
    rows.extend(cop_sessions.turning(len(sessions), page, ListManaged, texts))
    rows.append((Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.OVERVIEW)),))
    return Reply("\n\n".join(lines), tuple(rows))


def card(session: CopSession, numbers: Numbers, now: datetime, texts: Texts) -> Reply:
    """One of them: who comes, and everything that can be done."""
    assert session.id is not None
    where = PROVINCES[session.province_code].name if session.province_code else None
    blocks = [
        cop_sessions.facts(session, texts) + _state(session, now, texts),
        texts.html("sessions.for_province", province=where) if where else texts.html("sessions.for_all"),
        texts.html(
            "sessions.numbers",
            yes=texts.number(numbers.yes),
            maybe=texts.number(numbers.maybe),
            no=texts.number(numbers.no),
            waiting=texts.number(numbers.waiting),
            seats=texts.number(session.capacity)
            if session.capacity
            else texts.plain("sessions.buttons.no_limit"),
        ),
    ]
    repeat = Press(texts.plain("sessions.buttons.repeat"), RepeatSession(session.id))
    copy = Press(texts.plain("sessions.buttons.copy"), CopySession(session.id))
    edit = Press(texts.plain("sessions.buttons.edit"), EditSession(session.id, ""))
    share = Press(texts.plain("sessions.buttons.share"), ShareSession(session.id))
    back = Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.SESSIONS))
    if session.state == SessionState.CANCELLED:
        return Reply("\n\n".join(blocks), ((copy,), (back,)))
    attendance = Press(texts.plain("sessions.buttons.attendance"), ManageAttendance(session.id))
    poll = Press(texts.plain("sessions.buttons.poll"), ManagePoll(session.id))
    write = Press(texts.plain("sessions.buttons.write"), AnnounceSession(session.id, ToWhom.PARTICIPANTS))
    material = Press(texts.plain("sessions.buttons.material"), ManageMaterial(session.id))
    proof = Press(texts.plain("sessions.buttons.participation"), ExportParticipation(session.id))
    rows: list[tuple[Button, ...]] = [(write,), (poll, material), (edit, copy), (attendance, proof)]
    if session.ends_at > now:
        move = Press(texts.plain("sessions.buttons.move"), MoveSession(session.id))
        cancel = Press(texts.plain("sessions.buttons.cancel"), CancelSession(session.id, 0))
        announce = _announce(session.id, texts)
        rows = [
            (announce, write),
            (poll, material),
            (edit, move),
            (copy, repeat),
            (attendance, proof),
            (share,),
            (cancel,),
        ]
    return Reply("\n\n".join(blocks), (*rows, (back,)))


def planned(session: CopSession, texts: Texts, bot: str) -> Reply:
    """Afterwards: it stands, and how it is made known."""
    assert session.id is not None
    text = texts.html("sessions.planned", title=session.title, when=cop_sessions.three_clocks(session, texts))
    return Reply(
        text,
        (
            (_announce(session.id, texts),),
            (Press(texts.plain("sessions.buttons.manage"), ManageSession(session.id)),),
            (Press(texts.plain("sessions.buttons.share"), ShareSession(session.id)),),
        ),
    )


def repeated(sessions: Sequence[CopSession], texts: Texts) -> Reply:
    """Afterwards: so many more."""
    back = (Press(texts.plain("desk.buttons.back"), OpenDesk(DeskSection.SESSIONS)),)
    text = texts.html("sessions.repeated", title=sessions[0].title, count=texts.number(len(sessions)))
    return Reply(text, (back,))


def fields(session: CopSession, texts: Texts) -> Reply:
    """Which detail is to be changed."""
    assert session.id is not None
    buttons = [
        Press(texts.plain(f"sessions.buttons.field_{field}"), EditSession(session.id, field))
        for field in FIELDS
    ]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    back = (Press(texts.plain("desk.buttons.back"), ManageSession(session.id)),)
    return Reply(texts.html("sessions.which_field", title=session.title), (*rows, back))


def moved(found: Moved, told: int, texts: Texts) -> Reply:
    """Afterwards: the new time, and how many hear of it."""
    return _afterwards(
        found.session,
        texts.html(
            "sessions.moved",
            title=found.session.title,
            when=cop_sessions.three_clocks(found.session, texts),
            count=texts.number(told),
        ),
        texts,
    )


def sure_to_cancel(session: CopSession, concerned: int, texts: Texts) -> Reply:
    """Ask before it is cancelled, with the number of people on the button."""
    assert session.id is not None
    count = texts.number(concerned)
    yes = Press(texts.plain("sessions.buttons.cancel_now", count=count), CancelSession(session.id, 1))
    back = Press(texts.plain("sessions.buttons.keep"), ManageSession(session.id))
    text = texts.html(
        "sessions.sure_to_cancel",
        title=session.title,
        when=cop_sessions.three_clocks(session, texts),
        count=count,
    )
    return Reply(text, ((yes,), (back,)))


def cancelled(session: CopSession, told: int, texts: Texts) -> Reply:
    """Afterwards."""
    return _afterwards(
        session, texts.html("sessions.cancelled", title=session.title, count=texts.number(told)), texts
    )


def skipped(session: CopSession, kinds: Sequence[str], texts: Texts) -> Reply:
    """The organiser hears that reminders would have come too late."""
    names = ", ".join(texts.plain(f"sessions.buttons.reminder_{kind}") for kind in kinds)
    return Reply(texts.html("sessions.skipped", title=session.title, names=names))


def _afterwards(session: CopSession, text: str, texts: Texts) -> Reply:
    assert session.id is not None
    return Reply(text, ((Press(texts.plain("sessions.buttons.manage"), ManageSession(session.id)),),))


def _announce(session_id: int, texts: Texts) -> Press:
    return Press(texts.plain("sessions.buttons.announce"), AnnounceSession(session_id, ToWhom.EVERYBODY))


def _state(session: CopSession, now: datetime, texts: Texts) -> str:
    if session.state == SessionState.CANCELLED:
        return "\n" + texts.html("sessions.is_cancelled")
    return "\n" + texts.html("sessions.has_ended") if session.ends_at <= now else ""
