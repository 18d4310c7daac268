"""What the scheduler ticks: each job calls one service. The rows and the clock say what is due, not the scheduler."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.services.all import Services
from db.database import Database

Job = Callable[[Database, Services], Awaitable[None]]


@dataclass(frozen=True)
class Tick:
    """A job and how often it looks whether there is something to do."""

    name: str
    every: timedelta
    job: Job

    def run(self, database: Database, services: Services) -> Callable[[Any], Coroutine[Any, Any, None]]:
        """The job as python-telegram-bot's JobQueue calls it."""

        async def tick(context: object) -> None:
            await self.job(database, services)

        return tick


async def serve_todays_book(database: Database, services: Services) -> None:
    """At midnight in Jakarta another version of an entry may come into force."""
    if services.content.is_of_another_day:
        async with database.transaction() as tx:
            await services.content.refresh(tx)


async def forget_old_updates(database: Database, services: Services) -> None:
    """A week after an update ended nothing that a person wrote is left of it."""
    async with database.transaction() as tx:
        await services.inbox.forget(tx)


async def forget_what_is_over(database: Database, services: Services) -> None:
    """Forms that ended, files that nobody waits for and sheets that were never confirmed are erased after days."""
    async with database.transaction() as tx:
        await services.forms.forget(tx)
        await services.files.forget(tx)
        await services.directory.forget(tx)


TICKS = (
    Tick("serve today's book", timedelta(minutes=1), serve_todays_book),
    Tick("forget old updates", timedelta(hours=1), forget_old_updates),
    Tick("forget what is over", timedelta(hours=1), forget_what_is_over),
)
