from typing import Any

import pytest

from bot.simulator.keyboards import check
from bot.simulator.refusal import Refused

Json = dict[str, Any]


def checked(markup: Json, chat_type: str = "private") -> Json:
    return check(markup, chat_type=chat_type, bot_username="tanya_bot")


def refusal(markup: Json, chat_type: str = "private") -> str:
    with pytest.raises(Refused) as refused:
        checked(markup, chat_type)
    assert refused.value.code == 400
    return refused.value.description.removeprefix("Bad Request: ")


def inline(*buttons: Any) -> Json:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    "button",
    [
        {"text": "a", "callback_data": "x" * 64},
        {"text": "a", "style": "danger", "callback_data": "x"},
        {"text": "a", "url": "https://t.me/x"},
        {"text": "a", "url": "tg://user?id=5"},
        {"text": "a", "switch_inline_query": ""},
        {"text": "a", "switch_inline_query_current_chat": "x"},
        {"text": "a", "switch_inline_query_chosen_chat": {"query": "x", "allow_group_chats": True}},
        {"text": "a", "copy_text": {"text": "x" * 256}},
        {"text": "a", "web_app": {"url": "https://x.id"}},
    ],
    ids=lambda button: "-".join(button),
)
def test_a_good_inline_button_stays_as_it_is(button: Json) -> None:
    assert checked(inline(button)) == inline(button)


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ("a", "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        ({"url": "x.id"}, "can't parse inline keyboard button: Can't find field \"text\""),
        (
            {"text": 1, "url": "x.id"},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        ({"text": " ", "url": "x.id"}, "inline keyboard button text must be non-empty"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "callback_data": "x", "url": "x.id"},
            "can't parse inline keyboard button: exactly one action must be specified",
        ),
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "url": "nowhere"}, "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        (
            {"text": "a", "url": "http://localhost/x"},
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "a", "url": "ftp://x.id"},
            "inline keyboard button URL 'ftp://x.id' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "a", "url": "http://"},
            "inline keyboard button URL 'http://' is invalid: URL host is empty",
        ),
        (
            {"text": "a", "url": "http://x.id:99999"},
            "inline keyboard button URL 'http://x.id:99999' is invalid: Wrong port number specified in the URL",
        ),
        (
            {"text": "a", "url": "http://a b.id"},
            "inline keyboard button URL 'http://a b.id' is invalid: Disallowed character in URL host",
        ),
        ({"text": "a", "url": "http://x.y"}, "BUTTON_URL_INVALID"),
        (
            {"text": "a", "web_app": {"url": "http://x.id"}},
            "inline keyboard button Web App URL 'http://x.id' is invalid: Only HTTPS links are allowed",
        ),
        ({"text": "a", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "a", "switch_inline_query_chosen_chat": {}}, "at least one chat type must be allowed"),
        ({"text": "a", "pay": True}, "BUTTON_TYPE_INVALID"),
        ({"text": "a", "callback_game": {}}, "BUTTON_TYPE_INVALID"),
        ({"text": "a", "login_url": {"url": "https://x.id"}}, "BOT_DOMAIN_INVALID"),
        (
            {"text": "a", "login_url": {"url": "https://x.id", "bot_username": "@other_bot"}},
            'bot "other_bot" not found',
        ),
        (
            {"text": "a", "callback_data": "x", "style": "pink"},
            "can't parse inline keyboard button: Unsupported button style specified",
        ),
    ],
)
def test_a_wrong_inline_button_is_refused(button: Any, reason: str) -> None:
    assert refusal(inline(button)) == reason


def test_an_address_is_kept_in_telegrams_form() -> None:
    kept = checked(inline({"text": "a", "url": "HTTP://X.id:080?a b#c"}))

    assert kept == inline({"text": "a", "url": "http://x.id:80/?a%20b#c"})


def test_a_web_app_opens_only_in_a_private_chat() -> None:
    markup = inline({"text": "a", "web_app": {"url": "https://x.id"}})

    assert refusal(markup, "supergroup") == "BUTTON_TYPE_INVALID"


def test_switching_to_inline_mode_is_refused_in_a_channel() -> None:
    reason = refusal(inline({"text": "a", "switch_inline_query": "x"}), "channel")

    assert reason.startswith("can't use switch_inline_query button in a channel chat")


def test_empty_rows_are_dropped() -> None:
    button = {"text": "a", "callback_data": "x"}

    assert checked({"inline_keyboard": [[], [button], []]}) == inline(button)
    assert checked({"inline_keyboard": [[]]}) == {"inline_keyboard": []}
    assert checked({"inline_keyboard": []}) == {"inline_keyboard": []}
    assert checked({"keyboard": [[], ["a"]]}) == {"keyboard": [[{"text": "a"}]]}
    assert checked({}) == {}


def test_a_row_of_an_inline_keyboard_shows_eight_buttons() -> None:
    buttons = [{"text": str(number), "callback_data": "x"} for number in range(9)]

    assert checked(inline(*buttons)) == inline(*buttons[:8])


def test_an_inline_keyboard_holds_a_hundred_buttons() -> None:
    row = [{"text": "a", "callback_data": "x"}] * 5

    assert checked({"inline_keyboard": [row] * 20}) == {"inline_keyboard": [row] * 20}
    assert refusal({"inline_keyboard": [row] * 21}) == "reply markup is too long"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ({"inline_keyboard": "a"}, 'field "inline_keyboard" must be of type Array'),
        ({"keyboard": ["a"]}, 'field "keyboard" must be an Array of Arrays'),
        (
            {"inline_keyboard": ["a"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        ({"keyboard": [["a"]], "resize_keyboard": 1}, 'field "resize_keyboard" must be of type Boolean'),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "PLACEHOLDER_TOO_LONG"),
        ({"keyboard": [[1]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
        (
            {"keyboard": [[{"text": "a", "request_contact": True, "request_location": True}]]},
            "can't parse keyboard button: at most one action may be specified",
        ),
        (
            {"keyboard": [[{"text": "a", "request_users": {"request_id": 1, "max_quantity": 11}}]]},
            "BUTTON_QUANTITY_MAX_INVALID",
        ),
    ],
)
def test_a_wrong_keyboard_is_refused(markup: Json, reason: str) -> None:
    assert refusal(markup) == reason


def test_a_reply_keyboard_keeps_what_was_asked_for() -> None:
    markup = {
        "keyboard": [["a", {"text": "b", "request_contact": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": False,
        "input_field_placeholder": "Pilih",
        "selective": True,
    }

    assert checked(markup) == {
        "keyboard": [[{"text": "a"}, {"text": "b", "request_contact": True}]],
        "resize_keyboard": True,
        "input_field_placeholder": "Pilih",
        "selective": True,
    }


def test_removal_and_forced_reply_stay_as_they_are() -> None:
    assert checked({"remove_keyboard": True, "selective": True}) == {
        "remove_keyboard": True,
        "selective": True,
    }
    assert checked({"force_reply": True, "input_field_placeholder": "x" * 64}) == {
        "force_reply": True,
        "input_field_placeholder": "x" * 64,
    }


def test_contacts_are_asked_for_only_in_private_chats() -> None:
    markup = {"keyboard": [[{"text": "a", "request_contact": True}]]}

    assert refusal(markup, "group") == "phone number can be requested in private chats only"


@pytest.mark.parametrize("chat_type", ["channel", "inline"])
def test_only_inline_keyboards_go_where_no_one_types(chat_type: str) -> None:
    assert refusal({"keyboard": [["a"]]}, chat_type) == "inline keyboard expected"
