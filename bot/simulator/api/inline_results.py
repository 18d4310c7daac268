"""Inline results: what each kind needs, and the message that choosing one sends."""

from typing import Any

from bot.simulator import keyboards
from bot.simulator.api.media_content import content_of
from bot.simulator.api.registry import Call
from bot.simulator.api.targets import formatted_caption, formatted_text, link_preview
from bot.simulator.queries import Made
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]

# Kind -> fields that must be there; where it can be made from a stored file, that field stands for all of them.
_REQUIRED = {
    "article": ("title", "input_message_content"),
    "photo": ("photo_url", "thumbnail_url"),
    "gif": ("gif_url", "thumbnail_url"),
    "mpeg4_gif": ("mpeg4_url", "thumbnail_url"),
    "video": ("video_url", "mime_type", "thumbnail_url", "title"),
    "audio": ("audio_url", "title"),
    "voice": ("voice_url", "title"),
    "document": ("title", "document_url", "mime_type"),
    "location": ("latitude", "longitude", "title"),
    "venue": ("latitude", "longitude", "title", "address"),
    "contact": ("phone_number", "first_name"),
    "sticker": ("sticker_file_id",),
}
_CACHED = {
    "photo": "photo_file_id",
    "gif": "gif_file_id",
    "mpeg4_gif": "mpeg4_file_id",
    "video": "video_file_id",
    "audio": "audio_file_id",
    "voice": "voice_file_id",
    "document": "document_file_id",
    "sticker": "sticker_file_id",
}
_KINDS_OF_FILES = {"gif": "animation", "mpeg4_gif": "animation"}


def made_from(result: Json, call: Call) -> Made:
    """Check one result and make its message."""
    kind = result.get("type")
    required = _REQUIRED.get(str(kind))
    if required is None:
        raise bad_request("can't parse inline query result: unsupported inline query result type specified")
    cached = result.get(_CACHED.get(str(kind), ""))
    if not cached:
        for name in required:
            if result.get(name) in (None, ""):
                raise bad_request(f"can't parse inline query result: Can't find field \"{name}\"")
    content = _content(result, str(kind), cached, call)
    reply_markup = result.get("reply_markup")
    if reply_markup:
        reply_markup = keyboards.check(reply_markup, chat_type="inline", bot_username=call.bot.username)
        if "inline_keyboard" not in reply_markup:
            raise bad_request("inline keyboard expected")
    return Made(content, reply_markup or None)


def _content(result: Json, kind: str, cached: str | None, call: Call) -> Json:
    given = result.get("input_message_content")
    if given is not None:
        return _given_content(given)
    if cached:
        file = call.world.files.by_id(cached)
        if file is None or file.kind != _KINDS_OF_FILES.get(kind, kind):
            raise bad_request("DOCUMENT_INVALID")
        caption = formatted_caption(
            result.get("caption"), result.get("parse_mode"), result.get("caption_entities")
        )
        return content_of(file, result) | caption
    if kind in ("location", "venue", "contact"):
        return _given_content(result)
    raise Refused(
        501, "Not Implemented: the simulator fetches nothing from the internet; send a file_id instead"
    )


def _given_content(given: Json) -> Json:
    if "message_text" in given:
        text = formatted_text(given["message_text"], given.get("parse_mode"), given.get("entities"))
        return text | link_preview(given.get("link_preview_options"))
    if "latitude" in given and "longitude" in given:
        location = {"latitude": given["latitude"], "longitude": given["longitude"]}
        if "address" in given:
            return {
                "location": location,
                "venue": {"location": location, "title": given["title"], "address": given["address"]},
            }
        return {"location": location}
    if "phone_number" in given and "first_name" in given:
        names = ("phone_number", "first_name", "last_name", "vcard")
        return {"contact": {name: given[name] for name in names if given.get(name)}}
    raise bad_request("can't parse inline query result: input message content is not specified")
