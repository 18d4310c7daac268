"""The menus that Telegram shows: everybody's, and those of people who may do more, in their private chat with the bot.

They follow from the table of commands (`handlers/routes.py`), which hands itself over.
"""

import hashlib
from collections.abc import Collection, Iterable
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.outgoing import SetMenu
from bot.services.all import Services
from bot.services.people import Person
from bot.services.roles import Standing
from bot.texts import LANGUAGES, texts


class Listing(Protocol):
    """The commands that a private chat lists for these standings, in a language: name, key of what it does."""

    def __call__(self, language: str, standings: Collection[Standing], /) -> Iterable[tuple[str, str]]: ...


async def due(tx: AsyncSession, services: Services, person: Person, listing: Listing) -> list[SetMenu]:
    """What has to be told to Telegram so that the person's chat lists what they may do; nothing where it does.

    Whoever chose a language reads it in every app; everybody else reads that of the app.
    """
    standings = await services.roles.standings(tx, person)
    lists: list[SetMenu] = []
    for language in LANGUAGES:
        sentences = texts(person.language or language)
        commands = tuple(
            (name, sentences.plain(f"commands.{key}")) for name, key in listing(sentences.language, standings)
        )
        app = None if language == LANGUAGES[0] else language
        lists.append(SetMenu(person.telegram_id, app, commands if standings else ()))
    shown = hashlib.sha256(repr(lists).encode()).hexdigest()[:16] if standings else None
    if shown == person.menu_shown:
        return []
    person.menu_shown = shown
    return lists
