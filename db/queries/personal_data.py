"""Rows that lead to a person, in whatever table."""

from typing import Any

from sqlmodel import SQLModel, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Certificate, Delivery, DeliveryState, IncomingUpdate, Question, UpdateState


async def rows(tx: AsyncSession, table: type[SQLModel], column: str, key: int | str) -> list[SQLModel]:
    """The rows of a table in which this column has this value, in the order in which they were written."""
    found = await tx.exec(select(table).where(_column(table, column) == key).order_by(_column(table, "id")))
    return list(found.all())


async def delete_rows(tx: AsyncSession, table: type[SQLModel], column: str, key: int | str) -> None:
    """Delete those rows."""
    await tx.exec(delete(table).where(_column(table, column) == key))


async def detach(tx: AsyncSession, table: type[SQLModel], column: str, key: int | str) -> None:
    """Let those rows lead to nobody."""
    await tx.exec(update(table).where(_column(table, column) == key).values({column: None}))


async def anonymise_questions(tx: AsyncSession, column: str, key: int | str) -> None:
    """Take the words and the place out of those questions; how they ended stays.

    The message's number becomes the row's own, negative: no message has it, and it is no other row's.
    """
    await tx.exec(
        update(Question)
        .where(_column(Question, column) == key)
        .values(person_id=None, text="", chat_id=0, message_id=-col(Question.id), reply_message_id=None)
    )


async def withdraw_certificates(tx: AsyncSession, column: str, key: int | str) -> None:
    """Take the person and the name out of those certificates; their numbers stay, and are known as withdrawn."""
    await tx.exec(
        update(Certificate)
        .where(_column(Certificate, column) == key)
        .values(person_id=None, full_name=None, unit=None)
    )


async def free_deliveries(tx: AsyncSession, column: str, key: int | str) -> None:
    """Take the person out of these copies; whether they arrived stays. What has not left yet never will.

    The topic becomes the row's own number, so that the copies of a mailing stay apart.
    """
    whose = _column(Delivery, column) == key
    await tx.exec(
        update(Delivery)
        .where(whose, col(Delivery.state).in_([DeliveryState.PENDING, DeliveryState.SENDING]))
        .values(state=DeliveryState.CANCELLED)
    )
    await tx.exec(
        update(Delivery)
        .where(whose)
        .values(
            person_id=None,
            chat_id=0,
            thread_id=col(Delivery.id),
            parameters=None,
            target_ids=None,
            message_ids=None,
            poll_id=None,
        )
    )


async def set_aside(tx: AsyncSession) -> list[IncomingUpdate]:
    """Updates that were set aside and still hold what came."""
    found = await tx.exec(
        select(IncomingUpdate).where(
            IncomingUpdate.state == UpdateState.SET_ASIDE, col(IncomingUpdate.payload).is_not(None)
        )
    )
    return list(found.all())


def _column(table: type[SQLModel], name: str) -> Any:
    return getattr(table, name)
