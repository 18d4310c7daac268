"""The command line: asking, checking and exporting the book."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.knowledge_base.book import write_book


def _run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=given)


def _lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_ask_prints_a_card_that_a_terminal_reader_would_like() -> None:
    result = _run("ask", "gmn", "cara", "klaim", "jkp?")

    assert result.exit_code == 0
    assert result.output.startswith("Bagaimana cara mengajukan klaim JKP pertama kali?\n\n")
    assert "Dasar hukum: " in result.output
    assert max(map(len, result.output.splitlines())) <= 88


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("bagaimana prosedur naturalisasi pemain bola", "Belum ada jawabannya di buku ini."),
        ("jkp", "Topik: Jaminan Kehilangan Pekerjaan (JKP)"),
        ("halo", "Halo! Tulis pertanyaan Anda"),
    ],
)
def test_ask_says_what_else_can_come_of_a_question(question: str, says: str) -> None:
    assert _run("ask", question).output.startswith(says)


def test_ask_json_gives_one_line_a_question_from_standard_input() -> None:
    first, second = _lines(
        _run("ask", "--json", "--top", "3", given="gmn cara klaim jkp?\nresep nasi goreng pedas\n")
    )

    assert first["text"] == "gmn cara klaim jkp?"
    assert [part["outcome"] for part in first["parts"]] == ["answer"]
    assert first["parts"][0]["results"][0]["id"] == "jkp-klaim-bulan-pertama"
    assert len(first["parts"][0]["results"]) == 3
    assert second["parts"][0]["outcome"] == "unknown"
    assert len(second["parts"][0]["results"]) == 3
    assert all(0 <= each["confidence"] <= 1 for part in second["parts"] for each in part["results"])


def test_ask_json_gives_two_parts_for_two_questions() -> None:
    (line,) = _lines(
        _run("ask", "--json", "gmn cara klaim jkp? terus kuota disabilitas di swasta brp persen?")
    )

    assert [part["results"][0]["id"] for part in line["parts"]] == [
        "jkp-klaim-bulan-pertama",
        "dis-kuota-swasta",
    ]


def test_ask_searches_another_book(tmp_path: Path) -> None:
    book = tmp_path / "book.jsonl"
    entries = [
        {"id": "a", "question": "Bagaimana cara menanam padi?", "variants": ["tanam padi gimana"]},
        {"id": "b", "question": "Kapan musim panen kopi?", "keywords": ["kopi"], "answer": "Juli."},
    ]
    book.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")

    (line,) = _lines(_run("ask", "--json", "--entries", str(book), "kpn panen kopi?"))

    assert line["parts"][0]["results"][0]["id"] == "b"


def test_another_book_with_a_broken_line_names_it(tmp_path: Path) -> None:
    book = tmp_path / "book.jsonl"
    book.write_text('{"id": "a", "question": "Apa?"}\n{"id": 2}\n', encoding="utf-8")

    result = _run("ask", "--entries", str(book), "apa")

    assert result.exit_code == 2
    assert "Baris 2 dari book.jsonl" in result.stderr


def test_what_is_exported_can_be_searched_again(tmp_path: Path) -> None:
    exported = _run("kb", "export", "--jsonl")
    lines = _lines(exported)
    book = tmp_path / "book.jsonl"
    book.write_text(exported.output, encoding="utf-8")

    (line,) = _lines(_run("ask", "--json", "--entries", str(book), "gmn cara klaim jkp?"))

    assert {"id", "question", "variants", "keywords", "answer"} <= set(lines[0])
    assert line["parts"][0]["results"][0]["id"] == "jkp-klaim-bulan-pertama"


def test_an_editors_mistake_is_named_by_file_line_and_remedy(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "content")
    broken = next(folder.glob("*/*.md"))
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("ditinjau: 20", "ditinjau: 1 Mei 20"), encoding="utf-8"
    )

    result = _run("kb", "check", "--folder", str(folder))

    assert result.exit_code == 1
    assert f"{broken.relative_to(folder).as_posix()}:" in result.output
    assert "kesalahan" in result.output


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    result = _run("kb", "check", "--folder", str(tmp_path / "none"))

    assert result.exit_code == 1
    assert "none" in result.output


def test_a_backup_is_made_and_restored_from_the_command_line(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "4242:a-token")
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    path = tmp_path / "cadangan.zip"

    made = _run("backup", str(path))
    again = _run("backup", str(path))
    restored = _run("restore", str(path))
    missing = _run("restore", str(tmp_path / "lain.zip"))

    assert (made.exit_code, restored.exit_code) == (0, 0), made.output + restored.output
    assert made.output.startswith("0 baris dari ")
    assert restored.output.endswith("Jalankan bot seperti biasa.\n")
    assert (again.exit_code, missing.exit_code) == (2, 2)
    assert "sudah ada. Beri nama lain" in again.stderr
    assert "bukan cadangan TanyaCoP" in missing.stderr
