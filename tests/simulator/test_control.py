import asyncio
import base64
import json
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.simulator import Server, Simulator
from bot.simulator.control import VERBS
from bot.simulator.controls.lookup import ControlError
from bot.simulator.refusal import Refused
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock


async def post(
    server: Server, session: ClientSession, verb: str, **arguments: Any
) -> tuple[int, dict[str, Any]]:
    async with session.post(f"{server.url}/control/{verb}", json=arguments) as response:
        answer: dict[str, Any] = await response.json()
        return response.status, answer


async def test_every_promised_verb_is_there() -> None:
    promised = (
        "state add_bot add_user add_group add_topic add_member remove_member send send_media edit delete press "
        "forge_callback callback_answer inline inline_answer choose_inline vote raw_update messages commands "
        "requests file pending"
    )

    assert set(promised.split()) <= VERBS


async def test_verbs_over_http_return_what_they_return_in_python(
    server: Server, session: ClientSession, simulator: Simulator, siti: int
) -> None:
    status, answer = await post(server, session, "send", user_id=siti, chat_id=siti, text="halo é")

    assert (status, answer["ok"], answer["result"]["text"]) == (200, True, "halo é")
    assert (await post(server, session, "messages", chat_id=siti))[1]["result"] == (
        simulator.control.messages(siti)
    )
    assert (await post(server, session, "state"))[1]["result"] == simulator.control.state()


