"""Sessions on the organiser's desk: plan, copy, change, move, cancel."""

from typing import assert_never

from bot import session_notices
from bot.context import BotContext
from bot.services import series, session_form
from bot.services.cop_sessions import CopSession, Moved, NoSession, Over
from bot.services.form_steps import Data
from bot.services.people import Person, zone_of
from bot.services.roles import Act, Refusal
from bot.services.session_form import SessionAct
from bot.session_buttons import (
    CancelSession,
    CopySession,
    EditSession,
    ListManaged,
    ManageSession,
    MoveSession,
    PlanSession,
    RepeatSession,
    ShareSession,
)
from bot.texts import escape
from bot.views import cop_sessions as member_views
from bot.views import roles as role_views
from bot.views import session_desk as views
from bot.views.reply import Reply
from handlers import forms


async def overview(person: Person | None, context: BotContext, page: int = 0) -> Reply:
    """The list, for whoever opened the desk."""
    found = await context.services.cop_sessions.within(context.tx, person)
    return views.listing(found, context.services.clock.now(), zone_of(person), context.texts, page)


async def open_page(action: ListManaged, context: BotContext) -> None:
    """Another page of the list, which is empty for those who manage nothing."""
    context.answer()
    context.edit(await overview(await context.asker(), context, action.page))


async def plan(action: PlanSession, context: BotContext) -> None:
    """Begin to plan a session."""
    person = await context.asker()
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.PLAN_SESSION)
    if isinstance(allowed, Refusal):
        context.answer(role_views.refusal(allowed, context.texts), is_alert=True)
    elif person is not None:
        context.answer()
        reach = await context.services.roles.reach(context.tx, person, Act.PLAN_SESSION)
        await forms.begin(person, session_form.SESSION.kind, context, session_form.to_plan(reach))


async def show(action: ManageSession, context: BotContext) -> None:
    """One of them."""
    session = await _managed(action.session_id, context)
    if session is not None:
        context.answer()
        context.edit(await _card(session, context))


async def copy(action: CopySession, context: BotContext) -> None:
    """Plan another like this one; only the time is asked."""
    session, person = await _managed(action.session_id, context), await context.asker()
    if session is not None and person is not None:
        context.answer()
        reach = await context.services.roles.reach(context.tx, person, Act.PLAN_SESSION)
        await forms.begin(person, session_form.SESSION.kind, context, session_form.to_plan(reach, session))


async def repeat(action: RepeatSession, context: BotContext) -> None:
    """Plan more like this one."""
    session, person = await _managed(action.session_id, context), await context.asker()
    if session is not None and person is not None:
        context.answer()
        await forms.begin(person, series.SERIES.kind, context, series.begin_with(session, zone_of(person)))


async def keep_series(data: Data, context: BotContext) -> None:
    """The form of a series is complete."""
    found = await context.services.cop_sessions.repeat(
        context.tx, await context.asker(), session_form.session_id_of(data), series.starts_of(data)
    )
    if isinstance(found, list):
        context.edit(views.repeated(found, context.texts))
    else:
        context.edit(Reply(escape(_why(found, context))))


async def edit(action: EditSession, context: BotContext) -> None:
    """Choose a detail, or begin to change it."""
    session, person = await _managed(action.session_id, context), await context.asker()
    if session is None or person is None:
        return
    context.answer()
    if action.field in session_form.FIELDS:
        data = session_form.to_edit(session, action.field)
        await forms.begin(person, session_form.SESSION.kind, context, data)
    else:
        context.edit(views.fields(session, context.texts))


async def move(action: MoveSession, context: BotContext) -> None:
    """Begin to give it another time."""
    session, person = await _changeable(action.session_id, context), await context.asker()
    if session is not None and person is not None:
        context.answer()
        concerned = await context.services.cop_sessions.concerned(context.tx, session)
        data = session_form.to_move(session, len(concerned))
        await forms.begin(person, session_form.SESSION.kind, context, data)


