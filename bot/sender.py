"""Carries out what units of work ask for, after their commit; knows Telegram's errors.

Each kind of request is plain data. What goes to people is turned into a `Call`, the name of the Bot API's method and
its parameters as JSON can hold them, so that it can be stored until it is sent (`bot/delivery.py`). How a try ended is
a type as well, so that nobody has to guess what an exception meant: after `TimedOut` it may have been delivered,
`Forbidden` is a person's decision, `BadRequest` is ours to mend.

A call is one try. Whether there is another is up to whoever stored it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, assert_never

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    MessageId,
    Poll,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.limiter import seconds_of
from bot.methods import PAID, Malformed, request, takes
from bot.request import NotConnected
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from bot.views.reply import Button, InlineCard, Keyboard, Link, Press, Reply

log = logging.getLogger(__name__)

NO_PREVIEW = {"is_disabled": True}
INLINE_CACHE_SECONDS = 30  # a corrected entry reaches inline mode within this time
REMEMBERED_MESSAGES = 4096  # enough for double taps; a restart only costs a refusal that is understood
ANSWERED_WITHIN_S = (
    10.0  # after that nobody looks for what a press does, and Telegram soon refuses the answer
)
NOT_CONNECTED_S = 3.0  # until a server that could not be reached is tried again
TOKEN_REFUSED_S = 60.0  # until somebody may have put the token right, with a new start
# Telegram says 400 for these, though nobody is there who could read it. Its words, in small letters.
NOBODY_THERE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
    "group chat was deleted",
    "bot was kicked",
    "bot is not a member",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
)
GONE = ("message to edit not found", "message can't be edited")


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
                "editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id} | _markup(keyboard)
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
    return Call(call.method, call.parameters | _markup(keyboard))


def said_instead(outgoing: ToPeople) -> dict[str, Any] | None:
    """The parameters of the message that is sent when Telegram refuses this, if there is one."""
    if not isinstance(outgoing, SendCall) or outgoing.if_refused is None:
        return None
    return _message(SendMessage(outgoing.call.chat_id, outgoing.if_refused))


def _message(message: SendMessage) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "chat_id": message.chat_id,
        "text": message.reply.text,
        "parse_mode": ParseMode.HTML,
        "link_preview_options": NO_PREVIEW,
    } | _markup(message.reply.keyboard)
    if message.thread_id is not None:
        parameters["message_thread_id"] = message.thread_id
    if message.reply_to is not None:
        # Whoever deletes the question meanwhile shall not lose the answer.
        parameters["reply_parameters"] = {"message_id": message.reply_to, "allow_sending_without_reply": True}
    return parameters


class Sender:
    """Sends for one bot; with `is_paid` bulk goes by paid broadcast."""

    def __init__(self, bot: Bot, *, is_paid: bool = False) -> None:
        self._bot = bot
        self._is_paid = is_paid
        # Imprints of text and buttons of the latest messages of ours.
        self._said: OrderedDict[tuple[int, int], tuple[int, int]] = OrderedDict()

    async def call(self, call: Call, lane: Lane = Lane.REPLY) -> Outcome:
        """Try once, when the lane's turn comes. Never raises.

        A reply that edits a message which is gone is sent anew. What is so already (a text that does not change, a
        message that is deleted) counts as sent.
        """
        try:
            place = _place(call)
        except (KeyError, TypeError, ValueError):
            return Rejected(f"{call.method} does not say where")
        if lane is Lane.REPLY and self._is_said(call, place):
            return Sent((place[1],))  # a double tap: Telegram would refuse it
        if lane is Lane.BULK and self._is_paid and takes(call.method, PAID):
            call = Call(call.method, call.parameters | {PAID: True})
        try:
            if call.method == "editMessageText":
                result = await self._edit_text(call, lane)
            else:
                result = await request(self._bot, call, rate_limit_args=lane)
        except Malformed as error:
            return Rejected(str(error))
        except BadRequest as error:
            if not _is_so_already(call.method, error):
                return _outcome_of(error)
            result = True
        except Exception as error:
            return _outcome_of(error)
        sent = _sent(call, result)
        if lane is Lane.REPLY:
            self._remember(call, place, sent)
        else:
            self._said.pop(place, None)
        return sent

    async def answer(self, answer: AnswerPress | AnswerInline, *, age_s: float = 0.0) -> Outcome:
        """Answer a press or an inline query, once, at once. Never raises.

        `age_s` says how many seconds ago it was asked for: after ten nobody looks for it any more.
        """
        outcome: Outcome = Rejected("late")
        if age_s <= ANSWERED_WITHIN_S:
            try:
                await self._request_of(answer)
                return Sent()
            except Exception as error:
                outcome = _outcome_of(error)
        log.warning("answer dropped kind=%s outcome=%r", type(answer).__name__, outcome)
        return outcome

    def _request_of(self, answer: AnswerPress | AnswerInline) -> Awaitable[bool]:
        match answer:
            case AnswerPress(callback_id, text, is_alert):
                return self._bot.answer_callback_query(callback_id, text or None, show_alert=is_alert)
            case AnswerInline():
                return self._answer_inline(answer)
            case _:
                assert_never(answer)

    async def _edit_text(self, call: Call, lane: Lane) -> Any:
        edit = Call(call.method, {k: v for k, v in call.parameters.items() if takes(call.method, k)})
        try:
            return await request(self._bot, edit, rate_limit_args=lane)
        except BadRequest as error:
            if lane is not Lane.REPLY or not _says(error, GONE):
                raise
        anew = {name: value for name, value in call.parameters.items() if name != "message_id"}
        return await request(self._bot, Call("sendMessage", anew), rate_limit_args=lane)

    def _is_said(self, call: Call, place: tuple[int, int]) -> bool:
        said = self._said.get(place)
        match call.method:
            case "editMessageText":
                return said == _imprint(call)
            case "editMessageReplyMarkup":
                return said is not None and said[1] == _imprint(call)[1]
            case _:
                return False

    def _remember(self, call: Call, place: tuple[int, int], sent: Sent) -> None:
        text, keyboard = _imprint(call)
        match call.method:
            case "sendMessage" | "editMessageText" if sent.message_id is not None:
                place = place[0], sent.message_id  # a new one, also where the edited one was gone
            case "editMessageReplyMarkup" if (said := self._said.get(place)) is not None:
                text = said[0]
            case _:
                return
        self._said[place] = text, keyboard
        self._said.move_to_end(place)
        if len(self._said) > REMEMBERED_MESSAGES:
            self._said.popitem(last=False)

    async def _answer_inline(self, outgoing: AnswerInline) -> bool:
        results = [
            InlineQueryResultArticle(
                id=card.id,
                title=card.title,
                description=card.description,
                input_message_content=InputTextMessageContent(
                    card.reply.text,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
                reply_markup=inline_keyboard(card.reply.keyboard),
            )
            for card in outgoing.results
        ]
        button = InlineQueryResultsButton(outgoing.button, start_parameter="inline")
        return await self._bot.answer_inline_query(
            outgoing.query_id, results, cache_time=INLINE_CACHE_SECONDS, is_personal=True, button=button
        )


def inline_keyboard(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The buttons in Telegram's form."""
    markup = _markup(keyboard)
    return InlineKeyboardMarkup.de_json(markup["reply_markup"], None) if markup else None


