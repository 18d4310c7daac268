"""The library that TanyaCoP itself is built on, with nothing of TanyaCoP around it."""

import io
from typing import Any

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, Forbidden, InvalidToken
from telegram.ext import Application, ApplicationBuilder, InlineQueryHandler, MessageHandler, filters

from bot.simulator import Server, Simulator
from tests.simulator.conftest import BOT_ID, TOKEN


def application(server: Server, token: str = TOKEN) -> Application[Any, Any, Any, Any, Any, Any]:
    builder = ApplicationBuilder().token(token)
    return builder.base_url(server.url + "/bot").base_file_url(server.url + "/file/bot").build()


async def test_polling_files_and_inline_mode(server: Server, simulator: Simulator) -> None:
    async def send_back(update: Update, _context: object) -> None:
        assert update.message is not None
        assert update.message.document is not None
        file = await update.message.document.get_file()
        content = bytes(await file.download_as_bytearray())
        await update.message.reply_document(io.BytesIO(content), filename="balik.txt", caption="ini")

    async def suggest(update: Update, _context: object) -> None:
        assert update.inline_query is not None
        content = InputTextMessageContent("*isi*", parse_mode="MarkdownV2")
        await update.inline_query.answer([InlineQueryResultArticle("a", "Judul", content)], cache_time=0)

    control = simulator.control
    user = control.add_user("Siti", language_code="id")["id"]
    app = application(server)
    app.add_handler(MessageHandler(filters.Document.ALL, send_back))
    app.add_handler(InlineQueryHandler(suggest))
    async with app:
        assert app.updater is not None
        await app.bot.set_my_commands(
            [BotCommand("mulai", "mulai")], scope=BotCommandScopeAllPrivateChats(), language_code="id"
        )
        await app.start()
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        control.send_media(user, user, "document", file_base64="aXNp", file_name="isi.txt")
        await simulator.wait_for(lambda: len(control.messages(user)) == 2)
        query = control.inline(user, "klaim")["inline_query_id"]
        await simulator.wait_for(lambda: control.inline_answer(query))
        await simulator.wait_for(lambda: control.pending() == 0)
        await app.updater.stop()
        await app.stop()

    sent = control.messages(user)[1]
    assert control.file(sent["document"]["file_id"])["base64"] == "aXNp"
    assert control.choose_inline(user, query, "a", user)["text"] == "isi"
    assert control.commands(user, user) == [{"command": "mulai", "description": "mulai"}]
    assert [request for request in control.requests() if request["ok"] is False] == []


async def test_refusals_become_the_errors_of_the_library(
    server: Server, simulator: Simulator, group: int, siti: int
) -> None:
    simulator.control.remove_member(group, BOT_ID)
    async with application(server) as app:
        with pytest.raises(BadRequest, match="Message is too long"):
            await app.bot.send_message(siti, "x" * 4097)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await app.bot.send_message(group, "x")
    wrong = application(server, "1:wrong")
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    # What could not start does not stop either; its connection is closed by hand.
    await wrong.bot.request.shutdown()
