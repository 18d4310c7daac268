import base64
import struct
import zlib

import pytest
from aiohttp import ClientSession

from bot.simulator import Server, Simulator
from bot.simulator.files import MAX_DOWNLOAD_BYTES, picture_size
from tests.simulator.conftest import TOKEN, Api


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + struct.pack(">I", zlib.crc32(header))


async def download(server: Server, session: ClientSession, path: str) -> bytes:
    async with session.get(f"{server.url}/file/bot{TOKEN}/{path}") as response:
        assert response.status == 200
        return await response.read()


async def test_a_file_goes_up_and_comes_down_unchanged(
    api: Api, simulator: Simulator, server: Server, session: ClientSession, siti: int
) -> None:
    answer = await api.upload(
        "sendDocument", "document", "laporan é.pdf", b"%PDF-1.7 isi", chat_id=str(siti), caption="ini"
    )

    document = answer["result"]["document"]
    described = await api.call("getFile", file_id=document["file_id"])

    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "laporan é.pdf",
        "application/pdf",
        12,
    )
    assert await download(server, session, described["file_path"]) == b"%PDF-1.7 isi"
    stored = simulator.control.file(document["file_id"])
    assert base64.b64decode(stored["base64"]) == b"%PDF-1.7 isi"


async def test_a_persons_photo_comes_in_two_sizes_and_can_be_sent_again(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.send_media(siti, siti, "photo", caption="lihat")
    [update] = await api.updates()
    small, large = update["message"]["photo"]

    again = await api.call("sendPhoto", chat_id=siti, photo=large["file_id"])

    assert (small["width"], small["height"]) == (90, 68)
    assert (large["width"], large["height"]) == (320, 240)
    assert update["message"]["caption"] == "lihat"
    assert again["photo"][-1]["file_id"] == large["file_id"]


@pytest.mark.parametrize("kind", ["voice", "sticker", "video", "animation", "audio", "document"])
async def test_every_kind_of_file_is_sent_and_sent_again(
    api: Api, simulator: Simulator, siti: int, kind: str
) -> None:
    sent = simulator.control.send_media(siti, siti, kind, details={"duration": 3})

    again = await api.call(f"send{kind.capitalize()}", chat_id=siti, **{kind: sent[kind]["file_id"]})

    assert again[kind]["file_unique_id"] == sent[kind]["file_unique_id"]
    assert ("document" in again) == (kind in ("document", "animation"))


async def test_places_and_contacts_are_sent_both_ways(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.send_media(siti, siti, "location", details={"latitude": -7.5, "longitude": 110.2})
    simulator.control.send_media(siti, siti, "contact")

    place, contact = await api.updates()
    sent = await api.call("sendLocation", chat_id=siti, latitude=-7.5, longitude=110.2)

    assert place["message"]["location"] == sent["location"] == {"latitude": -7.5, "longitude": 110.2}
    assert contact["message"]["contact"]["user_id"] == siti
    assert (await api.call("sendContact", chat_id=siti, phone_number="1", first_name="A"))["contact"] == {
        "phone_number": "1",
        "first_name": "A",
    }
    assert await api.refusal("sendLocation", chat_id=siti, latitude=91, longitude=0) == (
        "Bad Request: location is invalid"
    )


async def test_what_is_no_usable_file_is_refused(api: Api, simulator: Simulator, siti: int) -> None:
    document = simulator.control.send_media(siti, siti, "document")["document"]["file_id"]

    assert await api.refusal("sendPhoto", chat_id=siti, photo=document) == (
        "Bad Request: can't use file of type Document as Photo"
    )
    assert await api.refusal("sendPhoto", chat_id=siti, photo="nothing") == (
        "Bad Request: wrong file identifier/HTTP URL specified"
    )
    assert await api.refusal("sendPhoto", chat_id=siti, photo="https://example.org/a.jpg") == (
        "Bad Request: failed to get HTTP URL content"
    )
    assert await api.refusal("getFile", file_id="nothing") == "Bad Request: invalid file_id"


@pytest.mark.parametrize(
    ("content", "description"),
    [
        pytest.param(b"", "file must be non-empty", id="empty"),
        pytest.param(b"no picture", "IMAGE_PROCESS_FAILED", id="no-picture"),
        pytest.param(png(9000, 1001), "PHOTO_INVALID_DIMENSIONS", id="too-large-sides"),
        pytest.param(png(2100, 100), "PHOTO_INVALID_DIMENSIONS", id="too-long"),
        pytest.param(
            png(10, 10) + bytes(10 * 1024 * 1024),
            "file of size 10485793 bytes is too big for a photo; the maximum size is 10485760 bytes",
            id="too-big",
        ),
    ],
)
async def test_bad_photos_are_refused(api: Api, siti: int, content: bytes, description: str) -> None:
    answer = await api.upload("sendPhoto", "photo", "a.png", content, chat_id=str(siti))

    assert answer["description"] == f"Bad Request: {description}"


async def test_a_file_above_20_mb_can_be_sent_but_not_fetched(api: Api, siti: int) -> None:
    content = bytes(MAX_DOWNLOAD_BYTES + 1)
    answer = await api.upload("sendDocument", "document", "a.bin", content, chat_id=str(siti))

    assert await api.refusal("getFile", file_id=answer["result"]["document"]["file_id"]) == (
        "Bad Request: file is too big"
    )


async def test_an_upload_above_50_mb_is_too_large(api: Api, siti: int) -> None:
    content = bytes(50 * 1024 * 1024 + 1)

    answer = await api.upload("sendDocument", "document", "a.bin", content, chat_id=str(siti))

    assert (answer["error_code"], answer["description"]) == (413, "Request Entity Too Large")


async def test_a_caption_has_at_most_1024_characters(api: Api, siti: int) -> None:
    answer = await api.upload("sendDocument", "document", "a", b"x", chat_id=str(siti), caption="x" * 1025)

    assert answer["description"] == "Bad Request: message caption is too long"


async def test_a_path_without_file_is_not_found(server: Server, session: ClientSession) -> None:
    async with session.get(f"{server.url}/file/bot{TOKEN}/documents/none.pdf") as response:
        assert (response.status, (await response.json())["description"]) == (404, "Not Found")
    async with session.get(f"{server.url}/file/bot1:wrong/documents/none.pdf") as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("content", "size"),
    [
        pytest.param(png(3, 4), (3, 4), id="png"),
        pytest.param(b"GIF89a\x03\x00\x04\x00", (3, 4), id="gif"),
        pytest.param(
            b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x04\0\x03\0\0\0\0\0\0\0\0\0\0\0\0",
            (3, 4),
            id="jpeg",
        ),
        pytest.param(b"RIFF....WEBPVP8X....\0\0\0\0\x02\0\0\x03\0\0", (3, 4), id="webp-extended"),
        pytest.param(b"RIFF....WEBPVP8L....\x2f\x02\xc0\0\0", (3, 4), id="webp-lossless"),
        pytest.param(b"RIFF....WEBPVP8 ....\0\0\0\x9d\x01\x2a\x03\0\x04\0", (3, 4), id="webp-lossy"),
        pytest.param(b"\xff\xd8\xff", None, id="broken-jpeg"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_header(content: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(content) == size
