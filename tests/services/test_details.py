"""Reading what people type into their details, and provinces by their names."""

import pytest

from bot.clock import Zone
from bot.services.details import CLEAR, begin_with, keep, missing, read_nip
from bot.services.form_steps import Problem, Written, text_of_at_most
from bot.services.people import Person
from bot.services.provinces import PROVINCES, province_named
from tests.conftest import START


def _written(text: str) -> Written:
    return Written(text, {}, START, Zone.WIB)


@pytest.mark.parametrize(
    "text",
    ["198504122010012003", "19850412 201001 2 003", "19850412.201001.2.003", " 19850412-201001-2-003 "],
)
def test_a_nip_is_read_however_it_is_spaced(text: str) -> None:
    assert read_nip(_written(text)) == "198504122010012003"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("19850412201001200", "nip_length"),
        ("1985041220100120031", "nip_length"),
        ("NIP saya", "nip_digits"),
        ("١٩٨٥٠٤١٢٢٠١٠٠١٢٠٠٣", "nip_digits"),
        ("198513122010012003", "nip_form"),
        ("198504312010012003", "nip_form"),
        ("198504122010132003", "nip_form"),
        ("198504122010013003", "nip_form"),
    ],
)
def test_what_is_no_nip_says_why(text: str, problem: str) -> None:
    found = read_nip(_written(text))

    assert isinstance(found, Problem)
    assert found.key == f"forms.problems.{problem}"


def test_a_line_is_cleaned_and_bounded() -> None:
    read = text_of_at_most(5)

    assert read(_written("  a \n b\x00\u202e ")) == "a b"
    assert isinstance(read(_written("a")), Problem)
    assert read(_written("sechs!")) == Problem("forms.problems.too_long", {"limit": 5, "length": 6})


def test_a_field_that_is_skipped_stays_and_one_that_is_cleared_goes() -> None:
    person = Person(telegram_id=1, full_name="Sari", unit="Disnaker", created_at=START)

    keep(person, begin_with(person) | {"full_name": CLEAR, "nip": "198504122010012003"})

    assert (person.full_name, person.unit, person.nip) == (None, "Disnaker", "198504122010012003")
    assert missing(person, "full_name", "unit", "nip") == ("full_name",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jawa Barat", "32"),
        ("provinsi JAWA BARAT", "32"),
        ("Jabar", "32"),
        ("prov. Papua", "91"),
        ("32", "32"),
        ("D.I. Yogyakarta", None),
        ("DI Yogyakarta", "34"),
        ("jogja", "34"),
        ("NTT", "53"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_province_is_known_by_the_names_that_people_use(text: str, code: str | None) -> None:
    found = province_named(text)

    assert (found.code if found is not None else None) == code


def test_every_province_is_known_by_its_name_and_code() -> None:
    assert len(PROVINCES) == 38
    for province in PROVINCES.values():
        assert province_named(province.name) == province_named(province.code) == province
