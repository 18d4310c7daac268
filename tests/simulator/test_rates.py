"""Telegram's limits, over real HTTP with a clock in the hand, and their one invariant at any times."""

from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator import Server, Simulator
from bot.simulator.controls.lookup import ControlError
from bot.simulator.rates import Limiter, Rates
from bot.simulator.refusal import Refused
from bot.simulator.traffic import Traffic
from tests.simulator.conftest import BOT_ID, Api, HandClock

Json = dict[str, Any]
KEYBOARD = {"inline_keyboard": [[{"text": "Ya", "callback_data": "y"}]]}


def people(simulator: Simulator, number: int) -> list[int]:
    """Persons who have started the bot."""
    found = [simulator.control.add_user(f"Orang {one}")["id"] for one in range(number)]
    for user in found:
        simulator.control.send(user, user, "/start")
    return found


async def passed(api: Api, method: str, times: int = 1, **params: Any) -> int:
    """How many of several equal requests were let through; the others were refused with 429."""
    answers = [await api.ask(method, **params) for _ in range(times)]
    assert {answer.get("error_code", 429) for answer in answers} <= {429}
    return sum(answer["ok"] for answer in answers)


async def test_without_rates_everything_passes_and_is_counted(
    api: Api, simulator: Simulator, siti: int
) -> None:
    assert await passed(api, "sendMessage", 40, chat_id=siti, text="x") == 40
    assert simulator.control.traffic()["accepted"] == 40


async def test_the_31st_message_in_a_second_is_refused_whatever_chat_it_goes_to(
    api: Api, simulator: Simulator, clock: HandClock
) -> None:
    everyone = people(simulator, 31)
    simulator.control.set_rates()
    for user in everyone[:30]:
        await api.call("sendMessage", chat_id=user, text="x")

    refused = await api.ask("sendMessage", chat_id=everyone[30], text="x")

    assert refused == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert len(simulator.control.messages(everyone[30])) == 1
    clock.advance(1)
    await api.call("sendMessage", chat_id=everyone[30], text="x")


async def test_a_second_begins_anywhere(api: Api, simulator: Simulator, clock: HandClock) -> None:
    everyone = people(simulator, 60)
    simulator.control.set_rates(pressure=0.0)
    for user in everyone[:15]:
        await api.call("sendMessage", chat_id=user, text="x")
    clock.advance(0.6)
    for user in everyone[15:30]:
        await api.call("sendMessage", chat_id=user, text="x")
    clock.advance(0.4)

    sent = [await passed(api, "sendMessage", chat_id=user, text="x") for user in everyone[30:]]

    assert sent == [1] * 15 + [0] * 15


