"""Verbs by which people write, change and delete messages."""

import base64
import binascii
from typing import Any

from bot.simulator import markup
from bot.simulator.api.media_content import content_of
from bot.simulator.chats import Chat, Group, Message
from bot.simulator.controls.lookup import ControlError, Lookup
from bot.simulator.controls.samples import SAMPLES
from bot.simulator.files import Upload
from bot.simulator.people import GROUP_ANONYMOUS_BOT, User

Json = dict[str, Any]
MAX_TEXT = 4096
MAX_CAPTION = 1024
FILE_KINDS = ("photo", "document", "voice", "sticker", "video", "animation", "audio")


class Writing(Lookup):
    """What people put into chats."""

    def send(
        self,
        user_id: int,
        chat_id: int,
        text: str,
        reply_to: int | None = None,
        thread_id: int | None = None,
        entities: list[Json] | None = None,
        *,
        as_anonymous_admin: bool = False,
    ) -> Json:
        """A text message from a person."""
        chat = self._chat(user_id, chat_id)
        content = _text(text, entities)
        return self._post(user_id, chat, content, reply_to, thread_id, as_anonymous_admin).inspected()

    def send_media(
        self,
        user_id: int,
        chat_id: int,
        kind: str,
        caption: str | None = None,
        file_base64: str | None = None,
        file_name: str | None = None,
        mime_type: str | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
        details: Json | None = None,
    ) -> Json:
        """A photo, document, voice note, sticker, video, animation, audio, location or contact from a person.

        Without `file_base64` a small sample is sent. `details` are fields of the thing itself: duration, emoji,
        latitude and longitude, phone_number and first_name …
        """
        chat = self._chat(user_id, chat_id)
        told = details or {}
        match kind:
            case "location":
                content: Json = {"location": {"latitude": -6.2, "longitude": 106.8} | told}
            case "contact":
                user = self._person(user_id)
                own = {"phone_number": "620000000000", "first_name": user.first_name, "user_id": user.id}
                content = {"contact": told or own}
            case _ if kind in FILE_KINDS:
                file = self._world.files.store(kind, _upload(kind, file_base64, file_name, mime_type))
                content = content_of(file, told)
            case _:
                raise ControlError(
                    f"{kind!r} cannot be sent; try one of {', '.join(FILE_KINDS)}, location, contact."
                )
        if caption:
            content |= _caption(caption, None)
        return self._post(user_id, chat, content, reply_to, thread_id).inspected()

    def edit(
        self, user_id: int, chat_id: int, message_id: int, text: str, entities: list[Json] | None = None
    ) -> Json:
        """A person changes the text, or the caption, of a message of theirs."""
        message = self._message(self._chat(user_id, chat_id), message_id)
        if message.sender.id != user_id or message.forward_origin is not None:
            raise ControlError("People can edit only what they wrote themselves.")
        new, fields = _text(text, entities), ("text", "entities")
        if "text" not in message.content:
            new, fields = _caption(text, entities), ("caption", "caption_entities")
        message.content = {name: value for name, value in message.content.items() if name not in fields} | new
        message.edit_date = self._world.date()
        self._world.edited(message, by_person=True)
        return message.inspected()

    def delete(self, user_id: int, chat_id: int, message_id: int) -> None:
        """A person deletes a message for everyone: any in a private chat, their own in a group, all as its admin."""
        chat = self._chat(user_id, chat_id)
        message = self._message(chat, message_id)
        if isinstance(chat, Group) and message.sender.id != user_id and not chat.is_admin(user_id):
            raise ControlError("Only administrators can delete the messages of others in a group.")
        self._world.delete(message)

    def forward(self, user_id: int, chat_id: int, from_chat_id: int, message_id: int) -> Json:
        """A person forwards a message from one chat of theirs to another."""
        message = self._message(self._chat(user_id, from_chat_id), message_id)
        if message.is_service or message.is_protected:
            raise ControlError("This message cannot be forwarded.")
        origin = message.forward_origin or {
            "type": "user",
            "date": message.date,
            "sender_user": message.sender.view(),
        }
        chat = self._chat(user_id, chat_id)
        return self._world.post(
            Message(
                chat=chat,
                id=chat.next_message_id(),
                date=self._world.date(),
                sender=self._person(user_id),
                content=dict(message.content),
                poll=message.poll,
                forward_origin=origin,
                via_bot=message.via_bot,
            )
        ).inspected()

    def _post(
        self,
        user_id: int,
        chat: Chat,
        content: Json,
        reply_to: int | None,
        thread_id: int | None,
        as_anonymous_admin: bool = False,
        made_by: tuple[User, Json | None] | None = None,
    ) -> Message:
        """Put a message into a chat; `made_by` is the bot that made it in inline mode, and its keyboard."""
        self._world.settle()
        replied = self._message(chat, reply_to) if reply_to is not None else None
        if thread_id is None and replied is not None:
            thread_id = replied.thread_id
        # The General topic has no number of its own in messages.
        thread_id = thread_id or None
        if thread_id is not None:
            topic = chat.topics.get(thread_id) if isinstance(chat, Group) else None
            if topic is None:
                raise ControlError(f"There is no topic {thread_id} in the chat {chat.id}.")
            # What is written in a topic without replying to anything counts as a reply to the topic's first message.
            replied = replied or chat.messages.get(thread_id)
        sender: User = self._person(user_id)
        sender_chat = None
        if as_anonymous_admin:
            if not isinstance(chat, Group) or not chat.is_admin(user_id):
                raise ControlError("Only administrators of a group can write anonymously in it.")
            sender, sender_chat = GROUP_ANONYMOUS_BOT, chat
        return self._world.post(
            Message(
                chat=chat,
                id=chat.next_message_id(),
                date=self._world.date(),
                sender=sender,
                sender_chat=sender_chat,
                via_bot=made_by[0] if made_by else None,
                reply_markup=made_by[1] if made_by else None,
                content=content,
                thread_id=thread_id,
                reply_to=replied,
            )
        )


def _text(text: str, entities: list[Json] | None) -> Json:
    parsed, found = markup.parse(text, None, entities)
    if markup.utf16_length(parsed) > MAX_TEXT:
        raise ControlError(f"A message has at most {MAX_TEXT} characters; people's apps would send two.")
    return {"text": parsed} | ({"entities": found} if found else {})


def _caption(caption: str, entities: list[Json] | None) -> Json:
    parsed, found = markup.parse(caption, None, entities)
    if markup.utf16_length(parsed) > MAX_CAPTION:
        raise ControlError(f"A caption has at most {MAX_CAPTION} characters.")
    return {"caption": parsed} | ({"caption_entities": found} if found else {})


def _upload(kind: str, file_base64: str | None, file_name: str | None, mime_type: str | None) -> Upload:
    sample_name, sample = SAMPLES.get(kind, ("file.bin", b"sample"))
    if file_base64 is None:
        return Upload(file_name or sample_name, mime_type, sample)
    try:
        content = base64.b64decode(file_base64, validate=True)
    except binascii.Error:
        raise ControlError("file_base64 is not valid base64.") from None
    if not content:
        raise ControlError("A file must not be empty.")
    return Upload(file_name or sample_name, mime_type, content)
