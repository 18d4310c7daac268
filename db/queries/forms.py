"""What people are filling in."""

from datetime import datetime

from sqlmodel import col, delete, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import FilledForm, FormState


async def open_of(tx: AsyncSession, person_id: int) -> list[FilledForm]:
    """The person's open forms, kept from other transactions: the one in front first, then those touched last."""
    rows = await tx.exec(
        select(FilledForm)
        .where(FilledForm.person_id == person_id, FilledForm.state == FormState.OPEN)
        .order_by(col(FilledForm.is_parked), col(FilledForm.updated_at).desc(), col(FilledForm.id).desc())
        .with_for_update()
    )
    return list(rows.all())


async def all_of(tx: AsyncSession, person_id: int) -> list[FilledForm]:
    """The person's forms, those that ended too, the newest first."""
    rows = await tx.exec(
        select(FilledForm).where(FilledForm.person_id == person_id).order_by(col(FilledForm.id).desc())
    )
    return list(rows.all())


async def locked(tx: AsyncSession, form_id: int) -> FilledForm | None:
    """The form of this id, kept from other transactions until the end of this one."""
    rows = await tx.exec(select(FilledForm).where(FilledForm.id == form_id).with_for_update())
    return rows.one_or_none()


async def forget(tx: AsyncSession, *, ended_before: datetime, touched_before: datetime) -> None:
    """Delete what ended before the one moment, or was last touched before the other."""
    await tx.exec(
        delete(FilledForm).where(
            or_(col(FilledForm.ended_at) < ended_before, col(FilledForm.updated_at) < touched_before)
        )
    )
