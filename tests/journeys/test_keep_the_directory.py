"""The directory: a sheet goes in, personal links come out, people claim their rows."""

import base64
import io
import re
from collections.abc import Sequence

from openpyxl import Workbook, load_workbook

from bot.attachments import MOST_BYTES
from tests.scene import Message, Scene, Someone, labels

HEAD = ("Nama", "Unit kerja", "Provinsi", "Peran")
PEOPLE = (
    ("Sari Dewi, S.Sos.", "Disnaker Garut", "Jawa Barat", "anggota"),
    ("Budi Santoso", "Disnaker Surabaya", "Jatim", ""),
    ("Yohana Wanggai", "Disnaker Jayapura", "Papua", "penyelenggara"),
)


def _xlsx(*rows: Sequence[str], title: str = "Direktori") -> str:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return base64.b64encode(packed.getvalue()).decode()


async def _sends(someone: Someone, content: str, name: str = "direktori.xlsx", **what: str) -> Message:
    (answer,) = await someone.sends("document", file_base64=content, file_name=name, **what)
    return answer


async def _imports(owner: Someone, *rows: Sequence[str]) -> Message:
    proposal = await _sends(owner, _xlsx(HEAD, *rows))
    (done,) = await owner.presses(proposal, "Simpan")
    return done


async def _received(someone: Someone, message: Message) -> list[list[str]]:
    """The rows of the sheet that came with this message."""
    file = someone.scene.control.file(message["document"]["file_id"])
    book = load_workbook(io.BytesIO(base64.b64decode(file["base64"])))
    sheet = book.worksheets[0]
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


async def _links(owner: Someone) -> dict[str, str]:
    """Name -> payload of the personal link, out of the list of those who are missing."""
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")
    (message,) = await owner.presses(desk, "Yang belum bergabung")
    rows = await _received(owner, message)
    return {row[0]: row[4].partition("?start=")[2] for row in rows[1:]}


async def test_a_sheet_is_previewed_confirmed_and_counted(scene: Scene) -> None:
    owner = scene.person("Owner")

    proposal = await _sends(owner, _xlsx(HEAD, *PEOPLE))
    (done,) = await owner.presses(proposal, "Simpan 3 baris")

    assert "Belum ada yang berubah." in proposal["text"]
    assert "Baru: 3" in proposal["text"]
    assert done["text"].startswith("Selesai: 3 baris baru, 0 berubah.")
    assert "0 dari 3 terjangkau, 3 belum bergabung" in done["text"]


async def test_the_same_sheet_again_changes_nothing_and_a_changed_one_says_how_much(scene: Scene) -> None:
    owner = scene.person("Owner")
    await _imports(owner, *PEOPLE)

    same = await _sends(owner, _xlsx(HEAD, *PEOPLE))
    moved = ("Budi Santoso", "Disnaker Malang", "Jawa Timur", "kurator")
    changed = await _sends(owner, _xlsx(HEAD, moved, ("Citra", "", "Bali", "")))

    assert "tidak ada yang perlu diubah" in same["text"]
    assert labels(same) == []
    assert "Baru: 1\nBerubah: 1\nTetap: 0\nDi direktori tetapi tidak di berkas: 2" in changed["text"]


async def test_mistakes_are_named_by_sheet_row_and_column_and_nothing_is_taken_in(scene: Scene) -> None:
    owner = scene.person("Owner")
    rows = (
        ("", "Disnaker", "Bali", ""),
        ("Sari", "Disnaker", "Atlantis", ""),
        ("Budi", "Disnaker", "", "bos"),
        ("Citra", "Disnaker", "Bali", ""),
        ("CITRA", "disnaker", "Bali", ""),
    )

    told = await _sends(owner, _xlsx(HEAD, *rows, title="Maret"))

    assert "Belum diimpor: 5 hal perlu diperbaiki." in told["text"]
    assert "Lembar “Maret”, baris 2, kolom nama: nama masih kosong." in told["text"]
    assert "Lembar “Maret”, baris 3, kolom provinsi: “Atlantis” bukan nama provinsi." in told["text"]
    assert "baris 4, kolom peran: “bos” bukan peran." in told["text"]
    assert "baris 6, kolom nama: “CITRA” dengan unit dan provinsi yang sama sudah ada" in told["text"]
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")
    assert "Belum ada isinya." in desk["text"]


