import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.simulator.make_methods import compact, written
from bot.simulator.parameters import canonical, is_method, read
from bot.simulator.refusal import Refused

Json = dict[str, Any]
MESSAGE: Json = {"chat_id": "5", "text": "x"}
BUTTON = {"text": "a", "callback_data": "x"}


def refusal(method: str, raw: Json, files: Sequence[str] = ()) -> str:
    with pytest.raises(Refused) as refused:
        read(method, raw, files=files)
    assert refused.value.code == 400
    return refused.value.description.removeprefix("Bad Request: ")


def test_the_case_of_a_method_does_not_matter() -> None:
    assert is_method("sendmessage")
    assert canonical("SENDMESSAGE") == "sendMessage"
    assert read("sendmessage", MESSAGE) == {"chat_id": 5, "text": "x"}


def test_an_unknown_method_is_not_found() -> None:
    assert not is_method("sendNothing")
    with pytest.raises(Refused, match="Not Found") as refused:
        canonical("sendNothing")
    assert refused.value.code == 404


@pytest.mark.parametrize(
    ("given", "value"),
    [("7", 7), (7, 7), ("-1001", -1001), (" 7 ", 7), ("@tanya", "@tanya"), (str(2**63 - 1), 2**63 - 1)],
)
def test_a_chat_is_a_number_or_a_name(given: Any, value: int | str) -> None:
    assert read("getChat", {"chat_id": given}) == {"chat_id": value}


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("true", True),
        ("True", True),
        ("1", True),
        (True, True),
        ("false", False),
        ("0", False),
        (False, False),
    ],
)
def test_a_truth_value_may_be_text(given: Any, value: bool) -> None:
    assert read("sendMessage", MESSAGE | {"protect_content": given})["protect_content"] is value


@pytest.mark.parametrize(("given", "value"), [("1.5", 1.5), (1.5, 1.5), (2, 2.0), ("-3e1", -30.0)])
def test_a_decimal_number_may_be_text(given: Any, value: float) -> None:
    assert read("sendLocation", {"chat_id": 1, "latitude": given, "longitude": 2})["latitude"] == value


def test_an_empty_parameter_counts_as_absent() -> None:
    empty = {"parse_mode": "", "reply_markup": "", "message_thread_id": None, "reply_parameters": "{}"}

    assert read("sendMessage", MESSAGE | empty) == {"chat_id": 5, "text": "x"}


@pytest.mark.parametrize("encode", [json.dumps, lambda value: value], ids=["text", "native"])
def test_objects_come_as_text_or_as_json(encode: Any) -> None:
    keyboard = {"inline_keyboard": [[BUTTON]]}

    raw = MESSAGE | {"reply_markup": encode(keyboard), "reply_parameters": encode({"message_id": "3"})}

    assert read("sendMessage", raw) == {
        "chat_id": 5,
        "text": "x",
        "reply_markup": keyboard,
        "reply_parameters": {"message_id": 3},
    }


def test_a_plain_text_stands_for_a_button_and_an_answer_of_a_poll() -> None:
    poll = read("sendPoll", {"chat_id": 1, "question": "q", "options": '["a", {"text": "b"}]'})
    message = read("sendMessage", MESSAGE | {"reply_markup": {"keyboard": [["a"]]}})

    assert poll["options"] == [{"text": "a"}, {"text": "b"}]
    assert message["reply_markup"] == {"keyboard": [[{"text": "a"}]]}


def test_an_inline_result_is_told_by_its_type_and_its_fields() -> None:
    results = [
        {"type": "photo", "id": "1", "photo_file_id": "f"},
        {"type": "photo", "id": "2", "photo_url": "u", "thumbnail_url": "t"},
        {"type": "article", "id": "3", "title": "t", "input_message_content": {"message_text": "x"}},
        {"type": "venue", "id": "4", "latitude": 1.0, "longitude": 2.0, "title": "t", "address": "a"},
    ]

    assert read("answerInlineQuery", {"inline_query_id": "1", "results": results})["results"] == results


@pytest.mark.parametrize(
    ("method", "raw", "reason"),
    [
        ("sendMessage", {}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5}, "message text is empty"),
        ("getFile", {}, 'parameter "file_id" is required'),
        ("getChatMember", {"chat_id": 5}, "invalid user_id specified"),
        ("deleteMessage", {"chat_id": 5}, "message identifier is not specified"),
        ("sendMessage", MESSAGE | {"reply_to": 1}, 'unknown parameter "reply_to"'),
        ("getMe", {"x": ""}, 'unknown parameter "x"'),
        ("sendMessage", MESSAGE | {"text": ["x"]}, 'can\'t parse parameter "text": String expected'),
        ("sendMessage", MESSAGE | {"text": "a\ud800"}, "strings must be encoded in UTF-8"),
        ("getUpdates", {"offset": "x"}, 'can\'t parse parameter "offset": Number expected'),
        ("getUpdates", {"offset": 2**63}, 'can\'t parse parameter "offset": Number expected'),
        ("getUpdates", {"offset": 1.5}, 'can\'t parse parameter "offset": Number expected'),
        (
            "sendMessage",
            MESSAGE | {"protect_content": "maybe"},
            'can\'t parse parameter "protect_content": Boolean expected',
        ),
        ("getUpdates", {"allowed_updates": "[NaN]"}, "can't parse allowed updates JSON object"),
        ("getUpdates", {"allowed_updates": '"message"'}, "can't parse allowed updates: expected an Array"),
        ("getUpdates", {"allowed_updates": [[]]}, 'field "allowed_updates" must be of type String'),
        ("setMyCommands", {"commands": "["}, "can't parse commands JSON object"),
        ("setMyCommands", {"commands": "[" * 100_000}, "can't parse commands JSON object"),
    ],
)
def test_a_wrong_parameter_is_refused(method: str, raw: Json, reason: str) -> None:
    assert refusal(method, raw) == reason


