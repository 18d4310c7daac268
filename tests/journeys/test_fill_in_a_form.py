"""Filling in a form: one step a message, back and out everywhere, and nothing lost in between."""

from datetime import timedelta

from bot.clock import ManualClock
from bot.jobs import forget_old_updates
from knowledge_base.loader import Content
from tests.scene import Message, Scene, Someone, labels, scene_of

NAME = "Sari Dewi, S.Sos., M.Si."
NIP = "19850412 201001 2 003"


async def _opens(someone: Someone, what: str) -> Message:
    """The first step of a form in the profile."""
    (details,) = await someone.presses(await someone.asks("/profil"), "Data diri")
    (step,) = await someone.presses(details, what)
    return step


async def test_every_detail_is_asked_in_a_message_of_its_own_and_kept(scene: Scene) -> None:
    sari = scene.person("Sari")

    first = await _opens(sari, "Isi semua")
    second = await sari.asks(NAME)
    third = await sari.asks("Disnakertrans Kabupaten Garut")
    (fourth,) = await sari.presses(third, "Lewati")
    fifth = await sari.asks(NIP)
    kept = await sari.asks("Kabupaten Garut")

    assert "langkah 1 dari 5" in first["text"]
    assert "langkah 2 dari 5" in second["text"]
    assert "NIP Anda?" in fourth["text"]
    assert "langkah 5 dari 5" in fifth["text"]
    assert kept["text"].startswith("Tersimpan.")
    assert f"Nama lengkap: {NAME}" in kept["text"]
    assert "Jabatan: belum diisi" in kept["text"]
    assert "NIP: 198504122010012003" in kept["text"]


