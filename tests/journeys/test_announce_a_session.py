"""A session and its announcements: planned, announced, answered, moved, cancelled; and who of it is written to."""

from datetime import UTC, datetime, timedelta

from bot.clock import ManualClock
from bot.jobs import remind_of_sessions
from bot.services.attendance import Presence
from bot.services.cop_sessions import CopSession, Details
from db.models import Attendance
from tests.organisers import acts, announcements, button, copies, drafts, grants, joined, sent_out
from tests.scene import BOT_NAME, Message, Scene, Someone, labels
from tests.sessions import Thumb, answers, everything_sent, plans, session

# The clock of these stories stands at Tuesday, 24 November 2026, 09.00 WIB; the session is on Thursday at 09.00 WIB.
THURSDAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
TITLE = "Klaim JKP setelah PP 6/2025"


async def _at(scene: Scene, moment: datetime) -> None:
    """Move the clock to a moment and let the program look which reminders are due."""
    scene.clock.advance(moment - scene.clock.now())
    await remind_of_sessions(scene.program.database, scene.program.services)
    await everything_sent(scene)


async def _desk_card(organiser: Someone, title: str = TITLE) -> Message:
    (listed,) = await organiser.presses(await organiser.asks("/kelola"), "Sesi")
    (card,) = await organiser.presses(listed, title)
    return card


async def _planned(scene: Scene, organiser: Someone, title: str, province: str | None = None) -> int:
    """A session on the Friday, made without the form; gives its id."""
    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        person = await services.people.find(tx, organiser.user_id)
        details = Details(title, THURSDAY + timedelta(days=1), None, province_code=province)
        found = await services.cop_sessions.plan(tx, person, details)
        assert isinstance(found, CopSession)
        assert found.id is not None
        return found.id


async def _attended(scene: Scene, *people: Someone) -> None:
    async with scene.program.database.transaction() as tx:
        for each in people:
            person = await scene.program.services.people.find(tx, each.user_id)
            assert person is not None
            tx.add(Attendance(session_id=1, person_id=person.id, how=Presence.LIST, at=scene.clock.now()))


