"""What an announcement says, as data and as calls."""

import pytest

from bot.services.announcement_content import (
    MAX_CAPTION,
    MAX_TEXT,
    Content,
    ContentFault,
    Faulty,
    Kind,
    LinkButton,
    Part,
    calls,
    check,
    content_of,
    corrected,
    edit_calls,
    plain,
    stored,
)
from bot.services.requests import Call

BELOW = "Tautan:"
TEXT = Part(Kind.TEXT, 1, "Halo semua", [{"type": "bold", "offset": 0, "length": 4}])
PHOTO = Part(Kind.PHOTO, 2, "Foto sesi", file_id="F1", group="g")
VIDEO = Part(Kind.VIDEO, 3, file_id="F2", group="g")
BUTTON = LinkButton("Daftar", "https://contoh.go.id")
KEYBOARD = {"inline_keyboard": [[{"text": "Daftar", "url": "https://contoh.go.id"}]]}


def test_a_text_is_one_call_with_its_formatting_and_buttons() -> None:
    assert calls(Content((TEXT,), (BUTTON,)), BELOW) == [
        Call(
            "sendMessage",
            {"text": "Halo semua", "entities": TEXT.entities, "reply_markup": KEYBOARD},
        )
    ]


def test_an_album_has_its_buttons_in_a_message_of_their_own() -> None:
    album, below = calls(Content((PHOTO, VIDEO), (BUTTON,)), BELOW)

    assert album == Call(
        "sendMediaGroup",
        {
            "media": [
                {"type": "photo", "media": "F1", "caption": "Foto sesi"},
                {"type": "video", "media": "F2"},
            ]
        },
    )
    assert below == Call("sendMessage", {"text": BELOW, "reply_markup": KEYBOARD})


def test_an_album_without_buttons_is_one_call() -> None:
    assert len(calls(Content((PHOTO, VIDEO)), BELOW)) == 1


def test_stored_and_read_again_it_is_the_same() -> None:
    content = Content((PHOTO, VIDEO), (BUTTON,))

    assert content_of(stored(content.parts), [{"label": BUTTON.label, "url": BUTTON.url}]) == content


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([Part(Kind.TEXT, 1, "x" * (MAX_TEXT + 1))], ContentFault.TEXT_TOO_LONG),
        ([Part(Kind.PHOTO, 1, "x" * (MAX_CAPTION + 1), file_id="F")], ContentFault.CAPTION_TOO_LONG),
        ([Part(Kind.TEXT, 1, "😀" * (MAX_TEXT // 2 + 1))], ContentFault.TEXT_TOO_LONG),
        (
            [Part(Kind.PHOTO, n, file_id="F", group="g") for n in range(11)],
            ContentFault.ALBUM_TOO_LARGE,
        ),
        ([PHOTO, Part(Kind.DOCUMENT, 3, file_id="D", group="g")], ContentFault.ALBUM_MIXED),
        ([PHOTO, Part(Kind.PHOTO, 3, file_id="F", group="other")], ContentFault.ALBUM_IN_PIECES),
        ([TEXT, TEXT], ContentFault.ALBUM_IN_PIECES),
    ],
    ids=["text", "caption", "emoji count twice", "eleven", "mixed", "two albums", "two texts"],
)
def test_what_telegram_would_refuse_is_refused_before(parts: list[Part], fault: ContentFault) -> None:
    found = check(parts)

    assert found is not None
    assert found.fault is fault


def test_what_fits_exactly_is_taken() -> None:
    assert check([Part(Kind.TEXT, 1, "x" * MAX_TEXT)]) is None
    assert check([Part(Kind.PHOTO, n, file_id="F", group="g") for n in range(10)]) is None


def test_a_correction_keeps_formatting_in_its_place_below_the_header() -> None:
    words = Part(Kind.TEXT, 9, "😀 tebal", [{"type": "bold", "offset": 3, "length": 5}])

    new = corrected(Content((TEXT,)), words, "RALAT")

    assert isinstance(new, Content)
    text = new.text.encode("utf-16-le")
    header, bold = new.parts[0].entities
    assert new.text == "RALAT\n\n😀 tebal"
    assert text[header["offset"] * 2 : header["length"] * 2].decode("utf-16-le") == "RALAT"
    start, end = bold["offset"] * 2, (bold["offset"] + bold["length"]) * 2
    assert text[start:end].decode("utf-16-le") == "tebal"


@pytest.mark.parametrize(("part", "limit"), [(TEXT, MAX_TEXT), (PHOTO, MAX_CAPTION)], ids=["text", "caption"])
def test_a_correction_over_the_limit_with_its_header_is_refused(part: Part, limit: int) -> None:
    found = corrected(Content((part,)), Part(Kind.TEXT, 9, "x" * (limit - 6)), "RALAT")

    assert found == Faulty(ContentFault.TOO_LONG_WITH_HEADER, limit + 1, limit)


def test_an_edit_names_the_part_with_the_words_and_keeps_the_buttons() -> None:
    silent = Part(Kind.PHOTO, 1, file_id="F0", group="g")

    (of_album,) = edit_calls(Content((silent, PHOTO), (BUTTON,)))
    (of_text,) = edit_calls(Content((TEXT,), (BUTTON,)))

    assert of_album == Call("editMessageCaption", {"message_id": 1, "caption": "Foto sesi"})
    assert of_text.method == "editMessageText"
    assert of_text.parameters["reply_markup"] == KEYBOARD


def test_as_plain_text_a_hidden_link_stands_behind_its_word() -> None:
    link = {"type": "text_link", "offset": 3, "length": 6, "url": "https://contoh.go.id/a"}

    assert (
        plain(Part(Kind.TEXT, 1, "😀 daftar sekarang", [link]))
        == "😀 daftar (https://contoh.go.id/a) sekarang"
    )


def test_the_title_is_the_first_line_or_the_files_name() -> None:
    assert Content((Part(Kind.TEXT, 1, "\n  Judul \nisi"),)).title() == "Judul"
    assert Content((Part(Kind.DOCUMENT, 1, file_id="F", file_name="bahan.pdf"),)).title() == "bahan.pdf"
    assert len(Content((Part(Kind.TEXT, 1, "x" * 100),)).title()) == 60
    assert Content((Part(Kind.TEXT, 1, "RALAT\n\nJudul"),)).title({"RALAT"}) == "Judul"
