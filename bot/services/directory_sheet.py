"""The directory as a sheet: what its columns are called, and what is wrong with a row."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.services.provinces import PROVINCES, province_named
from bot.services.sheets import Line, Sheet
from db.models import ListedRole

__all__ = [
    "COLUMNS",
    "Column",
    "ListedRole",
    "Read",
    "Row",
    "SheetFault",
    "SheetProblem",
    "read_rows",
    "role_names",
]

MAX_NAME = 150


class Column(enum.Enum):
    """The columns, by their own key; the names that a head may give them."""

    NAME = "name"
    UNIT = "unit"
    PROVINCE = "province"
    ROLE = "role"


COLUMNS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("nama", "nama lengkap", "name"),
    Column.UNIT: ("unit kerja", "unit", "instansi"),
    Column.PROVINCE: ("provinsi", "province"),
    Column.ROLE: ("peran", "role"),
}
_REQUIRED = (Column.NAME, Column.PROVINCE)
_ROLES: Mapping[ListedRole, tuple[str, ...]] = {
    ListedRole.MEMBER: ("anggota", "member", ""),
    ListedRole.ORGANISER: ("penyelenggara", "organiser"),
    ListedRole.CURATOR: ("kurator", "curator"),
}


class SheetFault(enum.Enum):
    """What is wrong; each has its sentence below `directory.problems`."""

    NO_HEAD = "no_head"
    NO_ROWS = "no_rows"
    NAME_MISSING = "name_missing"
    TOO_LONG = "too_long"
    PROVINCE_MISSING = "province_missing"
    PROVINCE_UNKNOWN = "province_unknown"
    ROLE_UNKNOWN = "role_unknown"
    TWICE = "twice"


@dataclass(frozen=True)
class SheetProblem:
    """One thing to mend: where (row as the office program counts), what, and the values of its sentence."""

    fault: SheetFault
    sheet: str = ""
    row: int = 0
    column: Column | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One person of the list."""

    name: str
    unit: str
    province_code: str
    role: ListedRole

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two rows the same person."""
        return self.name.casefold(), self.unit.casefold(), self.province_code


@dataclass(frozen=True)
class Read:
    """A file's rows, or what has to be mended first."""

    rows: tuple[Row, ...]
    problems: tuple[SheetProblem, ...]


def role_names() -> tuple[str, ...]:
    """What may stand in the column of roles, as the template offers it."""
    return tuple(names[0] for names in _ROLES.values())


def province_names() -> tuple[str, ...]:
    """What may stand in the column of provinces, as the template offers it."""
    return tuple(province.name for province in PROVINCES.values())


def read_rows(sheets: Sequence[Sheet]) -> Read:
    """The rows of every sheet that has a head; a sheet without one is somebody's notes."""
    rows: list[Row] = []
    problems: list[SheetProblem] = []
    seen: dict[tuple[str, str, str], tuple[str, int]] = {}
    has_head = False
    for sheet in sheets:
        places = _places(sheet.lines[0]) if sheet.lines else {}
        if not all(column in places for column in _REQUIRED):
            continue
        has_head = True
        for line in sheet.lines[1:]:
            row = _row(sheet.name, line, places, problems)
            if row is None:
                continue
            if row.key in seen:
                other_sheet, other_row = seen[row.key]
                values = {"name": row.name, "other_sheet": other_sheet, "other_row": other_row}
                problems.append(SheetProblem(SheetFault.TWICE, sheet.name, line.number, Column.NAME, values))
            seen.setdefault(row.key, (sheet.name, line.number))
            rows.append(row)
    if not has_head:
        problems.append(SheetProblem(SheetFault.NO_HEAD))
    elif not rows and not problems:
        problems.append(SheetProblem(SheetFault.NO_ROWS))
    return Read(tuple(rows), tuple(problems))


def _places(head: Line) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for position, cell in enumerate(head.cells):
        for column, names in COLUMNS.items():
            if cell.casefold() in names:
                found.setdefault(column, position)
    return found


def _row(sheet: str, line: Line, places: Mapping[Column, int], problems: list[SheetProblem]) -> Row | None:
    before = len(problems)

    def cell(column: Column) -> str:
        position = places.get(column)
        return line.cells[position] if position is not None and position < len(line.cells) else ""

    def wrong(fault: SheetFault, column: Column, **values: object) -> None:
        problems.append(SheetProblem(fault, sheet, line.number, column, values))

    for column in (Column.NAME, Column.UNIT):
        if len(cell(column)) > MAX_NAME:
            wrong(SheetFault.TOO_LONG, column, length=len(cell(column)), limit=MAX_NAME)
    if not cell(Column.NAME):
        wrong(SheetFault.NAME_MISSING, Column.NAME)
    province = province_named(cell(Column.PROVINCE))
    if not cell(Column.PROVINCE):
        wrong(SheetFault.PROVINCE_MISSING, Column.PROVINCE)
    elif province is None:
        wrong(SheetFault.PROVINCE_UNKNOWN, Column.PROVINCE, found=cell(Column.PROVINCE)[:40])
    role = next((r for r, names in _ROLES.items() if cell(Column.ROLE).casefold() in names), None)
    if role is None:
        wrong(SheetFault.ROLE_UNKNOWN, Column.ROLE, found=cell(Column.ROLE)[:40])
    if len(problems) > before or province is None or role is None:
        return None
    return Row(cell(Column.NAME), cell(Column.UNIT), province.code, role)
