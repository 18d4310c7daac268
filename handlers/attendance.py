"""Checking in, and the organiser's attendance list."""

import asyncio
from typing import assert_never

from telegram import Update

from bot.attachments import Fetched, TooBig, Unreachable
from bot.context import BotContext
from bot.services import attendance_sheet, sheets
from bot.services.attendance import ATTENDEE, CHECKIN, AddedByName, CheckinFault, Presence, Present
from bot.services.attendance_sheet import ATTENDANCE_SHEET
from bot.services.cop_sessions import CopSession, NoSession
from bot.services.form_steps import Data, Problem
from bot.services.forms import Asking, Completed, NotFilling
from bot.services.people import Person, zone_of
from bot.services.qr import qr_png
from bot.services.roles import Refusal
from bot.services.session_form import session_id_of
from bot.session_buttons import (
    AddAttendee,
    CheckIn,
    CorrectAttendance,
    ExportAttendance,
    ImportAttendance,
    ListAttendance,
    ManageAttendance,
    RemoveAttendee,
    RenewCode,
    SendQr,
)
from bot.texts import escape
from bot.views import attendance as views
from bot.views import forms as form_views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import directory, forms


async def open_link(payload: str, context: BotContext) -> None:
    """The link on the slide: session and code."""
    number, _, code = payload.partition("_")
    session_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    await _check_in(session_id, code, Presence.LINK, context)


async def begin(action: CheckIn, context: BotContext) -> None:
    """Ask for the code."""
    person = await context.asker()
    session = await context.services.cop_sessions.find(context.tx, person, action.session_id)
    if not isinstance(session, CopSession):
        context.answer(context.texts.plain("sessions.alerts.unknown"), is_alert=True)
        return
    closed = context.services.attendances.closed(session)
    if closed is not None:
        context.answer(context.texts.plain(f"attendance.faults.{closed.value}"), is_alert=True)
        return
    context.answer()
    if person is not None:
        await forms.begin(person, CHECKIN.kind, context, {"session_id": action.session_id})


async def take_code(data: Data, context: BotContext) -> None:
    """The code was typed."""
    await _check_in(session_id_of(data), str(data["code"]), Presence.CODE, context)


async def _check_in(session_id: int, code: str, how: Presence, context: BotContext) -> None:
    person = await context.asker()
    if person is None:
        return
    result = await context.services.attendances.check_in(context.tx, person, session_id, code, how)
    match result:
        case Present():
            context.reply(views.checked_in(result, context.texts, has_name=bool(person.full_name)))
        case CheckinFault():
            context.reply(views.checkin_fault(result, session_id, context.texts))
        case NoSession():
            context.reply(Reply(context.texts.html("sessions.unknown")))
        case _:
            assert_never(result)


async def manage(action: ManageAttendance, context: BotContext) -> None:
    """The organiser's side of it."""
    await _show(action.session_id, context, is_new_code=False)


async def renew(action: RenewCode, context: BotContext) -> None:
    """Another code from here on."""
    await _show(action.session_id, context, is_new_code=True)


async def _show(session_id: int, context: BotContext, *, is_new_code: bool) -> None:
    person, attendances = await context.asker(), context.services.attendances
    session = await attendances.with_code(context.tx, person, session_id, is_new=is_new_code)
    if not isinstance(session, CopSession):
        _refuse(session, context)
        return
    listed = await attendances.listing(context.tx, person, session_id)
    if not isinstance(listed, list):
        _refuse(listed, context)
        return
    context.answer(context.texts.plain("attendance.alerts.renewed") if is_new_code else "")
    nameless = await attendances.nameless(context.tx, session_id)
    context.edit(views.overview(session, listed, nameless, context.texts))


async def hand_out_qr(action: SendQr, context: BotContext) -> None:
    """The picture for the slide."""
    person = await context.asker()
    session = await context.services.attendances.with_code(context.tx, person, action.session_id)
    if not isinstance(session, CopSession):
        _refuse(session, context)
        return
    context.answer()
    picture = qr_png(views.checkin_link(session, context.bot.username))
    caption = context.texts.html("attendance.qr", title=session.title, code=session.checkin_code)
    context.hand_over("presensi.png", picture, Reply(caption))


async def list_page(action: ListAttendance, context: BotContext) -> None:
    """A page of the list."""
    await _list(action.session_id, action.page, context)


async def correct(action: CorrectAttendance, context: BotContext) -> None:
    """Put somebody on the list or take them off it."""
    changed = await context.services.attendances.correct(
        context.tx,
        await context.asker(),
        action.session_id,
        action.person_id,
        is_present=bool(action.is_present),
    )
    if isinstance(changed, bool):
        await _list(action.session_id, action.page, context)
    else:
        _refuse(changed, context)


