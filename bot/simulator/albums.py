"""What may stand together in an album, for bots and for people.

Documented: 2 to 10 photos and videos, or as many documents, or as many audio files. Assumed where nothing is: who
names a single file is refused too; the parts come one after the other, each as a message and an update of its own, and
each replies to the message that the album replies to.
"""

from collections.abc import Iterable, Sequence

from bot.simulator.chats import Message
from bot.simulator.refusal import bad_request

MAX_PARTS = 10
# Kinds that stand only beside their own.
_ALONE = ("document", "audio")
KINDS = ("photo", "video", *_ALONE)


def check_album(kinds: Sequence[str], *, above: Iterable[bool] = ()) -> None:
    """Refused where these kinds make no album; `above` says of each photo or video where its caption stands."""
    if not kinds:
        raise bad_request("there are no messages to send")
    if len(kinds) == 1:
        raise bad_request("too few messages to send as an album")
    if len(kinds) > MAX_PARTS:
        raise bad_request("too many messages to send as an album")
    for kind in kinds:
        if kind not in KINDS:
            raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    for kind in kinds:
        if kind in _ALONE and len(set(kinds)) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    if len(set(above)) > 1:
        raise bad_request("parameter show_caption_above_media must be the same for all messages")


def check_album_edit(part: Message, kind: str) -> None:
    """Refused where a part of an album cannot become a file of this kind."""
    if kind not in KINDS:
        raise bad_request("message content type can't be used in an album")
    before = next((one for one in KINDS if one in part.content), kind)
    if kind != before and (kind in _ALONE or before in _ALONE):
        raise bad_request("can't change media type in the album")
