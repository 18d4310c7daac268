"""Deliveries: fixing, marking, putting back and recording them, many at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, case, func, insert, literal, null, union_all
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, and_, col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.database import BigId, UtcDateTime, insert_or_leave
from db.models import Delivery, DeliveryState, Doubt
from db.queries.mailings import open_ids

_TABLE: Table = SQLModel.metadata.tables["deliveries"]


@dataclass(frozen=True)
class Share:
    """How many deliveries of a mailing may be marked at once; earlier shares go before later ones."""

    mailing_id: int
    limit: int


@dataclass(frozen=True)
class Marked:
    """A delivery that is marked as sending."""

    id: int
    mailing_id: int
    chat_id: int
    thread_id: int
    variant: str | None
    parameters: dict[str, Any] | None
    target_ids: list[int] | None
    attempts: int


@dataclass(frozen=True)
class StillMarked:
    """A delivery whose attempt is not recorded yet."""

    id: int
    mailing_id: int
    chat_id: int
    thread_id: int
    attempts: int


@dataclass(frozen=True)
class Ended:
    """What became of a delivery, to write down."""

    id: int
    state: DeliveryState
    message_ids: list[int] | None = None
    poll_id: str | None = None
    reason: str | None = None


async def add(tx: AsyncSession, mailing_id: int, rows: Iterable[dict[str, Any]], now: datetime) -> None:
    """Add deliveries of a mailing, each a row's columns; a chat and topic that it has already is left as it is."""
    fixed = {"mailing_id": mailing_id, "state": DeliveryState.PENDING, "attempts": 0, "updated_at": now}
    await insert_or_leave(tx, Delivery, [fixed | row for row in rows])


async def add_from(
    tx: AsyncSession,
    mailing_id: int,
    source_id: int,
    due_at: datetime,
    now: datetime,
    *,
    sent_since: datetime | None,
    with_parts: bool,
) -> None:
    """Add a delivery for each one of another mailing that was sent, about its messages; `with_parts`: also about what
    is known to have arrived of an uncertain one."""
    source = _TABLE.c
    has_messages = source.state == DeliveryState.SENT
    if with_parts:
        has_messages = or_(has_messages, source.state == DeliveryState.UNCERTAIN)
    columns = {
        "mailing_id": literal(mailing_id, BigId),
        "chat_id": source.chat_id,
        "thread_id": source.thread_id,
        "person_id": source.person_id,
        "variant": source.variant,
        "target_ids": source.message_ids,
        "state": literal(DeliveryState.PENDING.value),
        "due_at": literal(due_at, UtcDateTime),
        "attempts": literal(0),
        "updated_at": literal(now, UtcDateTime),
    }
    chosen = (
        select_columns(*columns.values())
        .where(source.mailing_id == source_id, has_messages, source.message_ids.is_not(None))
        .order_by(source.id)
    )
    if sent_since is not None:
        chosen = chosen.where(source.updated_at >= sent_since)
    await tx.exec(insert(_TABLE).from_select(list(columns), chosen))


async def number(tx: AsyncSession, mailing_id: int) -> int:
    """How many recipients a mailing has."""
    rows = await tx.exec(select(func.count()).where(Delivery.mailing_id == mailing_id))
    return rows.one()


