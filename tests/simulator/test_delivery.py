"""How updates reach a webhook: headers, confirmations, repetitions, order, calls in the answer."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from bot.simulator.webhook import Waits
from tests.simulator.conftest import BOT_ID, Api, HandClock
from tests.simulator.receiver import Receiver, all_delivered

Json = dict[str, Any]
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def failing(*statuses: int) -> Callable[[Json], Awaitable[web.Response]]:
    """Answers with these statuses in turn, and 200 from then on."""
    left = list(statuses)

    async def answer(_update: Json) -> web.Response:
        return web.Response(status=left.pop(0) if left else 200)

    return answer


async def test_an_update_is_posted_with_the_secret_and_confirmed_by_any_2xx(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    receiver.answer = failing(204)
    await api.call("setWebhook", url=receiver.url, secret_token="rahasia_-1")

    simulator.control.send(siti, siti, "halo é")
    await all_delivered(simulator)

    assert receiver.texts() == ["halo é"]
    assert receiver.headers[0][SECRET_HEADER] == "rahasia_-1"
    assert receiver.headers[0]["Content-Type"] == "application/json"
    [delivery] = simulator.control.deliveries()
    assert (delivery["update_id"], delivery["attempt"]) == (receiver.came[0]["update_id"], 1)
    assert (delivery["status"], delivery["confirmed"]) == (204, True)
    assert simulator.control.deliveries(after=delivery["id"]) == []


async def test_without_a_secret_there_is_no_header(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert SECRET_HEADER not in receiver.headers[0]


@pytest.mark.usefixtures("impatient")
async def test_what_is_not_confirmed_is_sent_again_and_the_last_error_is_told(
    api: Api, simulator: Simulator, receiver: Receiver, clock: HandClock, siti: int
) -> None:
    receiver.answer = failing(500, 302, 403)
    await api.call("setWebhook", url=receiver.url, max_connections=7)

    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert receiver.texts() == ["halo"] * 4
    assert await api.call("getWebhookInfo") == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "last_error_date": int(clock.now.timestamp()),
        "last_error_message": "Wrong response from the webhook: 403 Forbidden",
    }
    assert [one["confirmed"] for one in simulator.control.deliveries()] == [False, False, False, True]


def test_waits_begin_with_none_and_double_up_to_the_longest() -> None:
    waits = Waits()

    assert [waits.after(failures) for failures in range(1, 9)] == [0, 2, 4, 8, 16, 32, 60, 60]
    assert waits.after(100_000) == 60


async def test_waits_are_not_negative(simulator: Simulator) -> None:
    for waits in ({"first": -1.0}, {"longest": -0.1}, {"timeout": 0.0}):
        with pytest.raises(ControlError, match="not negative"):
            simulator.control.set_webhook_waits(**waits)


async def test_the_receiver_may_say_how_long_to_wait(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    async def busy(_update: Json) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "3600"})

    receiver.answer = busy
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "satu")
    await simulator.wait_for(simulator.control.deliveries)
    receiver.answer = None
    other = simulator.control.add_user("Edi")["id"]
    simulator.control.send(other, other, "dua")
    await simulator.wait_for(lambda: simulator.control.pending() == 1)
    await asyncio.sleep(0.01)

    assert receiver.texts() == ["satu", "dua"]


@pytest.mark.usefixtures("impatient")
async def test_what_waits_to_be_sent_again_holds_up_its_chat_and_no_other(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    other = simulator.control.add_user("Edi")["id"]
    may_pass = asyncio.Event()

    async def answer(update: Json) -> web.Response:
        is_held = update["message"]["from"]["id"] == siti and not may_pass.is_set()
        return web.Response(status=500 if is_held else 200)

    receiver.answer = answer
    await api.call("setWebhook", url=receiver.url)
    for text in ("satu", "dua", "tiga"):
        simulator.control.send(siti, siti, text)
        simulator.control.send(other, other, f"lain {text}")
    await simulator.wait_for(lambda: simulator.control.pending() == 3)

    assert {text for text in receiver.texts() if not text.startswith("lain")} == {"satu"}
    may_pass.set()
    await all_delivered(simulator)
    mine = [one["update_id"] for one in receiver.came if one["message"]["from"]["id"] == siti]
    theirs = [text for text in receiver.texts() if text.startswith("lain")]

    assert mine == sorted(mine)
    assert theirs == ["lain satu", "lain dua", "lain tiga"]


async def test_a_press_may_overtake_a_message_of_the_same_person(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=keyboard)
    may_answer = asyncio.Event()

    async def answer(update: Json) -> web.Response:
        if "message" in update:
            await may_answer.wait()
        return web.Response()

    receiver.answer = answer
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "halo")
    simulator.control.press(siti, siti, sent["message_id"], "Ya")
    await simulator.wait_for(lambda: simulator.control.pending() == 1)

    assert [one["confirmed"] for one in simulator.control.deliveries()] == [True]
    may_answer.set()
    await all_delivered(simulator)


async def test_no_more_connections_are_open_at_once_than_allowed(
    api: Api, simulator: Simulator, receiver: Receiver
) -> None:
    async def slowly(_update: Json) -> web.Response:
        await asyncio.sleep(0.002)
        return web.Response()

    receiver.answer = slowly
    await api.call("setWebhook", url=receiver.url, max_connections=3)
    for number in range(12):
        user = simulator.control.add_user(f"Orang {number}")["id"]
        simulator.control.send(user, user, str(number))
    await all_delivered(simulator)

    assert len(receiver.came) == 12
    assert receiver.most_at_once == 3


@pytest.mark.usefixtures("impatient")
async def test_a_press_that_nobody_took_is_too_old_after_150_seconds(
    api: Api, simulator: Simulator, receiver: Receiver, clock: HandClock, siti: int
) -> None:
    async def busy(_update: Json) -> web.Response:
        return web.Response(status=500)

    receiver.answer = busy
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}
    sent = await api.call("sendMessage", chat_id=siti, text="Mau?", reply_markup=keyboard)
    await api.call("setWebhook", url=receiver.url)
    simulator.control.press(siti, siti, sent["message_id"], "Ya")
    await simulator.wait_for(lambda: len(simulator.control.deliveries()) > 2)
    clock.advance(150)
    receiver.answer = None
    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert receiver.came[-1]["message"]["text"] == "halo"
    assert {one["status"] for one in simulator.control.deliveries()[:-1]} == {500}


@pytest.mark.parametrize("form", ["json", "urlencoded"])
async def test_the_answer_may_carry_a_method_call(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int, form: str
) -> None:
    async def answer(update: Json) -> web.Response:
        call = {"method": "sendMessage", "chat_id": siti, "text": update["message"]["text"].upper()}
        if form == "json":
            return web.json_response(call)
        body = f"method=sendMessage&chat_id={siti}&text=HALO"
        return web.Response(text=body, content_type="application/x-www-form-urlencoded")

    receiver.answer = answer
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "halo")
    await simulator.wait_for(lambda: len(simulator.control.messages(siti)) == 3)

    assert simulator.control.messages(siti)[-1]["text"] == "HALO"
    [sent] = simulator.control.requests("sendMessage")
    assert (sent["ok"], sent["effect"], sent["answered"]) == (True, True, False)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"method": "getMe"}, id="get"),
        pytest.param({"method": "deleteWebhook"}, id="webhook"),
        pytest.param({"method": 5}, id="number"),
        pytest.param(["method"], id="list"),
        pytest.param("{", id="broken"),
    ],
)
async def test_other_answers_carry_nothing(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int, body: Any
) -> None:
    async def answer(_update: Json) -> web.Response:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(text=text, content_type="application/json")

    receiver.answer = answer
    await api.call("setWebhook", url=receiver.url)
    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert [request["method"] for request in simulator.control.requests()] == ["setWebhook"]
    assert receiver.texts() == ["halo"]


@pytest.mark.usefixtures("impatient")
async def test_the_last_error_says_what_was_wrong_with_the_connection(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int
) -> None:
    given_up = asyncio.Event()

    async def silent(_update: Json) -> web.Response:
        await given_up.wait()
        return web.Response()

    async def last_error(url: str) -> str:
        await api.call("setWebhook", url=url)
        await simulator.wait_for(lambda: simulator.world.bots[BOT_ID].webhook.last_error)  # type: ignore[union-attr]
        info = await api.call("getWebhookInfo")
        assert info["pending_update_count"] == 1
        await api.call("deleteWebhook")
        return str(info["last_error_message"])

    simulator.control.send(siti, siti, "halo")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert await last_error(f"http://127.0.0.1:{closed.getsockname()[1]}/") == "Connection refused"
    assert await last_error(receiver.url.replace("http:", "https:")) == (
        "SSL error {certificate verify failed}"
    )
    simulator.control.set_webhook_waits(timeout=0.02)
    receiver.answer = silent
    assert await last_error(receiver.url) == "Read timeout expired"
    given_up.set()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("fault", "times"), [("reset_before", 1), ("reset_after", 2), ("delay", 1)])
async def test_a_delivery_is_disturbed_where_a_rule_names_it(
    api: Api, simulator: Simulator, receiver: Receiver, siti: int, fault: str, times: int
) -> None:
    await api.call("setWebhook", url=receiver.url)
    rule = {"fault": fault, "methods": ["webhook"], "schedule": [1], "seconds": 0.01}
    simulator.control.set_faults([rule, {"fault": "reset_before", "probability": 1}])
    simulator.control.send(siti, siti, "halo")
    await all_delivered(simulator)

    assert receiver.texts() == ["halo"] * times
    assert len({update["update_id"] for update in receiver.came}) == 1
    assert len(simulator.control.deliveries()) == (1 if fault == "delay" else 2)
