"""The only place where things are wired."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, ApplicationBuilder, ContextTypes, JobQueue

from bot import preparing
from bot.attachments import Attachments
from bot.clock import Clock, SystemClock
from bot.context import BotContext
from bot.delivery import Delivery
from bot.fetching import Contest, StoringRequest
from bot.intake import WAITS_S, Intake
from bot.jobs import TICKS
from bot.limiter import Limiter
from bot.mailer import Mailer
from bot.outgoing import Outgoing, SendMessage
from bot.replicas import Replica
from bot.request import AiohttpRequest
from bot.sender import Sender
from bot.services import certificate_template
from bot.services.all import Services
from bot.services.announcements import Limits as AnnouncementLimits
from bot.services.outbox import CHANNEL
from bot.settings import Settings
from bot.telling import Teller
from bot.texts import texts
from bot.views.reply import Reply
from bot.windows import Limits
from db.database import Database
from handlers import role_menus, routes
from knowledge_base.folder import content_folder

if TYPE_CHECKING:
    from bot.webhook import Webhook
    from knowledge_base.loader import Content

log = logging.getLogger(__name__)

# A stop takes ten seconds at most (docs/reliability.md); the rest is for closing connections and the database.
STOP_WITHIN_S = 6.0
TAKEN_UP_AT_ONCE = 500

BotApplication = Application[Any, BotContext, Any, Any, Any, Any]


class TanyaCop:
    """The whole program over one bot and one database; `async with` starts and stops it.

    Inside the block everything works except that no updates come in: `poll` or `listen` does that. With `receives` they
    come in as the settings say, and as soon as the database can hold them; those that come before the book is there are
    stored and wait for it. `content` is the book to load, that of the files in `folder` when not given. `now` is what
    Telegram's limits are counted by, `lease_now` how long we may believe in our lease: seconds of clocks that never go
    back. `waits_s` are the waits before an update is tried again.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        now: Callable[[], float] = time.monotonic,
        lease_now: Callable[[], float] = time.monotonic,
        content: "Content | None" = None,
        folder: Path | None = None,
        receives: bool = False,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._settings = settings
        self._content = content
        self._folder = folder or content_folder()
        self._receives = receives
        self.database = Database(settings.database_url)
        self.services = Services.over(
            clock or SystemClock(),
            settings.owner_ids,
            settings.default_language,
            AnnouncementLimits(_bulk_rate(settings), settings.announce_alone_up_to),
            certificate_template.load(settings.certificate_template),
        )
        # The digits before the colon are the bot's own id, known before Telegram is asked.
        self._bot_id = int(settings.bot_token.get_secret_value().partition(":")[0])
        self.intake = Intake(self.database, self.services, settings.default_language, self._bot_id, waits_s)
        self.replica = Replica(
            self.database,
            self.services,
            self._bot_id,
            timedelta(seconds=settings.lease_seconds),
            take_over=lambda tx, term: self.delivery.take_over(tx, term),
            take_up=self._take_up,
            lead=self._lead,
            now=lease_now,
        )
        self.contest = Contest(self._say_contested, self._lose)
        self.is_lost = asyncio.Event()  # another process fetches the updates: this one has to end
        self._requests = (
            AiohttpRequest(),
            StoringRequest(self.intake.store, self.intake.room, self._heard),
        )
        self.limiter = Limiter(_limits(settings), now, lambda: self.replica.leads)
        self.application = self._build()
        self.sender = Sender(self.application.bot, is_paid=settings.paid_messages_per_second > 0)
        self.delivery = Delivery(self.database, self.services, self.sender, lambda: self.replica.term)
        self.mailer = Mailer(
            self.database,
            self.services,
            self.sender,
            _bulk_rate(settings),
            lambda: self.replica.term,
            on_progress=Teller(self.services).progress,
        )
        self.intake.turns.bot = self.application.bot
        self.intake.delivery = self.delivery
        self.intake.attachments = Attachments(self.application.bot, routes.wants_file)
        self.intake.handle = self.application.process_update
        self.intake.on_failure = self.application.process_error
        self._webhook: Webhook | None = None
        self._beside: set[asyncio.Task[Any]] = set()
        self._mailing: asyncio.Task[None] | None = None

    def _build(self) -> BotApplication:
        root = self._settings.bot_api_url
        application: BotApplication = (
            ApplicationBuilder()
            .token(self._settings.bot_token.get_secret_value())
            .base_url(f"{root}/bot")
            .base_file_url(f"{root}/file/bot")
            .request(self._requests[0])
            .rate_limiter(self.limiter)
            .context_types(ContextTypes(context=BotContext))
            .get_updates_request(self._requests[1])
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
        """First what it takes to let updates in and store them; what can follow while they come, follows."""
        self.database.claim()
        await self.database.migrate()
        await self.replica.join()
        self.intake.replica_id = self.replica.id
        await self.application.initialize()
        await self.application.start()
        if self._receives:
            await self.receive()
        self._run_beside(preparing.show_menus(self.database, self.application.bot, self._bot_id))
        await self.load_content()
        self.intake.may_begin.set()
        await self.replica.tick()
        await self._listen()
        self._mailing = asyncio.create_task(self.mailer.run())
        self._run_beside(self._renew_menus())
        self._schedule()

    async def load_content(self) -> None:
        """Read the book and serve it."""
        await preparing.load_content(self.database, self.services, self._content, self._folder)

    def _schedule(self) -> None:
        """Have the clock tick; the rows say what is due."""
        beat = timedelta(seconds=self._settings.lease_seconds / 5)
        self._repeat("replica", beat, self._tick_replica, first=beat)
        self._repeat("send what waits", timedelta(seconds=1), self._tick_delivery, first=timedelta(0))
        for tick in TICKS:
            job = tick.run(self.database, self.services, lambda: self.replica.leads)
            self._repeat(tick.name, tick.every, job, first=tick.every)

    def _repeat(
        self,
        name: str,
        every: timedelta,
        job: Callable[[Any], Coroutine[Any, Any, None]],
        *,
        first: timedelta,
    ) -> None:
        assert self.application.job_queue is not None
        # However late the machine comes to it: a tick that was due is made up for once.
        made_up = {"misfire_grace_time": None, "coalesce": True}
        self.application.job_queue.run_repeating(
            job, interval=every, first=first, name=name, job_kwargs=made_up
        )

    async def _close(self) -> None:
        # What is stored and not begun is left to the next start, what is in hand is finished.
        if self._webhook is not None:
            await self._webhook.stop()
        await asyncio.gather(
            self.intake.stop(STOP_WITHIN_S), self.mailer.stop(), self._stop_polling(), self._end_beside()
        )
        if self._mailing is not None:
            await self._mailing
        await self.delivery.stop()
        if self.application.running:
            await self.application.stop()
        await self.application.shutdown()
        for request in self._requests:
            await request.shutdown()  # the library leaves them open when its own start failed
        if self.replica.id:
            try:
                await self.replica.leave()
            except Exception as failure:
                log.warning(
                    "not left in order kind=%s", type(failure).__name__
                )  # the others wait for our silence
        await self.database.close()

    async def _end_beside(self) -> None:
        if self._beside:
            # To cancel what the database is at would leave its connection open; only a silent Telegram takes longer.
            _, late = await asyncio.wait(self._beside, timeout=STOP_WITHIN_S)
            for task in late:
                task.cancel()

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
        except Exception as error:
            log.warning("replica not seen kind=%s", type(error).__name__)  # the lease runs out by itself
        await self._listen()

    async def _listen(self) -> None:
        try:
            if not self.database.is_listening:
                await self.database.listen(CHANNEL, self._look)
        except Exception as error:
            log.warning(
                "not listening kind=%s", type(error).__name__
            )  # what others write is found by looking

    async def _tick_delivery(self, context: object) -> None:
        self.mailer.wake()
        await self.delivery.send_due()

    def _look(self) -> None:
        """Another process wrote something to be sent."""
        self._run_beside(self.delivery.send_due())

    def _run_beside(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _lead(self) -> None:
        """This process sends from now on."""
        self.mailer.wake()
        self._look()

    async def _take_up(self, row_ids: list[int]) -> None:
        self._run_beside(self.take_up(row_ids))

    async def take_up(self, row_ids: Sequence[int]) -> None:
        """Handle these rows of the inbox; the rows keep everybody's order, whatever comes in meanwhile."""
        for start in range(0, len(row_ids), TAKEN_UP_AT_ONCE):
            await self.intake.room()
            if self.intake.is_stopping:
                return  # the rows are left to others
            for update in await self.intake.turns.take_up(row_ids[start : start + TAKEN_UP_AT_ONCE]):
                await self.application.update_queue.put(update)

    def _heard(self) -> None:
        """Telegram answered a request for updates of ours."""
        self.contest.won()
        self.services.outages.heard()

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

    async def _renew_menus(self) -> None:
        """Owners and commands may have changed since the last start."""
        try:
            menus: list[Outgoing] = []
            async with self.database.transaction() as tx:
                for person in await self.services.roles.with_menus(tx):
                    menus += await role_menus.due(tx, self.services, person, routes.private_menu)
                (steps,) = await self.delivery.write_all(tx, [menus])
            await self.delivery.send(steps)
        except Exception as error:
            log.warning("menus of roles not renewed kind=%s", type(error).__name__)  # the next start does it

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
        from bot.webhook import PATH, Webhook  # a start by long polling does without a server

        settings, bot = self._settings, self.application.bot
        secret = settings.webhook_secret.get_secret_value()

        async def dispatch(update: dict[str, Any]) -> None:
            if (read := await self.intake.turns.read(update)) is not None:
                await self.application.update_queue.put(read)

        self._webhook = Webhook(secret, self.intake.store, dispatch, self.intake.room)
        port = await self._webhook.start(settings.webhook_host, settings.webhook_port)
        await bot.set_webhook(
            f"{settings.webhook_url}{PATH}",
            secret_token=secret,
            allowed_updates=list(routes.UPDATE_KINDS),
            max_connections=100,
        )
        self.services.outages.listen()
        return port


def _bulk_rate(settings: Settings) -> int:
    """How many messages a second leave in bulk."""
    return settings.paid_messages_per_second or settings.messages_per_second


def _limits(settings: Settings) -> Limits:
    return Limits(
        per_second=settings.messages_per_second,
        private_per_second=settings.private_messages_per_second,
        reply_burst=settings.reply_burst,
        group_per_minute=settings.group_messages_per_minute,
        paid_per_second=settings.paid_messages_per_second,
        edits_overall=settings.edits_count_overall,
    )
