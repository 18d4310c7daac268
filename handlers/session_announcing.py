"""An announcement that is begun on a session's card: its audience, and its words where nobody writes others."""

from bot.context import BotContext
from bot.services.announcement_content import Faulty, LinkButton, Part
from bot.services.announcement_drafts import Announcement
from bot.services.announcement_outcomes import Gathering
from bot.services.audiences import Audience
from bot.services.cop_sessions import CopSession, SessionState
from bot.services.form_steps import Data
from bot.services.people import Person
from bot.services.roles import Act, Refusal
from bot.services.session_form import session_id_of
from bot.session_buttons import AnnounceSession, ToWhom
from bot.views import announcements as draft_views
from bot.views import roles as role_views
from bot.views import session_announcing as views
from bot.views.reply import Reply
from handlers import forms
from handlers.announcements import show_draft


async def begin(action: AnnounceSession, context: BotContext) -> None:
    """Ask for the message, or take what is known of the session."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, action.session_id)
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(session, Refusal) or isinstance(allowed, Refusal):
        refused = session if isinstance(session, Refusal) else allowed
        assert isinstance(refused, Refusal)
        context.answer(role_views.refusal(refused, context.texts), is_alert=True)
    elif not isinstance(session, CopSession) or session.state == SessionState.CANCELLED:
        key = "over_cancelled" if isinstance(session, CopSession) else "unknown"
        context.answer(context.texts.plain(f"sessions.alerts.{key}"), is_alert=True)
    elif person is not None:
        context.answer()
        data: Data = {"session_id": action.session_id, "to": action.to.value}
        await forms.begin_anew(person, "announcement", context, data)


async def keep_text(data: Data, context: BotContext) -> None:
    """The session's own words were chosen."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, session_id_of(data))
    if person is None or isinstance(session, Refusal):
        if isinstance(session, Refusal):
            context.reply(role_views.refusal_text(session, context.texts))
        return
    if not isinstance(session, CopSession):
        context.reply(Reply(context.texts.html("sessions.unknown")))
        return
    context.edit_keyboard(())
    taken = await take(
        person, views.words(session, context.texts, is_over=_is_over(session, context)), data, context
    )
    match taken:
        case Announcement():
            await show_draft(taken, context)
        case Faulty():
            context.reply(draft_views.fault(taken, context.texts))
        case Gathering():
            pass  # an album came in the same second; its preview follows


async def take(
    person: Person, part: Part, data: Data, context: BotContext
) -> Announcement | Gathering | Faulty:
    """Make a draft of a message; one about a session begins with its audience and the way to it."""
    audience, buttons = await _about(person, data, context)
    return await context.services.announcement_drafts.take(context.tx, person, part, audience, buttons)


async def _about(person: Person, data: Data, context: BotContext) -> tuple[Audience | None, list[LinkButton]]:
    if "session_id" not in data:
        return None, []
    session = await context.services.cop_sessions.managed(context.tx, person, session_id_of(data))
    if not isinstance(session, CopSession):
        return None, []
    is_over = _is_over(session, context)
    audience = await context.services.announcements.audiences.about_session(
        context.tx,
        session,
        await context.services.roles.reach(context.tx, person, Act.ANNOUNCE),
        is_over=is_over,
        to_participants=data.get("to") == ToWhom.PARTICIPANTS,
    )
    return audience, [views.button(session, context.texts, context.bot.username, is_over=is_over)]


def _is_over(session: CopSession, context: BotContext) -> bool:
    return session.ends_at <= context.services.clock.now()
