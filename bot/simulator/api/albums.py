"""Sending several files as one album."""

from typing import Any

from bot.simulator.albums import check_album
from bot.simulator.api.media import media_content
from bot.simulator.api.registry import Call, method
from bot.simulator.api.sending import send
from bot.simulator.api.targets import check_heard, find_chat
from bot.simulator.refusal import Refused
from bot.simulator.rights import missing_right

Json = dict[str, Any]


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    chat = find_chat(call)
    media: list[Json] = call.params["media"]
    kinds = [one["type"] for one in media]
    if "live_photo" in kinds:
        raise Refused(501, "Not Implemented: the simulator does not support live photos yet")
    check_album(kinds, above=[bool(one.get("show_caption_above_media")) for one in media])
    # All of them are made before the first is sent: an album with a bad part is not sent in parts.
    contents = [media_content(call, one["type"], one | {one["type"]: one["media"]}) for one in media]
    check_heard(call.world, chat)
    for content in contents:
        if refused := missing_right(chat, call.bot.id, content):
            raise refused
    call.count(chat.id, len(contents))
    album = call.world.new_id()
    sent = [send(call, content, media_group_id=album, is_counted=True) for content in contents]
    return [message.view() for message in sent]
