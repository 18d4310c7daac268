"""Reading and writing spreadsheets."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from bot.services.directory_sheet import Read, Row, SheetFault, read_rows
from bot.services.sheets import MOST_ROWS, Line, Sheet, Table, Unreadable, read, write
from db.models import ListedRole


def test_what_is_written_reads_the_same() -> None:
    rows = [("Sari", "=1+1", "12"), ("Bu\x07di", "dua\nbaris", "")]

    (sheet,) = read("daftar.xlsx", write(Table("Daftar", ("a", "b", "c"), rows)))

    assert sheet == Sheet(
        "Daftar",
        (
            Line(1, ("a", "b", "c")),
            Line(2, ("Sari", "=1+1", "12")),
            Line(3, ("Budi", "dua baris", "")),
        ),
    )


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_files_are_read_however_they_were_saved(separator: str, encoding: str) -> None:
    text = separator.join(("nama", "provinsi")) + "\r\n" + separator.join(("André", "Bali")) + "\r\n"

    (sheet,) = read("daftar.csv", text.encode(encoding))

    assert sheet.lines == (Line(1, ("nama", "provinsi")), Line(2, ("André", "Bali")))


def test_empty_rows_count_but_are_left_out() -> None:
    (sheet,) = read("daftar.csv", b"nama;provinsi\n\n;\nSari;Bali\n")

    assert [line.number for line in sheet.lines] == [1, 4]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 and nothing more"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0 an old office file"),
        ("a.csv", b"\0\0\0"),
        ("a.png", b"\x89PNG"),
        ("a.csv", b"x\n" * (MOST_ROWS + 1)),
    ],
    ids=["broken", "old", "binary", "picture", "too many rows"],
)
def test_what_is_no_sheet_is_said_to_be_none(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(name, content)


def test_a_small_file_that_unpacks_to_a_very_large_one_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)

    assert len(packed.getvalue()) < 200_000
    with pytest.raises(Unreadable):
        read("a.xlsx", packed.getvalue())


def test_a_zip_that_is_no_workbook_is_said_to_be_none() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as other:
        other.writestr("hello.txt", "hello")

    with pytest.raises(Unreadable):
        read("a.xlsx", packed.getvalue())


def test_columns_are_found_by_their_names_in_any_order_and_other_sheets_are_notes() -> None:
    notes = Sheet("Catatan", (Line(1, ("hubungi", "Pak Budi")),))
    people = Sheet(
        "Jabar",
        (
            Line(1, ("No", "PROVINSI", "Nama Lengkap", "Instansi")),
            Line(2, ("1", "jabar", "Sari", "Disnaker")),
        ),
    )

    assert read_rows([notes, people]) == Read((Row("Sari", "Disnaker", "32", ListedRole.MEMBER),), ())


def test_a_row_that_is_shorter_than_the_head_has_empty_cells() -> None:
    sheet = Sheet("Jabar", (Line(1, ("nama", "unit", "provinsi")), Line(2, ("Sari",))))

    (problem,) = read_rows([sheet]).problems

    assert (problem.fault, problem.row) == (SheetFault.PROVINCE_MISSING, 2)


def test_a_wrapped_row_is_as_high_as_its_lines() -> None:
    table = Table("Komentar", ("Komentar",), [("pendek",), ("panjang sekali " * 20,)], (40,), wrapped=(1,))

    sheet = load_workbook(io.BytesIO(write(table)))["Komentar"]

    heights = [sheet.row_dimensions[row].height for row in (2, 3)]
    assert heights[1] >= 8 * heights[0]
    assert sheet["A3"].alignment.wrap_text is True


def test_numbers_with_a_fraction_stay_numbers() -> None:
    sheet = load_workbook(io.BytesIO(write(Table("Angka", ("Rata-rata",), [(4.23,)]))))["Angka"]

    assert (sheet["A2"].value, sheet["A2"].data_type) == (4.23, "n")
