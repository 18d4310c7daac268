"""Commands that there are not."""

from telegram import Update

from bot.context import BotContext
from bot.views.reply import Reply


async def unknown_command(update: Update, context: BotContext) -> None:
    """A command that no row of the table knows."""
    await context.asker()
    context.reply(Reply(context.texts.html("questions.unknown_command")))