async def test_a_private_chat_takes_a_burst_of_three_and_one_a_second_on_the_long_run(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    [other] = people(simulator, 1)
    simulator.control.set_rates()
    assert await passed(api, "sendMessage", 3, chat_id=siti, text="x") == 3

    refused = await api.ask("sendMessage", chat_id=siti, text="x")

    assert (refused["description"], refused["parameters"]) == (
        "Too Many Requests: retry after 3",
        {"retry_after": 3},
    )
    assert await passed(api, "sendMessage", chat_id=other, text="x") == 1
    clock.advance(2.5)
    assert (await api.ask("sendMessage", chat_id=siti, text="x"))["parameters"] == {"retry_after": 1}
    clock.advance(1)
    assert await passed(api, "sendMessage", chat_id=siti, text="x") == 1


async def test_the_burst_can_be_forbidden(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    simulator.control.set_rates(private_messages=1, private_seconds=1.0)
    sent = []
    for _ in range(4):
        sent.append(await passed(api, "sendMessage", 2, chat_id=siti, text="x"))
        clock.advance(1)

    assert sent == [1, 1, 1, 1]


async def test_a_group_takes_twenty_a_minute(
    api: Api, simulator: Simulator, clock: HandClock, group: int
) -> None:
    simulator.control.set_rates()
    assert await passed(api, "sendMessage", 20, chat_id=group, text="x") == 20
    clock.advance(59)

    refused = await api.ask("sendMessage", chat_id=group, text="x")

    assert refused["parameters"] == {"retry_after": 1}
    clock.advance(1)
    assert await passed(api, "sendMessage", 20, chat_id=group, text="x") == 20 - 1  # the refused one presses
    assert simulator.control.traffic(chat_id=group, window=60.0)["most"] == 20


async def test_edits_count_against_their_chat(
    api: Api, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    [other] = people(simulator, 1)
    sent = await api.call("sendMessage", chat_id=siti, text="x", reply_markup=KEYBOARD)
    clock.advance(10)
    simulator.control.set_rates(per_second=1)
    at = {"chat_id": siti, "message_id": sent["message_id"]}

    await api.call("editMessageText", **at, text="y", reply_markup=KEYBOARD)
    await api.call("editMessageReplyMarkup", **at)
    await api.call("editMessageText", **at, text="z")
    refused = await api.ask("editMessageText", **at, text="w")

    assert refused["parameters"] == {"retry_after": 3}
    assert simulator.control.messages(siti)[-1]["text"] == "z"
    assert await passed(api, "sendMessage", chat_id=other, text="x") == 1
    traffic = simulator.control.traffic(with_edits=True)
    assert (traffic["edits"], traffic["accepted"], traffic["refused"]) == (3, 5, 1)


async def test_edits_may_count_against_the_bot_as_well(api: Api, simulator: Simulator, siti: int) -> None:
    [other] = people(simulator, 1)
    sent = await api.call("sendMessage", chat_id=siti, text="x")
    simulator.control.set_rates(per_second=1, edits_overall=True)

    await api.call("editMessageText", chat_id=siti, message_id=sent["message_id"], text="y")

    assert await passed(api, "sendMessage", chat_id=other, text="x") == 0


async def test_stopping_a_poll_is_an_edit(api: Api, simulator: Simulator, siti: int) -> None:
    poll = await api.call("sendPoll", chat_id=siti, question="?", options=["a", "b"])
    simulator.control.set_rates(private_messages=1)
    await api.call("sendMessage", chat_id=siti, text="x")

    assert await passed(api, "stopPoll", chat_id=siti, message_id=poll["message_id"]) == 0
    assert not simulator.control.messages(siti)[1]["poll"]["is_closed"]


async def test_answers_actions_reactions_and_deletions_are_not_counted(
    api: Api, simulator: Simulator, siti: int
) -> None:
    sent = await api.call("sendMessage", chat_id=siti, text="x", reply_markup=KEYBOARD)
    simulator.control.set_rates(per_second=1, private_messages=1)
    await api.call("sendMessage", chat_id=siti, text="x")
    control = simulator.control
    press = control.press(siti, siti, sent["message_id"], "Ya")["callback_id"]
    inline = control.inline(siti, "x")["inline_query_id"]

    await api.call("answerCallbackQuery", callback_query_id=press)
    await api.call("answerInlineQuery", inline_query_id=inline, results=[])
    await api.call("sendChatAction", chat_id=siti, action="typing")
    await api.call("getUpdates")
    await api.call("deleteMessage", chat_id=siti, message_id=sent["message_id"])

    assert await passed(api, "sendMessage", chat_id=siti, text="x") == 0
    assert control.traffic()["accepted"] == 2


async def test_an_edit_of_a_message_sent_via_inline_mode_is_not_counted(
    api: Api, simulator: Simulator, siti: int
) -> None:
    control = simulator.control
    query = control.inline(siti, "x")["inline_query_id"]
    result = {
        "type": "article",
        "id": "a",
        "title": "x",
        "input_message_content": {"message_text": "x"},
        "reply_markup": KEYBOARD,
    }
    await api.call("answerInlineQuery", inline_query_id=query, results=[result])
    control.choose_inline(siti, query, "a", siti)
    [chosen] = [one for one in await api.updates() if "chosen_inline_result" in one]
    simulator.control.set_rates(private_messages=1)

    for text in ("satu", "dua"):
        inline_id = chosen["chosen_inline_result"]["inline_message_id"]
        assert await api.call("editMessageText", inline_message_id=inline_id, text=text)


async def test_what_is_refused_for_other_reasons_is_not_counted(
    api: Api, simulator: Simulator, siti: int
) -> None:
    simulator.control.set_rates(per_second=1)
    await api.refusal("sendMessage", chat_id=siti, text="")
    await api.refusal("sendMessage", chat_id=5, text="x")

    assert await passed(api, "sendMessage", chat_id=siti, text="x") == 1
    assert simulator.control.traffic()["refused"] == 0


async def test_a_refusal_closes_until_the_time_it_named(
    api: Api, simulator: Simulator, clock: HandClock
) -> None:
    one, other = people(simulator, 2)
    simulator.control.set_rates(per_second=1, pressure=0.0)
    await api.call("sendMessage", chat_id=one, text="x")
    clock.advance(0.5)
    assert await passed(api, "sendMessage", chat_id=other, text="x") == 0
    clock.advance(0.75)  # there would be room again

    assert await passed(api, "sendMessage", chat_id=other, text="x") == 0
    clock.advance(0.25)
    assert await passed(api, "sendMessage", chat_id=other, text="x") == 1


@pytest.mark.parametrize(("pressure", "most"), [(0.0, 30), (0.5, 15)])
async def test_who_goes_on_asking_gets_less(
    api: Api, simulator: Simulator, clock: HandClock, pressure: float, most: int
) -> None:
    everyone = people(simulator, 60)
    simulator.control.set_rates(pressure=pressure)
    sent = []
    for _ in range(3):
        sent.append(sum([await passed(api, "sendMessage", chat_id=user, text="x") for user in everyone]))
        clock.advance(0.999)
        await passed(api, "sendMessage", 30, chat_id=everyone[0], text="x")
        clock.advance(0.001)

    assert sent == [30, most, most]


async def test_a_paid_message_passes_above_the_30_but_not_above_the_1000(
    api: Api, simulator: Simulator
) -> None:
    everyone = people(simulator, 5)
    simulator.control.set_rates(per_second=1, paid_per_second=3)
    await api.call("sendMessage", chat_id=everyone[0], text="x")

    assert await passed(api, "sendMessage", chat_id=everyone[1], text="x") == 0
    simulator.control.set_rates(per_second=1, paid_per_second=3)
    await api.call("sendMessage", chat_id=everyone[0], text="x")
    paid = [
        await passed(api, "sendMessage", chat_id=user, text="x", allow_paid_broadcast=True)
        for user in everyone[1:]
    ]
    assert paid == [1, 1, 0, 0]
    assert simulator.control.traffic()["paid"] == 2


@pytest.mark.parametrize("method", ["forwardMessages", "copyMessages"])
async def test_several_at_once_are_counted_one_by_one_and_all_or_none_sent(
    api: Api, simulator: Simulator, group: int, siti: int, method: str
) -> None:
    numbers = [simulator.control.send(siti, siti, str(one))["message_id"] for one in range(12)]
    simulator.control.set_rates()
    params = {"chat_id": group, "from_chat_id": siti, "message_ids": numbers}
    before = len(simulator.control.messages(group))

    assert await passed(api, method, 2, **params) == 1
    assert len(simulator.control.messages(group)) == before + 12
    traffic = simulator.control.traffic(chat_id=group)
    assert (traffic["accepted"], traffic["refused"]) == (12, 12)


async def test_more_at_once_than_a_limit_has_pass_when_there_is_room_for_the_limit(
    api: Api, simulator: Simulator, siti: int
) -> None:
    numbers = [simulator.control.send(siti, siti, str(one))["message_id"] for one in range(5)]
    simulator.control.set_rates()

    copied = await api.call("copyMessages", chat_id=siti, from_chat_id=siti, message_ids=numbers)

    assert len(copied) == 5
    assert await passed(api, "sendMessage", chat_id=siti, text="x") == 0


async def test_media_polls_forwards_and_copies_count_as_messages(
    api: Api, simulator: Simulator, siti: int
) -> None:
    number = simulator.control.send(siti, siti, "x")["message_id"]
    simulator.control.set_rates(private_messages=5)

    await api.call("sendPoll", chat_id=siti, question="?", options=["a", "b"])
    await api.call("sendLocation", chat_id=siti, latitude=1, longitude=1)
    assert (await api.upload("sendDocument", "document", "a.txt", b"x", chat_id=str(siti)))["ok"]
    await api.call("forwardMessage", chat_id=siti, from_chat_id=siti, message_id=number)
    await api.call("copyMessage", chat_id=siti, from_chat_id=siti, message_id=number)

    assert await passed(api, "sendMessage", chat_id=siti, text="x") == 0


async def test_each_bot_has_limits_of_its_own(
    server: Server, session: ClientSession, simulator: Simulator, group: int
) -> None:
    simulator.control.add_bot("77:lain", "lain_bot", "Lain")
    simulator.control.add_member(group, 77)
    simulator.control.set_rates(per_second=1)
    for token in ("77:lain", f"{BOT_ID}:test-token"):
        assert await passed(Api(session, server.url, token), "sendMessage", 2, chat_id=group, text="x") == 1
    assert simulator.control.traffic(bot_id=77)["accepted"] == 1


async def test_rates_are_switched_off_again(api: Api, simulator: Simulator, siti: int) -> None:
    simulator.control.set_rates()
    assert simulator.world.limiter.rates == Rates()
    assert await passed(api, "sendMessage", 4, chat_id=siti, text="x") == 3
    simulator.control.set_rates(enabled=False)

    assert await passed(api, "sendMessage", 40, chat_id=siti, text="x") == 40


@pytest.mark.parametrize(
    ("settings_", "sentence"),
    [
        ({"per_second": 0}, "at least one message"),
        ({"group_seconds": 0.0}, "more than 0 seconds"),
        ({"pressure": 1.0}, "less than 1"),
    ],
)
async def test_limits_that_make_no_sense_are_answered_with_a_sentence(
    simulator: Simulator, settings_: Json, sentence: str
) -> None:
    with pytest.raises(ControlError, match=sentence):
        simulator.control.set_rates(**settings_)
    with pytest.raises(ControlError, match="longer than 0"):
        simulator.control.traffic(window=0.0)


async def test_traffic_says_how_many_there_were_in_any_one_second(
    api: Api, server: Server, session: ClientSession, simulator: Simulator, clock: HandClock, siti: int
) -> None:
    start = clock.now.timestamp()
    simulator.control.set_rates(private_messages=5, private_seconds=1)
    for pause, number in ((0.0, 1), (0.8, 2), (0.4, 3), (1.0, 6)):
        clock.advance(pause)
        await passed(api, "sendMessage", number, chat_id=siti, text="x")

    async with session.post(f"{server.url}/control/traffic", json={"window": 1}) as response:
        traffic = (await response.json())["result"]

    assert traffic == {
        "accepted": 11,
        "refused": 1,
        "edits": 0,
        "paid": 0,
        "most": 5,
        "busiest_at": pytest.approx(start + 0.8),
        "first_at": start,
        "last_at": pytest.approx(start + 2.2),
        "seconds": [[start, 3, 0], [start + 1, 3, 0], [start + 2, 5, 1]],
    }
    assert simulator.control.traffic(after=start + 2)["accepted"] == 5
    assert simulator.control.traffic(chat_id=5) == {
        **dict.fromkeys(("accepted", "refused", "edits", "paid", "most"), 0),
        **dict.fromkeys(("busiest_at", "first_at", "last_at")),
        "seconds": [],
    }


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 700), st.sampled_from([1, 2, -1]), st.booleans()), min_size=20, max_size=150
    )
)
def test_whatever_comes_no_window_ever_takes_more_than_its_limit(asked: list[tuple[int, int, bool]]) -> None:
    traffic = Traffic()
    limiter = Limiter(traffic)
    limiter.limit(Rates(per_second=4, group_messages=5, group_seconds=6.0))
    now = 0
    for pause, chat_id, is_edit in asked:
        now += pause
        with suppress(Refused):
            limiter.admit(BOT_ID, chat_id, now / 1000, is_edit=is_edit)

    assert traffic.view(after=-1)["most"] <= 4
    for chat_id in (1, 2):
        assert traffic.view(after=-1, chat_id=chat_id, window=3.0, with_edits=True)["most"] <= 3
    assert traffic.view(after=-1, chat_id=-1, window=6.0, with_edits=True)["most"] <= 5


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2000), st.integers(1, 40))
def test_who_waits_as_told_gets_through(pause: int, number: int) -> None:
    limiter = Limiter(Traffic())
    limiter.limit(Rates())
    now = 0.0
    for _ in range(number):
        try:
            limiter.admit(BOT_ID, 1, now)
        except Refused as refused:
            now += refused.parameters["retry_after"]
            limiter.admit(BOT_ID, 1, now)
        now += pause / 1000
