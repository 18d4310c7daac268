"""An announcement under way and afterwards: progress, stops, groups, correction, recall, report, archive."""

import base64
import io
from datetime import timedelta
from typing import Any

from openpyxl import load_workbook
from PIL import Image

from bot.clock import ManualClock
from bot.simulator.refusal import Refused, bad_request, forbidden
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from knowledge_base.loader import Content
from tests.organisers import acts, all_joined, copies, drafts, grants, joined, passes, sent_out
from tests.scene import BOT_NAME, Message, Scene, Someone, labels, scene_of

NEWS = "Rapat koordinasi CoP hari Senin: https://salah.go.id"


class Refusing:
    """Refuses what is sent to some chats."""

    def __init__(self, refusals: dict[int, Refused]) -> None:
        self.refusals = refusals

    async def before(self, request: Request) -> None:
        if request.method == "sendMessage" and NEWS in str(request.params.get("text")):
            refusal = self.refusals.get(int(request.params["chat_id"]))
            if refusal is not None:
                raise refusal

    async def after(self, request: Request, answer: Answer) -> None:
        pass


async def announces(organiser: Someone, text: str = NEWS) -> Message:
    """Send to everybody; gives the message that shows the progress."""
    card = await drafts(organiser, text)
    (shown,) = await organiser.presses(card, "Kirim ke")
    return shown


async def finished(organiser: Someone, text: str = NEWS) -> Message:
    """Send to everybody, to the end; gives the report."""
    await announces(organiser, text)
    await sent_out(organiser.scene)
    return organiser.reads()


async def in_the_evening(scene: Scene) -> tuple[Someone, Someone, Someone]:
    """19.30 in Jakarta: the owner's announcement reaches Sari at once and Made, in Bali, only after the quiet hours."""
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    made = await joined(scene, "Made", "51")
    scene.clock.advance(timedelta(hours=10, minutes=30))
    await announces(owner)
    await sent_out(scene)
    await passes(scene, 3)
    return owner, sari, made


def shown_progress(organiser: Someone) -> Message:
    """The message that shows how the announcement stands."""
    (shown,) = copies(organiser, "Pengumuman: ")
    return shown


async def test_its_organiser_sees_the_progress_pauses_and_goes_on(scene: Scene) -> None:
    owner, sari, made = await in_the_evening(scene)
    shown = shown_progress(owner)

    (paused,) = await owner.presses(shown, "Jeda")
    scene.clock.advance(timedelta(hours=12))
    await sent_out(scene)
    kept_back = copies(made, NEWS)
    going, *_ = await owner.presses(paused, "Lanjutkan")
    await sent_out(scene)
    over = await owner.forges(going, "us:1:p")

    assert "66%: 2 dari 3 selesai" in shown["text"]
    assert "Menunggu jam tenang berakhir (07.00 waktu setempat): 1" in shown["text"]
    assert "Dijeda." in paused["text"]
    assert kept_back == []
    assert [len(copies(each, NEWS)) for each in (sari, made)] == [1, 1]
    assert "Selesai." in owner.reads()["text"]
    assert "sudah selesai" in over["text"]


async def test_what_is_stopped_on_the_way_never_goes_out(scene: Scene) -> None:
    owner, sari, made = await in_the_evening(scene)

    (sure,) = await owner.presses(shown_progress(owner), "Hentikan")
    (back,) = await owner.presses(sure, "Kembali")
    (sure,) = await owner.presses(back, "Hentikan")
    (stopped,) = await owner.presses(sure, "Ya, hentikan")
    scene.clock.advance(timedelta(hours=12))
    await sent_out(scene)

    assert "Yang belum dikirim: 1. Yang sudah terkirim (2)" in sure["text"]
    assert "Tidak jadi dikirim: 1" in stopped["text"]
    assert [len(copies(each, NEWS)) for each in (sari, made)] == [1, 0]


