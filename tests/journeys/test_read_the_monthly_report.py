"""The monthly report: on the first of the month by itself, once whatever happens, and at any time on request."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from bot.clock import ManualClock
from bot.jobs import send_monthly_report
from bot.preparing import load_content
from bot.services.all import Services
from db.database import Database
from db.models import MonthlyReportMade
from knowledge_base.folder import content_folder
from knowledge_base.loader import Content
from tests.organisers import grants, joined, told
from tests.papers import content_of, rows_of, words_of
from tests.polls import asked, checks_in, closes, passes, plans_poll, session_of
from tests.scene import OWNER_ID, Message, Scene, Someone, labels, scene_of

# Every story begins on Tuesday, 24 November 2026, at 09.00 WIB.
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # 08.00 WIB
GOOD, VERY_GOOD = 3, 4


async def _comes_to(scene: Scene, moment: datetime) -> None:
    """It is that moment, and the clock looks whether a report is due."""
    scene.clock.advance(moment - scene.clock.now())
    await send_monthly_report(scene.program.database, scene.program.services)
    await told(scene)


def _files(someone: Someone) -> list[Message]:
    return [message for message in someone.messages() if "document" in message]


def _names(someone: Someone) -> list[str]:
    return [message["document"]["file_name"] for message in _files(someone)]


async def _desk(someone: Someone) -> Message:
    (months,) = await someone.presses(await someone.asks("/kelola"), "Laporan bulanan")
    return months


async def _made(scene: Scene) -> list[tuple[str, int]]:
    async with scene.program.database.transaction() as tx:
        rows = (await tx.exec(select(MonthlyReportMade))).all()
    return sorted((each.month, each.recipients) for each in rows)


async def test_it_comes_on_the_first_at_eight_to_owners_and_national_organisers_and_only_once(
    scene: Scene,
) -> None:
    owner, national, provincial, member = [
        await joined(scene, name) for name in ("Owner", "Rina", "Dewi", "Sari")
    ]
    await grants(scene, national)
    await grants(scene, provincial, "32")

    await _comes_to(scene, scene.clock.now())
    await _comes_to(scene, FIRST_OF_DECEMBER - timedelta(seconds=1))
    too_early = [_names(each) for each in (owner, national)]
    await _comes_to(scene, FIRST_OF_DECEMBER)
    await _comes_to(scene, FIRST_OF_DECEMBER + timedelta(minutes=1))
    await _comes_to(scene, FIRST_OF_DECEMBER + timedelta(days=20))

    assert too_early == [[], []]
    assert _names(owner) == _names(national) == ["laporan-2026-11.xlsx", "laporan-2026-11.pdf"]
    assert _names(provincial) == _names(member) == []
    assert "Laporan bulanan: November 2026" in _files(owner)[1]["caption"]
    assert await _made(scene) == [("2026-10", 0), ("2026-11", 2)]  # in October there was no bot
    await _comes_to(scene, datetime(2027, 1, 1, 1, 0, tzinfo=UTC))
    assert _names(owner)[2:] == ["laporan-2026-12.xlsx", "laporan-2026-12.pdf"]


async def test_a_restart_neither_loses_nor_doubles_it(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    async with scene_of(database_url, clock, content=small_content) as before:
        await joined(before, "Owner")
        await _comes_to(before, FIRST_OF_DECEMBER - timedelta(minutes=1))
    clock.advance(timedelta(hours=5))  # nothing runs at eight o'clock

    async with scene_of(database_url, clock, content=small_content) as late:
        owner = await joined(late, "Owner")
        await send_monthly_report(late.program.database, late.program.services)
        await told(late)
        after_the_first = _names(owner)
    async with scene_of(database_url, clock, content=small_content) as again:
        owner = await joined(again, "Owner")
        await send_monthly_report(again.program.database, again.program.services)
        await told(again)
        after_the_second = _names(owner)

    assert after_the_first == ["laporan-2026-11.xlsx", "laporan-2026-11.pdf"]
    assert after_the_second == []


async def test_two_processes_that_make_it_at_the_same_moment_send_it_once(
    scene: Scene, database_url: str, small_content: Content
) -> None:
    owner = await joined(scene, "Owner")
    scene.clock.advance(FIRST_OF_DECEMBER - scene.clock.now())
    database, services = Database(database_url), Services.over(scene.clock, (OWNER_ID,))
    await load_content(database, services, small_content, content_folder())

    await asyncio.gather(
        send_monthly_report(scene.program.database, scene.program.services),
        send_monthly_report(database, services),
        return_exceptions=True,
    )
    await told(scene)
    await database.close()

    assert _names(owner) == ["laporan-2026-11.xlsx", "laporan-2026-11.pdf"]


async def test_it_counts_what_happened_and_names_nobody(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, f"Peserta {number}", "32" if number < 5 else "94") for number in range(7)]
    session_id = await session_of(scene, "Klaim JKP setelah PP 6/2025")
    async with scene.program.database.transaction() as tx:
        for each in people:
            known = await scene.program.services.people.find(tx, each.user_id)
            assert known is not None
            known.full_name, known.nip = f"Rahasia {each.user_id}", "198503152010012001"
    for each in people[:3]:
        card, *_ = await each.says(f"/start s_{session_id}")
        await each.presses(card, "Hadir")
    await plans_poll(owner, "Satu nilai dan komentar")
    for each in people:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)
    for number, each in enumerate(people[:6]):
        await each.votes(asked(each), VERY_GOOD if number else GOOD)
        await each.says("/batal")
    await closes(scene)
    *_, card = await people[6].says("gmn cara klaim jkp?")  # before it the poll turns up as closed
    (why,) = await people[6].presses(card, "Kurang membantu")
    await people[6].presses(why, "Sulit dipahami")
    for each in people[5:]:
        *_, unknown = await each.says(
            "bagaimana prosedur naturalisasi pemain bola dengan NIK 3201234567890123"
        )
        await each.presses(unknown, "tanpa nama")
    await people[0].says("siapa juara liga inggris tahun lalu")

    await _comes_to(scene, FIRST_OF_DECEMBER)

    sheet, pages = (content_of(scene, message) for message in _files(owner))
    figures = dict(rows_of(sheet, 0))
    expected = {
        "Bulan": "November 2026",
        "Anggota pada akhir bulan": 8,
        "Anggota baru bulan ini": 8,
        "Menerima kiriman bulan ini": 7,
        "Sesi yang diselenggarakan": 1,
        "Menjawab hadir": 3,
        "Kehadiran di semua sesi": 7,
        "Umpan balik yang ditutup bulan ini": 1,
        "Ditanya dalam umpan balik": 7,
        "Memberi umpan balik": 6,
        "Kepuasan, rata-rata dari 5": "4,8",
        "Nilai 4–5": "100%",
        "Langsung terjawab": 1,
        "Belum ada jawabannya": 3,
        "Di antaranya diteruskan ke ahli": 2,
        "Penilaian “kurang membantu”": 1,
    }
    assert {what: figures.get(what) for what in expected} == expected
    assert ("Jawa Barat", 5, 5, 5) in rows_of(sheet, 1)
    assert ("Papua Tengah", 2, 2, 2) in rows_of(sheet, 1)
    assert rows_of(sheet, 2)[1][:8] == (
        "Klaim JKP setelah PP 6/2025",
        "24 November 2026",
        "Seluruh Indonesia",
        3,
        0,
        0,
        7,
        7,
    )
    # One answer from Papua is not shown alone, and not as what is missing beside Jawa Barat either.
    assert rows_of(sheet, 3)[1:] == []
    assert len(rows_of(sheet, 5)) == 2
    ((words, number),) = rows_of(sheet, 6)[1:]
    assert words.startswith("bagaimana prosedur naturalisasi pemain bola")
    assert number == 2
    assert rows_of(sheet, 7)[1:] == [("Sulit dipahami", 1)]
    everything = " ".join(str(cell) for n in range(8) for row in rows_of(sheet, n) for cell in row)
    for text in (everything, words_of(pages)):
        assert "Rahasia" not in text
        assert "Peserta" not in text
        assert "198503152010012001" not in text
        assert "3201234567890123" not in text
    assert "Kepuasan, rata-rata dari 5 4,8" in words_of(pages)


async def test_votes_in_an_open_poll_are_counted_in_the_month_in_which_it_closes(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, f"Peserta {number}") for number in range(5)]
    scene.clock.advance(datetime(2026, 11, 30, 4, 0, tzinfo=UTC) - scene.clock.now())
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    for each in people:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)
    for each in people:
        await each.votes(asked(each), GOOD)

    await _comes_to(scene, FIRST_OF_DECEMBER)
    await closes(scene)
    (sent, _) = await owner.presses(await _desk(owner), "Desember 2026")

    november, december = rows_of(content_of(scene, _files(owner)[0])), rows_of(content_of(scene, sent))
    assert ("Umpan balik yang ditutup bulan ini", 0) in november
    assert ("Sesi yang diselenggarakan", 1) in november
    assert ("Umpan balik yang ditutup bulan ini", 1) in december
    assert ("Kepuasan, rata-rata dari 5", "4,0") in december
    assert ("Sesi yang diselenggarakan", 0) in december


async def test_whoever_asks_for_it_gets_the_month_so_far(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.asks("gmn cara klaim jkp?")

    months = await _desk(owner)
    sheet, pages = await owner.presses(months, "November 2026")

    assert labels(months) == ["November 2026", "Kembali"]
    assert sheet["document"]["file_name"] == "laporan-2026-11.xlsx"
    assert "Bulan ini belum selesai" in pages["caption"]
    assert ("Pertanyaan", 1) in rows_of(content_of(scene, sheet))
    assert "24 November 2026 pukul 09.00 WIB" in words_of(content_of(scene, pages))


async def test_months_that_there_are_not_and_people_who_may_not_get_nothing(scene: Scene) -> None:
    owner, provincial, member = [await joined(scene, name) for name in ("Owner", "Dewi", "Sari")]
    await grants(scene, provincial, "32")
    months = await _desk(owner)
    desk = await provincial.asks("/kelola")

    to_come = await owner.forges(months, "km:2026:12")
    before = await owner.forges(months, "km:1999:13")
    refused = [await provincial.forges(desk, data) for data in ("km:2026:11", "ko:r")]
    to_a_member = await member.forges(member.reads(), "km:2026:11")

    assert "Laporan bulanan" not in labels(desk)
    assert ["Tidak ada laporan" in note["text"] for note in (to_come, before)] == [True, True]
    assert [note["show_alert"] for note in (*refused, to_a_member)] == [True, True, True]
    assert [_files(each) for each in (owner, provincial, member)] == [[], [], []]


async def test_those_who_save_data_get_the_words_and_ask_for_the_files(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    async with scene.program.database.transaction() as tx:
        known = await scene.program.services.people.find(tx, owner.user_id)
        assert known is not None
        known.is_low_data = True

    await _comes_to(scene, FIRST_OF_DECEMBER)
    before, notice = _names(owner), owner.reads()
    await owner.presses(notice, "Kirim berkasnya")

    assert before == []
    assert "Laporan bulanan: November 2026" in notice["text"]
    assert _names(owner) == ["laporan-2026-11.xlsx", "laporan-2026-11.pdf"]


async def test_it_is_read_in_ones_own_language_and_not_sent_to_those_who_stopped(scene: Scene) -> None:
    owner, rina, dewi = [await joined(scene, name) for name in ("Owner", "Rina", "Dewi")]
    for each in (rina, dewi):
        await grants(scene, each)
    async with scene.program.database.transaction() as tx:
        known = await scene.program.services.people.find(tx, rina.user_id)
        assert known is not None
        known.language = "en"
    await dewi.says("/berhenti")

    await _comes_to(scene, FIRST_OF_DECEMBER)

    assert "Monthly report: November 2026" in _files(rina)[1]["caption"]
    assert "CoP monthly report" in words_of(content_of(scene, _files(rina)[1]))
    assert "Laporan bulanan" in _files(owner)[1]["caption"]
    assert _files(dewi) == []
