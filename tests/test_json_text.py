"""JSON is read and written as the standard library does it, whatever people write."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import json_text

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=values)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert json_text.read(json_text.written(value).encode()) == value
    assert json.loads(json_text.written(value)) == value


@pytest.mark.parametrize("text", ["\ud83d", "abc\udc00", "😀"], ids=["half", "the other half", "whole"])
def test_half_a_sign_does_no_harm(text: str) -> None:
    payload = json.dumps({"text": text}).encode()

    assert json_text.read(payload) == {"text": text}
    assert json.loads(json_text.written({"text": text})) == {"text": text}


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert json_text.read(b'{"a": "\xff"}') == {"a": "\ufffd"}


@pytest.mark.parametrize("payload", [b"", b"{", b"<html>502 Bad Gateway</html>"])
def test_what_is_no_json_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        json_text.read(payload)
