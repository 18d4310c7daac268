"""What is written, pressed and edited while a form is open, and what a completed form leads to.

An open form takes what is written in private, before it could be a question; `/tanya` asks one all the same. A command
puts the form aside and offers to go on with it.
"""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from telegram import Message, Update

from bot.context import BotContext
from bot.form_buttons import ChooseInForm, MoveInForm, ResumeForm, TurnFormPage
from bot.services.form_steps import Data, Problem
from bot.services.forms import Asking, Cancelled, Completed, NotFilling, Outdated, Waiting
from bot.services.people import Person
from bot.services.poll_voting import COMMENT
from bot.views import forms as views
from bot.views.reply import Reply
from handlers import (
    announcements,
    attendance,
    certificates,
    forms,
    groups,
    people,
    poll_desk,
    poll_reports,
    polls,
    questions,
    roles,
    session_announcing,
    session_desk,
    session_materials,
)

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]

# By the form's kind: what its data is for.
COMPLETIONS: dict[str, Callable[[Data, BotContext], Coroutine[Any, Any, None]]] = {
    "profile": people.keep_details,
    "invitation": roles.invite,
    "group": groups.register,
    "session": session_desk.keep,
    "material": session_materials.keep_words,
    "series": session_desk.keep_series,
    "checkin": attendance.take_code,
    "attendee": attendance.keep_name,
    "attendance": attendance.keep_sheet,
    "certificate": certificates.keep_name,
    "poll_question": poll_desk.keep_question,
    "poll_comment": polls.keep_words,
    "poll_changes": poll_reports.keep_changes,
    "announcement": session_announcing.keep_text,
    "announcement_time": announcements.keep_time,
    "announcement_button": announcements.keep_button,
}


async def words(update: Update, context: BotContext) -> None:
    """Words in private: the answer of the form that is open, or a question."""
    message, person = context.message, await context.asker()
    if message is None or person is None:
        await questions.ask(update, context)
        return
    if not message.text:  # a caption: the picture above it would be lost
        if not await _not_words(context):
            await questions.ask(update, context)
        return
    found = await context.services.forms.write(context.tx, person, message.text, message.message_id)
    match found:
        case Asking():
            context.reply(views.step(found, context.texts))
        case Completed():
            await COMPLETIONS[found.kind](found.data, context)
        case Waiting(kind=COMMENT.kind):
            # As a question its words would stand below its writer's name: it is neither, until they say which.
            context.reply(
                replace(views.waiting(found, context.texts), text=context.texts.html("polls.which"))
            )
        case Waiting():
            await questions.ask(update, context)
            context.reply(views.waiting(found, context.texts))
        case NotFilling():
            await questions.ask(update, context)


async def edited(update: Update, context: BotContext) -> None:
    """An edited answer replaces the answer; every other edit is the questions' business."""
    message = context.message
    if message is None or context.is_group or not message.text:
        await questions.edited(update, context)
        return
    person = await context.asker()
    found = (
        NotFilling()
        if person is None
        else await context.services.forms.rewrite(context.tx, person, message.text, message.message_id)
    )
    match found:
        case Asking():
            context.reply(views.step(found, context.texts))
        case Completed():
            await COMPLETIONS[found.kind](found.data, context)
        case Outdated():
            context.reply(Reply(context.texts.html(f"forms.edited.{found.reason.value}")))
        case NotFilling():
            if person is not None and await _may_be_a_comment(person, message, context):
                context.reply(Reply(context.texts.html("polls.edited_after_closing")))
            else:
                await questions.edited(update, context)


async def _may_be_a_comment(person: Person, message: Message, context: BotContext) -> bool:
    """An edit of what was written while a poll was open: as a question its words would bear its writer's name."""
    if await context.services.questions.is_known(context.tx, message.chat_id, message.message_id):
        return False
    return await context.services.poll_voting.may_have_commented(context.tx, person, message.date)


async def not_text(update: Update, context: BotContext) -> None:
    """A sticker or a voice note: the step that waits wants words."""
    if context.is_group or not await _not_words(context):
        await questions.not_text(update, context)


async def _not_words(context: BotContext) -> bool:
    """Whether a form is open, which says so to what is no answer."""
    person = await context.asker()
    if person is None:
        return False
    found = await context.services.forms.in_front(context.tx, person, Problem("forms.problems.not_words"))
    if isinstance(found, NotFilling):
        return False
    context.reply(views.step(found, context.texts))
    return True


async def choose(action: ChooseInForm, context: BotContext) -> None:
    """One of the step's choices."""
    person = await context.asker()
    if person is not None:
        found = await context.services.forms.choose(
            context.tx, person, action.form_id, action.version, action.position
        )
        await _pressed(found, context)


async def move(action: MoveInForm, context: BotContext) -> None:
    """Back, on, past the step, or out."""
    person = await context.asker()
    if person is not None:
        found = await context.services.forms.move(
            context.tx, person, action.form_id, action.version, action.move
        )
        await _pressed(found, context)


async def turn_page(action: TurnFormPage, context: BotContext) -> None:
    """Other choices of the same step."""
    person = await context.asker()
    if person is not None:
        found = await context.services.forms.turn_page(
            context.tx, person, action.form_id, action.version, action.page
        )
        await _pressed(found, context)


async def resume(action: ResumeForm, context: BotContext) -> None:
    """Go on where the form was left."""
    person = await context.asker()
    if person is not None:
        await _pressed(await context.services.forms.resume(context.tx, person, action.form_id), context)


async def _pressed(found: Asking | Completed | Cancelled | Outdated, context: BotContext) -> None:
    if isinstance(found, Completed):
        context.answer()
        await COMPLETIONS[found.kind](found.data, context)
    else:
        forms.show_pressed(found, context)


def interrupting(handler: Handler) -> Handler:
    """The command's handler; afterwards a form that it left where it was is put aside, and offered again."""

    async def handle(update: Update, context: BotContext) -> None:
        known = context.unit.person if not context.is_group else None
        before = (
            await context.services.forms.version_in_front(context.tx, known) if known is not None else None
        )
        await handler(update, context)
        if before is None or known is None or context.unit.person is not known:
            return
        if await context.services.forms.version_in_front(context.tx, known) == before:
            waiting = await context.services.forms.park(context.tx, known)
            if isinstance(waiting, Waiting):
                context.reply(views.waiting(waiting, context.texts))

    return handle
