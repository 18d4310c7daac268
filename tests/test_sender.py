"""How a try ends: over HTTP against the simulator, and against answers that it does not give."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.ext import ApplicationBuilder, ExtBot

from bot.limiter import Limiter
from bot.outgoing import AnswerPress, DeleteMessage, EditKeyboard, EditMessage, SendMessage, call_of
from bot.request import AiohttpRequest
from bot.sender import NOT_CONNECTED_S, Sender
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from bot.simulator.refusal import Refused, bad_request, forbidden
from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator
from bot.views.reply import Link, Reply
from bot.windows import Limits

TOKEN = "4242:a-token-of-the-simulator"
BOT_ID = 4242
KEYBOARD = ((Link("Buka", "https://example.org/"),),)
OTHER_KEYBOARD = ((Link("Tutup", "https://example.org/"),),)


@dataclass
class Refusing:
    """Lets the simulator say no to what changes chats."""

    refusal: Refused | None = None

    async def before(self, request: Request) -> None:
        if self.refusal is not None and request.method != "getMe":
            raise self.refusal

    async def after(self, request: Request, answer: Answer) -> None: ...


@dataclass
class Post:
    """A sender and the Telegram around it."""

    simulator: Simulator
    sender: Sender
    limiter: Limiter
    siti: int
    hook: Refusing = field(default_factory=Refusing)

    async def call(self, method: str, lane: Lane = Lane.REPLY, /, **parameters: Any) -> Outcome:
        return await self.sender.call(Call(method, {"chat_id": self.siti} | parameters), lane)

    async def send(self, text: str = "Halo", **parameters: Any) -> int:
        outcome = await self.call("sendMessage", text=text, **parameters)
        assert isinstance(outcome, Sent)
        assert outcome.message_id is not None
        return outcome.message_id

    def message(self, message_id: int) -> dict[str, Any]:
        (found,) = [m for m in self.simulator.control.messages(self.siti) if m["message_id"] == message_id]
        return dict(found)

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [request["params"] for request in self.simulator.control.requests(method=method)]


def bot_at(url: str, limiter: Limiter) -> ExtBot[Any]:
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    bot = builder.request(AiohttpRequest(read_timeout=0.3)).rate_limiter(limiter).build().bot
    assert isinstance(bot, ExtBot)
    return bot


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    simulator = Simulator(seed=1)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    siti = simulator.control.add_user("Siti")["id"]
    simulator.control.send(siti, siti, "/start")
    limits = Limits(per_second=1000, private_per_second=1000, reply_burst=1000, paid_per_second=1000)
    limiter = Limiter(limits)
    async with serve(simulator) as server:
        bot = bot_at(server.url, limiter)
        async with bot.request:
            post = Post(simulator, Sender(bot, is_paid=True), limiter, siti)
            simulator.hooks.append(post.hook)
            yield post


@asynccontextmanager
async def answering(status: int, answer: Any) -> AsyncIterator[Sender]:
    """A sender whose server always says the same."""

    async def answer_all(_: web.Request) -> web.Response:
        return web.Response(status=status, text=answer if isinstance(answer, str) else json.dumps(answer))

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer_all)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    bot = bot_at(f"http://{host}:{port}", Limiter(Limits()))
    try:
        async with bot.request:
            yield Sender(bot)
    finally:
        await runner.cleanup()


def album(*message_ids: int) -> list[dict[str, Any]]:
    chat = {"id": 1, "type": "private"}
    return [{"message_id": each, "date": 1, "chat": chat} for each in message_ids]


HALO = Call("sendMessage", {"chat_id": 1, "text": "Halo"})


async def test_a_reply_is_stored_as_telegram_names_it_and_arrives_as_it_was_meant(post: Post) -> None:
    question = post.simulator.control.messages(post.siti)[-1]["message_id"]
    call = call_of(SendMessage(post.siti, Reply("<b>Halo</b>", KEYBOARD), reply_to=question))
    stored = Call(call.method, json.loads(json.dumps(call.parameters)))

    outcome = await post.sender.call(stored)

    assert isinstance(outcome, Sent)
    assert outcome.message_id is not None
    message = post.message(outcome.message_id)
    assert (message["text"], message["entities"][0]["type"]) == ("Halo", "bold")
    assert message["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://example.org/"
    assert message["reply_to_message"]["message_id"] == question
    assert stored.parameters == {
        "chat_id": post.siti,
        "text": "<b>Halo</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Buka", "url": "https://example.org/"}]]},
        "reply_parameters": {"message_id": question, "allow_sending_without_reply": True},
    }


async def test_an_answer_to_a_question_that_was_deleted_is_sent_all_the_same(post: Post) -> None:
    outcome = await post.sender.call(call_of(SendMessage(post.siti, Reply("Halo"), reply_to=9999)))

    assert isinstance(outcome, Sent)


async def test_everything_that_a_mailing_may_send_is_sent_by_its_own_method(post: Post) -> None:
    control = post.simulator.control
    outcomes = []
    for kind in ("photo", "document", "video", "animation", "audio", "voice"):
        given = control.send_media(post.siti, post.siti, kind)[kind]
        file_id = given[-1]["file_id"] if kind == "photo" else given["file_id"]
        method = f"send{kind.capitalize()}"
        outcomes.append(await post.call(method, caption="<i>Ini</i>", parse_mode="HTML", **{kind: file_id}))
        sent = control.messages(post.siti)[-1]
        assert kind in sent
        assert sent["caption_entities"][0]["type"] == "italic"
    source = await post.send()
    outcomes.append(await post.call("copyMessage", from_chat_id=post.siti, message_id=source))

    assert all(isinstance(each, Sent) and each.message_id for each in outcomes)


async def test_entities_reach_telegram_as_they_were_stored(post: Post) -> None:
    sent = await post.send("Halo", entities=[{"type": "bold", "offset": 0, "length": 4}])

    assert post.message(sent)["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


async def test_a_poll_is_known_by_its_id_and_can_be_stopped(post: Post) -> None:
    sent = await post.call("sendPoll", question="Apa?", options=["Ya", {"text": "Tidak"}], is_anonymous=False)
    assert isinstance(sent, Sent)
    assert sent.message_id is not None
    poll = post.message(sent.message_id)["poll"]
    assert sent.poll_id == poll["id"]
    assert [option["text"] for option in poll["options"]] == ["Ya", "Tidak"]

    stopped = await post.call("stopPoll", message_id=sent.message_id)

    assert stopped == sent
    assert post.message(sent.message_id)["poll"]["is_closed"] is True


async def test_an_album_has_several_messages() -> None:
    media = [
        {"type": "photo", "media": "a", "caption": "Ini", "caption_entities": []},
        {"type": "video", "media": "b"},
    ]
    async with answering(200, {"ok": True, "result": album(7, 8)}) as sender:
        outcome = await sender.call(Call("sendMediaGroup", {"chat_id": 1, "media": media}), Lane.BULK)

    assert outcome == Sent((7, 8))


async def test_messages_are_edited_and_deleted_by_their_numbers(post: Post) -> None:
    first, second, third = [await post.send(str(each)) for each in range(3)]
    photo = post.simulator.control.send_media(post.siti, post.siti, "photo")["photo"][-1]["file_id"]
    captioned = await post.call("sendPhoto", photo=photo, caption="Lama")
    assert isinstance(captioned, Sent)
    assert captioned.message_id is not None

    edited = await post.call("editMessageCaption", message_id=captioned.message_id, caption="Baru")
    deleted = await post.sender.call(call_of(DeleteMessage(post.siti, first)))
    both = await post.call("deleteMessages", message_ids=[second, third])
    again = await post.sender.call(call_of(DeleteMessage(post.siti, first)))

    assert edited == captioned
    assert post.message(captioned.message_id)["caption"] == "Baru"
    assert [deleted, both, again] == [Sent(), Sent(), Sent()]
    assert all(post.message(each).get("deleted") for each in (first, second, third))


async def test_a_pinned_message_has_no_new_number() -> None:
    async with answering(200, {"ok": True, "result": True}) as sender:
        outcome = await sender.call(Call("pinChatMessage", {"chat_id": -100, "message_id": 5}))

    assert outcome == Sent()


async def test_a_double_tap_asks_telegram_once_and_the_second_time_is_as_good(post: Post) -> None:
    sent = await post.send()
    edit = call_of(EditMessage(sent, SendMessage(post.siti, Reply("Lain", KEYBOARD))))
    keyboard = call_of(EditKeyboard(post.siti, sent, OTHER_KEYBOARD))

    outcomes = [await post.sender.call(call) for call in (edit, edit, keyboard, keyboard)]

    assert outcomes == [Sent((sent,))] * 4
    assert len(post.asked("editMessageText")) == 1
    assert len(post.asked("editMessageReplyMarkup")) == 1


async def test_what_telegram_finds_unchanged_counts_as_edited(post: Post) -> None:
    sent = await post.send("Sama")

    outcome = await post.call("editMessageText", Lane.BULK, message_id=sent, text="Sama")

    assert outcome == Sent((sent,))
    assert len(post.asked("editMessageText")) == 1


async def test_a_reply_can_be_edited_back_after_a_mailing_corrected_it(post: Post) -> None:
    sent = await post.send("Lama")
    await post.call("editMessageText", Lane.BULK, message_id=sent, text="Baru")

    await post.call("editMessageText", message_id=sent, text="Lama")

    assert post.message(sent)["text"] == "Lama"


async def test_a_reply_whose_message_is_gone_is_sent_anew_and_a_mailings_edit_is_not(post: Post) -> None:
    sent = await post.send()
    await post.call("deleteMessage", message_id=sent)
    edit = call_of(EditMessage(sent, SendMessage(post.siti, Reply("Lain"), reply_to=9999)))

    anew = await post.sender.call(edit)
    corrected = await post.sender.call(edit, Lane.BULK)

    assert isinstance(anew, Sent)
    assert anew.message_id is not None
    assert anew.message_id > sent
    assert post.message(anew.message_id)["text"] == "Lain"
    assert corrected == Rejected("Message to edit not found")


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (forbidden("bot was blocked by the user"), Blocked()),
        (forbidden("user is deactivated"), Blocked()),
        (forbidden("bot was kicked from the supergroup chat"), Blocked()),
        (bad_request("chat not found"), Blocked()),
        (bad_request("PEER_ID_INVALID"), Blocked()),
        (bad_request("group chat was deactivated"), Blocked()),
        (bad_request("not enough rights to send text messages to the chat"), Blocked()),
        (bad_request("can't parse entities"), Rejected("Can't parse entities")),
        (Refused(400, "Bad Request: upgraded", {"migrate_to_chat_id": -1007}), Moved(-1007)),
        (Refused(429, "Too Many Requests: retry after 7", {"retry_after": 7}), Wait(7.0)),
        (Refused(500, "Internal Server Error"), Uncertain()),
        (Refused(401, "Unauthorized"), Wait(60.0)),
        (Refused(404, "Not Found"), Rejected("Not Found")),
    ],
    ids=lambda value: value.description if isinstance(value, Refused) else type(value).__name__,
)
async def test_a_refusal_says_what_is_to_be_done(post: Post, refusal: Refused, expected: Outcome) -> None:
    post.hook.refusal = refusal

    assert await post.call("sendMessage", text="Halo") == expected


async def test_whoever_left_for_good_is_known_by_telegrams_own_words(post: Post) -> None:
    assert await post.sender.call(Call("sendMessage", {"chat_id": 5, "text": "Halo"})) == Blocked()


@pytest.mark.parametrize(
    ("rule", "effects"),
    [
        ({"fault": "reset_before"}, 0),
        ({"fault": "reset_after"}, 1),
        ({"fault": "error_before"}, 0),
        ({"fault": "error_after"}, 1),
        ({"fault": "silence_after", "seconds": 0.5}, 1),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
async def test_without_an_answer_it_may_have_arrived(post: Post, rule: dict[str, Any], effects: int) -> None:
    before = len(post.simulator.control.messages(post.siti))
    post.simulator.control.set_faults([rule])

    assert await post.call("sendMessage", text="Halo") == Uncertain()
    assert len(post.simulator.control.messages(post.siti)) - before == effects
    assert len(post.asked("sendMessage")) == 1


@pytest.mark.parametrize("answer", ["<html>", '{"ok": true}', '{"ok": true, "result": {"a": 1}}'])
async def test_an_answer_that_cannot_be_read_leaves_it_uncertain(answer: str) -> None:
    async with answering(200, answer) as sender:
        assert await sender.call(HALO) == Uncertain()


async def test_where_no_connection_can_be_made_nothing_was_sent() -> None:
    async with answering(200, {}) as sender:
        pass
    bot = bot_at("http://127.0.0.1:9", Limiter(Limits()))
    async with bot.request:
        assert await Sender(bot).call(HALO) == Wait(NOT_CONNECTED_S)
    assert await sender.call(HALO) == Wait(NOT_CONNECTED_S)


async def test_who_is_turned_away_by_our_own_limits_waits_and_nothing_is_asked_of_telegram(
    post: Post,
) -> None:
    post.hook.refusal = Refused(429, "Too Many Requests: retry after 30", {"retry_after": 30})
    await post.call("sendMessage", text="Halo")
    post.hook.refusal = None

    outcome = await post.call("sendMessage", text="Halo")

    assert isinstance(outcome, Wait)
    assert 29 < outcome.seconds <= 30
    assert len(post.asked("sendMessage")) == 1


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (Call("banChatMember", {"chat_id": 1}), "no stored call may name the method banChatMember"),
        (
            Call("sendMessage", {"chat_id": 1, "text": "x", "keyboard": []}),
            "sendMessage has no parameter keyboard",
        ),
        (Call("sendMessage", {"chat_id": 1}), "sendMessage cannot be made: TypeError"),
        (Call("sendMessage", {"text": "x"}), "sendMessage does not say where"),
        (
            Call("sendMediaGroup", {"chat_id": 1, "media": [{"type": "gif"}]}),
            "sendMediaGroup cannot be made: KeyError",
        ),
        (
            Call("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"keyboard": []}}),
            "sendMessage cannot be made: KeyError",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_call_that_cannot_be_made_is_rejected_without_being_sent(
    post: Post, call: Call, reason: str
) -> None:
    assert await post.sender.call(call) == Rejected(reason)
    assert post.simulator.control.requests(method=call.method) == []


async def test_only_bulk_is_paid_for_and_only_where_telegram_takes_it(post: Post) -> None:
    sent = await post.send()
    await post.call("sendMessage", Lane.REMINDER, text="Halo")
    await post.call("sendMessage", Lane.BULK, text="Halo")
    await post.call("editMessageText", Lane.BULK, message_id=sent, text="Lain")

    assert ["allow_paid_broadcast" in each for each in post.asked("sendMessage")] == [False, False, True]
    assert "allow_paid_broadcast" not in post.asked("editMessageText")[0]


async def test_an_answer_to_a_press_goes_once_and_not_when_it_is_late(post: Post) -> None:
    sent = await post.send(reply_markup={"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]})
    control = post.simulator.control
    first, second = [control.press(post.siti, post.siti, sent, text="Ya")["callback_id"] for _ in range(2)]

    assert await post.sender.answer(AnswerPress(first, "Dicatat")) == Sent()
    assert await post.sender.answer(AnswerPress(second, "Dicatat"), age_s=11.0) == Rejected("late")
    noted = control.callback_answer(first)
    assert noted is not None
    assert noted["text"] == "Dicatat"
    assert control.callback_answer(second) is None


async def test_an_answer_to_a_press_that_telegram_does_not_take_is_dropped(post: Post) -> None:
    post.hook.refusal = Refused(429, "Too Many Requests: retry after 5", {"retry_after": 5})

    assert await post.sender.answer(AnswerPress("1", "Dicatat")) == Wait(5.0)
    assert len(post.asked("answerCallbackQuery")) == 1


async def test_a_telegram_that_counts_has_nothing_to_refuse() -> None:
    simulator = Simulator(seed=1)
    control = simulator.control
    control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    people = [control.add_user(f"Orang {each}")["id"] for each in range(16)]
    for each in people:
        control.send(each, each, "/start")
    control.set_rates(per_second=10)
    async with serve(simulator) as server:
        bot = bot_at(server.url, Limiter(Limits(per_second=10)))
        async with bot.request:
            sender = Sender(bot)
            outcomes = await asyncio.gather(
                *(
                    sender.call(Call("sendMessage", {"chat_id": each, "text": "x"}), lane)
                    for each, lane in zip(people, [Lane.BULK] * 4 + [Lane.REPLY] * 12, strict=True)
                )
            )

    assert all(isinstance(each, Sent) for each in outcomes)
    assert control.traffic()["refused"] == 0
    assert control.traffic()["most"] == 10
