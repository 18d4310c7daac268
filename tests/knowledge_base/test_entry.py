import json
from datetime import date

import pytest
from hypothesis import given

from knowledge_base.entry import Citation, Entry, SourceReference
from tests.knowledge_base.book import a_version, an_entry, entries

OLD = a_version(in_force_from=date(2021, 2, 2), in_force_until=date(2025, 2, 6))
NEW = a_version(in_force_from=date(2025, 2, 7))
ENTRY = an_entry(versions=(NEW, OLD))


@pytest.mark.parametrize(
    ("day", "version"),
    [
        pytest.param(date(2021, 2, 1), None, id="before the first"),
        pytest.param(date(2021, 2, 2), OLD, id="first day"),
        pytest.param(date(2025, 2, 6), OLD, id="last day"),
        pytest.param(date(2025, 2, 7), NEW, id="first day of the next"),
        pytest.param(date(2099, 1, 1), NEW, id="until further notice"),
    ],
)
def test_the_version_of_a_day_is_the_one_in_force_on_it(day: date, version: object) -> None:
    assert ENTRY.version_on(day) == version
    assert ENTRY.current(day) == version


def test_the_question_is_the_first_phrasing() -> None:
    entry = an_entry(question="Apa?", variants=("apaan", "what"))

    assert entry.phrasings == ("Apa?", "apaan", "what")


def test_citations_and_sources_read_as_in_the_file() -> None:
    assert str(Citation("PP 6/2025", "Pasal 4")) == "PP 6/2025: Pasal 4"
    assert str(SourceReference("R12", "halaman 3")) == "R12: halaman 3"
    assert str(SourceReference("R12")) == "R12"


@given(entries())
def test_a_stored_entry_comes_back_as_it_was(entry: Entry) -> None:
    stored = json.dumps(entry.to_dict(), sort_keys=True)

    assert Entry.from_dict(json.loads(stored)) == entry
    assert json.dumps(Entry.from_dict(json.loads(stored)).to_dict(), sort_keys=True) == stored


@pytest.mark.parametrize("key", sorted(ENTRY.to_dict()))
def test_an_incomplete_revision_is_refused(key: str) -> None:
    stored = ENTRY.to_dict()
    del stored[key]

    with pytest.raises(KeyError, match=key):
        Entry.from_dict(stored)


def test_a_revision_with_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="rumour"):
        Entry.from_dict({**ENTRY.to_dict(), "kind": "rumour"})