async def test_a_session_is_planned_announced_answered_moved_and_cancelled(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, budi = await joined(scene, "Sari", "32"), await joined(scene, "Budi", "51")

    # Planned, and announced with its own words.
    thumb = await plans(owner)
    to_plan = thumb.acts
    asked = await thumb.taps_on(owner.reads(), "Umumkan sesi")
    thumb.taps += 1
    preview, card = [m for m in await owner.presses(asked, "Pakai teks sesi ini") if m != asked][-2:]
    await thumb.taps_on(card, "Kirim ke 3 orang")
    to_announce = thumb.acts - to_plan
    await sent_out(scene)
    (copy,) = copies(sari, TITLE)

    # Answered through the button in it.
    (link,) = [each["url"] for row in copy["reply_markup"]["inline_keyboard"] for each in row]
    opened, *_ = await sari.says("/start " + link.rpartition("?start=")[2])
    (answered,) = await sari.presses(opened, "Hadir")
    await answers(budi, "Tidak")

    # Moved by a day, and the reminders with it.
    moving = Thumb(owner)
    listed = await moving.taps_on(await moving.types("/kelola"), "Sesi")
    asked = await moving.taps_on(await moving.taps_on(listed, TITLE), "Pindahkan")
    confirm = await moving.types("Jumat 27 November 09.00-11.00")
    moved = await moving.taps_on(confirm, "Ya, benar")
    await everything_sent(scene)
    told_of_move = sari.reads()
    await _at(scene, THURSDAY - timedelta(hours=1))
    at_the_old_hour = sari.reads()
    await _at(scene, THURSDAY)
    the_day_before = sari.reads()

    # Cancelled, and nothing comes any more.
    (sure,) = await owner.presses(await _desk_card(owner), "Batalkan sesi")
    (cancelled,) = await owner.presses(sure, "Ya, batalkan dan beri tahu 1")
    await everything_sent(scene)
    told_of_end = sari.reads()
    await _at(scene, THURSDAY + timedelta(days=1))

    assert to_plan <= 12
    assert to_announce == 3
    assert moving.acts <= 12
    assert "Untuk: semua orang yang terjangkau" in card["text"]
    assert "09.00 WIB / 10.00 WITA / 11.00 WIT" in preview["text"]
    assert [each["type"] for each in copy["entities"]] == ["bold", "date_time", "date_time"]
    assert copy["entities"][1]["unix_time"] == int(THURSDAY.timestamp())
    assert "zoom.example" not in copy["text"]
    assert link == f"https://t.me/{BOT_NAME}?start=s_1"
    assert "Jawaban Anda: hadir." in answered["text"]
    assert "Diberi tahu: 1 orang" in moved["text"]
    assert told_of_move["caption"].startswith("Sesi dipindahkan")
    assert at_the_old_hour == told_of_move
    assert the_day_before["text"].startswith("Besok ada sesi.")
    assert "Diberi tahu: 1 orang" in cancelled["text"]
    assert "Sesi dibatalkan" in told_of_end["caption"]
    assert sari.reads() == told_of_end
    assert len(copies(sari, "Besok ada sesi.")) == 1
    assert copies(budi, "dibatalkan") == []


async def test_a_pdf_goes_to_two_provinces_except_those_who_answered_the_invitation(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, tono = await joined(scene, "Sari", "32"), await joined(scene, "Tono", "33")
    rudi, made = await joined(scene, "Rudi", "32"), await joined(scene, "Made", "51")
    await plans(owner)
    await answers(sari, "Hadir")
    await answers(rudi, "Mungkin")
    await answers(tono, "Tidak")

    before = acts(owner)
    await owner.says("/umumkan")
    preview, card = await owner.sends(
        "document", caption="Undangan dan bahan", file_name="bahan.pdf", mime_type="application/pdf"
    )
    (island,) = await owner.presses(card, "Jawa")
    (island,) = await owner.presses(island, "Jawa Barat")
    (island,) = await owner.presses(island, "Jawa Tengah")
    (exclusions,) = await owner.presses(island, "Kecuali")
    (of_session,) = await owner.presses(exclusions, "Peserta sesi: Klaim JKP")
    (card,) = await owner.presses(of_session, "Menjawab hadir atau mungkin (2)")
    await owner.presses(card, "Kirim ke 1 orang")
    needed = acts(owner) - before
    await sent_out(scene)

    assert needed <= 9
    assert "Jumlah sekarang: 3 orang" in exclusions["text"]
    assert "Untuk: Jawa Barat, Jawa Tengah" in card["text"]
    assert f"Kecuali: yang menjawab hadir atau mungkin di sesi “{TITLE}”" in card["text"]
    assert "1 orang, kira-kira" in card["text"]
    (copy,) = copies(tono, "Undangan dan bahan")
    assert copy["document"]["file_id"] == preview["document"]["file_id"]
    assert [copies(each, "Undangan dan bahan") for each in (sari, rudi, made)] == [[], [], []]


async def test_only_those_are_written_to_who_said_yes_and_one_may_think_better_of_it(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    sari, budi, _ = [await joined(scene, name, "32") for name in ("Sari", "Budi", "Dewi")]
    await plans(owner)
    await answers(sari, "Hadir")
    await answers(budi, "Mungkin")

    card = await drafts(owner, "Ruang rapat berganti.")
    (listed,) = await owner.presses(card, "Peserta sesi")
    (of_session,) = await owner.presses(listed, "Klaim JKP")
    (wide,) = await owner.presses(of_session, "Menjawab hadir atau mungkin (2)")
    (listed,) = await owner.presses(wide, "Peserta sesi")
    (of_session,) = await owner.presses(listed, "Klaim JKP")
    (narrow,) = await owner.presses(of_session, "Menjawab hadir (1)")
    scene.clock.advance(timedelta(minutes=1))  # nobody taps that fast
    (listed,) = await owner.presses(narrow, "Peserta sesi")
    (of_session,) = await owner.presses(listed, "Klaim JKP")
    (back,) = await owner.presses(of_session, "Menjawab hadir (1)")
    (listed,) = await owner.presses(back, "Peserta sesi")
    (of_session,) = await owner.presses(listed, "Klaim JKP")
    (narrow,) = await owner.presses(of_session, "Menjawab hadir (1)")
    await owner.presses(narrow, "Kirim ke 1 orang")
    await sent_out(scene)

    assert f"Untuk: yang menjawab hadir atau mungkin di sesi “{TITLE}”" in wide["text"]
    assert button(wide, "Kirim ke") == "Kirim ke 2 orang"
    assert "Tercatat di presensi (0)" in labels(of_session)
    assert "Untuk: semua orang yang terjangkau" in back["text"]
    assert len(copies(sari, "Ruang rapat")) == 1
    assert copies(budi, "Ruang rapat") == []


async def test_after_the_session_those_who_were_there_are_written_to_from_its_card(
    scene: Scene, clock: ManualClock
) -> None:
    owner = await joined(scene, "Owner")
    sari, budi, dewi = [await joined(scene, name, "32") for name in ("Sari", "Budi", "Dewi")]
    await plans(owner)
    await answers(sari, "Hadir")
    await answers(budi, "Hadir")
    await _attended(scene, sari, dewi)
    clock.advance(timedelta(days=3))

    await owner.presses(await _desk_card(owner), "Tulis ke peserta")
    _, card = await owner.says("Terima kasih sudah hadir.")
    await owner.presses(card, "Kirim ke 2 orang")
    await sent_out(scene)

    assert "Untuk: yang tercatat di presensi" in card["text"]
    assert [len(copies(each, "Terima kasih")) for each in (sari, budi, dewi)] == [1, 0, 1]
    assert labels(copies(dewi, "Terima kasih")[0]) == ["Buka sesi"]


async def test_a_province_organiser_reaches_only_the_participants_of_their_province(scene: Scene) -> None:
    owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina", "32")
    sari, made = await joined(scene, "Sari", "32"), await joined(scene, "Made", "51")
    await grants(scene, rina, "32")
    await plans(owner)
    await answers(sari, "Hadir")
    await answers(made, "Hadir")
    of_bali = await _planned(scene, owner, "Bursa kerja Denpasar", "51")

    card = await drafts(rina, "Bagi peserta Jawa Barat.")
    (listed,) = await rina.presses(card, "Peserta sesi")
    forged = await rina.forges(listed, f"uj:1:{of_bali}:said_yes:0:1")
    opened = await rina.forges(listed, f"uf:1:{of_bali}:0")
    unheard_of = await rina.forges(listed, "uj:1:1:province:0:1")
    (of_session,) = await rina.presses(listed, "Klaim JKP")
    (card,) = await rina.presses(of_session, "Menjawab hadir (1)")
    await rina.presses(card, "Kirim ke 1 orang")
    await sent_out(scene)

    assert "Bursa kerja" not in listed["text"]
    assert (
        forged["text"]
        == opened["text"]
        == "Sesi itu sudah tidak ada, atau bukan untuk wilayah Anda. Pilih sesi lain."
    )
    assert unheard_of["show_alert"]
    assert f"Untuk: yang menjawab hadir di sesi “{TITLE}” (Jawa Barat)" in card["text"]
    assert len(copies(sari, "Bagi peserta")) == 1
    assert copies(made, "Bagi peserta") == []


async def test_an_organiser_of_one_province_has_no_say_over_what_goes_to_participants_of_all(
    scene: Scene,
) -> None:
    owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina", "32")
    await grants(scene, rina, "32")
    await plans(owner)
    await answers(rina, "Hadir")
    (asked,) = await owner.presses(await _desk_card(owner), "Tulis ke peserta")
    *_, card = await owner.presses(asked, "Pakai teks sesi ini")
    await owner.presses(card, "Kirim ke 1 orang")
    await sent_out(scene)

    told = await rina.forges(rina.reads(), "us:1:d")

    assert "Peran Anda berlaku untuk: Jawa Barat" in told["text"]
    assert len(copies(rina, TITLE)) > 0


async def test_whoever_may_not_announce_begins_nothing_on_a_session(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    await plans(owner)
    card, *_ = await sari.says("/start s_1")
    (sure,) = await owner.presses(await _desk_card(owner), "Batalkan sesi")

    member = await sari.forges(card, "su:1:e")
    await owner.presses(sure, "Ya, batalkan")
    cancelled = await owner.forges(sure, "su:1:e")
    gone = await owner.forges(sure, "su:99:e")

    assert "hanya untuk penyelenggara" in member["text"]
    assert "sudah dibatalkan" in cancelled["text"]
    assert "tidak ada" in gone["text"]
    assert await announcements(scene) == []


async def test_an_original_that_is_edited_and_deleted_in_the_middle_of_sending_changes_no_copy(
    scene: Scene,
) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    made = await joined(scene, "Made", "51")
    scene.clock.advance(timedelta(hours=10, minutes=30))  # 19.30 in Jakarta; Bali sleeps and gets it at seven
    card = await drafts(owner, "Rapat hari Senin.")
    original = owner.sent()["message_id"]
    await owner.presses(card, "Kirim ke 3 orang")
    await sent_out(scene)
    half_way = [len(copies(each, "Rapat")) for each in (sari, made)]

    (told,) = await owner.edits(original, "Rapat dibatalkan.")
    scene.control.delete(owner.user_id, owner.chat_id, original)
    await scene.settled()
    scene.clock.advance(timedelta(hours=12))
    await sent_out(scene)

    assert half_way == [1, 0]
    assert "tidak mengubahnya" in told["text"]
    for each in (sari, made):
        assert [copy["text"] for copy in copies(each, "Rapat")] == ["Rapat hari Senin."]


async def test_an_announcement_begun_on_a_session_may_use_ones_own_words(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await plans(owner)
    (asked,) = await owner.presses(await _desk_card(owner), "Umumkan sesi")

    _, card = await owner.says("Undangan dengan kata saya sendiri")
    await owner.presses(card, "Buang draf")

    assert "Pakai teks sesi ini" in labels(asked)
    assert "sunting pesan asli" in card["text"]
    assert (await session(scene)).state == "planned"
