"""Sessions: an organiser plans one on a phone, members answer, it is moved and cancelled, and everybody knows."""

from datetime import UTC, datetime, timedelta

from bot.clock import ManualClock
from bot.jobs import remind_of_sessions
from bot.services.cop_sessions import Details
from bot.services.roles import Role
from db.models import CopSession, Person
from tests.scene import BOT_NAME, Scene, Someone, labels
from tests.sessions import Thumb, answers, calendar, everything_sent, member, plans, session

# The clock of these stories stands at Tuesday, 24 November 2026, 09.00 WIB.
THURSDAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


async def test_a_plain_session_takes_at_most_twelve_taps_and_messages(scene: Scene) -> None:
    owner = scene.person("Owner")

    thumb = await plans(owner)

    planned = await session(scene)
    assert thumb.acts <= 12
    assert "Sesi tersimpan" in owner.reads()["text"]
    assert planned.starts_at == THURSDAY
    assert planned.ends_at == THURSDAY + timedelta(hours=2)
    assert (planned.place, planned.join_link) == ("Zoom", "https://zoom.example/j/123")
    assert planned.province_code is None


async def test_the_moment_is_read_back_in_three_clocks_before_it_counts(scene: Scene) -> None:
    owner = scene.person("Owner")
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    await owner.presses(listed, "Buat sesi")
    await owner.says("Penempatan disabilitas")
    await owner.says("Jumat 27 November pukul 11.00-13.00")
    place = await owner.asks("Aula Disnaker")
    (theme,) = await owner.presses(place, "Lewati")
    (capacity,) = await owner.presses(theme, "Lewati")
    (scope,) = await owner.presses(capacity, "Lewati")
    (confirm,) = await owner.presses(scope, "Seluruh Indonesia")

    async with scene.program.database.transaction() as tx:
        assert await tx.get(CopSession, 1) is None
    assert "Jumat, 27 November 2026, 11.00–13.00 WIB / 12.00–14.00 WITA / 13.00–15.00 WIT" in confirm["text"]
    assert "Zona waktu tidak Anda tulis, jadi dipakai WIB." in confirm["text"]
    assert "salat Jumat (WIB, WITA)" in confirm["text"]


async def test_a_doubtful_moment_is_asked_back_and_chosen_with_a_button(scene: Scene) -> None:
    owner = scene.person("Owner")
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    await owner.presses(listed, "Buat sesi")
    await owner.says("Penempatan disabilitas")

    past = await owner.asks("Senin 23 November 2026 jam 9")
    nothing = await owner.asks("secepatnya")
    doubtful = await owner.asks("besok jam 3")
    (ended,) = await owner.presses(doubtful, "15.00 WIB")
    (place,) = await owner.presses(ended, "2 jam")

    assert "sudah lewat" in past["text"]
    assert "belum menemukan tanggal atau jam" in nothing["text"]
    assert "Pagi atau sore?" in doubtful["text"]
    assert [label for label in labels(doubtful) if "WIB" in label] == [
        "Rabu, 25 November 2026, 15.00 WIB",
        "Rabu, 25 November 2026, 03.00 WIB",
    ]
    assert "Selesai pukul berapa?" in ended["text"]
    assert "Di mana?" in place["text"]


async def test_an_hour_that_is_missing_is_asked_and_the_day_is_kept(scene: Scene) -> None:
    owner = scene.person("Owner")
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    await owner.presses(listed, "Buat sesi")
    await owner.says("Penempatan disabilitas")

    asked = await owner.asks("26 November 2026")
    await owner.says("13.30-15.00 WITA")
    await owner.says("Aula")
    for label in ("Lewati", "Lewati", "Lewati", "Seluruh Indonesia", "Ya, benar"):
        await owner.presses(owner.reads(), label)

    planned = await session(scene)
    assert "Pukul berapa?" in asked["text"]
    assert planned.starts_at == datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
    assert planned.ends_at == datetime(2026, 11, 26, 7, 0, tzinfo=UTC)


