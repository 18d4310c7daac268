"""Any date and hour, written as Indonesians write them, is read back as itself or asked; never as another."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import Zone
from bot.services.moments import Ask, Doubt, Past, Understood, read
from tests.services.test_moments import MOMENTS, NOW, PERIODS


def words(text: str) -> list[str]:
    return text.split()


MONTHS = words("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember")
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sept", "Okt", "Nop", "Des"]
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]

moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
zones = st.sampled_from(Zone)
minutes_of_day = st.integers(0, 1439).map(lambda each: time(each // 60, each % 60))

FULL_DATES: list[Callable[[date], str]] = [
    lambda day: f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day.day} {SHORT[day.month - 1]} {day.year}",
    lambda day: (
        f"hari {DAYS[day.weekday()].lower()} tgl {day.day} {MONTHS[day.month - 1].lower()} {day.year}"
    ),
    lambda day: f"tanggal {day.day} bulan {day.month} tahun {day.year}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}/{day.month}/{day:%y}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day}-{SHORT[day.month - 1]}-{day.year}",
    lambda day: f"{day:%Y-%m-%d}",
]
HOURS: list[Callable[[time], str]] = [
    lambda hour: f"pukul {hour:%H.%M}",
    lambda hour: f"jam {hour:%H:%M}",
    lambda hour: f"pkl. {hour:%H%M}",
    lambda hour: f"{hour:%H.%M}",
]


def spoken(hour: time) -> str:
    """ "jam setengah 8 malam", "jam 9 lewat 15 pagi": with the part of the day, by this test's own table."""
    table = [(5, "dini hari"), (11, "pagi"), (15, "siang"), (18, "sore"), (24, "malam")]
    part = next(name for until, name in table if hour.hour < until)
    if hour.minute == 30:
        return f"jam setengah {hour.hour % 12 + 1} {part}"
    passed = f" lewat {hour.minute}" if hour.minute else ""
    return f"jam {hour.hour % 12 or 12}{passed} {part}"


def utc(day: date, hour: time, zone: Zone) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone.info).astimezone(UTC)


def is_itself_or_asked(text: str, now: datetime, zone: Zone, start: datetime) -> None:
    match read(text, now, zone):
        case Understood() as found:
            assert found.start == start, text
        case Ask() as asked:
            starts = [option.start for option in asked.options]
            assert not starts or start in starts or start <= now, (text, asked)
        case Past() as past:
            assert past.start == start, text
            assert start <= now
        case other:
            pytest.fail(f"{text}: {other}")


@settings(deadline=None)
@given(
    moments, zones, st.integers(1, 390), minutes_of_day, st.sampled_from(FULL_DATES), st.sampled_from(HOURS)
)
def test_a_full_date_with_an_hour_is_read_as_itself(
    now: datetime,
    zone: Zone,
    ahead: int,
    hour: time,
    write_day: Callable[[date], str],
    write_hour: Callable[[time], str],
) -> None:
    day = now.astimezone(zone.info).date() + timedelta(days=ahead)
    text = f"{write_day(day)} {write_hour(hour)}"

    if hour.hour >= 5:
        found = read(text, now, zone)
        assert isinstance(found, Understood), (text, found)
    is_itself_or_asked(text, now, zone, utc(day, hour, zone))
    is_itself_or_asked(f"{write_hour(hour)} {write_day(day)}", now, zone, utc(day, hour, zone))


@settings(deadline=None)
@given(moments, zones, st.integers(0, 390), minutes_of_day, st.sampled_from(FULL_DATES))
def test_an_hour_as_it_is_spoken_is_read_as_itself_or_asked(
    now: datetime, zone: Zone, ahead: int, hour: time, write_day: Callable[[date], str]
) -> None:
    day = now.astimezone(zone.info).date() + timedelta(days=ahead)

    is_itself_or_asked(f"{write_day(day)} {spoken(hour)}", now, zone, utc(day, hour, zone))


@settings(deadline=None)
@given(moments, zones, zones, st.integers(1, 390), minutes_of_day, st.sampled_from(FULL_DATES))
def test_a_zone_that_is_named_counts_and_not_the_writers(
    now: datetime, own: Zone, named: Zone, ahead: int, hour: time, write_day: Callable[[date], str]
) -> None:
    day = now.astimezone(own.info).date() + timedelta(days=ahead)

    is_itself_or_asked(f"{write_day(day)} {hour:%H.%M} {named.name}", now, own, utc(day, hour, named))


@settings(deadline=None)
@given(moments, zones, st.integers(0, 364), minutes_of_day, st.sampled_from([MONTHS, SHORT]))
def test_a_date_without_a_year_is_the_next_one_or_asked(
    now: datetime, zone: Zone, ahead: int, hour: time, names: list[str]
) -> None:
    day = now.astimezone(zone.info).date() + timedelta(days=ahead)

    is_itself_or_asked(f"{day.day} {names[day.month - 1]} {hour:%H.%M}", now, zone, utc(day, hour, zone))
    is_itself_or_asked(f"{day.day}/{day.month} jam {hour:%H:%M}", now, zone, utc(day, hour, zone))


