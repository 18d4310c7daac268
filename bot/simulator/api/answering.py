"""Answers to what people pressed and to what they typed after the bot's name."""

from typing import Any

from bot.simulator import markup
from bot.simulator.api.inline_results import made_from
from bot.simulator.api.registry import Call, method
from bot.simulator.queries import CallbackQuery, InlineQuery, too_old
from bot.simulator.refusal import bad_request

Json = dict[str, Any]
MAX_CALLBACK_TEXT = 200
MAX_RESULTS = 50
MAX_OFFSET_BYTES = 64


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    query = call.world.callback_queries.get(call.params["callback_query_id"])
    _check(call, query)
    assert query is not None
    text = call.get("text") or ""
    if markup.utf16_length(text) > MAX_CALLBACK_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.get("url") or ""
    if url and not url.startswith(
        (f"https://t.me/{call.bot.username}?", f"t.me/{call.bot.username}?", "tg://")
    ):
        raise bad_request("URL_INVALID")
    query.answer = {"text": text, "show_alert": bool(call.get("show_alert")), "url": url}
    call.world.events.publish(
        "callback_answered",
        callback_id=query.id,
        chat_id=query.message.chat.id,
        user_id=query.user.id,
        answer=query.answer,
    )
    return True


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    query = call.world.inline_queries.get(call.params["inline_query_id"])
    _check(call, query)
    assert query is not None
    results: list[Json] = call.params["results"]
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len((call.get("next_offset") or "").encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    button = call.get("button")
    if button is not None:
        _check_button(button)
    made = {}
    for result in results:
        identifier = str(result.get("id", ""))
        if not 1 <= len(identifier.encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if identifier in made:
            raise bad_request("RESULT_ID_DUPLICATE")
        made[identifier] = made_from(result, call)
    query.results = made
    query.answer = {
        "results": results,
        "button": button,
        "next_offset": call.get("next_offset") or "",
        "cache_time": call.get("cache_time", 300),
        "is_personal": bool(call.get("is_personal")),
    }
    call.world.events.publish(
        "inline_answered", inline_query_id=query.id, user_id=query.user.id, answer=query.answer
    )
    return True


def _check(call: Call, query: CallbackQuery | InlineQuery | None) -> None:
    if query is None or query.bot is not call.bot:
        raise too_old()
    query.check_open(call.world.now())


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request('can\'t parse inline query results button: field "text" is empty')
    start = button.get("start_parameter")
    if start is None and "web_app" not in button:
        raise bad_request("BUTTON_TYPE_INVALID")
    if start is not None and not (
        1 <= len(start) <= 64
        and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in start)
    ):
        raise bad_request("START_PARAM_INVALID")
