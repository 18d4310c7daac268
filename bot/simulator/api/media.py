"""Sending files, places and contacts."""

from collections.abc import Callable
from typing import Any

from bot.simulator.albums import check_album_edit
from bot.simulator.api.editing import MEDIA_FIELDS, change
from bot.simulator.api.media_content import content_of
from bot.simulator.api.registry import Call, method
from bot.simulator.api.sending import send
from bot.simulator.api.targets import find_chat, formatted_caption, own_message
from bot.simulator.files import MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES, StoredFile, Upload, picture_size
from bot.simulator.refusal import Refused, bad_request

Json = dict[str, Any]
# How the server calls the kinds of files in its refusals.
_NAMES = {
    "photo": "Photo",
    "document": "Document",
    "voice": "VoiceNote",
    "sticker": "Sticker",
    "video": "Video",
    "animation": "Animation",
    "audio": "Audio",
}
_EDITABLE = frozenset(("photo", "video", "animation", "audio", "document"))
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
# Fields of a request that only change how the media are shown, and the fields of the message they become.
_FLAGS = {"show_caption_above_media": "show_caption_above_media", "has_spoiler": "has_media_spoiler"}


def _sender(kind: str) -> Callable[[Call], Json]:
    def send_file(call: Call) -> Json:
        # Looked for first: a file for nobody is not stored.
        find_chat(call)
        return send(call, media_content(call, kind, call.params)).view()

    return send_file


for _kind in _NAMES:
    method(f"send{_kind.capitalize()}")(_sender(_kind))


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json | bool:
    message = own_message(call)
    media: Json = call.params["media"]
    if media["type"] not in _EDITABLE:
        raise bad_request("unsupported media type specified")
    if "text" not in message.content and not MEDIA_FIELDS.intersection(message.content):
        raise bad_request("message can't be edited")
    if message.media_group_id is not None:
        check_album_edit(message, media["type"])
    content = media_content(call, media["type"], media | {media["type"]: media["media"]})
    return change(call, message, tuple(message.content), content)


def media_content(call: Call, kind: str, told: Json) -> Json:
    """The fields of a message for a file; `told` holds it under its kind, and what goes with it."""
    caption = formatted_caption(told.get("caption"), told.get("parse_mode"), told.get("caption_entities"))
    flags = {shown: True for asked, shown in _FLAGS.items() if told.get(asked)}
    return content_of(_file(call, kind, told[kind]), told) | caption | flags


def _file(call: Call, kind: str, given: str) -> StoredFile:
    """The file that a parameter gives: an upload, or one that the server has."""
    if given.startswith("attach://"):
        upload = call.files.get(given.removeprefix("attach://"))
        if upload is None:
            raise bad_request("file must be non-empty")
        _check_upload(kind, upload)
        return call.world.files.store(kind, upload)
    if given.startswith(("http://", "https://")):
        # The simulated world has no internet.
        raise bad_request("failed to get HTTP URL content")
    file = call.world.files.by_id(given)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {_NAMES[file.kind]} as {_NAMES[kind]}")
    return file


def _check_upload(kind: str, upload: Upload) -> None:
    size = len(upload.content)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > MAX_UPLOAD_BYTES:
        raise Refused(413, "Request Entity Too Large")
    if kind != "photo":
        return
    if size > MAX_PHOTO_BYTES:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes"
        )
    dimensions = picture_size(upload.content)
    if dimensions is None or 0 in dimensions:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(dimensions) > MAX_PHOTO_SIDES or max(dimensions) > MAX_PHOTO_RATIO * min(dimensions):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


@method("sendLocation")
def send_location(call: Call) -> Json:
    return send(call, {"location": _location(call)}).view()


@method("sendVenue")
def send_venue(call: Call) -> Json:
    location = _location(call)
    venue = {"location": location, "title": call.params["title"], "address": call.params["address"]}
    return send(call, {"location": location, "venue": venue}).view()


@method("sendContact")
def send_contact(call: Call) -> Json:
    names = ("phone_number", "first_name", "last_name", "vcard")
    return send(call, {"contact": {name: call.params[name] for name in names if call.get(name)}}).view()


def _location(call: Call) -> Json:
    latitude, longitude = call.params["latitude"], call.params["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("location is invalid")
    location: Json = {"latitude": latitude, "longitude": longitude}
    if call.get("horizontal_accuracy"):
        location["horizontal_accuracy"] = call.params["horizontal_accuracy"]
    return location
