"""Opening a form, and showing where it stands; what its answers lead to stands in `handlers/filling.py`."""

from telegram import Update

from bot.context import BotContext
from bot.form_buttons import CancelForm
from bot.services.form_steps import Data
from bot.services.forms import Asking, Cancelled, NotFilling, Outdated, Waiting
from bot.services.people import Person
from bot.views import forms as views
from bot.views.reply import Reply


async def begin(person: Person, kind: str, context: BotContext, data: Data | None = None) -> None:
    """Open a form in a message of its own; where one of its kind is open, offer to go on with that."""
    opened = await context.services.forms.begin(context.tx, person, kind, data)
    if isinstance(opened, Waiting):
        context.reply(views.waiting(opened, context.texts))
    else:
        context.reply(views.step(opened, context.texts))


async def begin_anew(person: Person, kind: str, context: BotContext, data: Data) -> None:
    """Open a form about something else than the one of its kind that may be open, which is left."""
    waiting = await context.services.forms.waiting_for(context.tx, person, kind)
    if waiting is not None:
        await context.services.forms.cancel(context.tx, person, waiting)
        await context.tx.flush()  # only one of a kind may be open
    await begin(person, kind, context, data)


async def cancel(update: Update, context: BotContext) -> None:
    """/batal: leave the form that is open."""
    person = await context.asker()
    left = NotFilling() if person is None else await context.services.forms.cancel(context.tx, person)
    if isinstance(left, Cancelled):
        context.reply(views.cancelled(left.kind, context.texts))
    else:
        context.reply(Reply(context.texts.html("cancel.nothing")))


async def cancel_this(action: CancelForm, context: BotContext) -> None:
    """The form in question, from the message that offers to go on with it."""
    person = await context.asker()
    if person is None:
        context.answer()
        return
    left = await context.services.forms.cancel(context.tx, person, action.form_id)
    show_pressed(left, context)


def show_pressed(found: Asking | Cancelled | Outdated | NotFilling, context: BotContext) -> None:
    """What a press leads to, in the place of the message that was pressed."""
    match found:
        case Asking():
            context.answer()
            context.edit(views.step(found, context.texts))
        case Cancelled():
            context.answer()
            context.edit(views.cancelled(found.kind, context.texts))
        case Outdated():
            context.answer(views.outdated(found, context.texts), is_alert=True)
        case NotFilling():
            context.answer()
