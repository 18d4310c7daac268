"""A counsellor asks and reads the answer."""

from datetime import timedelta

from tests.scene import Scene, between_two, folded, labels

NOT_IN_THE_BOOK = "bagaimana prosedur naturalisasi pemain bola"


async def test_an_abbreviated_question_is_answered_with_its_legal_basis_and_dates(scene: Scene) -> None:
    sari = scene.person("Sari")

    card = await sari.asks("gmn cara klaim jkp?")

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert "Dasar hukum: " in card["text"]
    assert "Berlaku sejak " in card["text"]
    assert "Ditinjau 24 November 2026" in card["text"]
    assert "belum diperiksa kementerian" in card["text"]
    assert folded(card)


async def test_the_matched_phrasing_stands_above_the_answer(scene: Scene) -> None:
    sari = scene.person("Sari")

    card = await sari.asks("apa itu uld")

    assert card["text"].splitlines()[1].startswith("Cocok dengan pertanyaan: ")


async def test_a_stranger_who_never_pressed_start_is_answered(scene: Scene) -> None:
    stranger = scene.person("Orang Baru")

    card = await stranger.asks("iuran telat gimana nasib jkp pekerja?")

    assert "iuran" in card["text"].lower()


async def test_tanya_with_a_question_answers_it_and_without_one_asks_for_it(scene: Scene) -> None:
    sari = scene.person("Sari")

    card = await sari.asks("/tanya gmn cara klaim jkp?")
    hint = await sari.asks("/ask")

    assert card["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")
    assert "/tanya gmn cara klaim jkp?" in hint["text"]


async def test_an_unsure_answer_asks_back_once_and_the_choice_takes_its_place(scene: Scene) -> None:
    sari = scene.person("Sari")
    question = await sari.asks(between_two(scene))
    assert question["text"].startswith("Maksud Anda…?")
    assert labels(question)[-1] == "Bukan ini"

    (card,) = await sari.presses(question, labels(question)[0])

    assert card["message_id"] == question["message_id"]
    assert "Ditinjau " in card["text"]


async def test_none_of_these_ends_in_the_honest_answer_after_one_round(scene: Scene) -> None:
    sari = scene.person("Sari")
    question = await sari.asks(between_two(scene))

    (unknown,) = await sari.presses(question, "Bukan ini")

    assert unknown["text"].startswith("Belum ada jawabannya.")
    assert not any("Bukan ini" in label for label in labels(unknown))


async def test_an_unknown_question_can_be_passed_on_without_a_name(scene: Scene) -> None:
    sari = scene.person("Sari")
    unknown = await sari.asks(NOT_IN_THE_BOOK)
    assert unknown["text"].startswith("Belum ada jawabannya.")

    (kept,) = await sari.presses(unknown, "tanpa nama")

    assert kept["message_id"] == unknown["message_id"]
    assert "tanpa nama Anda" in kept["text"]
    assert labels(kept) == []


async def test_an_unknown_question_need_not_be_passed_on(scene: Scene) -> None:
    sari = scene.person("Sari")
    unknown = await sari.asks(NOT_IN_THE_BOOK)

    (left,) = await sari.presses(unknown, "Tidak usah")

    assert "tidak diteruskan" in left["text"]


async def test_two_questions_in_one_message_get_two_answers(scene: Scene) -> None:
    sari = scene.person("Sari")

    first, second = await sari.says("gmn cara klaim jkp? terus kuota disabilitas di swasta brp persen?")

    assert first["text"].startswith("Pertanyaan 1: gmn cara klaim jkp?")
    assert "Bagaimana cara mengajukan klaim JKP pertama kali?" in first["text"]
    assert second["text"].startswith("Pertanyaan 2: ")
    assert "Berapa kuota wajib untuk perusahaan swasta?" in second["text"]


async def test_an_edited_question_edits_its_answer(scene: Scene) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    (changed,) = await sari.edits(sari.sent()["message_id"], "kuota disabilitas di swasta brp persen?")

    assert changed["message_id"] == card["message_id"]
    assert changed["text"].startswith("Berapa kuota wajib untuk perusahaan swasta?")


async def test_an_edit_from_two_questions_to_one_takes_the_second_answer_back(scene: Scene) -> None:
    sari = scene.person("Sari")
    _, second = await sari.says("gmn cara klaim jkp? terus kuota disabilitas di swasta brp persen?")

    await sari.edits(sari.sent()["message_id"], "gmn cara klaim jkp?")

    left = [m["message_id"] for m in sari.messages()]
    assert second["message_id"] not in left
    assert sari.reads()["text"].startswith("Bagaimana cara mengajukan klaim JKP pertama kali?")


