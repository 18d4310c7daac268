"""The calendar file, read back by a library that did not write it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject

from bot.clock import ManualClock, Zone
from bot.services.calendars import CalendarEvent, calendar_file, event_uid

START = datetime(2025, 9, 25, 9, tzinfo=Zone.WIB.info)
CLOCK = ManualClock(datetime(2025, 9, 22, 3, 30, tzinfo=UTC))
EVENT = CalendarEvent(
    uid=event_uid("TanyaCoP_bot", 12),
    sequence=0,
    title="Sesi CoP: JKP, klaim; dan \\ lain-lain",
    start=START,
    end=START + timedelta(hours=2),
    organizer='Budi "BJ" Santoso, S.Sos.',
    bot_username="TanyaCoP_bot",
    description="Baris satu, titik koma; selesai.\nBaris dua: https://contoh.id/a?b=c&d",
    location="Aula Disnaker, Jl. Merdeka No. 1; lantai 2",
    url="https://zoom.example/j/123?pwd=abc",
)


def read_back(event: CalendarEvent) -> Any:
    """What vobject, which shares no code with icalendar, finds in the file."""
    return vobject.readOne(calendar_file(event, CLOCK).decode())


@pytest.mark.parametrize("zone", Zone, ids=lambda zone: zone.name)
def test_the_file_means_the_same_instants_in_every_zone(zone: Zone) -> None:
    local = datetime(2025, 9, 25, 9, tzinfo=zone.info)
    found = read_back(replace(EVENT, start=local, end=local + timedelta(hours=2))).vevent

    assert found.dtstart.value == local
    assert found.dtend.value == local + timedelta(hours=2)
    assert found.dtstart.value.astimezone(zone.info).hour == 9


def test_the_same_instant_written_in_three_zones_makes_the_same_file() -> None:
    files = {calendar_file(replace(EVENT, start=START.astimezone(zone.info)), CLOCK) for zone in Zone}

    assert len(files) == 1
    assert b"DTSTART:20250925T020000Z" in files.pop()


def test_texts_come_back_as_they_were_written() -> None:
    found = read_back(EVENT).vevent

    assert found.summary.value == EVENT.title
    assert found.description.value == EVENT.description
    assert found.location.value == EVENT.location
    assert found.url.value == EVENT.url
    assert found.organizer.value == "mailto:noreply@tanyacop_bot.invalid"
    assert found.organizer.params["CN"] == ["Budi 'BJ' Santoso, S.Sos."]


def test_an_update_keeps_its_uid_and_raises_its_number() -> None:
    first = read_back(EVENT).vevent
    moved = read_back(replace(EVENT, sequence=1, start=START + timedelta(days=1), end=None)).vevent

    assert moved.uid.value == first.uid.value == "sesi-12@tanyacop_bot.invalid"
    assert (first.sequence.value, moved.sequence.value) == ("0", "1")
    assert moved.dtstart.value == START + timedelta(days=1)
    assert "dtend" not in moved.contents


def test_a_cancellation_is_the_same_event_with_another_status_and_no_reminder() -> None:
    event = replace(EVENT, reminder=timedelta(hours=1))
    calendar, cancelled = read_back(event), read_back(replace(event, sequence=2, is_cancelled=True))

    assert calendar.vevent.status.value == "CONFIRMED"
    assert calendar.vevent.valarm.trigger.value == -timedelta(hours=1)
    assert cancelled.method.value == calendar.method.value == "PUBLISH"
    assert (cancelled.vevent.status.value, cancelled.vevent.sequence.value) == ("CANCELLED", "2")
    assert cancelled.vevent.uid.value == event.uid
    assert "valarm" not in cancelled.vevent.contents


def test_the_stamp_is_the_clocks() -> None:
    assert read_back(EVENT).vevent.dtstamp.value == CLOCK.now()


def test_nothing_that_people_write_can_add_a_line_of_its_own() -> None:
    evil = "Sesi\r\nATTENDEE:mailto:a@b.c\nEND:VEVENT\x00\u2028BEGIN:VALARM"
    event = replace(
        EVENT, title=evil, organizer=evil, description=evil, location=evil, url=f"https://a.b/\r\nX:{evil}"
    )
    found = read_back(event).vevent

    assert not {"attendee", "valarm"} & set(found.contents)
    assert found.summary.value.splitlines()[0] == "Sesi"


def test_no_line_is_longer_than_calendars_read_and_each_ends_as_they_ask() -> None:
    raw = calendar_file(replace(EVENT, title="Tañda é " * 60), CLOCK)

    assert raw.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert vobject.readOne(raw.decode()).vevent.summary.value == ("Tañda é " * 60).strip()
