"""Whether the tables have their newest form, found out without Alembic, which takes long to import."""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect

_REVISION = re.compile(r'^revision\b.*?=\s*"(\w+)"', re.MULTILINE)
_DOWN_REVISION = re.compile(r'^down_revision\b.*?=\s*"(\w+)"', re.MULTILINE)


def newest(versions: Path) -> str | None:
    """The revision that no other in this folder builds upon; None where that is not exactly one."""
    texts = [path.read_text(encoding="utf-8") for path in versions.glob("*.py")]
    found = {revision for text in texts for revision in _REVISION.findall(text)}
    found -= {revision for text in texts for revision in _DOWN_REVISION.findall(text)}
    return found.pop() if len(found) == 1 else None


def is_newest(connection: Connection, versions: Path) -> bool:
    """Whether this database stands at the newest revision. False in doubt: then Alembic looks for itself."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    return list(rows) == [newest(versions)]
