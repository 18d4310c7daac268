"""Keyboards under and instead of messages: what Telegram refuses in them, and what it keeps."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.simulator.links import BadLinkError, check_link, linked_user
from bot.simulator.refusal import Refused, bad_request
from bot.simulator.spans import clean_text, utf16_length

Json = dict[str, Any]
_Button = TypeVar("_Button")

_STYLES = ("danger", "success", "primary")
_LOOKS = {"text", "icon_custom_emoji_id", "style"}
MAX_CALLBACK_BYTES = 64
MAX_COPIED_TEXT = 256
MAX_PLACEHOLDER = 64
MAX_INLINE_BUTTONS = 100
# Further buttons of a row, and of a reply keyboard, are left out without a word.
_INLINE_ROW = 8
_REPLY_ROW = 12
_REPLY_BUTTONS = 300
# Buttons that people can press only when they are alone with the bot, and how Telegram calls them.
_PRIVATE = {
    "request_contact": "phone number can be requested",
    "request_location": "location can be requested",
    "request_poll": "poll can be requested",
    "request_users": "users can be requested",
    "request_chat": "chats can be requested",
    "request_managed_bot": "managed bots can be requested",
    "web_app": "Web App buttons can be used",
}
_MOST_REQUESTED_USERS = 10


def check(reply_markup: Json, *, chat_type: str, bot_username: str) -> Json:
    """The keyboard as the message will carry it.

    `chat_type` is "private", "group", "supergroup", "channel", or "inline" for a message sent through inline
    mode. Empty rows are dropped; of a keyboard without buttons {"inline_keyboard": []} or {} remains: none.
    """
    rows = _rows(reply_markup, "keyboard")
    inline_rows = _rows(reply_markup, "inline_keyboard")
    flags = {name: _flag(reply_markup, name) for name in ("remove_keyboard", "force_reply", "selective")}
    is_inline_only = chat_type in {"channel", "inline"}
    result: Json = {}
    if rows:
        result = _reply_keyboard(reply_markup, rows, chat_type)
    elif inline_rows:
        return _inline_keyboard(inline_rows, chat_type, bot_username)
    elif flags["remove_keyboard"]:
        result = {"remove_keyboard": True}
    elif flags["force_reply"]:
        result = {"force_reply": True, **_placeholder(reply_markup)}
    elif "inline_keyboard" in reply_markup:
        return {"inline_keyboard": []}
    if result and is_inline_only:
        raise bad_request("inline keyboard expected")
    if result and flags["selective"]:
        result["selective"] = True
    return result


def _rows(reply_markup: Json, name: str) -> list[list[Any]]:
    rows = reply_markup.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        of = " of the InlineKeyboardMarkup" if name == "inline_keyboard" else ""
        raise bad_request(f'field "{name}"{of} must be an Array of Arrays')
    return rows


def _flag(holder: Json, name: str) -> bool:
    value = holder.get(name, False)
    if not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of type Boolean')
    return value


def _placeholder(reply_markup: Json) -> Json:
    text = reply_markup.get("input_field_placeholder") or ""
    if utf16_length(text) > MAX_PLACEHOLDER:
        raise bad_request("PLACEHOLDER_TOO_LONG")
    return {"input_field_placeholder": text} if text else {}


def _filled(rows: list[list[Any]], longest: int, made: Callable[[Any], _Button]) -> list[list[_Button]]:
    return [[made(button) for button in row[:longest]] for row in rows if row]


def _button_text(button: Json, kind: str) -> str:
    if button.get("text") is None:
        raise bad_request(f"can't parse {kind} button: Can't find field \"text\"")
    if not isinstance(button["text"], str):
        raise bad_request(f'can\'t parse {kind} button: Field "text" must be of type String')
    text = clean_text(button["text"])
    if not text.strip():
        raise bad_request(f"{kind} button text must be non-empty")
    if button.get("style") is not None and button["style"] not in _STYLES:
        raise bad_request(f"can't parse {kind} button: Unsupported button style specified")
    return text


def _looks(button: Json) -> Json:
    return {name: button[name] for name in ("icon_custom_emoji_id", "style") if button.get(name)}


# Reply keyboards


def _reply_keyboard(reply_markup: Json, rows: list[list[Any]], chat_type: str) -> Json:
    keyboard = _filled(rows, _REPLY_ROW, lambda button: _reply_button(button, chat_type))
    if sum(map(len, keyboard)) > _REPLY_BUTTONS:
        raise bad_request("reply markup is too long")
    result: Json = {"keyboard": keyboard} if keyboard else {}
    for name in ("is_persistent", "resize_keyboard", "one_time_keyboard"):
        if _flag(reply_markup, name) and result:
            result[name] = True
    return result | _placeholder(reply_markup) if result else {}


def _reply_button(button: Any, chat_type: str) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    text = _button_text(button, "keyboard")
    actions = {
        name: value for name, value in button.items() if name not in _LOOKS and value not in (None, False)
    }
    if len(actions) > 1:
        raise bad_request("can't parse keyboard button: at most one action may be specified")
    for name in actions:
        if chat_type != "private" and name in _PRIVATE:
            raise bad_request(f"{_PRIVATE[name]} in private chats only")
    if "web_app" in actions:
        _checked_url(actions["web_app"]["url"], "keyboard button Web App", https_only=True)
    if not 1 <= actions.get("request_users", {}).get("max_quantity", 1) <= _MOST_REQUESTED_USERS:
        raise bad_request("BUTTON_QUANTITY_MAX_INVALID")
    return {"text": text, **_looks(button), **actions}


# Inline keyboards


def _inline_keyboard(rows: list[list[Any]], chat_type: str, bot_username: str) -> Json:
    if sum(map(len, rows)) > MAX_INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    return {
        "inline_keyboard": _filled(
            rows, _INLINE_ROW, lambda each: _inline_button(each, chat_type, bot_username)
        )
    }


def _inline_button(button: Any, chat_type: str, bot_username: str) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = _button_text(button, "inline keyboard")
    actions = {
        name: value for name, value in button.items() if name not in _LOOKS and not _is_absent(name, value)
    }
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        # The server takes the first that it knows and drops the others: what a bot never wants.
        raise bad_request("can't parse inline keyboard button: exactly one action must be specified")
    ((name, value),) = actions.items()
    return {"text": text, **_looks(button), name: _inline_action(name, value, chat_type, bot_username)}


def _is_absent(name: str, value: Any) -> bool:
    return (
        value is None or (name in {"url", "callback_data"} and value == "") or (name == "pay" and not value)
    )


def _inline_action(name: str, value: Any, chat_type: str, bot_username: str) -> Any:
    match name:
        case "callback_data":
            if len(value.encode()) > MAX_CALLBACK_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
            return value
        case "url":
            return _url(value)
        case "switch_inline_query" | "switch_inline_query_current_chat" | "switch_inline_query_chosen_chat":
            return _switch(name, value, chat_type)
        case "copy_text":
            if not 1 <= utf16_length(clean_text(value["text"])) <= MAX_COPIED_TEXT:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
            return value
        case "web_app":
            _checked_url(value["url"], "inline keyboard button Web App", https_only=True)
            if chat_type != "private":
                raise bad_request("BUTTON_TYPE_INVALID")
            return value
        case "login_url":
            raise _login_refusal(value, bot_username)
        case _:
            # Games and payments go with messages that the simulator does not send.
            raise bad_request("BUTTON_TYPE_INVALID")


def _url(url: str) -> str:
    if linked_user(url) is not None:
        return url
    checked = _checked_url(url, "inline keyboard button")
    host = checked.partition("://")[2].partition("/")[0]
    if checked.startswith("http") and len(host.rpartition(".")[2].partition(":")[0]) < 2 and "[" not in host:
        digits = host.partition(":")[0].replace(".", "")
        if not digits.isdecimal():
            raise bad_request("BUTTON_URL_INVALID")
    return checked


def _checked_url(url: str, what: str, *, https_only: bool = False) -> str:
    try:
        return check_link(url, https_only=https_only)
    except BadLinkError as error:
        raise bad_request(f"{what} URL '{url}' is invalid: {error}") from None


def _switch(name: str, value: Any, chat_type: str) -> Any:
    if chat_type == "channel":
        shown = "switch_inline_query_current_chat" if name.endswith("current_chat") else "switch_inline_query"
        raise bad_request(
            f"can't use {shown} button in a channel chat, because users will not be able to use the button "
            "without knowing bot's username"
        )
    if name != "switch_inline_query_chosen_chat":
        return clean_text(value)
    kinds = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")
    if not any(value.get(kind) for kind in kinds):
        raise bad_request("at least one chat type must be allowed")
    return value


def _login_refusal(value: Json, bot_username: str) -> Refused:
    """A login button works only for a bot with a linked domain; no bot of the simulator has one."""
    _checked_url(value["url"], "inline keyboard button login", https_only=True)
    username = value.get("bot_username", "").removeprefix("@")
    if username and username.lower() != bot_username.lower():
        return bad_request(f'bot "{username}" not found')
    return bad_request("BOT_DOMAIN_INVALID")
