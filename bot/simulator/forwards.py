"""What a forwarded message says of where it comes from, and which of several make an album again."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bot.simulator.chats import Message
from bot.simulator.world import World

Json = dict[str, Any]


def origin_of(world: World, message: Message) -> Json:
    """The MessageOrigin: the first author, however often it was forwarded; a bare name where they hide theirs."""
    if message.forward_origin is not None:
        return message.forward_origin
    if message.sender_chat is not None:
        return {"type": "chat", "date": message.date, "sender_chat": message.sender_chat.view()}
    if message.sender.id in world.hidden_ids:
        return {"type": "hidden_user", "date": message.date, "sender_user_name": message.sender.name()}
    return {"type": "user", "date": message.date, "sender_user": message.sender.view()}


def album_ids(originals: Sequence[Message], new_id: Callable[[], str]) -> dict[str | None, str]:
    """A new album for each of which at least two parts are passed on together; a part alone leaves its album."""
    parts = Counter(one.media_group_id for one in originals if one.media_group_id is not None)
    return {album: new_id() for album, count in parts.items() if count > 1}