async def test_a_sheet_with_semicolons_is_read_as_well(scene: Scene) -> None:
    owner = scene.person("Owner")
    text = "nama;unit kerja;provinsi\nSari Dewi, S.Sos.;Disnaker;jabar\n\nBudi;;DKI Jakarta\n"

    proposal = await _sends(owner, base64.b64encode(text.encode("utf-8-sig")).decode(), "daftar.csv")

    assert "Baru: 2" in proposal["text"]


async def test_the_template_comes_back_as_it_went_out(scene: Scene) -> None:
    owner = scene.person("Owner")
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")

    (template,) = await owner.presses(desk, "Unduh templat")
    file = scene.control.file(template["document"]["file_id"])
    told = await _sends(owner, file["base64"])

    assert (await _received(owner, template))[0] == ["nama", "unit kerja", "provinsi", "peran"]
    assert "Lembarnya kosong di bawah judul kolom." in told["text"]


async def test_files_that_cannot_be_read_say_what_to_do(scene: Scene) -> None:
    owner = scene.person("Owner")

    picture = await _sends(owner, base64.b64encode(b"PK\x03\x04 no zip").decode())
    headless = await _sends(owner, _xlsx(("a", "b"), ("1", "2")))
    big = await _sends(owner, base64.b64encode(b"PK" + b"0" * MOST_BYTES).decode())

    assert "tidak terbaca sebagai lembar kerja" in picture["text"]
    assert "Tidak ada lembar dengan judul kolom." in headless["text"]
    assert "lebih dari 5 MB" in big["text"]


async def test_a_file_that_telegram_does_not_give_is_asked_for_again(scene: Scene) -> None:
    owner = scene.person("Owner")
    scene.control.set_faults([{"fault": "error_before", "methods": ["getFile"]}])

    told = await _sends(owner, _xlsx(HEAD, *PEOPLE))

    assert told["text"].startswith("Berkas itu tidak berhasil diambil dari Telegram.")
    scene.forgive()


