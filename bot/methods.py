"""The methods of the Bot API that a stored call may name, and how its JSON becomes what python-telegram-bot takes."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    InlineKeyboardMarkup,
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    InputPollOption,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.ext import ExtBot

from bot.services.requests import TEXT_FILE, Call

_METHODS = {
    "copyMessage": "copy_message",
    "deleteMessage": "delete_message",
    "deleteMessages": "delete_messages",
    "deleteMyCommands": "delete_my_commands",
    "editMessageCaption": "edit_message_caption",
    "editMessageMedia": "edit_message_media",
    "editMessageReplyMarkup": "edit_message_reply_markup",
    "editMessageText": "edit_message_text",
    "pinChatMessage": "pin_chat_message",
    "sendAnimation": "send_animation",
    "sendAudio": "send_audio",
    "sendDocument": "send_document",
    "sendMediaGroup": "send_media_group",
    "sendMessage": "send_message",
    "sendPhoto": "send_photo",
    "sendPoll": "send_poll",
    "sendVideo": "send_video",
    "sendVoice": "send_voice",
    "setMyCommands": "set_my_commands",
    "stopPoll": "stop_poll",
}
# What the library adds to the method's own parameters.
_NOT_STORED = {"self", "api_kwargs", "rate_limit_args"}
_PARAMETERS = {
    method: {
        name
        for name in inspect.signature(getattr(ExtBot, function)).parameters
        if name not in _NOT_STORED and not name.endswith("_timeout")
    }
    for method, function in _METHODS.items()
}
_MEDIA = {
    "animation": InputMediaAnimation,
    "audio": InputMediaAudio,
    "document": InputMediaDocument,
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
}
PAID = "allow_paid_broadcast"


class Malformed(Exception):
    """A stored call that cannot be carried out; the reason says what is wrong with it."""


def takes(method: str, parameter: str) -> bool:
    """Whether the method has a parameter of this name."""
    return parameter in _PARAMETERS.get(method, ())


def request(bot: Bot, call: Call, **how: Any) -> Awaitable[Any]:
    """The request, not begun yet. Raises `Malformed`."""
    if call.method not in _METHODS:
        raise Malformed(f"no stored call may name the method {call.method}")
    unknown = sorted(call.parameters.keys() - _PARAMETERS[call.method])
    if unknown:
        raise Malformed(f"{call.method} has no parameter {', '.join(unknown)}")
    try:
        arguments = {
            name: _OBJECTS[name](value) if name in _OBJECTS and value is not None else value
            for name, value in call.parameters.items()
        }
        made: Awaitable[Any] = getattr(bot, _METHODS[call.method])(**arguments, **how)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"{call.method} cannot be made: {type(error).__name__}") from None
    return made


def _entities(given: list[dict[str, Any]]) -> tuple[MessageEntity, ...]:
    return MessageEntity.de_list(given, None)


def _media(given: list[dict[str, Any]] | dict[str, Any]) -> Any:
    """The parts of an album, or the one file that an edit brings."""
    return [_medium(**medium) for medium in given] if isinstance(given, list) else _medium(**given)


def _medium(type: str, caption_entities: list[dict[str, Any]] | None = None, **fields: Any) -> Any:  # noqa: A002 - the API's name
    return _MEDIA[type](caption_entities=_entities(caption_entities or []), **fields)


def _options(given: list[Any]) -> list[Any]:
    return [each if isinstance(each, str) else _option(**each) for each in given]


def _option(text_entities: list[dict[str, Any]] | None = None, **fields: Any) -> InputPollOption:
    return InputPollOption(text_entities=_entities(text_entities or []), **fields)


def _document(given: Any) -> Any:
    """An id or bytes as they are; a small file of text stands in the call itself."""
    is_text = isinstance(given, str) and given.startswith(TEXT_FILE)
    return given.removeprefix(TEXT_FILE).encode() if is_text else given


_OBJECTS: Mapping[str, Callable[[Any], Any]] = {
    "caption_entities": _entities,
    "commands": lambda given: BotCommand.de_list(given, None),
    "document": _document,
    "entities": _entities,
    "explanation_entities": _entities,
    "link_preview_options": lambda given: LinkPreviewOptions.de_json(given, None),
    "media": _media,
    "options": _options,
    "scope": lambda given: BotCommandScope.de_json(given, None),
    "question_entities": _entities,
    "reply_markup": lambda given: InlineKeyboardMarkup.de_json(given, None),
    "reply_parameters": lambda given: ReplyParameters.de_json(given, None),
}
