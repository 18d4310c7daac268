"""No token and no personal number in any line, at any level."""

import logging

import pytest

from bot.log import TALKATIVE, RedactingFormatter, configure_logging

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
NIK = "3273011234567890"


def _formatted(message: str, *args: object, error: Exception | None = None) -> str:
    record = logging.LogRecord("a", logging.INFO, "file.py", 1, message, args, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return RedactingFormatter("%(asctime)s %(levelname)s %(message)s", "9:x").format(record)


@pytest.mark.parametrize(
    "message",
    [
        f"HTTP Request: POST https://api.telegram.org/bot{TOKEN}/getMe",
        f"token={TOKEN}",
        "https://host/bot9:x/getMe",
        "the short token 9:x too",
    ],
)
def test_a_token_is_taken_out(message: str) -> None:
    line = _formatted(message)

    assert TOKEN not in line
    assert "9:x" not in line


def test_a_token_in_an_argument_or_a_traceback_is_taken_out() -> None:
    try:
        raise ConnectionError(f"cannot reach https://api.telegram.org/bot{TOKEN}/getMe")
    except ConnectionError as error:
        line = _formatted("failed %s", TOKEN, error=error)

    assert TOKEN not in line
    assert "ConnectionError" in line


def test_a_personal_number_is_masked_and_the_time_is_not() -> None:
    line = _formatted("asked %s", f"nik saya {NIK}")

    assert NIK not in line
    assert line.startswith("20")
    assert " INFO " in line


def test_ids_stay_readable() -> None:
    assert _formatted("content served entries=%d update_id=%d", 111, 87654321).endswith(
        "content served entries=111 update_id=87654321"
    )


def test_talkative_libraries_are_held_at_warning_even_at_debug() -> None:
    before = logging.getLogger().handlers[:]
    try:
        configure_logging("DEBUG")
        levels = {logging.getLogger(name).getEffectiveLevel() for name in TALKATIVE}
    finally:
        logging.getLogger().handlers[:] = before
        logging.getLogger().setLevel(logging.WARNING)

    assert levels == {logging.WARNING}
