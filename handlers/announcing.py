"""What organisers write while the bot waits for an announcement or its corrected text, before it could be a question.

The form that waits (`bot/services/announcement_forms.py`) takes words only; a message with its files is taken here.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update

from bot.context import BotContext
from bot.services.announcement_content import Faulty, calls, check
from bot.services.announcement_drafts import Announcement
from bot.services.announcement_forms import ANNOUNCEMENT, CORRECTION
from bot.services.announcement_outcomes import AlreadyOut, Correction, Gathering, Redrafted, WhyNot
from bot.services.forms import Asking
from bot.services.people import Person
from bot.services.roles import Act, Refusal
from bot.views import announcement_progress as progress_views
from bot.views import announcements as views
from bot.views import roles as role_views
from bot.views.reply import Reply
from handlers import session_announcing
from handlers.announcement_parts import part_of
from handlers.announcements import show_draft

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


def first(handler: Handler) -> Handler:
    """Offer what was sent in private to the announcement that waits; otherwise it is the handler's."""

    async def handle(update: Update, context: BotContext) -> None:
        if not await _take(context):
            await handler(update, context)

    return handle


def edited_first(handler: Handler) -> Handler:
    """Look first whether what was edited is the original of an announcement."""

    async def handle(update: Update, context: BotContext) -> None:
        if not await _take_edit(context):
            await handler(update, context)

    return handle


async def _take(context: BotContext) -> bool:
    message, person = context.message, context.unit.person
    if message is None or person is None or context.is_group:
        return False
    asking = await context.services.forms.in_front(context.tx, person)
    if isinstance(asking, Asking) and asking.form is CORRECTION:
        await _take_correction(asking, message, person, context)
        return True
    if isinstance(asking, Asking) and asking.form is ANNOUNCEMENT:
        await _take_content(asking, message, person, context)
        return True
    group = message.media_group_id
    if group is None or not await context.services.announcement_drafts.is_part_of_a_draft(
        context.tx, person, group
    ):
        return False
    part = part_of(message)
    if not isinstance(part, Faulty):
        await context.services.announcement_drafts.take(context.tx, person, part)
    return True


async def _take_content(asking: Asking, message: Message, person: Person, context: BotContext) -> None:
    part = part_of(message)
    allowed = await context.services.roles.may_somewhere(context.tx, person, Act.ANNOUNCE)
    if isinstance(allowed, Refusal):
        await context.services.forms.cancel(context.tx, person, asking.form_id)
        context.reply(role_views.refusal_text(allowed, context.texts))
        return
    taken = (
        part
        if isinstance(part, Faulty)
        else await session_announcing.take(person, part, asking.data, context)
    )
    match taken:
        case Faulty():
            context.reply(views.fault(taken, context.texts))
        case Gathering():
            pass  # the clock goes on when the album is whole (bot/telling.py)
        case Announcement():
            await context.services.forms.close(context.tx, person, asking.form_id)
            await show_draft(taken, context)


async def _take_correction(asking: Asking, message: Message, person: Person, context: BotContext) -> None:
    part, texts = part_of(message), context.texts
    announcement_id = asking.data.get("announcement_id")
    found: Correction | Faulty | WhyNot | Refusal = (
        part
        if isinstance(part, Faulty)
        else check([part])
        or await context.services.announcement_control.propose_correction(
            context.tx,
            person,
            announcement_id if isinstance(announcement_id, int) else 0,
            part,
            texts.plain("announcements.buttons.correction_header"),
        )
    )
    if isinstance(found, Faulty):
        context.reply(views.fault(found, texts))
        return
    await context.services.forms.close(context.tx, person, asking.form_id)
    match found:
        case Correction(announcement, content):
            standing = await context.services.announcement_control.standing(context.tx, announcement)
            instead = Reply(texts.html("announcements.refused.correction"))
            context.show(calls(content, texts.plain("announcements.buttons.below_album")), if_refused=instead)
            sent = standing.counts.sent if standing is not None else 0
            context.reply(progress_views.sure_to_correct(found, sent, texts))
        case WhyNot():
            context.reply(views.why_not_text(found, texts))
        case Refusal():
            context.reply(role_views.refusal_text(found, texts))


async def _take_edit(context: BotContext) -> bool:
    message, person = context.message, context.unit.person
    if message is None or person is None or context.is_group:
        return False
    part = part_of(message)
    if isinstance(part, Faulty):
        return False
    found = await context.services.announcement_drafts.edit(context.tx, person, part)
    match found:
        case None:
            return False
        case Faulty():
            context.reply(Reply(context.texts.html("announcements.edited.not_taken")))
            context.reply(views.fault(found, context.texts))
        case AlreadyOut(announcement):
            key = (
                "announcements.edited.recalled"
                if announcement.recalled_at
                else "announcements.edited.too_late"
            )
            context.reply(Reply(context.texts.html(key)))
        case Redrafted(announcement, was_confirmed):
            if announcement.gathering_at is None:
                await show_draft(announcement, context, was_confirmed=was_confirmed)
    return True
