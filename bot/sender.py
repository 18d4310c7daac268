"""Carries out what units of work ask for, after their commit; knows Telegram's errors.

Each kind of request is plain data. What goes to people is turned into a `Call`, the name of the Bot API's method and
its parameters as JSON can hold them, so that it can be stored until it is sent (`bot/delivery.py`). How a try ended is
a type as well, so that nobody has to guess what an exception meant: `TimedOut` may have been delivered, `Forbidden` is
a person's decision, `BadRequest` is ours to mend.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.services.requests import Blocked, Call, Outcome, Rejected, Sent, Uncertain, Wait
from bot.views.reply import Button, InlineCard, Keyboard, Link, Press, Reply

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
INLINE_CACHE_SECONDS = 30  # a corrected entry reaches inline mode within this time
REMEMBERED_MESSAGES = 4096  # enough for double taps; a restart only costs a refusal that is understood
LONGEST_WAIT_SECONDS = 2.0  # a longer RetryAfter is waited for in the outbox, so that nothing here is held up


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
    """A file that is stored under `stored` (`bot/services/files.py`); `message` is its caption, with its buttons."""

    message: SendMessage
    name: str
    stored: str


ToPeople = SendMessage | EditMessage | EditKeyboard | DeleteMessage | SetMenu | SendFile
Outgoing = ToPeople | AnswerPress | AnswerInline


def call_of(outgoing: ToPeople) -> Call:
    """What has to be called for this request."""
    match outgoing:
        case SendMessage():
            return Call("sendMessage", _message(outgoing))
        case EditMessage(message_id, instead):
            return Call("editMessageText", _message(instead) | {"message_id": message_id})
        case EditKeyboard(chat_id, message_id, keyboard):
            parameters = {"chat_id": chat_id, "message_id": message_id, "keyboard": _plain(keyboard)}
            return Call("editMessageReplyMarkup", parameters)
        case DeleteMessage(chat_id, message_id):
            return Call("deleteMessage", {"chat_id": chat_id, "message_id": message_id})
        case SendFile(message, name, stored):
            parameters = _message(message)
            caption = parameters.pop("text")
            file = {"caption": caption, "document": stored, "filename": name}
            return Call("sendDocument", parameters | file)
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


def _message(message: SendMessage) -> dict[str, Any]:
    return {
        "chat_id": message.chat_id,
        "text": message.reply.text,
        "keyboard": _plain(message.reply.keyboard),
        "message_thread_id": message.thread_id,
        "reply_to": message.reply_to,
    }


Said = tuple[str, list[list[dict[str, str]]]]  # text and buttons of a message of ours


class Sender:
    """Sends for one bot. `pauses_s` are the waits in seconds before each repetition of what may not have arrived."""

    def __init__(self, bot: Bot, pauses_s: Sequence[float] = (1.0, 4.0)) -> None:
        self._bot = bot
        self._pauses_s = tuple(pauses_s)
        self._said: OrderedDict[tuple[int, int], Said] = OrderedDict()

    async def call(self, call: Call) -> Outcome:
        """Carry out a stored request. An answer twice is better than none, so an uncertain one is repeated.

        Never raises. What is still uncertain after that, or has to wait longer, is up to the caller.
        """
        outcome: Outcome = Uncertain()
        for pause in (*self._pauses_s, None):
            outcome = await self._outcome_of(self._attempt(call))
            match outcome:
                case Wait(seconds) if pause is not None and seconds <= LONGEST_WAIT_SECONDS:
                    await asyncio.sleep(seconds)
                case Uncertain() if pause is not None:
                    await asyncio.sleep(pause)
                case _:
                    break
        return outcome

    async def answer(self, answer: AnswerPress | AnswerInline) -> Outcome:
        """Answer a press or an inline query, once: after a moment nobody looks for it any more. Never raises."""
        match answer:
            case AnswerPress(callback_id, text, is_alert):
                request = self._bot.answer_callback_query(callback_id, text or None, show_alert=is_alert)
                outcome = await self._outcome_of(request)
            case AnswerInline():
                outcome = await self._outcome_of(self._answer_inline(answer))
            case _:
                assert_never(answer)
        if not isinstance(outcome, Sent):
            log.warning("answer dropped kind=%s outcome=%r", type(answer).__name__, outcome)
        return outcome

    async def _outcome_of(self, request: Awaitable[int | bool | None]) -> Outcome:
        try:
            result = await request
        except RetryAfter as error:
            wait = error.retry_after
            return Wait(float(wait if isinstance(wait, int) else wait.total_seconds()))
        except (Forbidden, ChatMigrated):
            return Blocked()
        except BadRequest as error:
            return Rejected(error.message)
        except NetworkError:
            return Uncertain()
        except TelegramError as error:
            return Rejected(error.message)
        return Sent(() if result is None or isinstance(result, bool) else (result,))

    async def _attempt(self, call: Call) -> int | None:
        parameters = call.parameters
        match call.method:
            case "sendMessage":
                return await self._send(parameters)
            case "editMessageText":
                return await self._edit(parameters)
            case "editMessageReplyMarkup":
                await self._edit_keyboard(parameters)
            case "deleteMessage":
                await self._bot.delete_message(parameters["chat_id"], parameters["message_id"])
            case "sendDocument":
                return await self._send_file(parameters)
            case "setMyCommands" | "deleteMyCommands":
                await self._set_menu(parameters)
            case _:
                raise TelegramError(f"a stored request of a method that is not sent: {call.method}")
        return None

    async def _send(self, parameters: dict[str, Any]) -> int:
        reply_to = None
        if parameters["reply_to"] is not None:
            # Whoever deletes the question meanwhile shall not lose the answer.
            reply_to = ReplyParameters(parameters["reply_to"], allow_sending_without_reply=True)
        message = await self._bot.send_message(
            parameters["chat_id"],
            parameters["text"],
            parse_mode=ParseMode.HTML,
            message_thread_id=parameters["message_thread_id"],
            reply_parameters=reply_to,
            reply_markup=_markup(parameters["keyboard"]),
            link_preview_options=NO_PREVIEW,
        )
        self._remember(parameters["chat_id"], message.message_id, _said(parameters))
        return message.message_id

    async def _edit(self, parameters: dict[str, Any]) -> int:
        chat_id, message_id = int(parameters["chat_id"]), int(parameters["message_id"])
        if self._said.get((chat_id, message_id)) == _said(parameters):
            return message_id  # a double tap: Telegram would refuse to change nothing
        try:
            await _unless_same(
                self._bot.edit_message_text(
                    parameters["text"],
                    chat_id=chat_id,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_markup(parameters["keyboard"]),
                    link_preview_options=NO_PREVIEW,
                )
            )
        except BadRequest as error:
            if (
                "message to edit not found" in error.message.lower()
                or "can't be edited" in error.message.lower()
            ):
                return await self._send(parameters)
            raise
        self._remember(chat_id, message_id, _said(parameters))
        return message_id

    async def _edit_keyboard(self, parameters: dict[str, Any]) -> None:
        chat_id, message_id, keyboard = (parameters[key] for key in ("chat_id", "message_id", "keyboard"))
        said = self._said.get((chat_id, message_id))
        if said is not None and said[1] == keyboard:
            return
        await _unless_same(
            self._bot.edit_message_reply_markup(
                chat_id=chat_id, message_id=message_id, reply_markup=_markup(keyboard)
            )
        )
        if said is not None:
            self._remember(chat_id, message_id, (said[0], keyboard))

    async def _send_file(self, parameters: dict[str, Any]) -> int:
        reply_to = None
        if parameters["reply_to"] is not None:
            reply_to = ReplyParameters(parameters["reply_to"], allow_sending_without_reply=True)
        message = await self._bot.send_document(
            parameters["chat_id"],
            parameters["document"],
            filename=parameters["filename"],
            caption=parameters["caption"],
            parse_mode=ParseMode.HTML,
            message_thread_id=parameters["message_thread_id"],
            reply_parameters=reply_to,
            reply_markup=_markup(parameters["keyboard"]),
        )
        return message.message_id

    async def _set_menu(self, parameters: dict[str, Any]) -> None:
        scope = BotCommandScopeChat(parameters["scope"]["chat_id"])
        language = parameters.get("language_code")
        if "commands" in parameters:
            commands = [BotCommand(**command) for command in parameters["commands"]]
            await self._bot.set_my_commands(commands, scope=scope, language_code=language)
        else:
            await self._bot.delete_my_commands(scope=scope, language_code=language)

    def _remember(self, chat_id: int, message_id: int, said: Said) -> None:
        self._said[chat_id, message_id] = said
        self._said.move_to_end((chat_id, message_id))
        if len(self._said) > REMEMBERED_MESSAGES:
            self._said.popitem(last=False)

    async def _answer_inline(self, outgoing: AnswerInline) -> bool:
        results = [
            InlineQueryResultArticle(
                id=card.id,
                title=card.title,
                description=card.description,
                input_message_content=InputTextMessageContent(
                    card.reply.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
                ),
                reply_markup=inline_keyboard(card.reply.keyboard),
            )
            for card in outgoing.results
        ]
        button = InlineQueryResultsButton(outgoing.button, start_parameter="inline")
        return await self._bot.answer_inline_query(
            outgoing.query_id, results, cache_time=INLINE_CACHE_SECONDS, is_personal=True, button=button
        )


async def _unless_same(request: Awaitable[object]) -> None:
    """Await an edit; that nothing had to change is as good as changed."""
    try:
        await request
    except BadRequest as error:
        if "message is not modified" not in error.message.lower():
            raise


def inline_keyboard(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """The buttons in Telegram's form."""
    return _markup(_plain(keyboard))


def _said(parameters: dict[str, Any]) -> Said:
    return parameters["text"], parameters["keyboard"]


def _plain(keyboard: Keyboard) -> list[list[dict[str, str]]]:
    return [[_button(button) for button in row] for row in keyboard]


def _markup(rows: list[list[dict[str, str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_markup_button(**button) for button in row] for row in rows])


def _markup_button(
    text: str, callback_data: str | None = None, url: str | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, url=url, callback_data=callback_data)


def _button(button: Button) -> dict[str, str]:
    match button:
        case Press(label, action):
            return {"text": label, "callback_data": action.pack()}
        case Link(label, url):
            return {"text": label, "url": url}
        case _:
            assert_never(button)
