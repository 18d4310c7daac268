"""Polls on the desk: a template is adapted until it opens, and every wish is checked where it is done."""

from datetime import timedelta

from tests.organisers import joined, told
from tests.polls import checks_in, desk, passes, plans_poll, polls, session_of
from tests.scene import Scene, labels


async def test_a_template_is_adapted_before_it_opens(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    card = await plans_poll(owner)

    (questions,) = await owner.presses(card, "Ubah pertanyaan")
    kind = (await owner.presses(questions, "Tambah pertanyaan"))[-1]
    (text,) = await owner.presses(kind, "Satu pilihan")
    options = await owner.asks("Jam berapa sebaiknya?")
    done = await owner.asks("Pagi\nSiang\n\nSore")

    assert "Apa pertanyaannya?" in text["text"]
    assert "Satu pilihan satu baris" in options["text"]
    # One's own words stay last.
    assert (
        "3. Jam berapa sebaiknya? (Satu pilihan)\n   Pagi / Siang / Sore\n4. Apa yang paling" in done["text"]
    )

    changed = (await owner.presses(done, "Ubah nomor 1"))[-1]
    await owner.says("Bagaimana sesi hari ini?")
    assert "Saat ini: Secara keseluruhan" in changed["text"]
    (removed,) = await owner.presses(owner.reads(), "Hapus nomor 2")
    assert "1. Bagaimana sesi hari ini? (Nilai 1–5)\n2. Jam berapa sebaiknya?" in removed["text"]


async def test_thirteen_choices_and_long_questions_are_refused_with_what_to_do(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    (questions,) = await owner.presses(await plans_poll(owner), "Ubah pertanyaan")
    kind = (await owner.presses(questions, "Tambah pertanyaan"))[-1]
    await owner.presses(kind, "Beberapa pilihan")

    too_long = await owner.asks("x" * 301)
    await owner.says("Topik apa?")
    too_many = await owner.asks("\n".join(f"Topik {number}" for number in range(13)))
    twelve = await owner.asks("\n".join(f"Topik {number}" for number in range(12)))

    assert "Pertanyaan itu 301 huruf, paling banyak 300. Ringkas" in too_long["text"]
    assert "Ada 13 pilihan, paling banyak 12. Gabungkan yang mirip" in too_many["text"]
    assert "3. Topik apa? (Beberapa pilihan)" in twelve["text"]


async def test_a_poll_keeps_a_question_with_choices_and_one_open_one_at_most(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    (questions,) = await owner.presses(await plans_poll(owner, "Satu nilai"), "Ubah pertanyaan")

    refused = await owner.is_told(questions, "Hapus nomor 1")
    kind = (await owner.presses(questions, "Tambah pertanyaan"))[-1]
    await owner.presses(kind, "Jawaban bebas")
    second = await owner.asks("Ada lagi?")

    assert "Pertanyaan pertama harus punya pilihan" in refused["text"]
    assert "Hanya boleh satu pertanyaan terbuka" in second["text"]


async def test_nothing_is_changed_under_those_who_answer(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    session_id = await session_of(scene)
    card = await plans_poll(owner)
    (questions,) = await owner.presses(card, "Ubah pertanyaan")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)

    notes = [
        await owner.is_told(questions, "Hapus nomor 2"),
        await owner.forges(questions, "pf:1"),
        await owner.forges(questions, "pt:1:lengkap"),
        await owner.forges(questions, "pd:1:1"),
        await owner.forges(questions, "po:1:1"),
    ]

    assert {"sudah dibuka" in note["text"] for note in notes} == {True}
    assert (await polls(scene))[0].state == "open"


async def test_a_poll_is_dropped_before_anybody_was_asked_and_set_up_again(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    card = await plans_poll(owner)

    (sure,) = await owner.presses(card, "Hapus")
    (gone,) = await owner.presses(sure, "Ya, hapus")
    forged = await owner.forges(gone, "pz:1:1")
    again = (await owner.presses(gone, "Umpan balik lengkap"))[0]

    assert "Pilih susunan pertanyaan" in gone["text"]
    assert "tidak ada lagi" in forged["text"]
    assert "7. Apa yang paling berguna" in again["text"]


async def test_the_picture_for_the_last_slide_holds_the_link(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)

    picture = (await owner.presses(await plans_poll(owner), "Tautan dan QR"))[-1]
    await told(scene)
    (poll,) = await polls(scene)

    assert picture["photo" if "photo" in picture else "document"]
    assert f"?start=p_{poll.link_code}" in picture["caption"]


async def test_a_session_that_ended_long_ago_is_opened_by_hand_only(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await session_of(scene)
    await plans_poll(owner)
    scene.clock.advance(timedelta(days=3))

    await passes(scene, minutes=1)
    card = await desk(owner)

    assert (await polls(scene))[0].state == "planned"
    assert "Dibuka dengan tombol di bawah" in card["text"]
    assert "Jangan dibuka sendiri" not in labels(card)
