"""Inline mode: `@bot kata kunci` in any chat."""

from telegram import Update

from bot.context import BotContext
from bot.views import questions as views

MAX_RESULTS = 10  # a phone shows about five; what is not among ten is better asked


async def look_up(update: Update, context: BotContext) -> None:
    """List the best entries for what is being typed; nothing of it is stored."""
    query = update.inline_query
    if query is None:
        return
    cards = context.services.questions.look_up(query.query, MAX_RESULTS)
    results = views.inline_results(cards, context.texts, context.bot.username)
    key = "inline.open_bot" if results else "inline.nothing"
    context.answer_inline(results, context.texts.plain(key))
