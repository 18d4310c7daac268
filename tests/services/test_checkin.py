"""QR codes, deep links and the code on the slide."""

import struct
import zlib

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.checkin_codes import ALPHABET, is_same_code, new_code
from bot.services.deep_links import BadPayload, deep_link
from bot.services.qr import SLIDE_PX, qr_png

LINK = deep_link("TanyaCoP_bot", "h-" + "aZ09_-" * 10)


def pixels(png: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """The rows of a PNG of one bit a pixel, 255 for white; of PNG only what segno writes."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    position, data, width, height = 8, b"", 0, 0
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, colour, interlaced) == (1, 0, 0)
        elif kind == b"IDAT":
            data += body
        position += length + 12
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, -1)
    lines, above = [], np.zeros(rows.shape[1] - 1, np.uint8)
    for row in rows:
        assert row[0] in {0, 2}  # as it stands, or as the difference to the row above
        above = row[1:] + above if row[0] == 2 else row[1:]
        lines.append(above)
    return np.unpackbits(np.array(lines), axis=1)[:, :width] * np.uint8(255)


def test_a_reader_of_other_make_finds_the_link_in_the_picture() -> None:
    (found,) = zxingcpp.read_barcodes(pixels(qr_png(LINK)))

    assert found.text == LINK


def test_a_link_is_found_in_a_picture_with_a_stain_on_it() -> None:
    stained = pixels(qr_png(LINK)).copy()
    side = stained.shape[0]
    stained[side // 2 : side // 2 + side // 12, side // 2 : side // 2 + side // 12] = 0

    (found,) = zxingcpp.read_barcodes(stained)

    assert found.text == LINK


def test_the_picture_fills_a_slide_and_no_more() -> None:
    height, width = pixels(qr_png(LINK)).shape

    assert height == width
    assert SLIDE_PX * 0.9 < width <= SLIDE_PX
    assert len(qr_png(LINK)) < 20_000


def test_a_picture_too_small_for_its_modules_has_one_pixel_each() -> None:
    assert pixels(qr_png(LINK, size_px=10)).shape[0] >= 29


@settings(max_examples=30, deadline=None)
@given(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True))
def test_every_payload_that_telegram_takes_is_read_back(payload: str) -> None:
    link = deep_link("TanyaCoP_bot", payload)

    (found,) = zxingcpp.read_barcodes(pixels(qr_png(link, size_px=300)))

    assert found.text == link == f"https://t.me/TanyaCoP_bot?start={payload}"


@pytest.mark.parametrize("payload", ["", "a" * 65, "a b", "a=b", "é", "a\n", "e.1", "a&b"])
def test_a_payload_that_telegram_would_drop_is_refused(payload: str) -> None:
    with pytest.raises(BadPayload):
        deep_link("TanyaCoP_bot", payload)


def test_codes_have_four_signs_that_nobody_mistakes() -> None:
    codes = {new_code() for _ in range(2000)}

    assert all(len(code) == 4 and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("0O1IL2Z5S8BGUVAE")
    assert len(codes) > 1900
    assert {sign for code in codes for sign in code} == set(ALPHABET)


def test_a_code_may_be_typed_in_any_way() -> None:
    assert is_same_code("k7Wp", "K7WP")
    assert is_same_code(" K7-WP ", "K7WP")
    assert not is_same_code("K7WQ", "K7WP")
    assert not is_same_code("K7WPP", "K7WP")
    assert not is_same_code("", "K7WP")
    assert not is_same_code("Ｋ７ＷＰé", "K7WP")
