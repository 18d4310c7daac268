"""The attendance sheet of a meeting service: whose names it holds, and whom they mean.

Zoom, Teams and Meet write different sheets; what they have in common is a column with names. Names are matched with
those that people gave (`bot/services/names.py`); doubtful ones are asked one after the other in a form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.services.form_steps import Choice, Data, Form, Problem, Step, Value
from bot.services.sheets import Sheet

__all__ = ["ATTENDANCE_SHEET", "NOBODY", "Matched", "chosen", "match", "names_on", "to_ask"]

HEAD_WITHIN = 25  # Teams writes a summary above the list
MOST_NAMES = 3000
MOST_DOUBTS = 30  # that are asked; with more of them the sheet is rather of another meeting
NOBODY = "0"
_HEADS = re.compile(
    r"^(nama|name|full name|nama lengkap|nama peserta|participant|participants|peserta|user name"
    r"|name \(original name\)|nama \(nama asli\)|first name|nama depan)$"
)
_LAST_NAMES = frozenset({"last name", "nama belakang", "surname"})


@dataclass(frozen=True)
class Matched:
    """Whom the names on a sheet mean: certainly, perhaps (the name, and who may be meant), and nobody we know."""

    certain: tuple[int, ...]
    doubtful: tuple[tuple[str, tuple[int, ...]], ...]
    unknown: tuple[str, ...]


def names_on(sheets: Sequence[Sheet]) -> list[str]:
    """The names in the first column that is headed as one, each once; nothing where there is no such column."""
    for sheet in sheets:
        for number, line in enumerate(sheet.lines[:HEAD_WITHIN]):
            heads = [cell.casefold().strip() for cell in line.cells]
            column = next((n for n, head in enumerate(heads) if _HEADS.match(head)), None)
            if column is None:
                continue
            last = next((n for n, head in enumerate(heads) if head in _LAST_NAMES), None)
            found: dict[str, None] = {}
            for row in sheet.lines[number + 1 :]:
                parts = [row.cells[n] for n in (column, last) if n is not None and n < len(row.cells)]
                name = " ".join(filter(None, parts))[:150]
                if any(sign.isalpha() for sign in name):
                    found[name] = None
            return list(found)[:MOST_NAMES]
    return []


def match(written: Sequence[str], people: Mapping[int, str]) -> Matched:
    """Whom these names mean among `people` (full names by id). Somebody who is certain is no candidate for others."""
    # It loads what compares words, which a start has no time for.
    from bot.services.names import Certain, Doubtful, NameList, NoMatch

    listed = NameList(people)
    results = [(name, listed.match(name)) for name in written]
    certain = list(dict.fromkeys(found.person for _, found in results if isinstance(found, Certain)))
    doubtful: list[tuple[str, tuple[int, ...]]] = []
    unknown: list[str] = []
    for name, found in results:
        match found:
            case Doubtful(candidates):
                left = tuple(each for each in candidates if each not in certain)
                if left:
                    doubtful.append((name, left))
            case NoMatch():
                unknown.append(name)
            case Certain():
                pass
    return Matched(tuple(certain), tuple(doubtful), tuple(unknown))


def to_ask(found: Matched, people: Mapping[int, str]) -> Data:
    """What the form goes on with: the doubtful names and who may be meant, for it knows no rows."""
    asked = found.doubtful[:MOST_DOUBTS]
    left_over = [name for name, _ in found.doubtful[MOST_DOUBTS:]]
    return {
        "certain": [str(each) for each in found.certain],
        "doubts": [name for name, _ in asked],
        "candidates": [",".join(str(each) for each in candidates) for _, candidates in asked],
        "unknown": [*found.unknown, *left_over],
        "people": [f"{each}={people[each]}" for each in sorted({each for _, some in asked for each in some})],
    }


def chosen(data: Data) -> list[int]:
    """Everybody who is to be put on the list, after the doubtful ones were asked."""
    answers = [data.get(_key(number)) for number in range(len(_texts(data, "doubts")))]
    picked = [int(answer) for answer in answers if isinstance(answer, str) and answer != NOBODY]
    return [*(int(each) for each in _texts(data, "certain")), *picked]


def doubt_number(key: str) -> int:
    """Which doubt a step asks about."""
    return int(key.removeprefix("doubt_"))


def texts_of(data: Data, key: str) -> list[str]:
    """A list that the form was given."""
    return _texts(data, key)


def _texts(data: Data, key: str) -> list[str]:
    value: Value = data.get(key)
    return value if isinstance(value, list) else []


def _key(number: int) -> str:
    return f"doubt_{number}"


def _candidates(data: Data, number: int) -> list[Choice]:
    people = dict(each.split("=", 1) for each in _texts(data, "people"))
    asked = _texts(data, "candidates")[number].split(",")
    return [*(Choice(each, people[each]) for each in asked), Choice(NOBODY)]


def _doubt(number: int) -> Step:
    return Step(
        _key(number),
        choices=lambda data: _candidates(data, number),
        applies=lambda data: number < len(_texts(data, "doubts")),
    )


ATTENDANCE_SHEET = Form(
    "attendance",
    (
        Step("file", read=lambda written: Problem("attendance.send_file")),
        *(_doubt(number) for number in range(MOST_DOUBTS)),
        Step("confirm", is_confirmation=True),
    ),
)
