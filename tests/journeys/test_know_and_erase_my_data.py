"""What is stored about me, as a file; and nothing of it afterwards."""

import base64
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from tests.scene import Message, Scene, Someone

NAME = "Sari Dewi, S.Sos."
UNIT = "Disnaker Kabupaten Garut"


async def _lives(sari: Someone) -> None:
    """Somebody with something in every part: a profile, a question, a verdict, a form that waits."""
    await sari.presses(await sari.asks("/start"), "Lewati")
    card = await sari.asks("gmn cara klaim jkp?")
    await sari.is_told(card, "👍")
    (details,) = await sari.presses(await sari.asks("/profil"), "Data diri")
    await sari.presses(details, "Isi semua")
    await sari.says(NAME)
    await sari.says(UNIT)
    await sari.presses(sari.reads(), "Lewati")
    await sari.presses(sari.reads(), "Lewati")
    await sari.presses(sari.reads(), "Lewati")
    (details,) = await sari.presses(await sari.asks("/profil"), "Data diri")
    await sari.presses(details, "Jabatan")


def _content(someone: Someone, message: Message) -> dict[str, Any]:
    file = someone.scene.control.file(message["document"]["file_id"])
    content: dict[str, Any] = json.loads(base64.b64decode(file["base64"]))
    return content


async def _everything(scene: Scene) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    async with scene.program.database.transaction() as tx:
        connection = await tx.connection()
        found = {}
        for name in SQLModel.metadata.tables:
            rows = await connection.execute(text(f'SELECT * FROM "{name}"'))
            found[name] = [dict(row) for row in rows.mappings()]
    return found


async def test_everything_stored_about_me_comes_as_a_file(scene: Scene) -> None:
    scene.person("Owner")
    sari = scene.person("Sari")
    await _lives(sari)

    message, offer = await sari.says("/dataku")
    content = _content(sari, message)

    assert message["document"]["file_name"] == "dataku.json"
    (profile,) = content["Profil"]
    assert (profile["full_name"], profile["unit"], profile["telegram_id"]) == (NAME, UNIT, sari.user_id)
    assert profile["joined_at"] == "2026-11-24T09:00:00+07:00"
    assert [row["text"] for row in content["Pertanyaan"]] == ["gmn cara klaim jkp?"]
    assert [row["verdict"] for row in content["Penilaian jawaban"]] == ["helpful"]
    assert [row["state"] for row in content["Isian"]] == ["completed", "open"]
    assert content["Peran"] == content["Baris direktori"] == []
    assert "Anda masih mengisi Data diri" in offer["text"]


async def test_the_file_holds_nothing_of_others(scene: Scene) -> None:
    scene.person("Owner")
    sari, budi = scene.person("Sari"), scene.person("Budi")
    await _lives(sari)
    await budi.says("apa itu jkp?")

    (message,) = await budi.says("/dataku")

    content = _content(budi, message)
    assert NAME not in json.dumps(content, ensure_ascii=False)
    assert [row["text"] for row in content["Pertanyaan"]] == ["apa itu jkp?"]


async def test_erased_data_leaves_counts_and_no_name(scene: Scene) -> None:
    scene.person("Owner")
    sari = scene.person("Sari")
    await _lives(sari)

    ask, _ = await sari.says("/hapus")
    (erased,) = await sari.presses(ask, "Ya, hapus")

    assert "Ini tidak dapat dibatalkan." in ask["text"]
    assert erased["text"].startswith("Data Anda sudah dihapus.")
    left = await _everything(scene)
    of_people = {name: rows for name, rows in left.items() if not name.startswith("content_")}
    words = json.dumps(of_people, default=str, ensure_ascii=False)
    assert NAME not in words
    assert UNIT not in words
    assert "gmn cara" not in words
    assert str(sari.user_id) not in words
    assert left["people"] == []
    (question,) = left["questions"]
    assert (question["ending"], question["person_id"], question["text"]) == ("answered", None, "")
    (rating,) = left["ratings"]
    assert (rating["verdict"], rating["person_id"]) == ("helpful", None)


async def test_two_people_who_are_erased_leave_both_counts(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    for someone in (sari, budi):
        await someone.says("apa itu jkp?")
        await someone.presses(await someone.asks("/hapus"), "Ya, hapus")

    left = await _everything(scene)

    assert [row["ending"] for row in left["questions"]] == ["answered", "answered"]
    assert left["people"] == []


async def test_whoever_was_erased_begins_anew(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.presses(await sari.asks("/start"), "Lewati")
    await sari.presses(await sari.asks("/hapus"), "Ya, hapus")

    welcome = await sari.asks("/start")

    assert welcome["text"].startswith("Selamat datang di TanyaCoP")


async def test_an_old_confirmation_erases_nothing(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.presses(await sari.asks("/start"), "Lewati")
    ask = await sari.asks("/hapus")

    scene.clock.advance(timedelta(minutes=11))
    told = await sari.is_told(ask, "Ya, hapus")

    assert told["text"].startswith("Konfirmasi ini sudah lewat sepuluh menit.")
    assert (await sari.asks("/start"))["text"].startswith("Selamat datang kembali.")


async def test_whoever_thinks_better_of_it_keeps_everything(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.presses(await sari.asks("/start"), "Lewati")

    (kept,) = await sari.presses(await sari.asks("/hapus"), "Tidak jadi")

    assert kept["text"] == "Baik, tidak ada yang dihapus."
    assert (await sari.asks("/start"))["text"].startswith("Selamat datang kembali.")


async def test_a_role_goes_with_its_person_and_so_does_its_menu(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    listed = [c["command"] for c in scene.control.commands(owner.user_id, owner.chat_id)]

    ask = await owner.asks("/hapus")
    await owner.presses(ask, "Ya, hapus")

    assert "Anda memegang peran" in ask["text"]
    assert "peran" in listed
    left = [c["command"] for c in scene.control.commands(owner.user_id, owner.chat_id)]
    assert "peran" not in left


async def test_in_a_group_nobody_reads_along(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    shown = await in_group.asks("/dataku")
    asked = await in_group.asks("/hapus")

    assert shown["text"] == asked["text"] == "Data pribadi hanya dibuka di percakapan pribadi kita."
