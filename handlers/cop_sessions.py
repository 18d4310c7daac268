"""Sessions for members: /sesi, answers to invitations, the calendar file."""

from typing import assert_never

from telegram import Update

from bot import session_notices
from bot.context import BotContext
from bot.services.cop_sessions import CopSession, NoSession, Over, SessionState
from bot.services.people import Person
from bot.services.rsvps import Answered
from bot.session_buttons import (
    AnswerSession,
    ListSessions,
    OpenSession,
    SendCalendar,
    SessionList,
    ShowSession,
)
from bot.views import cop_sessions as views
from bot.views.reply import Reply


async def list_upcoming(update: Update, context: BotContext) -> None:
    """/sesi: what is still to come."""
    person = await context.asker()
    if context.is_group:
        context.reply(Reply(context.texts.html("sessions.only_private")))
    elif person is not None:
        context.reply(await _list(person, SessionList.UPCOMING, 0, context))


async def open_list(action: ListSessions, context: BotContext) -> None:
    """Go to a list, in the same message."""
    person = await context.asker()
    context.answer()
    if person is not None:
        context.edit(await _list(person, action.section, action.page, context))


async def _list(person: Person, section: SessionList, page: int, context: BotContext) -> Reply:
    sessions = context.services.cop_sessions
    if section is SessionList.PAST:
        ended = await sessions.past(context.tx, person)
        with_files = await context.services.session_materials.with_files(context.tx, ended)
        return views.past(ended, context.texts, page, with_files)
    found = await sessions.upcoming(context.tx, person)
    return views.upcoming(found, await sessions.answers(context.tx, person), context.texts, page)


async def show(action: ShowSession, context: BotContext) -> None:
    """One session in the place of the list."""
    person = await context.asker()
    context.answer()
    if person is not None:
        context.edit(await card(person, action.session_id, context))


async def open_anew(action: OpenSession, context: BotContext) -> None:
    """One session in a message of its own."""
    person = await context.asker()
    context.answer()
    if person is not None:
        context.reply(await card(person, action.session_id, context))


async def open_link(number: str, context: BotContext) -> None:
    """The deep link of a session."""
    person = await context.asker()
    if person is not None:
        session_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        context.reply(await card(person, session_id, context))


async def answer(action: AnswerSession, context: BotContext) -> None:
    """Say whether one comes; those who get a seat by it are told."""
    person = await context.asker()
    if person is None:
        context.answer()
        return
    result = await context.services.rsvps.answer(context.tx, person, action.session_id, action.answer)
    match result:
        case Answered(session, rsvp, moved_up):
            context.answer(views.noted(rsvp, context.texts))
            context.edit(await card(person, action.session_id, context))
            await session_notices.tell_of_seats(context.tx, context.services, session, moved_up)
        case Over():
            context.answer(views.too_late(result, context.texts), is_alert=True)
        case NoSession():
            context.answer(context.texts.plain("sessions.alerts.unknown"), is_alert=True)
        case _:
            assert_never(result)


async def hand_out_calendar(action: SendCalendar, context: BotContext) -> None:
    """The calendar file as the session stands now."""
    session = await context.services.cop_sessions.find(context.tx, await context.asker(), action.session_id)
    if isinstance(session, NoSession):
        context.answer(context.texts.plain("sessions.alerts.unknown"), is_alert=True)
        return
    context.answer()
    content = session_notices.calendar(session, context.services, context.bot.username)
    context.hand_over(session_notices.CALENDAR_NAME, content, views.calendar_caption(session, context.texts))


async def card(person: Person, session_id: int, context: BotContext) -> Reply:
    """The session as this person sees it."""
    session = await context.services.cop_sessions.find(context.tx, person, session_id)
    if not isinstance(session, CopSession):
        return Reply(context.texts.html("sessions.unknown"))
    rsvp = await context.services.cop_sessions.rsvp_of(context.tx, person, session_id)
    numbers = await context.services.cop_sessions.numbers(context.tx, session_id)
    left = None if session.capacity is None else max(0, session.capacity - numbers.yes)
    now = context.services.clock.now()
    has_ended = session.state == SessionState.PLANNED and session.ends_at <= now
    is_present = await context.services.attendances.is_present(context.tx, person, session_id)
    may_check_in = context.services.attendances.is_open(session) and not is_present
    return views.card(
        session,
        rsvp,
        context.texts,
        has_ended=has_ended,
        may_check_in=may_check_in,
        is_present=is_present,
        seats_left=left,
        files=await context.services.session_materials.of_session(context.tx, session_id),
    )
