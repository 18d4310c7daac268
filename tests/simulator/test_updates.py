import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.simulator import Server, Simulator, serve
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_stays_until_its_offset_confirms_it(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.send(siti, siti, "satu")
    simulator.control.send(siti, siti, "dua")

    first = await api.call("getUpdates")
    again = await api.call("getUpdates")
    after_one = await api.call("getUpdates", offset=first[0]["update_id"] + 1)

    assert texts(first) == ["satu", "dua"]
    assert again == first
    assert texts(after_one) == ["dua"]
    assert simulator.control.pending() == 1


async def test_update_ids_rise_by_one_from_a_number_that_the_seed_decides() -> None:
    starts = []
    for seed in (1, 2):
        simulator = Simulator(seed=seed)
        simulator.control.add_bot(TOKEN, "tanya_bot", "Tanya")
        user = simulator.control.add_user("Siti")["id"]
        ids = [simulator.control.raw_update({"message": {"from": user}}) for _ in range(3)]
        assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
        starts.append(ids[0])

    assert starts[0] != starts[1]


async def test_a_stale_offset_confirms_nothing(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.send(siti, siti, "halo")

    assert texts(await api.call("getUpdates", offset=1)) == ["halo"]


async def test_an_offset_far_in_the_future_confirms_nothing(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.send(siti, siti, "halo")

    assert texts(await api.call("getUpdates", offset=2_000_000_000)) == ["halo"]


async def test_a_negative_offset_keeps_only_the_last_updates(
    api: Api, simulator: Simulator, siti: int
) -> None:
    for text in ("satu", "dua", "tiga"):
        simulator.control.send(siti, siti, text)

    assert texts(await api.call("getUpdates", offset=-2)) == ["dua", "tiga"]
    assert texts(await api.call("getUpdates")) == ["dua", "tiga"]


async def test_limit_is_a_number_from_1_to_100(api: Api, simulator: Simulator, siti: int) -> None:
    for number in range(105):
        simulator.control.send(siti, siti, str(number))

    assert len(await api.call("getUpdates", limit=2)) == 2
    assert len(await api.call("getUpdates")) == 100
    assert len(await api.call("getUpdates", limit=1000)) == 100


async def test_a_long_poll_ends_as_soon_as_an_update_arrives(
    api: Api, simulator: Simulator, siti: int
) -> None:
    poll = asyncio.create_task(api.call("getUpdates", timeout=50))
    await simulator.wait_for(lambda: simulator.control.requests("getUpdates"))

    simulator.control.send(siti, siti, "halo")

    async with asyncio.timeout(2):
        assert texts(await poll) == ["halo"]


async def test_the_older_of_two_polls_is_told_of_the_conflict(
    api: Api, simulator: Simulator, siti: int
) -> None:
    older = asyncio.create_task(api.ask("getUpdates", timeout=50))
    await simulator.wait_for(lambda: simulator.control.requests("getUpdates"))
    younger = asyncio.create_task(api.ask("getUpdates", timeout=50))

    async with asyncio.timeout(2):
        assert await older == {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        }
        simulator.control.send(siti, siti, "halo")
        assert texts((await younger)["result"]) == ["halo"]


async def test_allowed_updates_are_remembered_and_leave_what_waits_alone(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.send(siti, siti, "sebelumnya")
    await api.call("getUpdates", allowed_updates=["callback_query"])
    simulator.control.send(siti, siti, "tidak diminta")

    assert texts(await api.updates()) == ["sebelumnya"]

    await api.call("getUpdates", allowed_updates=[])
    simulator.control.send(siti, siti, "semua lagi")

    assert texts(await api.updates()) == ["semua lagi"]


async def test_chat_member_comes_only_to_an_administrator_that_names_it(
    api: Api, simulator: Simulator, group: int
) -> None:
    control = simulator.control
    control.add_member(group, BOT_ID, is_admin=True)
    joining = [control.add_user(name)["id"] for name in ("Ani", "Edi")]
    await api.updates()
    control.add_member(group, joining[0])
    by_default = {kind for update in await api.updates() for kind in update}
    await api.updates(allowed_updates=["chat_member"])
    control.add_member(group, joining[1])

    asked_for = await api.updates()

    assert "chat_member" not in by_default
    assert [update["chat_member"]["new_chat_member"]["user"]["id"] for update in asked_for] == [joining[1]]


async def test_a_message_waits_24_hours_and_a_press_150_seconds(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=keyboard)
    simulator.control.send(siti, siti, "halo")
    simulator.control.press(siti, siti, sent["message_id"], "Ya")

    clock.advance(149)
    assert simulator.control.pending() == 2
    clock.advance(1)
    assert texts(await api.call("getUpdates")) == ["halo"]
    clock.advance(24 * 60 * 60 - 151)
    assert texts(await api.call("getUpdates")) == ["halo"]
    clock.advance(1)
    assert await api.call("getUpdates") == []


async def test_an_update_says_what_was_true_when_it_happened(
    api: Api, simulator: Simulator, siti: int
) -> None:
    message = simulator.control.send(siti, siti, "sebelum")
    simulator.control.edit(siti, siti, message["message_id"], "sesudah")

    new, edited = await api.call("getUpdates")

    assert new["message"]["text"] == "sebelum"
    assert "edit_date" not in new["message"]
    assert edited["edited_message"]["text"] == "sesudah"
    assert edited["edited_message"]["edit_date"] == new["message"]["date"]


async def test_dropping_pending_updates_empties_the_queue(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.send(siti, siti, "halo")

    kept = await api.call("deleteWebhook")
    before = await api.call("getWebhookInfo")
    await api.call("deleteWebhook", drop_pending_updates=True)

    assert kept is True
    assert before == {"url": "", "has_custom_certificate": False, "pending_update_count": 1}
    assert await api.call("getUpdates") == []


async def test_a_webhook_is_refused_with_a_reason(api: Api) -> None:
    assert "webhook" in await api.refusal("setWebhook", url="https://example.org/hook")
    assert (await api.call("getWebhookInfo"))["url"] == ""


async def test_each_bot_has_its_own_queue(
    simulator: Simulator, server: Server, session: ClientSession, group: int, siti: int
) -> None:
    simulator.control.add_bot("77:lain", "lain_bot", "Lain")
    simulator.control.add_member(group, 77)
    other = Api(session, server.url, "77:lain")
    first = Api(session, server.url)
    await first.updates()
    await other.updates()

    simulator.control.send(siti, group, "/halo@lain_bot")

    assert await first.updates() == []
    assert texts(await other.updates()) == ["/halo@lain_bot"]


async def test_leaving_the_server_does_not_wait_for_long_polls(
    simulator: Simulator, session: ClientSession
) -> None:
    stack = AsyncExitStack()
    server = await stack.enter_async_context(serve(simulator))
    poll = asyncio.create_task(Api(session, server.url).ask("getUpdates", timeout=50))
    await simulator.wait_for(lambda: simulator.control.requests("getUpdates"))

    async with asyncio.timeout(5):
        await stack.aclose()
        with pytest.raises(ClientError):
            await poll
