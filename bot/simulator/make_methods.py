"""Write methods.json, the description of the Bot API by which the simulator checks requests.

    python -m bot.simulator.make_methods DESCRIPTION.json

DESCRIPTION.json is a machine-readable description of the Bot API, as the public project telegram-bot-api-spec
publishes one for every version:

    {"version": …,
     "methods": {name: {"fields": [{"name", "types", "required", "description"}]}},
     "types": {name: {"fields": …, "subtypes": [name]}}}

Of it remain the methods with their parameters, the types that parameters can hold, and no prose:

    {"version": "10.1",
     "methods": {"sendMessage": {"chat_id": "Integer|String!", "entities": "[MessageEntity]", …}, …},
     "types": {"BotCommandScopeDefault": {"type": "=default!"}, "BotCommandScope": […], …}}

"A|B" is one of both, "[A]" an array of A, "=word" that word and nothing else, "!" at the end: required. A
list of names is a type that is one of these. "InputFile" is also what may name an uploaded part as attach://….
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TARGET = Path(__file__).with_name("methods.json")
_SCALARS = {"String", "Integer", "Boolean", "Float", "InputFile"}
_FIXED_WORD = re.compile(r"(?:must be|always) [\"“]?([a-z0-9_]+)[\"”]?\.?$")


def compact(description: Json) -> Json:
    """The part of the description that requests are checked by."""
    methods = {name: _fields(method) for name, method in description["methods"].items()}
    types: Json = {}
    waiting = list(_named(methods.values()))
    while waiting:
        name = waiting.pop()
        if name in types:
            continue
        described = description["types"][name]
        types[name] = described.get("subtypes") or _fields(described)
        waiting += described.get("subtypes") or _named([types[name]])
    return {
        "version": description["version"].removeprefix("Bot API "),
        "methods": methods,
        "types": dict(sorted(types.items())),
    }


def written(description: Json) -> str:
    """The JSON text, a method or type a line, so that a new version reads well as a difference."""
    parts = []
    for part in ("methods", "types"):
        lines = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in description[part].items()]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    return f'{{"version": {json.dumps(description["version"])},\n' + ",\n".join(parts) + "}\n"


def _fields(described: Json) -> dict[str, str]:
    return {field["name"]: _type_of(field) for field in described.get("fields", [])}


def _type_of(field: Json) -> str:
    names = [_array(name) for name in field["types"]]
    if names == ["String"]:
        fixed = _FIXED_WORD.search(field["description"])
        if fixed:
            names = [f"={fixed[1]}"]
        elif "attach://" in field["description"]:
            names = ["InputFile"]
    return "|".join(names) + ("!" if field["required"] else "")


def _array(name: str) -> str:
    element = name.removeprefix("Array of ")
    return name if element == name else f"[{_array(element)}]"


def _named(entries: Iterable[dict[str, str]]) -> Iterator[str]:
    for fields in entries:
        for kinds in fields.values():
            for kind in kinds.rstrip("!").split("|"):
                name = kind.strip("[]")
                if not name.startswith("=") and name not in _SCALARS:
                    yield name


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bot.simulator.make_methods DESCRIPTION.json")
    description = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(written(compact(description)), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
