"""The dates of a series."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Zone
from bot.services.series import Rhythm, starts


def _days(first: str, rhythm: Rhythm, count: int) -> list[str]:
    begin = datetime.fromisoformat(first).replace(tzinfo=Zone.WIB.info)
    return [
        f"{each.astimezone(Zone.WIB.info):%m-%d %H:%M}" for each in starts(begin, rhythm, count, Zone.WIB)
    ]


def test_every_week_and_every_two_weeks_go_over_the_end_of_the_year() -> None:
    assert _days("2026-12-24 09:00", Rhythm.WEEKLY, 2) == ["12-31 09:00", "01-07 09:00"]
    assert _days("2026-12-24 09:00", Rhythm.BIWEEKLY, 2) == ["01-07 09:00", "01-21 09:00"]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-11-26 09:00", ["12-24 09:00", "01-28 09:00", "02-25 09:00"]),  # the fourth Thursday
        ("2026-10-29 09:00", ["11-26 09:00", "12-31 09:00", "01-28 09:00"]),  # the fifth, or the last
        ("2026-11-03 13:30", ["12-01 13:30", "01-05 13:30", "02-02 13:30"]),  # the first Tuesday
    ],
)
def test_every_month_is_the_same_weekday_of_the_same_week(first: str, expected: list[str]) -> None:
    assert _days(first, Rhythm.MONTHLY, 3) == expected


def test_the_weekday_is_that_of_the_zone() -> None:
    first = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)  # Tuesday, 1 December, 08.00 WIT: the first Tuesday

    (second,) = starts(first, Rhythm.MONTHLY, 1, Zone.WIT)

    assert second == datetime(2027, 1, 4, 23, 0, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)),
    st.sampled_from(Rhythm),
    st.integers(1, 12),
    st.sampled_from(Zone),
)
def test_all_come_later_at_the_same_hour_of_the_same_weekday(
    moment: datetime, rhythm: Rhythm, count: int, zone: Zone
) -> None:
    first = moment.replace(tzinfo=UTC)
    local = first.astimezone(zone.info)

    found = [first, *starts(first, rhythm, count, zone)]

    assert len(found) == count + 1
    assert all(
        timedelta(weeks=1) <= after - before <= timedelta(weeks=5) for before, after in pairwise(found)
    )
    assert {each.astimezone(zone.info).time() for each in found} == {local.time()}
    assert {each.astimezone(zone.info).weekday() for each in found} == {local.weekday()}
