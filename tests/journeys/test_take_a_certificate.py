"""Certificates: for those who were there and gave feedback, with a number that whoever scans it can verify."""

import json

from sqlmodel import col, select

from db.models import Attendance, AuditEvent, Certificate, CopSession, SessionState
from tests.organisers import copies, joined
from tests.papers import content_of, rows_of, scanned, words_of
from tests.polls import asked, checks_in, closes, passes, person_of, plans_poll, polls, session_of
from tests.scene import Message, Scene, Someone, labels

GOOD = 3
SARI = "Sari Dewi, S.Sos., M.Si."


async def _named(scene: Scene, someone: Someone, name: str = SARI, unit: str | None = None) -> None:
    known = await person_of(scene, someone)
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.get(tx, known.id)
        assert person is not None
        person.full_name, person.unit = name, unit


async def _over(scene: Scene, *there: Someone, title: str = "Klaim JKP") -> int:
    """A session without a poll, which these attended and which has ended."""
    session_id = await session_of(scene, title)
    for each in there:
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)
    return session_id


async def _card(someone: Someone, session_id: int = 1) -> Message:
    said = await someone.says(f"/start s_{session_id}")
    (card,) = [
        each for each in said if "Klaim JKP" in each.get("text", "")
    ]  # beside it a form may offer to go on
    return card


async def _takes(someone: Someone, session_id: int = 1) -> Message:
    (sent,) = await someone.presses(await _card(someone, session_id), "Sertifikat")
    return sent


async def _certificates(scene: Scene) -> list[Certificate]:
    async with scene.program.database.transaction() as tx:
        return list((await tx.exec(select(Certificate).order_by(col(Certificate.id)))).all())


async def _verifies(someone: Someone, payload: str) -> str:
    """What somebody reads who follows the link of a certificate."""
    verdict, *_ = await someone.says(f"/start {payload}")  # behind it comes the welcome for those who are new
    return str(verdict["text"])


def _payload(scene: Scene, message: Message) -> str:
    """What the link on a certificate hands to the bot."""
    (link,) = scanned(content_of(scene, message))
    return link.partition("?start=")[2]


async def test_whoever_was_there_and_answered_takes_it_below_the_thanks_and_a_stranger_verifies_it(
    scene: Scene,
) -> None:
    owner, sari, stranger = await joined(scene, "Owner"), await joined(scene, "Sari"), scene.person("Budi")
    await _named(scene, sari, unit="Disnakertrans Kabupaten Garut")
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)
    await sari.votes(asked(sari), GOOD)
    (thanks,) = await sari.says("Jelas")

    (sent,) = await sari.presses(thanks, "Sertifikat")

    words = words_of(content_of(scene, sent))
    payload = _payload(scene, sent)
    (certificate,) = await _certificates(scene)
    verified, welcome = await stranger.says(f"/start {payload}")
    assert sent["document"]["file_name"] == f"sertifikat-{certificate.serial}.pdf"
    for expected in (
        SARI,
        "Disnakertrans Kabupaten Garut",
        "Klaim JKP",
        "Selasa, 24 November 2026, pukul 09.00–10.00 WIB",
        "Lama: 1 jam",
        certificate.serial,
    ):
        assert expected in words
    assert payload == f"v_{certificate.serial}"
    assert verified["text"].startswith(f"Sertifikat asli: {SARI}\n")
    assert "Sesi: Klaim JKP" in verified["text"]
    assert "Tanggal: Selasa, 24 November 2026" in verified["text"]
    assert "Selamat datang" in welcome["text"]


async def test_before_the_answer_it_leads_to_the_poll_and_afterwards_the_file_comes(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await _named(scene, sari)
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)

    waits = await _takes(sari)
    (question,) = await sari.presses(waits, "Jawab umpan balik")
    await sari.votes(question, GOOD)
    sent = await _takes(sari)

    assert "menunggu umpan balik" in waits["text"]
    assert SARI in words_of(content_of(scene, sent))


async def test_after_the_closing_those_who_answered_still_get_it_and_the_others_are_told_why_not(
    scene: Scene,
) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await _named(scene, sari)
    await _named(scene, budi, "Budi Santoso")
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    for each in (sari, budi):
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)
    await sari.votes(asked(sari), GOOD)
    await closes(scene)

    sent = await _takes(sari)
    note = await budi.is_told(await _card(budi), "Sertifikat")

    assert SARI in words_of(content_of(scene, sent))
    assert "sudah ditutup dan belum Anda jawab" in note["text"]
    assert len(await _certificates(scene)) == 1


async def test_whoever_was_put_on_the_list_too_late_to_be_asked_needs_no_feedback(scene: Scene) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await _named(scene, budi, "Budi Santoso")
    session_id = await session_of(scene)
    await plans_poll(owner, "Satu nilai dan komentar")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)
    await checks_in(scene, budi, session_id)  # the list of the meeting service, imported afterwards
    while_open = await _takes(budi)
    (poll,) = await polls(scene)
    await closes(scene)

    sent = await _takes(budi)

    (button,) = while_open["reply_markup"]["inline_keyboard"][0]
    assert button["url"].endswith(f"?start=p_{poll.link_code}")
    assert "Budi Santoso" in words_of(content_of(scene, sent))


