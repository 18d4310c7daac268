"""How people and groups stand to a bot: stopped, deleted, migrated, restricted; and how it is told."""

from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import BOT_ID, Api

KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
NOTHING_TO_WRITE = {"can_send_messages": False, "can_send_polls": False, "can_send_photos": False}


@pytest.fixture
def old_group(simulator: Simulator, siti: int, budi: int) -> int:
    """A basic group of Siti, its creator, Budi and the bot."""
    group_id: int = simulator.control.add_group("Disnaker", [siti, budi], is_basic=True)["id"]
    simulator.control.add_member(group_id, BOT_ID)
    simulator.world.bots[BOT_ID].updates.clear()
    return group_id


# People


async def test_a_person_who_stops_the_bot_is_told_to_it_and_gets_nothing_more(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="Halo")
    target = {"chat_id": siti, "message_id": sent["message_id"]}
    simulator.control.block_bot(siti)

    [update] = await api.updates()
    change = update["my_chat_member"]
    assert (change["chat"]["id"], change["chat"]["type"], change["from"]["id"]) == (siti, "private", siti)
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    blocked = "Forbidden: bot was blocked by the user"
    assert await api.refusal("sendMessage", chat_id=siti, text="x") == blocked
    assert await api.refusal("sendChatAction", chat_id=siti, action="typing") == blocked
    assert await api.refusal("editMessageText", text="x", **target) == blocked
    assert await api.refusal("copyMessage", from_chat_id=siti, **target) == blocked
    assert await api.refusal(
        "copyMessages", chat_id=siti, from_chat_id=siti, message_ids=[sent["message_id"]]
    ) == (blocked)
    assert await api.call("deleteMessage", **target)


