"""After a poll: its organiser takes pictures, a spreadsheet and a page along, and tells people what will change."""

import base64
import io
from datetime import timedelta

import pypdfium2
from openpyxl import load_workbook
from PIL import Image

from bot.services.roles import Reach
from db.models import CopSession, Poll, PollQuestion, PollState, PollTally
from db.queries import roles as role_queries
from tests.organisers import copies, grants, joined
from tests.polls import (
    asked,
    checks_in,
    closes,
    desk,
    passes,
    plans_poll,
    session_of,
    ticks,
)
from tests.scene import Message, Scene, Someone, labels

NAMES = ("Sari", "Budi", "Tono", "Wati", "Rudi")
HANDED_ON = ("Gambar", "Lembar (.xlsx)", "Halaman pembicara (PDF)", "Kabari peserta")
CHANGES = "Tanya jawab menjadi <30 menit>.\nMateri dikirim sehari sebelumnya."


async def opened(scene: Scene, owner: Someone, *people: Someone) -> None:
    """A poll of a rating and of words, which these are asked."""
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    for each in people:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)


async def answered(scene: Scene, owner: Someone) -> list[Someone]:
    """Five people rate it 4, 5, 5, 5, 5, and each writes something; a sixth is silent."""
    people = [await joined(scene, name, "32") for name in (*NAMES, "Diam")]
    await opened(scene, owner, *people)
    for number, each in enumerate(people[:5]):
        await each.votes(asked(each), 3 if number == 0 else 4)
        await each.says(f"Contoh kasus nomor {number} sangat membantu")
    return people


def file_of(scene: Scene, message: Message) -> bytes:
    file = message["document"] if "document" in message else message["photo"][-1]
    return base64.b64decode(scene.control.file(file["file_id"])["base64"])


async def test_the_organiser_takes_picture_sheet_and_page_of_a_closed_poll_along(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await answered(scene, owner)
    await closes(scene)

    card = await desk(owner)
    (picture,) = await owner.presses(card, "Gambar")
    (sheet,) = await owner.presses(card, "Lembar")
    (page,) = await owner.presses(card, "Halaman pembicara")

    assert [label for label in labels(card) if label in HANDED_ON] == list(HANDED_ON)
    assert "5 dari 6 yang hadir menjawab" in picture["caption"]
    assert "Rata-rata 4,8 dari 5; nilai 4–5: 100%; 5 jawaban" in picture["caption"]
    assert Image.open(io.BytesIO(file_of(scene, picture))).size[0] == 1080
    assert sheet["document"]["file_name"] == "hasil-umpan-balik.xlsx"
    book = load_workbook(io.BytesIO(file_of(scene, sheet)))
    assert book.sheetnames == ["Ringkasan", "Pertanyaan 1", "Pertanyaan 2", "Komentar", "Kata"]
    written = {cell.value for cell in book["Komentar"]["A"][1:]}
    assert written == {f"Contoh kasus nomor {number} sangat membantu" for number in range(5)}
    assert [cell.value for cell in book["Kata"][2]] == ["contoh", 5]
    document = pypdfium2.PdfDocument(file_of(scene, page))
    printed = str(document[0].get_textpage().get_text_bounded())
    document.close()
    assert "Contoh kasus nomor 3 sangat membantu" in printed
    everything = printed + str([[cell.value for cell in row] for each in book.worksheets for row in each])
    assert [name for name in NAMES if name in everything] == []


async def test_asking_again_gives_the_same_numbers_in_the_same_order(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await answered(scene, owner)
    await closes(scene)
    card = await desk(owner)

    sheets = [(await owner.presses(card, "Lembar"))[0] for _ in range(2)]

    first, second = (
        [
            [cell.value for cell in row]
            for each in load_workbook(io.BytesIO(file_of(scene, sheet))).worksheets
            for row in each
        ]
        for sheet in sheets
    )
    assert first == second


async def test_while_it_is_open_there_is_a_picture_of_what_may_be_shown_and_nothing_to_hand_on(
    scene: Scene,
) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, name) for name in NAMES]
    await opened(scene, owner, *people)
    for each in people[:4]:
        await each.votes(asked(each), 4)

    card = await desk(owner)
    (four,) = await owner.presses(card, "Gambar")
    await people[4].votes(asked(people[4]), 4)
    (five,) = await owner.presses(card, "Gambar")
    notes = [(await owner.forges(card, f"{code}:1"))["text"] for code in ("pj", "pi", "pb", "py")]

    assert [label for label in labels(card) if label in HANDED_ON] == ["Gambar"]
    assert "Masih dibuka, angka sementara." in four["caption"]
    assert "Jawabannya kurang dari 5" in four["caption"]
    assert "Rata-rata" not in four["caption"]
    assert "Rata-rata 5,0 dari 5" in five["caption"]
    assert all("Umpan balik belum ditutup" in note for note in notes)
    assert not [m for m in owner.messages() if "document" in m]


