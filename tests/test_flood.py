"""Who sends too much is told so once, and is answered all the same."""

from datetime import timedelta

from bot.clock import ManualClock
from bot.flood import MOST_A_MINUTE, Flood
from tests.scene import Scene


def test_the_one_that_is_one_too_many_within_a_minute_begins_a_flood(clock: ManualClock) -> None:
    flood = Flood(clock)

    counted = [flood.begins(1) for _ in range(MOST_A_MINUTE + 5)]

    assert counted == [False] * MOST_A_MINUTE + [True] + [False] * 4
    assert flood.begins(2) is False


def test_twenty_in_a_minute_over_and_over_are_no_flood(clock: ManualClock) -> None:
    flood = Flood(clock)
    for _ in range(100):
        assert flood.begins(1) is False
        clock.advance(timedelta(seconds=3.1))


def test_after_a_quiet_minute_it_is_said_again(clock: ManualClock) -> None:
    flood = Flood(clock)
    for _ in range(MOST_A_MINUTE + 1):
        flood.begins(1)
    clock.advance(timedelta(minutes=1))

    counted = [flood.begins(1) for _ in range(MOST_A_MINUTE + 1)]

    assert counted == [False] * MOST_A_MINUTE + [True]


def test_a_flood_that_goes_on_is_said_once(clock: ManualClock) -> None:
    flood = Flood(clock)
    counted = []
    for _ in range(200):
        counted.append(flood.begins(1))
        clock.advance(timedelta(seconds=1))

    assert counted.count(True) == 1


def test_who_was_quiet_for_a_minute_is_forgotten(clock: ManualClock) -> None:
    flood = Flood(clock)
    for key in range(1000):
        flood.begins(key)
    clock.advance(timedelta(minutes=1))
    flood.begins(1)

    assert len(flood) == 1


async def test_all_are_answered_in_order_and_the_sender_is_told_once_what_to_expect(scene: Scene) -> None:
    sari, budi = scene.person("Sari"), scene.person("Budi")
    await sari.says("/start")
    await budi.says("/start")
    before = len(sari.messages())
    for number in range(MOST_A_MINUTE + 10):
        scene.control.send(sari.user_id, sari.chat_id, f"/topik {number}")
    card = await budi.asks("gmn cara klaim jkp?")
    await scene.settled()

    said = [m["text"] for m in sari.messages()[before:] if m["from"]["id"] == scene.bot_id]
    told = [text for text in said if "lebih dari 20" in text]
    assert "Dasar hukum: " in card["text"]
    assert len(told) == 1
    assert len(said) == MOST_A_MINUTE + 10 + 1