def _markup(keyboard: Keyboard) -> dict[str, Any]:
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


def _place(call: Call) -> tuple[int, int]:
    return call.chat_id, int(call.parameters.get("message_id") or 0)


def _imprint(call: Call) -> tuple[int, int]:
    # Numbers instead of the words: what people were told is not kept here, and four thousand texts would be large.
    text, markup = call.parameters.get("text"), call.parameters.get("reply_markup")
    return hash(text), hash(json.dumps(markup, sort_keys=True))


def _sent(call: Call, result: Any) -> Sent:
    match result:
        case Message() | MessageId():
            poll = result.poll if isinstance(result, Message) else None
            return Sent((result.message_id,), poll.id if poll is not None else None)
        case tuple():
            return Sent(tuple(message.message_id for message in result))
        case Poll():
            return Sent((int(call.parameters["message_id"]),), result.id)
        case _ if call.method.startswith("edit"):
            return Sent((int(call.parameters["message_id"]),))
        case _:
            return Sent()


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    return any(phrase in error.message.lower() for phrase in phrases)


def _is_so_already(method: str, error: BadRequest) -> bool:
    if method.startswith("edit"):
        return _says(error, ("message is not modified",))
    return method == "deleteMessage" and _says(error, ("message to delete not found",))


def _outcome_of(error: Exception) -> Outcome:
    """The order matters: for python-telegram-bot a bad request is a kind of network error."""
    match error:
        case RetryAfter():
            return Wait(seconds_of(error))
        case NotConnected():
            return Wait(NOT_CONNECTED_S)
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Blocked()
        case BadRequest():
            return Blocked() if _says(error, NOBODY_THERE) else Rejected(error.message)
        case InvalidToken():
            # 401 is the token's; 404 is that of a method which this server does not know.
            return Wait(TOKEN_REFUSED_S) if _says(error, ("unauthorized",)) else Rejected(error.message)
        case NetworkError():
            return Uncertain()
        case TelegramError() if type(error) is not TelegramError:
            return Rejected(error.message)
        case _:
            # An answer that cannot be read: whatever it says, the request has arrived.
            log.warning("answer not understood kind=%s", type(error).__name__)
            return Uncertain()
