"""Addresses that open the bot with something to do: t.me/<bot>?start=<payload>."""

import re

# Bot API, "Deep linking": up to 64 of these signs; anything else Telegram drops without a word.
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class BadPayload(ValueError):
    """A payload that Telegram would not hand over."""


def deep_link(bot_username: str, payload: str) -> str:
    """The address for `payload`. Raises BadPayload unless it is 1 to 64 of A-Z, a-z, 0-9, "_" and "-"."""
    if not _PAYLOAD.fullmatch(payload):
        raise BadPayload(f"{payload!r}: 1 to 64 of A-Z, a-z, 0-9, _ and - are allowed")
    return f"https://t.me/{bot_username}?start={payload}"
