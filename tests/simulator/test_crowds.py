"""People by the thousand: brought in quickly, kept small, counted instead of listed."""

import tracemalloc
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.simulator import Server, Simulator
from bot.simulator.controls.lookup import ControlError
from bot.simulator.events import EventLog
from tests.simulator.conftest import BOT_ID, TOKEN, Api, HandClock

TEXT = "<b>Undangan</b> rapat koordinasi " + "panjang " * 60
KEYBOARD = {"inline_keyboard": [[{"text": "Hadir", "callback_data": "ya"}]]}


async def tell(simulator: Simulator, user_id: int, text: str = TEXT) -> None:
    """A message of the bot's, by the way of every request but without a connection."""
    params: dict[str, Any] = {
        "chat_id": user_id,
        "text": text,
        "parse_mode": "HTML",
        "reply_markup": KEYBOARD,
    }
    answer = await simulator.handle(TOKEN, "sendMessage", params, {})
    assert answer.status == 200


async def test_1700_people_come_at_once_and_can_be_written_to(
    api: Api, simulator: Simulator, server: Server, session: ClientSession
) -> None:
    async with session.post(f"{server.url}/control/add_members", json={"count": 1700}) as response:
        ids = (await response.json())["result"]

    assert ids == list(range(ids[0], ids[0] + 1700))
    assert await api.updates() == []
    assert (await api.call("sendMessage", chat_id=ids[-1], text="Halo"))["chat"]["first_name"] == "Anggota"
    state = simulator.control.state()
    assert (state["crowd"], state["users"]) == (1700, [])


async def test_people_who_come_writing_are_heard_by_the_bot(api: Api, simulator: Simulator) -> None:
    ids = simulator.control.add_members(3, text="/start")

    assert [update["message"]["from"]["id"] for update in await api.updates()] == ids


async def test_what_a_crowd_got_is_counted_and_who_is_left_out_is_named(
    simulator: Simulator, clock: HandClock
) -> None:
    first, *others, last = simulator.control.add_members(50)
    await tell(simulator, last, "lama")
    clock.advance(60)
    for user_id in (*others, last, last):
        await tell(simulator, user_id)

    assert simulator.control.receipts(after=clock.now.timestamp()) == {
        "people": 50,
        "messages": 50,
        "edited": 0,
        "counts": [[0, 1], [1, 48], [2, 1]],
        "none": [first],
        "several": [last],
    }
    assert simulator.control.receipts([last], text="lama")["counts"] == [[1, 1]]


async def test_what_was_edited_and_deleted_is_counted_so(api: Api, simulator: Simulator) -> None:
    one, two = simulator.control.add_members(2)
    sent = [await api.call("sendMessage", chat_id=each, text="salah") for each in (one, two)]
    await api.call("editMessageText", chat_id=one, message_id=sent[0]["message_id"], text="RALAT")
    await api.call("deleteMessage", chat_id=two, message_id=sent[1]["message_id"])

    receipts = simulator.control.receipts()

    assert (receipts["edited"], receipts["counts"]) == (1, [[0, 1], [1, 1]])


async def test_what_everybody_gets_is_kept_once(simulator: Simulator) -> None:
    ids = simulator.control.add_members(2)
    for user_id in ids:
        await tell(simulator, user_id)

    one, two = (
        next(iter(simulator.world.private_chats[BOT_ID, user_id].messages.values())) for user_id in ids
    )
    assert one.content is two.content
    assert one.reply_markup is two.reply_markup


async def test_a_recipient_takes_less_than_two_kilobytes(simulator: Simulator) -> None:
    """So a hundred thousand of them take less than 200 MB; requests are only counted then."""
    number = 2000
    simulator.control.keep_requests(False)
    await tell(simulator, simulator.control.add_members(1)[0])
    # The stream of events holds so many at most, however many people there are.
    simulator.world.events = EventLog(kept=1)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    for user_id in simulator.control.add_members(number):
        await tell(simulator, user_id)

    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken / number < 2048


@pytest.mark.parametrize("count", [0, 1_000_001])
def test_a_crowd_has_its_bounds(simulator: Simulator, count: int) -> None:
    with pytest.raises(ControlError, match="from 1 to 1000000 people"):
        simulator.control.add_members(count)
