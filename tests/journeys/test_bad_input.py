"""Bad input gets a clear sentence, and nothing is lost."""

import pytest

from tests.scene import Scene

CARD = "Bagaimana cara mengajukan klaim JKP pertama kali?"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        pytest.param("😀🎉👍", "Saya belum menangkap pertanyaannya.", id="only emoji"),
        pytest.param("https://contoh.id/berita", "Saya tidak membuka tautan.", id="only a link"),
        pytest.param("3273011234567890", "Saya tidak dapat mencari data orang", id="a lone NIK"),
        pytest.param("...?!", "Saya belum menangkap pertanyaannya.", id="only signs"),
        pytest.param("\u200b\u200c\u2060a\u200b", "", id="zero-width characters"),
        pytest.param("/tidakada", "Perintah itu tidak saya kenal.", id="an unknown command"),
        pytest.param("السلام عليكم كيف الحال", "", id="right-to-left text"),
        pytest.param("x" * 4096, "", id="4,096 characters without a space"),
    ],
)
async def test_odd_text_gets_a_clear_sentence(scene: Scene, text: str, begins: str) -> None:
    sari = scene.person("Sari")

    (answer,) = await sari.says(text)

    assert answer["text"].startswith(begins)
    assert CARD not in answer["text"]


async def test_a_long_story_around_a_question_is_answered(scene: Scene) -> None:
    sari = scene.person("Sari")
    story = "Kemarin ada tamu datang ke kantor kami dan bercerita panjang lebar tentang keluarganya. " * 20

    answers = await sari.says((story + "Gimana cara klaim jkp?")[-4000:])

    assert answers


async def test_markup_in_a_question_is_shown_as_it_was_typed(scene: Scene) -> None:
    sari = scene.person("Sari")

    first, second = await sari.says(
        "gmn cara klaim <b>jkp</b> & _apa_ </i>? terus kuota disabilitas di swasta brp persen?"
    )

    assert "<b>jkp</b> & _apa_ </i>" in first["text"]
    assert "Pertanyaan 2" in second["text"]


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "document", "location", "contact"])
async def test_what_is_no_text_is_said_to_be_unreadable(scene: Scene, kind: str) -> None:
    sari = scene.person("Sari")

    (answer,) = await sari.sends(kind)

    assert answer["text"].startswith("Saya baru bisa membaca teks.")


async def test_a_photos_caption_is_a_question(scene: Scene) -> None:
    sari = scene.person("Sari")

    (card,) = await sari.sends("photo", caption="gmn cara klaim jkp?")

    assert card["text"].startswith(CARD)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("x", id="no action"),
        pytest.param("e:tidak-ada", id="an entry that does not exist"),
        pytest.param("p:999999:0", id="a question that does not exist"),
        pytest.param("p:1:99", id="a suggestion that does not exist"),
        pytest.param("p:1", id="too few fields"),
        pytest.param("p:99999999999999999999:0", id="a number that fits no column"),
        pytest.param("f:1:everything", id="a consent that does not exist"),
        pytest.param("r:jkp-masa-iur:99:helpful", id="a revision that does not exist"),
        pytest.param("v:99:w", id="a province that does not exist"),
        pytest.param("l:xx", id="a language that does not exist"),
        pytest.param("z:UTC", id="a zone that does not exist"),
        pytest.param("\u202e💥" * 8, id="noise"),
    ],
)
async def test_forged_callback_data_does_nothing_and_says_why(scene: Scene, data: str) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    note = await sari.forges(card, data)

    assert note["show_alert"] is True
    assert "Tulis lagi pertanyaan Anda" in note["text"]


async def test_a_question_of_another_chat_cannot_be_answered_by_forged_data(scene: Scene) -> None:
    sari, mallory = scene.person("Sari"), scene.person("Mallory")
    await sari.asks("bagaimana prosedur naturalisasi pemain bola")
    own = await mallory.asks("gmn cara klaim jkp?")

    note = await mallory.forges(own, "f:1:named")

    assert "sudah tidak berlaku" in note["text"]


async def test_an_edit_to_something_that_is_no_question_is_answered_too(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.asks("gmn cara klaim jkp?")

    (changed,) = await sari.edits(sari.sent()["message_id"], "makasih ya")

    assert changed["text"].startswith("Sama-sama.")
