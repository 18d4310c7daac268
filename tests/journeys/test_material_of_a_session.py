"""Material that comes later: an organiser sends files and links, members find them with the past session."""

from datetime import timedelta

import pytest

from bot.services.session_materials import MOST_FILES, MaterialFile
from tests.organisers import grants, joined, told
from tests.scene import Message, Scene, Someone, labels
from tests.sessions import plans


async def _past_session(scene: Scene) -> Someone:
    """An owner whose session was on Thursday; now it is Friday of next week."""
    owner = await joined(scene, "Owner")
    await plans(owner)
    scene.clock.advance(timedelta(days=10))
    return owner


async def _page(organiser: Someone) -> Message:
    (listed,) = await organiser.presses(await organiser.asks("/kelola"), "Sesi")
    (card,) = await organiser.presses(listed, "Klaim JKP")
    (page,) = await organiser.presses(card, "Materi")
    return page


async def _member_card(member: Someone) -> tuple[Message, Message]:
    (past,) = await member.presses(await member.asks("/sesi"), "Sesi yang sudah lewat")
    (card,) = await member.presses(past, "Klaim JKP")
    return past, card


async def test_slides_and_a_link_are_added_and_whoever_asks_gets_the_file(scene: Scene) -> None:
    owner, sari = await _past_session(scene), await joined(scene, "Sari")
    before, _ = await _member_card(sari)

    empty = await _page(owner)
    (asked,) = await owner.presses(empty, "Tambah berkas atau tautan")
    (page,) = await owner.sends("document", file_name="salindia.pdf", caption="Salindia sesi")
    await owner.presses(page, "Tambah berkas atau tautan")
    (page,) = await owner.says("Rekaman: https://video.example/b")
    past, card = await _member_card(sari)
    (file,) = await sari.presses(card, "Berkas: salindia.pdf")

    assert "Materinya belum ada." in before["text"]
    assert "Belum ada" in empty["text"]
    assert "Kirim berkas materinya" in asked["text"]
    assert "1. salindia.pdf" in page["text"]
    assert "https://video.example/b" in page["text"]
    assert "Materinya sudah ada." in past["text"]
    assert "https://video.example/b" in card["text"]
    assert file["document"]["file_name"] == "salindia.pdf"


async def test_a_file_that_was_taken_away_is_handed_out_no_more(scene: Scene) -> None:
    owner, sari = await _past_session(scene), await joined(scene, "Sari")
    await owner.presses(await _page(owner), "Tambah berkas")
    (page,) = await owner.sends("document", file_name="keliru.pdf")
    _, card = await _member_card(sari)

    (page,) = await owner.presses(page, "Hapus keliru.pdf")
    gone = await sari.is_told(card, "Berkas: keliru.pdf")

    assert "Belum ada" in page["text"]
    assert "sudah tidak ada" in gone["text"]
    assert "document" not in sari.reads()


async def test_what_is_no_material_says_so_and_the_bot_waits_for_something_else(scene: Scene) -> None:
    owner = await _past_session(scene)
    await owner.presses(await _page(owner), "Tambah berkas")

    (sticker,) = await owner.sends("sticker")
    scene.control.send_album(owner.user_id, owner.chat_id, [{"kind": "document"}, {"kind": "document"}])
    await scene.settled()
    album = owner.reads()
    (page,) = await owner.sends("photo", caption="Papan tulis")

    assert "tidak dapat menjadi materi" in sticker["text"]
    assert "satu per satu" in album["text"]
    assert "1. Papan tulis" in page["text"]


async def test_a_spreadsheet_is_material_where_material_is_asked_for(scene: Scene) -> None:
    owner = await _past_session(scene)
    await owner.presses(await _page(owner), "Tambah berkas")

    (page,) = await owner.sends("document", file_name="data.xlsx")

    assert "1. data.xlsx" in page["text"]


async def test_there_is_a_most_of_files_and_the_same_one_is_kept_once(scene: Scene) -> None:
    owner = await _past_session(scene)
    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        person = await services.people.find(tx, owner.user_id)
        for number in range(MOST_FILES):
            for _ in range(2):
                file = MaterialFile("document", f"file-{number}", f"{number}.pdf")
                await services.session_materials.add(tx, person, 1, file)

    await owner.presses(await _page(owner), "Tambah berkas")
    (full,) = await owner.sends("document", file_name="satu-lagi.pdf")

    async with scene.program.database.transaction() as tx:
        assert len(await services.session_materials.of_session(tx, 1)) == MOST_FILES
    assert f"Sudah ada {MOST_FILES} berkas" in full["text"]


@pytest.mark.parametrize("data", ["sk:1", "sb:1", "sr:1:1"])
async def test_only_whoever_manages_the_session_changes_its_material(scene: Scene, data: str) -> None:
    owner, rina = await _past_session(scene), await joined(scene, "Rina", "32")
    await grants(scene, rina, "32")
    await owner.presses(await _page(owner), "Tambah berkas")
    await owner.sends("document", file_name="salindia.pdf")
    _, card = await _member_card(rina)

    refused = await rina.forges(card, data)

    assert "Peran Anda berlaku untuk: Jawa Barat" in refused["text"]
    assert labels((await _member_card(rina))[1])[0] == "Berkas: salindia.pdf"


async def test_a_file_that_telegram_has_lost_says_so(scene: Scene) -> None:
    owner, sari = await _past_session(scene), await joined(scene, "Sari")
    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        person = await services.people.find(tx, owner.user_id)
        file = MaterialFile("document", "a-file-that-is-not-there", "lama.pdf")
        await services.session_materials.add(tx, person, 1, file)
    _, card = await _member_card(sari)

    await sari.presses(card, "Berkas: lama.pdf")
    await told(scene)

    assert "Berkas “lama.pdf” tidak dapat dikirim" in sari.reads()["text"]
    scene.forgive()
