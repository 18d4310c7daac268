"""Announcements: which there are, and what became of their copies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import col, delete, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import Announcement, AnnouncementState, Delivery, DeliveryState, Group, Person


@dataclass(frozen=True)
class ProvinceCount:
    """How many copies for people of a province are in this state; `is_group`: for groups instead."""

    province_code: str | None
    is_group: bool
    state: str
    number: int


@dataclass(frozen=True)
class Copy:
    """One copy and who it was for: a person's name and province, or a group's title."""

    state: str
    reason: str | None
    full_name: str | None
    title: str | None
    province_code: str | None


async def locked(tx: AsyncSession, announcement_id: int) -> Announcement | None:
    """The announcement of this id, kept from other transactions until the end of this one."""
    rows = await tx.exec(
        select(Announcement)
        .where(Announcement.id == announcement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.one_or_none()


async def of_mailing(tx: AsyncSession, mailing_id: int) -> Announcement | None:
    """The announcement that this mailing brings."""
    return (await tx.exec(select(Announcement).where(Announcement.mailing_id == mailing_id))).one_or_none()


async def by_link(tx: AsyncSession, link_code: str) -> Announcement | None:
    """The announcement behind a link."""
    return (await tx.exec(select(Announcement).where(Announcement.link_code == link_code))).one_or_none()


async def in_states(
    tx: AsyncSession, states: Collection[AnnouncementState], limit: int | None = None
) -> list[Announcement]:
    """Those in these states, the newest first."""
    query = (
        select(Announcement)
        .where(col(Announcement.state).in_(states), col(Announcement.gathering_at).is_(None))
        .order_by(col(Announcement.id).desc())
    )
    return list((await tx.exec(query.limit(limit) if limit is not None else query)).all())


async def due(tx: AsyncSession, now: datetime) -> list[Announcement]:
    """Those whose time has come, the oldest first."""
    rows = await tx.exec(
        select(Announcement)
        .where(Announcement.state == AnnouncementState.SCHEDULED, col(Announcement.scheduled_at) <= now)
        .order_by(col(Announcement.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows.all())


async def gathered(tx: AsyncSession, last_before: datetime) -> list[Announcement]:
    """Albums of which no part came since this moment."""
    rows = await tx.exec(
        select(Announcement)
        .where(col(Announcement.gathering_at) <= last_before)
        .order_by(col(Announcement.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows.all())


async def forget_drafts(tx: AsyncSession, touched_before: datetime) -> None:
    """Delete drafts that were not changed since this moment."""
    await tx.exec(
        delete(Announcement).where(
            col(Announcement.state) == AnnouncementState.DRAFT, col(Announcement.updated_at) < touched_before
        )
    )


async def latest_of(tx: AsyncSession, person_id: int, made_since: datetime, limit: int) -> list[Announcement]:
    """What a person has made since a moment, the newest first."""
    rows = await tx.exec(
        select(Announcement)
        .where(Announcement.created_by == person_id, col(Announcement.created_at) >= made_since)
        .order_by(col(Announcement.id).desc())
        .limit(limit)
    )
    return list(rows.all())


async def received_by(tx: AsyncSession, person_id: int, limit: int) -> list[Announcement]:
    """What a person got and what was not taken back, the newest first."""
    rows = await tx.exec(
        select(Announcement)
        .join(Delivery, col(Delivery.mailing_id) == col(Announcement.mailing_id))
        .where(
            Delivery.person_id == person_id,
            col(Delivery.state).in_((DeliveryState.SENT, DeliveryState.UNCERTAIN)),
            col(Announcement.recalled_at).is_(None),
        )
        .order_by(col(Announcement.id).desc())
        .limit(limit)
    )
    return list(rows.all())


async def is_received(tx: AsyncSession, announcement: Announcement, person_id: int) -> bool:
    """Whether this person is among its recipients."""
    rows = await tx.exec(
        select(Delivery.id).where(
            Delivery.mailing_id == announcement.mailing_id, Delivery.person_id == person_id
        )
    )
    return rows.first() is not None


async def by_province(tx: AsyncSession, mailing_id: int) -> list[ProvinceCount]:
    """How its copies ended, by the recipients' provinces, groups apart."""
    is_group = (col(Delivery.chat_id) < 0).label("is_group")
    rows = await tx.exec(
        select(Person.province_code, is_group, Delivery.state, func.count())
        .select_from(Delivery)
        .join(Person, col(Person.id) == col(Delivery.person_id), isouter=True)
        .where(Delivery.mailing_id == mailing_id)
        .group_by(col(Person.province_code), is_group, col(Delivery.state))
    )
    return [ProvinceCount(code, bool(group), state, number) for code, group, state, number in rows.all()]


async def copies(
    tx: AsyncSession, mailing_id: int, states: Collection[DeliveryState], limit: int
) -> list[Copy]:
    """Copies in these states, with who they were for."""
    rows = await (await tx.connection()).execute(
        select_columns(
            col(Delivery.state),
            col(Delivery.reason),
            col(Person.full_name),
            col(Group.title),
            func.coalesce(col(Person.province_code), col(Group.province_code)),
        )
        .select_from(Delivery)
        .join(Person, col(Person.id) == col(Delivery.person_id), isouter=True)
        .join(Group, col(Group.chat_id) == col(Delivery.chat_id), isouter=True)
        .where(col(Delivery.mailing_id) == mailing_id, col(Delivery.state).in_(states))
        .order_by(col(Delivery.state), col(Delivery.id))
        .limit(limit)
    )
    return [Copy(*row) for row in rows.all()]
