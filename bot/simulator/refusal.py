"""How the simulated Bot API says no: a status code, a description and, for some, parameters."""

from typing import Any


class Refused(Exception):
    """The request was refused as Telegram would refuse it.

    `code` is the HTTP status and `error_code` of the answer, `description` the full text that clients read
    ("Bad Request: message text is empty"), `parameters` what a ResponseParameters object would carry
    (`retry_after`, `migrate_to_chat_id`); empty for most.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters: dict[str, Any] = parameters or {}


def bad_request(reason: str) -> Refused:
    """A 400 whose description starts as Telegram's do."""
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    """A 403 whose description starts as Telegram's do."""
    return Refused(403, f"Forbidden: {reason}")
