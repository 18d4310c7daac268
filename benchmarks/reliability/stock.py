"""``python -m benchmarks.reliability.stock``: the library's echo bot, as its documentation shows it.

Token and server come from the environment, BOT_TOKEN and BOT_API_URL. /start shows a button, a press of it is
answered, a text comes back; /broadcast sends a text to the chats that standard input names, one a line. Nothing is
stored and nothing is searched.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

Context = ContextTypes.DEFAULT_TYPE
Broadcast = str  # one of the following
ONE_BY_ONE = "one-by-one"  # a loop that awaits each message
TOGETHER = "together"  # asyncio.gather over all messages

BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("👍", callback_data="helpful")]])


async def start(update: Update, context: Context) -> None:
    assert isinstance(update.message, Message)
    await update.message.reply_text("Hi!", reply_markup=BUTTON)


async def echo(update: Update, context: Context) -> None:
    assert isinstance(update.message, Message)
    await update.message.reply_text(update.message.text or "")


async def button(update: Update, context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer()


class Broadcaster:
    """Sends one text to all chats when somebody says /broadcast TEXT."""

    def __init__(self, chat_ids: Sequence[int], how: Broadcast) -> None:
        self._chat_ids = chat_ids
        self._how = how

    async def command(self, update: Update, context: Context) -> None:
        text = " ".join(context.args or ())
        if self._how == TOGETHER:
            await asyncio.gather(*(self._send(context, chat_id, text) for chat_id in self._chat_ids))
        else:
            for chat_id in self._chat_ids:
                await self._send(context, chat_id, text)

    async def _send(self, context: Context, chat_id: int, text: str) -> None:
        try:
            await context.bot.send_message(chat_id, text)
        except TelegramError as error:
            logging.warning("not reached: %s", error)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limiter", action="store_true", help="the library's AIORateLimiter")
    parser.add_argument("--retries", type=int, default=0, help="its max_retries")
    parser.add_argument("--concurrent", action="store_true", help="concurrent_updates(True)")
    parser.add_argument("--broadcast", choices=(ONE_BY_ONE, TOGETHER))
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    root = os.environ["BOT_API_URL"]
    builder.token(os.environ["BOT_TOKEN"]).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
    builder.concurrent_updates(options.concurrent)
    if options.limiter:
        builder.rate_limiter(AIORateLimiter(max_retries=options.retries))
    application = builder.build()
    application.add_handler(CommandHandler("start", start))
    if options.broadcast:
        broadcaster = Broadcaster([int(line) for line in sys.stdin], options.broadcast)
        # Not to be waited for, or nobody would be answered meanwhile.
        application.add_handler(CommandHandler("broadcast", broadcaster.command, block=False))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
    application.add_handler(CallbackQueryHandler(button))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
