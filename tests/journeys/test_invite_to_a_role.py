"""Roles: invited by a link, accepted once, revoked at any time, checked where it counts."""

import re
from datetime import timedelta

from tests.scene import BOT_NAME, Message, Scene, Someone, labels


async def _invites(owner: Someone, role: str = "Penyelenggara", *provinces: str) -> str:
    """What the owner passes on: the payload of the link."""
    made = await _makes(owner, role, *provinces)
    found = re.search(rf"https://t\.me/{BOT_NAME}\?start=(inv_[\w-]+)", made["text"])
    assert found is not None, made["text"]
    return found[1]


async def _makes(owner: Someone, role: str, *provinces: str) -> Message:
    desk = await owner.asks("/peran")
    (step,) = await owner.presses(desk, "Buat undangan")
    (step,) = await owner.presses(step, role)
    if provinces:
        (step,) = await owner.presses(step, "Provinsi tertentu")
        step = await owner.asks(", ".join(provinces))
    else:
        (step,) = await owner.presses(step, "Nasional")
    (made,) = await owner.presses(step, "Ya, benar")
    return made


async def _accepts(someone: Someone, payload: str) -> Message:
    offer = next(m for m in await someone.says(f"/start {payload}") if "Terima" in labels(m))
    accepted, *_ = await someone.presses(offer, "Terima")
    return accepted


def _menu(someone: Someone) -> list[str]:
    listed = someone.scene.control.commands(someone.user_id, someone.chat_id)
    return [command["command"] for command in listed]