async def cancel(action: CancelSession, context: BotContext) -> None:
    """Ask first; then cancel it and tell those concerned."""
    session = await _changeable(action.session_id, context)
    if session is None:
        return
    if not action.is_sure:
        concerned = await context.services.cop_sessions.concerned(context.tx, session)
        context.answer()
        context.edit(views.sure_to_cancel(session, len(concerned), context.texts))
        return
    result = await context.services.cop_sessions.cancel(context.tx, await context.asker(), action.session_id)
    if isinstance(result, CopSession):
        told = await session_notices.tell_cancelled(
            context.tx, context.services, result, context.bot.username
        )
        context.answer()
        context.edit(views.cancelled(result, told, context.texts))
    else:
        context.answer(_why(result, context), is_alert=True)


async def share(action: ShareSession, context: BotContext) -> None:
    """Its text for other messengers."""
    session = await _managed(action.session_id, context)
    if session is not None:
        context.answer()
        text = member_views.shared(session, context.texts, context.bot.username)
        context.reply(Reply(escape(text)))


async def keep(data: Data, context: BotContext) -> None:
    """The form is complete: do what it was for."""
    match session_form.act_of(data):
        case SessionAct.PLAN:
            await _keep_new(data, context)
        case SessionAct.EDIT:
            await _keep_change(data, context)
        case SessionAct.MOVE:
            await _keep_move(data, context)
        case _:
            assert_never(session_form.act_of(data))


async def _keep_new(data: Data, context: BotContext) -> None:
    person = await context.asker()
    session = await context.services.cop_sessions.plan(context.tx, person, session_form.details(data))
    if isinstance(session, CopSession):
        context.edit(views.planned(session, context.texts, context.bot.username))
    else:
        context.edit(Reply(escape(_why(session, context))))


async def _keep_change(data: Data, context: BotContext) -> None:
    person, session_id = await context.asker(), session_form.session_id_of(data)
    sessions = context.services.cop_sessions
    session = await sessions.change(context.tx, person, session_id, session_form.changes(data))
    if not isinstance(session, CopSession):
        context.edit(Reply(escape(_why(session, context))))
        return
    moved_up = await context.services.rsvps.move_up(context.tx, session)
    await session_notices.tell_of_seats(context.tx, context.services, session, moved_up)
    context.edit(await _card(session, context))


async def _keep_move(data: Data, context: BotContext) -> None:
    at, session_id = session_form.times(data), session_form.session_id_of(data)
    moved = await context.services.cop_sessions.move(
        context.tx, await context.asker(), session_id, at.starts_at, at.ends_at
    )
    if isinstance(moved, Moved):
        told = await session_notices.tell_moved(context.tx, context.services, moved, context.bot.username)
        context.edit(views.moved(moved, told, context.texts))
    else:
        context.edit(Reply(escape(_why(moved, context))))


async def _managed(session_id: int, context: BotContext) -> CopSession | None:
    """The session, if the presser may manage it; otherwise the press is answered with why not."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, session_id)
    if isinstance(session, CopSession):
        return session
    context.answer(_why(session, context), is_alert=True)
    return None


async def _changeable(session_id: int, context: BotContext) -> CopSession | None:
    """The session, if the presser may still move or cancel it; otherwise the press is answered with why not."""
    session = await context.services.cop_sessions.changeable(context.tx, await context.asker(), session_id)
    if isinstance(session, CopSession):
        return session
    context.answer(_why(session, context), is_alert=True)
    return None


async def _card(session: CopSession, context: BotContext) -> Reply:
    assert session.id is not None
    numbers = await context.services.cop_sessions.numbers(context.tx, session.id)
    return views.card(session, numbers, context.services.clock.now(), context.texts)


def _why(refused: Refusal | NoSession | Over, context: BotContext) -> str:
    match refused:
        case Refusal():
            return role_views.refusal(refused, context.texts)
        case NoSession():
            return context.texts.plain("sessions.alerts.unknown")
        case Over():
            return member_views.over(refused, context.texts)
        case _:
            assert_never(refused)
