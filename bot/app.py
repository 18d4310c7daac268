"""The only place where things are wired."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, JobQueue

from bot.clock import Clock, SystemClock
from bot.context import BotContext
from bot.delivery import Delivery
from bot.intake import WAITS_S, Intake, StoringRequest
from bot.jobs import TICKS
from bot.sender import Sender
from bot.services.all import Services
from bot.services.content import LoadReport
from bot.settings import Settings
from db.database import Database
from db.models import Mark
from handlers import routes
from knowledge_base.folder import content_folder

if TYPE_CHECKING:
    from knowledge_base.loader import Content

log = logging.getLogger(__name__)

# A stop takes ten seconds at most (docs/reliability.md); the rest is for closing connections and the database.
STOP_WITHIN_S = 6.0

BotApplication = Application[Any, BotContext, Any, Any, Any, Any]


class TanyaCop:
    """The whole program over one bot and one database; `async with` starts and stops it.

    `content` is the book to load; when it is not given, it is read from `folder`, by default the package's own.
    `pauses_s` are the waits before a message that may not have arrived is repeated, `waits_s` those before an update
    is tried again. Inside the block everything works except that no updates are fetched: `poll` does that. With
    `polls` they are fetched as soon as the database can hold them; those that come before the book is there are
    stored and wait for it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        content: "Content | None" = None,
        folder: Path | None = None,
        polls: bool = False,
        pauses_s: Sequence[float] = (1.0, 4.0),
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._settings = settings
        self._content = content
        self._folder = folder or content_folder()
        self._polls = polls
        self._menus: asyncio.Task[None] | None = None
        self.database = Database(settings.database_url)
        self.services = Services.over(clock or SystemClock(), settings.owner_ids)
        # The digits before the colon are the bot's own id, known before Telegram is asked.
        self._bot_id = int(settings.bot_token.get_secret_value().partition(":")[0])
        self.intake = Intake(self.database, self.services, settings.default_language, self._bot_id, waits_s)
        self.application = self._build()
        self.delivery = Delivery(self.database, self.services, Sender(self.application.bot, pauses_s))
        self.intake.delivery = self.delivery
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
        try:
            await self._open()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._close()

    async def _open(self) -> None:
        """First what it takes to fetch updates and store them; what can follow while they come, follows."""
        await self.database.migrate()
        await self.application.initialize()
        await self.delivery.take_over()
        self._repeat("send what waits", timedelta(seconds=1), self._send_due, first=timedelta(0), at_once=2)
        await self.application.start()
        await self.take_up()
        if self._polls:
            await self.poll()
        self._menus = asyncio.create_task(self._show_menus())
        await self.load_content()
        self.intake.may_begin.set()
        for tick in TICKS:
            self._repeat(tick.name, tick.every, tick.run(self.database, self.services), first=tick.every)

    async def _close(self) -> None:
        # What is stored and not begun is left to the next start, what is in hand is finished.
        self.delivery.stop()
        await asyncio.gather(self.intake.stop(STOP_WITHIN_S), self._stop_polling(), self._leave_menus())
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        await self.database.close()

    def _repeat(
        self,
        name: str,
        every: timedelta,
        job: Callable[[Any], Coroutine[Any, Any, None]],
        *,
        first: timedelta,
        at_once: int = 1,
    ) -> None:
        assert self.application.job_queue is not None
        self.application.job_queue.run_repeating(
            job, interval=every, first=first, name=name, job_kwargs={"max_instances": at_once}
        )

    async def _stop_polling(self) -> None:
        updater = self.application.updater
        if updater is not None and updater.running:
            try:
                await asyncio.wait_for(updater.stop(), STOP_WITHIN_S)
            except TimeoutError:
                log.warning("polling not ended in order")  # Telegram will repeat what the inbox holds already

    async def _leave_menus(self) -> None:
        if self._menus is not None:
            # To cancel what the database is at would leave its connection open; only a silent Telegram takes longer.
            await asyncio.wait([self._menus], timeout=STOP_WITHIN_S)
            self._menus.cancel()

    async def _send_due(self, context: object) -> None:
        await self.delivery.send_due()

    async def _show_menus(self) -> None:
        """Tell Telegram the commands, unless it was told the same before."""
        menus = routes.menus()
        told = [
            (scope.to_dict(), language, [c.to_dict() for c in commands])
            for scope, language, commands in menus
        ]
        name, digest = f"menus of {self._bot_id}", hashlib.sha256(json.dumps(told).encode()).hexdigest()
        try:
            async with self.database.transaction() as tx:
                mark = await tx.get(Mark, name)
            if mark is not None and mark.digest == digest:
                return
            for scope, language, commands in menus:
                await self.application.bot.set_my_commands(commands, scope=scope, language_code=language)
            async with self.database.transaction() as tx:
                await tx.merge(Mark(name=name, digest=digest))
        except Exception as error:
            # Counsellors can ask without a menu; the next start tries again.
            log.warning("menus not set kind=%s", type(error).__name__)

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
        """Take the book's files into the database, if there is anything new in them, and serve what it then holds."""
        report = await self._load_files()
        async with self.database.transaction() as tx:
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

    async def _load_files(self) -> LoadReport:
        content, files = self._content, None
        if content is None:
            files = await asyncio.to_thread(self.services.content.fingerprint, self._folder)
            async with self.database.transaction() as tx:
                if await self.services.content.is_loaded(tx, files):
                    return LoadReport()
            content = await asyncio.to_thread(_read_files, self._folder)
        for problem in content.problems:
            log.warning(
                "content left out file=%s line=%s code=%s", problem.path, problem.line, problem.code.value
            )
        async with self.database.transaction() as tx:
            return await self.services.content.load(tx, content, files)


def _read_files(folder: Path) -> "Content":
    from knowledge_base.loader import (
        read_content,  # with a YAML parser, for the rare start that finds new files
    )

    return read_content(folder)


def _note_polling_error(error: TelegramError) -> None:
    # The library tries again by itself; its own line would carry a traceback for every dropped connection.
    log.warning("polling failed kind=%s", type(error).__name__)
