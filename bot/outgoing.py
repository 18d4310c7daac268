"""What a unit of work asks to be sent, as plain data.

What goes to people is turned into a `Call`, the name of the Bot API's method and its parameters as JSON can hold them,
so that it can be stored until it is sent (`bot/delivery.py`). Nothing here knows Telegram's library.
"""

from dataclasses import dataclass
from typing import Any, assert_never

from bot.services.requests import Call
from bot.views.reply import Button, InlineCard, Keyboard, Link, Press, Reply

NO_PREVIEW = {"is_disabled": True}
PARSE_MODE = "HTML"


@dataclass(frozen=True)
class SendMessage:
    """A new message; `question_id` is told which message answered it."""

    chat_id: int
    reply: Reply
    thread_id: int | None = None
    reply_to: int | None = None
    question_id: int | None = None


@dataclass(frozen=True)
class EditMessage:
    """Text and buttons of an earlier message of ours; sent anew where that one is gone."""

    message_id: int
    instead: SendMessage


@dataclass(frozen=True)
class EditKeyboard:
    """Only the buttons of an earlier message of ours."""

    chat_id: int
    message_id: int
    keyboard: Keyboard


@dataclass(frozen=True)
class DeleteMessage:
    """An earlier message of ours that answers nothing any more."""

    chat_id: int
    message_id: int


@dataclass(frozen=True)
class AnswerPress:
    """What a person sees right after pressing a button."""

    callback_id: str
    text: str = ""
    is_alert: bool = False


@dataclass(frozen=True)
class AnswerInline:
    """The list of inline mode, with a button to the bot above it."""

    query_id: str
    results: tuple[InlineCard, ...]
    button: str


@dataclass(frozen=True)
class SetMenu:
    """The commands that one private chat lists, as (name, what it does); none: those that everybody's chat lists.

    `language` is the one of the reader's app that the list is for; None is for all that have no list of their own.
    """

    chat_id: int
    language: str | None
    commands: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SendFile:
    """A file that is stored under `stored` (`bot/services/files.py`); `message` is its caption, with its buttons.

    A picture is shown, everything else is a document."""

    message: SendMessage
    name: str
    stored: str
    is_picture: bool = False


@dataclass(frozen=True)
class SendCall:
    """A call that is stored as it stands: what an announcement consists of, or a question of a poll.

    `if_refused` is said in its place when Telegram will not have it; `poll_copy_id` is told which poll came of it.
    """

    call: Call
    if_refused: Reply | None = None
    poll_copy_id: int | None = None


ToPeople = SendCall | SendMessage | EditMessage | EditKeyboard | DeleteMessage | SetMenu | SendFile
Outgoing = ToPeople | AnswerPress | AnswerInline


def call_of(outgoing: ToPeople) -> Call:
    """What has to be called for this request.

    An edit also says what `sendMessage` needs, for the case that the message is gone.
    """
    match outgoing:
        case SendCall(call=call):
            return call
        case SendMessage():
            return Call("sendMessage", _message(outgoing))
        case EditMessage(message_id, instead):
            return Call("editMessageText", _message(instead) | {"message_id": message_id})
        case EditKeyboard(chat_id, message_id, keyboard):
            return Call(
                "editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id} | markup_of(keyboard)
            )
        case DeleteMessage(chat_id, message_id):
            return Call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        case SendFile(message, name, stored, is_picture):
            parameters = _message(message)
            file = {"caption": parameters.pop("text"), "filename": name}
            del parameters["link_preview_options"]  # a caption has none
            if is_picture:
                return Call("sendPhoto", parameters | file | {"photo": stored})
            return Call("sendDocument", parameters | file | {"document": stored})
        case SetMenu(chat_id, language, commands):
            place: dict[str, Any] = {"scope": {"type": "chat", "chat_id": chat_id}}
            if language is not None:
                place["language_code"] = language
            if not commands:
                return Call("deleteMyCommands", place)
            listed = [{"command": name, "description": does} for name, does in commands]
            return Call("setMyCommands", place | {"commands": listed})
        case _:
            assert_never(outgoing)


def answered_question(outgoing: ToPeople) -> int | None:
    """The question that wants to know which message answers it."""
    message = outgoing.instead if isinstance(outgoing, EditMessage) else outgoing
    return message.question_id if isinstance(message, SendMessage) else None


def asked_copy(outgoing: ToPeople) -> int | None:
    """The copy of a question of a poll that wants to know which poll came of it."""
    return outgoing.poll_copy_id if isinstance(outgoing, SendCall) else None


def with_buttons(call: Call, keyboard: Keyboard) -> Call:
    """The call with these buttons under its message."""
    return Call(call.method, call.parameters | markup_of(keyboard))


def said_instead(outgoing: ToPeople) -> dict[str, Any] | None:
    """The parameters of the message that is sent when Telegram refuses this, if there is one."""
    if not isinstance(outgoing, SendCall) or outgoing.if_refused is None:
        return None
    return _message(SendMessage(outgoing.call.chat_id, outgoing.if_refused))


def _message(message: SendMessage) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "chat_id": message.chat_id,
        "text": message.reply.text,
        "parse_mode": PARSE_MODE,
        "link_preview_options": NO_PREVIEW,
    } | markup_of(message.reply.keyboard)
    if message.thread_id is not None:
        parameters["message_thread_id"] = message.thread_id
    if message.reply_to is not None:
        # Whoever deletes the question meanwhile shall not lose the answer.
        parameters["reply_parameters"] = {"message_id": message.reply_to, "allow_sending_without_reply": True}
    return parameters


def markup_of(keyboard: Keyboard) -> dict[str, Any]:
    """The buttons as a parameter of a call; nothing where there are none."""
    if not keyboard:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_button(button) for button in row] for row in keyboard]}}


def _button(button: Button) -> dict[str, str]:
    match button:
        case Press(label, action):
            return {"text": label, "callback_data": action.pack()}
        case Link(label, url):
            return {"text": label, "url": url}
        case _:
            assert_never(button)
