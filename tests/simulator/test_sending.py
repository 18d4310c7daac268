import json
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.simulator import Server, Simulator
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock


async def test_a_sent_message_has_the_shape_of_the_real_server(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}

    sent = await api.call(
        "sendMessage", chat_id=siti, text="  <b>Halo</b> ", parse_mode="HTML", reply_markup=keyboard
    )

    assert sent == {
        "message_id": 2,
        "from": {"id": BOT_ID, "is_bot": True, "first_name": "Tanya", "username": "tanya_bot"},
        "chat": {
            "id": siti,
            "first_name": "Siti",
            "last_name": "Aminah",
            "username": "siti",
            "type": "private",
        },
        "date": int(clock.now.timestamp()),
        "text": "Halo",
        "entities": [{"type": "bold", "offset": 0, "length": 4}],
        "reply_markup": keyboard,
    }
    assert simulator.control.messages(siti)[-1] == sent


@pytest.mark.parametrize(
    ("params", "description"),
    [
        pytest.param({"text": ""}, "Bad Request: message text is empty", id="empty"),
        pytest.param({"text": " \n "}, "Bad Request: text must be non-empty", id="blank"),
        pytest.param(
            {"text": "<b></b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty", id="only-tags"
        ),
        pytest.param({"text": "x" * 4097}, "Bad Request: message is too long", id="4097"),
        pytest.param({"text": "😀" * 2049}, "Bad Request: message is too long", id="4098-utf16-units"),
        pytest.param({"text": "x", "chat_id": 5}, "Bad Request: chat not found", id="stranger"),
        pytest.param({"text": "x", "chat_id": -5}, "Bad Request: chat not found", id="unknown-group"),
        pytest.param({"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found", id="unknown-name"),
        pytest.param({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty", id="no-chat"),
        pytest.param(
            {"text": "x", "chat_id": BOT_ID}, "Forbidden: bot can't send messages to bots", id="itself"
        ),
        pytest.param(
            {"text": "x", "message_thread_id": 3},
            "Bad Request: message thread not found",
            id="thread-in-private",
        ),
        pytest.param(
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
            id="reply-to-nothing",
        ),
        pytest.param(
            {"text": "x", "business_connection_id": "b"},
            "Bad Request: business connection not found",
            id="no-business",
        ),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(
    api: Api, siti: int, params: dict[str, Any], description: str
) -> None:
    assert await api.refusal("sendMessage", **({"chat_id": siti} | params)) == description


async def test_a_refused_message_leaves_no_trace(api: Api, simulator: Simulator, siti: int) -> None:
    before = simulator.control.messages(siti)
    bad_keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y" * 65}]]}

    assert await api.refusal("sendMessage", chat_id=siti, text="x", reply_markup=bad_keyboard)

    assert simulator.control.messages(siti) == before
    assert (await api.call("sendMessage", chat_id=siti, text="x"))["message_id"] == before[-1][
        "message_id"
    ] + 1


async def test_4096_characters_are_not_too_long(api: Api, siti: int) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")

    assert len(sent["text"]) == 4096


async def test_a_person_whom_the_bot_only_met_in_a_group_cannot_be_written_to(
    api: Api, simulator: Simulator, group: int, budi: int
) -> None:
    refusal = await api.refusal("sendMessage", chat_id=budi, text="x")
    simulator.control.send(budi, budi, "/start")

    assert refusal == "Forbidden: bot can't initiate conversation with a user"
    assert (await api.call("sendMessage", chat_id=budi, text="x"))["chat"]["id"] == budi


async def test_looking_into_a_private_chat_does_not_start_it(
    api: Api, simulator: Simulator, budi: int
) -> None:
    assert simulator.control.messages(budi) == []
    assert simulator.control.commands(budi, budi) == []

    assert await api.refusal("sendMessage", chat_id=budi, text="x") == "Bad Request: chat not found"


async def test_a_bot_numbers_all_its_private_messages_in_one_row(
    api: Api, simulator: Simulator, siti: int, budi: int
) -> None:
    simulator.control.send(budi, budi, "/start")

    numbers = [
        (await api.call("sendMessage", chat_id=who, text="x"))["message_id"] for who in (siti, budi, siti)
    ]

    assert numbers == [3, 4, 5]


async def test_a_reply_carries_the_message_it_replies_to_one_level_deep(
    api: Api, simulator: Simulator, siti: int
) -> None:
    question = simulator.control.send(siti, siti, "berapa lama?")
    first = await api.call(
        "sendMessage",
        chat_id=siti,
        text="6 bulan",
        reply_parameters={"message_id": question["message_id"], "quote": "lama"},
    )
    second = simulator.control.send(siti, siti, "terima kasih", reply_to=first["message_id"])

    assert first["reply_to_message"]["text"] == "berapa lama?"
    assert first["quote"] == {"text": "lama", "position": 7, "is_manual": True}
    assert second["reply_to_message"]["text"] == "6 bulan"
    assert "reply_to_message" not in second["reply_to_message"]


async def test_a_reply_to_nothing_is_sent_where_that_is_allowed(api: Api, siti: int) -> None:
    sent = await api.call(
        "sendMessage",
        chat_id=siti,
        text="x",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )

    assert "reply_to_message" not in sent


async def test_a_reply_keyboard_is_no_part_of_the_message_but_people_see_it(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call(
        "sendMessage", chat_id=siti, text="Pilih", reply_markup={"keyboard": [[{"text": "Satu"}]]}
    )

    pressed = simulator.control.press(siti, siti, sent["message_id"], "Satu")

    assert "reply_markup" not in sent
    assert simulator.control.messages(siti)[1]["reply_markup"]["keyboard"] == [[{"text": "Satu"}]]
    assert pressed["message"]["text"] == "Satu"


@pytest.mark.parametrize("transport", ["query", "form", "multipart", "json", "get"])
async def test_parameters_arrive_by_every_road(
    server: Server, session: ClientSession, siti: int, transport: str
) -> None:
    url = f"{server.url}/bot{TOKEN}/SendMessage"
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    plain = {"chat_id": str(siti), "text": "Á B", "entities": json.dumps(entities)}
    match transport:
        case "query":
            request = session.post(url, params=plain)
        case "get":
            request = session.get(url, params=plain)
        case "form":
            request = session.post(url, data=plain)
        case "multipart":
            form = FormData(default_to_multipart=True)
            for name, value in plain.items():
                form.add_field(name, value)
            request = session.post(url, data=form)
        case _:
            request = session.post(url, json=plain | {"entities": entities})

    async with request as response:
        answer = await response.json()

    assert answer["ok"], answer
    assert (answer["result"]["text"], answer["result"]["entities"]) == ("Á B", entities)


async def test_an_unknown_token_is_unauthorized(server: Server, session: ClientSession) -> None:
    answer = await Api(session, server.url, "1:wrong").ask("getMe")

    assert answer == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found_and_an_unsupported_one_says_so(api: Api) -> None:
    assert await api.ask("sendNothing") == {"ok": False, "error_code": 404, "description": "Not Found"}
    unsupported = await api.ask("sendGame", chat_id=1, game_short_name="x")
    assert unsupported["error_code"] == 501
    assert "sendGame" in unsupported["description"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"{", "application/json", id="half-json"),
        pytest.param(b"[]", "application/json", id="json-array"),
        pytest.param(b'{"text": "\xff"}', "application/json", id="no-utf-8"),
        pytest.param(b"[" * 100_000, "application/json", id="deep-json"),
        pytest.param(b"--x\r\n", "multipart/form-data", id="no-boundary"),
        pytest.param(b"nonsense", "multipart/form-data; boundary=x", id="not-multipart"),
    ],
)
async def test_a_malformed_body_is_a_bad_request(
    server: Server, session: ClientSession, body: bytes, content_type: str
) -> None:
    url = f"{server.url}/bot{TOKEN}/sendMessage"
    async with session.post(url, data=body, headers={"Content-Type": content_type}) as response:
        answer = await response.json()

    assert (response.status, answer["error_code"], answer["ok"]) == (400, 400, False)


async def test_get_me_tells_of_privacy_mode_and_inline_mode(api: Api) -> None:
    me = await api.call("getMe")

    assert (me["id"], me["username"], me["is_bot"]) == (BOT_ID, "tanya_bot", True)
    assert (me["can_read_all_group_messages"], me["supports_inline_queries"]) == (False, True)


async def test_a_chat_action_is_seen_and_an_unknown_one_refused(
    api: Api, simulator: Simulator, siti: int
) -> None:
    await api.call("sendChatAction", chat_id=siti, action="typing")

    assert await api.refusal("sendChatAction", chat_id=siti, action="sleeping") == (
        "Bad Request: wrong parameter action in request"
    )
    seen = [event for event in simulator.world.events.after(0) if event["kind"] == "chat_action"]
    assert [(event["chat_id"], event["action"]) for event in seen] == [(siti, "typing")]


async def test_a_reaction_replaces_the_one_before(api: Api, simulator: Simulator, siti: int) -> None:
    message = simulator.control.send(siti, siti, "halo")
    for emoji in ("👍", "👎"):
        await api.call(
            "setMessageReaction",
            chat_id=siti,
            message_id=message["message_id"],
            reaction=[{"type": "emoji", "emoji": emoji}],
        )

    assert simulator.control.messages(siti)[-1]["reactions"] == [{"type": "emoji", "emoji": "👎"}]
    assert await api.refusal("setMessageReaction", chat_id=siti, message_id=99) == (
        "Bad Request: message to react not found"
    )


async def test_a_forward_names_its_first_author_and_a_copy_does_not(
    api: Api, simulator: Simulator, siti: int, budi: int
) -> None:
    simulator.control.send(budi, budi, "/start")
    message = simulator.control.send(siti, siti, "halo")
    source = {"from_chat_id": siti, "message_id": message["message_id"]}

    forwarded = await api.call("forwardMessage", chat_id=budi, **source)
    again = await api.call(
        "forwardMessage", chat_id=siti, from_chat_id=budi, message_id=forwarded["message_id"]
    )
    copied = await api.call("copyMessage", chat_id=budi, **source)

    assert forwarded["forward_origin"]["sender_user"]["id"] == siti
    assert again["forward_origin"] == forwarded["forward_origin"]
    shown = simulator.control.messages(budi)[-1]
    assert (shown["message_id"], shown["text"]) == (copied["message_id"], "halo")
    assert "forward_origin" not in shown


async def test_of_several_messages_those_that_are_gone_are_skipped(
    api: Api, simulator: Simulator, siti: int
) -> None:
    one = simulator.control.send(siti, siti, "satu")["message_id"]
    two = simulator.control.send(siti, siti, "dua")["message_id"]
    source = {"chat_id": siti, "from_chat_id": siti}

    assert len(await api.call("forwardMessages", message_ids=[one, two, 99], **source)) == 2
    assert len(await api.call("copyMessages", message_ids=[two, 99], **source)) == 1
    assert await api.refusal("copyMessages", message_ids=[98, 99], **source) == (
        "Bad Request: there are no messages to copy"
    )
    assert await api.refusal("forwardMessages", message_ids=[two, one], **source) == (
        "Bad Request: message identifiers must be in a strictly increasing order"
    )


async def test_protected_content_is_neither_forwarded_nor_copied(api: Api, siti: int) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="x", protect_content=True)
    source = {"chat_id": siti, "from_chat_id": siti, "message_id": sent["message_id"]}

    assert sent["has_protected_content"] is True
    assert await api.refusal("forwardMessage", **source) == "Bad Request: the message can't be forwarded"
    assert await api.refusal("copyMessage", **source) == "Bad Request: message can't be copied"


async def test_pinning_is_for_everyone_in_private_and_for_administrators_in_groups(
    api: Api, simulator: Simulator, siti: int, group: int
) -> None:
    private = simulator.control.send(siti, siti, "penting")["message_id"]
    in_group = simulator.control.send(siti, group, "penting")["message_id"]

    await api.call("pinChatMessage", chat_id=siti, message_id=private)
    refusal = await api.refusal("pinChatMessage", chat_id=group, message_id=in_group)

    assert (await api.call("getChat", chat_id=siti))["pinned_message"]["text"] == "penting"
    assert refusal == "Bad Request: not enough rights to manage pinned messages in the chat"
    await api.call("unpinChatMessage", chat_id=siti)
    assert "pinned_message" not in await api.call("getChat", chat_id=siti)