@pytest.mark.parametrize(
    ("parameter", "value", "reason"),
    [
        ("reply_markup", "{", "can't parse reply keyboard markup JSON object"),
        ("reply_markup", "[]", "object expected as reply markup"),
        ("reply_markup", {"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        (
            "reply_markup",
            {"inline_keyboard": [["x"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            "reply_markup",
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            "reply_markup",
            {"inline_keyboard": [[BUTTON | {"colour": "red"}]]},
            'can\'t parse inline keyboard button: Unknown field "colour"',
        ),
        (
            "reply_markup",
            {"inline_keyboard": [[{"text": "a", "callback_data": True}]]},
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String',
        ),
        ("reply_markup", {"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
        ("reply_markup", {"remove_keyboard": True, "x": 1}, 'unknown field "x"'),
        ("reply_parameters", {"quote": "x"}, 'can\'t find field "message_id"'),
        ("reply_parameters", {"message_id": "x"}, 'field "message_id" must be a valid Number'),
        ("reply_parameters", {"message_id": True}, 'field "message_id" must be of type Number'),
        (
            "link_preview_options",
            {"prefer_small_media": "yes"},
            'field "prefer_small_media" must be of type Boolean',
        ),
        ("link_preview_options", {"url": "a\udc00"}, "strings must be encoded in UTF-8"),
        ("entities", [{"type": "bold"}], "can't parse MessageEntity: Can't find field \"offset\""),
        ("entities", {}, "can't parse entities: expected an Array"),
    ],
)
def test_mistakes_inside_of_objects_are_refused(parameter: str, value: Any, reason: str) -> None:
    assert refusal("sendMessage", MESSAGE | {parameter: value}) == reason


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"type": "moon"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"chat_id": 5}, "can't parse BotCommandScope: Can't find field \"type\""),
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"type": "default", "chat_id": 5}, 'can\'t parse BotCommandScope: Unknown field "chat_id"'),
    ],
)
def test_a_wrong_scope_is_refused(scope: Json, reason: str) -> None:
    assert refusal("setMyCommands", {"commands": [], "scope": scope}) == reason


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"type": "moon", "id": "1"}, "Unsupported type specified"),
        ({"type": "article", "title": "t"}, 'Can\'t find field "id"'),
        (
            {
                "type": "article",
                "id": "1",
                "title": "t",
                "input_message_content": {"message_text": "x", "a": 1},
            },
            'Unknown field "a"',
        ),
        (
            {
                "type": "article",
                "id": "1",
                "title": "t",
                "input_message_content": {"message_text": "x"},
                "reply_markup": {"inline_keyboard": [[{}]]},
            },
            "Can't parse inline keyboard button: Can't find field \"text\"",
        ),
    ],
)
def test_a_wrong_inline_result_is_refused(result: Json, reason: str) -> None:
    raw = {"inline_query_id": "1", "results": [result]}

    assert refusal("answerInlineQuery", raw) == f"can't parse inline query result: {reason}"


def test_an_uploaded_file_is_named_by_its_part() -> None:
    assert read("sendDocument", {"chat_id": 1}, files=["document"])["document"] == "attach://document"
    assert (
        read("sendDocument", {"chat_id": 1, "document": "attach://a"}, files=["a"])["document"]
        == "attach://a"
    )
    assert read("sendDocument", {"chat_id": 1, "document": "BQAC"})["document"] == "BQAC"


def test_a_file_that_did_not_come_is_refused() -> None:
    album = {"chat_id": 1, "media": [{"type": "photo", "media": "attach://a"}]}

    assert refusal("sendDocument", {"chat_id": 1}) == "there is no document in the request"
    assert (
        refusal("sendDocument", {"chat_id": 1, "document": "attach://a"})
        == "there is no document in the request"
    )
    assert refusal("sendMediaGroup", album, ["b"]) == "can't parse InputMedia: Media not found"
    assert read("sendMediaGroup", album, files=["a"]) == album


def test_a_description_is_cut_down_to_what_requests_are_checked_by() -> None:
    description = {
        "version": "Bot API 1.0",
        "methods": {
            "send": {
                "fields": [
                    {"name": "to", "types": ["Integer", "String"], "required": True, "description": ""},
                    {
                        "name": "what",
                        "types": ["Array of Array of Thing"],
                        "required": False,
                        "description": "",
                    },
                ]
            },
            "get": {},
        },
        "types": {
            "Thing": {"subtypes": ["Big"]},
            "Big": {
                "fields": [
                    {
                        "name": "type",
                        "types": ["String"],
                        "required": True,
                        "description": "Type, must be big",
                    },
                    {
                        "name": "file",
                        "types": ["String"],
                        "required": False,
                        "description": "Pass attach://x",
                    },
                ]
            },
            "Answer": {"fields": []},
        },
    }

    small = compact(description)

    assert small == {
        "version": "1.0",
        "methods": {"send": {"to": "Integer|String!", "what": "[[Thing]]"}, "get": {}},
        "types": {"Big": {"type": "=big!", "file": "InputFile"}, "Thing": ["Big"]},
    }
    assert json.loads(written(small)) == small
    assert len(written(small).splitlines()) == 9
