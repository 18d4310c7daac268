"""Verbs by which people write, change and delete messages."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from bot.simulator import markup
from bot.simulator.albums import check_album_edit
from bot.simulator.api.media_content import content_of
from bot.simulator.chats import Chat, Group, Message, PrivateChat
from bot.simulator.controls.lookup import ControlError, Lookup
from bot.simulator.controls.samples import SAMPLES
from bot.simulator.files import Upload
from bot.simulator.forwards import album_ids, origin_of
from bot.simulator.people import GROUP_ANONYMOUS_BOT, User
from bot.simulator.polls import Poll
from bot.simulator.rights import missing_right

Json = dict[str, Any]
MAX_TEXT = 4096
MAX_CAPTION = 1024
FILE_KINDS = ("photo", "document", "voice", "sticker", "video", "animation", "audio")


_ORIGINS = {
    "user": ("sender_user",),
    "hidden_user": ("sender_user_name",),
    "chat": ("sender_chat",),
    "channel": ("chat", "message_id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a message came about, beyond that somebody wrote it."""

    as_anonymous_admin: bool = False
    # Of a bot in inline mode.
    via_bot: User | None = None
    reply_markup: Json | None = None
    # Of what was forwarded.
    poll: Poll | None = None
    forward_origin: Json | None = None
    media_group_id: str | None = None


PLAIN = Made()


