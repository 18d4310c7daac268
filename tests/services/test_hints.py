"""What an organiser is told about a planned moment, and when people are left in peace."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import Zone
from bot.services.hints import (
    FastingAfternoon,
    FridayPrayer,
    JointLeave,
    PublicHoliday,
    TooEarly,
    TooLate,
    Weekend,
    hints,
    quiet_until,
    read_corrections,
)

ALL = tuple(Zone)


def at(text: str, zone: Zone = Zone.WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone.info).astimezone(UTC)


def test_an_ordinary_morning_needs_no_hint() -> None:
    assert hints(at("2025-09-25 09:00"), at("2025-09-25 11:00")) == []


def test_a_national_holiday_is_told_by_its_name() -> None:
    assert hints(at("2025-12-25 09:00"), None) == [PublicHoliday(date(2025, 12, 25), "Hari Raya Natal")]


def test_a_holiday_that_depends_on_the_moon_is_told_as_an_estimate() -> None:
    (found,) = hints(at("2028-02-28 09:00"), None)

    assert found == PublicHoliday(
        date(2028, 2, 28), "Hari kedua dari Hari Raya Idul Fitri", is_estimated=True
    )


def test_joint_leave_is_told_apart_from_holidays() -> None:
    assert hints(at("2025-12-26 09:00"), None) == [
        JointLeave(date(2025, 12, 26), "Cuti Bersama Hari Raya Natal")
    ]


def test_a_weekend_is_told_unless_it_is_a_holiday() -> None:
    assert hints(at("2025-09-27 09:00"), None) == [Weekend(date(2025, 9, 27), 5)]
    assert hints(at("2025-08-17 09:00"), None) == [
        PublicHoliday(date(2025, 8, 17), "Hari Kemerdekaan Republik Indonesia")
    ]


def test_a_period_over_several_days_names_each_free_one() -> None:
    found = hints(at("2025-12-24 19:00"), at("2025-12-26 08:00"), (Zone.WIB,))

    assert [type(hint) for hint in found] == [PublicHoliday, JointLeave, TooLate]


# Friday 26 September 2025 by the clock of Jakarta; the zones whose prayer it touches
@pytest.mark.parametrize(
    ("start", "end", "zones"),
    [
        ("09:00", "11:00", (Zone.WITA, Zone.WIT)),
        ("09:00", "09:30", ()),
        ("10:00", None, (Zone.WIT,)),
        ("11:30", None, (Zone.WIB, Zone.WITA)),
        ("13:00", "15:00", ()),
        ("12:59", None, (Zone.WIB,)),
        ("11:00", "11:30", (Zone.WITA,)),
    ],
)
def test_friday_prayer_is_told_for_the_zones_in_which_it_is(
    start: str, end: str | None, zones: tuple[Zone, ...]
) -> None:
    found = hints(at(f"2025-09-26 {start}"), None if end is None else at(f"2025-09-26 {end}"))

    assert [hint for hint in found if isinstance(hint, FridayPrayer)] == (
        [FridayPrayer(zones)] if zones else []
    )


def test_the_same_hour_on_a_thursday_is_no_prayer() -> None:
    assert hints(at("2025-09-25 11:30"), at("2025-09-25 13:00")) == []


def test_early_and_late_are_told_by_each_zones_clock() -> None:
    assert hints(at("2025-09-25 06:00"), None) == [TooEarly((Zone.WIB,))]
    assert hints(at("2025-09-25 18:30"), None) == [TooLate((Zone.WIT,))]


def test_a_session_that_runs_late_is_told_where_it_does() -> None:
    assert hints(at("2025-09-25 17:00"), at("2025-09-25 19:00")) == [TooLate((Zone.WIT,))]
    assert hints(at("2025-09-25 17:00"), at("2025-09-25 18:00")) == []


def test_only_the_zones_of_the_audience_count() -> None:
    assert hints(at("2025-09-25 18:30"), None, (Zone.WIB,)) == []


# Idul Fitri 2026 is 21 March; Ramadan has 29 or 30 days before it.
@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [
        ("2026-03-16 15:30", None, True),
        ("2026-03-16 14:00", "2026-03-16 15:30", True),
        ("2026-03-16 09:00", "2026-03-16 11:00", False),
        ("2026-02-20 15:30", None, True),
        ("2026-02-17 15:30", None, False),
        ("2026-04-15 15:30", None, False),
    ],
)
def test_an_afternoon_in_ramadan_is_told(start: str, end: str | None, is_told: bool) -> None:
    found = hints(at(start), None if end is None else at(end), (Zone.WIB,))

    assert any(isinstance(hint, FastingAfternoon) for hint in found) == is_told


def test_a_ramadan_that_is_estimated_is_told_as_such_also_over_the_new_year() -> None:
    found = hints(at("2032-12-15 15:30"), None, (Zone.WIB,))  # Idul Fitri is estimated for 3 January 2033

    assert FastingAfternoon((Zone.WIB,), is_estimated=True) in found


def test_the_file_of_corrections_adds_days_and_takes_them_away() -> None:
    added, removed = read_corrections(
        '[[add]]\ndate = 2027-03-16\nname = "Cuti Bersama"\nsource = "SKB"\n'
        '[[remove]]\ndate = 2027-03-15\nsource = "SKB"\n'
    )

    assert added == {date(2027, 3, 16): "Cuti Bersama"}
    assert removed == {date(2027, 3, 15)}


def test_a_day_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="source"):
        read_corrections('[[add]]\ndate = 2027-03-16\nname = "Cuti Bersama"\n')


# By the clock of the zone
@pytest.mark.parametrize("zone", ALL, ids=lambda zone: zone.name)
@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2025-09-25 09:00", "2025-09-25 09:00"),
        ("2025-09-25 19:59", "2025-09-25 19:59"),
        ("2025-09-25 20:00", "2025-09-26 07:00"),
        ("2025-09-25 23:59", "2025-09-26 07:00"),
        ("2025-09-26 00:00", "2025-09-26 07:00"),
        ("2025-09-26 06:59", "2025-09-26 07:00"),
        ("2025-09-26 07:00", "2025-09-26 07:00"),
    ],
)
def test_quiet_hours_end_at_seven_by_the_local_clock(zone: Zone, moment: str, due: str) -> None:
    assert quiet_until(at(moment, zone), zone) == at(due, zone)


def test_quiet_hours_can_lie_within_a_day_or_not_be_at_all() -> None:
    noon = at("2025-09-25 12:30")

    assert quiet_until(noon, Zone.WIB, time(12), time(13)) == at("2025-09-25 13:00")
    assert quiet_until(noon, Zone.WIB, time(7), time(7)) == noon


@settings(deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(Zone),
    st.times(),
    st.times(),
)
def test_what_is_due_after_quiet_hours_is_not_quiet_and_comes_within_a_day(
    moment: datetime, zone: Zone, begins: time, ends: time
) -> None:
    due = quiet_until(moment, zone, begins, ends)

    assert moment <= due < moment + timedelta(days=1)
    assert quiet_until(due, zone, begins, ends) == due
