"""What goes wrong when an organiser announces: each is answered with what to do, and nothing is sent by mistake."""

from datetime import timedelta

import pytest

from bot.services.announcement_content import MAX_CAPTION, MAX_TEXT
from tests.organisers import button, copies, drafts, grants, joined, passes, revokes, sent_out
from tests.scene import Message, Scene, Someone, labels

NEWS = "Rapat koordinasi CoP hari Senin."


async def registered(scene: Scene, owner: Someone, *, is_forum: bool = False) -> tuple[int, int]:
    """A group that the owner registered, with the topic in which announcements go (0: none)."""
    group = scene.group("CoP Jawa Barat", owner, is_forum=is_forum)
    topic = scene.control.add_topic(group, "Pengumuman")["message_thread_id"] if is_forum else 0
    await scene.settled()
    async with scene.program.database.transaction() as tx:
        services = scene.program.services
        person = await services.people.find(tx, owner.user_id)
        known = await services.groups.enter(tx, group, "CoP Jawa Barat", is_forum=is_forum)
        assert known.id is not None
        await services.groups.register(tx, person, known.id, None)
        if is_forum:
            await services.groups.post_in(tx, person, known.id, group, topic)
    return group, topic


async def for_the_group(owner: Someone, card: Message) -> Message:
    """The same draft with the registered group among its recipients; gives its card."""
    (page,) = await owner.presses(card, "Grup")
    (page,) = await owner.presses(page, "CoP Jawa Barat")
    (card,) = await owner.presses(page, "Selesai")
    return card


def written(scene: Scene, chat_id: int, text: str) -> list[Message]:
    """What stands in a group with this text."""
    return [m for m in scene.control.messages(chat_id) if text in str(m.get("text", ""))]


