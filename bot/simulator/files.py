"""Files that were sent: stored once, named by a file_id, downloaded by a path."""

import mimetypes
import random
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Any

Json = dict[str, Any]
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024

_SUFFIXES = {
    "photo": ".jpg",
    "voice": ".oga",
    "sticker": ".webp",
    "video": ".mp4",
    "animation": ".mp4",
    "audio": ".mp3",
}
# Those that Python's table or the system's may lack, and that offices send every day.
_OFFICE_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ics": "text/calendar",
    ".pdf": "application/pdf",
}
_FOLDERS = {"photo": "photos", "voice": "voice", "sticker": "stickers", "video": "videos", "audio": "music"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    name: str
    mime_type: str | None
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the server keeps; the same id serves every bot."""

    id: str
    unique_id: str
    kind: str
    name: str
    mime_type: str
    path: str
    content: bytes

    def view(self) -> Json:
        """What every object with a file in it begins with."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


class Files:
    """All files, by id and by path."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def store(self, kind: str, upload: Upload) -> StoredFile:
        name = PurePath(upload.name.replace("\\", "/")).name or "file"
        suffix = _SUFFIXES.get(kind) or PurePath(name).suffix
        mime_type = upload.mime_type
        if not mime_type or mime_type == "application/octet-stream":
            guessed = _OFFICE_TYPES.get(suffix.lower()) or mimetypes.guess_type(f"x{suffix}")[0]
            mime_type = guessed or "application/octet-stream"
        unique = urlsafe_b64encode(sha256(kind.encode() + upload.content).digest()[:11]).decode().rstrip("=")
        file = StoredFile(
            id=urlsafe_b64encode(self._rng.randbytes(36)).decode(),
            unique_id=unique,
            kind=kind,
            name=name,
            mime_type=mime_type,
            path=f"{_FOLDERS.get(kind, 'documents')}/file_{len(self._by_path)}{suffix}",
            content=upload.content,
        )
        self._by_id[file.id] = self._by_path[file.path] = file
        return file

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture; None for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    if content[:2] == b"\xff\xd8":
        return _jpeg_size(content)
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    match content[12:16]:
        case b"VP8X" if len(content) >= 30:
            return (
                int.from_bytes(content[24:27], "little") + 1,
                int.from_bytes(content[27:30], "little") + 1,
            )
        case b"VP8L" if len(content) >= 25:
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if len(content) >= 30:
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
