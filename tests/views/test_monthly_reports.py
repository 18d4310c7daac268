"""The monthly report on paper: it stays on its pages, however much there is."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook

from bot.services.monthly_reports import (
    Asked,
    MonthlyReport,
    PlaceSatisfaction,
    ProvinceReach,
    Reach,
    Satisfaction,
    SessionLine,
    Unanswered,
    Verdicts,
    YearMonth,
)
from bot.services.provinces import PROVINCES
from bot.texts import LANGUAGES, texts
from bot.views import monthly_report_pdf, monthly_reports, pdf
from tests.papers import extent_of, page_count, rows_of, words_of

MADE_AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
LONG = "Penempatan kerja penyandang disabilitas di lingkungan pemerintah daerah: hambatan, peluang, dan pembelajaran"


def a_report(sessions: int = 2, provinces: int = 3, words: int = 2) -> MonthlyReport:
    """Everything of a month, in such amounts."""
    codes = list(PROVINCES)[:provinces]
    return MonthlyReport(
        month=YearMonth(2026, 11),
        made_at=MADE_AT,
        is_complete=True,
        reach=Reach(
            1712, 40, 1650, 31, 12, tuple(ProvinceReach(code, 45, 40, 21) for code in [*codes, None])
        ),
        sessions=tuple(
            SessionLine(LONG, MADE_AT - timedelta(days=n), None, 900, 300, 40, 812, 812, 640, 4.31, 0.87)
            for n in range(1, sessions + 1)
        ),
        cancelled=1,
        satisfaction=Satisfaction(
            2,
            1500,
            1210,
            1200,
            4.31,
            0.87,
            tuple(PlaceSatisfaction(code, 31, 4.3) for code in [*codes, None]),
        ),
        asked=Asked(
            900,
            412,
            700,
            90,
            60,
            50,
            (("Klaim JKP", 400), ("ULD", 300)),
            ((LONG + "?", 90), ("Apa itu JKP?", 80)),
        ),
        unanswered=Unanswered(50, 20, tuple((f"{LONG} {n}?", 3) for n in range(words))),
        verdicts=Verdicts(300, 21, (("unclear", 12), ("outdated", 8), ("", 1))),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sessions", "provinces", "words", "most"), [(0, 0, 0, 1), (2, 3, 2, 2), (30, 38, 30, 4)]
)
def test_everything_stays_within_the_margins_and_on_few_pages(
    language: str, sessions: int, provinces: int, words: int, most: int
) -> None:
    content = monthly_report_pdf.report(a_report(sessions, provinces, words), texts(language))

    assert page_count(content) <= most
    for left, top, right, bottom in extent_of(content):
        assert left >= pdf.MARGIN - 0.5
        assert top >= pdf.MARGIN - 0.5
        assert right <= 210 - pdf.MARGIN + 0.5
        assert bottom <= 297 - pdf.MARGIN + 0.5


def test_the_pages_say_what_there_is() -> None:
    read = words_of(monthly_report_pdf.report(a_report(sessions=30), texts("id")))

    for expected in (
        "Laporan bulanan CoP: November 2026",
        "Dibuat 1 Desember 2026 pukul 08.00 WIB. Tidak memuat nama.",
        "Anggota pada akhir bulan 1.712",
        "Kepuasan, rata-rata dari 5 4,3",
        "Dan 18 sesi lain",
        "Aceh 45 40 21",
        "Provinsi belum dipilih 45 40 21",
        "Digabung (jawaban sedikit) 31 4,3",
        "Aturannya sudah berubah 8",
        "Tanpa alasan 1",
    ):
        assert expected in read


def test_what_there_is_none_of_is_left_out() -> None:
    empty = a_report(0, 0, 0)
    nothing = Satisfaction(0, 0, 0, 0, None, None, ())
    report = MonthlyReport(**{**empty.__dict__, "satisfaction": nothing, "is_complete": False})

    read = words_of(monthly_report_pdf.report(report, texts("id")))
    figures = dict(monthly_reports.figures(report, texts("id")))

    assert "Kepuasan" not in read
    assert "Kepuasan, rata-rata dari 5" not in figures
    assert "Yang belum dapat dijawab" not in read
    assert "Bulan ini belum selesai" in read


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_has_a_name_that_spreadsheets_take(language: str) -> None:
    names = load_workbook(io.BytesIO(monthly_reports.sheet(a_report(), texts(language)))).sheetnames

    assert len(set(names)) == 8
    assert all(len(name) <= 31 for name in names)


def test_every_session_and_every_question_is_in_the_spreadsheet() -> None:
    content = monthly_reports.sheet(a_report(30, 38, 30), texts("en"))

    assert ("Members at the end of the month", 1712) in rows_of(content, 0)
    assert len(rows_of(content, 1)) == 1 + 39
    assert len(rows_of(content, 2)) == 1 + 30
    assert rows_of(content, 2)[1] == (
        LONG,
        "30 November 2026",
        "All of Indonesia",
        900,
        300,
        40,
        812,
        812,
        640,
        "4.3",
        "87%",
    )
    assert len(rows_of(content, 6)) == 1 + 30
    assert rows_of(content, 7)[1:] == [
        ("Hard to understand", 12),
        ("The rule has changed", 8),
        ("No reason given", 1),
    ]
