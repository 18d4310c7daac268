"""Sentences by key, in the reader's language; the one place where values are escaped.

A catalogue is a TOML file; keys read like an address (`questions.not_found`). Values are put in by name. What goes
into a message is Telegram's HTML: the catalogue may hold tags, values may not. What goes onto a button or into an
alert is plain: neither may.
"""

import html
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from bot.clock import Zone

LANGUAGES = ("id", "en")


class UnknownText(KeyError):
    """A key that the catalogue does not hold."""


@dataclass(frozen=True)
class Texts:
    """All sentences of one language."""

    language: str
    sentences: Mapping[str, str]

    def html(self, key: str, /, **values: object) -> str:
        """The sentence as Telegram's HTML, every value escaped."""
        return self._sentence(key).format_map({name: escape(str(value)) for name, value in values.items()})

    def plain(self, key: str, /, **values: object) -> str:
        """The sentence for a button, an alert, a menu or a terminal: no markup, nothing escaped."""
        return self._sentence(key).format_map(values)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.sentences

    def date(self, day: date) -> str:
        """The day as people write it: "7 Februari 2025"."""
        return f"{day.day} {self.plain(f'calendar.month_{day.month}')} {day.year}"

    def moment(self, moment: datetime, zone: Zone) -> str:
        """A moment in the reader's zone: "7 Februari 2025 pukul 09.00 WIB"."""
        local = moment.astimezone(zone.info)
        return self.plain(
            "calendar.moment", date=self.date(local.date()), time=f"{local:%H.%M}", zone=zone.name
        )

    def number(self, number: int) -> str:
        """A count with its thousands apart: "1.712"."""
        return f"{number:,}".replace(",", self.plain("calendar.thousands"))

    def _sentence(self, key: str) -> str:
        try:
            return self.sentences[key]
        except KeyError:
            raise UnknownText(f"{self.language}: {key}") from None


def escape(text: str) -> str:
    """`text` as it may stand between Telegram's HTML tags and in their attributes."""
    return html.escape(text, quote=True).replace("&#x27;", "'")


@cache
def texts(language: str) -> Texts:
    """The catalogue of a language, Indonesian for one that we do not speak."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    raw = (files("bot") / "locale" / f"{spoken}.toml").read_text(encoding="utf-8")
    return Texts(spoken, dict(_flatten("", tomllib.loads(raw))))


def _flatten(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            found.extend(_flatten(name, value))
        else:
            found.append((name, str(value)))
    return found
