"""Small files that people send where a test or the page gives none."""

import struct
import zlib


def _png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\xb0" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


SAMPLES = {
    "photo": ("photo.jpg", _png(320, 240)),
    "document": ("catatan.txt", b"Catatan singkat.\n"),
    "voice": ("voice.oga", b"OggS" + bytes(60)),
    "sticker": ("sticker.webp", b"RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/" + bytes(13)),
    "video": ("video.mp4", b"\0\0\0\x18ftypmp42" + bytes(52)),
    "animation": ("animation.mp4", b"\0\0\0\x18ftypmp42" + bytes(53)),
    "audio": ("audio.mp3", b"ID3\x04" + bytes(60)),
}