async def test_a_member_sees_the_session_answers_and_takes_it_into_the_calendar(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)

    listed = await sari.asks("/sesi")
    (card,) = await sari.presses(listed, "Klaim JKP")
    (changed,) = await sari.presses(card, "Hadir")
    (file,) = await sari.presses(changed, "Simpan ke kalender")

    event = calendar(scene, file)
    assert "09.00 WIB / 10.00 WITA / 11.00 WIT" in listed["text"]
    assert "https://zoom.example/j/123" in card["text"]
    assert "Jawaban Anda: hadir." in changed["text"]
    assert event.dtstart.value == THURSDAY
    assert event.url.value == f"https://t.me/{BOT_NAME}?start=s_1"
    assert event.sequence.value == "0"


async def test_moving_tells_those_concerned_once_with_a_newer_file(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari, budi, dewi = [await member(scene, name) for name in ("Sari", "Budi", "Dewi")]
    await answers(sari, "Hadir")
    await answers(budi, "Mungkin")
    await answers(dewi, "Tidak")
    thumb = Thumb(owner)
    listed = await thumb.taps_on(await thumb.types("/kelola"), "Sesi")
    card = await thumb.taps_on(listed, "Klaim JKP")

    await thumb.taps_on(card, "Pindahkan")
    confirm = await thumb.types("Jumat 27 November 14.00-16.00 WITA")
    moved = await thumb.taps_on(confirm, "Ya, benar")
    await everything_sent(scene)

    notice = sari.reads()
    event = calendar(scene, notice)
    assert "2 orang" in confirm["text"]
    assert "13.00–15.00 WIB / 14.00–16.00 WITA" in confirm["text"]
    assert "Diberi tahu: 2 orang" in moved["text"]
    assert notice["caption"].startswith("Sesi dipindahkan: Klaim JKP")
    assert "Semula:" in notice["caption"]
    assert budi.reads()["caption"] == notice["caption"]
    assert "caption" not in dewi.reads()
    assert event.dtstart.value == datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    assert (event.sequence.value, event.status.value) == ("1", "CONFIRMED")


async def test_cancelling_asks_first_and_takes_it_out_of_calendars(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    await answers(sari, "Hadir")
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    (card,) = await owner.presses(listed, "Klaim JKP")

    (sure,) = await owner.presses(card, "Batalkan sesi")
    untouched = await session(scene)
    (done,) = await owner.presses(sure, "Ya, batalkan dan beri tahu 1")
    await everything_sent(scene)

    notice = sari.reads()
    event = calendar(scene, notice)
    listed = await sari.asks("/sesi")
    pressed = await owner.forges(done, "sx:1:1")
    assert untouched.state == "planned"
    assert "Diberi tahu: 1 orang" in done["text"]
    assert "Sesi dibatalkan" in notice["caption"]
    assert (event.sequence.value, event.status.value) == ("1", "CANCELLED")
    assert "Belum ada yang direncanakan" in listed["text"]
    assert "sudah dibatalkan" in pressed["text"]
    assert sari.reads()["text"] == listed["text"]


async def test_whoever_saves_data_is_told_without_a_file(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    await answers(sari, "Hadir")
    async with scene.program.database.transaction() as tx:
        known = await scene.program.services.people.find(tx, sari.user_id)
        assert isinstance(known, Person)
        known.is_low_data = True
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")
    (sure,) = await owner.presses(card, "Batalkan sesi")

    await owner.presses(sure, "Ya, batalkan")
    await everything_sent(scene)

    assert "Sesi dibatalkan" in sari.reads()["text"]
    assert "document" not in sari.reads()


async def test_a_full_session_has_a_line_that_moves_up(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner, capacity="1")
    sari, budi, dewi = [await member(scene, name) for name in ("Sari", "Budi", "Dewi")]

    first = await answers(sari, "Hadir")
    second = await answers(budi, "Hadir")
    third = await answers(dewi, "Hadir")
    await answers(sari, "Tidak")
    await everything_sent(scene)

    assert "Jawaban Anda: hadir." in first["text"]
    assert "Sisa tempat: 0 dari 1" in second["text"]
    assert "daftar tunggu" in second["text"]
    assert "https://zoom" not in second["text"]
    assert "daftar tunggu" in third["text"]
    assert budi.reads()["text"].startswith("Anda mendapat tempat.")
    assert "https://zoom" in budi.reads()["text"]
    assert "daftar tunggu" in dewi.reads()["text"]


async def test_a_seat_is_free_when_its_holder_is_erased_or_more_are_let_in(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner, capacity="1")
    sari, budi, dewi = [await member(scene, name) for name in ("Sari", "Budi", "Dewi")]
    for each in (sari, budi, dewi):
        await answers(each, "Hadir")

    await sari.presses(await sari.asks("/hapus"), "Ya, hapus")
    await remind_of_sessions(scene.program.database, scene.program.services)
    await everything_sent(scene)
    moved_up = budi.reads()["text"]
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")
    (fields,) = await owner.presses(card, "Ubah")
    await owner.presses(fields, "Kapasitas")
    await owner.says("5")
    await everything_sent(scene)

    assert moved_up.startswith("Anda mendapat tempat.")
    assert dewi.reads()["text"].startswith("Anda mendapat tempat.")


async def test_a_copy_asks_for_nothing_but_the_time(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")

    await owner.presses(card, "Salin")
    confirm = await owner.asks("Kamis 3 Desember 09.00-11.00")
    await owner.presses(confirm, "Ya, benar")

    copied = await session(scene, 2)
    assert (copied.title, copied.join_link) == ("Klaim JKP setelah PP 6/2025", "https://zoom.example/j/123")
    assert copied.starts_at == datetime(2026, 12, 3, 2, 0, tzinfo=UTC)


async def test_a_series_is_read_back_date_by_date_and_each_is_a_session_of_its_own(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")

    (rhythm,) = await owner.presses(card, "Ulangi berkala")
    (count,) = await owner.presses(rhythm, "Tiap bulan")
    wrong = await owner.asks("seratus")
    confirm = await owner.asks("2 kali")
    (done,) = await owner.presses(confirm, "Ya, benar")

    third = await session(scene, 3)
    assert "Berapa kali lagi?" in count["text"]
    assert "angka dari 1 sampai 12" in wrong["text"]
    assert "Kamis, 24 Desember 2026, 09.00 WIB" in confirm["text"]
    assert "24 Desember 2026 cuti bersama" in confirm["text"]
    assert "2 sesi Klaim JKP setelah PP 6/2025 dibuat." in done["text"]
    assert (await session(scene, 2)).starts_at == datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
    assert third.starts_at == datetime(2027, 1, 28, 2, 0, tzinfo=UTC)
    assert third.ends_at - third.starts_at == timedelta(hours=2)
    assert third.join_link == "https://zoom.example/j/123"


async def test_many_sessions_with_long_titles_are_paged_on_both_sides(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    async with scene.program.database.transaction() as tx:
        services = scene.program.services
        known = await services.people.find(tx, owner.user_id)
        for number in range(2, 20):
            details = Details(f"{number} " + "& panjang " * 14, THURSDAY + timedelta(days=number), None)
            await services.cop_sessions.plan(tx, known, details)

    first = await sari.asks("/sesi")
    (second,) = await sari.presses(first, "Berikutnya")
    (third,) = await sari.presses(second, "Berikutnya")
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    (desk,) = await owner.presses(listed, "Berikutnya")

    assert [sum(label[0].isdigit() for label in labels(m)) for m in (first, second, third)] == [8, 8, 3]
    assert "Berikutnya" not in labels(third)
    assert "9. 9 &" in second["text"]
    assert "9. 9 &" in desk["text"]


async def test_whoever_lost_the_role_while_the_form_was_open_plans_nothing(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    rina = await _organiser_of_jawa_barat(scene, owner)
    (listed,) = await rina.presses(await rina.asks("/kelola"), "Sesi")
    await rina.presses(listed, "Buat sesi")
    await rina.says("Bursa kerja Bandung")
    await rina.says("Kamis 26 November 13.00-15.00")
    await rina.says("Gedung Sate")
    for label in ("Lewati", "Lewati", "Lewati"):
        await rina.presses(rina.reads(), label)

    services = scene.program.services
    async with scene.program.database.transaction() as tx:
        known = await services.people.find(tx, owner.user_id)
        person = await services.people.find(tx, rina.user_id)
        assert person is not None
        await services.roles.revoke(tx, known, person.id or 0, Role.ORGANISER)
    (refused,) = await rina.presses(rina.reads(), "Ya, benar")

    assert "hanya untuk penyelenggara" in refused["text"]
    async with scene.program.database.transaction() as tx:
        assert await tx.get(CopSession, 1) is None


async def test_the_text_for_whatsapp_is_plain_and_short(scene: Scene) -> None:
    owner = scene.person("Owner")
    await plans(owner)

    (shared,) = await owner.presses(owner.reads(), "Teks untuk WhatsApp")

    assert len(shared["text"]) <= 1000
    assert "09.00–11.00 WIB / 10.00–12.00 WITA / 11.00–13.00 WIT" in shared["text"]
    assert f"https://t.me/{BOT_NAME}?start=s_1" in shared["text"]


async def test_material_that_comes_later_stands_with_the_past_session(
    scene: Scene, clock: ManualClock
) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    clock.advance(timedelta(days=3))
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")

    (fields,) = await owner.presses(card, "Ubah")
    await owner.presses(fields, "Materi")
    await owner.says("Salindia: https://drive.example/a\nRekaman: https://video.example/b")
    (past,) = await sari.presses(await sari.asks("/sesi"), "Sesi yang sudah lewat")
    (shown,) = await sari.presses(past, "Klaim JKP")

    assert "Pindahkan" not in labels(card)
    assert "Materinya sudah ada." in past["text"]
    assert "https://video.example/b" in shown["text"]


async def test_a_province_session_is_for_its_province_and_a_province_organiser_stays_within(
    scene: Scene,
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    rina = await _organiser_of_jawa_barat(scene, owner)
    sari = await member(scene, "Sari")

    (listed,) = await rina.presses(await rina.asks("/kelola"), "Sesi")
    await rina.presses(listed, "Buat sesi")
    await rina.says("Bursa kerja Bandung")
    await rina.says("Kamis 26 November 13.00-15.00")
    await rina.says("Gedung Sate")
    for label in ("Lewati", "Lewati", "Lewati", "Ya, benar"):
        await rina.presses(rina.reads(), label)
    outside = await sari.asks("/sesi")
    linked, *_ = await sari.says("/start s_2")
    forged = await rina.forges(rina.reads(), "sx:1:1")

    assert (await session(scene, 2)).province_code == "32"
    assert "Klaim JKP" not in listed["text"]
    assert "Bursa kerja" not in outside["text"]
    assert "bukan untuk provinsi Anda" in linked["text"]
    assert "Peran Anda berlaku untuk: Jawa Barat" in forged["text"]
    assert (await session(scene)).state == "planned"


async def _organiser_of_jawa_barat(scene: Scene, owner: Someone) -> Someone:
    rina = await member(scene, "Rina")
    async with scene.program.database.transaction() as tx:
        services = scene.program.services
        known, person = (
            await services.people.find(tx, owner.user_id),
            await services.people.find(tx, rina.user_id),
        )
        assert person is not None
        await services.roles.grant(tx, known, person, Role.ORGANISER, ["32"])
    return rina


async def test_a_member_gets_nowhere_on_the_desk(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    card, *_ = await sari.says("/start s_1")

    alerts = [
        await sari.forges(card, data) for data in ("sp", "sd:1", "sx:1:1", "sv:1", "se:1:title", "sw:1")
    ]

    assert {alert["text"] for alert in alerts} == {
        "Ini hanya untuk penyelenggara. Minta undangan kepada pemilik bot."
    }
    assert (await session(scene)).state == "planned"
