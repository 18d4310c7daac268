from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import BOT_ID, Api, HandClock

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
ARTICLE = {
    "type": "article",
    "id": "a",
    "title": "Masa iur",
    "input_message_content": {"message_text": "<b>12 bulan</b>", "parse_mode": "HTML"},
}


async def test_a_press_carries_the_message_and_its_answer_is_shown_once(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=KEYBOARD)
    callback_id = simulator.control.press(siti, siti, sent["message_id"], "Ya")["callback_id"]

    [update] = await api.updates()
    before = simulator.control.callback_answer(callback_id)
    await api.call("answerCallbackQuery", callback_query_id=callback_id, text="Baik", show_alert=True)

    query = update["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (callback_id, "y", siti)
    assert query["message"] == sent
    assert query["chat_instance"].lstrip("-").isdigit()
    assert before is None
    assert simulator.control.callback_answer(callback_id) == {"text": "Baik", "show_alert": True, "url": ""}
    assert await api.refusal("answerCallbackQuery", callback_query_id=callback_id) == TOO_OLD


async def test_after_150_seconds_a_press_cannot_be_answered(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=KEYBOARD)
    first, second = (
        simulator.control.press(siti, siti, sent["message_id"], row=0, column=0)["callback_id"]
        for _ in range(2)
    )

    clock.advance(149)
    assert await api.call("answerCallbackQuery", callback_query_id=first) is True
    clock.advance(1)
    assert await api.refusal("answerCallbackQuery", callback_query_id=second) == TOO_OLD


async def test_a_callback_answer_has_at_most_200_characters(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=KEYBOARD)
    query = simulator.control.press(siti, siti, sent["message_id"], "Ya")["callback_id"]

    assert await api.refusal("answerCallbackQuery", callback_query_id=query, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await api.refusal("answerCallbackQuery", callback_query_id=query, url="https://example.org") == (
        "Bad Request: URL_INVALID"
    )
    assert await api.call("answerCallbackQuery", callback_query_id=query, text="x" * 200) is True


async def test_buttons_that_ask_no_bot_say_what_the_app_would_do(
    api: Api, simulator: Simulator, siti: int
) -> None:
    rows = [
        [{"text": "Buka", "url": "https://example.org/"}],
        [{"text": "Cari", "switch_inline_query_current_chat": "jkp"}],
        [{"text": "Salin", "copy_text": {"text": "ABC"}}],
    ]
    sent = await api.call("sendMessage", chat_id=siti, text="x", reply_markup={"inline_keyboard": rows})
    results = [
        simulator.control.press(siti, siti, sent["message_id"], text) for text in ("Buka", "Cari", "Salin")
    ]

    assert results == [{"url": "https://example.org/"}, {"query": "jkp"}, {"copied": "ABC"}]
    assert await api.updates() == []


async def test_a_button_that_is_not_there_is_named_in_the_error(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="x", reply_markup=KEYBOARD)

    with pytest.raises(ControlError, match="no button 'Tidak'; its buttons: 'Ya'"):
        simulator.control.press(siti, siti, sent["message_id"], "Tidak")


async def test_forged_data_arrives_like_a_press(api: Api, simulator: Simulator, siti: int) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="x")
    simulator.control.forge_callback(siti, siti, sent["message_id"], "palsu:1")

    [update] = await api.updates()

    assert update["callback_query"]["data"] == "palsu:1"


async def test_an_inline_result_becomes_a_message_sent_via_the_bot(
    api: Api, simulator: Simulator, siti: int, group: int
) -> None:
    query = simulator.control.inline(siti, "masa iur", chat_type="supergroup")["inline_query_id"]
    [asked] = await api.updates()
    assert simulator.control.inline_answer(query) is None
    await api.call("answerInlineQuery", inline_query_id=query, results=[ARTICLE | {"reply_markup": KEYBOARD}])

    message = simulator.control.choose_inline(siti, query, "a", group)
    posted, chosen = await api.updates()

    assert asked["inline_query"] == {
        "id": query,
        "from": asked["inline_query"]["from"],
        "query": "masa iur",
        "offset": "",
        "chat_type": "supergroup",
    }
    assert (message["text"], message["via_bot"]["id"]) == ("12 bulan", BOT_ID)
    assert message["from"]["id"] == siti
    assert posted["message"]["via_bot"]["id"] == BOT_ID
    assert chosen["chosen_inline_result"]["result_id"] == "a"
    assert chosen["chosen_inline_result"]["query"] == "masa iur"
    assert await api.refusal("answerInlineQuery", inline_query_id=query, results=[]) == TOO_OLD


async def test_an_inline_message_is_pressed_and_edited_by_its_inline_id(
    api: Api, simulator: Simulator, siti: int, group: int
) -> None:
    query = simulator.control.inline(siti, "x")["inline_query_id"]
    await api.call("answerInlineQuery", inline_query_id=query, results=[ARTICLE | {"reply_markup": KEYBOARD}])
    message = simulator.control.choose_inline(siti, query, "a", group)
    await api.updates()
    simulator.control.press(siti, group, message["message_id"], "Ya")

    [press] = await api.updates()
    identifier = press["callback_query"]["inline_message_id"]
    edited = await api.call("editMessageText", inline_message_id=identifier, text="24 bulan")
    by_number = await api.refusal(
        "editMessageText", chat_id=group, message_id=message["message_id"], text="x"
    )

    assert "message" not in press["callback_query"]
    assert edited is True
    assert simulator.control.messages(group)[-1]["text"] == "24 bulan"
    assert by_number == "Bad Request: message can't be edited"


async def test_an_inline_result_can_be_sent_into_a_topic(
    api: Api, simulator: Simulator, siti: int, forum: int
) -> None:
    topic = simulator.control.add_topic(forum, "JKP")["message_thread_id"]
    query = simulator.control.inline(siti, "x")["inline_query_id"]
    await api.call("answerInlineQuery", inline_query_id=query, results=[ARTICLE])

    message = simulator.control.choose_inline(siti, query, "a", forum, thread_id=topic)

    assert message["message_thread_id"] == topic


async def test_an_inline_message_without_keyboard_has_no_inline_id(
    api: Api, simulator: Simulator, siti: int
) -> None:
    query = simulator.control.inline(siti, "x")["inline_query_id"]
    await api.call("answerInlineQuery", inline_query_id=query, results=[ARTICLE])
    await api.updates()

    simulator.control.choose_inline(siti, query, "a", siti)

    chosen = [update for update in await api.updates() if "chosen_inline_result" in update]
    assert [one["chosen_inline_result"].get("inline_message_id") for one in chosen] == [None]


def article(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (ARTICLE | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("results", "description"),
    [
        pytest.param([article(), article()], "Bad Request: RESULT_ID_DUPLICATE", id="same-id"),
        pytest.param([article(id="")], "Bad Request: RESULT_ID_INVALID", id="no-id"),
        pytest.param([article(id="x" * 65)], "Bad Request: RESULT_ID_INVALID", id="long-id"),
        pytest.param(
            [article(id=str(number)) for number in range(51)], "Bad Request: RESULTS_TOO_MUCH", id="51"
        ),
        pytest.param(
            [article(title="")],
            "Bad Request: can't parse inline query result: Can't find field \"title\"",
            id="no-title",
        ),
        pytest.param(
            [article(input_message_content={"message_text": " "})],
            "Bad Request: text must be non-empty",
            id="empty-text",
        ),
        pytest.param(
            [article(input_message_content={"message_text": "x" * 4097})],
            "Bad Request: message is too long",
            id="long-text",
        ),
    ],
)
async def test_inline_results_are_checked(
    api: Api, simulator: Simulator, siti: int, results: list[dict[str, Any]], description: str
) -> None:
    query = simulator.control.inline(siti, "x")["inline_query_id"]

    assert await api.refusal("answerInlineQuery", inline_query_id=query, results=results) == description
    assert simulator.control.inline_answer(query) is None


async def test_markup_in_inline_results_is_checked(api: Api, simulator: Simulator, siti: int) -> None:
    query = simulator.control.inline(siti, "x")["inline_query_id"]
    broken = article(input_message_content={"message_text": "<b>x", "parse_mode": "HTML"})

    refusal = await api.refusal("answerInlineQuery", inline_query_id=query, results=[broken])

    assert refusal.startswith("Bad Request: can't parse entities")


async def test_a_button_above_inline_results_needs_a_valid_start_parameter(
    api: Api, simulator: Simulator, siti: int
) -> None:
    query = simulator.control.inline(siti, "x")["inline_query_id"]

    assert await api.refusal(
        "answerInlineQuery", inline_query_id=query, results=[], button={"text": "x", "start_parameter": "a b"}
    ) == ("Bad Request: START_PARAM_INVALID")
    await api.call(
        "answerInlineQuery", inline_query_id=query, results=[], button={"text": "x", "start_parameter": "a_b"}
    )
    answer = simulator.control.inline_answer(query)
    assert answer is not None
    assert answer["button"] == {"text": "x", "start_parameter": "a_b"}


async def test_a_stored_file_can_be_an_inline_result(api: Api, simulator: Simulator, siti: int) -> None:
    photo = simulator.control.send_media(siti, siti, "photo")["photo"][-1]["file_id"]
    query = simulator.control.inline(siti, "x")["inline_query_id"]
    result = {"type": "photo", "id": "p", "photo_file_id": photo, "caption": "gambar"}
    await api.call("answerInlineQuery", inline_query_id=query, results=[result])

    message = simulator.control.choose_inline(siti, query, "p", siti)

    assert (message["photo"][-1]["file_id"], message["caption"]) == (photo, "gambar")
