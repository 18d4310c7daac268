from typing import Any

import pytest

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import BOT_ID, Api


async def test_in_a_group_a_bot_sees_only_what_is_meant_for_it(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    control = simulator.control
    answer = await api.call("sendMessage", chat_id=group, text="Saya di sini")
    seen = [
        control.send(siti, group, "/tanya masa iur"),
        control.send(siti, group, "/tanya@tanya_bot masa iur"),
        control.send(siti, group, "/TANYA@Tanya_Bot masa iur"),
        control.send(siti, group, "halo @Tanya_Bot berapa?"),
        control.send(siti, group, "benar?", reply_to=answer["message_id"]),
        control.send_media(siti, group, "photo", caption="@tanya_bot ini apa?"),
    ]
    control.send(siti, group, "kita saja")
    control.send(siti, group, "/tanya@lain_bot masa iur")
    control.send(siti, group, "surat ke a@tanya_bot.id")
    control.send(budi, group, "halo @lain_bot")

    updates = await api.updates()

    assert [update["message"]["message_id"] for update in updates] == [one["message_id"] for one in seen]


async def test_a_reply_to_what_was_meant_for_the_bot_is_meant_for_it_too(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    question = simulator.control.send(siti, group, "/tanya masa iur")
    await api.updates()

    simulator.control.send(budi, group, "aku juga mau tahu", reply_to=question["message_id"])

    [update] = await api.updates()
    assert update["message"]["reply_to_message"]["message_id"] == question["message_id"]


async def test_an_administrator_bot_sees_everything(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    simulator.control.add_member(group, BOT_ID, is_admin=True)
    await api.updates()

    simulator.control.send(siti, group, "kita saja")

    assert [update["message"]["text"] for update in await api.updates()] == ["kita saja"]


async def test_a_bot_without_privacy_mode_sees_everything_but_other_bots(
    simulator: Simulator, api: Api, group: int, siti: int
) -> None:
    control = simulator.control
    control.add_bot("77:lain", "lain_bot", "Lain", can_read_all_group_messages=True)
    control.add_member(group, 77)
    queue = simulator.world.bots[77].updates
    queue.clear()

    await api.call("sendMessage", chat_id=group, text="dari bot")
    control.send(siti, group, "kita saja")

    assert queue.pending(0) == 1


async def test_an_edited_message_follows_the_same_rules(
    api: Api, simulator: Simulator, group: int, siti: int
) -> None:
    hidden = simulator.control.send(siti, group, "kita saja")
    meant = simulator.control.send(siti, group, "/tanya a")
    await api.updates()

    simulator.control.edit(siti, group, hidden["message_id"], "masih kita saja")
    simulator.control.edit(siti, group, meant["message_id"], "/tanya b")

    [update] = await api.updates()
    assert update["edited_message"]["text"] == "/tanya b"


async def test_joining_and_leaving_are_told_to_the_bot(api: Api, simulator: Simulator, siti: int) -> None:
    control = simulator.control
    group = control.add_group("Kantor", [siti])["id"]

    control.add_member(group, BOT_ID)
    joined, welcomed = await api.updates()
    ani = control.add_user("Ani")["id"]
    control.add_member(group, ani)
    [came] = await api.updates()
    control.remove_member(group, BOT_ID)
    [left] = await api.updates()

    assert joined["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert joined["my_chat_member"]["from"]["id"] == siti
    assert welcomed["message"]["new_chat_members"][0]["id"] == BOT_ID
    assert came["message"]["new_chat_members"][0]["id"] == ani
    assert left["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_bot_that_was_removed_cannot_write(api: Api, simulator: Simulator, group: int) -> None:
    simulator.control.remove_member(group, BOT_ID)

    assert await api.refusal("sendMessage", chat_id=group, text="x") == (
        "Forbidden: bot was kicked from the supergroup chat"
    )


async def test_a_bot_that_left_is_no_member(api: Api, group: int) -> None:
    await api.call("leaveChat", chat_id=group)

    assert await api.refusal("sendMessage", chat_id=group, text="x") == (
        "Forbidden: bot is not a member of the supergroup chat"
    )


async def test_members_are_counted_and_described(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    async def status(user_id: int) -> Any:
        return (await api.call("getChatMember", chat_id=group, user_id=user_id))["status"]

    stranger = simulator.control.add_user("Ani")["id"]

    assert [await status(one) for one in (siti, budi, BOT_ID)] == ["creator", "member", "member"]
    assert await api.call("getChatMemberCount", chat_id=group) == 3
    assert [admin["user"]["id"] for admin in await api.call("getChatAdministrators", chat_id=group)] == [siti]
    assert await api.refusal("getChatMember", chat_id=group, user_id=stranger) == (
        "Bad Request: member not found"
    )
    assert (await api.call("getChat", chat_id=group))["title"] == "Kantor"


async def test_a_topic_is_answered_in_its_thread(
    api: Api, simulator: Simulator, forum: int, siti: int
) -> None:
    topic = simulator.control.add_topic(forum, "JKP")["message_thread_id"]
    await api.updates()
    question = simulator.control.send(siti, forum, "/tanya masa iur", thread_id=topic)
    [update] = await api.updates()

    by_thread = await api.call("sendMessage", chat_id=forum, message_thread_id=topic, text="x")
    by_reply = await api.call(
        "sendMessage",
        chat_id=forum,
        text="x",
        reply_parameters={"message_id": question["message_id"]},
    )
    in_general = await api.call("sendMessage", chat_id=forum, text="x")

    assert update["message"]["message_thread_id"] == topic
    assert update["message"]["is_topic_message"] is True
    assert update["message"]["chat"]["is_forum"] is True
    assert update["message"]["reply_to_message"]["forum_topic_created"]["name"] == "JKP"
    assert by_thread["message_thread_id"] == by_reply["message_thread_id"] == topic
    assert "message_thread_id" not in in_general


async def test_a_topic_that_is_not_there_or_closed_is_refused(
    api: Api, simulator: Simulator, forum: int
) -> None:
    topic = simulator.control.add_topic(forum, "JKP")["message_thread_id"]
    simulator.control.close_topic(forum, topic)

    assert await api.refusal("sendMessage", chat_id=forum, text="x", message_thread_id=999) == (
        "Bad Request: message thread not found"
    )
    assert await api.refusal("sendMessage", chat_id=forum, text="x", message_thread_id=topic) == (
        "Bad Request: TOPIC_CLOSED"
    )
    simulator.control.add_member(forum, BOT_ID, is_admin=True)
    assert await api.call("sendMessage", chat_id=forum, text="x", message_thread_id=topic)


async def test_an_anonymous_administrator_writes_as_the_group(
    api: Api, simulator: Simulator, group: int, siti: int, budi: int
) -> None:
    simulator.control.send(siti, group, "/tanya masa iur", as_anonymous_admin=True)

    [update] = await api.updates()

    assert update["message"]["from"]["id"] == 1087968824
    assert update["message"]["sender_chat"]["id"] == group
    with pytest.raises(ControlError, match="Only administrators"):
        simulator.control.send(budi, group, "x", as_anonymous_admin=True)


async def test_who_is_not_in_a_group_cannot_write_in_it(simulator: Simulator, group: int) -> None:
    ani = simulator.control.add_user("Ani")["id"]

    with pytest.raises(ControlError, match=r"Ani .* is not a member of 'Kantor'"):
        simulator.control.send(ani, group, "halo")
