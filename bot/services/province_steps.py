"""Provinces in a form: as buttons, or written by their names."""

from bot.services.form_steps import Choice, Data, Problem, Value, Written
from bot.services.plain_text import one_line
from bot.services.provinces import PROVINCES, province_named


def province_choices(data: Data) -> list[Choice]:
    """All provinces as buttons; those of `only`, where a form was begun with such a list of codes."""
    only = data.get("only")
    return [
        Choice(province.code, province.name)
        for province in PROVINCES.values()
        if not isinstance(only, list) or province.code in only
    ]


def read_provinces(written: Written) -> Value | Problem:
    """Provinces by their names, separated by commas."""
    codes: list[str] = []
    offered = {choice.value for choice in province_choices(written.data)}
    for name in (one_line(part) for part in written.text.split(",")):
        province = province_named(name)
        if province is None or province.code not in offered:
            return Problem("forms.problems.province", {"name": name[:40]})
        codes.append(province.code)
    return codes


def read_province(written: Written) -> Value | Problem:
    """One province by its name."""
    codes = read_provinces(written)
    if not isinstance(codes, list):
        return codes
    return codes[0] if len(codes) == 1 else Problem("forms.problems.one_province")