async def test_an_owner_invites_an_organiser_of_two_provinces(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await budi.says("/start")

    payload = await _invites(owner, "Penyelenggara", "Jabar", "Provinsi Banten")
    accepted = await _accepts(budi, payload)

    assert "penyelenggara (Jawa Barat, Banten)" in accepted["text"]
    assert "Nama lengkap dengan gelar?" in budi.reads()["text"]
    assert owner.reads()["text"].endswith(
        "menerima undangan Anda sebagai penyelenggara (Jawa Barat, Banten)."
    )
    await budi.asks("Budi Santoso, S.E.")
    (holders,) = await owner.presses(await owner.asks("/peran"), "Pemegang peran (1)")
    assert "Budi Santoso, S.E.: penyelenggara (Jawa Barat, Banten)" in holders["text"]


async def test_a_link_is_good_for_one_person(scene: Scene) -> None:
    owner, budi, citra = scene.person("Owner"), scene.person("Budi"), scene.person("Citra")
    payload = await _invites(owner)
    await _accepts(budi, payload)

    late, *_ = await citra.says(f"/start {payload}")

    assert late["text"].startswith("Undangan itu sudah dipakai.")


async def test_a_link_expires_after_seven_days_even_while_its_offer_is_open(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    payload = await _invites(owner)
    offer, *_ = await budi.says(f"/start {payload}")

    scene.clock.advance(timedelta(days=7))
    (told,) = await budi.presses(offer, "Terima")

    assert "sudah lewat masa berlakunya" in told["text"]
    assert "tidak saya kenali" not in told["text"]
    (again, *_) = await budi.says(f"/start {payload}")
    assert "sudah lewat masa berlakunya" in again["text"]


async def test_whoever_declines_leaves_the_link_good(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    payload = await _invites(owner)
    offer, *_ = await budi.says(f"/start {payload}")

    (declined,) = await budi.presses(offer, "Tidak sekarang")
    accepted = await _accepts(budi, payload)

    assert declined["text"].startswith("Baik, undangan tidak dipakai.")
    assert "Anda sekarang penyelenggara (nasional)" in accepted["text"]


async def test_an_owner_cannot_use_up_their_own_link_nor_a_holder_one_they_do_not_need(scene: Scene) -> None:
    owner, budi, citra = scene.person("Owner"), scene.person("Budi"), scene.person("Citra")
    await _accepts(budi, await _invites(owner))
    payload = await _invites(owner)

    own, *_ = await owner.says(f"/start {payload}")
    already, *_ = await budi.says(f"/start {payload}")
    accepted = await _accepts(citra, payload)

    assert "buatan Anda sendiri" in own["text"]
    assert "sudah Anda miliki" in already["text"]
    assert "Anda sekarang penyelenggara" in accepted["text"]


async def test_a_cancelled_invitation_is_worth_nothing(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    payload = await _invites(owner)
    (listed,) = await owner.presses(await owner.asks("/peran"), "Undangan terbuka (1)")

    (left,) = await owner.presses(listed, "Batalkan undangan 1")
    told, *_ = await budi.says(f"/start {payload}")

    assert "Tidak ada." in left["text"]
    assert told["text"].startswith("Undangan itu sudah dibatalkan.")


async def test_a_revoked_role_ends_at_once_and_both_are_told(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await _accepts(budi, await _invites(owner, "Kurator"))
    await budi.asks("Budi Santoso")
    (holders,) = await owner.presses(await owner.asks("/peran"), "Pemegang peran")

    (holder,) = await owner.presses(holders, "Budi Santoso")
    (sure,) = await owner.presses(holder, "Cabut peran kurator")
    (revoked,) = await owner.presses(sure, "Ya, cabut")
    gone = await owner.forges(revoked, "rv:2:curator:1")

    assert revoked["text"] == "Peran kurator (nasional) dicabut dari Budi Santoso."
    assert budi.reads()["text"].startswith("Peran Anda sebagai kurator (nasional) sudah dicabut")
    assert gone["text"] == "Peran atau undangan itu sudah tidak ada."


async def test_menus_and_help_follow_the_role(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await owner.says("/start")
    await budi.says("/start")

    assert "peran" in _menu(owner)
    assert "peran" not in _menu(budi)
    assert "/peran – " in (await owner.asks("/bantuan"))["text"]
    assert "/peran – " not in (await budi.asks("/bantuan"))["text"]


async def test_the_menu_of_a_role_speaks_the_language_that_was_chosen(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    (languages,) = await owner.presses(await owner.asks("/profil"), "Bahasa")

    await owner.presses(languages, "English")

    assert "roles" in _menu(owner)
    assert "peran" not in _menu(owner)


async def test_a_member_gets_nowhere_in_the_owners_desk(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await owner.asks("/peran")

    refused = await budi.asks("/peran")
    forged = await budi.forges(refused, "ri")
    looked = await budi.forges(refused, "ro:h")
    revoked = await budi.forges(refused, "rv:1:curator:1")

    assert refused["text"] == "Hanya pemilik bot yang dapat melakukan ini."
    assert {note["text"] for note in (forged, looked, revoked)} == {refused["text"]}


async def test_a_forged_acceptance_grants_nothing(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await _invites(owner)
    any_message = await budi.asks("/bantuan")

    await budi.forges(any_message, "ra:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert "tidak saya kenali" in budi.reads()["text"]
    (holders,) = await owner.presses(await owner.asks("/peran"), "Pemegang peran (0)")
    assert "Belum ada." in holders["text"]


async def test_the_trail_says_who_did_what(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await _accepts(budi, await _invites(owner, "Kurator", "Jawa Timur"))

    (trail,) = await owner.presses(await owner.asks("/peran"), "Jejak audit")

    lines = trail["text"].splitlines()
    assert "memberi peran (kurator (Jawa Timur))" in lines[1]
    assert "membuat undangan (kurator (Jawa Timur))" in lines[2]
    assert "24 November 2026 pukul 09.00 WIB" in lines[2]


async def test_an_unknown_province_is_asked_back(scene: Scene) -> None:
    owner = scene.person("Owner")
    (step,) = await owner.presses(await owner.asks("/peran"), "Buat undangan")
    (step,) = await owner.presses(step, "Kurator")
    (step,) = await owner.presses(step, "Provinsi tertentu")

    asked = await owner.asks("Jawa Barat, Atlantis")
    (none,) = await owner.presses(asked, "Selesai memilih")
    (page,) = await owner.presses(none, "Berikutnya")
    (chosen,) = await owner.presses(page, "Jawa Barat")
    (confirm,) = await owner.presses(chosen, "Selesai memilih")

    assert "“Atlantis” tidak ada di daftar" in asked["text"]
    assert "Pilih paling sedikit satu" in none["text"]
    assert "✓ Jawa Barat" in labels(chosen)
    assert "Provinsi: Jawa Barat" in confirm["text"]
