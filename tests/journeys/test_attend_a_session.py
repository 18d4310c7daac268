"""Being there: the code on the slide, the organiser's list, and the sheet of the meeting service."""

import base64
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from openpyxl import Workbook, load_workbook
from sqlmodel import col, select

from bot.clock import ManualClock
from db.models import Attendance, AuditEvent
from tests.scene import Message, Scene, Someone, labels
from tests.sessions import answers, member, plans, session

# The clock of these stories stands at Tuesday, 24 November 2026, 09.00 WIB; the session is on Thursday at 09.00 WIB.
THURSDAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


async def _attendance_desk(organiser: Someone) -> Message:
    (listed,) = await organiser.presses(await organiser.asks("/kelola"), "Sesi")
    (card,) = await organiser.presses(listed, "Klaim JKP")
    (desk,) = await organiser.presses(card, "Presensi")
    return desk


async def _code(scene: Scene) -> str:
    code = (await session(scene)).checkin_code
    assert code is not None
    return code


async def _named(scene: Scene, someone: Someone, name: str) -> Someone:
    async with scene.program.database.transaction() as tx:
        known = await scene.program.services.people.find(tx, someone.user_id)
        assert known is not None
        known.full_name = name
    return someone


async def _listed(scene: Scene) -> list[tuple[int | None, str]]:
    async with scene.program.database.transaction() as tx:
        rows = await tx.exec(select(Attendance).order_by(col(Attendance.id)))
        return [(each.person_id, each.how) for each in rows.all()]


async def _deeds(scene: Scene) -> list[str]:
    async with scene.program.database.transaction() as tx:
        rows = await tx.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [each.act for each in rows.all()]


def _to(clock: ManualClock, moment: datetime) -> None:
    clock.advance(moment - clock.now())


async def test_the_picture_on_the_slide_leads_to_the_list_within_the_window(
    scene: Scene, clock: ManualClock
) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    (picture,) = await owner.presses(await _attendance_desk(owner), "Gambar QR")
    link = f"/start c_1_{await _code(scene)}"

    _to(clock, THURSDAY - timedelta(minutes=30, seconds=1))
    early, *_ = await sari.says(link)
    clock.advance(timedelta(seconds=1))
    present, *_ = await sari.says(link)
    await sari.presses(present, "Isi nama lengkap")
    await sari.says("Sari Dewi, S.Sos.")
    again, *_ = await sari.says(link)
    _to(clock, THURSDAY + timedelta(hours=2))
    late, *_ = await owner.says(link)

    assert picture["document"]["file_name"] == "presensi.png"
    assert await _code(scene) in picture["caption"]
    assert "Presensi belum dibuka" in early["text"]
    assert "Anda tercatat hadir." in present["text"]
    assert "Nama Anda belum ada di profil" in present["text"]
    assert "Anda sudah tercatat hadir." in again["text"]
    assert labels(again) == ["Buka sesi"]
    assert "Presensi sudah ditutup" in late["text"]
    assert [how for _, how in await _listed(scene)] == ["link"]
    assert (await _deeds(scene)).count("attendance.checked_in") == 1