async def test_a_poll_that_is_still_to_open_is_waited_for_but_not_for_ever(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await _named(scene, sari)
    session_id = await session_of(scene)
    await owner.presses(await plans_poll(owner), "Jangan dibuka sendiri")
    await checks_in(scene, sari, session_id)
    await passes(scene, minutes=60)

    at_first = await sari.is_told(await _card(sari), "Sertifikat")
    await passes(scene, days=3)
    sent = await _takes(sari)

    assert "belum dibuka" in at_first["text"]
    assert SARI in words_of(content_of(scene, sent))


async def test_without_a_poll_being_there_is_enough_and_only_then_and_only_afterwards(scene: Scene) -> None:
    sari, budi = await joined(scene, "Sari"), await joined(scene, "Budi")
    await _named(scene, sari)
    session_id = await session_of(scene)
    await checks_in(scene, sari, session_id)
    early = await sari.forges(await _card(sari), f"ct:{session_id}")
    await passes(scene, minutes=60)

    sent = await _takes(sari)
    absent = await _card(budi)
    forged = await budi.forges(absent, f"ct:{session_id}")
    nowhere = await budi.forges(absent, "ct:77")

    assert "setelah sesi selesai" in early["text"]
    assert SARI in words_of(content_of(scene, sent))
    assert "Sertifikat" not in labels(absent)
    assert "tidak tercatat hadir" in forged["text"]
    assert "tidak ada lagi" in nowhere["text"]
    assert len(await _certificates(scene)) == 1


async def test_the_name_is_asked_for_when_it_is_needed_and_kept(scene: Scene) -> None:
    sari = await joined(scene, "Sari")
    await _over(scene, sari)

    step = await _takes(sari)
    (unit,) = await sari.says(SARI)
    (sent,) = await sari.presses(unit, "Lewati")

    person = await person_of(scene, sari)
    assert "Nama lengkap dengan gelar?" in step["text"]
    assert "Lewati" not in labels(step)
    assert (person.full_name, person.unit) == (SARI, None)
    assert SARI in words_of(content_of(scene, sent))


async def test_the_same_person_gets_the_same_number_and_a_corrected_name(scene: Scene) -> None:
    sari, budi = await joined(scene, "Sari"), await joined(scene, "Budi")
    await _named(scene, sari, "Sari Dwi")
    await _named(scene, budi, "Budi Santoso")
    await _over(scene, sari, budi)

    first = _payload(scene, await _takes(sari))
    other = _payload(scene, await _takes(budi))
    await _named(scene, sari)
    again = await _takes(sari)
    verified = await _verifies(budi, first.lower())

    assert first != other
    assert _payload(scene, again) == first
    assert SARI in words_of(content_of(scene, again))
    assert f"Sertifikat asli: {SARI}" in verified


async def test_a_forged_number_says_so(scene: Scene) -> None:
    sari = await joined(scene, "Sari")
    await _named(scene, sari)
    await _over(scene, sari)
    genuine = _payload(scene, await _takes(sari))
    changed = genuine[:-1] + ("C" if genuine[-1] != "C" else "D")

    said = [await _verifies(sari, each) for each in (changed, "v_", "v_COP-2026", "v_1", "v_" + "9" * 60)]

    assert ["Bukan sertifikat kami" in each for each in said] == [True] * 5


async def test_a_corrected_attendance_list_withdraws_it_and_gives_it_back(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await _named(scene, sari)
    session_id = await _over(scene, sari)
    payload = _payload(scene, await _takes(sari))
    organiser, member = await person_of(scene, owner), await person_of(scene, sari)
    said = []

    for is_present in (False, True):
        async with scene.program.database.transaction() as tx:
            assert member.id is not None
            await scene.program.services.attendances.correct(
                tx, organiser, session_id, member.id, is_present=is_present
            )
        said.append(await _verifies(owner, payload))

    assert "tidak berlaku lagi" in said[0]
    assert "daftar hadir sesinya sesudah itu dikoreksi" in said[0]
    assert SARI not in said[0]
    assert said[1].startswith(f"Sertifikat asli: {SARI}")


async def test_a_session_that_was_cancelled_after_all_proves_nothing(scene: Scene) -> None:
    sari = await joined(scene, "Sari")
    await _named(scene, sari)
    session_id = await _over(scene, sari)
    payload = _payload(scene, await _takes(sari))
    card = await _card(sari)
    async with scene.program.database.transaction() as tx:
        session = await tx.get(CopSession, session_id)
        assert session is not None
        session.state = SessionState.CANCELLED

    said = await _verifies(sari, payload)
    note = await sari.is_told(card, "Sertifikat")

    assert "sesinya dibatalkan" in said
    assert "dibatalkan" in note["text"]


async def test_after_hapus_the_number_is_known_as_withdrawn_and_the_name_is_gone(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await _named(scene, sari)
    await _over(scene, sari)
    payload = _payload(scene, await _takes(sari))
    file = await sari.asks("/dataku")
    (exported,) = json.loads(content_of(scene, file))["Sertifikat"]
    (sure,) = await sari.says("/hapus")
    await sari.presses(sure, "Ya, hapus")

    said = await _verifies(owner, payload)

    (left,) = await _certificates(scene)
    assert (exported["serial"], exported["full_name"]) == (payload.removeprefix("v_"), SARI)
    assert exported["issued_on"] == "2026-11-24"
    assert "meminta datanya dihapus" in said
    assert SARI not in said
    assert (left.person_id, left.full_name, left.unit) == (None, None, None)


async def test_whoever_was_there_finds_a_session_of_another_province_in_the_past_ones(scene: Scene) -> None:
    sari = await joined(scene, "Sari", "32")
    await _named(scene, sari)
    session_id = await _over(scene, sari)
    async with scene.program.database.transaction() as tx:
        session = await tx.get(CopSession, session_id)
        assert session is not None
        session.province_code = "94"

    (past,) = await sari.presses(await sari.asks("/sesi"), "Sesi yang sudah lewat")
    (card,) = await sari.presses(past, "1. ")
    (sent,) = await sari.presses(card, "Sertifikat")

    # By the clock of the province for which the session was.
    assert "24 November 2026, pukul 11.00–12.00 WIT" in words_of(content_of(scene, sent))


async def test_the_list_of_participation_says_who_came_and_who_gave_feedback_but_not_what(
    scene: Scene,
) -> None:
    owner, sari, budi = [await joined(scene, name) for name in ("Owner", "Sari", "Budi")]
    await _named(scene, sari, unit="Disnaker Garut")
    await _named(scene, budi, "=Budi()")
    session_id = await session_of(scene)
    async with scene.program.database.transaction() as tx:
        known = await scene.program.services.people.find(tx, sari.user_id)
        assert known is not None
        known.nip, known.position = "198503152010012001", "Pengantar Kerja Ahli Muda"
        scene.program.services.people.settle(known, "32")
    await sari.presses(await _card(sari), "Hadir")
    await plans_poll(owner, "Satu nilai dan komentar")
    for each in (sari, budi):
        await checks_in(scene, each, session_id)
    await passes(scene, minutes=60)
    await sari.votes(asked(sari), GOOD)
    before = await _list(owner)
    await closes(scene)

    after = await _list(owner)

    assert [row[-1] for row in rows_of(content_of(scene, before))[1:]] == ["belum ditutup"] * 2
    assert rows_of(content_of(scene, after)) == [
        (
            "no.",
            "nama lengkap dan gelar",
            "NIP",
            "unit kerja",
            "jabatan",
            "provinsi",
            "jawaban undangan",
            "hadir",
            "umpan balik",
        ),
        (1, "=Budi()", None, None, None, None, None, "ya", "tidak diberikan"),
        (
            2,
            SARI,
            "198503152010012001",
            "Disnaker Garut",
            "Pengantar Kerja Ahli Muda",
            "Jawa Barat",
            "Hadir",
            "ya",
            "diberikan",
        ),
    ]
    assert ("jumlah hadir", 2) in rows_of(content_of(scene, after), 1)
    assert after["document"]["file_name"] == "partisipasi-2026-11-24.xlsx"
    async with scene.program.database.transaction() as tx:
        deeds = list((await tx.exec(select(AuditEvent.act))).all())
    assert deeds.count("attendance.participation_exported") == 2


async def test_the_list_of_participation_is_refused_to_members(scene: Scene) -> None:
    await joined(scene, "Owner")
    sari = await joined(scene, "Sari")
    session_id = await _over(scene, sari)

    note = await sari.forges(await _card(sari), f"ap:{session_id}")

    assert note["show_alert"] is True
    assert copies(sari, "Daftar partisipasi") == []


async def test_somebody_without_the_bot_stands_on_the_list_by_the_name_that_was_written(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    session_id = await _over(scene)
    organiser = await person_of(scene, owner)
    async with scene.program.database.transaction() as tx:
        await scene.program.services.attendances.add_by_name(tx, organiser, session_id, "Tono, S.Sos.")

    message = await _list(owner)

    assert rows_of(content_of(scene, message))[1:] == [
        (1, "Tono, S.Sos.", None, None, None, None, None, "ya", "tidak ada")
    ]
    assert ("jumlah hadir", 1) in rows_of(content_of(scene, message), 1)


async def test_somebody_whose_attendance_has_no_name_any_more_is_counted(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await _over(scene, sari)
    async with scene.program.database.transaction() as tx:
        (there,) = (await tx.exec(select(Attendance))).all()
        there.person_id = None

    message = await _list(owner)

    assert rows_of(content_of(scene, message))[1:] == []
    assert ("di antaranya datanya dihapus", 1) in rows_of(content_of(scene, message), 1)


async def _list(owner: Someone) -> Message:
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Sesi")
    (card,) = await owner.presses(listed, "1. ")
    (sent,) = await owner.presses(card, "Daftar partisipasi")
    return sent
