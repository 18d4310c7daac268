"""Forwarding and copying messages."""

import itertools
from typing import Any

from bot.simulator.api.polls import copy_of
from bot.simulator.api.registry import Call, method
from bot.simulator.api.sending import send
from bot.simulator.api.targets import check_heard, find_chat, formatted_caption, thread_for
from bot.simulator.chats import Message
from bot.simulator.forwards import album_ids, origin_of
from bot.simulator.refusal import bad_request

Json = dict[str, Any]
MAX_MESSAGES = 100
_CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    find_chat(call)
    original = _original(call, call.params["message_id"], "forward")
    if original.is_service or original.is_protected:
        raise bad_request("the message can't be forwarded")
    return _forward(call, original).view()


@method("forwardMessages")
def forward_messages(call: Call) -> list[Json]:
    originals = _originals(call, "forward")
    albums = album_ids(originals, call.world.new_id)
    return [
        {"message_id": _forward(call, one, albums.get(one.media_group_id), is_counted=True).id}
        for one in originals
    ]


@method("copyMessage")
def copy_message(call: Call) -> Json:
    find_chat(call)
    original = _original(call, call.params["message_id"], "copy")
    if original.is_service or original.is_protected:
        raise bad_request("message can't be copied")
    content = dict(original.content)
    if call.get("caption") is not None and not {"text", "location", "contact"}.intersection(content):
        for name in _CAPTION_FIELDS:
            content.pop(name, None)
        content |= formatted_caption(
            call.get("caption"), call.get("parse_mode"), call.get("caption_entities")
        )
    return {"message_id": _copy(call, original, content).id}


@method("copyMessages")
def copy_messages(call: Call) -> list[Json]:
    copied = []
    originals = _originals(call, "copy")
    albums = album_ids(originals, call.world.new_id)
    for original in originals:
        content = dict(original.content)
        if call.get("remove_caption"):
            for name in _CAPTION_FIELDS:
                content.pop(name, None)
        album = albums.get(original.media_group_id)
        copied.append({"message_id": _copy(call, original, content, album, is_counted=True).id})
    return copied


def _original(call: Call, message_id: int, purpose: str) -> Message:
    message = find_chat(call, "from_chat_id").messages.get(message_id)
    if message is None or message.is_deleted:
        raise bad_request(f"message to {purpose} not found")
    return message


def _originals(call: Call, purpose: str) -> list[Message]:
    """Those of the wanted messages that can be passed on, counted together; the others are skipped."""
    target = find_chat(call)
    numbers: list[int] = call.params["message_ids"]
    if not 1 <= len(numbers) <= MAX_MESSAGES:
        raise bad_request("there must be from 1 to 100 message identifiers specified")
    if any(one >= two for one, two in itertools.pairwise(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = find_chat(call, "from_chat_id")
    messages = [chat.messages.get(number) for number in numbers]
    found = [one for one in messages if one and not (one.is_deleted or one.is_service or one.is_protected)]
    if not found:
        raise bad_request(f"there are no messages to {purpose}")
    thread_for(call, target)
    check_heard(call.world, target)
    call.count(target.id, len(found))
    return found


def _forward(
    call: Call, original: Message, media_group_id: str | None = None, *, is_counted: bool = False
) -> Message:
    return send(
        call,
        dict(original.content),
        poll=original.poll,
        forward_origin=origin_of(call.world, original),
        media_group_id=media_group_id,
        is_counted=is_counted,
    )


def _copy(
    call: Call,
    original: Message,
    content: Json,
    media_group_id: str | None = None,
    *,
    is_counted: bool = False,
) -> Message:
    if original.poll is None:
        return send(call, content, media_group_id=media_group_id, is_counted=is_counted)
    poll = copy_of(original.poll, call)
    message = send(call, content, poll=poll, is_counted=is_counted)
    call.world.add_poll(poll, None)
    return message
