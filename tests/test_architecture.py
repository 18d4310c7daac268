"""Rules about the source that a reader can rely on (docs/architecture.md); import-linter keeps the directions."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "handlers", "knowledge_base", "db")
TELEGRAM = {
    f"bot/{name}.py"
    for name in (
        "app",
        "attachments",
        "cli",
        "context",
        "fetching",
        "flood",
        "intake",
        "limiter",
        "methods",
        "preparing",
        "request",
        "sender",
        "turns",
    )
}


def _modules() -> dict[str, ast.Module]:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


def _imported(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _calls(module: ast.Module) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_telegram_is_imported_only_where_updates_come_in_and_messages_go_out() -> None:
    importing = {
        path
        for path, module in _modules().items()
        if any(name == "telegram" or name.startswith("telegram.") for name in _imported(module))
    }

    assert {path for path in importing if not path.startswith("handlers/")} <= TELEGRAM


def test_only_db_speaks_sql() -> None:
    speaking = {path for path, module in _modules().items() if "select" in _calls(module)}

    assert speaking
    assert {path for path in speaking if not path.startswith("db/")} == set()


def test_settings_are_read_in_one_place() -> None:
    reading = {path for path, module in _modules().items() if "read_settings" in _calls(module)}

    assert reading == {"bot/cli.py"}


def test_handlers_never_send_past_the_context() -> None:
    """Bot methods and the shortcuts of messages and queries would speak before the commit."""
    speaking = ("send_", "reply_", "edit_", "delete_", "answer_", "forward_", "copy_")
    allowed = {"edit_keyboard", "answer_inline", "edit_date"}
    found = [
        (path, node.attr)
        for path, module in _modules().items()
        if path.startswith("handlers/")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr.startswith(speaking) and node.attr not in allowed
    ]

    assert [each for each in found if each[1] not in {"reply_to_message", "reply_message_id"}] == []


def test_the_simulator_knows_nothing_of_the_program() -> None:
    for path, module in _modules().items():
        if path.startswith("bot/simulator/"):
            ours = {name for name in _imported(module) if name.split(".")[0] in FOLDERS}
            assert all(name.startswith("bot.simulator") for name in ours), path


def test_nobody_asks_the_machine_for_the_time_but_the_clocks() -> None:
    asking = {
        path
        for path, module in _modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    }

    assert asking <= {"bot/clock.py", "bot/simulator/world.py"}
