"""The only place where things are wired."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, JobQueue

from bot.attachments import Attachments
from bot.clock import Clock, SystemClock
from bot.context import BotContext
from bot.delivery import Delivery
from bot.intake import WAITS_S, Intake, StoringRequest
from bot.jobs import TICKS
from bot.sender import Outgoing, Sender
from bot.services.all import Services
from bot.settings import Settings
from db.database import Database
from handlers import role_menus, routes
from knowledge_base.loader import Content, read_content

log = logging.getLogger(__name__)

# A stop takes ten seconds at most (docs/reliability.md); the rest is for closing connections and the database.
STOP_WITHIN_S = 6.0

BotApplication = Application[Any, BotContext, Any, Any, Any, Any]


def content_folder() -> Path:
    """Where the book's files travel inside the package."""
    return Path(str(files("knowledge_base") / "content"))


class TanyaCop:
    """The whole program over one bot and one database; `async with` starts and stops it.

    `content` is the book to load, read from the package's files when not given. `pauses_s` are the waits before
    a message that may not have arrived is repeated, `waits_s` those before an update is tried again. Inside the
    block everything works except that no updates are fetched: `poll` does that.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        content: Content | None = None,
        pauses_s: Sequence[float] = (1.0, 4.0),
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._settings = settings
        self._content = content
        self.database = Database(settings.database_url)
        self.services = Services.over(clock or SystemClock(), settings.owner_ids)
        # The digits before the colon are the bot's own id, known before Telegram is asked.
        bot_id = int(settings.bot_token.get_secret_value().partition(":")[0])
        self.intake = Intake(self.database, self.services, settings.default_language, bot_id, waits_s)
        self.application = self._build()
        self.delivery = Delivery(self.database, self.services, Sender(self.application.bot, pauses_s))
        self.intake.delivery = self.delivery
        self.intake.attachments = Attachments(self.application.bot, routes.wants_file)
        self.intake.handle = self.application.process_update
        self.intake.on_failure = self.application.process_error

    def _build(self) -> BotApplication:
        root = self._settings.bot_api_url
        application: BotApplication = (
            ApplicationBuilder()
            .token(self._settings.bot_token.get_secret_value())
            .base_url(f"{root}/bot")
            .base_file_url(f"{root}/file/bot")
            .context_types(ContextTypes(context=BotContext))
            .get_updates_request(StoringRequest(self.intake.store))
            .concurrent_updates(self.intake)
            .job_queue(JobQueue())
            .build()
        )
        routes.register(application)
        return application

    async def __aenter__(self) -> "TanyaCop":
        await self.database.migrate()
        await self.load_content()
        await self.application.initialize()
        await self._show_menus()
        assert self.application.job_queue is not None
        for tick in TICKS:
            self.application.job_queue.run_repeating(
                tick.run(self.database, self.services), interval=tick.every, first=tick.every, name=tick.name
            )
        await self._renew_menus()
        await self.delivery.take_over()
        self.application.job_queue.run_repeating(
            self._send_due, interval=1, first=0, name="send what waits", job_kwargs={"max_instances": 2}
        )
        await self.application.start()
        await self.take_up()
        return self

    async def __aexit__(self, *error: object) -> None:
        # What is stored and not begun is left to the next start, what is in hand is finished.
        self.delivery.stop()
        await asyncio.gather(self.intake.stop(STOP_WITHIN_S), self._stop_polling())
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        await self.database.close()

    async def _stop_polling(self) -> None:
        updater = self.application.updater
        if updater is not None and updater.running:
            try:
                await asyncio.wait_for(updater.stop(), STOP_WITHIN_S)
            except TimeoutError:
                log.warning("polling not ended in order")  # Telegram will repeat what the inbox holds already

    async def _send_due(self, context: object) -> None:
        await self.delivery.send_due()

    async def _show_menus(self) -> None:
        try:
            for scope, language, commands in routes.menus():
                await self.application.bot.set_my_commands(commands, scope=scope, language_code=language)
        except TelegramError as error:
            # Counsellors can ask without a menu; the next start tries again.
            log.warning("menus not set kind=%s", type(error).__name__)

    async def _renew_menus(self) -> None:
        """Owners and commands may have changed since the last start."""
        menus: list[Outgoing] = []
        async with self.database.transaction() as tx:
            for person in await self.services.roles.with_menus(tx):
                menus += await role_menus.due(tx, self.services, person, routes.private_menu)
            steps = await self.delivery.write(tx, menus)
        await self.delivery.send(steps)

    async def take_up(self) -> None:
        """Go on with what an earlier process stored; before anything is fetched, so that everybody's order is kept."""
        for update in await self.intake.unfinished(self.application.bot):
            await self.application.update_queue.put(update)

    async def poll(self) -> None:
        """Fetch updates by long polling until the program is left."""
        assert self.application.updater is not None
        await self.application.updater.start_polling(
            timeout=timedelta(seconds=30),
            allowed_updates=list(routes.UPDATE_KINDS),
            error_callback=_note_polling_error,
        )

    async def load_content(self) -> None:
        """Take the book's files into the database and serve what it then holds."""
        content = self._content or read_content(content_folder())
        for problem in content.problems:
            log.warning(
                "content left out file=%s line=%s code=%s", problem.path, problem.line, problem.code.value
            )
        async with self.database.transaction() as tx:
            report = await self.services.content.load(tx, content)
            await self.services.content.refresh(tx)
        for slug in report.conflicts:
            log.warning("content conflict, the database wins slug=%s", slug)
        for slug in report.retired:
            log.warning("content retired, its file is gone slug=%s", slug)
        log.info(
            "content served entries=%d loaded=%d conflicts=%d",
            len(self.services.content.book.entries),
            len(report.loaded),
            len(report.conflicts),
        )


def _note_polling_error(error: TelegramError) -> None:
    # The library tries again by itself; its own line would carry a traceback for every dropped connection.
    log.warning("polling failed kind=%s", type(error).__name__)
