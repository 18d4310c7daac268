"""Carries out what units of work ask for, after their commit; knows Telegram's errors.

What is to be sent is plain data (`bot/outgoing.py`), and so is how a try ended: nobody has to guess what an exception
meant. After `TimedOut` it may have been delivered, `Forbidden` is a person's decision, `BadRequest` is ours to mend.

A call is one try. Whether there is another is up to whoever stored it.
"""

import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable
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
from bot.outgoing import AnswerInline, AnswerPress, markup_of
from bot.request import NotConnected
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from bot.views.reply import Keyboard

log = logging.getLogger(__name__)

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
    markup = markup_of(keyboard)
    return InlineKeyboardMarkup.de_json(markup["reply_markup"], None) if markup else None


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
