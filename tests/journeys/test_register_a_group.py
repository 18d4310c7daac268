"""Groups: brought in, registered by an organiser, followed when they move, left."""

from typing import Any

from db.models import Group
from tests.scene import BOT_NAME, Message, Scene, Someone


async def _brings_in(organiser: Someone, title: str = "CoP Jawa Barat", *, is_forum: bool = False) -> int:
    """A group of the organiser's, to which they add the bot themselves."""
    control = organiser.scene.control
    group = control.add_group(title, [organiser.user_id], is_forum=is_forum)
    control.add_member(group["id"], organiser.scene.bot_id)
    await organiser.scene.settled()
    return int(group["id"])


async def _groups(scene: Scene) -> list[Group]:
    async with scene.program.database.transaction() as tx:
        return await scene.program.services.groups.open_to(tx)


async def _registers(organiser: Someone, prompt: Message) -> Message:
    (scope,) = await organiser.presses(prompt, "Daftarkan grup ini")
    (province,) = await organiser.presses(scope, "Satu provinsi")
    assert "untuk provinsi mana?" in province["text"]
    return await organiser.asks("Jawa Barat")


def _link(message: Message) -> str:
    urls = [
        button["url"]
        for row in message["reply_markup"]["inline_keyboard"]
        for button in row
        if "url" in button
    ]
    return str(urls[0]).partition(f"{BOT_NAME}?start=")[2]


