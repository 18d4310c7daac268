"""An organiser announces something: draft, audience, confirmation, approval, delivery."""

from datetime import timedelta

import pytest

from tests.organisers import (
    Unwilling,
    acts,
    announcements,
    button,
    copies,
    drafts,
    grants,
    joined,
    passes,
    revokes,
    sent_out,
    told,
)
from tests.scene import Scene, labels

NEWS = "Rapat koordinasi CoP hari Senin."


async def test_a_text_reaches_everybody_in_three_acts(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, made = await joined(scene, "Sari", "32"), await joined(scene, "Made", "51")

    before = acts(owner)
    asked = await owner.asks("/umumkan")
    preview, card = await owner.says(NEWS)
    (waiting,) = await owner.presses(card, "Kirim ke 3 orang")
    needed = acts(owner) - before
    nothing_yet = copies(sari, NEWS)
    await sent_out(scene)

    assert needed == 3
    assert "Kirim atau teruskan" in asked["text"]
    assert preview["text"] == NEWS
    assert "3 orang, kira-kira 1 detik" in card["text"]
    assert "dalam 10 detik" in waiting["text"]
    assert nothing_yet == []
    assert [len(copies(each, NEWS)) for each in (sari, made)] == [1, 1]
    assert "Terkirim: 3" in owner.reads()["text"]
    assert "Pengiriman selesai." in owner.reads()["text"]


async def test_a_pdf_goes_to_two_provinces_without_those_who_had_the_last_one(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, tono = await joined(scene, "Sari", "32"), await joined(scene, "Tono", "33")
    made, nia = await joined(scene, "Made", "51"), await joined(scene, "Nia")
    card = await drafts(owner, "Undangan untuk Jawa Barat")
    (island,) = await owner.presses(card, "Jawa")
    (chosen,) = await owner.presses(island, "Jawa Barat")
    (card,) = await owner.presses(chosen, "Selesai")
    await owner.presses(card, "Kirim ke 1 orang")
    await sent_out(scene)

    before = acts(owner)
    await owner.says("/umumkan")
    preview, card = await owner.sends(
        "document", caption="Bahan rapat", file_name="bahan.pdf", mime_type="application/pdf"
    )
    (island,) = await owner.presses(card, "Jawa")
    (island,) = await owner.presses(island, "Jawa Barat")
    (island,) = await owner.presses(island, "Jawa Tengah")
    (exclusions,) = await owner.presses(island, "Kecuali")
    (exclusions,) = await owner.presses(exclusions, "Penerima no. 1")
    (card,) = await owner.presses(exclusions, "Selesai")
    await owner.presses(card, "Kirim ke 1 orang")
    needed = acts(owner) - before
    await sent_out(scene)

    assert needed == 9
    assert preview["document"]["file_name"] == "bahan.pdf"
    assert "Untuk: Jawa Barat, Jawa Tengah" in card["text"]
    assert "Kecuali: penerima pengumuman no. 1" in card["text"]
    (copy,) = copies(tono, "Bahan rapat")
    assert copy["document"]["file_id"] == preview["document"]["file_id"]
    assert [copies(each, "Bahan rapat") for each in (sari, made, nia)] == [[], [], []]


async def test_formatting_buttons_and_files_arrive_as_they_were_sent(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    bold = [{"type": "bold", "offset": 0, "length": 7}]
    await owner.says("/umumkan")
    _, card = await owner.says("Penting: daftar sebelum Jumat <segera> & lengkap", entities=bold)
    await owner.presses(card, "Tombol tautan")
    await owner.asks("Daftar di sini")
    _, card = await owner.says("contoh.go.id/daftar")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    (copy,) = copies(sari, "Penting")
    assert copy["text"] == "Penting: daftar sebelum Jumat <segera> & lengkap"
    assert copy["entities"] == bold
    assert copy["reply_markup"]["inline_keyboard"] == [
        [{"text": "Daftar di sini", "url": "https://contoh.go.id/daftar"}]
    ]


async def test_a_forwarded_message_is_announced_for_what_it_says(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    origin = {"type": "hidden_user", "sender_user_name": "Humas", "date": 1_700_000_000}
    await owner.says("/umumkan")
    _, card = await owner.says("Siaran pers kementerian", forward_origin=origin)
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    (copy,) = copies(sari, "Siaran pers")
    assert "forward_origin" not in copy


async def test_an_album_is_gathered_and_its_buttons_follow_it(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.says("/umumkan")
    scene.control.send_album(
        owner.user_id, owner.chat_id, [{"kind": "photo", "caption": "Dokumentasi sesi"}, {"kind": "video"}]
    )
    await scene.settled()
    before = len(owner.messages())
    await passes(scene, 1)
    *_, card = owner.messages()
    await owner.presses(card, "Tombol tautan")
    await owner.asks("Semua foto")
    *_, card = await owner.says("https://contoh.go.id/foto")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    assert len(owner.messages()) >= before + 3
    first, second, below = [m for m in sari.messages() if m["from"]["id"] == scene.bot_id][-3:]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "video" in second) == ("Dokumentasi sesi", True)
    assert labels(below) == ["Semua foto"]


async def test_what_cannot_be_announced_says_what_to_do_and_waits_for_something_else(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.says("/umumkan")

    (sticker,) = await owner.sends("sticker")
    (voice,) = await owner.sends("voice")
    (place,) = await owner.sends("location")
    scene.control.send_album(owner.user_id, owner.chat_id, [{"kind": "photo"}] * 11)
    await scene.settled()
    await passes(scene, 1)
    album = owner.reads()
    _, card = await owner.says(NEWS)

    assert "Stiker tidak dapat dijadikan pengumuman" in sticker["text"]
    assert "Pesan suara" in voice["text"]
    assert "Jenis pesan itu" in place["text"]
    assert "berisi 11 berkas, paling banyak 10" in album["text"]
    assert "Draf pengumuman" in card["text"]
    assert len(await announcements(scene)) == 1


async def test_a_poll_cannot_be_announced(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.says("/umumkan")
    poll = {
        "id": "77",
        "question": "Kapan?",
        "options": [
            {"persistent_id": "1", "text": "Senin", "voter_count": 0},
            {"persistent_id": "2", "text": "Selasa", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }
    message = {
        "message_id": 990,
        "date": 1,
        "chat": {"id": owner.chat_id, "type": "private", "first_name": "Owner"},
        "from": {"id": owner.user_id, "is_bot": False, "first_name": "Owner"},
        "poll": poll,
    }

    scene.control.raw_update({"message": message})
    await scene.settled()

    assert "Jajak pendapat tidak dapat dijadikan pengumuman" in owner.reads()["text"]


async def test_an_undo_within_ten_seconds_makes_it_a_draft_again(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)
    (waiting,) = await owner.presses(card, "Kirim ke 2 orang")

    scene.clock.advance(timedelta(seconds=9))
    (card,) = await owner.presses(waiting, "Batalkan")
    await passes(scene, 60)
    await sent_out(scene)

    assert "Draf pengumuman" in card["text"]
    assert copies(sari, NEWS) == []
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)
    assert len(copies(sari, NEWS)) == 1


async def test_a_test_goes_to_nobody_but_oneself(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)

    (test,) = await owner.presses(card, "Uji coba ke saya")

    assert test["text"] == NEWS
    assert copies(sari, NEWS) == []


async def test_who_stopped_blocked_or_wants_none_is_not_counted(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    budi, ana = await joined(scene, "Budi"), await joined(scene, "Ana")
    await sari.says("/berhenti")
    scene.control.block_bot(budi.user_id)
    await scene.settled()
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, ana.user_id)
        assert person is not None
        person.wants_announcements = False

    card = await drafts(owner, NEWS)

    assert button(card, "Kirim ke") == "Kirim ke 1 orang"


async def test_editing_the_original_after_confirming_takes_it_back(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)
    original = owner.sent()["message_id"]
    (waiting,) = await owner.presses(card, "Kirim ke 2 orang")

    preview, withdrawn, card = await owner.edits(original, "Rapat hari Selasa.")
    stale = await owner.is_told(waiting, "Batalkan")
    await passes(scene, 60)
    await sent_out(scene)
    nothing_sent = copies(sari, "Rapat")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    assert preview["text"] == "Rapat hari Selasa."
    assert "konfirmasi dan persetujuannya ditarik" in withdrawn["text"]
    assert "kembali menjadi draf" in stale["text"]
    assert nothing_sent == []
    assert [each["text"] for each in copies(sari, "Rapat")] == ["Rapat hari Selasa."]


async def test_deleting_the_original_changes_nothing(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)
    original = owner.sent()["message_id"]
    await owner.presses(card, "Kirim ke 2 orang")

    scene.control.delete(owner.user_id, owner.chat_id, original)
    await scene.settled()
    await sent_out(scene)

    assert len(copies(sari, NEWS)) == 1


async def test_editing_the_original_in_the_middle_changes_no_copy_and_says_so(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, f"Peserta {number}") for number in range(4)]
    card = await drafts(owner, NEWS)
    original = owner.sent()["message_id"]
    await owner.presses(card, "Kirim ke 5 orang")
    scene.clock.advance(timedelta(seconds=11))

    (told,) = await owner.edits(original, "Rapat dibatalkan.")
    await sent_out(scene)

    assert "sudah berjalan" in told["text"]
    assert [len(copies(each, NEWS)) for each in people] == [1, 1, 1, 1]
    assert [copies(each, "dibatalkan") for each in people] == [[], [], [], []]


async def test_a_province_organiser_reaches_only_their_province(scene: Scene) -> None:
    await joined(scene, "Owner")
    rina = await joined(scene, "Rina", "32")
    sari, made = await joined(scene, "Sari", "32"), await joined(scene, "Made", "51")
    await grants(scene, rina, "32")

    card = await drafts(rina, NEWS)
    everybody = await rina.forges(card, "ue:1")
    bali = await rina.forges(card, "up:1:51:0:1")
    await rina.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    assert "Semua orang" not in labels(card)
    assert "Peran Anda berlaku untuk: Jawa Barat" in everybody["text"]
    assert "Peran Anda berlaku untuk: Jawa Barat" in bali["text"]
    assert len(copies(sari, NEWS)) == 1
    assert copies(made, NEWS) == []


async def test_a_role_that_was_revoked_while_the_preview_was_open_sends_nothing(scene: Scene) -> None:
    await joined(scene, "Owner")
    rina, sari = await joined(scene, "Rina", "32"), await joined(scene, "Sari", "32")
    await grants(scene, rina)
    card = await drafts(rina, NEWS)

    await revokes(scene, rina)
    told = await rina.is_told(card, "Kirim ke 3 orang")
    await passes(scene, 60)
    await sent_out(scene)

    assert told["show_alert"]
    assert "hanya untuk penyelenggara" in told["text"]
    assert copies(sari, NEWS) == []


async def test_a_member_cannot_announce_nor_press_what_was_not_meant_for_them(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await drafts(owner, NEWS)

    refused = await sari.asks("/umumkan")
    told = await sari.forges(refused, "uc:1:1")
    looked = await sari.forges(refused, "us:1:l")

    assert "hanya untuk penyelenggara" in refused["text"]
    assert "bukan milik Anda" in told["text"]
    assert "hanya untuk penyelenggara" in looked["text"]


async def test_a_planned_one_leaves_at_its_time_and_can_be_withdrawn_before(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)
    await owner.presses(card, "Jadwalkan")
    past = await owner.asks("kemarin jam 9")
    card = await owner.asks("besok pukul 09.00")
    (planned,) = await owner.presses(card, "Kirim ke 2 orang")
    (card,) = await owner.presses(planned, "Tarik")
    (planned,) = await owner.presses(card, "Kirim ke 2 orang")

    await passes(scene, 23 * 3600)
    early = copies(sari, NEWS)
    await passes(scene, 3600)
    await sent_out(scene)

    assert "sudah lewat" in past["text"]
    assert "Rabu, 25 November 2026, 09.00 WIB / 10.00 WITA / 11.00 WIT" in card["text"]
    assert "Terjadwal: Rabu, 25 November 2026, 09.00 WIB" in planned["text"]
    assert early == []
    assert len(copies(sari, NEWS)) == 1


async def test_a_planned_one_whose_organiser_lost_the_role_is_not_sent(scene: Scene) -> None:
    await joined(scene, "Owner")
    rina, sari = await joined(scene, "Rina", "32"), await joined(scene, "Sari", "32")
    await grants(scene, rina, "32")
    card = await drafts(rina, NEWS)
    await rina.presses(card, "Jadwalkan")
    card = await rina.asks("besok pukul 09.00")
    await rina.presses(card, "Kirim ke 2 orang")

    await revokes(scene, rina)
    await passes(scene, 24 * 3600)
    await sent_out(scene)

    assert "tidak dikirim: peran Anda" in rina.reads()["text"]
    assert copies(sari, NEWS) == []


@pytest.mark.parametrize("text", ["jam 3", "minggu depan", "26 November 09.00-11.00", "entah kapan"])
async def test_a_doubtful_time_is_asked_back(scene: Scene, text: str) -> None:
    owner = await joined(scene, "Owner")
    card = await drafts(owner, NEWS)
    await owner.presses(card, "Jadwalkan")

    asked = await owner.asks(text)

    assert "Jadwal pengumuman" in asked["text"]
    assert (await announcements(scene))[0].scheduled_at is None


async def test_quiet_hours_are_those_of_each_reader(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    made = await joined(scene, "Made", "51")
    scene.clock.advance(timedelta(hours=10, minutes=30))  # 19.30 in Jakarta, 20.30 in Bali

    card = await drafts(owner, NEWS)
    await owner.presses(card, "Kirim ke 3 orang")
    await sent_out(scene)
    await passes(scene, 3)
    tonight = [len(copies(each, NEWS)) for each in (sari, made)]
    (shown,) = copies(owner, "Pengumuman: ")
    scene.clock.advance(timedelta(hours=10, minutes=30))  # past seven in Bali
    await sent_out(scene)

    assert "1 orang menerimanya pukul 07.00" in card["text"]
    assert tonight == [1, 0]
    assert "Menunggu jam tenang berakhir (07.00 waktu setempat): 1" in shown["text"]
    assert len(copies(made, NEWS)) == 1


async def test_what_is_urgent_waits_for_nobody(scene: Scene) -> None:
    owner, made = await joined(scene, "Owner"), await joined(scene, "Made", "51")
    scene.clock.advance(timedelta(hours=10, minutes=30))

    card = await drafts(owner, NEWS)
    (card,) = await owner.presses(card, "Mendesak")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    assert "jam tenang tidak ditunggu" in card["text"]
    assert len(copies(made, NEWS)) == 1


async def test_a_holiday_and_friday_prayer_are_hinted(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    card = await drafts(owner, NEWS)
    await owner.presses(card, "Jadwalkan")
    friday = await owner.asks("Jumat 27 November pukul 12.00")
    await owner.presses(friday, "Kirim sekarang saja")
    await owner.presses(owner.reads(), "Jadwalkan")
    christmas = await owner.asks("25 Desember 2026 pukul 09.00")

    assert "waktu salat Jumat" in friday["text"]
    assert "25 Desember 2026 hari libur" in christmas["text"]


async def test_a_preview_that_telegram_refuses_says_what_to_do(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    hook = Unwilling()
    scene.simulator.hooks.append(hook)
    await owner.says("/umumkan")
    (card,) = await owner.sends("document", caption="Bahan rapat", file_name="bahan.pdf")
    await told(scene)
    refused = owner.reads()

    scene.simulator.hooks.remove(hook)
    (dropped,) = await owner.presses(refused, "Buang draf")

    assert "Draf pengumuman" in card["text"]
    assert "ditolak Telegram" in refused["text"]
    assert "kirim lagi sebagai pesan baru" in refused["text"]
    assert "Draf pengumuman dibuang" in dropped["text"]
    scene.forgive()


async def test_a_thrown_away_draft_is_gone(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    card = await drafts(owner, NEWS)

    (dropped,) = await owner.presses(card, "Buang draf")
    told = await owner.forges(dropped, "uc:1:1")

    assert dropped["text"].startswith("Draf pengumuman dibuang.")
    assert "sudah tidak ada" in told["text"]


async def test_in_between_one_can_ask_and_go_on(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.says("/umumkan")

    answer, offer = await owner.says("/tanya apa itu jkp?")
    await owner.presses(offer, "Lanjutkan")
    _, card = await owner.says(NEWS)

    assert "JKP" in answer["text"]
    assert "Draf pengumuman" in card["text"]
