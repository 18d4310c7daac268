"""Browsing the knowledge base."""

from telegram import Update

from bot.buttons import ShowTopic
from bot.context import BotContext
from bot.views import topics as views


async def browse(update: Update, context: BotContext) -> None:
    """/topik: the books."""
    await context.asker()
    context.reply(views.opened(context.services.content.book, "", context.texts))


async def open_topic(action: ShowTopic, context: BotContext) -> None:
    """Go to another list, in the same message."""
    context.answer()
    context.edit(views.opened(context.services.content.book, action.topic_id, context.texts, action.page))
