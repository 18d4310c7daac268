"""Stored files as the fields of a message, in the API's shape."""

from typing import Any

from bot.simulator.files import StoredFile, picture_size

Json = dict[str, Any]
# What a file of unknown dimensions is shown with.
_DEFAULT_SIZE = {"video": (640, 360), "animation": (320, 240), "sticker": (512, 512), "photo": (640, 480)}
_THUMBNAIL_SIDE = 90


def content_of(file: StoredFile, told: Json) -> Json:
    """The message fields for a file; `told` is what its sender said of it (duration, title …)."""
    match file.kind:
        case "photo":
            return {"photo": photo_sizes(file)}
        case "voice":
            return {
                "voice": file.view() | {"duration": told.get("duration") or 0, "mime_type": file.mime_type}
            }
        case "sticker":
            width, height = _size(file)
            shape = {
                "type": "regular",
                "width": width,
                "height": height,
                "is_animated": False,
                "is_video": False,
            }
            emoji = {"emoji": told["emoji"]} if told.get("emoji") else {}
            return {"sticker": file.view() | shape | emoji}
        case "audio":
            names = {name: told[name] for name in ("performer", "title") if told.get(name)}
            return {"audio": _named(file) | {"duration": told.get("duration") or 0} | names}
        case "video":
            return {"video": _named(file) | _moving(file, told)}
        case "animation":
            # An animation is also given as a document, for clients older than animations.
            return {"animation": _named(file) | _moving(file, told), "document": _named(file)}
        case _:
            return {"document": _named(file)}


def photo_sizes(file: StoredFile) -> list[Json]:
    """The sizes of a photo, smallest first. The simulator does not scale: both are the same file."""
    width, height = _size(file)
    sizes = [file.view() | {"width": width, "height": height}]
    if max(width, height) > _THUMBNAIL_SIDE:
        scale = _THUMBNAIL_SIDE / max(width, height)
        small = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
        sizes.insert(0, file.view() | small)
    return sizes


def _named(file: StoredFile) -> Json:
    return file.view() | {"file_name": file.name, "mime_type": file.mime_type}


def _moving(file: StoredFile, told: Json) -> Json:
    width, height = _size(file)
    return {
        "width": told.get("width") or width,
        "height": told.get("height") or height,
        "duration": told.get("duration") or 0,
    }


def _size(file: StoredFile) -> tuple[int, int]:
    return picture_size(file.content) or _DEFAULT_SIZE[file.kind]