async def test_a_member_cannot_import_nor_take_the_list_out(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    proposal = await _sends(owner, _xlsx(HEAD, *PEOPLE))

    refused = await _sends(budi, _xlsx(HEAD, *PEOPLE))
    forged = await budi.forges(refused, "ki:1")
    listed = await budi.forges(refused, "ku")
    (done,) = await owner.presses(proposal, "Simpan")

    assert refused["text"].startswith("Ini hanya untuk penyelenggara.")
    assert forged["text"] == listed["text"] == refused["text"]
    assert done["text"].startswith("Selesai: 3 baris baru")


async def test_two_quick_taps_import_once(scene: Scene) -> None:
    owner = scene.person("Owner")
    proposal = await _sends(owner, _xlsx(HEAD, *PEOPLE))

    for _ in range(2):
        scene.control.press(owner.user_id, owner.chat_id, proposal["message_id"], text="Simpan 3 baris")
    await scene.settled()

    assert "0 dari 3 terjangkau" in owner.reads()["text"]


async def test_people_claim_their_rows_by_personal_links(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), scene.person("Sari")
    await _imports(owner, *PEOPLE)
    links = await _links(owner)

    offer, *_ = await sari.says(f"/start {links['Sari Dewi, S.Sos.']}")
    (claimed,) = await sari.presses(offer, "Ya, ini saya")
    profile = await sari.asks("/profil")

    assert re.fullmatch(r"me_[\w-]{16}", links["Sari Dewi, S.Sos."])
    assert "Nama: Sari Dewi, S.Sos.\nUnit kerja: Disnaker Garut\nProvinsi: Jawa Barat" in offer["text"]
    assert claimed["text"].startswith("Terima kasih, Sari Dewi, S.Sos..")
    assert "Provinsi: Jawa Barat" in profile["text"]
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")
    assert "1 dari 3 terjangkau, 2 belum bergabung" in desk["text"]
    assert "Sari Dewi, S.Sos." not in await _links(owner)


async def test_a_row_belongs_to_whoever_claimed_it_first(scene: Scene) -> None:
    owner, sari, budi = scene.person("Owner"), scene.person("Sari"), scene.person("Budi")
    await _imports(owner, *PEOPLE)
    links = await _links(owner)
    offer, *_ = await sari.says(f"/start {links['Budi Santoso']}")
    late, *_ = await budi.says(f"/start {links['Budi Santoso']}")

    await sari.presses(offer, "Ya, ini saya")
    (taken,) = await budi.presses(late, "Ya, ini saya")
    again, *_ = await sari.says(f"/start {links['Budi Santoso']}")
    other, *_ = await sari.says(f"/start {links['Yohana Wanggai']}")
    unknown, *_ = await budi.says("/start me_AAAAAAAAAAAAAAAA")

    assert "sudah diakui orang lain" in taken["text"]
    assert "Tidak ada yang perlu dilakukan" in again["text"]
    assert "terhubung dengan baris lain" in other["text"]
    assert "tidak saya kenali" in unknown["text"]


async def test_whoever_is_somebody_else_leaves_the_row(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), scene.person("Sari")
    await _imports(owner, *PEOPLE)
    links = await _links(owner)

    offer, *_ = await sari.says(f"/start {links['Budi Santoso']}")
    (left,) = await sari.presses(offer, "Bukan saya")

    assert left["text"].startswith("Baik.")
    assert "Budi Santoso" in await _links(owner)


async def test_a_role_in_the_list_grants_nothing_until_an_owner_says_so(scene: Scene) -> None:
    owner, yohana = scene.person("Owner"), scene.person("Yohana")
    await _imports(owner, *PEOPLE)
    links = await _links(owner)
    offer, *_ = await yohana.says(f"/start {links['Yohana Wanggai']}")
    await yohana.presses(offer, "Ya, ini saya")

    before = await yohana.asks("/kelola")
    notice = owner.reads()
    (granted,) = await owner.presses(notice, "Jadikan penyelenggara (Papua)")
    after = await yohana.asks("/kelola")

    assert before["text"].startswith("Ini hanya untuk penyelenggara.")
    assert "tercatat sebagai penyelenggara (Papua)" in notice["text"]
    assert granted["text"].startswith("Yohana Wanggai sekarang penyelenggara (Papua)")
    assert after["text"].startswith("Meja penyelenggara")
    assert labels(after) == ["Sesi", "Pengumuman", "Grup"]  # the directory is for national organisers


async def test_a_name_that_looks_like_a_formula_stays_a_name(scene: Scene) -> None:
    owner = scene.person("Owner")
    text = "nama;provinsi\n=HYPERLINK(A1);Bali\n"
    proposal = await _sends(owner, base64.b64encode(text.encode()).decode(), "daftar.csv")
    await owner.presses(proposal, "Simpan 1 baris")

    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")
    (message,) = await owner.presses(desk, "Yang belum bergabung")
    file = scene.control.file(message["document"]["file_id"])
    sheet = load_workbook(io.BytesIO(base64.b64decode(file["base64"]))).worksheets[0]

    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=HYPERLINK(A1)")


async def test_whoever_stopped_has_joined_and_is_not_reachable(scene: Scene) -> None:
    owner, sari = scene.person("Owner"), scene.person("Sari")
    await _imports(owner, *PEOPLE)
    links = await _links(owner)
    offer, *_ = await sari.says(f"/start {links['Budi Santoso']}")
    await sari.presses(offer, "Ya, ini saya")

    await sari.says("/berhenti")
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")

    assert "0 dari 3 terjangkau, 2 belum bergabung, 1 berhenti atau memblokir" in desk["text"]


async def test_nothing_of_a_file_stays_behind_once_it_is_sent(scene: Scene) -> None:
    owner = scene.person("Owner")
    (desk,) = await owner.presses(await owner.asks("/kelola"), "Direktori")

    await owner.presses(desk, "Unduh templat")

    async with scene.program.database.transaction() as tx:
        left = await scene.program.services.files.waiting(tx)
    assert left == 0
