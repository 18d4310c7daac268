"""The only place where things are wired."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, JobQueue

from bot.clock import Clock, SystemClock
from bot.context import BotContext
from bot.delivery import Delivery
from bot.fetching import Contest, StoringRequest
from bot.intake import WAITS_S, Intake
from bot.jobs import TICKS
from bot.limiter import Limiter
from bot.replicas import Replica
from bot.request import AiohttpRequest
from bot.sender import Sender, SendMessage
from bot.services.all import Services
from bot.services.outbox import CHANNEL
from bot.settings import Settings
from bot.texts import texts
from bot.views.reply import Reply
from bot.webhook import PATH, Webhook
from bot.windows import Limits
from db.database import Database
from handlers import routes
from knowledge_base.loader import Content, read_content

log = logging.getLogger(__name__)

# A stop takes ten seconds at most (docs/reliability.md); the rest is for closing connections and the database.
STOP_WITHIN_S = 6.0
TAKEN_UP_AT_ONCE = 500

BotApplication = Application[Any, BotContext, Any, Any, Any, Any]


def content_folder() -> Path:
    """Where the book's files travel inside the package."""
    return Path(str(files("knowledge_base") / "content"))


class TanyaCop:
    """The whole program over one bot and one database; `async with` starts and stops it.

    `now` is what Telegram's limits are counted by: seconds of a clock that never goes back.
    `content` is the book to load, read from the package's files when not given. `waits_s` are those before an update
    is tried again. Inside the block everything works except that no updates come in: `poll` or `listen` does that.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        now: Callable[[], float] = time.monotonic,
        content: Content | None = None,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._settings = settings
        self._content = content
        self.database = Database(settings.database_url)
        self.services = Services.over(clock or SystemClock(), settings.owner_ids)
        # The digits before the colon are the bot's own id, known before Telegram is asked.
        bot_id = int(settings.bot_token.get_secret_value().partition(":")[0])
        self.intake = Intake(self.database, self.services, settings.default_language, bot_id, waits_s)
        self.replica = Replica(
            self.database,
            self.services,
            bot_id,
            timedelta(seconds=settings.lease_seconds),
            take_up=self._take_up,
            lead=self._lead,
        )
        self.contest = Contest(self._say_contested, self._lose)
        self.is_lost = asyncio.Event()  # another process fetches the updates: this one has to end
        self.limiter = Limiter(_limits(settings), now)
        self.application = self._build()
        self.sender = Sender(self.application.bot, is_paid=settings.paid_messages_per_second > 0)
        self.delivery = Delivery(self.database, self.services, self.sender, lambda: self.replica.leads)
        self.intake.bot = self.application.bot
        self.intake.delivery = self.delivery
        self.intake.handle = self.application.process_update
        self.intake.on_failure = self.application.process_error
        self._webhook: Webhook | None = None
        self._beside: set[asyncio.Task[Any]] = set()

    def _build(self) -> BotApplication:
        root = self._settings.bot_api_url
        application: BotApplication = (
            ApplicationBuilder()
            .token(self._settings.bot_token.get_secret_value())
            .base_url(f"{root}/bot")
            .base_file_url(f"{root}/file/bot")
            .request(AiohttpRequest())
            .rate_limiter(self.limiter)
            .context_types(ContextTypes(context=BotContext))
            .get_updates_request(
                StoringRequest(self.intake.store, self.intake.room, lambda: self.contest.won())
            )
            .concurrent_updates(self.intake)
            .job_queue(JobQueue())
            .build()
        )
        routes.register(application)
        return application

    async def __aenter__(self) -> "TanyaCop":
        self.database.claim()
        await self.database.migrate()
        await self.load_content()
        await self.replica.join()
        self.intake.replica_id = self.replica.id
        await self.application.initialize()
        await self._show_menus()
        await self.application.start()
        await self.replica.tick()
        await self.database.listen(CHANNEL, self._look)
        self._schedule()
        return self

    def _schedule(self) -> None:
        """Have the clock tick; the rows say what is due."""
        queue = self.application.job_queue
        assert queue is not None
        lease = self._settings.lease_seconds
        queue.run_repeating(self._tick_replica, interval=lease / 5, first=lease / 5, name="replica")
        queue.run_repeating(self._tick_delivery, interval=1, first=0, name="send what waits")
        for tick in TICKS:
            queue.run_repeating(
                tick.run(self.database, self.services, lambda: self.replica.leads),
                interval=tick.every,
                first=tick.every,
                name=tick.name,
            )

    async def __aexit__(self, *error: object) -> None:
        # What is stored and not begun is left to the next start, what is in hand is finished.
        if self._webhook is not None:
            await self._webhook.stop()
        await asyncio.gather(self.intake.stop(STOP_WITHIN_S), self._stop_polling())
        await self.delivery.stop()
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        try:
            await self.replica.leave()
        except Exception as failure:
            log.warning(
                "not left in order kind=%s", type(failure).__name__
            )  # the others wait for our silence
        await self.database.close()

    async def _stop_polling(self) -> None:
        updater = self.application.updater
        if updater is not None and updater.running:
            try:
                await asyncio.wait_for(updater.stop(), STOP_WITHIN_S)
            except TimeoutError:
                log.warning("polling not ended in order")  # Telegram will repeat what the inbox holds already

    async def _tick_replica(self, context: object) -> None:
        try:
            await self.replica.tick()
            self.intake.replica_id = self.replica.id
            if not self.database.is_listening:
                await self.database.listen(CHANNEL, self._look)
        except Exception as error:
            log.warning("replica not seen kind=%s", type(error).__name__)  # the lease runs out by itself

    async def _tick_delivery(self, context: object) -> None:
        await self.delivery.send_due()

    def _look(self) -> None:
        """Another process wrote something to be sent."""
        self._run_beside(self.delivery.send_due())

    def _run_beside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _lead(self, term: int) -> None:
        """This process sends from now on."""
        await self.delivery.take_over()

    async def _take_up(self, row_ids: list[int]) -> None:
        self._run_beside(self.take_up(row_ids))

    async def take_up(self, row_ids: Sequence[int]) -> None:
        """Handle these rows of the inbox; the rows keep everybody's order, whatever comes in meanwhile."""
        for start in range(0, len(row_ids), TAKEN_UP_AT_ONCE):
            await self.intake.room()
            for update in await self.intake.take_up(row_ids[start : start + TAKEN_UP_AT_ONCE]):
                await self.application.update_queue.put(update)

    def _say_contested(self) -> None:
        self._run_beside(self._tell_owners("startup.contested"))

    async def _tell_owners(self, key: str) -> None:
        notice = Reply(texts(self._settings.default_language).html(key))
        units = [[SendMessage(owner_id, notice) for owner_id in self._settings.owner_ids]]
        try:
            async with self.database.transaction() as tx:
                (steps,) = await self.delivery.write_all(tx, units)
            await self.delivery.send(steps)
        except Exception as error:
            log.warning("owners not told kind=%s", type(error).__name__)

    def _lose(self) -> None:
        self.is_lost.set()

    async def _show_menus(self) -> None:
        try:
            for scope, language, commands in routes.menus():
                await self.application.bot.set_my_commands(commands, scope=scope, language_code=language)
        except TelegramError as error:
            # Counsellors can ask without a menu; the next start tries again.
            log.warning("menus not set kind=%s", type(error).__name__)

    async def receive(self) -> None:
        """Take updates in as the settings say: by webhook where they name one, by long polling otherwise."""
        if self._settings.webhook_url:
            await self.listen()
        else:
            await self.poll()

    async def poll(self) -> None:
        """Fetch updates by long polling until the program is left."""
        assert self.application.updater is not None
        await self.application.updater.start_polling(
            timeout=timedelta(seconds=30),
            allowed_updates=list(routes.UPDATE_KINDS),
            error_callback=self.contest.note,
        )

    async def listen(self) -> int:
        """Have updates delivered to our webhook until the program is left; gives the port that is listened on."""
        settings, bot = self._settings, self.application.bot
        secret = settings.webhook_secret.get_secret_value()

        async def dispatch(update: dict[str, Any]) -> None:
            await self.application.update_queue.put(Update.de_json(update, bot))

        self._webhook = Webhook(secret, self.intake.store, dispatch, self.intake.room)
        port = await self._webhook.start(settings.webhook_host, settings.webhook_port)
        await bot.set_webhook(
            f"{settings.webhook_url}{PATH}",
            secret_token=secret,
            allowed_updates=list(routes.UPDATE_KINDS),
            max_connections=100,
        )
        return port

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


def _limits(settings: Settings) -> Limits:
    return Limits(
        per_second=settings.messages_per_second,
        private_per_second=settings.private_messages_per_second,
        reply_burst=settings.reply_burst,
        group_per_minute=settings.group_messages_per_minute,
        paid_per_second=settings.paid_messages_per_second,
        edits_overall=settings.edits_count_overall,
    )
