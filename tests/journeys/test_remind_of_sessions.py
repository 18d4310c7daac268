"""Reminders by the clock: each in its own zone, once, moved with the session, and honest when they are late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.clock import ManualClock, Zone
from bot.jobs import remind_of_sessions
from db.models import Mailing, Purpose
from tests.scene import Scene, Someone
from tests.sessions import answers, everything_sent, member, plans, session

# The clock of these stories stands at Tuesday, 24 November 2026, 09.00 WIB; the session is on Thursday at 09.00 WIB.
THURSDAY = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC)


async def _at(scene: Scene, clock: ManualClock, moment: datetime) -> None:
    """Move the clock to a moment and let the program look what is due."""
    clock.advance(moment - clock.now())
    await remind_of_sessions(scene.program.database, scene.program.services)
    await everything_sent(scene)


def _reminders(someone: Someone) -> list[str]:
    """The first lines of all reminders that somebody received."""
    beginnings = ("Besok ada sesi.", "Hari ini ada sesi.", "Sesi segera dimulai.", "Sesi dimulai.")
    texts = [message.get("text", "") for message in someone.messages()]
    return [text.splitlines()[0] for text in texts if text.startswith(beginnings)]


async def _mailings(scene: Scene) -> list[Mailing]:
    async with scene.program.database.transaction() as tx:
        rows = await tx.exec(select(Mailing).where(Mailing.purpose == Purpose.REMINDER))
        return list(rows.all())


async def test_each_is_reminded_at_nine_by_their_own_clock_an_hour_before_and_at_the_start(
    scene: Scene, clock: ManualClock
) -> None:
    await plans(scene.person("Owner"))
    people = {zone: await member(scene, zone.name, zone.value) for zone in Zone}
    for each in people.values():
        await answers(each, "Hadir")
    seen = []

    for moment in (
        WEDNESDAY - timedelta(seconds=1),
        WEDNESDAY,  # 09.00 WIT
        WEDNESDAY + timedelta(hours=1),
        WEDNESDAY + timedelta(hours=2),
        THURSDAY - timedelta(hours=1),
        THURSDAY,
    ):
        await _at(scene, clock, moment)
        seen.append([len(_reminders(people[zone])) for zone in (Zone.WIT, Zone.WITA, Zone.WIB)])
    await _at(scene, clock, THURSDAY + timedelta(minutes=1))

    wib = people[Zone.WIB]
    assert seen == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3]]
    assert _reminders(wib) == ["Besok ada sesi.", "Sesi segera dimulai.", "Sesi dimulai."]
    assert "https://zoom.example/j/123" in wib.reads()["text"]
    assert "terlambat" not in wib.reads()["text"]


async def test_nobody_is_reminded_who_does_not_come_or_does_not_want_it_or_cannot_be_reached(
    scene: Scene, clock: ManualClock
) -> None:
    await plans(scene.person("Owner"))
    names = ("perhaps", "no", "silent", "stopped", "unwilling", "blocked")
    people = {name: await member(scene, name) for name in names}
    await answers(people["perhaps"], "Mungkin")
    await answers(people["no"], "Tidak")
    for name in ("stopped", "unwilling", "blocked"):
        await answers(people[name], "Hadir")
    await people["stopped"].says("/berhenti")
    (messages,) = await people["unwilling"].presses(
        await people["unwilling"].asks("/profil"), "Yang diterima"
    )
    await people["unwilling"].presses(messages, "Pengingat sesi")
    scene.control.block_bot(people["blocked"].user_id)
    await scene.settled()

    await _at(scene, clock, THURSDAY - timedelta(hours=1))

    assert {name: len(_reminders(each)) for name, each in people.items()} == {
        name: int(name == "perhaps") for name in names
    }


@pytest.mark.parametrize(("behind", "is_late"), [(timedelta(seconds=5), False), (timedelta(minutes=5), True)])
async def test_a_clock_that_jumps_over_a_reminder_by_seconds_or_minutes(
    scene: Scene, clock: ManualClock, behind: timedelta, is_late: bool
) -> None:
    await plans(scene.person("Owner"))
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")
    await _at(scene, clock, WEDNESDAY + timedelta(hours=2))

    await _at(scene, clock, THURSDAY - timedelta(hours=1) + behind)

    assert _reminders(sari) == ["Besok ada sesi.", "Sesi segera dimulai."]
    assert ("Pengingat ini terlambat" in sari.reads()["text"]) is is_late


async def test_a_clock_that_jumps_five_hours_over_the_day_before_sends_it_late_and_once(
    scene: Scene, clock: ManualClock
) -> None:
    await plans(scene.person("Owner"))
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")

    await _at(scene, clock, WEDNESDAY + timedelta(hours=7))
    await _at(scene, clock, WEDNESDAY + timedelta(hours=7, seconds=5))

    assert _reminders(sari) == ["Besok ada sesi."]
    assert "Pengingat ini terlambat" in sari.reads()["text"]


async def test_a_late_reminder_of_the_day_before_does_not_come_in_the_night(
    scene: Scene, clock: ManualClock
) -> None:
    await plans(scene.person("Owner"), "Kamis 26 November 13.00-15.00 WIB")
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")

    await _at(scene, clock, WEDNESDAY + timedelta(hours=15))  # 22.00 WIB
    at_night = _reminders(sari)
    await _at(scene, clock, THURSDAY - timedelta(hours=2))  # 07.00 WIB

    assert at_night == []
    assert _reminders(sari) == ["Hari ini ada sesi."]


async def test_a_clock_that_jumps_five_hours_over_a_session_skips_what_is_pointless_and_says_so(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")
    await _at(scene, clock, THURSDAY - timedelta(hours=1, seconds=1))
    before = _reminders(sari)

    await _at(scene, clock, THURSDAY + timedelta(hours=4))

    note = owner.reads()["text"]
    assert _reminders(sari) == before
    assert "Pengingat tidak dikirim" in note
    assert "Yang dilewati: satu jam sebelumnya, saat mulai" in note


async def test_after_the_start_and_before_the_end_the_way_in_still_comes_late(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")
    await _at(scene, clock, WEDNESDAY + timedelta(hours=2))

    await _at(scene, clock, THURSDAY + timedelta(minutes=30))

    assert _reminders(sari) == ["Besok ada sesi.", "Sesi dimulai."]
    assert "Pengingat ini terlambat" in sari.reads()["text"]
    assert "Yang dilewati: satu jam sebelumnya" in owner.reads()["text"]


async def test_a_session_that_is_over_before_its_hour_reminder_could_be_looked_at(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner, "Selasa 24 November 11.00-11.15")
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")

    await _at(scene, clock, datetime(2026, 11, 24, 4, 20, tzinfo=UTC))

    assert _reminders(sari) == []
    assert "Yang dilewati: satu jam sebelumnya, saat mulai" in owner.reads()["text"]


async def test_what_was_due_before_the_session_was_planned_concerns_nobody(
    scene: Scene, clock: ManualClock
) -> None:
    owner = scene.person("Owner")
    await plans(owner, "hari ini jam 9.30-10.30")
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")

    await _at(scene, clock, clock.now() + timedelta(minutes=1))
    early = _reminders(sari)
    await _at(scene, clock, clock.now() + timedelta(minutes=29))

    assert early == []
    assert _reminders(sari) == ["Sesi dimulai."]
    assert "Pengingat tidak dikirim" not in owner.reads()["text"]


async def test_reminders_move_with_the_session_and_go_with_it(scene: Scene, clock: ManualClock) -> None:
    owner = scene.person("Owner")
    await plans(owner)
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")
    await _at(scene, clock, WEDNESDAY + timedelta(hours=2))
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")
    await owner.presses(card, "Pindahkan")
    await owner.presses(await owner.asks("Jumat 27 November 09.00-11.00"), "Ya, benar")

    await _at(scene, clock, THURSDAY - timedelta(hours=1))
    at_the_old_hour = _reminders(sari)
    await _at(scene, clock, THURSDAY)  # the day before, 09.00 WIB
    the_day_before = _reminders(sari)
    (card,) = await owner.presses((await owner.presses(await owner.asks("/kelola"), "Sesi"))[0], "Klaim JKP")
    await owner.presses((await owner.presses(card, "Batalkan sesi"))[0], "Ya, batalkan")
    await _at(scene, clock, THURSDAY + timedelta(days=1))

    assert (await session(scene)).sequence == 2
    assert at_the_old_hour == ["Besok ada sesi."]
    assert the_day_before == ["Besok ada sesi.", "Besok ada sesi."]
    assert _reminders(sari) == the_day_before


async def test_across_midnight_the_day_before_is_that_of_each_zone(scene: Scene, clock: ManualClock) -> None:
    await plans(scene.person("Owner"), "Kamis 26 November 23.00-23.45 WIB")
    people = {zone: await member(scene, zone.name, zone.value) for zone in (Zone.WIB, Zone.WIT)}
    for each in people.values():
        await answers(each, "Hadir")

    # In Jayapura it begins at 01.00 on Friday: the day before is Thursday there, Wednesday in Jakarta.
    await _at(scene, clock, WEDNESDAY + timedelta(hours=2))
    on_wednesday = [len(_reminders(people[zone])) for zone in (Zone.WIB, Zone.WIT)]
    await _at(scene, clock, WEDNESDAY + timedelta(days=1))

    assert on_wednesday == [1, 0]
    assert [len(_reminders(people[zone])) for zone in (Zone.WIB, Zone.WIT)] == [1, 1]


async def test_two_looks_at_once_begin_a_reminder_once(scene: Scene, clock: ManualClock) -> None:
    await plans(scene.person("Owner"))
    sari = await member(scene, "Sari")
    await answers(sari, "Hadir")
    clock.advance(WEDNESDAY + timedelta(hours=2) - clock.now())

    for _ in range(3):
        await remind_of_sessions(scene.program.database, scene.program.services)
    await everything_sent(scene)

    assert len(await _mailings(scene)) == 1
    assert _reminders(sari) == ["Besok ada sesi."]
