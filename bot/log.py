"""Logging without secrets: no token, no number of a person, in no line and no traceback.

Libraries say too much: httpx logs the address of every request, which holds the token; python-telegram-bot logs
whole updates, with names and what people wrote; database drivers log parameters; exceptions carry addresses. So the
talkative loggers are held at WARNING whatever the level, and every finished line is redacted once more.
"""

import logging
import re
import sys

from bot.services.privacy import mask

# "123456789:AAE…" anywhere, and the part behind "/bot" of a Bot API address, however it is cut.
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}|(?<=/bot)\d+:[A-Za-z0-9_-]+")
TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "telegram.ext",
    "aiosqlite",
    "asyncpg",
    "sqlalchemy",
    "apscheduler",
    "aiohttp",
    "alembic",
)


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, and then takes out whatever looks like a secret or a person's number."""

    def __init__(self, fmt: str, *secrets: str) -> None:
        super().__init__(fmt)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        line = _TOKEN.sub("<token>", line)
        return line if line.isascii() and not any(c.isdigit() for c in line) else _mask_message(line, record)


def _mask_message(line: str, record: logging.LogRecord) -> str:
    # The time at the head of a line is ours; only what follows may hold a number that somebody typed.
    head, separator, rest = line.partition(record.levelname)
    return head + separator + mask(rest).text


def configure_logging(level: str, *secrets: str) -> None:
    """Log to standard error, redacted; `secrets` are replaced wherever they turn up (the token, also a short one)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", *secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
