"""An organiser's message as data: what of it can be announced, and why the rest cannot."""

from collections.abc import Sequence
from typing import Any

from telegram import Message, MessageEntity

from bot.services.announcement_content import ContentFault, Faulty, Kind, Part

# Fields that make a message of a kind which cannot be announced, and what is said about it.
_REFUSED = {
    "poll": ContentFault.POLL,
    "sticker": ContentFault.STICKER,
    "voice": ContentFault.VOICE,
    "video_note": ContentFault.VOICE,
}


def part_of(message: Message) -> Part | Faulty:
    """The message as a part of an announcement."""
    for name, fault in _REFUSED.items():
        if getattr(message, name) is not None:
            return Faulty(fault)
    if message.text is not None:
        return Part(
            Kind.TEXT, message.message_id, message.text, _entities(message.entities), extras=_preview(message)
        )
    kind, file_id, file_name = _file(message)
    if kind is None:
        return Faulty(ContentFault.UNSUPPORTED)
    return Part(
        kind,
        message.message_id,
        message.caption or "",
        _entities(message.caption_entities),
        file_id,
        file_name,
        message.media_group_id,
        _look(message, kind),
    )


def _file(message: Message) -> tuple[Kind | None, str | None, str | None]:
    if message.animation is not None:  # before the document that it comes with
        return Kind.ANIMATION, message.animation.file_id, message.animation.file_name
    if message.document is not None:
        return Kind.DOCUMENT, message.document.file_id, message.document.file_name
    if message.video is not None:
        return Kind.VIDEO, message.video.file_id, message.video.file_name
    if message.audio is not None:
        return Kind.AUDIO, message.audio.file_id, message.audio.file_name
    if message.photo:
        return Kind.PHOTO, message.photo[-1].file_id, None  # the largest
    return None, None, None


def _entities(entities: Sequence[MessageEntity]) -> list[dict[str, Any]]:
    return [entity.to_dict() for entity in entities]


def _preview(message: Message) -> dict[str, Any]:
    if message.link_preview_options is None:
        return {}
    return {"link_preview_options": message.link_preview_options.to_dict()}


def _look(message: Message, kind: Kind) -> dict[str, Any]:
    look: dict[str, Any] = {}
    if kind in (Kind.PHOTO, Kind.VIDEO, Kind.ANIMATION):
        if message.has_media_spoiler:
            look["has_spoiler"] = True
        if message.show_caption_above_media:
            look["show_caption_above_media"] = True
    return look
