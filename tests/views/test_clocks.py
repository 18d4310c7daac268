"""One instant by three clocks, by one, and by the reader's own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import Zone
from bot.services.moments import Understood, read
from bot.simulator.markup_html import parse_html
from bot.texts import LANGUAGES, texts
from bot.views.clocks import day, one_clock, own_clock, three_clocks

ID, EN = texts("id"), texts("en")
START = datetime(2025, 9, 25, 2, tzinfo=UTC)  # 09.00 WIB
END = START + timedelta(hours=2)
LATE = datetime(2025, 9, 25, 16, 30, tzinfo=UTC)  # 23.30 WIB, 01.30 WIT of the 26th


def test_a_moment_by_three_clocks() -> None:
    assert three_clocks(START, None, ID) == "Kamis, 25 September 2025, 09.00 WIB / 10.00 WITA / 11.00 WIT"
    assert three_clocks(START, None, EN) == "Thursday, 25 September 2025, 09:00 WIB / 10:00 WITA / 11:00 WIT"


def test_a_period_by_three_clocks() -> None:
    assert (
        three_clocks(START, END, ID)
        == "Kamis, 25 September 2025, 09.00–11.00 WIB / 10.00–12.00 WITA / 11.00–13.00 WIT"
    )


def test_where_midnight_lies_between_the_zones_each_day_is_named() -> None:
    assert (
        three_clocks(LATE, None, ID)
        == "Kamis, 25 September 2025, 23.30 WIB / Jumat, 26 September 2025, 00.30 WITA / 01.30 WIT"
    )


def test_an_end_after_midnight_is_said_to_be_on_the_next_day() -> None:
    long_end = LATE + timedelta(days=3)

    assert (
        one_clock(LATE, LATE + timedelta(hours=1), Zone.WIB, ID)
        == "Kamis, 25 September 2025, 23.30–00.30 (keesokan harinya) WIB"
    )
    assert (
        one_clock(LATE, long_end, Zone.WIT, EN)
        == "Friday, 26 September 2025, 01:30–Monday, 29 September 2025, 01:30 WIT"
    )


def test_an_open_end_is_said() -> None:
    assert (
        one_clock(START, None, Zone.WITA, ID, is_open_ended=True)
        == "Kamis, 25 September 2025, 10.00 WITA sampai selesai"
    )
    assert three_clocks(START, None, ID, is_open_ended=True).endswith("11.00 WIT sampai selesai")
    assert own_clock(START, None, ID, is_open_ended=True).endswith("</tg-time> sampai selesai")


def test_the_readers_own_clock_is_an_entity_whose_text_is_the_three_clocks() -> None:
    shown, spans = parse_html(own_clock(START, None, ID))

    assert shown == three_clocks(START, None, ID)
    (span,) = spans
    assert (span.kind, span.start, span.end) == ("date_time", 0, len(shown))
    assert span.details == {"unix_time": int(START.timestamp()), "date_time_format": "wDt"}


def test_a_period_is_two_entities_and_reads_well_without_them() -> None:
    shown, spans = parse_html(own_clock(START, END, ID))

    assert (
        shown
        == "Kamis, 25 September 2025, 09.00 WIB / 10.00 WITA / 11.00 WIT sampai 11.00 WIB / 12.00 WITA / 13.00 WIT"
    )
    assert [span.details["unix_time"] for span in spans] == [int(START.timestamp()), int(END.timestamp())]
    assert [span.details["date_time_format"] for span in spans] == ["wDt", "t"]


def test_an_end_on_another_day_is_drawn_with_its_day() -> None:
    _, spans = parse_html(own_clock(LATE, LATE + timedelta(hours=1), ID))

    assert [span.details["date_time_format"] for span in spans] == ["wDt", "wDt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_month_has_its_own_name(language: str) -> None:
    dates = [START.date() + timedelta(days=each) for each in range(365)]

    assert len({day(each, texts(language)) for each in dates}) == 365


@settings(deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(LANGUAGES),
)
def test_what_is_shown_means_the_instant_when_it_is_typed_again(moment: datetime, language: str) -> None:
    """Three clocks copied from an announcement are understood as the moment that they came from, or asked."""
    start = moment.replace(second=0, microsecond=0)
    for zone in Zone:
        found = read(one_clock(start, None, zone, texts(language)), start - timedelta(days=30), Zone.WIT)
        if start.astimezone(zone.info).hour >= 5:
            assert isinstance(found, Understood), found
            assert (found.start, found.zone) == (start, zone)