async def test_an_answer_that_cannot_be_taken_says_why_and_asks_again(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")

    short = await sari.asks("12345")
    letters = await sari.asks("nomor saya rahasia")
    no_date = await sari.asks("198513122010012003")
    kept = await sari.asks(NIP)

    assert "18 angka; yang Anda tulis 5" in short["text"]
    assert "NIP hanya berisi angka" in letters["text"]
    assert "bukan susunan NIP" in no_date["text"]
    assert "/tanya" in no_date["text"]
    assert kept["text"].startswith("Tersimpan.")


async def test_back_shows_the_answer_before_and_takes_another(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Isi semua")
    second = await sari.asks("Sari Dwi")

    (first,) = await sari.presses(second, "Kembali")
    await sari.asks("Sari Dewi")
    (left,) = await sari.presses(sari.reads(), "Batal")

    assert "Saat ini: Sari Dwi" in first["text"]
    assert left["text"] == "Data diri dibatalkan. Tidak ada yang disimpan."
    assert "Nama lengkap: belum diisi" in await _details(sari)


async def test_a_form_goes_on_after_days_and_a_restart(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    async with scene_of(database_url, clock, content=small_content) as scene:
        sari = scene.person("Sari")
        await _opens(sari, "Isi semua")
        await sari.asks(NAME)
    clock.advance(timedelta(days=8))
    async with scene_of(database_url, clock, content=small_content) as scene:
        # The second Telegram counts its updates like the first; those of last week are forgotten by now.
        await forget_old_updates(scene.program.database, scene.program.services)
        sari = scene.person("Sari")
        _, offer = await sari.says("gmn cara klaim jkp?")
        (second,) = await sari.presses(offer, "Lanjutkan")
        third = await sari.asks("Disnaker Kota Bandung")

        assert "Anda masih mengisi Data diri" in offer["text"]
        assert "langkah 2 dari 5" in second["text"]
        assert "langkah 3 dari 5" in third["text"]


async def test_a_command_puts_the_form_aside_and_offers_to_go_on(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")

    topics, offer = await sari.says("/topik")
    answer = await sari.asks("apa itu jkp?")
    (step,) = await sari.presses(offer, "Lanjutkan")
    kept = await sari.asks(NIP)

    assert topics["text"].startswith("Topik")
    assert labels(offer) == ["Lanjutkan", "Batal"]
    assert "JKP" in answer["text"]
    assert "NIP Anda?" in step["text"]
    assert kept["text"].startswith("Tersimpan.")


async def test_a_question_can_be_asked_in_between(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")

    answer, offer = await sari.says("/tanya apa itu jkp?")
    (step,) = await sari.presses(offer, "Lanjutkan")

    assert "JKP" in answer["text"]
    assert "NIP Anda?" in step["text"]


async def test_cancel_leaves_the_form_and_says_which(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")

    left = await sari.asks("/batal")
    nothing = await sari.asks("/batal")

    assert left["text"].startswith("Data diri dibatalkan.")
    assert nothing["text"].startswith("Tidak ada yang sedang Anda isi.")


async def test_a_second_form_of_the_kind_offers_the_open_one(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")
    (details,) = await sari.presses((await sari.says("/profil"))[0], "Data diri")

    (offer,) = await sari.presses(details, "Jabatan")
    (left,) = await sari.presses(offer, "Batal")
    (step,) = await sari.presses(details, "Jabatan")

    assert "Anda masih mengisi Data diri" in offer["text"]
    assert left["text"].startswith("Data diri dibatalkan.")
    assert "Jabatan Anda?" in step["text"]


async def test_an_older_button_does_nothing_and_says_why(scene: Scene) -> None:
    sari = scene.person("Sari")
    first = await _opens(sari, "Isi semua")
    second = await sari.asks(NAME)

    passed = await sari.is_told(first, "Lewati")
    await sari.presses(second, "Batal")
    over = await sari.is_told(first, "Batal")

    assert passed["text"].startswith("Langkah ini sudah lewat.")
    assert over["text"].startswith("Isian ini sudah dibatalkan.")


async def test_two_quick_taps_are_one(scene: Scene) -> None:
    sari = scene.person("Sari")
    first = await _opens(sari, "Isi semua")

    for _ in range(2):
        scene.control.press(sari.user_id, sari.chat_id, first["message_id"], text="Lewati")
    await scene.settled()

    assert "langkah 2 dari 5" in sari.reads()["text"]


async def test_somebody_elses_form_is_out_of_reach(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    await _opens(sari, "NIP")
    own = await budi.asks("/bantuan")

    told = await budi.forges(own, "fm:1:1:c")

    assert told["text"].startswith("Isian ini sudah tidak ada.")
    assert (await sari.asks(NIP))["text"].startswith("Tersimpan.")


async def test_an_edited_answer_replaces_the_answer(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Isi semua")
    await sari.asks("Sari Dwi")
    written = sari.sent()["message_id"]

    (still_second,) = await sari.edits(written, NAME)
    (first,) = await sari.presses(still_second, "Kembali")

    assert "langkah 2 dari 5" in still_second["text"]
    assert f"Saat ini: {NAME}" in first["text"]


async def test_an_answer_that_was_refused_can_be_mended_by_an_edit(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "NIP")
    await sari.asks("19850412201001200")

    (kept,) = await sari.edits(sari.sent()["message_id"], NIP)

    assert kept["text"].startswith("Tersimpan.")


async def test_an_answer_edited_too_late_is_not_taken_for_a_question(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Nama lengkap")
    await sari.asks("Sari Dwi")

    (told,) = await sari.edits(sari.sent()["message_id"], NAME)

    assert told["text"].startswith("Isian itu sudah selesai")
    assert "Nama lengkap: Sari Dwi" in await _details(sari)


async def test_a_picture_is_no_answer_even_with_words_below_it(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Nama lengkap")

    (sticker,) = await sari.sends("sticker")
    (photo,) = await sari.sends("photo", caption=NAME)

    assert "dijawab dengan tulisan" in sticker["text"]
    assert "dijawab dengan tulisan" in photo["text"]
    assert (await sari.asks(NAME))["text"].startswith("Tersimpan.")


async def test_a_detail_can_be_cleared(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Nama lengkap")
    await sari.asks(NAME)

    step = await _opens(sari, "Nama lengkap")
    (cleared,) = await sari.presses(step, "Kosongkan")

    assert "Nama lengkap: belum diisi" in cleared["text"]


async def test_in_a_group_a_form_takes_nothing(scene: Scene) -> None:
    sari = scene.person("Sari")
    await _opens(sari, "Nama lengkap")
    in_group = sari.within(scene.group("CoP", sari))

    answer = await in_group.asks("/tanya apa itu jkp?")

    assert "JKP" in answer["text"]
    assert (await sari.asks(NAME))["text"].startswith("Tersimpan.")


async def _details(someone: Someone) -> str:
    (details,) = await someone.presses(await someone.asks("/profil"), "Data diri")
    return str(details["text"])
