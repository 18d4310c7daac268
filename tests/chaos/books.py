"""What the database says, looked at from another process than the program's."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import SystemClock
from bot.services.mailings import Mailings, Plan, Purpose, Recipient
from bot.services.requests import Call
from db.database import Database
from db.models import (
    Delivery,
    DeliveryState,
    IncomingUpdate,
    Mailing,
    OutgoingRequest,
    Person,
    Question,
    Rating,
    UpdateState,
)
from tests.chaos.crowd import Copy, text_of

LOOK_AGAIN_S = 0.05  # another process is at work; nothing here could tell us


@dataclass
class Page:
    """The rows at one moment."""

    deliveries: dict[Copy, DeliveryState] = field(default_factory=dict)
    unsent: set[int] = field(default_factory=set)  # chats that still wait for something

    def copies(self, state: DeliveryState) -> set[Copy]:
        return {copy for copy, found in self.deliveries.items() if found == state}


@dataclass
class Totals:
    """Everything that people did, as the rows have it."""

    updates: Counter[tuple[str, bool]] = field(
        default_factory=Counter
    )  # (state, whether the payload is kept)
    questions: Counter[int] = field(default_factory=Counter)  # by chat
    ratings: list[tuple[int, str]] = field(default_factory=list)  # person and verdict


@dataclass
class Books:
    """A look takes one transaction; nothing stays open between two."""

    url: str
    mailings: int = 0

    async def prepare(self) -> None:
        database = Database(self.url)
        await database.migrate()
        await database.close()

    async def mail(self, chat_ids: Sequence[int]) -> None:
        """Start a mailing through the services, as an organiser's process would."""
        self.mailings += 1
        plan = Plan(Purpose.ANNOUNCEMENT, [Call("sendMessage", {"text": text_of(self.mailings)})])
        database = Database(self.url)
        async with database.transaction() as tx:
            mailing = await Mailings(SystemClock()).start(tx, plan, (Recipient(chat) for chat in chat_ids))
        await database.close()
        assert mailing.id == self.mailings  # the texts name the mailings by their ids

    async def look(self) -> Page:
        page = Page()
        database = Database(self.url)
        async with database.transaction() as tx:
            rows = await tx.exec(select(Delivery.mailing_id, Delivery.chat_id, Delivery.state))
            for mailing_id, chat_id, state in rows.all():
                page.deliveries[mailing_id, chat_id] = DeliveryState(state)
            page.unsent = set((await tx.exec(select(OutgoingRequest.chat_id))).all())
        await database.close()
        return page

    async def totals(self) -> Totals:
        totals = Totals()
        database = Database(self.url)
        async with database.transaction() as tx:
            for update in (await tx.exec(select(IncomingUpdate))).all():
                totals.updates[update.state, update.payload is not None] += 1
            totals.questions.update((await tx.exec(select(Question.chat_id))).all())
            rated = await tx.exec(
                select(Person.telegram_id, Rating.verdict).join(
                    Rating, col(Rating.person_id) == col(Person.id)
                )
            )
            totals.ratings = [(person, verdict) for person, verdict in rated.all()]
        await database.close()
        return totals

    async def left_alone(self, within_s: float = 20.0) -> None:
        """Wait until a killed process has nothing under way any more: PostgreSQL finishes what it was sent."""
        database = Database(self.url)
        if not database.is_sqlite:
            others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            await _until(database, f"{others} AND pid <> pg_backend_pid()", within_s)
        await database.close()

    async def settled(self, within_s: float) -> None:
        """Wait until nothing is pending, nothing is to be sent and every mailing has ended."""
        database = Database(self.url)
        try:
            async with asyncio.timeout(within_s):
                while True:
                    async with database.transaction() as tx:
                        left = await _left(tx)
                    if not any(left):
                        return
                    await asyncio.sleep(LOOK_AGAIN_S)
        except TimeoutError as error:
            raise TimeoutError(
                f"after {within_s:g} s updates, messages, mailings are left: {left}"
            ) from error
        finally:
            await database.close()

    async def somebody_waits_for_a_lock(self, within_s: float = 30.0) -> None:
        """Wait until a process on PostgreSQL stands still because of a lock."""
        database = Database(self.url)
        await _until(database, "SELECT count(*) = 0 FROM pg_locks WHERE NOT granted", within_s)
        await database.close()


async def _left(tx: AsyncSession) -> tuple[int, int, int]:
    count = select(func.count())
    updates = count.select_from(IncomingUpdate).where(col(IncomingUpdate.state) == UpdateState.PENDING)
    messages = count.select_from(OutgoingRequest)
    mailings = count.select_from(Mailing).where(col(Mailing.ended_at).is_(None))
    return (
        (await tx.exec(updates)).one(),
        (await tx.exec(messages)).one(),
        (await tx.exec(mailings)).one(),
    )


async def _until(database: Database, query_of_zero: str, within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while True:
            async with database.transaction() as tx:
                found = (await (await tx.connection()).execute(text(query_of_zero))).scalar_one()
            if not found:
                return
            await asyncio.sleep(LOOK_AGAIN_S)
