"""Setting a webhook, replacing it, and going back to polling."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.simulator import Server, Simulator, serve
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock
from tests.simulator.receiver import Receiver, all_delivered
from tests.simulator.test_python_telegram_bot import application

Json = dict[str, Any]


async def test_updates_are_not_fetched_while_there_is_a_webhook(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    poll = asyncio.create_task(api.ask("getUpdates", timeout=50))
    await simulator.wait_for(lambda: simulator.control.requests("getUpdates"))
    await api.call("setWebhook", url=receiver.url)

    async with asyncio.timeout(2):
        ended = await poll
    refused = await api.ask("getUpdates")

    assert (ended["error_code"], ended["description"]) == (409, "Conflict: terminated by setWebhook request")
    assert (refused["error_code"], refused["description"]) == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


@pytest.mark.parametrize("how", ["deleteWebhook", "setWebhook"])
async def test_what_was_under_way_when_the_webhook_went_is_fetched_again(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int, how: str
) -> None:
    async def never(_update: Json) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    receiver.answer = never
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "halo")
    async with asyncio.timeout(2):
        await receiver.has_come.wait()

    await api.call(how, **({"url": ""} if how == "setWebhook" else {}))

    assert (await api.call("getWebhookInfo"))["url"] == ""
    assert [update["message"]["text"] for update in await api.updates()] == ["halo"]


async def test_the_same_webhook_again_leaves_what_is_under_way_alone(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    may_answer = asyncio.Event()

    async def answer(_update: Json) -> web.Response:
        await may_answer.wait()
        return web.Response()

    receiver.answer = answer
    await api.call("setWebhook", url=receiver.url, secret_token="a")
    simulator.control.send(siti, siti, "halo")
    async with asyncio.timeout(2):
        await receiver.has_come.wait()
    await api.call("setWebhook", url=receiver.url, secret_token="a", allowed_updates=["message"])
    may_answer.set()
    await all_delivered(simulator)

    assert receiver.texts() == ["halo"]
    assert (await api.call("getWebhookInfo"))["allowed_updates"] == ["message"]


async def test_another_secret_replaces_the_first(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    await api.call("setWebhook", url=receiver.url, secret_token="lama")
    await api.call("setWebhook", url=receiver.url, secret_token="baru")
    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert [headers["X-Telegram-Bot-Api-Secret-Token"] for headers in receiver.headers] == ["baru"]


async def test_what_waited_is_delivered_unless_it_is_dropped(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    simulator.control.send(siti, siti, "dibuang")
    await api.call("setWebhook", url=receiver.url, drop_pending_updates=True)
    await api.call("deleteWebhook")
    simulator.control.send(siti, siti, "disimpan")
    await api.call("setWebhook", url=receiver.url)
    await all_delivered(simulator)

    assert receiver.texts() == ["disimpan"]


async def test_a_webhook_set_before_the_server_ran_is_served(receiver: Receiver) -> None:
    simulator = Simulator(HandClock(), seed=1)
    simulator.control.add_bot(TOKEN, "tanya_bot", "Tanya")
    user = simulator.control.add_user("Siti")["id"]
    await simulator.handle(TOKEN, "setWebhook", {"url": receiver.url}, {})
    simulator.control.send(user, user, "/start")

    assert simulator.control.pending() == 1
    async with serve(simulator):
        await all_delivered(simulator)
    simulator.control.send(user, user, "nanti")
    async with serve(simulator):
        await all_delivered(simulator)

    assert receiver.texts() == ["/start", "nanti"]


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://127.0.0.1/x"}, "invalid webhook URL specified"),
        ({"url": "http://"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1:x/"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1/a b"}, "invalid webhook URL specified"),
        ({"url": "https://example.org/hook"}, "bad webhook: Failed to resolve host"),
        ({"url": "http://10.0.0.1/hook"}, "bad webhook: Failed to resolve host"),
        ({"url": "http://localhost/x", "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": "http://localhost/x", "secret_token": "x" * 257}, "secret token is too long"),
        ({}, 'parameter "url" is required'),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(api: Api, params: Json, reason: str) -> None:
    assert reason in await api.refusal("setWebhook", **params)
    assert (await api.call("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(("asked", "told"), [(None, 40), (0, 40), (-5, 1), (100, 100), (101, 100)])
async def test_connections_are_between_1_and_100(api: Api, asked: int | None, told: int) -> None:
    await api.call("setWebhook", url="https://[::1]:8443/x", secret_token="x" * 256, max_connections=asked)

    assert (await api.call("getWebhookInfo"))["max_connections"] == told


async def test_the_library_sets_a_webhook_and_reads_of_it(
    server: Server, simulator: Simulator, receiver: Receiver
) -> None:
    async with application(server) as app:
        assert await app.bot.set_webhook(receiver.url, secret_token="x", allowed_updates=["message"])
        info = await app.bot.get_webhook_info()
        assert (info.url, info.allowed_updates) == (receiver.url, ("message",))
        assert await app.bot.set_webhook("")
        assert (await app.bot.get_webhook_info()).url == ""


async def test_each_bot_has_its_own_webhook(
    server: Server, session: ClientSession, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    simulator.control.add_bot("77:lain", "lain_bot", "Lain")
    await Api(session, server.url, "77:lain").call("setWebhook", url=receiver.url)
    simulator.control.send(siti, BOT_ID, "satu")
    simulator.control.send(siti, 77, "dua")
    await simulator.wait_for(lambda: simulator.control.pending(bot_id=77) == 0)

    assert receiver.texts() == ["dua"]
    assert simulator.control.pending(bot_id=BOT_ID) == 1
