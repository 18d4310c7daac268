"""The clock that is moved from outside: what was due is due, what was open is too old."""

from datetime import timedelta

import pytest

from bot.simulator import Simulator
from bot.simulator.controls.lookup import ControlError
from tests.simulator.conftest import Api, HandClock

KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


async def test_time_passes_at_once_and_goes_on_from_there(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    before = await api.call("sendMessage", chat_id=siti, text="x")

    now = simulator.control.move_clock(600)
    clock.advance(5)
    after = await api.call("sendMessage", chat_id=siti, text="x")

    assert now == before["date"] + 600
    assert after["date"] == before["date"] + 605
    assert simulator.world.moment() == clock.now + timedelta(seconds=600)


async def test_a_poll_closes_and_a_press_grows_too_old(api: Api, simulator: Simulator, siti: int) -> None:
    poll = await api.call("sendPoll", chat_id=siti, question="?", options=["a", "b"], open_period=300)
    asked = await api.call("sendMessage", chat_id=siti, text="?", reply_markup=KEYBOARD)
    press = simulator.control.press(siti, siti, asked["message_id"], "Ya")["callback_id"]
    await api.updates()

    simulator.control.move_clock(301)

    [update] = await api.updates()
    assert (update["poll"]["id"], update["poll"]["is_closed"]) == (poll["poll"]["id"], True)
    assert await api.refusal("answerCallbackQuery", callback_query_id=press) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_presses_that_waited_too_long_are_dropped_and_messages_after_a_day(
    api: Api, simulator: Simulator, siti: int
) -> None:
    asked = await api.call("sendMessage", chat_id=siti, text="?", reply_markup=KEYBOARD)
    simulator.control.press(siti, siti, asked["message_id"], "Ya")
    simulator.control.send(siti, siti, "halo")

    simulator.control.move_clock(151)
    kinds = [set(update) - {"update_id"} for update in await api.call("getUpdates")]
    simulator.control.move_clock(24 * 60 * 60)

    assert kinds == [{"message"}]
    assert await api.updates() == []


async def test_the_watchers_are_told_the_new_time(simulator: Simulator) -> None:
    now = simulator.control.move_clock(60)

    assert simulator.world.events.after(simulator.world.events.last - 1) == [
        {"n": simulator.world.events.last, "kind": "clock", "now": now}
    ]


def test_the_clock_goes_to_a_moment_exactly(simulator: Simulator, clock: HandClock) -> None:
    wanted = (clock.now + timedelta(days=1)).timestamp()

    assert simulator.control.move_clock_to(wanted) == wanted
    with pytest.raises(ControlError, match="moves forward only"):
        simulator.control.move_clock_to(wanted)


@pytest.mark.parametrize("seconds", [0, -60, 366 * 24 * 60 * 60 + 1])
def test_the_clock_goes_forward_only_and_not_for_ever(simulator: Simulator, seconds: float) -> None:
    with pytest.raises(ControlError, match="moves forward only"):
        simulator.control.move_clock(seconds)


def test_the_limits_in_force_can_be_read(simulator: Simulator) -> None:
    assert simulator.control.rates() is None

    simulator.control.set_rates(per_second=20)

    rates = simulator.control.rates()
    assert rates is not None
    assert (rates["per_second"], rates["group_messages"]) == (20, 20)


def test_a_part_and_a_zone_are_for_the_page_and_not_for_bots(simulator: Simulator) -> None:
    told = simulator.control.add_user("Rina", part="Penyelenggara", time_zone="Asia/Jayapura")

    shown = simulator.control.state()["users"][-1]
    assert (shown["part"], shown["time_zone"]) == ("Penyelenggara", "Asia/Jayapura")
    assert told.keys() == {"id", "is_bot", "first_name"}
    with pytest.raises(ControlError, match="no time zone 'Asia/Nowhere'"):
        simulator.control.add_user("Rina", time_zone="Asia/Nowhere")
