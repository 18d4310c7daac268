"""Carries out what units of work ask for, after their commit; knows Telegram's errors.

Each kind of request is plain data. How a try ended is a type as well, so that nobody has to guess what an exception
meant: `TimedOut` may have been delivered, `Forbidden` is a person's decision, `BadRequest` is ours to mend.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import assert_never

from telegram import (
    Bot,
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

from bot.views.reply import Button, InlineCard, Keyboard, Link, Press, Reply

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
INLINE_CACHE_SECONDS = 30  # a corrected entry reaches inline mode within this time
REMEMBERED_MESSAGES = 4096  # enough for double taps; a restart only costs a refusal that is understood
LONGEST_WAIT_SECONDS = 60.0  # a longer RetryAfter is a ban; the request is given up and logged


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


Outgoing = SendMessage | EditMessage | EditKeyboard | DeleteMessage | AnswerPress | AnswerInline


@dataclass(frozen=True)
class Sent:
    """Telegram accepted it; `message_id` where a message came of it."""

    message_id: int | None = None


@dataclass(frozen=True)
class Blocked:
    """The person or group does not want us."""


@dataclass(frozen=True)
class Rejected:
    """Telegram will never accept it; `reason` is its own word."""

    reason: str


@dataclass(frozen=True)
class Uncertain:
    """The line dropped; it may have arrived."""


Outcome = Sent | Blocked | Rejected | Uncertain


class Sender:
    """Sends for one bot. `pauses_s` are the waits in seconds before each repetition of what may not have arrived."""

    def __init__(self, bot: Bot, pauses_s: Sequence[float] = (1.0, 4.0)) -> None:
        self._bot = bot
        self._pauses_s = tuple(pauses_s)
        self._said: OrderedDict[tuple[int, int], Reply] = OrderedDict()

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Carry out one request. An answer twice is better than none, so an uncertain one is repeated; never raises."""
        outcome: Outcome = Uncertain()
        for pause in (*self._pauses_s, None):
            try:
                outcome = Sent(await self._attempt(outgoing))
            except RetryAfter as error:
                wait = error.retry_after
                seconds = float(wait if isinstance(wait, int) else wait.total_seconds())
                outcome = Rejected("told to wait")
                if pause is None or seconds > LONGEST_WAIT_SECONDS:
                    break
                await asyncio.sleep(seconds)
                continue
            except (Forbidden, ChatMigrated):
                outcome = Blocked()
            except BadRequest as error:
                outcome = Rejected(error.message)
            except NetworkError:
                outcome = Uncertain()
                if pause is not None:
                    await asyncio.sleep(pause)
                    continue
            except TelegramError as error:
                outcome = Rejected(error.message)
            break
        if not isinstance(outcome, Sent):
            log.warning("request not accepted kind=%s outcome=%r", type(outgoing).__name__, outcome)
        return outcome

    async def _attempt(self, outgoing: Outgoing) -> int | None:
        match outgoing:
            case SendMessage():
                return await self._send(outgoing)
            case EditMessage():
                return await self._edit(outgoing)
            case EditKeyboard(chat_id, message_id, keyboard):
                said = self._said.get((chat_id, message_id))
                if said is not None and said.keyboard == keyboard:
                    return None
                await _unless_same(
                    self._bot.edit_message_reply_markup(
                        chat_id=chat_id, message_id=message_id, reply_markup=inline_keyboard(keyboard)
                    )
                )
                if said is not None:
                    self._remember(chat_id, message_id, Reply(said.text, keyboard))
            case DeleteMessage(chat_id, message_id):
                await self._bot.delete_message(chat_id, message_id)
            case AnswerPress(callback_id, text, is_alert):
                await self._bot.answer_callback_query(callback_id, text or None, show_alert=is_alert)
            case AnswerInline():
                await self._answer_inline(outgoing)
            case _:
                assert_never(outgoing)
        return None

    async def _send(self, outgoing: SendMessage) -> int:
        reply_to = None
        if outgoing.reply_to is not None:
            # Whoever deletes the question meanwhile shall not lose the answer.
            reply_to = ReplyParameters(outgoing.reply_to, allow_sending_without_reply=True)
        message = await self._bot.send_message(
            outgoing.chat_id,
            outgoing.reply.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=outgoing.thread_id,
            reply_parameters=reply_to,
            reply_markup=inline_keyboard(outgoing.reply.keyboard),
            link_preview_options=NO_PREVIEW,
        )
        self._remember(outgoing.chat_id, message.message_id, outgoing.reply)
        return message.message_id

    async def _edit(self, outgoing: EditMessage) -> int:
        reply = outgoing.instead.reply
        if self._said.get((outgoing.instead.chat_id, outgoing.message_id)) == reply:
            return outgoing.message_id  # a double tap: Telegram would refuse to change nothing
        try:
            await _unless_same(
                self._bot.edit_message_text(
                    reply.text,
                    chat_id=outgoing.instead.chat_id,
                    message_id=outgoing.message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=inline_keyboard(reply.keyboard),
                    link_preview_options=NO_PREVIEW,
                )
            )
        except BadRequest as error:
            if (
                "message to edit not found" in error.message.lower()
                or "can't be edited" in error.message.lower()
            ):
                return await self._send(outgoing.instead)
            raise
        self._remember(outgoing.instead.chat_id, outgoing.message_id, reply)
        return outgoing.message_id

    def _remember(self, chat_id: int, message_id: int, reply: Reply) -> None:
        self._said[chat_id, message_id] = reply
        self._said.move_to_end((chat_id, message_id))
        if len(self._said) > REMEMBERED_MESSAGES:
            self._said.popitem(last=False)

    async def _answer_inline(self, outgoing: AnswerInline) -> None:
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
        await self._bot.answer_inline_query(
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
    if not keyboard:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in keyboard])


def _button(button: Button) -> InlineKeyboardButton:
    match button:
        case Press(label, action):
            return InlineKeyboardButton(label, callback_data=action.pack())
        case Link(label, url):
            return InlineKeyboardButton(label, url=url)
        case _:
            assert_never(button)
