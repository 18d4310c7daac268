"""What a handler is given: the person, the language, the services, and the one door for replies.

A handler never sends. It says what is to be sent; that is carried out when everything the handler did is committed,
and forgotten when it failed. So nobody is told of something that did not happen.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.attachments import Attachment
from bot.outgoing import (
    AnswerInline,
    AnswerPress,
    DeleteMessage,
    EditKeyboard,
    EditMessage,
    Outgoing,
    SendCall,
    SendFile,
    SendMessage,
    SetMenu,
)
from bot.services.all import Services
from bot.services.requests import Call
from bot.texts import Texts
from bot.texts import texts as catalogue
from bot.views.reply import InlineCard, Keyboard, Reply
from db.database import is_transient
from db.models import Person

# Accounts that write for somebody else: anonymous admins, channels, and messages linked from a channel.
STAND_INS = frozenset({1087968824, 136817688, 777000})


@dataclass
class UnitOfWork:
    """Everything that one update leads to: rows in one transaction, and requests to carry out after it."""

    services: Services
    tx: AsyncSession
    language: str  # that the person reads
    person: Person | None = None
    outgoing: list[Outgoing] = field(default_factory=list)
    attachment: Attachment | None = None  # the file that the update brought, where the table wants it
    new_menus: list[Person] = field(
        default_factory=list
    )  # of whom what they may do, or their language, changed
    is_in_company: bool = False  # it shares its transaction: whatever fails is tried again for itself
    may_try_again: bool = False
    has_failed: bool = False
    is_to_be_tried_again: bool = False
    error_id: str | None = None
    default_language: str = field(init=False)

    def __post_init__(self) -> None:
        self.default_language = self.language  # until the person is recognised it is the program's

    def fail(self, error_id: str | None = None) -> None:
        """Give up the rows and the requests so far; what is asked for afterwards (the apology) is carried out."""
        self.has_failed = True
        self.error_id = error_id
        self.outgoing.clear()
        self.new_menus.clear()

    def gives_way_to(self, error: BaseException | None) -> bool:
        """Whether the unit is rolled back and tried again for this error, so that nobody needs to hear of it."""
        passes = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        may_pass = error is not None and self.may_try_again and (passes or is_transient(error))
        if not (self.is_in_company or may_pass):
            return False
        self.fail()
        self.is_to_be_tried_again = True
        return True


current_unit: ContextVar[UnitOfWork] = ContextVar("current_unit")


class BotContext(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """One update's view of the program."""

    incoming: Update | None = None

    @classmethod
    def from_update(
        cls, update: object, application: Application[Any, Any, Any, Any, Any, Any]
    ) -> "BotContext":
        context = super().from_update(update, application)
        context.incoming = update if isinstance(update, Update) else None
        return context

    @property
    def unit(self) -> UnitOfWork:
        """The unit of work of this update. Raises `LookupError` outside of one (a scheduler's tick)."""
        return current_unit.get()

    @property
    def services(self) -> Services:
        """The rules."""
        return self.unit.services

    @property
    def tx(self) -> AsyncSession:
        """The transaction of this update."""
        return self.unit.tx

    @property
    def texts(self) -> Texts:
        """The sentences in the reader's language."""
        return catalogue(self.unit.language)

    @property
    def attachment(self) -> Attachment | None:
        """The file that came with the update, or why it did not; None where the table wants none."""
        return self.unit.attachment

    @property
    def message(self) -> Message | None:
        """The message that was sent, edited, or whose button was pressed; None where Telegram keeps it from us."""
        return self.incoming.effective_message if self.incoming else None

    @property
    def is_group(self) -> bool:
        """Whether others read along."""
        chat = self.incoming.effective_chat if self.incoming else None
        return chat is not None and chat.type != ChatType.PRIVATE

    async def asker(self) -> Person | None:
        """The person behind this update, made known if necessary; None for those who write as a chat."""
        user = self.incoming.effective_user if self.incoming else None
        if user is None or user.is_bot or user.id in STAND_INS:
            return None
        known = self.unit.person
        is_here = known is not None and known.joined_at is not None and known.blocked_at is None
        if known is None or not (is_here or self.is_group):
            self.unit.person = await self.services.people.meet(self.tx, user.id, in_private=not self.is_group)
        return self.unit.person

    def texts_for(self, person: Person) -> Texts:
        """The sentences in somebody else's language."""
        return catalogue(person.language or self.unit.default_language)

    def renew_menu(self, person: Person) -> None:
        """Look afterwards whether this person's chat has to list other commands."""
        self.unit.new_menus.append(person)

    def speak(self, language: str) -> None:
        """Go on in another language from here on."""
        self.unit.language = language

    def reply(self, reply: Reply, *, question_id: int | None = None, edit: int | None = None) -> None:
        """Say this where the update came from; `edit` names an earlier message of ours to change instead."""
        message = self._chat_message(reply, question_id)
        if message is not None:
            self.unit.outgoing.append(message if edit is None else EditMessage(edit, message))

    def edit(self, reply: Reply) -> None:
        """Change the message whose button was pressed; where it is out of reach, say it anew."""
        query = self.incoming.callback_query if self.incoming else None
        message = self._chat_message(reply, None)
        if message is None:
            return
        if query is not None and query.message is not None and query.message.is_accessible:
            self.unit.outgoing.append(EditMessage(query.message.message_id, message))
        else:
            self.unit.outgoing.append(message)

    def edit_keyboard(self, keyboard: Keyboard) -> None:
        """Change only the buttons of the message whose button was pressed."""
        query = self.incoming.callback_query if self.incoming else None
        if query is not None and query.message is not None and query.message.is_accessible:
            message = query.message
            self.unit.outgoing.append(EditKeyboard(message.chat.id, message.message_id, keyboard))

    def delete(self, message_id: int) -> None:
        """Take back an earlier message of ours in this chat."""
        chat = self.incoming.effective_chat if self.incoming else None
        if chat is not None:
            self.unit.outgoing.append(DeleteMessage(chat.id, message_id))

    def answer(self, text: str = "", *, is_alert: bool = False) -> None:
        """Answer the press of a button; every press is answered exactly once, the last call counts."""
        query = self.incoming.callback_query if self.incoming else None
        if query is not None:
            self.unit.outgoing[:] = [each for each in self.unit.outgoing if not isinstance(each, AnswerPress)]
            self.unit.outgoing.append(AnswerPress(query.id, text, is_alert))

    def answer_inline(self, results: list[InlineCard], button: str) -> None:
        """Answer what is being typed in inline mode."""
        query = self.incoming.inline_query if self.incoming else None
        if query is not None:
            self.unit.outgoing.append(AnswerInline(query.id, tuple(results), button))

    def hand_over(self, name: str, content: bytes, caption: Reply, *, is_picture: bool = False) -> None:
        """Send a file that the program made to where the update came from; stored like every message until sent."""
        message = self._chat_message(caption, None)
        if message is not None:
            stored = self.services.files.keep(self.tx, message.chat_id, content)
            self.unit.outgoing.append(SendFile(message, name, stored, is_picture))

    def show(
        self,
        calls: Sequence[Call],
        to: int | None = None,
        *,
        if_refused: Reply | None = None,
        poll_copy_id: int | None = None,
    ) -> None:
        """Send what these stored calls make to where the update came from, or to somebody in private; `if_refused` is
        said when Telegram will not have it, and `poll_copy_id` is told which poll comes of it."""
        chat_id = to if to is not None else self.message.chat_id if self.message is not None else None
        if chat_id is not None:
            self.unit.outgoing += [
                SendCall(Call(call.method, call.parameters | {"chat_id": chat_id}), if_refused, poll_copy_id)
                for call in calls
            ]

    def say_to(self, telegram_id: int, reply: Reply, *, edit: int | None) -> None:
        """Say this to somebody else in private, in place of an earlier message of ours where `edit` names one."""
        message = SendMessage(telegram_id, reply)
        self.unit.outgoing.append(message if edit is None else EditMessage(edit, message))

    def notify(self, telegram_id: int, reply: Reply) -> None:
        """Say this to somebody else, in private."""
        self.unit.outgoing.append(SendMessage(telegram_id, reply))

    def set_menu(self, menu: SetMenu) -> None:
        """Let a private chat list other commands."""
        self.unit.outgoing.append(menu)

    def _chat_message(self, reply: Reply, question_id: int | None) -> SendMessage | None:
        message = self.message
        query: CallbackQuery | None = self.incoming.callback_query if self.incoming else None
        if message is None:
            # An inaccessible message still names its chat.
            chat = query.message.chat if query is not None and query.message is not None else None
            return SendMessage(chat.id, reply) if chat is not None else None
        thread_id = message.message_thread_id if message.is_topic_message else None
        reply_to = None
        if self.is_group:
            # In a group the answer hangs on the question; a press hangs on what the pressed message answered.
            asked = message if query is None else message.reply_to_message
            reply_to = asked.message_id if asked is not None else None
        return SendMessage(message.chat_id, reply, thread_id, reply_to, question_id)
