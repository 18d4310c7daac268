"""What goes wrong on purpose, on a real wire, and that the record of it is true."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.simulator import Server, Simulator, serve
from bot.simulator.faults import Faults
from bot.simulator.simulator import Unanswered
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock
from tests.simulator.test_python_telegram_bot import application

Json = dict[str, Any]


def texts(simulator: Simulator, chat_id: int) -> list[str]:
    return [message["text"] for message in simulator.control.messages(chat_id)]


def truth(request: Json) -> tuple[bool | None, bool, bool, str | None]:
    """What the bot was told, whether there was an effect and an answer, and what was done to it."""
    return request["ok"], request["effect"], request["answered"], request["fault"]


async def last_request(simulator: Simulator) -> Json:
    """The youngest request, once it is over."""
    found: list[Json] = await simulator.wait_for(
        lambda: [one for one in simulator.control.requests()[-1:] if one["answered"] is not None]
    )
    return found[0]


async def raw(server: Server, path: str, params: Json | None = None) -> bytes:
    """All bytes that come back for a request; raises ConnectionResetError where the connection was reset.

    Client libraries ask again by themselves where a GET was not answered.
    """
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"{'GET' if params is None else 'POST'} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    body = b"" if params is None else json.dumps(params).encode()
    writer.write(
        f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    )
    try:
        return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("fault", "is_sent"),
    [("reset_before", False), ("reset_after", True), ("silence_before", False), ("silence_after", True)],
)
async def test_a_connection_is_reset_without_a_byte(
    server: Server, simulator: Simulator, siti: int, fault: str, is_sent: bool
) -> None:
    simulator.control.set_faults([{"fault": fault, "seconds": 0.01}])

    # An orderly end would give b"" here.
    with pytest.raises(ConnectionResetError):
        await raw(server, f"/bot{TOKEN}/sendMessage", {"chat_id": siti, "text": "x"})

    assert texts(simulator, siti) == ["/start"] + ["x"] * is_sent
    assert truth(await last_request(simulator)) == (None, is_sent, False, fault)


@pytest.mark.parametrize(
    ("fault", "is_sent", "status", "title"),
    [
        ("error_before", False, 502, "502 Bad Gateway"),
        ("error_after", True, 502, "502 Bad Gateway"),
        ("error_after", True, 500, "500 Internal Server Error"),
        ("error_before", False, 599, "599 Error"),
    ],
)
async def test_an_error_page_is_html(
    server: Server,
    session: ClientSession,
    simulator: Simulator,
    siti: int,
    fault: str,
    is_sent: bool,
    status: int,
    title: str,
) -> None:
    simulator.control.set_faults([{"fault": fault, "status": status}])

    url = f"{server.url}/bot{TOKEN}/sendMessage"
    async with session.post(url, json={"chat_id": siti, "text": "x"}) as response:
        assert (response.status, response.content_type) == (status, "text/html")
        assert f"<h1>{title}</h1>" in await response.text()

    assert texts(simulator, siti) == ["/start"] + ["x"] * is_sent
    assert truth(await last_request(simulator)) == (False, is_sent, True, fault)


@pytest.mark.parametrize("fault", ["delay", "delay_after"])
async def test_a_delay_changes_nothing_but_the_time(
    api: Api, simulator: Simulator, siti: int, fault: str
) -> None:
    simulator.control.set_faults([{"fault": fault, "seconds": 0.3, "to_seconds": 0.4}])
    started = asyncio.get_running_loop().time()

    coming = asyncio.create_task(api.call("sendMessage", chat_id=siti, text="x"))
    await simulator.wait_for(lambda: len(texts(simulator, siti)) == 2)
    is_there_soon = asyncio.get_running_loop().time() - started < 0.3
    await coming

    assert is_there_soon == (fault == "delay_after")
    assert asyncio.get_running_loop().time() - started >= 0.3
    assert truth(await last_request(simulator)) == (True, True, True, fault)


async def test_a_refusal_is_lost_as_an_answer_is(server: Server, simulator: Simulator) -> None:
    simulator.control.set_faults([{"fault": "reset_after"}])

    with pytest.raises(ConnectionResetError):
        await raw(server, f"/bot{TOKEN}/sendMessage", {"chat_id": 5, "text": "x"})

    assert truth(await last_request(simulator)) == (None, False, False, "reset_after")


async def test_a_storm_of_one_chat_leaves_the_others_alone(
    api: Api, simulator: Simulator, clock: HandClock, siti: int, group: int
) -> None:
    simulator.control.set_faults([{"fault": "flood_chat", "schedule": [1], "seconds": 7}])

    refused = await api.ask("sendMessage", chat_id=siti, text="x")
    clock.advance(3.5)
    later = await api.ask("sendMessage", chat_id=siti, text="x")

    assert refused == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    assert later["parameters"] == {"retry_after": 4}
    await api.call("sendMessage", chat_id=group, text="x")
    await api.call("sendChatAction", chat_id=siti, action="typing")
    clock.advance(3.5)
    await api.call("sendMessage", chat_id=siti, text="y")
    assert texts(simulator, siti) == ["/start", "y"]
    assert simulator.control.traffic()["refused"] == 2
    assert truth(simulator.control.requests()[0]) == (False, False, True, "flood_chat")


async def test_a_storm_of_the_bot_refuses_every_chat_in_the_same_words(
    api: Api, simulator: Simulator, clock: HandClock, siti: int, group: int
) -> None:
    simulator.control.set_faults([{"fault": "flood_bot", "at_most": 1, "seconds": 2}])

    first = await api.ask("sendMessage", chat_id=siti, text="x")
    second = await api.ask("sendMessage", chat_id=group, text="x")

    assert first["description"] == second["description"] == "Too Many Requests: retry after 2"
    await api.call("getUpdates")
    clock.advance(2)
    await api.call("sendMessage", chat_id=group, text="x")
    assert simulator.control.faults() == [{"fault": "flood_bot", "matched": 2, "hit": 2}]


async def test_storms_count_edits_apart(api: Api, simulator: Simulator, siti: int) -> None:
    sent = await api.call("sendMessage", chat_id=str(siti), text="x")
    simulator.control.set_faults([{"fault": "flood_chat"}])

    await api.ask("editMessageText", chat_id=str(siti), message_id=sent["message_id"], text="y")

    assert simulator.control.traffic()["refused"] == 0
    assert simulator.control.traffic(with_edits=True)["refused"] == 1


async def test_polling_is_disturbed_too(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.send(siti, siti, "halo")
    [update] = await api.call("getUpdates")
    simulator.control.set_faults([{"fault": "reset_after", "methods": ["getupdates"], "schedule": [1]}])

    with pytest.raises(ClientConnectionError):
        await api.ask("getUpdates", offset=update["update_id"] + 1)

    assert truth(await last_request(simulator)) == (None, True, False, "reset_after")
    # The confirmation has had its effect, though nobody was told.
    assert await api.call("getUpdates") == []


async def test_downloads_are_recorded_and_disturbed(
    server: Server, session: ClientSession, api: Api, simulator: Simulator, siti: int
) -> None:
    message = simulator.control.send_media(siti, siti, "document", file_base64="aXNp", file_name="isi.txt")
    path = (await api.call("getFile", file_id=message["document"]["file_id"]))["file_path"]
    url = f"{server.url}/file/bot{TOKEN}/{path}"
    rules: list[Json] = [
        {"fault": "error_before", "schedule": [1]},
        {"fault": "reset_after", "schedule": [2]},
        {"fault": "silence_before", "schedule": [3], "seconds": 0.01},
    ]
    simulator.control.set_faults([{**rule, "methods": ["file"]} for rule in rules])

    async with session.get(url) as response:
        assert response.status == 502
    for _ in range(2):
        with pytest.raises(ConnectionResetError):
            await raw(server, url.removeprefix(server.url))
    async with session.get(url) as response:
        assert await response.read() == b"isi"
    async with session.get(url + "x") as response:
        assert response.status == 404
    await last_request(simulator)

    recorded = simulator.control.requests("file")
    assert [truth(one) for one in recorded] == [
        (False, False, True, "error_before"),
        (None, True, False, "reset_after"),
        (None, False, False, "silence_before"),
        (True, True, True, None),
        (False, False, True, None),
    ]
    assert recorded[3]["params"] == {"path": path}


async def test_a_client_that_hangs_up_did_not_get_the_answer_but_the_effect_stays(
    server: Server, session: ClientSession, simulator: Simulator, siti: int
) -> None:
    simulator.control.set_faults([{"fault": "delay", "seconds": 0.3}])

    call = asyncio.create_task(
        session.post(f"{server.url}/bot{TOKEN}/sendMessage", json={"chat_id": siti, "text": "x"})
    )
    await simulator.wait_for(lambda: simulator.control.requests(method="sendMessage"))
    call.cancel()

    assert truth(await last_request(simulator)) == (True, True, False, "delay")
    assert texts(simulator, siti) == ["/start", "x"]


async def test_a_poll_whose_client_hung_up_was_not_answered(
    server: Server, session: ClientSession, simulator: Simulator
) -> None:
    with pytest.raises(TimeoutError):
        await session.post(
            f"{server.url}/bot{TOKEN}/getUpdates", json={"timeout": 50}, timeout=ClientTimeout(total=0.01)
        )

    assert truth(await last_request(simulator)) == (None, False, False, None)


async def test_rules_hit_only_what_they_name(api: Api, simulator: Simulator, siti: int, group: int) -> None:
    simulator.control.set_faults(
        [{"fault": "error_before", "methods": ["sendMessage", "sendPoll"], "chat_ids": [group]}]
    )
    hit = []
    for method, chat_id in (("sendMessage", siti), ("sendMessage", group), ("sendChatAction", group)):
        await api.session.post(
            f"{api.url}/bot{TOKEN}/{method}", json={"chat_id": chat_id, "text": "x", "action": "typing"}
        )
        hit.append((await last_request(simulator))["fault"])

    assert hit == [None, "error_before", None]


async def test_a_network_comes_and_goes_by_the_clock(
    simulator: Simulator, clock: HandClock, siti: int
) -> None:
    simulator.control.set_faults([{"fault": "reset_before", "since": 10, "until": 20}])
    reached = []
    for _ in range(5):
        try:
            await simulator.handle(TOKEN, "sendMessage", {"chat_id": siti, "text": "x"}, {})
            reached.append(True)
        except Unanswered:
            reached.append(False)
        clock.advance(5)

    assert reached == [True, True, False, False, True]


def hits(rules: list[Json], seed: int, number: int = 200) -> list[str | None]:
    """What happens to so many equal requests."""
    simulator = Simulator(HandClock(), seed=1)
    simulator.control.set_faults(rules, seed)
    fates = [simulator.faults.fate(BOT_ID, "sendMessage", 1, simulator.world.now()) for _ in range(number)]
    return [fate.fault.value if fate else None for fate in fates]


def test_the_seed_decides_who_is_hit_and_other_rules_do_not() -> None:
    rare = {"fault": "reset_after", "probability": 0.05}

    alone = hits([rare], 3, 2000)
    beside = hits([rare, {"fault": "error_before", "probability": 0.5}], 3, 2000)

    assert 60 <= alone.count("reset_after") <= 140
    assert alone == hits([rare], 3, 2000) != hits([rare], 4, 2000)
    assert [one == "reset_after" for one in beside] == [one == "reset_after" for one in alone]
    assert 850 <= beside.count("error_before") <= 1050


def test_a_schedule_counts_matching_requests_from_1_and_a_limit_ends_it() -> None:
    assert hits([{"fault": "reset_before", "schedule": [2, 4, 5]}], 0, 6) == [
        None,
        "reset_before",
        None,
        "reset_before",
        "reset_before",
        None,
    ]
    assert hits([{"fault": "reset_before", "at_most": 2}], 0, 4) == ["reset_before"] * 2 + [None] * 2


def test_delays_come_on_top_of_one_other_fault() -> None:
    simulator = Simulator(HandClock())
    simulator.control.set_faults(
        [
            {"fault": "delay", "seconds": 1},
            {"fault": "reset_after"},
            {"fault": "delay_after", "seconds": 2},
            {"fault": "error_before"},
        ]
    )

    fate = simulator.faults.fate(BOT_ID, "sendMessage", 1, simulator.world.now())

    assert fate is not None
    assert (fate.fault, fate.delay_before, fate.delay_after) == ("reset_after", 1, 2)


def test_without_rules_nothing_goes_wrong() -> None:
    faults = Faults()

    assert not faults
    assert faults.fate(BOT_ID, "sendMessage", 1, 0.0) is None


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({}, "Rule 1: it needs a 'fault'."),
        ({"fault": "fire"}, "Rule 1: there is no fault 'fire'; there are: reset_before, "),
        ({"fault": "delay", "when": 1}, "Rule 1: there is no 'when'; there are: fault, probability, "),
        ({"fault": "delay", "seconds": "1"}, "Rule 1: 'seconds' is a number."),
        ({"fault": "delay", "at_most": 1.5}, "Rule 1: 'at_most' is a number."),
        ({"fault": "delay", "seconds": -1}, "Rule 1: 'seconds' is not negative."),
        ({"fault": "delay", "methods": "getMe"}, "Rule 1: 'methods' is a list of texts."),
        ({"fault": "delay", "schedule": [True]}, "Rule 1: 'schedule' is a list of whole numbers."),
        ({"fault": "error_after", "status": 404}, "Rule 1: 'status' is a number from 500 to 599."),
        ({"fault": "delay", "probability": 1.1}, "Rule 1: 'probability' is at most 1."),
    ],
)
async def test_a_mistake_in_a_rule_is_answered_with_a_sentence_and_changes_nothing(
    server: Server, session: ClientSession, simulator: Simulator, rule: Json, sentence: str
) -> None:
    simulator.control.set_faults([{"fault": "delay", "at_most": None}])

    async with session.post(f"{server.url}/control/set_faults", json={"rules": [rule]}) as response:
        answer = await response.json()

    assert response.status == 400
    assert answer["error"].startswith(sentence)
    assert simulator.control.faults() == [{"fault": "delay", "matched": 0, "hit": 0}]


async def test_faults_end_with_an_empty_list(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.set_faults([{"fault": "reset_before"}])
    with pytest.raises(ClientConnectionError):
        await api.ask("getMe")
    simulator.control.set_faults([])

    await api.call("sendMessage", chat_id=siti, text="x")
    assert simulator.control.faults() == []


async def test_leaving_the_server_does_not_wait_for_silence(
    simulator: Simulator, session: ClientSession
) -> None:
    stack = AsyncExitStack()
    server = await stack.enter_async_context(serve(simulator))
    simulator.control.set_faults([{"fault": "silence_before", "seconds": 600}])
    waiting = asyncio.create_task(Api(session, server.url).ask("getMe"))
    await simulator.wait_for(lambda: simulator.control.faults()[0]["hit"])

    async with asyncio.timeout(5):
        await stack.aclose()
        with pytest.raises(ClientConnectionError):
            await waiting


async def test_counts_are_kept_where_requests_are_not(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.keep_requests(False)
    for fault in ("reset_before", "reset_after", "error_after"):
        simulator.control.set_faults([{"fault": fault, "methods": ["sendMessage"]}])
        response = api.session.post(f"{api.url}/bot{TOKEN}/sendMessage", json={"chat_id": siti, "text": "x"})
        if fault == "error_after":
            assert (await response).status == 502
        else:
            with pytest.raises(ClientConnectionError):
                await response
    simulator.control.set_faults([])
    await api.call("sendMessage", chat_id=siti, text="x")
    await api.refusal("sendMessage", chat_id=siti, text="")
    await api.call("getMe")

    assert simulator.control.requests() == []
    assert simulator.control.request_counts() == {
        "getMe": {"came": 1, "effect": 1, "ok": 1},
        "sendMessage": {"came": 5, "effect": 3, "ok": 1, "refused": 2, "unanswered": 2, "faulty": 3},
    }

    simulator.control.keep_requests(True)
    await api.call("getMe")
    kept = simulator.control.requests()
    assert [one["method"] for one in kept] == ["getMe"]
    assert simulator.control.requests(after=kept[0]["id"]) == []


async def test_faults_become_the_errors_of_the_library(
    server: Server, simulator: Simulator, siti: int
) -> None:
    async with application(server) as app:
        simulator.control.set_faults([{"fault": "flood_chat", "schedule": [1], "seconds": 5}])
        with pytest.raises(RetryAfter, match="Retry in 0:00:05"):
            await app.bot.send_message(siti, "x")
        simulator.control.set_faults([{"fault": "error_before"}])
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await app.bot.send_message(siti, "x")
        simulator.control.set_faults([{"fault": "reset_after"}])
        with pytest.raises(NetworkError, match="ReadError"):
            await app.bot.send_message(siti, "x")
        simulator.control.set_faults([{"fault": "silence_before", "seconds": 5}])
        with pytest.raises(TimedOut):
            await app.bot.send_message(siti, "x", read_timeout=0.02)

    assert texts(simulator, siti) == ["/start", "x"]