async def mark(
    tx: AsyncSession, shares: Sequence[Share], limit: int, term: int, now: datetime
) -> list[Marked]:
    """Mark up to `limit` due deliveries as sending, in one statement; rows that somebody else holds are passed over."""
    due = [
        select_columns(_TABLE.c.id)
        .where(
            _TABLE.c.mailing_id == share.mailing_id,
            _TABLE.c.state == DeliveryState.PENDING,
            _TABLE.c.due_at <= now,
        )
        .order_by(_TABLE.c.due_at, _TABLE.c.id)
        .limit(share.limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer at a time and leaves this out
        .subquery()
        for share in shares
    ]
    branches = [select_columns(rows.c.id, literal(rank).label("rank")) for rank, rows in enumerate(due)]
    ranked = union_all(*branches).subquery()
    # Materialized, or PostgreSQL might run the limited query once for each row that it compares.
    chosen = (
        select_columns(ranked.c.id)
        .order_by(ranked.c.rank)
        .limit(limit)
        .cte("chosen")
        .prefix_with("MATERIALIZED")
    )
    marked = await tx.exec(
        update(Delivery)
        .where(col(Delivery.id).in_(select_columns(chosen.c.id)))
        .values(
            state=DeliveryState.SENDING,
            term=term,
            marked_at=now,
            updated_at=now,
            attempts=col(Delivery.attempts) + 1,
        )
        .returning(*(_TABLE.c[name] for name in Marked.__dataclass_fields__))
        .execution_options(synchronize_session=False)
    )
    return sorted((Marked(*row) for row in marked.all()), key=lambda row: row.id)


async def still_marked(tx: AsyncSession, ids: Collection[int], term: int) -> dict[int, StillMarked]:
    """Those of these that are still marked under this term; kept from other transactions until the end of `tx`."""
    columns = (_TABLE.c[name] for name in StillMarked.__dataclass_fields__)
    found = await (await tx.connection()).execute(
        select_columns(*columns)
        .where(_TABLE.c.id.in_(ids), _TABLE.c.state == DeliveryState.SENDING, _TABLE.c.term == term)
        .order_by(_TABLE.c.id)
        .with_for_update()
    )
    return {row.id: row for row in (StillMarked(*values) for values in found.all())}


async def write_down(tx: AsyncSession, ended: Sequence[Ended], now: datetime) -> None:
    """Write down how these ended. What was sent needs its own parameters no more."""
    if not ended:
        return
    is_sent = bindparam("new_state") == DeliveryState.SENT
    statement = (
        _TABLE.update()
        .where(_TABLE.c.id == bindparam("row_id"))
        .values(
            state=bindparam("new_state"),
            message_ids=bindparam("new_message_ids", type_=_TABLE.c.message_ids.type),
            poll_id=bindparam("new_poll_id"),
            reason=bindparam("new_reason"),
            parameters=case((is_sent, null()), else_=_TABLE.c.parameters),
            updated_at=now,
        )
    )
    rows = [
        {
            "row_id": each.id,
            "new_state": each.state,
            "new_message_ids": each.message_ids,
            "new_poll_id": each.poll_id,
            "new_reason": each.reason,
        }
        for each in ended
    ]
    await (await tx.connection()).execute(statement, rows)


async def put_back(tx: AsyncSession, due: dict[int, datetime], now: datetime) -> None:
    """Make these pending again, each due at its moment."""
    if not due:
        return
    statement = (
        _TABLE.update()
        .where(_TABLE.c.id == bindparam("row_id"))
        .values(
            state=DeliveryState.PENDING, due_at=bindparam("new_due_at", type_=UtcDateTime), updated_at=now
        )
    )
    rows = [{"row_id": row_id, "new_due_at": due_at} for row_id, due_at in due.items()]
    await (await tx.connection()).execute(statement, rows)


async def follow(tx: AsyncSession, row: StillMarked, chat_id: int) -> bool:
    """Let a delivery go to another chat, unless its mailing has one for that chat and topic already."""
    connection = await tx.connection()
    taken = await connection.execute(
        select_columns(_TABLE.c.id).where(
            _TABLE.c.mailing_id == row.mailing_id,
            _TABLE.c.chat_id == chat_id,
            _TABLE.c.thread_id == row.thread_id,
        )
    )
    if taken.first() is not None:
        return False
    await connection.execute(_TABLE.update().where(_TABLE.c.id == row.id).values(chat_id=chat_id))
    return True


async def cancel(tx: AsyncSession, mailing_id: int, now: datetime) -> None:
    """Cancel what has not left, in one statement."""
    await tx.exec(
        update(Delivery)
        .where(col(Delivery.mailing_id) == mailing_id, col(Delivery.state) == DeliveryState.PENDING)
        .values(state=DeliveryState.CANCELLED, updated_at=now)
        .execution_options(synchronize_session=False)
    )


async def take_over(tx: AsyncSession, term: int, now: datetime) -> int:
    """What an older holder marked is uncertain; gives how many there were."""
    return await _unmark(
        tx,
        col(Delivery.term) < term,
        now,
        {"state": DeliveryState.UNCERTAIN, "reason": Doubt.INTERRUPTED},
    )


async def unmark_all_but(tx: AsyncSession, ids: Collection[int], term: int, now: datetime) -> int:
    """What was marked under this term and is none of these goes back to pending; gives how many there were."""
    is_lost = and_(col(Delivery.term) == term, col(Delivery.id).not_in(ids))
    return await _unmark(tx, is_lost, now, {"state": DeliveryState.PENDING})


async def _unmark(tx: AsyncSession, which: Any, now: datetime, values: dict[str, Any]) -> int:
    # By mailing, because the index begins with it: an ended mailing has no marked rows, and there are many of those.
    mailings = await open_ids(tx)
    changed = await tx.exec(
        update(Delivery)
        .where(col(Delivery.mailing_id).in_(mailings), col(Delivery.state) == DeliveryState.SENDING, which)
        .values(updated_at=now, **values)
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount


async def reopen(tx: AsyncSession, mailing_id: int, state: DeliveryState, now: datetime) -> int:
    """Make those of this state pending again, as if they had never been tried; gives how many there were."""
    changed = await tx.exec(
        update(Delivery)
        .where(col(Delivery.mailing_id) == mailing_id, col(Delivery.state) == state)
        .values(state=DeliveryState.PENDING, due_at=now, updated_at=now, reason=null(), message_ids=null())
        .execution_options(synchronize_session=False)
    )
    return changed.rowcount


async def page(
    tx: AsyncSession, mailing_id: int, states: Collection[DeliveryState], after_id: int, limit: int
) -> list[Delivery]:
    """The next deliveries in these states behind the one with this id, by id."""
    rows = await tx.exec(
        select(Delivery)
        .where(
            Delivery.mailing_id == mailing_id, col(Delivery.state).in_(states), col(Delivery.id) > after_id
        )
        .order_by(col(Delivery.id))
        .limit(limit)
    )
    return list(rows.all())


async def of_poll(tx: AsyncSession, poll_id: str) -> Delivery | None:
    """The delivery that brought this poll."""
    return (await tx.exec(select(Delivery).where(Delivery.poll_id == poll_id))).first()