async def begin_name(action: AddAttendee, context: BotContext) -> None:
    """Ask who else was there."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, action.session_id)
    if not isinstance(session, CopSession):
        _refuse(session, context)
    elif person is not None:
        context.answer()
        await forms.begin_anew(person, ATTENDEE.kind, context, {"session_id": action.session_id})


async def keep_name(data: Data, context: BotContext) -> None:
    """A name was written: it stands on the list."""
    added = await context.services.attendances.add_by_name(
        context.tx, await context.asker(), session_id_of(data), str(data["name"])
    )
    if isinstance(added, AddedByName):
        context.reply(views.added_by_name(added, context.texts))
    else:
        context.reply(Reply(escape(_why(added, context))))


async def remove_name(action: RemoveAttendee, context: BotContext) -> None:
    """Take somebody off who stands there by name."""
    removed = await context.services.attendances.remove_by_name(
        context.tx, await context.asker(), action.session_id, action.attendance_id
    )
    if isinstance(removed, bool):
        await _list(action.session_id, action.page, context)
    else:
        _refuse(removed, context)


async def _list(session_id: int, page: int, context: BotContext) -> None:
    listed = await context.services.attendances.listing(context.tx, await context.asker(), session_id)
    if isinstance(listed, list):
        context.answer()
        context.edit(views.listing(session_id, listed, page, context.texts))
    else:
        _refuse(listed, context)


async def export(action: ExportAttendance, context: BotContext) -> None:
    """The list as a spreadsheet."""
    person, attendances = await context.asker(), context.services.attendances
    listed = await attendances.hand_out(context.tx, person, action.session_id)
    if not isinstance(listed, list):
        _refuse(listed, context)
        return
    context.answer()
    nameless = await attendances.nameless(context.tx, action.session_id)
    table = views.sheet(listed, nameless, zone_of(person), context.texts)
    context.hand_over(
        "daftar-hadir.xlsx", sheets.write(table), Reply(context.texts.html("attendance.exported"))
    )


async def begin_import(action: ImportAttendance, context: BotContext) -> None:
    """Ask for the sheet of the meeting service."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, action.session_id)
    if not isinstance(session, CopSession):
        _refuse(session, context)
    elif person is not None:
        context.answer()
        await forms.begin(person, ATTENDANCE_SHEET.kind, context, {"session_id": action.session_id})


async def receive(update: Update, context: BotContext) -> None:
    """A sheet in private: of attendance for whoever was asked for one, otherwise of the directory."""
    person = await context.asker()
    waits = person is not None and await context.services.forms.is_at(
        context.tx, person, ATTENDANCE_SHEET.kind, "file"
    )
    if person is None or not waits:
        await directory.receive(update, context)
        return
    match context.attachment:
        case Fetched(name, content):
            await _take_sheet(person, name, content, context)
        case TooBig():
            context.reply(Reply(context.texts.html("directory.too_big")))
        case Unreachable() | None:
            context.reply(Reply(context.texts.html("directory.unreachable")))
        case _:
            assert_never(context.attachment)


async def _take_sheet(person: Person, name: str, content: bytes, context: BotContext) -> None:
    all_forms = context.services.forms
    try:
        written = attendance_sheet.names_on(sheets.read(name, content))
    except sheets.Unreadable:
        context.reply(Reply(context.texts.html("directory.unreadable")))
        return
    found: Asking | Completed | NotFilling
    if not written:
        found = await all_forms.in_front(context.tx, person, Problem("attendance.no_names"))
    else:
        named = await context.services.attendances.names(context.tx)
        people = {each.id: each.full_name for each in named if each.id is not None and each.full_name}
        # A second for the largest sheets, in which others are to be answered.
        matched = await asyncio.to_thread(attendance_sheet.match, written, people)
        found = await all_forms.give(
            context.tx, person, ATTENDANCE_SHEET.kind, attendance_sheet.to_ask(matched, people)
        )
    if isinstance(found, Asking):
        context.reply(form_views.step(found, context.texts))


async def keep_sheet(data: Data, context: BotContext) -> None:
    """The names are settled: they are put on the list."""
    session_id = session_id_of(data)
    added = await context.services.attendances.add_all(
        context.tx, await context.asker(), session_id, attendance_sheet.chosen(data)
    )
    if isinstance(added, int):
        context.edit(views.imported(added, session_id, context.texts))
    else:
        context.edit(Reply(escape(_why(added, context))))


def _refuse(refused: Refusal | NoSession, context: BotContext) -> None:
    context.answer(_why(refused, context), is_alert=True)


def _why(refused: Refusal | NoSession, context: BotContext) -> str:
    if isinstance(refused, Refusal):
        return role_views.refusal(refused, context.texts)
    return context.texts.plain("sessions.alerts.unknown")
