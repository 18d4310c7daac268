"""The fingerprint of the content folder: another for whatever else could be read from it, or by other code."""

from pathlib import Path

import pytest

from knowledge_base.folder import content_folder, fingerprint
from tests.knowledge_base.book import write_book


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_book(tmp_path / "content")


def _an_entry(folder: Path) -> Path:
    return next(folder.glob("*/*.md"))


def test_the_same_files_have_the_same_fingerprint_wherever_they_lie(folder: Path, tmp_path: Path) -> None:
    assert fingerprint(folder) == fingerprint(write_book(tmp_path / "elsewhere"))


def test_a_changed_file_changes_it(folder: Path) -> None:
    before = fingerprint(folder)

    with _an_entry(folder).open("a", encoding="utf-8") as file:
        file.write("\n")

    assert fingerprint(folder) != before


def test_a_renamed_file_changes_it(folder: Path) -> None:
    before = fingerprint(folder)

    _an_entry(folder).rename(_an_entry(folder).with_name("lain.md"))

    assert fingerprint(folder) != before


def test_a_file_that_is_gone_changes_it(folder: Path) -> None:
    before = fingerprint(folder)

    (folder / "sumber.yaml").unlink()

    assert fingerprint(folder) != before


def test_a_file_that_became_a_folder_changes_it(folder: Path) -> None:
    entry = _an_entry(folder)
    entry.write_bytes(b"")
    before = fingerprint(folder)

    entry.unlink()
    entry.mkdir()

    assert fingerprint(folder) != before


def test_changed_code_that_reads_them_changes_it(folder: Path, tmp_path: Path) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text("VERSION = 1")
    before = fingerprint(folder, reader)

    reader.write_text("VERSION = 2")

    assert fingerprint(folder, reader) != before


def test_a_folder_that_is_not_there_has_one_of_its_own(folder: Path, tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "nowhere") != fingerprint(folder)


def test_the_products_own_book_has_one() -> None:
    assert len(fingerprint(content_folder())) == 64