async def test_too_many_refusals_stop_it_and_its_organiser_is_told(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    slow = {"messages_per_second": 10}  # so that some are still to go when the others have been refused
    async with scene_of(database_url, clock, content=small_content, settings=slow) as scene:
        owner = await joined(scene, "Owner")
        people = await all_joined(scene, [f"Peserta {number}" for number in range(60)])
        refused = bad_request("can't parse entities")
        scene.simulator.hooks.append(Refusing({each.chat_id: refused for each in people}))
        await announces(owner)
        await sent_out(scene)
        news = owner.reads()

        (sure,) = await owner.presses(news, "Hentikan")
        (stopped,) = await owner.presses(sure, "Ya, hentikan")

        assert "Pengiriman berhenti sendiri." in news["text"]
        assert "terlalu banyak yang ditolak Telegram" in news["text"]
        assert {"Lanjutkan", "Hentikan"} <= set(labels(news))
        assert "Dihentikan." in stopped["text"]
        assert "Tidak jadi dikirim" in stopped["text"]


async def test_what_failed_is_tried_again_and_what_is_uncertain_only_on_request(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    budi, ana = await joined(scene, "Budi"), await joined(scene, "Ana")
    refusing = Refusing(
        {sari.chat_id: bad_request("something odd"), ana.chat_id: forbidden("bot was blocked by the user")}
    )
    scene.simulator.hooks.append(refusing)
    await announces(owner)
    scene.control.set_faults(
        [{"fault": "reset_after", "methods": ["sendMessage"], "chat_ids": [budi.chat_id]}]
    )
    await sent_out(scene)
    scene.control.set_faults([])
    report = owner.reads()
    refusing.refusals.clear()

    going, *_ = await owner.presses(report, "Coba lagi yang gagal (1)")
    await sent_out(scene)
    after_retry = [len(copies(each, NEWS)) for each in (sari, budi)]
    await owner.presses(owner.reads(), "Kirim ulang yang tidak pasti (1)")
    await sent_out(scene)

    for line in (
        "Terkirim: 1",
        "Memblokir atau menolak bot, atau akunnya tidak ada: 1",
        "Gagal: 1",
        "Tidak pasti sampai: 1",
    ):
        assert line in report["text"]
    assert "Pengumuman: Rapat" in going["text"]
    assert after_retry == [1, 1]
    assert [len(copies(each, NEWS)) for each in (sari, budi, ana)] == [1, 2, 0]
    scene.forgive()


async def test_a_wrong_link_is_corrected_in_every_copy(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    report = await finished(owner)

    (asked,) = await owner.presses(report, "Ralat")
    preview, sure = await owner.says("Rapat hari Senin: https://benar.go.id")
    shown, *_ = await owner.presses(sure, "Ralat 2 salinan")
    again = await owner.forges(sure, "uk:1:3")
    await sent_out(scene)

    assert "selengkapnya" in asked["text"]
    assert preview["text"] == "RALAT\n\nRapat hari Senin: https://benar.go.id"
    assert "dari 2 salinan sudah diubah" in shown["text"]
    assert "sudah berubah" in again["text"]
    assert copies(sari, "salah") == []
    assert [each["text"] for each in copies(sari, "benar")] == [preview["text"]]
    assert "Ralat: 2 dari 2 salinan sudah diubah." in owner.reads()["text"]


async def announced_pdf(organiser: Someone) -> Message:
    """A PDF that went to everybody; gives the report."""
    await organiser.says("/umumkan")
    _, card = await organiser.sends("document", caption="Bahan rapat Senin", file_name="bahan.pdf")
    await organiser.presses(card, "Kirim ke")
    await sent_out(organiser.scene)
    return organiser.reads()


async def test_the_caption_of_a_file_is_corrected_and_the_file_stays(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.presses(await announced_pdf(owner), "Ralat")
    (other_kind,) = await owner.sends("photo", caption="Bahan rapat Selasa")
    _, sure = await owner.says("Bahan rapat Selasa")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)

    assert "hanya dapat mengganti berkas dengan berkas dari jenis yang sama" in other_kind["text"]
    assert "Gambar dan berkas tidak berubah" in sure["text"]
    (copy,) = copies(sari, "Bahan rapat")
    assert copy["caption"] == "RALAT\n\nBahan rapat Selasa"
    assert copy["document"]["file_name"] == "bahan.pdf"


async def test_a_wrong_pdf_is_replaced_in_every_copy(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.presses(await announced_pdf(owner), "Ralat")

    preview, sure = await owner.sends("document", caption="Bahan rapat Selasa", file_name="benar.pdf")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)
    await sari.says("/pengumuman")
    (again,) = await sari.presses(sari.reads(), "Bahan rapat Selasa")

    assert preview["document"]["file_name"] == "benar.pdf"
    assert "mendapat berkas dan tulisan ini" in sure["text"]
    (copy, *_) = copies(sari, "Bahan rapat")
    assert copy["caption"] == preview["caption"] == "RALAT\n\nBahan rapat Selasa"
    assert copy["document"] == again["document"] == preview["document"]
    assert "Ralat: 2 dari 2 salinan sudah diubah." in owner.reads()["text"]


async def test_a_file_without_a_caption_keeps_the_words_and_one_header(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.presses(await announced_pdf(owner), "Ralat")
    for name in ("benar.pdf", "lebih-benar.pdf"):
        _, sure = await owner.sends("document", file_name=name)
        await owner.presses(sure, "Ralat 2 salinan")
        await sent_out(scene)
        await owner.presses(owner.reads(), "Ralat")

    (copy,) = copies(sari, "Bahan rapat")
    assert copy["caption"] == "RALAT\n\nBahan rapat Senin"
    assert copy["document"]["file_name"] == "lebih-benar.pdf"


async def test_those_who_wait_for_the_morning_get_the_new_file(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    made = await joined(scene, "Made", "51")
    scene.clock.advance(timedelta(hours=10, minutes=30))
    await announced_pdf(owner)
    await passes(scene, 3)
    await owner.presses(shown_progress(owner), "Ralat")
    _, sure = await owner.sends("document", file_name="benar.pdf")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)
    scene.clock.advance(timedelta(hours=12))
    await sent_out(scene)

    for each in (sari, made):
        (copy,) = copies(each, "Bahan rapat")
        assert copy["document"]["file_name"] == "benar.pdf"


async def test_what_cannot_be_replaced_says_what_to_do(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.presses(await finished(owner, "Rapat hari Senin."), "Ralat")
    (no_file,) = await owner.sends("document", file_name="bahan.pdf")
    await owner.says("/batal")
    await owner.says("/umumkan")
    scene.control.send_album(
        owner.user_id, owner.chat_id, [{"kind": "photo", "caption": "Dokumentasi"}, {"kind": "photo"}]
    )
    await scene.settled()
    await passes(scene, 1)
    await owner.presses(owner.messages()[-1], "Kirim ke 2 orang")
    await sent_out(scene)
    await owner.presses(owner.reads(), "Ralat")
    (of_album,) = await owner.sends("photo", caption="Dokumentasi sesi")
    scene.control.send_album(owner.user_id, owner.chat_id, [{"kind": "photo"}, {"kind": "photo"}])
    await scene.settled()
    an_album = owner.reads()
    *_, sure = await owner.says("Dokumentasi sesi")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)

    assert "tanpa berkas yang dapat diganti" in no_file["text"]
    assert "Berkas dalam album tidak dapat diganti" in of_album["text"]
    assert "satu berkas saja, bukan album" in an_album["text"]
    (copy,) = copies(sari, "Dokumentasi")
    assert copy["caption"] == "RALAT\n\nDokumentasi sesi"


async def test_a_correction_too_long_with_its_header_says_so(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    report = await finished(owner)
    await owner.presses(report, "Ralat")

    told = await owner.asks("x" * 4095)
    _, sure = await owner.says("Sekarang cukup singkat.")

    assert "Dengan kata RALAT di atasnya tulisan itu menjadi 4.102 huruf" in told["text"]
    assert "Ralat 1 salinan" in labels(sure)


async def test_those_who_wait_for_the_morning_get_the_corrected_text(scene: Scene) -> None:
    owner, sari, made = await in_the_evening(scene)
    await owner.presses(shown_progress(owner), "Ralat")
    _, sure = await owner.says("Rapat hari Senin: https://benar.go.id")
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)
    scene.clock.advance(timedelta(hours=12))
    await sent_out(scene)

    for each in (sari, made):
        assert copies(each, "salah") == []
        assert len(copies(each, "benar")) == 1


async def test_a_recall_takes_the_copies_away_and_names_those_left_with_it(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    budi = await joined(scene, "Budi")
    before = acts(owner)
    await announces(owner)
    scene.control.set_faults(
        [{"fault": "reset_after", "methods": ["sendMessage"], "chat_ids": [budi.chat_id]}]
    )
    await sent_out(scene)
    scene.control.set_faults([])

    (sure,) = await owner.presses(owner.reads(), "Tarik kembali")
    shown, *_ = await owner.presses(sure, "Tarik 2 salinan")
    needed = acts(owner) - before
    await sent_out(scene)
    report = owner.reads()
    told = await owner.forges(shown, "us:1:d")
    await sari.says("/pengumuman")

    assert needed == 5  # three to send it with the wrong link, two to take it back
    assert "Tidak pasti sampai: 1" in sure["text"]
    assert copies(sari, NEWS) == []
    assert len(copies(budi, NEWS)) == 1
    assert "Penarikan: 2 dari 2 salinan sudah dihapus." in report["text"]
    assert "tidak diketahui: 1 (tidak pasti sampai: 1)" in report["text"]
    assert "sudah ditarik kembali" in told["text"]
    assert "Belum ada pengumuman" in sari.reads()["text"]
    scene.forgive()


async def test_after_two_days_nothing_can_be_recalled(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    report = await finished(owner)
    scene.clock.advance(timedelta(hours=49))

    (sure,) = await owner.presses(report, "Tarik kembali")
    told = await owner.is_told(sure, "Tarik 2 salinan")

    assert "lebih dari 48 jam" in told["text"]
    assert len(copies(sari, NEWS)) == 1


async def test_the_report_is_a_picture_with_words_and_a_sheet(scene: Scene) -> None:
    owner, _ = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    budi = await joined(scene, "Budi", "51")
    scene.simulator.hooks.append(Refusing({budi.chat_id: bad_request("something odd")}))
    report = await finished(owner)

    picture, sheet = await owner.presses(report, "Laporan")

    assert "Sampai ke 66% dari 3 penerima." in picture["caption"]
    assert "Gagal (1): ditolak Telegram, katanya “Something odd”" in picture["caption"]
    drawn = Image.open(io.BytesIO(_file(scene, picture["photo"][-1])))
    assert drawn.width == 1080
    book = load_workbook(io.BytesIO(_file(scene, sheet["document"])))
    assert book.sheetnames == ["Ringkasan", "Per provinsi", "Belum menerima"]
    assert list(book["Per provinsi"].iter_rows(values_only=True, min_row=2)) == [
        ("Jawa Barat", 1, 1, 0),
        ("Bali", 1, 0, 1),
        ("tanpa provinsi", 1, 1, 0),
    ]
    ((name, province, state, reason),) = book["Belum menerima"].iter_rows(values_only=True, min_row=2)
    assert (name, province, state) == ("tanpa nama", "Bali", "gagal")
    assert reason == "ditolak Telegram, katanya “Something odd”"
    scene.forgive()


async def test_registered_groups_get_a_copy_in_their_topic_and_others_are_named(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    forum = scene.group("CoP Jawa Barat", owner, sari, is_forum=True)
    quiet = scene.group("Disnaker Bali", owner, sari)
    topic = scene.control.add_topic(forum, "Pengumuman")["message_thread_id"]
    await scene.settled()
    async with scene.program.database.transaction() as tx:
        groups = scene.program.services.groups
        person = await scene.program.services.people.find(tx, owner.user_id)
        for chat_id in (forum, quiet):
            group = await groups.enter(
                tx, chat_id, "CoP" if chat_id == forum else "Bali", is_forum=chat_id == forum
            )
            assert group.id is not None
            await groups.register(tx, person, group.id, None)
            if chat_id == forum:
                await groups.post_in(tx, person, group.id, forum, topic)
    card = await drafts(owner, NEWS)
    (page,) = await owner.presses(card, "Grup")
    (page,) = await owner.presses(page, "CoP")
    (page,) = await owner.presses(page, "Bali")
    scene.control.close_topic(forum, topic)
    scene.control.set_permissions(quiet, {"can_send_messages": False})
    await scene.settled()
    (card,) = await owner.presses(page, "Selesai")
    await owner.presses(card, "Kirim ke 2 orang dan")
    await sent_out(scene)

    assert "2 orang dan 2 grup" in page["text"]
    assert "Terkirim: 2" in owner.reads()["text"]
    assert len(copies(sari, NEWS)) == 1
    assert not [
        m for chat in (forum, quiet) for m in sari.within(chat).messages() if NEWS in m.get("text", "")
    ]
    scene.forgive()


async def test_members_read_announcements_again_and_by_their_link(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    report = await finished(owner, "Pendaftaran sesi dibuka sampai Jumat.")
    late = await joined(scene, "Late")

    (shared,) = await owner.presses(report, "Teks untuk WhatsApp")
    link = shared["text"].rpartition("?start=")[2]
    (listed,) = await sari.says("/pengumuman")
    (read,) = await sari.presses(listed, "Pendaftaran sesi")
    by_link, *_ = await late.says(f"/start {link}")
    unknown, *_ = await late.says("/start a_unknown")

    assert f"https://t.me/{BOT_NAME}?start=a_" in shared["text"]
    assert len(shared["text"]) <= 1000
    assert read["text"] == by_link["text"] == "Pendaftaran sesi dibuka sampai Jumat."
    assert "sudah tidak ada" in unknown["text"]


async def test_a_long_one_is_cut_for_whatsapp_with_its_link_whole(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    report = await finished(owner, "Kalimat yang panjang sekali. " * 100)

    (shared,) = await owner.presses(report, "Teks untuk WhatsApp")

    assert len(shared["text"]) <= 1000
    assert "…" in shared["text"]
    assert "?start=a_" in shared["text"].splitlines()[-1]


async def test_the_desk_lists_what_one_may_manage(scene: Scene) -> None:
    owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina", "32")
    await grants(scene, rina, "32")
    await finished(owner, "Untuk semua orang")
    await drafts(rina, "Draf Jawa Barat")

    (of_owner,) = await owner.presses(await owner.asks("/kelola"), "Pengumuman")
    (of_rina,) = await rina.presses(await rina.asks("/kelola"), "Pengumuman")
    (draft,) = await rina.presses(of_rina, "Draf Jawa Barat")

    assert "1. Untuk semua orang: terkirim" in of_owner["text"]
    assert "Draf Jawa Barat" not in of_owner["text"]
    assert "2. Draf Jawa Barat: draf" in of_rina["text"]
    assert "Untuk semua orang" not in of_rina["text"]
    assert "Draf pengumuman" in draft["text"]


def _file(scene: Scene, file: dict[str, Any]) -> bytes:
    return base64.b64decode(scene.control.file(file["file_id"])["base64"])