async def test_fewer_than_five_answers_leave_no_number_in_anything_that_is_handed_on(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = [await joined(scene, name) for name in NAMES]
    await opened(scene, owner, *people)
    for each in people[:4]:
        await each.votes(asked(each), 4)
        await each.says("Sangat membantu sekali")
    await closes(scene)

    card = await desk(owner)
    (picture,) = await owner.presses(card, "Gambar")
    (sheet,) = await owner.presses(card, "Lembar")
    (page,) = await owner.presses(card, "Halaman pembicara")

    book = load_workbook(io.BytesIO(file_of(scene, sheet)))
    document = pypdfium2.PdfDocument(file_of(scene, page))
    printed = str(document[0].get_textpage().get_text_bounded())
    document.close()
    said = picture["caption"] + printed + str([[c.value for c in row] for each in book for row in each])
    assert "Jawabannya kurang dari 5" in picture["caption"]
    assert "Sangat membantu" not in said
    assert "Rata-rata" not in said
    assert book.sheetnames == ["Ringkasan", "Pertanyaan 1", "Pertanyaan 2"]


async def test_whoever_may_not_run_the_poll_is_given_nothing_and_tells_nobody(scene: Scene) -> None:
    owner, other, sari = [await joined(scene, name) for name in ("Owner", "Lain", "Sari")]
    await grants(scene, other, "32")
    await opened(scene, owner, sari)
    await sari.votes(asked(sari), 4)
    await closes(scene)
    await keeps_changes(scene)

    for someone in (other, sari):
        message = someone.reads()
        for code in ("pg", "pj", "pi", "pb", "py"):
            note = await someone.forges(message, f"{code}:1")
            assert note["show_alert"] is True
        assert not [m for m in someone.messages() if "document" in m or "photo" in m]
    await ticks(scene)
    assert copies(sari, "Yang kami ubah") == []


async def keeps_changes(scene: Scene) -> None:
    """An organiser has written what will change."""
    async with scene.program.database.transaction() as tx:
        poll = await tx.get(Poll, 1)
        assert poll is not None
        poll.changes = CHANGES


async def writes_changes(owner: Someone) -> Message:
    """Write what will change; gives the preview."""
    (question,) = await owner.presses(await desk(owner), "Kabari peserta")
    assert "Apa yang akan diubah?" in question["text"]
    (preview,) = await owner.says(CHANGES)
    return preview


async def test_those_who_answered_are_told_once_what_was_said_and_what_will_change(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    people = await answered(scene, owner)
    await closes(scene)
    scene.clock.advance(timedelta(hours=15))  # the next morning

    preview = await writes_changes(owner)
    (sent,) = await owner.presses(preview, "Kirim")
    await ticks(scene)
    again = await owner.forges(preview, "py:1")
    await ticks(scene)

    told = copies(people[0], "Yang kami ubah")[0]["text"]
    assert "Penerima: 5 orang" in preview["text"]
    assert told in preview["text"]
    assert CHANGES in told
    assert "Anda menilai: rata-rata 4,8 dari 5; nilai 4–5: 100%; 5 dari 6 yang ditanya menjawab" in told
    assert [len(copies(each, "Yang kami ubah")) for each in people] == [1, 1, 1, 1, 1, 0]
    assert "Kabar dikirim" in sent["text"]
    assert "sudah dikabari" in again["text"]
    assert "Kabari peserta" not in labels(await desk(owner))
    async with scene.program.database.transaction() as tx:
        events = await role_queries.latest_events(tx, 10)
    assert [event.details for event, _ in events if event.act == "poll.told"] == [{"people": 5}]


async def test_it_is_written_anew_until_it_is_right(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    await sari.votes(asked(sari), 4)
    await closes(scene)
    scene.clock.advance(timedelta(hours=15))

    preview = await writes_changes(owner)
    (question,) = await owner.presses(preview, "Tulis ulang")
    (too_long,) = await owner.says("kata " * 400)
    (second,) = await owner.says("Rekaman dibagikan.")
    await owner.presses(second, "Kirim")
    await ticks(scene)

    assert "Apa yang akan diubah?" in question["text"]
    assert "1500" in too_long["text"]
    (told,) = copies(sari, "Yang kami ubah")
    assert "Rekaman dibagikan." in told["text"]
    assert "30 menit" not in told["text"]
    assert "rata-rata" not in told["text"]  # a single answer
    assert "1 dari 1 yang ditanya menjawab" in told["text"]


async def test_nobody_is_told_in_their_quiet_hours(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    await opened(scene, owner, sari)
    await sari.votes(asked(sari), 4)
    await closes(scene)
    scene.clock.advance(timedelta(hours=5))  # after ten in the evening

    await owner.presses(await writes_changes(owner), "Kirim")
    await ticks(scene)
    at_night = len(copies(sari, "Yang kami ubah"))
    await passes(scene, hours=10)

    assert at_night == 0
    assert len(copies(sari, "Yang kami ubah")) == 1


async def test_where_nobody_answered_there_is_nobody_to_tell(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    await closes(scene)

    preview = await writes_changes(owner)

    assert "Tidak ada penerima" in preview["text"]
    assert "Kirim" not in labels(preview)


async def test_words_that_come_when_people_have_been_told_meanwhile_are_not_kept(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await opened(scene, owner, sari)
    await closes(scene)
    await owner.presses(await desk(owner), "Kabari peserta")
    async with scene.program.database.transaction() as tx:
        poll = await tx.get(Poll, 1)
        assert poll is not None
        poll.told_at = scene.clock.now()

    (answer,) = await owner.says(CHANGES)

    assert "sudah dikabari" in answer["text"]


async def an_earlier_poll(scene: Scene, title: str, days: int, province: str | None, rated: int) -> None:
    """A closed poll of some days ago in which so many gave the best rating."""
    now = scene.clock.now()
    begins = now - timedelta(days=days)
    async with scene.program.database.transaction() as tx:
        session = CopSession(
            title=title,
            province_code=province,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            created_at=begins,
            scheduled_at=begins,
        )
        tx.add(session)
        await tx.flush()
        assert session.id is not None
        poll = Poll(
            session_id=session.id,
            state=PollState.CLOSED,
            link_code=f"code-{days}",
            is_scrubbed=True,
            created_at=begins,
        )
        tx.add(poll)
        await tx.flush()
        assert poll.id is not None
        question = PollQuestion(
            poll_id=poll.id,
            position=1,
            kind="rating",
            text="Nilai?",
            options=["1", "2", "3", "4", "5"],
            answered=rated,
        )
        tx.add(question)
        await tx.flush()
        assert question.id is not None
        if rated >= 5:
            tx.add_all(
                PollTally(question_id=question.id, option=option, number=rated if option == 4 else 0)
                for option in range(5)
            )


async def test_the_trend_shows_the_sessions_before_within_the_organisers_reach(scene: Scene) -> None:
    await an_earlier_poll(scene, "Jawa Barat lama", 60, "32", 8)
    await an_earlier_poll(scene, "Jawa Barat, sedikit jawaban", 40, "32", 4)
    await an_earlier_poll(scene, "Bali", 30, "51", 9)
    await an_earlier_poll(scene, "Nasional", 20, None, 9)
    await an_earlier_poll(scene, "Jawa Barat baru", 10, "32", 6)
    results, now = scene.program.services.poll_results, scene.clock.now()

    async with scene.program.database.transaction() as tx:
        west_java = await results.trend(tx, reach=Reach(is_national=False, provinces=frozenset({"32"})))
        before = await results.trend(tx, until=now - timedelta(days=35))
        latest = await results.trend(tx, 2)

    assert [(each.title, each.mean) for each in west_java] == [
        ("Jawa Barat lama", 5.0),
        ("Jawa Barat, sedikit jawaban", None),
        ("Jawa Barat baru", 5.0),
    ]
    assert [each.title for each in before] == ["Jawa Barat lama", "Jawa Barat, sedikit jawaban"]
    assert [each.title for each in latest] == ["Nasional", "Jawa Barat baru"]


async def test_a_poll_that_nobody_opened_has_no_report(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    card = await plans_poll(owner)

    note = await owner.forges(card, "pg:1")
    gone = await owner.forges(card, "pg:99")

    assert "belum ditutup" in note["text"]
    assert "tidak ada lagi" in gone["text"]
