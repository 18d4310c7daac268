"""Sending: the one function by which every message of a bot is made, and the plainest use of it."""

from typing import Any

from bot.simulator.api.registry import Call, method
from bot.simulator.api.targets import (
    check_heard,
    find_chat,
    find_group,
    keyboard_for,
    reply_for,
    text_content,
    thread_for,
)
from bot.simulator.chats import Message
from bot.simulator.polls import Poll
from bot.simulator.refusal import bad_request
from bot.simulator.rights import missing_right

Json = dict[str, Any]
CHAT_ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)


def send(
    call: Call,
    content: Json,
    *,
    poll: Poll | None = None,
    forward_origin: Json | None = None,
    media_group_id: str | None = None,
    is_counted: bool = False,
) -> Message:
    """Post a message of the bot's own into the chat, topic and thread that the request names.

    `is_counted`: it is one of several that have been counted together.
    """
    chat = find_chat(call)
    check_heard(call.world, chat)
    thread_id = thread_for(call, chat)
    if refused := missing_right(chat, call.bot.id, content, poll):
        raise refused
    replied, quote = reply_for(call, chat, thread_id)
    reply_markup = keyboard_for(call, chat)
    if thread_id is None and replied is not None:
        # A reply lands in the topic of what it replies to.
        thread_id = replied.thread_id
    if not is_counted:
        call.count(chat.id)
    return call.world.post(
        Message(
            chat=chat,
            id=chat.next_message_id(),
            date=call.world.date(),
            sender=call.bot.user,
            content=content,
            poll=poll,
            thread_id=thread_id,
            reply_to=replied,
            quote=quote,
            forward_origin=forward_origin,
            media_group_id=media_group_id,
            reply_markup=reply_markup,
            is_protected=bool(call.get("protect_content")),
        )
    )


@method("sendMessage")
def send_message(call: Call) -> Json:
    return send(call, text_content(call)).view()


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    chat = find_chat(call)
    if call.params["action"] not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    check_heard(call.world, chat)
    thread_id = thread_for(call, chat)
    call.world.events.publish(
        "chat_action",
        chat_id=chat.id,
        bot_id=call.bot.id,
        action=call.params["action"],
        **({"message_thread_id": thread_id} if thread_id else {}),
    )
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    chat = find_chat(call)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message to react not found")
    chosen: list[Json] = call.get("reaction") or []
    if len(chosen) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one.get("type") != "emoji" or not one.get("emoji") for one in chosen):
        raise bad_request("REACTION_INVALID")
    others = {who: given for who, given in (message.reactions or {}).items() if who != call.bot.id}
    message.reactions = (others | {call.bot.id: chosen} if chosen else others) or None
    call.world.edited(message)
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    chat = find_chat(call)
    _check_pin_right(call, chat.id)
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.is_deleted:
        raise bad_request("message to pin not found")
    if message.is_service:
        raise bad_request("message can't be pinned")
    if message.id not in chat.pinned_ids:
        chat.pinned_ids.append(message.id)
        pinned = {"pinned_message": message.view(with_reply=False)}
        call.world.post_service(chat, call.bot.user, pinned, thread_id=message.thread_id)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    chat = find_chat(call)
    _check_pin_right(call, chat.id)
    message_id = call.get("message_id") or (chat.pinned_ids[-1] if chat.pinned_ids else None)
    if message_id not in chat.pinned_ids:
        raise bad_request("message to unpin not found")
    chat.pinned_ids.remove(message_id)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> bool:
    chat = find_chat(call)
    _check_pin_right(call, chat.id)
    chat.pinned_ids.clear()
    return True


def _check_pin_right(call: Call, chat_id: int) -> None:
    if chat_id < 0 and not find_group(call).is_admin(call.bot.id):
        raise bad_request("not enough rights to manage pinned messages in the chat")
