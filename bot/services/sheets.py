"""Spreadsheets: read from what people send (.xlsx, or .csv with semicolons), written for people to open.

What is written is text, whatever it looks like: a name that begins with "=" must not become a formula in somebody's
office. What is read is bounded, since a small file can hold a very large sheet.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.services.plain_text import one_line

MOST_UNPACKED_BYTES = 60_000_000  # what an .xlsx may hold once it is unpacked
MOST_ROWS = 5_000
LINE_POINTS, SPARE = 15, 4  # of a wrapped row; signs of a line that words at its end leave empty
SEPARATORS = ";\t,"


class Unreadable(Exception):
    """No spreadsheet that can be read: of another kind, broken, or too large once unpacked."""


@dataclass(frozen=True)
class Line:
    """One row that holds something: its number as the office program shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, without its empty rows."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """What is to be written: a sheet's name, its head, its rows; `choices` are drop-downs by the number of a column.

    In the columns `wrapped` (from 1) a text goes over several lines, the head's too."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[str | float]]
    widths: tuple[int, ...] = ()
    choices: tuple[tuple[int, tuple[str, ...]], ...] = ()
    wrapped: tuple[int, ...] = ()


def read(name: str, content: bytes) -> list[Sheet]:
    """All sheets of a file, which is told by its content, not by its name. Raises `Unreadable`."""
    if content.startswith(b"PK"):
        return _read_workbook(content)
    if name.casefold().endswith((".csv", ".txt")) and b"\0" not in content:
        return [_read_csv(name, content)]
    raise Unreadable


def _read_workbook(content: bytes) -> list[Sheet]:
    from openpyxl import load_workbook  # a tenth of a second that only a sheet is worth

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise Unreadable
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [
                Sheet(sheet.title, tuple(_lines(sheet.iter_rows(values_only=True))))
                for sheet in book.worksheets
            ]
        finally:
            book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a broken file does to the library
        raise Unreadable from error


def _read_csv(name: str, content: bytes) -> Sheet:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # what older office programs save
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        return Sheet(name, tuple(_lines(csv.reader(io.StringIO(text, newline=""), delimiter=separator))))
    except csv.Error as error:
        raise Unreadable from error


def _lines(rows: Iterator[Sequence[Any]]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable
        cells = tuple(_text(cell) for cell in row)
        if any(cells):
            yield Line(number, cells)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return one_line(str(cell))


def write(*tables: Table) -> bytes:
    """An .xlsx with these sheets; every text is written as text."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    for given in book.worksheets:
        book.remove(given)
    for table in tables:
        sheet = book.create_sheet(table.name)
        for row, values in enumerate([table.head, *table.rows], start=1):
            for column, value in enumerate(values, start=1):
                _put(sheet.cell(row, column), value)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in table.wrapped:
            for cell in sheet[get_column_letter(column)]:
                cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
        if table.wrapped:
            for row, values in enumerate([table.head, *table.rows], start=1):
                sheet.row_dimensions[row].height = LINE_POINTS * _lines_in(table, values)
        sheet.freeze_panes = "A2"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(
            fitToPage=True
        )  # on paper as wide as the page
        sheet.page_setup.fitToHeight, sheet.page_setup.paperSize = 0, sheet.PAPERSIZE_A4
        for column, width in enumerate(table.widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for column, options in table.choices:
            letter = get_column_letter(column)
            listed = book.create_sheet(f"{table.name} {letter}")
            listed.sheet_state = "hidden"
            for row, option in enumerate(options, start=1):
                _put(listed.cell(row, 1), option)
            rule = DataValidation(
                "list", formula1=f"'{listed.title}'!$A$1:$A${len(options)}", allow_blank=True
            )
            rule.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(rule)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _lines_in(table: Table, values: Sequence[str | float]) -> int:
    """How many lines a row needs; not every office program finds out by itself."""
    return max(
        (
            sum(
                -(-max(len(line), 1) // (table.widths[column - 1] - SPARE)) for line in str(value).split("\n")
            )
            for column, value in enumerate(values, start=1)
            if column in table.wrapped
        ),
        default=1,
    )


def _put(cell: Any, value: str | float) -> None:
    if isinstance(value, int | float):
        cell.value = value
    else:
        cell.value = "".join(
            c for c in value if c >= " " or c in "\t\n"
        )  # the format holds no control characters
        cell.data_type = "s"  # the library takes what begins with "=" for a formula
