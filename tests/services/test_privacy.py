"""The personal data guard."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.privacy import mask


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("nik saya 3273011234567890", "nik saya [NIK]"),
        ("3273 0112 3456 7890 gimana?", "[NIK] gimana?"),
        ("3273.0112.3456.7890", "[NIK]"),
        ("NIK: 327301-123456-7890.", "NIK: [NIK]."),
        ("３２７３０１１２３４５６７８９０", "[NIK]"),
        ("32\u200b73011234567890", "[NIK]"),
        ("٣٢٧٣٠١١٢٣٤٥٦٧٨٩٠", "[NIK]"),
        ("hp 0812-3456-7890 ya", "hp [telepon] ya"),
        ("wa +62 812 3456 7890", "wa [telepon]"),
        ("(021) 7654321", "[nomor]"),
        ("surel a.b+c@dinas.go.id", "surel [email]"),
        ("rek bca 12345678", "rek bca [nomor]"),
        ("rekening saya 1234 5678", "rekening saya [nomor]"),
        ("KPJ 12K34567890", "KPJ [nomor]"),
        ("kpj saya 12345678901", "kpj saya [nomor]"),
        ("nip 198501012010011001", "nip [nomor]"),
    ],
)
def test_what_identifies_a_person_is_masked(written: str, kept: str) -> None:
    masked = mask(written)

    assert masked.text == kept
    assert masked.was_masked


@pytest.mark.parametrize(
    "written",
    [
        "upah Rp5.000.000 x 6 = Rp18.000.000",
        "iuran Rp 1.250.000.000 setahun",
        "PP 6/2025 Pasal 21 ayat (1) huruf a",
        "PHK tanggal 03-01-2025 sampai 2025-02-07",
        "gaji 12.500.000 s/d 13.000.000",
        "masa iur 12 bulan dalam 24 bulan, kontrak 1/1/2024-31/12/2024",
        "upah 4500000 sebulan",
        "kuota 1% dari 400 pekerja",
        "telepon 175",
    ],
)
def test_money_dates_articles_and_counts_are_left_alone(written: str) -> None:
    masked = mask(written)

    assert masked.text == written
    assert not masked.was_masked


def test_control_characters_are_removed_since_postgresql_cannot_store_them() -> None:
    assert mask("a\x00b\x1fc\nd").text == "abc\nd"


@given(st.text(), st.from_regex(r"[1-9]\d{15}", fullmatch=True), st.text())
def test_no_nik_survives_whatever_stands_around_it(before: str, nik: str, after: str) -> None:
    assert nik not in mask(f"{before} {nik} {after}").text


@given(
    st.text(alphabet=st.characters(codec="ascii", exclude_characters="@\x00\x7f", categories=["L", "P", "Z"]))
)
def test_text_without_digits_is_left_alone(written: str) -> None:
    assert mask(written).text == written


def test_html_is_no_concern_of_the_guard() -> None:
    assert mask(html.escape("<b>apa?</b>")).text == "&lt;b&gt;apa?&lt;/b&gt;"