async def test_a_refused_message_takes_no_place_in_the_rates(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.set_rates(per_second=1)
    simulator.control.block_bot(siti)
    await api.refusal("sendMessage", chat_id=siti, text="x")
    simulator.control.unblock_bot(siti)

    assert await api.call("sendMessage", chat_id=siti, text="x")


async def test_a_person_who_comes_back_is_told_to_the_bot_and_reached_again(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.block_bot(siti)
    await api.updates()
    with pytest.raises(ControlError, match="has stopped the bot"):
        simulator.control.send(siti, siti, "halo?")

    simulator.control.unblock_bot(siti)
    simulator.control.send(siti, siti, "/start")

    came, started = await api.updates()
    assert came["my_chat_member"]["old_chat_member"]["status"] == "kicked"
    assert came["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"
    assert await api.call("sendMessage", chat_id=siti, text="Selamat datang kembali")


async def test_only_who_has_started_the_bot_can_stop_it_and_once(
    simulator: Simulator, siti: int, budi: int
) -> None:
    with pytest.raises(ControlError, match=r"Budi .* has never written to @tanya_bot"):
        simulator.control.block_bot(budi)
    simulator.control.block_bot(siti)
    with pytest.raises(ControlError, match="blocked already"):
        simulator.control.block_bot(siti)


async def test_an_account_that_was_deleted_gets_nothing_and_does_nothing(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="Halo", reply_markup=KEYBOARD)
    simulator.control.deactivate(siti)

    assert await api.updates() == []
    assert await api.refusal("sendMessage", chat_id=siti, text="x") == "Forbidden: user is deactivated"
    with pytest.raises(ControlError, match="was deleted"):
        simulator.control.press(siti, siti, sent["message_id"], "Ya")
    assert simulator.control.messages(siti)[-1]["text"] == "Halo"


async def test_who_never_wrote_to_the_bot_cannot_be_written_to(
    api: Api, simulator: Simulator, group: int, budi: int
) -> None:
    stranger = simulator.control.add_user("Ani")["id"]

    # Budi is in a group with the bot, Ani is unknown to it.
    assert await api.refusal("sendMessage", chat_id=budi, text="x") == (
        "Forbidden: bot can't initiate conversation with a user"
    )
    assert await api.refusal("sendMessage", chat_id=stranger, text="x") == "Bad Request: chat not found"


# Groups


async def test_a_basic_group_is_called_a_group(api: Api, simulator: Simulator, old_group: int) -> None:
    sent = await api.call("sendMessage", chat_id=old_group, text="Halo")

    assert sent["chat"] == {"id": old_group, "title": "Disnaker", "type": "group"}
    assert -1_000_000_000_000 < old_group < 0
    simulator.control.remove_member(old_group, BOT_ID)
    assert await api.refusal("sendMessage", chat_id=old_group, text="x") == (
        "Forbidden: bot was kicked from the group chat"
    )


async def test_a_group_becomes_a_supergroup_with_a_word_in_both(
    api: Api, simulator: Simulator, old_group: int, siti: int
) -> None:
    new_id = simulator.control.migrate_group(old_group)["id"]

    joined, gone, come = await api.updates()
    assert str(new_id).startswith("-100")
    assert joined["my_chat_member"]["chat"] == {"id": new_id, "title": "Disnaker", "type": "supergroup"}
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (gone["message"]["chat"]["id"], gone["message"]["migrate_to_chat_id"]) == (old_group, new_id)
    assert (come["message"]["chat"]["id"], come["message"]["migrate_from_chat_id"]) == (new_id, old_group)
    assert gone["message"]["from"]["id"] == siti


async def test_the_old_id_is_refused_with_the_new_one(api: Api, simulator: Simulator, old_group: int) -> None:
    sent = await api.call("sendMessage", chat_id=old_group, text="Halo")
    new_id = simulator.control.migrate_group(old_group)["id"]

    for method, params in (
        ("sendMessage", {"text": "x"}),
        ("editMessageText", {"text": "x", "message_id": sent["message_id"]}),
    ):
        answer = await api.ask(method, chat_id=old_group, **params)
        assert answer == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": new_id},
        }
    assert (await api.call("sendMessage", chat_id=new_id, text="x"))["message_id"] == 2


async def test_members_and_their_ranks_go_along_and_the_old_group_is_no_place_any_more(
    api: Api, simulator: Simulator, old_group: int, siti: int, budi: int
) -> None:
    new_id = simulator.control.migrate_group(old_group)["id"]

    admins = await api.call("getChatAdministrators", chat_id=new_id)
    assert [one["user"]["id"] for one in admins] == [siti]
    assert await api.call("getChatMemberCount", chat_id=new_id) == 3
    assert [chat["id"] for chat in simulator.control.state()["chats"]] == [new_id]
    with pytest.raises(ControlError, match=f"has become the supergroup {new_id}"):
        simulator.control.send(budi, old_group, "halo")
    with pytest.raises(ControlError, match="is a supergroup already"):
        simulator.control.migrate_group(new_id)


async def test_where_only_administrators_write_a_bot_that_is_none_is_refused_by_kind(
    api: Api, simulator: Simulator, group: int, budi: int
) -> None:
    simulator.control.set_permissions(group, NOTHING_TO_WRITE)

    assert await api.refusal("sendMessage", chat_id=group, text="x") == (
        "Bad Request: not enough rights to send text messages to the chat"
    )
    assert await api.refusal("sendPoll", chat_id=group, question="?", options=["a", "b"]) == (
        "Bad Request: not enough rights to send polls to the chat"
    )
    assert (await api.call("getChat", chat_id=group))["permissions"]["can_send_messages"] is False
    with pytest.raises(ControlError, match="not enough rights to send text messages"):
        simulator.control.send(budi, group, "halo")
    simulator.control.add_member(group, BOT_ID, is_admin=True)
    assert await api.call("sendMessage", chat_id=group, text="x")


async def test_a_promotion_and_a_demotion_are_told_to_the_bot(
    api: Api, simulator: Simulator, group: int
) -> None:
    simulator.control.add_member(group, BOT_ID, is_admin=True)
    simulator.control.add_member(group, BOT_ID)

    changes = [update["my_chat_member"] for update in await api.updates()]
    assert [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes] == [
        ("member", "administrator"),
        ("administrator", "member"),
    ]


async def test_a_restricted_bot_is_told_so_and_may_write_again_later(
    api: Api, simulator: Simulator, group: int
) -> None:
    simulator.control.restrict_member(group, BOT_ID, {"can_send_documents": False})

    [update] = await api.updates()
    change: dict[str, Any] = update["my_chat_member"]
    assert change["old_chat_member"]["status"] == "member"
    assert change["new_chat_member"]["status"] == "restricted"
    assert change["new_chat_member"]["can_send_documents"] is False
    assert change["new_chat_member"]["can_send_messages"] is True
    assert await api.call("sendMessage", chat_id=group, text="x")
    answer = await api.upload("sendDocument", "document", "a.pdf", b"%PDF", chat_id=str(group))
    assert answer["description"] == "Bad Request: not enough rights to send documents to the chat"

    simulator.control.restrict_member(group, BOT_ID, {"can_send_documents": True})
    answer = await api.upload("sendDocument", "document", "a.pdf", b"%PDF", chat_id=str(group))
    assert answer["ok"]
    assert simulator.world.groups[group].status(BOT_ID) == "member"


async def test_rights_that_there_are_not_are_named(simulator: Simulator, group: int, siti: int) -> None:
    with pytest.raises(ControlError, match="There is no permission 'can_sing'"):
        simulator.control.set_permissions(group, {"can_sing": True})
    with pytest.raises(ControlError, match="is no ordinary member"):
        simulator.control.restrict_member(group, siti, {"can_send_messages": False})


async def test_a_topic_is_closed_opened_again_and_deleted(
    api: Api, simulator: Simulator, forum: int, budi: int
) -> None:
    control = simulator.control
    topic = control.add_topic(forum, "JKP")["message_thread_id"]
    await api.updates()
    control.close_topic(forum, topic)
    with pytest.raises(ControlError, match="The topic 'JKP' is closed"):
        control.send(budi, forum, "halo", thread_id=topic)

    control.reopen_topic(forum, topic)

    closed, opened = await api.updates()
    assert "forum_topic_closed" in closed["message"]
    assert "forum_topic_reopened" in opened["message"]
    assert await api.call("sendMessage", chat_id=forum, text="x", message_thread_id=topic)
    control.delete_topic(forum, topic)
    assert await api.refusal("sendMessage", chat_id=forum, text="x", message_thread_id=topic) == (
        "Bad Request: message thread not found"
    )
    with pytest.raises(ControlError, match=f"There is no topic {topic}"):
        control.reopen_topic(forum, topic)
