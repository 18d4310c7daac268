"""The inbox forgets what ended long ago."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.clock import ManualClock
from bot.services import inbox as rules
from bot.services.inbox import Inbox, Row
from db.database import Database
from db.models import IncomingUpdate, UpdateState
from db.queries import inbox as queries


def _ended(update_id: int, at: datetime, state: UpdateState) -> IncomingUpdate:
    payload = "{}" if state is UpdateState.SET_ASIDE else None
    return IncomingUpdate(
        bot_id=1,
        update_id=update_id,
        kind="message",
        received_at=at,
        payload=payload,
        state=state,
        done_at=at,
    )


async def _left(database: Database) -> list[tuple[int, str | None]]:
    async with database.transaction() as tx:
        rows = (await tx.exec(select(IncomingUpdate).order_by(col(IncomingUpdate.update_id)))).all()
    return [(row.update_id, row.payload) for row in rows]


async def test_the_oldest_go_first_and_no_more_than_a_portion(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    async with database.transaction() as tx:
        tx.add_all(_ended(number, now - timedelta(hours=number), UpdateState.DONE) for number in range(1, 6))

    async with database.transaction() as tx:
        there_is_more = await queries.forget(tx, now, most=2)
        assert there_is_more

    assert [number for number, _ in await _left(database)] == [1, 2, 3]


async def test_what_was_set_aside_loses_only_its_words(database: Database, clock: ManualClock) -> None:
    long_ago = clock.now() - rules.KEPT_FOR - timedelta(seconds=1)
    async with database.transaction() as tx:
        tx.add(_ended(1, long_ago, UpdateState.DONE))
        tx.add(_ended(2, long_ago, UpdateState.SET_ASIDE))
        tx.add(_ended(3, clock.now(), UpdateState.SET_ASIDE))

    async with database.transaction() as tx:
        await Inbox(clock).forget(tx)

    assert await _left(database) == [(2, None), (3, "{}")]


async def test_what_is_done_meanwhile_is_neither_taken_up_nor_set_aside(
    database: Database, clock: ManualClock
) -> None:
    inbox = Inbox(clock)
    async with database.transaction() as tx:
        await inbox.store(tx, 1, [{"update_id": 1}, {"update_id": 2}])
    async with database.transaction() as tx:
        first, second = await inbox.take_over(tx, 1, replica_id=1)
        await inbox.finish(tx, [Row(first, 1)])  # delivered again, and handled, before it was taken up

    async with database.transaction() as tx:
        loaded = [row.id for row in await inbox.load(tx, [first, second])]
        await inbox.set_aside(tx, first, None)

    assert loaded == [second]
    async with database.transaction() as tx:
        assert await inbox.pending(tx, 1, [1, 2]) == {1: None, 2: Row(second, 2)}
        states = (await tx.exec(select(IncomingUpdate.state).order_by(col(IncomingUpdate.id)))).all()
    assert states == [UpdateState.DONE, UpdateState.PENDING]
