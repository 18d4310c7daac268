"""How answers by province are merged, so that no group shows the answers of fewer than five people.

Not by itself, and not as what is missing between the whole and the groups that are shown: whatever is not shown under a
province of its own is shown together, and is five answers at least, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

SMALLEST = 5


@dataclass(frozen=True)
class Group:
    """A province (one code), or several that were merged; "" is an unknown one. `mean` is rounded to one decimal."""

    provinces: tuple[str, ...]
    number: int
    mean: float


def groups_of(values: Mapping[str, list[int]]) -> list[Group]:
    """The averages that may be shown, the largest group first and what was merged last.

    None where only the whole could be. `values` are what was answered, by province.
    """
    sizes = {code: len(each) for code, each in values.items() if each}
    alone = sorted((code for code in sizes if code and sizes[code] >= SMALLEST), key=lambda c: (-sizes[c], c))
    rest = sorted(code for code in sizes if code not in alone)
    # What is left over must be five as well, or whoever subtracts the groups from the whole sees it.
    while rest and alone and sum(sizes[code] for code in rest) < SMALLEST:
        rest.append(alone.pop())
    if not alone:
        return []
    merged = [rest] if rest else []
    return [_group(tuple(codes), values) for codes in [*([code] for code in alone), *merged]]


def _group(codes: tuple[str, ...], values: Mapping[str, list[int]]) -> Group:
    found = [value for code in codes for value in values[code]]
    return Group(tuple(sorted(codes)), len(found), round(float(Fraction(sum(found), len(found))), 1))