@dataclass(frozen=True, slots=True)
class Media:
    """A file or another thing as a person hands it over; see `Writing.send_media`."""

    caption: str | None = None
    file_base64: str | None = None
    file_name: str | None = None
    mime_type: str | None = None
    details: Json | None = None


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
        forward_origin: Json | None = None,
        *,
        as_anonymous_admin: bool = False,
    ) -> Json:
        """A text message from a person; with a `forward_origin` one that they forward from outside of this world."""
        chat = self._chat(user_id, chat_id)
        content = _text(text, entities)
        made = Made(as_anonymous_admin=as_anonymous_admin, forward_origin=_origin(forward_origin))
        return self._post(user_id, chat, content, reply_to, thread_id, made).inspected()

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
        media_group_id: str | None = None,
        forward_origin: Json | None = None,
    ) -> Json:
        """A photo, document, voice note, sticker, video, animation, audio, location or contact from a person.

        Without `file_base64` a small sample is sent. `details` are fields of the thing itself: duration, emoji,
        latitude and longitude, phone_number and first_name … With a `media_group_id` it is a part of that album,
        however late it comes; `send_album` sends all of them.
        """
        chat = self._chat(user_id, chat_id)
        given = Media(caption, file_base64, file_name, mime_type, details)
        content = self._media(user_id, kind, given)
        made = Made(media_group_id=media_group_id, forward_origin=_origin(forward_origin))
        return self._post(user_id, chat, content, reply_to, thread_id, made).inspected()

    def _media(self, user_id: int, kind: str, given: Media) -> Json:
        told = given.details or {}
        match kind:
            case "location":
                content: Json = {"location": {"latitude": -6.2, "longitude": 106.8} | told}
            case "contact":
                user = self._person(user_id)
                own = {"phone_number": "620000000000", "first_name": user.first_name, "user_id": user.id}
                content = {"contact": told or own}
            case _ if kind in FILE_KINDS:
                file = self._world.files.store(kind, _upload(kind, given))
                content = content_of(file, told)
            case _:
                raise ControlError(
                    f"{kind!r} cannot be sent; try one of {', '.join(FILE_KINDS)}, location, contact."
                )
        return content | _caption(given.caption, None) if given.caption else content

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

    def edit_media(
        self,
        user_id: int,
        chat_id: int,
        message_id: int,
        kind: str,
        caption: str | None = None,
        file_base64: str | None = None,
        file_name: str | None = None,
        mime_type: str | None = None,
        details: Json | None = None,
    ) -> Json:
        """A person puts another file in place of the one in a message of theirs."""
        message = self._message(self._chat(user_id, chat_id), message_id)
        if message.sender.id != user_id or message.forward_origin is not None:
            raise ControlError("People can edit only what they wrote themselves.")
        if not any(one in message.content for one in FILE_KINDS):
            raise ControlError("There is no file in this message.")
        if message.media_group_id is not None:
            check_album_edit(message, kind)
        given = Media(caption, file_base64, file_name, mime_type, details)
        message.content = self._media(user_id, kind, given)
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
        return self.forward_several(user_id, chat_id, from_chat_id, [message_id])[0]

    def forward_several(
        self, user_id: int, chat_id: int, from_chat_id: int, message_ids: list[int]
    ) -> list[Json]:
        """A person forwards several messages at once; parts of one album are an album again."""
        source, chat = self._chat(user_id, from_chat_id), self._chat(user_id, chat_id)
        originals = [self._message(source, number) for number in sorted(set(message_ids))]
        if any(one.is_service or one.is_protected for one in originals):
            raise ControlError("This message cannot be forwarded.")
        albums = album_ids(originals, self._world.new_id)
        forwarded = []
        for original in originals:
            made = Made(
                poll=original.poll,
                via_bot=original.via_bot,
                forward_origin=origin_of(self._world, original),
                media_group_id=albums.get(original.media_group_id),
            )
            forwarded.append(self._post(user_id, chat, dict(original.content), None, None, made))
        return [message.inspected() for message in forwarded]

    def _post(
        self,
        user_id: int,
        chat: Chat,
        content: Json,
        reply_to: int | None,
        thread_id: int | None,
        made: Made = PLAIN,
    ) -> Message:
        """Put a message into a chat."""
        self._world.settle()
        self._check_may_write(user_id, chat, content, made.poll)
        replied = self._message(chat, reply_to) if reply_to is not None else None
        if thread_id is None and replied is not None:
            thread_id = replied.thread_id
        # The General topic has no number of its own in messages.
        thread_id = thread_id or None
        if thread_id is not None:
            topic = chat.topics.get(thread_id) if isinstance(chat, Group) else None
            if topic is None or topic.is_deleted:
                raise ControlError(f"There is no topic {thread_id} in the chat {chat.id}.")
            # What is written in a topic without replying to anything counts as a reply to the topic's first message.
            replied = replied or chat.messages.get(thread_id)
            if topic.is_closed and isinstance(chat, Group) and not chat.is_admin(user_id):
                raise ControlError(f"The topic {topic.name!r} is closed.")
        sender: User = self._person(user_id)
        sender_chat = None
        if made.as_anonymous_admin:
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
                via_bot=made.via_bot,
                reply_markup=made.reply_markup,
                content=content,
                poll=made.poll,
                thread_id=thread_id,
                reply_to=replied,
                forward_origin=made.forward_origin,
                media_group_id=made.media_group_id,
            )
        )

    def _check_may_write(self, user_id: int, chat: Chat, content: Json, poll: Poll | None) -> None:
        if isinstance(chat, PrivateChat) and chat.is_blocked:
            raise ControlError("This person has stopped the bot; unblock_bot lets them write again.")
        if refused := missing_right(chat, user_id, content, poll):
            raise ControlError(f"{refused.description} {chat.id}.")


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


def _origin(given: Json | None) -> Json | None:
    """A MessageOrigin as it was handed in."""
    if given is None:
        return None
    fields = _ORIGINS.get(given.get("type", ""))
    if fields is None:
        raise ControlError(f"A forward_origin has a type: {', '.join(_ORIGINS)}.")
    missing = [name for name in ("date", *fields) if name not in given]
    if missing:
        raise ControlError(f"A forward_origin of the type {given['type']!r} needs {missing[0]!r}.")
    return given


def _upload(kind: str, given: Media) -> Upload:
    sample_name, sample = SAMPLES.get(kind, ("file.bin", b"sample"))
    name = given.file_name or sample_name
    if given.file_base64 is None:
        return Upload(name, given.mime_type, sample)
    try:
        content = base64.b64decode(given.file_base64, validate=True)
    except binascii.Error:
        raise ControlError("file_base64 is not valid base64.") from None
    if not content:
        raise ControlError("A file must not be empty.")
    return Upload(name, given.mime_type, content)
