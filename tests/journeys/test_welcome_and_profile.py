"""Getting to know somebody, and what they may choose."""

from tests.scene import Scene, Someone, labels


async def test_three_taps_lead_from_start_to_the_first_question(scene: Scene) -> None:
    sari = scene.person("Sari")
    welcome = await sari.asks("/start")
    assert "UU 27/2022" in welcome["text"]

    (islands,) = await sari.presses(welcome, "Mengerti")
    (provinces,) = await sari.presses(islands, "Sulawesi")
    (done,) = await sari.presses(provinces, "Gorontalo")

    assert done["text"].startswith("Siap: Gorontalo, zona waktu WITA.")
    assert {m["message_id"] for m in (islands, provinces, done)} == {welcome["message_id"]}


async def test_every_step_of_the_welcome_can_be_skipped(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")

    (at_once,) = await sari.presses(await sari.asks("/start"), "Lewati")
    (islands,) = await budi.presses(await budi.asks("/start"), "Mengerti")
    (later,) = await budi.presses(islands, "Lewati")

    assert at_once["text"].startswith("Baik, dilewati.")
    assert later["text"].startswith("Baik, dilewati.")


async def test_whoever_has_read_the_notice_is_not_asked_again(scene: Scene) -> None:
    sari = scene.person("Sari")
    await sari.presses(await sari.asks("/start"), "Lewati")

    again = await sari.asks("/start")

    assert again["text"].startswith("Selamat datang kembali.")


async def test_a_garbled_deep_link_is_said_to_be_unknown(scene: Scene) -> None:
    sari = scene.person("Sari")

    sentence, welcome = await sari.says("/start e-tidak_ada-%%")

    assert sentence["text"].startswith("Tautan itu tidak saya kenali")
    assert welcome["text"].startswith("Selamat datang di TanyaCoP")


async def test_province_zone_and_wishes_are_kept(scene: Scene) -> None:
    sari = scene.person("Sari")
    profile = await sari.asks("/profil")

    (islands,) = await sari.presses(profile, "Provinsi")
    (provinces,) = await sari.presses(islands, "Maluku dan Papua")
    (with_province,) = await sari.presses(provinces, "Papua Selatan")
    (zones,) = await sari.presses(with_province, "Zona waktu")
    (with_zone,) = await sari.presses(zones, "WITA")
    (wishes,) = await sari.presses(with_zone, "Yang diterima")
    (changed,) = await sari.presses(wishes, "Umpan balik: ya")

    assert "Umpan balik: tidak" in labels(changed)
    shown = (await sari.asks("/profil"))["text"]
    assert "Provinsi: Papua Selatan" in shown
    assert "Zona waktu: WITA" in shown
    assert "Umpan balik: tidak" in shown


async def test_the_menu_speaks_the_language_of_the_app(scene: Scene) -> None:
    sari, keiko = scene.person("Sari"), scene.person("Keiko", language_code="en")
    await sari.says("/start")
    await keiko.says("/start")

    assert "tanya" in _menu(sari)
    assert "ask" in _menu(keiko)
    assert "tanya" not in _menu(keiko)


async def test_a_group_lists_only_what_works_there(scene: Scene) -> None:
    sari = scene.person("Sari")
    in_group = sari.within(scene.group("CoP", sari))

    assert _menu(in_group) == ["tanya", "kenapa", "topik", "bantuan"]


async def test_help_lists_the_commands_and_cancel_says_there_is_nothing(scene: Scene) -> None:
    sari = scene.person("Sari")

    help_text = await sari.asks("/bantuan")
    nothing = await sari.asks("/batal")

    for name in _menu(sari):
        assert f"/{name} – " in help_text["text"]
    assert nothing["text"].startswith("Tidak ada yang sedang Anda isi.")


def _menu(someone: Someone) -> list[str]:
    listed = someone.scene.control.commands(someone.user_id, someone.chat_id)
    return [command["command"] for command in listed]
