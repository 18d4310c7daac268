"""Material of sessions: organisers send files and links, members ask for them."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update

from bot.context import BotContext
from bot.services.announcement_content import Faulty
from bot.services.cop_sessions import CopSession, NoSession, Over
from bot.services.form_steps import Data
from bot.services.forms import Asking
from bot.services.people import Person
from bot.services.roles import Refusal
from bot.services.session_form import session_id_of
from bot.services.session_materials import MATERIAL, Added, FileFault, MaterialFile, SessionMaterial, call_of
from bot.session_buttons import AddMaterial, ManageMaterial, RemoveMaterial, SendMaterial
from bot.texts import escape
from bot.views import cop_sessions as session_views
from bot.views import roles as role_views
from bot.views import session_materials as views
from bot.views.reply import Reply
from handlers import forms
from handlers.announcement_parts import part_of

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


def first(handler: Handler) -> Handler:
    """Offer a file that was sent in private to the session that waits for one; otherwise it is the handler's."""

    async def handle(update: Update, context: BotContext) -> None:
        if not await _take(context):
            await handler(update, context)

    return handle


async def _take(context: BotContext) -> bool:
    message, person = context.message, context.unit.person
    if message is None or person is None or context.is_group or message.text is not None:
        return False
    asking = await context.services.forms.in_front(context.tx, person)
    if not isinstance(asking, Asking) or asking.form is not MATERIAL:
        return False
    await _keep(asking, message, person, context)
    return True


async def _keep(asking: Asking, message: Message, person: Person, context: BotContext) -> None:
    part = part_of(message)
    kept: Added | FileFault | Refusal | NoSession
    if isinstance(part, Faulty) or part.file_id is None:
        kept = FileFault.KIND
    elif part.group is not None:
        kept = FileFault.ALBUM
    else:
        label = context.texts.plain(f"announcements.buttons.kind_{part.kind.value}")
        file = MaterialFile(part.kind.value, part.file_id, part.file_name or part.text or label)
        kept = await context.services.session_materials.add(
            context.tx, person, session_id_of(asking.data), file
        )
    if isinstance(kept, FileFault):
        context.reply(views.fault(kept, context.texts))  # the form still waits
        return
    await context.services.forms.close(context.tx, person, asking.form_id)
    match kept:
        case Added(session, files):
            context.reply(views.page(session, files, context.texts))
        case _:
            context.reply(Reply(escape(_why(kept, context))))


async def keep_words(data: Data, context: BotContext) -> None:
    """Words and links were written: they take the place of the old ones."""
    session_id, person = session_id_of(data), await context.asker()
    words = data.get("words")
    session = await context.services.cop_sessions.change(
        context.tx, person, session_id, {"material": str(words)}
    )
    if isinstance(session, CopSession):
        files = await context.services.session_materials.of_session(context.tx, session_id)
        context.reply(views.page(session, files, context.texts))
    else:
        context.reply(Reply(escape(_why(session, context))))


async def manage(action: ManageMaterial, context: BotContext) -> None:
    """The organiser's page of it."""
    session = await context.services.cop_sessions.managed(
        context.tx, await context.asker(), action.session_id
    )
    if not isinstance(session, CopSession):
        context.answer(_why(session, context), is_alert=True)
        return
    context.answer()
    files = await context.services.session_materials.of_session(context.tx, action.session_id)
    context.edit(views.page(session, files, context.texts))


async def begin(action: AddMaterial, context: BotContext) -> None:
    """Ask for a file or a link."""
    person = await context.asker()
    session = await context.services.cop_sessions.managed(context.tx, person, action.session_id)
    if not isinstance(session, CopSession):
        context.answer(_why(session, context), is_alert=True)
    elif person is not None:
        context.answer()
        await forms.begin_anew(person, MATERIAL.kind, context, {"session_id": action.session_id})


async def remove(action: RemoveMaterial, context: BotContext) -> None:
    """Hand it out no more."""
    left = await context.services.session_materials.remove(
        context.tx, await context.asker(), action.session_id, action.material_id
    )
    if isinstance(left, Added):
        context.answer()
        context.edit(views.page(left.session, left.files, context.texts))
    else:
        context.answer(_why(left, context), is_alert=True)


async def hand_out(action: SendMaterial, context: BotContext) -> None:
    """Somebody asks for a file."""
    file = await context.services.session_materials.find(
        context.tx, await context.asker(), action.session_id, action.material_id
    )
    if isinstance(file, SessionMaterial):
        context.answer()
        instead = Reply(context.texts.html("materials.refused", name=file.name))
        context.show([call_of(file)], if_refused=instead)
    else:
        context.answer(context.texts.plain("materials.alerts.gone"), is_alert=True)


def _why(refused: Refusal | NoSession | Over, context: BotContext) -> str:
    match refused:
        case Refusal():
            return role_views.refusal(refused, context.texts)
        case Over():
            return session_views.over(refused, context.texts)
        case NoSession():
            return context.texts.plain("sessions.alerts.unknown")
