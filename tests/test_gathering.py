"""What comes while a batch is under way makes up the next one."""

import asyncio

import pytest

from bot.gathering import Gathering


async def test_few_batches_under_load_and_no_waiting_without_it() -> None:
    batches: list[list[int]] = []
    go_on = asyncio.Event()

    async def work(items: list[int]) -> None:
        batches.append(items)
        await go_on.wait()

    gathering = Gathering(work, most=3)
    tasks = [asyncio.create_task(gathering.add(0))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(gathering.add(number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    assert batches == [[0]]
    go_on.set()
    await asyncio.gather(*tasks)

    assert batches == [[0], [1, 2, 3], [4, 5]]


async def test_a_failure_reaches_those_of_its_batch_and_nobody_else() -> None:
    async def work(items: list[str]) -> None:
        if "bad" in items:
            raise ValueError("bad")

    gathering = Gathering(work, most=1)
    results = await asyncio.gather(
        gathering.add("good"), gathering.add("bad"), gathering.add("fine"), return_exceptions=True
    )

    assert results[0] is None
    assert isinstance(results[1], ValueError)
    assert results[2] is None


async def test_who_no_longer_waits_holds_up_nobody() -> None:
    go_on = asyncio.Event()
    done: list[str] = []

    async def work(items: list[str]) -> None:
        await go_on.wait()
        done.extend(items)

    gathering = Gathering(work)
    gone = asyncio.create_task(gathering.add("gone"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    go_on.set()
    await gathering.add("still here")

    assert done == ["gone", "still here"]