@pytest.mark.parametrize(
    ("verb", "arguments", "sentence"),
    [
        pytest.param("shout", {}, "There is no verb 'shout'", id="verb"),
        pytest.param("run", {}, "There is no verb 'run'", id="not-a-verb"),
        pytest.param("send", {"user_id": 1, "chat_id": 1}, "send needs 'text'.", id="missing"),
        pytest.param(
            "add_user", {"name": "x"}, "add_user takes no 'name'; it takes: first_name", id="unknown"
        ),
        pytest.param(
            "add_user", {"first_name": 5}, "'first_name' of add_user is of the wrong type.", id="type"
        ),
        pytest.param(
            "send",
            {"user_id": 1, "chat_id": 1, "text": "x"},
            "There is no person with the id 1.",
            id="person",
        ),
        pytest.param("file", {"file_id": "x"}, "There is no file with the id 'x'.", id="file"),
        pytest.param(
            "add_bot", {"token": "x", "username": "x", "first_name": "x"}, "digits:letters", id="token"
        ),
        pytest.param("add_user", {"first_name": "\ud800"}, "not valid JSON", id="half-a-surrogate"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_a_sentence(
    server: Server, session: ClientSession, verb: str, arguments: dict[str, Any], sentence: str
) -> None:
    status, answer = await post(server, session, verb, **arguments)

    assert (status, answer["ok"]) == (400, False)
    assert sentence in answer["error"]


async def test_a_form_of_another_site_cannot_use_the_control_interface(
    server: Server, session: ClientSession
) -> None:
    async with session.post(f"{server.url}/control/add_user", data={"first_name": "x"}) as response:
        assert response.status == 400


async def test_telegrams_own_refusal_of_a_text_is_a_sentence_too(
    server: Server, session: ClientSession, siti: int
) -> None:
    status, answer = await post(server, session, "send", user_id=siti, chat_id=siti, text=" ")

    assert (status, answer["error"]) == (400, "Bad Request: text must be non-empty")


async def test_events_are_streamed_from_a_number_on(
    server: Server, session: ClientSession, simulator: Simulator, siti: int
) -> None:
    before = simulator.world.events.last
    async with session.get(f"{server.url}/control/events", params={"after": str(before)}) as response:
        message = simulator.control.send(siti, siti, "halo")
        lines = [(await response.content.readline()).decode().strip() for _ in range(2)]

    assert response.content_type == "text/event-stream"
    assert lines[0] == f"id: {before + 1}"
    assert json.loads(lines[1].removeprefix("data: ")) == {
        "n": before + 1,
        "kind": "message",
        "chat_id": siti,
        "bot_id": BOT_ID,
        "message": message,
    }


async def test_edits_deletions_and_answers_are_events(api: Api, simulator: Simulator, siti: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api.call("sendMessage", chat_id=siti, text="x", reply_markup=keyboard)
    callback = simulator.control.press(siti, siti, sent["message_id"], "Ya")["callback_id"]
    before = simulator.world.events.last
    await api.call("answerCallbackQuery", callback_query_id=callback, text="ok")
    await api.call("editMessageText", chat_id=siti, message_id=sent["message_id"], text="y")
    await api.call("deleteMessage", chat_id=siti, message_id=sent["message_id"])

    answered, edited, deleted = simulator.world.events.after(before)

    assert (answered["kind"], answered["callback_id"], answered["answer"]["text"]) == (
        "callback_answered",
        callback,
        "ok",
    )
    assert (edited["kind"], edited["message"]["text"]) == ("edited", "y")
    assert (deleted["kind"], deleted["message"]["deleted"]) == ("deleted", True)


async def test_waiting_ends_with_the_change_that_fulfils_it(simulator: Simulator, siti: int) -> None:
    waiting = asyncio.create_task(
        simulator.wait_for(lambda: [m for m in simulator.control.messages(siti) if m["text"] == "dua"])
    )
    await asyncio.sleep(0)

    simulator.control.send(siti, siti, "satu")
    simulator.control.send(siti, siti, "dua")

    assert [message["text"] for message in await waiting] == ["dua"]


async def test_waiting_in_vain_names_what_was_awaited(simulator: Simulator) -> None:
    with pytest.raises(TimeoutError, match=r"in vain for: .*simulator\.control\.state\(\)\[\"users\"\]"):
        await simulator.wait_for(lambda: simulator.control.state()["users"], timeout=0)
    with pytest.raises(TimeoutError, match="in vain for: a person"):
        await simulator.wait_for(lambda: simulator.control.state()["users"], timeout=0, what="a person")


async def test_every_request_is_recorded_with_its_outcome_and_without_the_bytes_of_files(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    await api.call("sendMessage", chat_id=siti, text="x")
    await api.refusal("sendMessage", chat_id=5, text="x")
    await api.upload("sendDocument", "document", "a.txt", b"rahasia", chat_id=str(siti))

    first, second, third = simulator.control.requests()

    assert first == {
        "id": 1,
        "bot_id": BOT_ID,
        "method": "sendMessage",
        "params": {"chat_id": siti, "text": "x"},
        "ok": True,
        "error": None,
        "at": clock.now.timestamp(),
        "effect": True,
        "answered": True,
        "fault": None,
    }
    assert (second["ok"], second["error"]) == (False, "Bad Request: chat not found")
    assert third["files"] == {"document": "a.txt"}
    assert "rahasia" not in repr(third)
    assert [r["id"] for r in simulator.control.requests("senddocument")] == [3]
    assert [r["id"] for r in simulator.control.requests(after=1)] == [2, 3]


async def test_a_raw_update_arrives_as_it_is(api: Api, simulator: Simulator) -> None:
    update_id = simulator.control.raw_update({"message_reaction": {"anything": "é"}})

    assert await api.updates() == [{"update_id": update_id, "message_reaction": {"anything": "é"}}]


async def test_media_of_people_come_with_the_content_they_gave(
    api: Api, simulator: Simulator, siti: int
) -> None:
    content = base64.b64encode(b"isi berkas").decode()
    simulator.control.send_media(siti, siti, "document", file_base64=content, file_name="a.csv")

    [update] = await api.updates()
    document = update["message"]["document"]

    assert (document["file_name"], document["mime_type"]) == ("a.csv", "text/csv")
    assert simulator.control.file(document["file_id"])["base64"] == content
    with pytest.raises(ControlError, match="not valid base64"):
        simulator.control.send_media(siti, siti, "document", file_base64="?")
    with pytest.raises(ControlError, match="'hologram' cannot be sent"):
        simulator.control.send_media(siti, siti, "hologram")


async def test_people_forward_and_edit_captions(api: Api, simulator: Simulator, siti: int) -> None:
    photo = simulator.control.send_media(siti, siti, "photo", caption="lama")
    forwarded = simulator.control.forward(siti, siti, siti, photo["message_id"])
    edited = simulator.control.edit(siti, siti, photo["message_id"], "baru @tanya_bot")

    assert forwarded["forward_origin"]["sender_user"]["id"] == siti
    assert forwarded["caption"] == "lama"
    assert edited["caption"] == "baru @tanya_bot"
    assert edited["caption_entities"] == [{"type": "mention", "offset": 5, "length": 10}]
    with pytest.raises(ControlError, match="wrote themselves"):
        simulator.control.edit(siti, siti, forwarded["message_id"], "x")


async def test_with_several_bots_the_private_chat_is_named_by_the_bot(
    simulator: Simulator, siti: int
) -> None:
    simulator.control.add_bot("77:lain", "lain_bot", "Lain")

    with pytest.raises(ControlError, match=r"There are several bots.*4242 \(@tanya_bot\), 77 \(@lain_bot\)"):
        simulator.control.send(siti, siti, "halo")
    simulator.control.send(siti, 77, "halo")
    assert [m["text"] for m in simulator.control.messages(77, viewer_id=siti)] == ["halo"]
    assert [m["text"] for m in simulator.control.messages(BOT_ID, viewer_id=siti)] == ["/start"]


class Gate:
    """A hook that loses the request before its effect, or the answer after it."""

    def __init__(self, when: str) -> None:
        self.when = when

    async def before(self, request: Request) -> None:
        if self.when == "before" and request.method == "sendMessage":
            raise Refused(429, "Too Many Requests: retry after 3", {"retry_after": 3})

    async def after(self, request: Request, answer: Answer) -> None:
        if self.when == "after" and request.method == "sendMessage":
            raise Refused(502, "Bad Gateway")


@pytest.mark.parametrize(("when", "code", "is_sent"), [("before", 429, False), ("after", 502, True)])
async def test_a_hook_refuses_before_the_effect_or_after_it(
    api: Api, simulator: Simulator, siti: int, when: str, code: int, is_sent: bool
) -> None:
    simulator.hooks.append(Gate(when))

    answer = await api.ask("sendMessage", chat_id=siti, text="x")

    assert answer["error_code"] == code
    assert answer.get("parameters") == ({"retry_after": 3} if when == "before" else None)
    assert [m["text"] for m in simulator.control.messages(siti)] == ["/start"] + ["x"] * is_sent


async def test_the_page_is_served_and_nothing_beside_it(server: Server, session: ClientSession) -> None:
    async with session.get(server.url + "/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
    for path in ("/server.py", "/..%2Fserver.py", "/%2e%2e/server.py", "/.hidden.js", "/nothing.js", "/a/b"):
        async with session.get(server.url + path) as response:
            assert response.status == 404, path


async def test_who_hangs_up_on_a_long_poll_does_not_conflict_with_the_next(
    api: Api, simulator: Simulator, siti: int
) -> None:
    poll = asyncio.create_task(api.ask("getUpdates", timeout=50))
    await simulator.wait_for(lambda: simulator.control.requests("getUpdates"))
    poll.cancel()
    simulator.control.send(siti, siti, "halo")

    assert len(await api.updates()) == 1
    assert [r["error"] for r in simulator.control.requests("getUpdates")] == [None] * 3


async def test_the_same_seed_makes_the_same_world() -> None:
    worlds = []
    for _ in range(2):
        simulator = Simulator(HandClock(), seed=3)
        simulator.control.add_bot(TOKEN, "tanya_bot", "Tanya")
        user = simulator.control.add_user("Siti")["id"]
        simulator.control.send_media(user, user, "photo")
        simulator.control.inline(user, "x")
        worlds.append((simulator.control.messages(user), simulator.world.bots[BOT_ID].updates.fetch(10, 0)))

    assert worlds[0] == worlds[1]