async def test_a_caption_over_the_limit_is_told_both_numbers_and_the_next_try_counts(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.says("/umumkan")

    # Who pays Telegram may write longer captions than a bot may send.
    photo = {"file_id": "long", "file_unique_id": "long", "width": 90, "height": 90}
    scene.control.raw_update(
        {
            "message": {
                "message_id": 990,
                "date": 1,
                "chat": {"id": owner.chat_id, "type": "private", "first_name": "Owner"},
                "from": {"id": owner.user_id, "is_bot": False, "first_name": "Owner"},
                "photo": [photo],
                "caption": "k" * (MAX_CAPTION + 1),
            }
        }
    )
    await scene.settled()
    refused = owner.reads()
    _, card = await owner.sends("photo", caption="k" * MAX_CAPTION)

    assert "1.025 huruf; bot hanya boleh mengirim 1.024" in refused["text"]
    assert "Singkatkan lalu kirim lagi" in refused["text"]
    assert button(card, "Kirim ke") == "Kirim ke 1 orang"


async def test_the_longest_text_is_announced_whole_and_its_correction_says_what_the_header_takes(
    scene: Scene,
) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    await owner.presses(await drafts(owner, "k" * MAX_TEXT), "Kirim ke 2 orang")
    await sent_out(scene)

    await owner.presses(owner.reads(), "Ralat")
    (refused,) = await owner.says("k" * MAX_TEXT)
    *_, sure = await owner.says("k" * (MAX_TEXT - len("RALAT\n\n")))
    await owner.presses(sure, "Ralat 2 salinan")
    await sent_out(scene)

    assert (
        "Dengan kata RALAT di atasnya tulisan itu menjadi 4.103 huruf, paling banyak 4.096" in refused["text"]
    )
    (copy,) = copies(sari, "RALAT")
    assert len(copy["text"]) == MAX_TEXT


async def test_a_correction_keeps_the_name_under_which_it_is_listed(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    await owner.presses(await drafts(owner, NEWS), "Kirim ke 1 orang")
    await sent_out(scene)
    await owner.presses(owner.reads(), "Ralat")
    *_, sure = await owner.says("Rapat koordinasi CoP hari Selasa.")
    await owner.presses(sure, "Ralat 1 salinan")
    await sent_out(scene)

    (listed,) = await owner.presses(await owner.asks("/kelola"), "Pengumuman")

    assert "1. Rapat koordinasi CoP hari Selasa.: terkirim" in listed["text"]


async def test_two_taps_on_send_are_one(scene: Scene) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari")
    card = await drafts(owner, NEWS)

    for _ in range(2):
        scene.control.press(owner.user_id, owner.chat_id, card["message_id"], text="Kirim ke 2 orang")
    await scene.settled()
    await sent_out(scene)

    assert len(copies(sari, NEWS)) == 1


async def test_two_organisers_who_confirm_at_once_send_each_their_own_and_each_once(scene: Scene) -> None:
    owner, rina = await joined(scene, "Owner"), await joined(scene, "Rina", "32")
    sari = await joined(scene, "Sari", "32")
    await grants(scene, rina, "32")
    of_owner, of_rina = await drafts(owner, NEWS), await drafts(rina, "Rapat khusus Jawa Barat.")

    scene.control.press(owner.user_id, owner.chat_id, of_owner["message_id"], text="Kirim ke 3 orang")
    scene.control.press(rina.user_id, rina.chat_id, of_rina["message_id"], text="Kirim ke 2 orang")
    await scene.settled()
    await sent_out(scene)

    assert [len(copies(sari, text)) for text in (NEWS, "Rapat khusus Jawa Barat.")] == [1, 1]


@pytest.mark.parametrize("label", ["Uji coba", "Kecuali", "Jadwalkan", "Tombol tautan", "Grup"])
async def test_whoever_lost_the_role_is_told_so_by_every_button_of_an_open_draft(
    scene: Scene, label: str
) -> None:
    await joined(scene, "Owner")
    rina, sari = await joined(scene, "Rina", "32"), await joined(scene, "Sari", "32")
    await grants(scene, rina)
    card = await drafts(rina, NEWS)
    before = len(rina.messages())

    await revokes(scene, rina)
    await scene.settled()
    told = await rina.is_told(card, label)

    assert "Minta undangan kepada pemilik bot" in told["text"]
    assert [m["text"] for m in rina.messages()[before:] if m.get("text") == NEWS] == []
    assert copies(sari, NEWS) == []


async def test_whoever_lost_the_role_can_begin_no_other_from_an_old_list(scene: Scene) -> None:
    await joined(scene, "Owner")
    rina = await joined(scene, "Rina", "32")
    await grants(scene, rina)
    (listed,) = await rina.presses(await rina.asks("/kelola"), "Pengumuman")
    (asked,) = await rina.presses(listed, "Buat pengumuman")
    await rina.presses(asked, "Batal")

    await revokes(scene, rina)
    told = await rina.is_told(listed, "Buat pengumuman")

    assert "Kirim atau teruskan pengumumannya ke sini." in asked["text"]
    assert "langkah" not in asked["text"]
    assert "Minta undangan kepada pemilik bot" in told["text"]


async def test_a_group_in_which_the_bot_may_not_write_is_named_before_anything_is_sent(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    group, _ = await registered(scene, owner)
    card = await for_the_group(owner, await drafts(owner, NEWS))
    scene.control.restrict_member(group, scene.bot_id, {"can_send_messages": False})
    await scene.settled()

    (page,) = await owner.presses(card, "Kecuali")
    (card,) = await owner.presses(page, "Selesai")

    assert "Tidak dapat dikirimi (bot tidak boleh menulis atau sudah keluar): CoP Jawa Barat" in card["text"]
    assert button(card, "Kirim ke") == "Kirim ke 1 orang"


async def test_a_group_that_refuses_on_the_way_is_reported_with_what_to_do(scene: Scene) -> None:
    owner = await joined(scene, "Owner")
    group, _ = await registered(scene, owner)
    card = await for_the_group(owner, await drafts(owner, NEWS))
    scene.control.set_permissions(group, {"can_send_messages": False})

    await owner.presses(card, "Kirim ke 1 orang dan 1 grup")
    await sent_out(scene)
    picture, _ = await owner.presses(owner.reads(), "Laporan")
    scene.forgive()

    assert written(scene, group, NEWS) == []
    assert "Grup yang menolak (1)" in picture["caption"]
    assert "Minta pengurus grup mengizinkannya" in picture["caption"]


async def test_a_closed_topic_is_reported_with_what_to_do_and_tried_again_once_it_is_open(
    scene: Scene,
) -> None:
    owner = await joined(scene, "Owner")
    forum, topic = await registered(scene, owner, is_forum=True)
    card = await for_the_group(owner, await drafts(owner, NEWS))
    scene.control.close_topic(forum, topic)
    await owner.presses(card, "Kirim ke 1 orang dan 1 grup")
    await sent_out(scene)
    ended = owner.reads()

    picture, _ = await owner.presses(ended, "Laporan")
    not_there = written(scene, forum, NEWS)
    scene.control.reopen_topic(forum, topic)
    await owner.presses(ended, "Coba lagi yang gagal (1)")
    await sent_out(scene)
    scene.forgive()

    assert "Gagal: 1\nSebab kegagalan dan cara mengatasinya ada di Laporan." in ended["text"]
    assert "Gagal (1): topik grupnya ditutup. Buka lagi topiknya" in picture["caption"]
    assert not_there == []
    assert len(written(scene, forum, NEWS)) == 1
    assert len([m for m in owner.messages() if m.get("text") == NEWS]) == 3  # written, preview, one copy


async def test_what_was_stopped_before_anything_left_says_so_and_offers_nothing_to_take_back(
    scene: Scene,
) -> None:
    owner, sari = await joined(scene, "Owner"), await joined(scene, "Sari", "32")
    scene.clock.advance(timedelta(hours=14))  # 23.00 in Jakarta
    await owner.presses(await drafts(owner, NEWS), "Kirim ke 2 orang")
    await passes(scene, 15)
    (shown,) = await owner.presses(owner.reads(), "Hentikan")
    (stopped,) = await owner.presses(shown, "Ya, hentikan")
    await passes(scene, 15)
    await sent_out(scene)

    assert copies(sari, NEWS) == []
    assert "Dihentikan." in stopped["text"]
    assert "Pengiriman dihentikan." in owner.reads()["text"]
    assert labels(owner.reads()) == ["Laporan", "Teks untuk WhatsApp"]
