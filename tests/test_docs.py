"""The documents are true: commands, links, paths and functions that they name exist."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.texts import texts
from handlers.routes import COMMANDS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_every_command_stands_in_the_readme_and_has_its_help(command: object) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    for each in COMMANDS:
        assert f"`/{each.name}" in readme
        assert each.alias == each.name or f"`/{each.alias}`" in readme
        assert texts("id").has(f"commands.{each.key}")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_every_make_target_in_the_readme_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))

    assert named <= set(targets)
    assert {"demo", "test", "run", "test-desk", "check", "bench"} <= named


def test_the_table_of_entries_and_sources_is_the_one_that_the_command_makes() -> None:
    made = CliRunner().invoke(main, ["kb", "table"]).output

    assert (ROOT / "docs" / "entries.md").read_text(encoding="utf-8") == made


def test_the_architecture_names_only_files_and_functions_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    walks = text[text.index("## Walk 1") :]
    defined = _defined_names()

    files = set(re.findall(r"`((?:bot|handlers|db|knowledge_base|tests)/[a-z_/]+\.py)`", text))
    missing = [name for name in files if not (ROOT / name).is_file()]
    names = set(re.findall(r"`([A-Za-z_]+(?:\.[a-z_]+)*)`", walks))
    unknown = [
        name
        for name in names
        if name.rpartition(".")[2] not in defined and not name.islower() | ("." in name)
    ]

    assert len(files) > 15
    assert missing == []
    assert unknown == []


def test_every_promise_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    named = set(re.findall(r"`(test_\w+)`", text))

    assert len(named) > 10
    assert {name for name in named if f"def {name}(" not in sources} == set()


def _defined_names() -> set[str]:
    found: set[str] = set()
    for folder in ("bot", "handlers", "db", "knowledge_base"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    found.add(node.name)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.add(node.id)
    return found


def test_the_organisers_guide_names_only_buttons_and_commands_that_exist() -> None:
    guide = (ROOT / "docs" / "panduan" / "penyelenggara.md").read_text(encoding="utf-8")
    catalogue = tomllib.loads((ROOT / "bot" / "locale" / "id.toml").read_text(encoding="utf-8"))
    known = {" ".join(words.split()) for words in _sentences(catalogue)}

    named = {" ".join(each.split()) for each in re.findall(r"\*\*([^*]+)\*\*", guide)}
    commands = set(re.findall(r"`/([a-z]+)`", guide))

    assert {each for each in named if each not in known} == set()
    assert commands <= {each.name for each in COMMANDS}


def _sentences(table: dict[str, object]) -> Iterator[str]:
    for each in table.values():
        if isinstance(each, dict):
            yield from _sentences(each)
        else:
            yield str(each)
