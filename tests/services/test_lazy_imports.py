"""Libraries that few runs need are loaded where they are used, so that the bot starts and answers at once."""

import ast
from pathlib import Path

SLOW = {"PIL", "fontTools", "fpdf", "holidays", "icalendar", "segno"}
BOT = Path(__file__).parents[2] / "bot"


def test_slow_libraries_are_imported_inside_functions_only() -> None:
    inside, outside = set[str](), set[str]()
    for path in BOT.rglob("*.py"):
        module = ast.parse(path.read_text())
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom):
                names = {str(node.module).split(".")[0]}
            elif isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            else:
                continue
            (outside if node in module.body else inside).update(names & SLOW)

    assert inside == SLOW
    assert outside == set()