async def test_an_organiser_who_adds_the_bot_is_asked_in_private(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")

    await _brings_in(owner)
    prompt = owner.reads()
    done = await _registers(owner, prompt)

    assert "ditambahkan ke grup CoP Jawa Barat" in prompt["text"]
    assert done["text"] == "Grup CoP Jawa Barat terdaftar untuk: Jawa Barat."
    (group,) = await _groups(scene)
    assert (group.province_code, group.may_post, group.thread_id) == ("32", True, None)


async def test_a_member_who_adds_the_bot_is_asked_nothing(scene: Scene) -> None:
    scene.person("Owner")
    budi = scene.person("Budi")
    await budi.says("/start")
    before = len(budi.messages())

    await _brings_in(budi)

    assert len(budi.messages()) == before
    assert await _groups(scene) == []


async def test_in_the_group_an_organiser_reads_how_it_stands_and_registers_in_private(scene: Scene) -> None:
    owner = scene.person("Owner")
    in_group = owner.within(await _brings_in(owner))

    unregistered = await in_group.asks("/kelola")
    scope, *_ = await owner.says(f"/start {_link(unregistered)}")
    await owner.presses(scope, "Seluruh Indonesia")
    registered = await in_group.asks("/kelola")

    assert "belum didaftarkan" in unregistered["text"]
    assert registered["text"] == "Grup ini terdaftar untuk: nasional."


async def test_in_a_forum_the_topic_is_chosen_where_it_is(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    chat_id = await _brings_in(owner, is_forum=True)
    topic = scene.control.add_topic(chat_id, "Pengumuman")["message_thread_id"]
    hint = await _registers(owner, owner.reads())
    in_topic = owner.within(chat_id, topic)

    stands = await in_topic.asks("/kelola")
    (chosen,) = await in_topic.presses(stands, "Kirim di topik ini")

    assert "tulis /kelola di topik itu" in hint["text"]
    assert chosen["text"] == "Mulai sekarang pengumuman untuk Jawa Barat dikirim di topik ini."
    (group,) = await _groups(scene)
    assert group.thread_id == topic


async def test_a_member_gets_nowhere_with_a_group(scene: Scene) -> None:
    owner, budi = scene.person("Owner"), scene.person("Budi")
    await owner.says("/start")
    chat_id = await _brings_in(owner, is_forum=True)
    scene.control.add_member(chat_id, budi.user_id)
    await _registers(owner, owner.reads())
    stands = await owner.within(chat_id).asks("/kelola")

    refused = await budi.within(chat_id).asks("/kelola")
    pressed = await budi.within(chat_id).is_told(stands, "Kirim di topik ini")
    linked, *_ = await budi.says("/start g-1")

    assert {refused["text"], pressed["text"], linked["text"]} == {
        "Ini hanya untuk penyelenggara. Minta undangan kepada pemilik bot."
    }


async def test_a_group_that_is_left_or_released_gets_nothing_more(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    first, second = await _brings_in(owner, "Satu"), await _brings_in(owner, "Dua")
    for number in (1, 2):
        scope, *_ = await owner.says(f"/start g-{number}")
        await owner.presses(scope, "Seluruh Indonesia")
    assert [group.title for group in await _groups(scene)] == ["Dua", "Satu"]

    scene.control.remove_member(first, scene.bot_id)
    await scene.settled()
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Grup")
    (card,) = await owner.presses(listed, "Dua")
    (released,) = await owner.presses(card, "Lepas pendaftaran")
    gone, *_ = await owner.says("/start g-1")

    assert "Satu" not in listed["text"]
    assert "belum didaftarkan" in released["text"]
    assert gone["text"].startswith("Bot sudah tidak ada di grup itu.")
    assert second
    assert await _groups(scene) == []


async def test_a_group_that_comes_back_is_still_registered(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    chat_id = await _brings_in(owner)
    await _registers(owner, owner.reads())

    scene.control.remove_member(chat_id, scene.bot_id)
    await scene.settled()
    left = await _groups(scene)
    scene.control.add_member(chat_id, scene.bot_id)
    await scene.settled()

    assert left == []
    assert [group.chat_id for group in await _groups(scene)] == [chat_id]


async def test_a_group_that_becomes_a_supergroup_keeps_its_registration(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    chat_id = await _brings_in(owner)
    await _registers(owner, owner.reads())
    new_id = chat_id - 77

    for message in (
        _service(owner, chat_id, {"migrate_to_chat_id": new_id}),
        _service(owner, new_id, {"migrate_from_chat_id": chat_id}),
    ):
        scene.control.raw_update({"message": message})
    await scene.settled()

    (group,) = await _groups(scene)
    assert (group.chat_id, group.province_code) == (new_id, "32")


async def test_a_group_in_which_the_bot_may_not_write_gets_nothing(scene: Scene) -> None:
    owner = scene.person("Owner")
    await owner.says("/start")
    chat_id = await _brings_in(owner)
    await _registers(owner, owner.reads())

    scene.control.raw_update({"my_chat_member": _restricted(owner, chat_id)})
    await scene.settled()
    (listed,) = await owner.presses(await owner.asks("/kelola"), "Grup")

    assert await _groups(scene) == []
    assert "bot tidak boleh menulis" in listed["text"]


def _user(someone: Someone) -> dict[str, Any]:
    return {"id": someone.user_id, "is_bot": False, "first_name": "Owner"}


def _chat(chat_id: int) -> dict[str, Any]:
    return {"id": chat_id, "type": "supergroup", "title": "CoP Jawa Barat"}


def _service(someone: Someone, chat_id: int, what: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": 900, "date": 1, "chat": _chat(chat_id), "from": _user(someone)} | what


def _restricted(someone: Someone, chat_id: int) -> dict[str, Any]:
    bot = {"id": someone.scene.bot_id, "is_bot": True, "first_name": "TanyaCoP"}
    rights = dict.fromkeys(
        (
            "can_send_messages",
            "can_send_audios",
            "can_send_documents",
            "can_send_photos",
            "can_send_videos",
            "can_send_video_notes",
            "can_send_voice_notes",
            "can_send_polls",
            "can_send_other_messages",
            "can_add_web_page_previews",
            "can_change_info",
            "can_invite_users",
            "can_pin_messages",
            "can_manage_topics",
            "can_edit_tag",
            "can_react_to_messages",
        ),
        False,
    )
    restricted = {"status": "restricted", "user": bot, "is_member": True, "until_date": 0} | rights
    return {
        "chat": _chat(chat_id),
        "from": _user(someone),
        "date": 1,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": restricted,
    }