async def test_an_edit_whose_answer_was_deleted_is_answered_anew(scene: Scene) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")
    scene.control.delete(sari.user_id, sari.chat_id, card["message_id"])

    await sari.edits(sari.sent()["message_id"], "kuota disabilitas di swasta brp persen?")

    assert sari.reads()["text"].startswith("Berapa kuota wajib untuk perusahaan swasta?")
    assert [r["error"] for r in scene.refused()] == ["Bad Request: message to edit not found"]
    scene.forgive()


async def test_a_related_question_opens_with_one_tap(scene: Scene) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    (related,) = await sari.presses(card, "Dokumen apa saja")

    assert related["message_id"] != card["message_id"]
    assert related["text"].startswith("Dokumen apa saja")


async def test_thumbs_up_is_thanked_for(scene: Scene) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    note = await sari.is_told(card, "Membantu")

    assert note["text"] == "Terima kasih, tercatat."


async def test_thumbs_down_asks_for_one_reason_and_gives_the_card_its_buttons_back(scene: Scene) -> None:
    sari = scene.person("Sari")
    card = await sari.asks("gmn cara klaim jkp?")

    (asked,) = await sari.presses(card, "Kurang membantu")
    assert "Aturannya sudah berubah" in labels(asked)
    (again,) = await sari.presses(asked, "Aturannya sudah berubah")

    assert labels(again) == labels(card)


async def test_a_deep_link_opens_its_entry(scene: Scene) -> None:
    sari = scene.person("Sari")

    card, welcome = await sari.says("/start e-jkp-masa-iur")

    assert card["text"].startswith("Berapa lama masa iur")
    assert welcome["text"].startswith("Selamat datang di TanyaCoP")


async def test_every_card_carries_its_own_deep_link(scene: Scene) -> None:
    sari = scene.person("Sari")

    card = await sari.asks("gmn cara klaim jkp?")

    links = [entity["url"] for entity in card["entities"] if entity["type"] == "text_link"]
    assert links == ["https://t.me/TanyaCoP_bot?start=e-jkp-klaim-bulan-pertama"]


async def test_past_its_review_date_an_answer_still_shows_and_is_marked(scene: Scene) -> None:
    sari = scene.person("Sari")
    scene.clock.advance(timedelta(days=400))

    card = await sari.asks("gmn cara klaim jkp?")

    assert "Perlu ditinjau ulang: " in card["text"]


async def test_a_topics_name_alone_opens_the_topic(scene: Scene) -> None:
    sari = scene.person("Sari")

    opened = await sari.asks("jkp")

    assert opened["text"].startswith("Jaminan Kehilangan Pekerjaan (JKP)")
    assert "Cara klaim" in labels(opened)


async def test_small_talk_gets_a_friendly_word_and_no_entry(scene: Scene) -> None:
    sari = scene.person("Sari")

    greeting = await sari.asks("halo kak")
    thanks = await sari.asks("makasih ya")

    assert greeting["text"].startswith("Halo!")
    assert thanks["text"].startswith("Sama-sama.")


async def test_the_english_interface_speaks_english_around_the_indonesian_answer(scene: Scene) -> None:
    keiko = scene.person("Keiko", language_code="en")
    profile = await keiko.asks("/profile")
    (languages,) = await keiko.presses(profile, "Bahasa")
    await keiko.presses(languages, "English")

    card = await keiko.asks("gmn cara klaim jkp?")

    assert "Legal basis: " in card["text"]
    assert "Reviewed 24 November 2026" in card["text"]
    assert "Bagaimana cara mengajukan klaim JKP pertama kali?" in card["text"]


async def test_kenapa_tells_how_the_last_question_was_read_and_decided(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.asks("gmn cara klaimm jkp?")

    why = await sari.asks("/kenapa")

    assert "Singkatan: gmn dibaca bagaimana" in why["text"]
    assert "Ejaan: klaimm dibaca klaim" in why["text"]
    assert "Paling cocok: Bagaimana cara mengajukan klaim JKP pertama kali? (yakin " in why["text"]
    assert "Berikutnya: " in why["text"]
    assert "Dijawab langsung mulai " in why["text"]


async def test_kenapa_before_any_question_says_so(scene: Scene) -> None:
    sari = scene.person("Sari")

    assert (await sari.asks("/why"))["text"].startswith("Anda belum bertanya di sini.")
