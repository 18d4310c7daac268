"""Whoever saves data gets an announcement's words, and pictures or files only when they ask."""

from datetime import timedelta

from tests.organisers import copies, joined, passes, sent_out
from tests.scene import Message, Scene, Someone, labels

CAPTION = "Bahan rapat Senin"


async def _saves_data(scene: Scene, name: str) -> Someone:
    someone = await joined(scene, name, "32")
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, someone.user_id)
        assert person is not None
        person.is_low_data = True
    return someone


async def _pdf(organiser: Someone, caption: str | None = CAPTION) -> Message:
    """Sent to everybody; gives the draft's card."""
    await organiser.says("/umumkan")
    _, card = await organiser.sends("document", caption=caption, file_name="bahan.pdf")
    await organiser.presses(card, "Kirim ke")
    await sent_out(organiser.scene)
    return card


async def test_a_file_comes_only_when_it_is_asked_for(scene: Scene) -> None:
    owner, budi = await joined(scene, "Owner"), await joined(scene, "Budi", "32")
    sari = await _saves_data(scene, "Sari")

    card = await _pdf(owner)
    (words,) = copies(sari, CAPTION)
    (file,) = await sari.presses(words, "Ambil gambar atau berkasnya")

    assert "Hemat data: 1 orang menerima tulisannya" in card["text"]
    assert words["text"] == CAPTION
    assert "document" not in words
    assert file["document"]["file_name"] == "bahan.pdf"
    assert file["caption"] == CAPTION
    (whole,) = copies(budi, CAPTION)
    assert "document" in whole
    assert "reply_markup" not in whole


async def test_a_file_without_words_is_named(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await _saves_data(scene, "Sari")

    await _pdf(owner, caption=None)

    assert sari.reads()["text"] == "bahan.pdf"
    assert labels(sari.reads()) == ["Ambil gambar atau berkasnya"]


async def test_an_album_with_a_link_is_one_message_for_them(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await _saves_data(scene, "Sari")
    await owner.says("/umumkan")
    scene.control.send_album(
        owner.user_id, owner.chat_id, [{"kind": "photo"}, {"kind": "photo", "caption": "Dokumentasi"}]
    )
    await scene.settled()
    await passes(scene, 1)
    await owner.presses(owner.messages()[-1], "Tombol tautan")
    await owner.asks("Semua foto")
    *_, card = await owner.says("https://contoh.go.id/foto")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)
    (words,) = copies(sari, "Dokumentasi")
    album = await sari.presses(words, "Ambil gambar")

    assert labels(words) == ["Ambil gambar atau berkasnya", "Semua foto"]
    assert ["photo" in each for each in album] == [True, True, False]


async def test_what_is_only_words_comes_as_it_is(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await _saves_data(scene, "Sari")
    bold = [{"type": "bold", "offset": 0, "length": 5}]
    await owner.says("/umumkan")
    _, card = await owner.says("Rapat hari Senin.", entities=bold)
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    (words,) = copies(sari, "Rapat")
    assert words["entities"] == bold
    assert labels(words) == []
    assert "Hemat data" not in card["text"]


async def test_corrections_and_recalls_reach_their_words_as_well(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await _saves_data(scene, "Sari")
    await _pdf(owner)
    await owner.presses(owner.reads(), "Ralat")
    _, sure = await owner.sends("document", caption="Bahan rapat Selasa", file_name="benar.pdf")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)
    (words,) = copies(sari, "Bahan rapat")
    (file,) = await sari.presses(words, "Ambil gambar")
    (sure,) = await owner.presses(owner.reads(), "Tarik kembali")
    await owner.presses(sure, "Tarik 2 salinan")
    await sent_out(scene)
    late = await sari.forges(file, "uy:1")

    assert words["text"] == "RALAT\n\nBahan rapat Selasa"
    assert file["document"]["file_name"] == "benar.pdf"
    assert [each["message_id"] for each in copies(sari, "Bahan rapat")] == [file["message_id"]]
    assert "sudah ditarik kembali" in late["text"]


async def test_those_who_got_nothing_of_it_cannot_ask_for_its_files(scene: Scene) -> None:
    owner, made = await joined(scene, "Owner"), await joined(scene, "Made", "51")
    await _saves_data(scene, "Sari")
    await owner.says("/umumkan")
    _, card = await owner.sends("document", caption=CAPTION, file_name="bahan.pdf")
    (island,) = await owner.presses(card, "Jawa")
    (island,) = await owner.presses(island, "Jawa Barat")
    (card,) = await owner.presses(island, "Selesai")
    await owner.presses(card, "Kirim ke 1 orang")
    await sent_out(scene)
    scene.clock.advance(timedelta(minutes=1))

    told = await made.forges(made.reads(), "uy:1")
    unknown = await made.forges(made.reads(), "uy:77")

    assert "bukan milik Anda" in told["text"]
    assert "sudah tidak ada" in unknown["text"]
