"""What the scheduler ticks: each job calls one service. The rows and the clock say what is due, not the scheduler."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import memory, poll_notices, report_notices, session_notices
from bot.services.all import Services
from bot.telling import Teller
from db.database import Database

log = logging.getLogger(__name__)

Job = Callable[[Database, Services], Awaitable[None]]


@dataclass(frozen=True)
class Tick:
    """A job and how often it looks whether there is something to do.

    What each process has to do for itself is `everywhere`; everything else only the holder of the lease does.
    """

    name: str
    every: timedelta
    job: Job
    everywhere: bool = False

    def run(
        self, database: Database, services: Services, leads: Callable[[], bool]
    ) -> Callable[[Any], Coroutine[Any, Any, None]]:
        """The job as python-telegram-bot's JobQueue calls it. What fails is logged; the next tick looks again."""

        async def tick(context: object) -> None:
            if not (self.everywhere or leads()):
                return
            try:
                await self.job(database, services)
            except Exception as error:
                log.warning("tick failed job=%s kind=%s", self.name, type(error).__name__, exc_info=error)

        return tick


async def serve_current_book(database: Database, services: Services) -> None:
    """Somebody published something, in whichever process; or it is midnight in Jakarta, and another version of an entry
    comes into force."""
    async with database.transaction() as tx:
        if await services.content.is_outdated(tx):
            await services.content.refresh(tx)


async def give_back_memory(database: Database, services: Services) -> None:
    """What the last minute took and nobody needs any more goes back to the system."""
    memory.give_back()


async def forget_old_updates(database: Database, services: Services) -> None:
    """A week after an update ended nothing that a person wrote is left of it."""
    there_is_more = True
    while there_is_more:
        async with database.transaction() as tx:
            there_is_more = await services.inbox.forget(tx)


async def forget_old_mailings(database: Database, services: Services) -> None:
    """What was each recipient's own is erased when its mailing is old; one mailing a transaction."""
    is_left = True
    while is_left:
        async with database.transaction() as tx:
            is_left = await services.mailings.forget(tx)


async def forget_what_is_over(database: Database, services: Services) -> None:
    """What nobody needs any more: ended forms, files, sheets never confirmed, old answers to invitations, drafts;
    after two years also who answered a poll."""
    async with database.transaction() as tx:
        await services.forms.forget(tx)
        await services.files.forget(tx)
        await services.directory.forget(tx)
        await services.cop_sessions.forget(tx)
        await services.announcement_drafts.forget(tx)
        await services.poll_closing.forget(tx)


async def remind_of_sessions(database: Database, services: Services) -> None:
    """Reminders that are due are begun; seats that became free go to those who wait."""
    async with database.transaction() as tx:
        await session_notices.remind(tx, services)
        for session, people in await services.rsvps.fill_seats(tx):
            await session_notices.tell_of_seats(tx, services, session, people)


async def look_after_polls(database: Database, services: Services) -> None:
    """Polls open, remind and close by the clock. What the votes of closed ones left behind is overwritten."""
    async with database.transaction() as tx:
        await poll_notices.open_due(tx, services)
        await poll_notices.remind(tx, services)
    async with database.transaction() as tx:
        await poll_notices.close_due(tx, services)
        is_left = await services.poll_closing.to_scrub(tx)
    if is_left and await database.overwrite(services.poll_closing.scrubbing(on_sqlite=database.is_sqlite)):
        async with database.transaction() as tx:
            await services.poll_closing.scrubbed(tx)


async def send_monthly_report(database: Database, services: Services) -> None:
    """On the first of the month the report on the last one goes out."""
    async with database.transaction() as tx:
        await report_notices.send_monthly(tx, services)


async def own_up_to_outage(database: Database, services: Services) -> None:
    """Note that updates come in; after a silence those concerned hear which minutes were lost."""
    async with database.transaction() as tx:
        await session_notices.own_up_to_outage(tx, services)


async def look_after_announcements(database: Database, services: Services) -> None:
    """Show albums that are whole, and start what was planned for now."""
    async with database.transaction() as tx:
        await Teller(services).gather(tx)
        await Teller(services).start_due(tx)


async def show_progress(database: Database, services: Services) -> None:
    """Let organisers see how far their announcements are."""
    async with database.transaction() as tx:
        await Teller(services).show_progress(tx)


TICKS = (
    Tick("own up to outage", timedelta(seconds=20), own_up_to_outage),
    Tick("remind of sessions", timedelta(seconds=5), remind_of_sessions),
    Tick("look after polls", timedelta(seconds=5), look_after_polls),
    Tick("send the monthly report", timedelta(minutes=1), send_monthly_report),
    Tick("look after announcements", timedelta(seconds=1), look_after_announcements),
    # Telegram minds edits in quick succession, and nobody reads faster.
    Tick("show progress", timedelta(seconds=3), show_progress),
    Tick("serve the current book", timedelta(seconds=1), serve_current_book, everywhere=True),
    Tick("give back memory", timedelta(minutes=1), give_back_memory, everywhere=True),
    Tick("forget old updates", timedelta(hours=1), forget_old_updates),
    Tick("forget old mailings", timedelta(hours=1), forget_old_mailings),
    Tick("forget what is over", timedelta(hours=1), forget_what_is_over),
)