async def test_a_code_that_was_renewed_is_refused_and_says_so(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    desk = await _attendance_desk(owner)
    old = await _code(scene)
    (renewed,) = await owner.presses(desk, "Ganti kode")
    _to(clock, THURSDAY)

    card, *_ = await sari.says("/start s_1")
    await sari.presses(card, "Saya hadir")
    typed_old = await sari.asks(old)
    linked_old, *_ = await sari.says(f"/start c_1_{old}")
    await sari.presses(typed_old, "Isi kode lagi")
    new = await _code(scene)
    present = await sari.asks(f" {new[:2].lower()} {new[2:]}")
    card, *_ = await sari.says("/start s_1")

    assert old != new
    assert new in renewed["text"]
    assert "Kode itu sudah diganti" in typed_old["text"]
    assert "Kode itu sudah diganti" in linked_old["text"]
    assert "Anda tercatat hadir." in present["text"]
    assert "Anda tercatat hadir." in card["text"]
    assert "Saya hadir (isi kode)" not in labels(card)
    assert [how for _, how in await _listed(scene)] == ["code"]


async def test_whoever_tries_codes_is_stopped_for_ten_minutes(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    await _attendance_desk(owner)
    _to(clock, THURSDAY)
    right = f"/start c_1_{await _code(scene)}"

    wrong = [(await sari.says("/start c_1_AAAA"))[0]["text"] for _ in range(6)]
    blocked, *_ = await sari.says(right)
    clock.advance(timedelta(minutes=10))
    present, *_ = await sari.says(right)

    assert ["tidak cocok" in text for text in wrong] == [True] * 5 + [False]
    assert "Sudah lima kali keliru" in wrong[-1]
    assert "Sudah lima kali keliru" in blocked["text"]
    assert "Anda tercatat hadir." in present["text"]


async def test_links_that_were_cut_or_made_up_lead_nowhere(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    _to(clock, THURSDAY)

    replies = [
        (await sari.says(f"/start {each}"))[0]["text"] for each in ("c_", "c_1", "c_99_K7WP", "s_x", "s_")
    ]

    assert "tidak cocok" in replies[1]
    assert ["Sesi itu tidak ada" in text for text in replies] == [True, False, True, True, True]


async def test_the_list_is_corrected_and_taken_along(scene: Scene, clock: ManualClock) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari = await _named(scene, await member(scene, "Sari"), "Sari Dewi, S.Sos.")
    budi = await _named(scene, await member(scene, "Budi"), "=Budi Santoso")
    await answers(sari, "Hadir")
    await answers(budi, "Mungkin")
    _to(clock, THURSDAY)

    (listed,) = await owner.presses(await _attendance_desk(owner), "Daftar hadir")
    (added,) = await owner.presses(listed, "Sari Dewi")
    (both,) = await owner.presses(added, "=Budi")
    (one,) = await owner.presses(both, "Hapus 1.")
    (file,) = await owner.presses(await _attendance_desk(owner), "Unduh .xlsx")

    content = base64.b64decode(scene.control.file(file["document"]["file_id"])["base64"])
    rows = [
        [str(cell.value or "") for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0]
    ]
    present = {row[0]: (row[5], row[6], row[7], row[8]) for row in rows[1:]}
    assert "belum tercatat" in listed["text"]
    assert both["text"].count(": hadir") == 2
    assert one["text"].count(": hadir") == 1
    assert present["=Budi Santoso"] == ("Mungkin", "tidak", "", "")
    assert present["Sari Dewi, S.Sos."] == ("Hadir", "ya", "penyelenggara", "2026-11-26 09:00 WIB")
    assert (await _deeds(scene))[-4:] == [
        "attendance.added",
        "attendance.added",
        "attendance.removed",
        "attendance.exported",
    ]


def _xlsx(*rows: Sequence[str]) -> str:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return base64.b64encode(packed.getvalue()).decode()


async def test_the_sheet_of_the_meeting_service_is_matched_and_doubts_are_asked(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    names = ("Sari Dewi Lestari, S.Sos.", "Budi Santoso", "Budi Santosa", "Yohana Wanggai")
    for name in names:
        await _named(scene, await member(scene, name), name)
    _to(clock, THURSDAY + timedelta(hours=3))
    (asked,) = await owner.presses(await _attendance_desk(owner), "Impor dari layanan rapat")
    sheet = _xlsx(
        ("Meeting ID", "123 456"),
        ("Name (original name)", "Email", "Duration"),
        ("Sari Dewi Lestari", "a@b.c", "60"),
        ("Sari Dewi Lestari", "a@b.c", "20"),
        ("Budi", "", "50"),
        ("iPhone Papa", "", "50"),
    )

    (doubt,) = await owner.sends("document", file_base64=sheet, file_name="zoom.xlsx")
    (confirm,) = await owner.presses(doubt, "Budi Santosa")
    nobody_yet = await _listed(scene)
    (done,) = await owner.presses(confirm, "Ya, benar")

    assert "Kirim daftar hadir dari layanan rapat" in asked["text"]
    assert "Siapa “Budi”?" in doubt["text"]
    assert "Bukan salah satunya" in labels(doubt)
    assert "Akan dicatat hadir: 2 orang." in confirm["text"]
    assert "iPhone Papa" in confirm["text"]
    assert nobody_yet == []
    assert done["text"] == "2 orang ditambahkan ke daftar hadir."
    assert [how for _, how in await _listed(scene)] == ["import", "import"]
    assert (await _deeds(scene))[-1] == "attendance.imported"


async def test_a_sheet_without_names_says_what_it_needs_and_a_sheet_unasked_is_the_directorys(
    scene: Scene,
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sheet = _xlsx(("Email", "Duration"), ("a@b.c", "60"))

    (unasked,) = await owner.sends("document", file_base64=sheet, file_name="zoom.xlsx")
    await owner.presses(await _attendance_desk(owner), "Impor dari layanan rapat")
    (nameless,) = await owner.sends("document", file_base64=sheet, file_name="zoom.xlsx")
    words = await owner.asks("daftarnya menyusul")
    broken = base64.b64encode(b"PKbroken").decode()
    (unreadable,) = await owner.sends("document", file_base64=broken, file_name="zoom.xlsx")

    assert "judul kolom" in unasked["text"]
    assert "tidak menemukan kolom nama" in nameless["text"]
    assert "Lampirkan berkasnya" in words["text"]
    assert "tidak terbaca" in unreadable["text"]


async def test_an_erased_person_still_counts_without_a_name(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    await _attendance_desk(owner)
    _to(clock, THURSDAY)
    await answers(sari, "Hadir")
    await sari.says(f"/start c_1_{await _code(scene)}")

    await sari.presses(await sari.asks("/hapus"), "Ya, hapus")
    desk = await _attendance_desk(owner)

    assert await _listed(scene) == [(None, "link")]
    assert "Tercatat hadir: 1" in desk["text"]
    assert "Menjawab hadir: 0" in desk["text"]


async def _rows(scene: Scene, file: Message) -> list[list[str]]:
    content = base64.b64decode(scene.control.file(file["document"]["file_id"])["base64"])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[str(cell.value or "") for cell in row] for row in sheet]


async def _adds(organiser: Someone, name: str) -> Message:
    """Put somebody on the list of the session by name."""
    await organiser.presses(await _attendance_desk(organiser), "Tambah dengan nama")
    return await organiser.asks(name)


async def test_somebody_who_does_not_use_the_bot_stands_on_the_list_by_name(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    _to(clock, THURSDAY)

    added = await _adds(owner, "Yohana Wanggai, S.E.")
    (asked,) = await owner.presses(added, "Tambah lagi")
    again = await owner.asks("yohana wanggai, s.e.")
    desk = await _attendance_desk(owner)
    (file,) = await owner.presses(desk, "Unduh .xlsx")
    (listed,) = await owner.presses(desk, "Daftar hadir")
    (emptied,) = await owner.presses(listed, "Hapus 1. Yohana")

    (row,) = (await _rows(scene, file))[1:]
    assert "Yohana Wanggai, S.E. dicatat hadir" in added["text"]
    assert "Nama lengkap yang hadir?" in asked["text"]
    assert "sudah ada di daftar hadir" in again["text"]
    assert "Tercatat hadir: 1" in desk["text"]
    assert row == ["Yohana Wanggai, S.E.", "", "", "", "", "", "ya", "penyelenggara", "2026-11-26 09:00 WIB"]
    assert "1. Yohana Wanggai, S.E.: hadir" in listed["text"]
    assert "Yohana" not in emptied["text"]
    assert await _listed(scene) == []
    assert (await _deeds(scene))[-3:] == ["attendance.added", "attendance.exported", "attendance.removed"]


async def test_a_member_who_is_added_by_name_stands_there_as_themselves(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari = await _named(scene, await member(scene, "Sari"), "Sari Dewi Lestari, S.Sos.")
    _to(clock, THURSDAY)

    added = await _adds(owner, "Sari Dewi Lestari")
    card, *_ = await sari.says("/start s_1")

    assert "Sari Dewi Lestari, S.Sos. sudah dikenal sebagai anggota" in added["text"]
    assert "Anda tercatat hadir." in card["text"]


async def test_a_name_on_the_list_is_erased_with_whoever_bears_it_and_still_counts(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    _to(clock, THURSDAY)
    await _adds(owner, "Yohana Wanggai")
    yohana = await _named(scene, await member(scene, "Yohana"), "Yohana Wanggai")

    await yohana.presses(await yohana.asks("/hapus"), "Ya, hapus")
    desk = await _attendance_desk(owner)
    (file,) = await owner.presses(desk, "Unduh .xlsx")

    assert "Tercatat hadir: 1" in desk["text"]
    assert [row[0] for row in (await _rows(scene, file))[1:]] == ["1 orang, datanya dihapus"]


async def test_whoever_gave_no_name_erases_nobody_elses(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    _to(clock, THURSDAY)
    await _adds(owner, "Yohana Wanggai")

    await sari.presses(await sari.asks("/hapus"), "Ya, hapus")
    (listed,) = await owner.presses(await _attendance_desk(owner), "Daftar hadir")

    assert "Yohana Wanggai: hadir" in listed["text"]


async def test_a_member_gets_nowhere_with_the_list(scene: Scene, clock: ManualClock) -> None:
    owner, sari = scene.person("Owner"), await member(scene, "Sari")
    await plans(owner)
    _to(clock, THURSDAY)
    card, *_ = await sari.says("/start s_1")

    forged = ("at:1", "an:1", "aq:1", "al:1:0", "ac:1:1:1:0", "ae:1", "ai:1", "am:1", "ar:1:1:0")
    alerts = [await sari.forges(card, data) for data in forged]

    assert {alert["text"] for alert in alerts} == {
        "Ini hanya untuk penyelenggara. Minta undangan kepada pemilik bot."
    }
    assert await _listed(scene) == []
    assert (await session(scene)).checkin_code is None
