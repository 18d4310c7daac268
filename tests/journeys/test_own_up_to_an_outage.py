"""The bot was away: whoever had answered an invitation hears which minutes were lost, once."""

from datetime import timedelta

from bot.clock import ManualClock
from bot.jobs import own_up_to_outage
from knowledge_base.loader import Content
from tests.scene import Scene, Someone, scene_of
from tests.sessions import answers, everything_sent, member, plans


async def _looks(scene: Scene) -> None:
    await own_up_to_outage(scene.program.database, scene.program.services)
    await everything_sent(scene)


async def _again(before: Scene, now: Scene, *people: Someone) -> list[Someone]:
    """The same people in the new simulator, which gives ids in the same order; each has written something."""
    found = [now.person(f"Person {number}") for number, _ in enumerate(people)]
    assert [each.user_id for each in found] == [each.user_id for each in people]
    for each in found:
        await each.says("/bantuan")
    return found


def _notices(someone: Someone) -> list[str]:
    return [m["text"] for m in someone.messages() if m.get("text", "").startswith("Saya sempat terputus.")]


async def test_after_an_outage_those_who_answered_are_told_once_which_minutes_were_lost(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    async with scene_of(database_url, clock, content=small_content) as before:
        owner = before.person("Owner")
        await plans(owner)
        sari, budi = await member(before, "Sari"), await member(before, "Budi")
        await answers(sari, "Hadir")
        await _looks(before)

    clock.advance(timedelta(minutes=40))
    async with scene_of(database_url, clock, content=small_content) as after:
        owner, sari, budi = await _again(before, after, owner, sari, budi)
        await _looks(after)
        await _looks(after)
        after.check_no_faults()

    (notice,) = _notices(sari)
    assert "09.00 WIB / 10.00 WITA / 11.00 WIT" in notice
    assert "09.37 WIB / 10.37 WITA / 11.37 WIT" in notice
    assert "tekan sekali lagi" in notice
    assert _notices(budi) == _notices(owner) == []


async def test_a_short_gap_and_a_night_are_told_to_nobody(
    database_url: str, clock: ManualClock, small_content: Content
) -> None:
    async with scene_of(database_url, clock, content=small_content) as first:
        owner = first.person("Owner")
        await plans(owner)
        sari = await member(first, "Sari")
        await answers(sari, "Hadir")
        await _looks(first)

    clock.advance(timedelta(seconds=140))
    async with scene_of(database_url, clock, content=small_content) as second:
        owner, sari = await _again(first, second, owner, sari)
        await _looks(second)
        after_a_short_gap = _notices(sari)
        clock.advance(timedelta(hours=14))  # 23.02 WIB, without a silence: the process ran on
        await _looks(second)

    clock.advance(timedelta(hours=5))
    async with scene_of(database_url, clock, content=small_content) as third:
        owner, sari = await _again(second, third, owner, sari)
        await _looks(third)
        third.check_no_faults()

    assert after_a_short_gap == []
    assert _notices(sari) == []
