from hypothesis import given

from knowledge_base.entry import Entry, Kind
from knowledge_base.entry_file import read_entry
from knowledge_base.problems import Report
from knowledge_base.writer import write_entry
from tests.knowledge_base.book import ENTRY, PATH, a_version, an_entry, entries


def read(text: str) -> Entry:
    report = Report(PATH)
    result = read_entry(text, report)
    assert result is not None, report.problems
    return result[0]


def test_a_canonical_file_is_written_as_it_was_read() -> None:
    assert write_entry(read(ENTRY)) == ENTRY


@given(entries())
def test_reading_and_writing_undo_each_other(entry: Entry) -> None:
    text = write_entry(entry)

    assert read(text) == entry
    assert write_entry(read(text)) == text


def test_values_that_yaml_would_misread_are_quoted() -> None:
    entry = an_entry(
        keywords=("0,36 persen", "a: b", "# satu", "null", "~", "- x", "[y]", 'kata "kutip"', "@akun", "\\"),
        author="Dinas: Kota",
        reviewer="null",
    )

    text = write_entry(entry)

    assert 'penulis: "Dinas: Kota"' in text
    assert read(text) == entry


def test_invisible_signs_are_spelled_out_in_the_head() -> None:
    entry = an_entry(author="Tim\u200bTanya")

    text = write_entry(entry)

    assert 'penulis: "Tim\\U0000200bTanya"' in text
    assert read(text) == entry


def test_practice_without_legal_basis_keeps_the_empty_sections() -> None:
    entry = an_entry(kind=Kind.PRACTICE, versions=(a_version(legal_basis=(), sources=()),))

    text = write_entry(entry)

    assert text.endswith("\n\n### Dasar hukum\n\n### Sumber\n")
    assert read(text) == entry


def test_the_reason_for_having_no_legal_basis_is_kept() -> None:
    entry = an_entry(no_legal_basis_reason="kegiatan bersama, bukan aturan")

    text = write_entry(entry)

    assert "tanpa dasar hukum: kegiatan bersama, bukan aturan\n" in text
    assert read(text) == entry
