"""JSON as it goes over the wire."""

import json
from typing import Any


def to_json(value: Any) -> str:
    """Compact JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
