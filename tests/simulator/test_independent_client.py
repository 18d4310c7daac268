"""Clients that others wrote: what they can do against the real server, they must be able to do here."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramMigrateToChat
from aiogram.filters import IS_NOT_MEMBER, ChatMemberUpdatedFilter, Command, CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    PollAnswer,
)
from aiogram.utils.media_group import MediaGroupBuilder

from bot.simulator import Server, Simulator
from tests.simulator.conftest import TOKEN


@pytest.fixture
async def aiogram_bot(server: Server) -> AsyncIterator[Bot]:
    session = AiohttpSession(
        api=TelegramAPIServer(
            base=server.url + "/bot{token}/{method}", file=server.url + "/file/bot{token}/{path}"
        )
    )
    async with Bot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def dispatcher(aiogram_bot: Bot) -> AsyncIterator[Dispatcher]:
    """A dispatcher that polls the simulator for as long as the test runs."""
    dispatcher = Dispatcher()
    polling = asyncio.create_task(
        dispatcher.start_polling(
            aiogram_bot, handle_signals=False, close_bot_session=False, polling_timeout=5
        )
    )
    yield dispatcher
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)


async def test_echo(dispatcher: Dispatcher, simulator: Simulator) -> None:
    @dispatcher.message(CommandStart(deep_link=True))
    async def greet(message: Message) -> None:
        await message.answer("<b>Halo</b>", parse_mode="HTML")

    @dispatcher.message(F.text)
    async def echo(message: Message) -> None:
        await message.reply(message.text or "")

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send(user, user, "/start abc")
    control.send(user, user, "apa kabar?")

    await simulator.wait_for(lambda: len(control.messages(user)) == 4)

    _, _, greeting, answer = control.messages(user)
    assert greeting["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert answer["text"] == "apa kabar?"
    assert answer["reply_to_message"]["message_id"] == 2
    await simulator.wait_for(lambda: control.pending() == 0)


async def test_buttons(dispatcher: Dispatcher, simulator: Simulator) -> None:
    @dispatcher.message(F.text)
    async def ask(message: Message) -> None:
        button = InlineKeyboardButton(text="Ya", callback_data="ya")
        await message.answer("Mau?", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer("Baik")
        assert isinstance(query.message, Message)
        await query.message.edit_text("Sudah")

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send(user, user, "halo")
    await simulator.wait_for(lambda: len(control.messages(user)) == 2)
    callback = control.press(user, user, 2, "Ya")["callback_id"]

    await simulator.wait_for(lambda: control.messages(user)[1]["text"] == "Sudah")

    answer = control.callback_answer(callback)
    assert answer is not None
    assert answer["text"] == "Baik"


async def test_a_poll_and_a_vote(dispatcher: Dispatcher, simulator: Simulator) -> None:
    @dispatcher.message(Command("poll"))
    async def send_poll(message: Message) -> None:
        await message.answer_poll("Bagaimana?", options=["Baik", "Buruk"], is_anonymous=False)

    @dispatcher.poll_answer()
    async def voted(answer: PollAnswer, bot: Bot) -> None:
        assert answer.user is not None
        await bot.send_message(answer.user.id, f"pilihan {answer.option_ids}")

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send(user, user, "/poll")
    await simulator.wait_for(lambda: len(control.messages(user)) == 2)
    control.vote(user, user, 2, [1])

    await simulator.wait_for(lambda: len(control.messages(user)) == 3)

    assert control.messages(user)[2]["text"] == "pilihan [1]"
    assert [one["voter_count"] for one in control.messages(user)[1]["poll"]["options"]] == [0, 1]


async def test_a_file_round_trip(dispatcher: Dispatcher, simulator: Simulator) -> None:
    @dispatcher.message(F.document)
    async def send_back(message: Message, bot: Bot) -> None:
        assert message.document is not None
        content = await bot.download(message.document)
        assert content is not None
        await message.answer_document(BufferedInputFile(content.read().upper(), "balik é.txt"))

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send_media(user, user, "document", file_base64="aXNpIGJlcmthcw==", file_name="isi.txt")

    await simulator.wait_for(lambda: len(control.messages(user)) == 2)

    document = control.messages(user)[1]["document"]
    assert document["file_name"] == "balik é.txt"
    assert control.file(document["file_id"])["base64"] == "SVNJIEJFUktBUw=="


async def test_an_album_both_ways(dispatcher: Dispatcher, simulator: Simulator) -> None:
    seen: list[Message] = []

    @dispatcher.message(F.media_group_id)
    async def part(message: Message) -> None:
        seen.append(message)
        if len(seen) == 3:
            album = MediaGroupBuilder(caption="Balasan")
            for one in seen:
                assert one.document is not None
                album.add_document(one.document.file_id)
            sent = await message.answer_media_group([*album.build()])
            assert len({one.media_group_id for one in sent}) == 1

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send_album(user, user, [{"kind": "document", "caption": "Materi"}] + [{"kind": "document"}] * 2)

    await simulator.wait_for(lambda: len(control.messages(user)) == 6)

    assert len({one.media_group_id for one in seen}) == 1
    assert [one.get("caption") for one in control.messages(user)[3:]] == ["Balasan", None, None]


async def test_a_group_that_becomes_a_supergroup(
    dispatcher: Dispatcher, aiogram_bot: Bot, simulator: Simulator
) -> None:
    moves: list[tuple[int, int]] = []

    @dispatcher.message(F.migrate_to_chat_id)
    async def moved(message: Message) -> None:
        assert message.migrate_to_chat_id is not None
        moves.append((message.chat.id, message.migrate_to_chat_id))

    control = simulator.control
    user = control.add_user("Siti")["id"]
    group = control.add_group("Kantor", [user], is_basic=True)["id"]
    control.add_member(group, aiogram_bot.id)
    new_id = control.migrate_group(group)["id"]
    await simulator.wait_for(lambda: moves)

    with pytest.raises(TelegramMigrateToChat) as refused:
        await aiogram_bot.send_message(group, "halo")
    await aiogram_bot.send_message(refused.value.migrate_to_chat_id, "halo")

    assert moves == [(group, new_id)]
    assert control.messages(new_id)[-1]["text"] == "halo"


async def test_a_person_who_stopped_the_bot(
    dispatcher: Dispatcher, aiogram_bot: Bot, simulator: Simulator
) -> None:
    stopped: list[int] = []

    @dispatcher.my_chat_member(ChatMemberUpdatedFilter(member_status_changed=IS_NOT_MEMBER))
    async def gone(change: ChatMemberUpdated) -> None:
        stopped.append(change.from_user.id)

    control = simulator.control
    user = control.add_user("Siti")["id"]
    control.send(user, user, "/start")
    control.block_bot(user)
    await simulator.wait_for(lambda: stopped)

    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await aiogram_bot.send_message(user, "halo")

    assert stopped == [user]
