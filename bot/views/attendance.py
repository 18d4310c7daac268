"""Being there: what a member reads who checks in, and the organiser's list."""

from collections.abc import Sequence

from bot.buttons import FillIn
from bot.clock import Zone
from bot.services.attendance import AddedByName, CheckinFault, Listed, Present
from bot.services.attendance_sheet import NOBODY, chosen, doubt_number, texts_of
from bot.services.cop_sessions import CopSession
from bot.services.deep_links import deep_link
from bot.services.form_steps import Choice, Data
from bot.services.people import Person
from bot.services.provinces import PROVINCES
from bot.services.rsvps import Answer
from bot.services.sheets import Table
from bot.session_buttons import (
    AddAttendee,
    CheckIn,
    CorrectAttendance,
    ExportAttendance,
    ImportAttendance,
    ListAttendance,
    ManageAttendance,
    ManageSession,
    OpenSession,
    RemoveAttendee,
    RenewCode,
    SendQr,
)
from bot.texts import Texts, escape
from bot.views.form_words import FormWords
from bot.views.reply import Button, Press, Reply, cut
from bot.views.roles import person_name

CHECKIN_PREFIX = "c_"  # what the link on a slide begins with, before session and code
A_PAGE = 8
MOST_UNKNOWN_SHOWN = 15


def checkin_link(session: CopSession, bot: str) -> str:
    """What the picture on the slide holds."""
    return deep_link(bot, f"{CHECKIN_PREFIX}{session.id}_{session.checkin_code}")


def checked_in(found: Present, texts: Texts, *, has_name: bool) -> Reply:
    """They are on the list; whoever has not given a name is asked for the one that is to stand there."""
    key = "attendance.present" if found.is_new else "attendance.present_already"
    assert found.session.id is not None
    button = Press(texts.plain("sessions.buttons.open"), OpenSession(found.session.id))
    text = texts.html(key, title=found.session.title)
    if has_name:
        return Reply(text, ((button,),))
    name = Press(texts.plain("attendance.buttons.name"), FillIn("full_name"))
    return Reply(text + "\n\n" + texts.html("attendance.nameless"), ((name,), (button,)))


def checkin_fault(fault: CheckinFault, session_id: int, texts: Texts) -> Reply:
    """Why not, and what to do."""
    text = texts.html(f"attendance.faults.{fault.value}")
    if fault in (CheckinFault.WRONG_CODE, CheckinFault.OLD_CODE):
        return Reply(text, ((Press(texts.plain("attendance.buttons.again"), CheckIn(session_id)),),))
    return Reply(text)


def overview(session: CopSession, listed: Sequence[Listed], nameless: int, texts: Texts) -> Reply:
    """The organiser's side: the code, how many are there, and what can be done."""
    assert session.id is not None
    present = sum(each.attendance is not None for each in listed) + nameless
    expected = sum(each.rsvp is not None and each.rsvp.answer == Answer.YES for each in listed)
    text = texts.html(
        "attendance.overview",
        title=session.title,
        code=session.checkin_code,
        present=texts.number(present),
        expected=texts.number(expected),
    )
    session_id = session.id
    rows: tuple[tuple[Button, ...], ...] = (
        (
            Press(texts.plain("attendance.buttons.qr"), SendQr(session_id)),
            Press(texts.plain("attendance.buttons.renew"), RenewCode(session_id)),
        ),
        (
            Press(texts.plain("attendance.buttons.list"), ListAttendance(session_id, 0)),
            Press(texts.plain("attendance.buttons.export"), ExportAttendance(session_id)),
        ),
        (Press(texts.plain("attendance.buttons.import"), ImportAttendance(session_id)),),
        (Press(texts.plain("attendance.buttons.by_name"), AddAttendee(session_id)),),
        (Press(texts.plain("desk.buttons.back"), ManageSession(session_id)),),
    )
    return Reply(text, rows)


