"""What organisers type for a date and an hour: understood, told, or asked back; never understood wrongly.

The writer is in Jakarta, and it is Monday 22 September 2025, 10.30 WIB, unless a test says otherwise.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import Zone
from bot.services import moments
from bot.services.moments import (
    Ask,
    Assumed,
    Doubt,
    NoSuchDay,
    NoSuchHour,
    NotADate,
    Outcome,
    PartOfDay,
    Past,
    Understood,
)

NOW = datetime(2025, 9, 22, 3, 30, tzinfo=UTC)


def read(text: str, now: datetime = NOW, zone: Zone = Zone.WIB) -> Outcome:
    return moments.read(text, now, zone)


def at(text: str) -> datetime:
    """ "09-25 09.00 WITA", in 2025 unless there is a year, in WIB unless there is a zone; as UTC."""
    day, hour, *zone = text.split()
    year_first = day if len(day) > 5 else f"2025-{day}"
    local = datetime.fromisoformat(f"{year_first} {hour.replace('.', ':')}")
    return local.replace(tzinfo=Zone[zone[0] if zone else "WIB"].info).astimezone(UTC)


# What is written, when it starts.
MOMENTS = [
    ("Kamis 25 Sep 2025 pukul 09.00 WIB", "09-25 09.00"),
    ("Kamis, 25 September 2025 pukul 09.00 WIB", "09-25 09.00"),
    ("25 September 2025 jam 9 pagi", "09-25 09.00"),
    ("25 sept 2025 09.00", "09-25 09.00"),
    ("25 September 09.00", "09-25 09.00"),
    ("25 September jam 9", "09-25 09.00"),
    ("25/9/25 09.00", "09-25 09.00"),
    ("25/09/2025 09:00", "09-25 09.00"),
    ("25-09-2025 09.00", "09-25 09.00"),
    ("25.9.2025 09.00", "09-25 09.00"),
    ("25.9.25 jam 9", "09-25 09.00"),
    ("25/9 jam 9", "09-25 09.00"),
    ("25-Sep-2025 09.00", "09-25 09.00"),
    ("25 Sept '25 09.00", "09-25 09.00"),
    ("2025-09-25 09:00", "09-25 09.00"),
    ("2025-09-25T09:00", "09-25 09.00"),
    ("tgl 25 jam 9", "09-25 09.00"),
    ("tanggal 25 September pukul 9.00", "09-25 09.00"),
    ("tgl 25 bulan 9 tahun 2025 jam 09.00", "09-25 09.00"),
    ("tgl 25 bulan ini jam 9", "09-25 09.00"),
    ("tgl 12.10 jam 9", "10-12 09.00"),
    ("tgl 3 bulan depan jam 9", "10-03 09.00"),
    ("bulan depan tgl 3 jam 9", "10-03 09.00"),
    ("tanggal 20 jam 9", "10-20 09.00"),
    ("dua puluh lima September jam dua siang", "09-25 14.00"),
    ("10 Januari 09.00", "2026-01-10 09.00"),
    ("25 September tahun depan jam 9", "2026-09-25 09.00"),
    ("5 Agst 2026 09.00", "2026-08-05 09.00"),
    ("5 Nopember 2025 09.00", "11-05 09.00"),
    ("September 25, 2025 at 9 am", "09-25 09.00"),
    ("Sep 25th at 3pm", "09-25 15.00"),
    ("besok jam 9", "09-23 09.00"),
    ("besok pukul 09.00", "09-23 09.00"),
    ("bsk jm 9", "09-23 09.00"),
    ("bsk pkl 09.00", "09-23 09.00"),
    ("besok jam9", "09-23 09.00"),
    ("jam 9 besok", "09-23 09.00"),
    ("besok 9 pagi", "09-23 09.00"),
    ("besok pagi jam 9", "09-23 09.00"),
    ("besok 0900", "09-23 09.00"),
    ("besok pukul 0900 WIB", "09-23 09.00"),
    ("besok ９．００ WIB", "09-23 09.00"),
    ("besok 09∶00", "09-23 09.00"),
    ("besok ٠٩:٠٠", "09-23 09.00"),
    ("besok jam 9 teng", "09-23 09.00"),
    ("mohon besok jam 9 ya pak", "09-23 09.00"),
    ("besok jam sembilan", "09-23 09.00"),
    ("BESOK JAM SEPULUH PAGI", "09-23 10.00"),
    ("besok jam 12", "09-23 12.00"),
    ("besok jam 12 siang", "09-23 12.00"),
    ("besok tengah hari", "09-23 12.00"),
    ("besok jam 3 sore", "09-23 15.00"),
    ("besok 15.00", "09-23 15.00"),
    ("besok pukul 07.00 malam", "09-23 19.00"),
    ("besok pukul 07.30", "09-23 07.30"),
    ("besok setengah 8 pagi", "09-23 07.30"),
    ("besok jam setengah 8 malam", "09-23 19.30"),
    ("besok jam setengah 10", "09-23 09.30"),
    ("besok setengah 1 siang", "09-23 12.30"),
    ("besok pukul 9 lewat 15", "09-23 09.15"),
    ("besok jam 9 lewat seperempat", "09-23 09.15"),
    ("besok jam 10 kurang 10", "09-23 09.50"),
    ("besok jam 1 kurang 10 siang", "09-23 12.50"),
    ("besok dini hari jam 2", "09-23 02.00"),
    ("besok subuh jam 5", "09-23 05.00"),
    ("besok 24.00", "09-24 00.00"),
    ("lusa pukul 10.00", "09-24 10.00"),
    ("lusa siang jam setengah dua", "09-24 13.30"),
    ("lusa Rabu jam 9", "09-24 09.00"),
    ("3 hari lagi jam 9", "09-25 09.00"),
    ("nanti malam jam 7", "09-22 19.00"),
    ("malam ini jam 8", "09-22 20.00"),
    ("nanti sore jam 4", "09-22 16.00"),
    ("nanti jam 15.00", "09-22 15.00"),
    ("hari ini pukul 14.00", "09-22 14.00"),
    ("tonight at 8", "09-22 20.00"),
    ("2 jam lagi", "09-22 12.30"),
    ("30 menit lagi", "09-22 11.00"),
    ("setengah jam lagi", "09-22 11.00"),
    ("satu setengah jam lagi", "09-22 12.00"),
    ("1 jam 30 menit lagi", "09-22 12.00"),
    ("sejam lagi", "09-22 11.30"),
    ("in 2 hours", "09-22 12.30"),
    ("Kamis jam 9", "09-25 09.00"),
    ("hari kamis jam 9", "09-25 09.00"),
    ("Jum'at jam 13.30", "09-26 13.30"),
    ("jumat' jam 13.30", "09-26 13.30"),
    ("Jumat 13.30", "09-26 13.30"),
    ("hari Minggu jam 9", "09-28 09.00"),
    ("Minggu 28 September 09.00", "09-28 09.00"),
    ("Senin depan jam 9", "09-29 09.00"),
    ("Senin minggu depan jam 9", "09-29 09.00"),
    ("minggu depan hari Senin jam 9", "09-29 09.00"),
    ("Kamis pekan depan jam 9", "10-02 09.00"),
    ("Kamis depan tanggal 2 Oktober jam 9", "10-02 09.00"),
    ("Kamis ini jam 9", "09-25 09.00"),
    ("Kamis malam pukul 19.30", "09-25 19.30"),
    ("Sabtu malam Minggu jam 7", "09-27 19.00"),
    ("jam 7 malam Jumat 26 September", "09-26 19.00"),
    ("Kamis 13.30 WITA", "09-25 13.30 WITA"),
    ("Kamis jam 9 waktu Indonesia timur", "09-25 09.00 WIT"),
    ("besok jam 9 WIT", "09-23 09.00 WIT"),
    ("WITA besok jam 9", "09-23 09.00 WITA"),
    ("besok jam 9 gmt+8", "09-23 09.00 WITA"),
    ("Kamis 09.00 WIB / 10.00 WITA / 11.00 WIT", "09-25 09.00"),
    ("25 September 2025 - 09.00 WIB", "09-25 09.00"),
    ("📅 Kamis, 25 September 2025 🕘 09.00 WIB", "09-25 09.00"),
    ("tomorrow 9am", "09-23 09.00"),
    ("tomorrow at 3pm", "09-23 15.00"),
    ("Thursday at half past 9 am", "09-25 09.30"),
]

# What is written, when it starts, when it ends.
PERIODS = [
    ("lusa pukul 10.00-12.00", "09-24 10.00", "09-24 12.00"),
    ("lusa 10.00 – 12.00", "09-24 10.00", "09-24 12.00"),
    ("besok 0900-1100 WIB", "09-23 09.00", "09-23 11.00"),
    ("besok jam 9-11", "09-23 09.00", "09-23 11.00"),
    ("besok 9-11 pagi", "09-23 09.00", "09-23 11.00"),
    ("besok 9am-11am", "09-23 09.00", "09-23 11.00"),
    ("besok jam 10 pagi s.d. 12 siang", "09-23 10.00", "09-23 12.00"),
    ("besok jam 9 s/d 3 sore", "09-23 09.00", "09-23 15.00"),
    ("besok jam 1-3 siang", "09-23 13.00", "09-23 15.00"),
    ("besok jam 11-1 siang", "09-23 11.00", "09-23 13.00"),
    ("besok jam 8-10 malam", "09-23 20.00", "09-23 22.00"),
    ("besok jam 7 malam sampai 9", "09-23 19.00", "09-23 21.00"),
    ("besok sore jam 4 sampai jam 6", "09-23 16.00", "09-23 18.00"),
    ("besok dari jam 9 sampai dengan jam 11", "09-23 09.00", "09-23 11.00"),
    ("besok mulai jam 9 selesai jam 11", "09-23 09.00", "09-23 11.00"),
    ("besok jam 9 hingga 10.30", "09-23 09.00", "09-23 10.30"),
    ("besok jam 9 selama 2 jam", "09-23 09.00", "09-23 11.00"),
    ("besok jam 9 durasi 90 menit", "09-23 09.00", "09-23 10.30"),
    ("besok jam 9 selama 1,5 jam", "09-23 09.00", "09-23 10.30"),
    ("besok jam 9-11 selama 2 jam", "09-23 09.00", "09-23 11.00"),
    ("besok 22.00-01.00", "09-23 22.00", "09-24 01.00"),
    ("besok jam 10 malam sampai jam 2", "09-23 22.00", "09-24 02.00"),
    ("besok 20.00-24.00", "09-23 20.00", "09-24 00.00"),
    ("2 jam lagi selama 1 jam", "09-22 12.30", "09-22 13.30"),
    ("Senin, 29 September 2025; 08.30 - 16.00 WITA", "09-29 08.30 WITA", "09-29 16.00 WITA"),
    ("besok 10.00 s.d. 12.00 WITA (09.00 s.d. 11.00 WIB)", "09-23 10.00 WITA", "09-23 12.00 WITA"),
    ("besok jam 9 WIB sampai 12 WITA", "09-23 09.00", "09-23 12.00 WITA"),
    ("25 September 09.00 s.d. 25 September 11.00", "09-25 09.00", "09-25 11.00"),
    ("Hari/Tanggal : Kamis, 25 September 2025\nPukul : 09.00 - 11.00 WIB", "09-25 09.00", "09-25 11.00"),
    ("Selasa 30/9 jam 13.00 - 15.00", "09-30 13.00", "09-30 15.00"),
]

# What is written, what is asked, and the readings that are offered.
ASKED = [
    ("besok", Doubt.HOUR, []),
    ("besok pagi", Doubt.HOUR, []),
    ("25 September", Doubt.HOUR, []),
    ("Kamis depan tanggal 2 Oktober", Doubt.HOUR, []),
    ("besok bakda magrib", Doubt.HOUR, []),
    ("besok jam 9.5", Doubt.HOUR, []),
    ("jam 9", Doubt.DAY, ["09-23 09.00"]),
    ("pukul 15.00 WIT", Doubt.DAY, ["09-22 15.00 WIT", "09-23 15.00 WIT"]),
    ("H-1 jam 9", Doubt.DAY, []),
    ("besok jam 7", Doubt.HALF_OF_DAY, ["09-23 07.00", "09-23 19.00"]),
    ("besok jam setengah 8", Doubt.HALF_OF_DAY, ["09-23 07.30", "09-23 19.30"]),
    ("besok jam 3", Doubt.HALF_OF_DAY, ["09-23 15.00", "09-23 03.00"]),
    ("besok jam 1-3", Doubt.HALF_OF_DAY, ["09-23 13.00", "09-23 01.00"]),
    ("besok 02.00", Doubt.HALF_OF_DAY, ["09-23 02.00", "09-23 14.00"]),
    ("tomorrow at 3", Doubt.HALF_OF_DAY, ["09-23 15.00", "09-23 03.00"]),
    ("hari ini jam 9", Doubt.HALF_OF_DAY, ["09-22 21.00"]),
    ("nanti jam 3", Doubt.HALF_OF_DAY, ["09-22 15.00"]),
    ("besok 00.00", Doubt.NIGHT, ["09-23 00.00", "09-24 00.00"]),
    ("besok jam 12 malam", Doubt.NIGHT, ["09-23 00.00", "09-24 00.00"]),
    ("besok tengah malam", Doubt.NIGHT, ["09-23 00.00", "09-24 00.00"]),
    ("besok jam 1 malam", Doubt.NIGHT, ["09-23 01.00", "09-24 01.00"]),
    ("malam Jumat jam 7", Doubt.NIGHT, ["09-25 19.00", "09-26 19.00"]),
    ("malam Jumat 26 September jam 7", Doubt.NIGHT, ["09-25 19.00", "09-26 19.00"]),
    ("nanti dini hari jam 2", Doubt.NIGHT, ["09-23 02.00"]),
    ("Kamis depan pukul 13.30 WITA", Doubt.WEEK, ["09-25 13.30 WITA", "10-02 13.30 WITA"]),
    ("next Thursday at 9am", Doubt.WEEK, ["09-25 09.00", "10-02 09.00"]),
    ("Senin jam 14.00", Doubt.WEEK, ["09-22 14.00", "09-29 14.00"]),
    ("hari Minggu minggu depan jam 9", Doubt.WEEK, ["09-28 09.00", "10-05 09.00"]),
    ("Rabu 25 September 2025 jam 9", Doubt.WEEKDAY, ["09-25 09.00", "09-24 09.00"]),
    ("besok Kamis jam 9", Doubt.WEEKDAY, ["09-23 09.00", "09-25 09.00"]),
    ("akhir bulan", Doubt.WHICH_DAY, []),
    ("akhir September jam 9", Doubt.WHICH_DAY, []),
    ("bulan depan jam 9", Doubt.WHICH_DAY, []),
    ("Oktober jam 9", Doubt.WHICH_DAY, []),
    (
        "pekan depan jam 9",
        Doubt.WHICH_DAY,
        ["09-29 09.00", "09-30 09.00", "10-01 09.00", "10-02 09.00", "10-03 09.00"],
    ),
    ("3 bulan depan jam 9", Doubt.WHICH_DAY, ["10-03 09.00", "12-22 09.00"]),
    ("2 minggu lagi jam 9", Doubt.WHICH_DAY, ["10-06 09.00"]),
    ("tanggal 31 jam 9", Doubt.WHICH_DAY, ["10-31 09.00"]),
    ("20 September jam 9", Doubt.YEAR, ["2026-09-20 09.00"]),
    ("25 September 2030 09.00", Doubt.YEAR, ["2030-09-25 09.00"]),
    ("tgl 29 Februari 09.00", Doubt.YEAR, ["2028-02-29 09.00"]),
    ("besok 10.00-09.00", Doubt.ORDER, []),
    ("Kamis depan 10.00-09.00", Doubt.ORDER, []),
    ("besok 09.00-3", Doubt.ORDER, ["09-23 09.00"]),
    ("25-27 September 2025", Doubt.SEVERAL_DAYS, []),
    ("25 dan 26 September jam 9", Doubt.SEVERAL_DAYS, []),
    ("Senin-Rabu jam 9", Doubt.SEVERAL_DAYS, []),
    ("Kamis 09.00 - Jumat 12.00", Doubt.SEVERAL_DAYS, []),
    ("25 September-2 Oktober jam 9", Doubt.SEVERAL_DAYS, ["09-25 09.00", "10-02 09.00"]),
    ("besok jam 9 atau jam 10", Doubt.SEVERAL_HOURS, ["09-23 09.00", "09-23 10.00"]),
    ("besok 09.00 WIB / 10.00 WITA / 12.00 WIT", Doubt.SEVERAL_HOURS, ["09-23 09.00", "09-23 10.00"]),
    ("besok lusa jam 9", Doubt.CONTRADICTION, ["09-23 09.00", "09-24 09.00"]),
    ("besok tanggal 24 jam 9", Doubt.CONTRADICTION, ["09-23 09.00", "09-24 09.00"]),
    ("besok pagi jam 3 sore", Doubt.CONTRADICTION, []),
    ("besok jam 15 pagi", Doubt.CONTRADICTION, []),
    ("besok jam 12 pagi", Doubt.CONTRADICTION, []),
    ("besok jam 9 Mei", Doubt.CONTRADICTION, ["09-23 09.00"]),
    ("besok jam 9-11 selama 3 jam", Doubt.CONTRADICTION, []),
    ("besok jam 9 WIB WITA", Doubt.CONTRADICTION, []),
    ("besok 2 jam lagi", Doubt.CONTRADICTION, []),
    ("besok sekitar jam 9", Doubt.APPROXIMATE, ["09-23 09.00"]),
    ("besok jam 9an", Doubt.APPROXIMATE, ["09-23 09.00"]),
    ("besok kurang lebih jam 9", Doubt.APPROXIMATE, ["09-23 09.00"]),
    ("Rapat besok jam 9", Doubt.UNREAD, ["09-23 09.00"]),
    ("besok jam 9 (tentatif)", Doubt.UNREAD, ["09-23 09.00"]),
    ("bukan besok jam 9", Doubt.UNREAD, []),
    ("setiap Kamis jam 9", Doubt.UNREAD, []),
    ("sebelum besok jam 9", Doubt.UNREAD, []),
    ("2 hari sebelum 25 September jam 9", Doubt.UNREAD, []),
    ("besok jam 10 sampai siang", Doubt.UNREAD, []),
    ("besok jam 10 - siang", Doubt.UNREAD, []),
    ("besok jam 9 utc", Doubt.UNREAD, []),
    ("besok jam 9 30", Doubt.UNREAD, []),
    ("besok jam 9 2 jam", Doubt.UNREAD, []),
    ("besok jam 9 selama setengah menit", Doubt.UNREAD, ["09-23 09.00"]),
    ("Kamis 25 jam 9", Doubt.UNREAD, []),
    ("minggu ke-2 Oktober jam 9", Doubt.UNREAD, []),
    ("besok jam 9 waktu setempat", Doubt.UNREAD, ["09-23 09.00"]),
    ("Senin pertama Oktober jam 9", Doubt.CONTRADICTION, []),
    ("besok jam 10 malam s.d. 5 pagi", Doubt.ORDER, []),
    ("besok jam 9 siang", Doubt.CONTRADICTION, []),
    ("Kamis tgl 25 bulan depan jam 9", Doubt.WEEKDAY, ["10-25 09.00", "10-23 09.00"]),
]

REFUSED: list[tuple[str, Outcome]] = [
    ("31 Februari jam 9", NoSuchDay("31 Februari", 28)),
    ("29 Februari 2026 09.00", NoSuchDay("29 Februari 2026", 28)),
    ("31 September", NoSuchDay("31 September", 30)),
    ("30/2/2026 09.00", NoSuchDay("30/2/2026", 28)),
    ("12/25/2025 09.00", NoSuchDay("12/25/2025")),
    ("0/9/2025", NoSuchDay("0/9/2025", 30)),
    ("tgl 45 jam 9", NoSuchDay("tgl 45")),
    ("tgl 31 bulan 9 2025", NoSuchDay("tgl 31 bulan 9 2025", 30)),
    ("besok 25.00", NoSuchHour("25.00")),
    ("besok 09.75", NoSuchHour("09.75")),
    ("besok jam 25", NoSuchHour("25")),
    ("besok 24.30", NoSuchHour("24.30")),
    ("kemarin jam 9", Past(Zone.WIB, date(2025, 9, 21))),
    ("Kamis lalu jam 9", Past(Zone.WIB, None)),
    ("tadi pagi", Past(Zone.WIB, None)),
    ("minggu lalu", Past(Zone.WIB, None)),
    ("hari ini jam 8 pagi", Past(Zone.WIB, date(2025, 9, 22), at("09-22 08.00"))),
    ("25 September 2024 09.00", Past(Zone.WIB, date(2024, 9, 25), at("2024-09-25 09.00"))),
    ("Sabtu 20 September jam 9", Past(Zone.WIB, date(2025, 9, 20), at("09-20 09.00"))),
    ("tgl 20 bulan ini jam 9", Past(Zone.WIB, date(2025, 9, 20), at("09-20 09.00"))),
    ("1/9/2025", Past(Zone.WIB, date(2025, 9, 1))),
    ("", NotADate()),
    ("halo apa kabar", NotADate()),
    ("selamat pagi", NotADate()),
    ("kapan saja", NotADate()),
    ("jam berapa", NotADate()),
    ("2 jam", NotADate()),
    ("https://example.org/sesi", NotADate()),
]


def _ids(rows: list[tuple[str, str]] | list[tuple[str, str, str]]) -> list[str]:
    return [row[0] for row in rows]


@pytest.mark.parametrize(("text", "start"), MOMENTS, ids=_ids(MOMENTS))
def test_a_moment_is_understood(text: str, start: str) -> None:
    found = read(text)

    assert isinstance(found, Understood), found
    assert (found.start, found.end) == (at(start), None)


@pytest.mark.parametrize(("text", "start", "end"), PERIODS, ids=_ids(PERIODS))
def test_a_period_is_understood(text: str, start: str, end: str) -> None:
    found = read(text)

    assert isinstance(found, Understood), found
    assert (found.start, found.end) == (at(start), at(end))


@pytest.mark.parametrize(("text", "doubt", "offered"), ASKED, ids=[row[0] for row in ASKED])
def test_what_is_missing_or_doubtful_is_asked_back(text: str, doubt: Doubt, offered: list[str]) -> None:
    found = read(text)

    assert isinstance(found, Ask), found
    assert found.doubt is doubt
    starts = [option.start for option in found.options]
    assert starts[: len(offered)] == [at(each) for each in offered]
    assert bool(starts) == bool(offered)


@pytest.mark.parametrize(("text", "outcome"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_or_has_passed_is_told(text: str, outcome: Outcome) -> None:
    assert read(text) == outcome


@pytest.mark.parametrize("text", [row[0] for row in ASKED])
def test_every_offered_reading_is_understood_when_it_is_taken(text: str) -> None:
    found = read(text)
    assert isinstance(found, Ask)

    for option in found.options:
        again = read(option.text)

        if option.start is None:
            assert isinstance(again, Ask)
            assert (again.doubt, again.day) == (Doubt.HOUR, option.day)
        else:
            assert isinstance(again, Understood), option
            assert (again.start, again.end) == (option.start, option.end)


# Friday 26 September, 10.30 WIB
@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Kamis depan pukul 13.30 WITA", "10-02 13.30 WITA"),
        ("Senin depan jam 9", "09-29 09.00"),
        ("Jumat depan jam 9", "10-03 09.00"),
        ("Senin jam 9", "09-29 09.00"),
    ],
)
def test_depan_is_certain_where_both_ways_to_count_it_agree(text: str, start: str) -> None:
    found = read(text, NOW + timedelta(days=4))

    assert isinstance(found, Understood), found
    assert found.start == at(start)


@pytest.mark.parametrize("text", ["Senin depan jam 9", "Senin minggu depan jam 9"])
def test_on_a_sunday_the_next_week_is_asked_since_some_calendars_have_begun_it(text: str) -> None:
    found = read(text, datetime(2025, 9, 28, 3, 30, tzinfo=UTC))

    assert isinstance(found, Ask)
    assert found.doubt is Doubt.WEEK
    assert [option.day for option in found.options] == [date(2025, 9, 29), date(2025, 10, 6)]


def test_a_time_without_a_zone_takes_the_writers_own() -> None:
    found = read("besok jam 9", zone=Zone.WIT)

    assert isinstance(found, Understood)
    assert (found.start, found.zone, found.was_zone_given) == (at("09-23 09.00 WIT"), Zone.WIT, False)


def test_a_time_with_a_zone_keeps_it() -> None:
    found = read("besok jam 9 WIB", zone=Zone.WIT)

    assert isinstance(found, Understood)
    assert (found.start, found.zone, found.was_zone_given) == (at("09-23 09.00"), Zone.WIB, True)


def test_the_calendar_of_the_writers_own_zone_says_which_day_besok_is() -> None:
    late_in_jakarta = at("09-22 23.30")  # 01.30 of the 23rd in Jayapura

    found = read("besok jam 9", late_in_jakarta, Zone.WIB)

    assert isinstance(found, Understood)
    assert found.start == at("09-23 09.00")


def test_besok_in_a_zone_where_it_is_already_tomorrow_is_asked() -> None:
    found = read("besok jam 9 WIT", at("09-22 23.30"), Zone.WIB)

    assert isinstance(found, Ask)
    assert found.doubt is Doubt.TODAY
    assert {option.day for option in found.options} >= {date(2025, 9, 23), date(2025, 9, 24)}


def test_besok_in_the_small_hours_is_asked() -> None:
    found = read("besok jam 9", at("09-23 01.00"))

    assert isinstance(found, Ask)
    assert found.doubt is Doubt.TODAY
    assert [option.start for option in found.options] == [at("09-23 09.00"), at("09-24 09.00")]


def test_what_a_rule_supplied_is_told() -> None:
    given: dict[str, set[Assumed]] = {
        "25 September 2025 pukul 09.00": set(),
        "25 September pukul 09.00": {Assumed.YEAR},
        "tanggal 25 jam 9": {Assumed.MONTH, Assumed.HALF_OF_DAY},
        "nanti jam 15.00": {Assumed.TODAY},
    }

    for text, assumed in given.items():
        found = read(text)
        assert isinstance(found, Understood)
        assert found.assumed == assumed, text


def test_an_open_end_is_kept_apart_from_one_that_was_not_named() -> None:
    until_done, unnamed = read("besok 09.00 WIB s.d. selesai"), read("besok 09.00 WIB")

    assert isinstance(until_done, Understood)
    assert isinstance(unnamed, Understood)
    assert (until_done.is_open_ended, unnamed.is_open_ended) == (True, False)


def test_a_question_carries_what_was_understood_so_far() -> None:
    hour, day, weekday, unread = (
        read(text)
        for text in ("besok pagi", "jam 9 s.d. 11", "Rabu 25 September 2025 jam 9", "Rapat Besok jam 9")
    )

    assert isinstance(hour, Ask)
    assert (hour.day, hour.part) == (date(2025, 9, 23), PartOfDay.MORNING)
    assert isinstance(day, Ask)
    assert [str(each) for each in (day.start, day.end)] == ["09:00:00", "11:00:00"]
    assert isinstance(weekday, Ask)
    assert weekday.written_weekday == 2
    assert isinstance(unread, Ask)
    assert unread.unread == "Rapat"


# The first message, the answer, the start
@pytest.mark.parametrize(
    ("first", "said", "start"),
    [
        ("besok", "9", "09-23 09.00"),
        ("besok pagi", "jam 9", "09-23 09.00"),
        ("besok malam", "8", "09-23 20.00"),
        ("25 September", "13.30 WITA", "09-25 13.30 WITA"),
        ("jam 9", "Kamis", "09-25 09.00"),
        ("jam 9", "25 September", "09-25 09.00"),
        ("besok", "Kamis jam 10", "09-25 10.00"),
    ],
)
def test_an_answer_is_read_with_what_was_said_before(first: str, said: str, start: str) -> None:
    asked = read(first)
    assert isinstance(asked, Ask)

    found = moments.answer(asked.earlier, said, NOW, Zone.WIB)

    assert isinstance(found, Understood), found
    assert found.start == at(start)


def test_besok_stays_the_same_day_when_the_answer_comes_after_midnight() -> None:
    asked = read("besok", at("09-22 23.58"))
    assert isinstance(asked, Ask)

    found = moments.answer(asked.earlier, "jam 9", at("09-23 00.02"), Zone.WIB)

    assert isinstance(found, Understood)
    assert found.start == at("09-23 09.00")


def test_an_answer_that_is_no_date_is_told_so() -> None:
    asked = read("besok")
    assert isinstance(asked, Ask)

    assert moments.answer(asked.earlier, "terserah", NOW, Zone.WIB) == NotADate()


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("11.00", "09-25 11.00"),
        ("jam 11", "09-25 11.00"),
        ("11", "09-25 11.00"),
        ("jam 3 sore", "09-25 15.00"),
        ("2 jam", "09-25 11.00"),
        ("selama 90 menit", "09-25 10.30"),
        ("12.00 WITA", "09-25 12.00 WITA"),
    ],
)
def test_an_end_is_an_hour_or_a_length(text: str, end: str) -> None:
    found = moments.read_end(text, at("09-25 09.00"), NOW, Zone.WIB)

    assert isinstance(found, Understood), found
    assert (found.start, found.end) == (at("09-25 09.00"), at(end))


def test_an_end_can_be_open_and_must_come_after_the_start() -> None:
    done = moments.read_end("sampai selesai", at("09-25 09.00"), NOW, Zone.WIB)
    before = moments.read_end("08.00", at("09-25 09.00"), NOW, Zone.WIB)

    assert isinstance(done, Understood)
    assert (done.end, done.is_open_ended) == (None, True)
    assert isinstance(before, Ask)
    assert before.doubt is Doubt.ORDER


def test_seconds_are_rounded_up_so_that_nothing_comes_early() -> None:
    found = read("30 menit lagi", NOW + timedelta(seconds=20))

    assert isinstance(found, Understood)
    assert found.start == at("09-22 11.01")


def test_a_long_text_is_read_in_a_moment() -> None:
    """Every token is taken once; a text of Telegram's full length ends as a question, not as a wait."""
    found = read("besok jam 9 dan " * 256)

    assert isinstance(found, Ask)
    assert len(found.options) <= 7
