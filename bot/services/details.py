"""What a list or a certificate needs of a person: full name, unit, position, NIP, regency. All of it may stay empty."""

from datetime import date

from bot.services.form_steps import Choice, Data, Form, Problem, Reader, Step, Value, Written, text_of_at_most
from bot.services.people import Person

__all__ = ["CLEAR", "FIELDS", "PROFILE", "begin_with", "keep", "missing", "step"]

FIELDS = (
    "full_name",
    "unit",
    "position",
    "nip",
    "regency",
)  # the columns, in the order in which they are asked
CLEAR = "clear"  # the button that empties a field
NIP_DIGITS = 18


def read_nip(written: Written) -> Value | Problem:
    """A civil servant's number: birth (8 digits), appointment (6), sex (1), serial number (3); blanks do not count."""
    digits = "".join(written.text.split()).replace("-", "").replace(".", "")
    if not digits.isascii() or not digits.isdigit():
        return Problem("forms.problems.nip_digits")
    if len(digits) != NIP_DIGITS:
        return Problem("forms.problems.nip_length", {"length": len(digits)})
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        date(int(digits[8:12]), int(digits[12:14]), 1)
    except ValueError:
        return Problem("forms.problems.nip_form")
    return digits if digits[14] in "12" else Problem("forms.problems.nip_form")


def step(key: str, read: Reader, *, is_optional: bool = True) -> Step:
    """The question for one field: asked when no field is named or this one is, with a button that empties it."""

    def applies(data: Data) -> bool:
        only = data.get("only")
        return not isinstance(only, list) or key in only

    def choices(data: Data) -> list[Choice]:
        return [Choice(CLEAR)] if is_optional and data.get(f"had_{key}") else []

    return Step(key, read=read, choices=choices, is_optional=is_optional, applies=applies)


PROFILE = Form(
    "profile",
    (
        step("full_name", text_of_at_most(150)),
        step("unit", text_of_at_most(150)),
        step("position", text_of_at_most(100)),
        step("nip", read_nip),
        step("regency", text_of_at_most(100)),
    ),
)


def begin_with(person: Person, *only: str) -> Data:
    """What the form is begun with: which fields are asked (all when none is named), and which have a value to clear."""
    data: Data = {f"had_{field}": True for field in FIELDS if getattr(person, field)}
    return data | {"only": list(only)} if only else data


def keep(person: Person, data: Data) -> None:
    """Put what was answered into the profile; a field that was skipped stays as it is."""
    for field in FIELDS:
        if field in data:
            value = data[field]
            setattr(person, field, None if value == CLEAR else value)


def missing(person: Person, *wanted: str) -> tuple[str, ...]:
    """Those of these fields that a list needs and the person has not given."""
    return tuple(field for field in wanted if not getattr(person, field))
