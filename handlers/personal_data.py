"""/dataku and /hapus: what is stored about me, as a file; and erasing it."""

from telegram import Update

from bot.context import BotContext
from bot.data_buttons import EraseMe, KeepMe
from bot.outgoing import SetMenu
from bot.texts import LANGUAGES
from bot.views import personal_data as views
from bot.views.reply import Reply

MINUTES_TO_CONFIRM = 10


async def export(update: Update, context: BotContext) -> None:
    """/dataku: everything as a file, in private only."""
    if context.is_group:
        context.reply(Reply(context.texts.html("my_data.only_private")))
        return
    person = await context.asker()
    if person is not None:
        content = await context.services.personal_data.export(context.tx, person, views.titles(context.texts))
        context.hand_over("dataku.json", content, views.file(context.texts))


async def ask_to_erase(update: Update, context: BotContext) -> None:
    """/hapus: say what goes and what stays, and ask."""
    if context.is_group:
        context.reply(Reply(context.texts.html("my_data.only_private")))
        return
    person = await context.asker()
    if person is not None:
        standings = await context.services.roles.standings(context.tx, person)
        context.reply(views.ask_to_erase(_minute(context), context.texts, has_role=bool(standings)))


async def erase(action: EraseMe, context: BotContext) -> None:
    """Erase everything; the one message that says so is the last that is known of the person."""
    person = await context.asker()
    is_late = not 0 <= _minute(context) - action.minute <= MINUTES_TO_CONFIRM
    if person is None or context.is_group or is_late:
        context.answer(context.texts.plain("my_data.alerts.late"), is_alert=True)
        return
    context.answer()
    await context.services.personal_data.erase(context.tx, person)
    context.unit.person = None
    context.edit(views.erased(context.texts))
    if person.menu_shown is not None:
        for language in LANGUAGES:
            context.set_menu(SetMenu(person.telegram_id, None if language == LANGUAGES[0] else language, ()))


async def keep(action: KeepMe, context: BotContext) -> None:
    """Do not erase."""
    context.answer()
    context.edit(views.kept(context.texts))


def _minute(context: BotContext) -> int:
    return int(context.services.clock.now().timestamp()) // 60
