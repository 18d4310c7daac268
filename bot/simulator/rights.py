"""What a member needs a right for, and how the server says that the right is missing.

Assumed where nothing is documented: the refusal is the same whether all members lack the right (a group in which only
administrators write) or this one was restricted, and it names the kind of the content as the server's library does.
"""

from typing import Any

from bot.simulator.chats import Chat, Group
from bot.simulator.polls import Poll
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]
# Field of a message -> the permission it needs, and its name in the refusal. An animation is a document as well, a
# venue a location: the first that fits counts.
_NEEDED = {
    "animation": ("can_send_other_messages", "animations"),
    "sticker": ("can_send_other_messages", "stickers"),
    "photo": ("can_send_photos", "photos"),
    "video": ("can_send_videos", "videos"),
    "audio": ("can_send_audios", "music"),
    "voice": ("can_send_voice_notes", "voice notes"),
    "document": ("can_send_documents", "documents"),
    "venue": ("can_send_messages", "venues"),
    "location": ("can_send_messages", "locations"),
    "contact": ("can_send_messages", "contacts"),
}
_TEXT = ("can_send_messages", "text messages")
_POLL = ("can_send_polls", "polls")


def missing_right(chat: Chat, account_id: int, content: Json, poll: Poll | None = None) -> Refused | None:
    """Why this account may not put this content into the chat; None where it may."""
    if not isinstance(chat, Group):
        return None
    needed = _POLL if poll is not None else next((_NEEDED[one] for one in _NEEDED if one in content), _TEXT)
    permission, words = needed
    if chat.may(account_id, permission):
        return None
    return bad_request(f"not enough rights to send {words} to the chat")