@settings(deadline=None)
@given(moments, zones, st.integers(0, 90), minutes_of_day)
def test_days_counted_from_today_are_read_as_themselves_or_asked(
    now: datetime, zone: Zone, ahead: int, hour: time
) -> None:
    day = now.astimezone(zone.info).date() + timedelta(days=ahead)
    texts = [f"{ahead} hari lagi" if ahead else "hari ini"]
    texts += {1: ["besok", "bsk", "tomorrow"], 2: ["lusa"]}.get(ahead, [])
    texts += [DAYS[day.weekday()], f"hari {DAYS[day.weekday()]}"] if ahead < 7 else []

    for text in texts:
        is_itself_or_asked(f"{text} {hour:%H.%M}", now, zone, utc(day, hour, zone))


@settings(deadline=None)
@given(moments, zones, st.integers(0, 6), minutes_of_day.filter(lambda hour: hour.hour >= 5))
def test_a_weekday_depan_is_one_of_its_two_readings_or_both_are_offered(
    now: datetime, zone: Zone, weekday: int, hour: time
) -> None:
    today = now.astimezone(zone.info).date()
    first = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    possible = [utc(first, hour, zone), utc(first + timedelta(days=7), hour, zone)]
    found = read(f"hari {DAYS[weekday]} depan pukul {hour:%H.%M}", now, zone)

    match found:
        case Understood():
            assert found.start == possible[0]
            assert today.weekday() >= weekday
        case Ask(doubt=Doubt.WEEK):
            assert [option.start for option in found.options] == possible
        case other:
            pytest.fail(str(other))


@settings(deadline=None)
@given(moments, zones, st.integers(1, 300), minutes_of_day, st.integers(1, 600))
def test_a_period_is_read_as_itself_or_asked(
    now: datetime, zone: Zone, ahead: int, hour: time, length: int
) -> None:
    day = now.astimezone(zone.info).date() + timedelta(days=ahead)
    start = utc(day, hour, zone)
    end = start + timedelta(minutes=length)
    local_end = end.astimezone(zone.info)

    for text in (
        f"{day:%d/%m/%Y} {hour:%H.%M}-{local_end:%H.%M}",
        f"{day:%d/%m/%Y} {hour:%H.%M} s.d. {local_end:%H.%M} {zone.name}",
        f"{day:%d/%m/%Y} {hour:%H.%M} selama {length} menit",
    ):
        found = read(text, now, zone)
        if isinstance(found, Understood):
            assert (found.start, found.end) == (start, end), text
        else:
            assert isinstance(found, Ask), text


@pytest.mark.parametrize("word", ["bukan", "xyz", "17", "kecuali", "±", "Kamisan", "1.700"])
def test_a_word_more_is_never_passed_over(word: str) -> None:
    """Wherever it stands, the text is asked back, or the word has changed what was understood."""
    for text in [row[0] for row in (*MOMENTS, *PERIODS)]:
        plain, pieces = read(text, NOW, Zone.WIB), text.split(" ")
        for place in range(len(pieces) + 1):
            longer = " ".join([*pieces[:place], word, *pieces[place:]])
            assert read(longer, NOW, Zone.WIB) != plain, longer


VOCABULARY = words(
    "besok lusa hari ini nanti Kamis Minggu minggu depan lalu bulan tahun jam pukul 9 10 25 09.00 "
    "13.30 25/9/25 25.9.2025 2025 September akhir setengah lewat kurang 15 pagi siang sore malam "
    "dini tengah WIB WITA - s.d. sampai selesai selama menit lagi tgl , / : dan atau am pm tomorrow "
    "next in 24.00 00.00 31 Februari malam ± 9an"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=9), moments, zones)
def test_whatever_is_written_ends_in_an_outcome_that_lies_ahead(
    pieces: list[str], now: datetime, zone: Zone
) -> None:
    found = read(" ".join(pieces), now, zone)

    if isinstance(found, Understood):
        assert found.start > now
        assert found.end is None or found.start < found.end <= found.start + timedelta(days=1)
    if isinstance(found, Ask):
        for option in found.options:
            assert option.start is None or option.start > now
            again = read(option.text, now, zone)
            assert isinstance(again, Understood | Ask), (pieces, option)
            if isinstance(again, Understood):
                assert (again.start, again.end) == (option.start, option.end), (pieces, option)
            else:
                assert (again.doubt, again.day, option.start) == (Doubt.HOUR, option.day, None), (
                    pieces,
                    option,
                )


@settings(deadline=None)
@given(st.text(max_size=60), moments)
def test_any_text_at_all_ends_in_an_outcome(text: str, now: datetime) -> None:
    found = read(text, now, Zone.WIB)

    assert not isinstance(found, Understood) or found.start > now
