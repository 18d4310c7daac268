"""One line a person: in each one after the other, the lines side by side."""

import asyncio

import pytest

from bot.lines import Lines


async def test_only_the_head_of_a_line_is_given_out() -> None:
    lines: Lines[str] = Lines()
    for item in ("a1", "a2", "a3"):
        lines.join(1, item)
    lines.join(2, "b1")

    assert await lines.heads(10) == ["a1", "b1"]
    lines.leave(1)
    assert await lines.heads(10) == ["a2"]


async def test_who_sends_five_hundred_delays_nobody() -> None:
    lines: Lines[int] = Lines()
    for number in range(500):
        lines.join(1, number)
    lines.join(2, 1000)

    assert await lines.heads(64) == [0, 1000]


async def test_those_that_have_been_ready_for_longest_go_first() -> None:
    lines: Lines[int] = Lines()
    for key in (3, 1, 2):
        lines.join(key, key)

    assert await lines.heads(2) == [3, 1]
    lines.leave(3)
    lines.join(3, 30)
    assert await lines.heads(2) == [2, 30]


async def test_what_is_not_through_is_given_out_again_before_the_others() -> None:
    lines: Lines[str] = Lines()
    lines.join(1, "a")
    lines.join(2, "b")
    (first,) = await lines.heads(1)

    lines.stay(1)

    assert first == "a"
    assert await lines.heads(2) == ["a", "b"]


async def test_heads_are_waited_for() -> None:
    lines: Lines[str] = Lines()
    waiting = asyncio.create_task(lines.heads(5))
    await asyncio.sleep(0)
    assert not waiting.done()

    lines.join(1, "a")

    assert await waiting == ["a"]


async def test_room_is_waited_for_until_enough_have_left() -> None:
    lines: Lines[int] = Lines()
    for key in range(3):
        lines.join(key, key)
    await lines.heads(3)
    waiting = asyncio.create_task(lines.room(3))
    await asyncio.sleep(0)
    assert not waiting.done()

    lines.leave(0)
    await asyncio.wait_for(waiting, 1)

    assert len(lines) == 2


@pytest.mark.parametrize("key", [1, 2])
async def test_after_everything_was_taken_out_late_ends_do_nothing(key: int) -> None:
    lines: Lines[str] = Lines()
    lines.join(1, "a1")
    lines.join(1, "a2")
    lines.join(2, "b1")
    await lines.heads(1)

    assert sorted(lines.clear()) == ["a1", "a2", "b1"]
    lines.leave(key)
    lines.stay(key)

    assert len(lines) == 0