def listing(session_id: int, listed: Sequence[Listed], page: int, texts: Texts) -> Reply:
    """Whoever was there or was expected; a press puts somebody on the list or takes them off."""
    pages = max(1, -(-len(listed) // A_PAGE))
    page = min(page, pages - 1)
    shown = listed[page * A_PAGE : (page + 1) * A_PAGE]
    lines = [texts.html("attendance.list" if listed else "attendance.list_empty")]
    rows: list[tuple[Button, ...]] = []
    for number, each in enumerate(shown, start=page * A_PAGE + 1):
        name = _name(each, texts)
        state = "there" if each.attendance is not None else "not_there"
        lines.append(f"{number}. {escape(name)}: {texts.html(f'attendance.{state}')}")
        act = "remove" if each.attendance is not None else "add"
        label = texts.plain(f"attendance.buttons.{act}", name=f"{number}. {cut(name, 24)}")
        rows.append((Press(label, _turn_round(session_id, each, page)),))
    turns: list[Button] = []
    if page > 0:
        turns.append(Press(texts.plain("topics.buttons.previous"), ListAttendance(session_id, page - 1)))
    if page + 1 < pages:
        turns.append(Press(texts.plain("topics.buttons.next"), ListAttendance(session_id, page + 1)))
    if turns:
        rows.append(tuple(turns))
    rows.append((Press(texts.plain("attendance.buttons.by_name"), AddAttendee(session_id)),))
    rows.append((Press(texts.plain("desk.buttons.back"), ManageAttendance(session_id)),))
    return Reply("\n".join(lines), tuple(rows))


def _name(listed: Listed, texts: Texts) -> str:
    if listed.person is not None:
        return person_name(listed.person, texts)
    return (listed.attendance.name if listed.attendance is not None else None) or ""


def _turn_round(session_id: int, listed: Listed, page: int) -> CorrectAttendance | RemoveAttendee:
    """Off the list, or onto it."""
    there = listed.attendance
    if listed.person is None:
        return RemoveAttendee(session_id, (there.id if there is not None else None) or 0, page)
    return CorrectAttendance(session_id, listed.person.id or 0, int(there is None), page)


def added_by_name(found: AddedByName, texts: Texts) -> Reply:
    """Who stands on the list now, and the next name."""
    assert found.session.id is not None
    key = "already_there" if not found.is_new else "added_by_name" if found.person is None else "added_member"
    name = found.name if found.person is None else person_name(found.person, texts)
    buttons = (
        Press(texts.plain("attendance.buttons.another"), AddAttendee(found.session.id)),
        Press(texts.plain("attendance.buttons.list"), ListAttendance(found.session.id, 0)),
    )
    return Reply(texts.html(f"attendance.{key}", name=name), (buttons,))


def sheet(listed: Sequence[Listed], nameless: int, zone: Zone, texts: Texts) -> Table:
    """The list as a spreadsheet."""
    columns = ("name", "unit", "position", "nip", "province", "answer", "present", "how", "at")
    rows: list[tuple[str, ...]] = []
    for each in listed:
        person, there = each.person, each.attendance
        rows.append(
            (
                _name(each, texts),
                *(_of_office(person) if person is not None else ("", "", "", "")),
                texts.plain(f"sessions.buttons.{each.rsvp.answer}") if each.rsvp is not None else "",
                texts.plain("attendance.sheet.buttons.yes" if there else "attendance.sheet.buttons.no"),
                texts.plain(f"attendance.sheet.buttons.{there.how}") if there is not None else "",
                there.at.astimezone(zone.info).strftime("%Y-%m-%d %H:%M ") + zone.name if there else "",
            )
        )
    if nameless:
        rows.append((texts.plain("attendance.sheet.buttons.nameless", count=nameless),))
    head = tuple(texts.plain(f"attendance.sheet.buttons.column_{column}") for column in columns)
    title = texts.plain("attendance.sheet.buttons.title")
    return Table(title, head, rows, (34, 34, 26, 22, 22, 12, 10, 16, 22))


def _of_office(person: Person) -> tuple[str, str, str, str]:
    province = PROVINCES[person.province_code].name if person.province_code else ""
    return person.unit or "", person.position or "", person.nip or "", province


def imported(added: int, session_id: int, texts: Texts) -> Reply:
    """Afterwards."""
    back = (Press(texts.plain("desk.buttons.back"), ManageAttendance(session_id)),)
    return Reply(texts.html("attendance.imported", count=texts.number(added)), (back,))


def _prompt(key: str, data: Data, texts: Texts) -> str | None:
    if not key.startswith("doubt_"):
        return None
    return texts.html("attendance.doubt", name=texts_of(data, "doubts")[doubt_number(key)])


def _label(choice: Choice, key: str, data: Data, texts: Texts) -> str | None:
    is_nobody = key.startswith("doubt_") and choice.value == NOBODY
    return texts.plain("attendance.buttons.nobody") if is_nobody else None


def _summary(data: Data, texts: Texts) -> str:
    unknown = texts_of(data, "unknown")
    blocks = [texts.html("attendance.will_be_added", count=texts.number(len(set(chosen(data)))))]
    if unknown:
        lines = [f"• {escape(name)}" for name in unknown[:MOST_UNKNOWN_SHOWN]]
        if len(unknown) > MOST_UNKNOWN_SHOWN:
            lines.append(texts.html("attendance.more", count=texts.number(len(unknown) - MOST_UNKNOWN_SHOWN)))
        title = texts.html("attendance.unknown", count=texts.number(len(unknown)))
        blocks.append("\n".join([title, *lines]))
    return "\n\n".join(blocks)


WORDS = FormWords(_summary, prompt=_prompt, label=_label)
