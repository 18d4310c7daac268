"""Changing and removing what was sent.

Assumed where nothing is documented: a part of an album takes no keyboard, and is refused as MEDIA_GROUPED_INVALID.
"""

from typing import Any

from bot.simulator.api.registry import Call, method
from bot.simulator.api.targets import (
    check_heard,
    find_chat,
    formatted_caption,
    inline_keyboard_for,
    own_message,
    text_content,
)
from bot.simulator.chats import Group, Message
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
# A message can be deleted for everyone this long after it was sent.
DELETABLE_SECONDS = 48 * 60 * 60
MAX_MESSAGES = 100
MEDIA_FIELDS = frozenset(("photo", "video", "animation", "audio", "document", "voice"))
_TEXT_FIELDS = ("text", "entities", "link_preview_options")
_CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")


@method("editMessageText")
def edit_message_text(call: Call) -> Json | bool:
    if call.get("rich_message") is not None:
        raise Refused(501, "Not Implemented: the simulator does not support rich messages yet")
    message = own_message(call)
    content = text_content(call)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return change(call, message, _TEXT_FIELDS, content)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json | bool:
    message = own_message(call)
    content = formatted_caption(call.get("caption"), call.get("parse_mode"), call.get("caption_entities"))
    if not MEDIA_FIELDS.intersection(message.content):
        raise bad_request("there is no caption in the message to edit")
    if call.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return change(call, message, _CAPTION_FIELDS, content)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json | bool:
    return change(call, own_message(call), (), {})


def change(call: Call, message: Message, fields: tuple[str, ...], content: Json) -> Json | bool:
    """Replace some fields and the keyboard; the answer is the message, or True for an inline one."""
    if not call.get("inline_message_id"):
        check_heard(call.world, message.chat)
    keyboard = inline_keyboard_for(call, message.chat)
    if keyboard is not None and message.media_group_id is not None:
        raise bad_request("MEDIA_GROUPED_INVALID")
    before = {name: message.content[name] for name in fields if name in message.content}
    if before == content and message.reply_markup == keyboard:
        raise bad_request(NOT_MODIFIED)
    if not call.get("inline_message_id"):
        call.count(message.chat.id, is_edit=True)
    if before != content:
        message.content = {k: v for k, v in message.content.items() if k not in fields} | content
        # A changed keyboard alone leaves no "edited" mark.
        message.edit_date = call.world.date()
    message.reply_markup = keyboard
    call.world.edited(message)
    return True if call.get("inline_message_id") else message.view()


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    chat = find_chat(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message to delete not found")
    if not _may_delete(call, message):
        raise bad_request("message can't be deleted for everyone")
    call.world.delete(message)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    chat = find_chat(call)
    numbers: list[int] = call.params["message_ids"]
    if not 1 <= len(numbers) <= MAX_MESSAGES:
        raise bad_request("there must be from 1 to 100 message identifiers specified")
    found = [
        message for number in numbers if (message := chat.messages.get(number)) and not message.is_deleted
    ]
    if not all(_may_delete(call, message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        call.world.delete(message)
    return True


def _may_delete(call: Call, message: Message) -> bool:
    if "forum_topic_created" in message.content:
        return False
    if isinstance(message.chat, Group) and message.chat.is_admin(call.bot.id):
        return True
    if call.world.now() - message.date >= DELETABLE_SECONDS:
        return False
    return message.sender.id == call.bot.id or not isinstance(message.chat, Group)
