"""Questions and ratings."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from db.database import is_sqlite
from db.models import Question


async def by_message(tx: AsyncSession, chat_id: int, message_id: int) -> list[Question]:
    """The parts of the question asked in this message, in order; empty when it was none."""
    rows = await tx.exec(
        select(Question)
        .where(Question.chat_id == chat_id, Question.message_id == message_id)
        .order_by(col(Question.part))
    )
    return list(rows.all())


async def last_of(tx: AsyncSession, person_id: int, chat_id: int) -> list[Question]:
    """The parts of the question that this person asked last in this chat, in order; empty when there is none."""
    rows = await tx.exec(
        select(Question.message_id)
        .where(Question.person_id == person_id, Question.chat_id == chat_id)
        .order_by(col(Question.message_id).desc())
        .limit(1)
    )
    message_id = rows.one_or_none()
    return [] if message_id is None else await by_message(tx, chat_id, message_id)


async def in_chat(tx: AsyncSession, question_id: int, chat_id: int) -> Question | None:
    """The question of this id, provided that it was asked in this chat."""
    question = await tx.get(Question, question_id)
    return question if question is not None and question.chat_id == chat_id else None


async def rate(tx: AsyncSession, **rating: Any) -> None:
    """Keep this rating in the place of what the person said before about this revision of the entry."""
    # By the connection: the session would take as long again to find out that there is nothing for it to do.
    connection = await tx.connection()
    await connection.execute(_insert_rating(is_sqlite(tx)), rating)


@cache
def _insert_rating(on_sqlite: bool) -> Any:
    insert = (sqlite if on_sqlite else postgresql).insert(SQLModel.metadata.tables["ratings"])
    said = {name: insert.excluded[name] for name in ("verdict", "reason", "rated_at")}
    return insert.on_conflict_do_update(index_elements=["person_id", "entry_id", "revision"], set_=said)


async def record_replies(tx: AsyncSession, replies: Sequence[tuple[int, int]]) -> None:
    """Note the message that answered each of these questions; one that is gone meanwhile is passed over."""
    connection = await tx.connection()
    await connection.execute(
        update(Question)
        .where(col(Question.id) == bindparam("question_id"))
        .values(reply_message_id=bindparam("message_id_of_reply")),
        [{"question_id": question, "message_id_of_reply": message} for question, message in replies],
    )
