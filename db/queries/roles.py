"""Grants, invitations and the audit trail."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CompoundSelect
from sqlmodel import col, select, union
from sqlmodel.ext.asyncio.session import AsyncSession

from db.models import AuditEvent, Invitation, Person, RoleGrant


async def grants_of(tx: AsyncSession, person_id: int) -> list[RoleGrant]:
    """What this person was granted."""
    rows = await tx.exec(
        select(RoleGrant).where(RoleGrant.person_id == person_id).order_by(col(RoleGrant.id))
    )
    return list(rows.all())


async def holders(tx: AsyncSession) -> list[tuple[Person, RoleGrant]]:
    """Every grant with its person, in the order in which they were given."""
    rows = await tx.exec(
        select(Person, RoleGrant)
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .order_by(col(RoleGrant.id))
    )
    return list(rows.all())


async def with_menus(tx: AsyncSession, owner_ids: Collection[int]) -> list[Person]:
    """Owners and people with a grant who have joined, and those whose chat still shows a menu of a role."""
    # Three looks into indexes instead of one at everybody.
    ids: CompoundSelect[tuple[int]] = union(
        select(Person.id).where(col(Person.telegram_id).in_(owner_ids), col(Person.joined_at).is_not(None)),
        select(Person.id).where(
            col(Person.id).in_(select(RoleGrant.person_id)), col(Person.joined_at).is_not(None)
        ),
        select(Person.id).where(col(Person.menu_shown) > ""),
    )
    rows = await tx.exec(select(Person).where(col(Person.id).in_(ids)).order_by(col(Person.id)))
    return list(rows.all())


async def invitation(tx: AsyncSession, secret_hash: str) -> Invitation | None:
    """The invitation with this hash, kept from other transactions until the end of this one."""
    rows = await tx.exec(select(Invitation).where(Invitation.secret_hash == secret_hash).with_for_update())
    return rows.one_or_none()


async def open_invitations(tx: AsyncSession, now: datetime) -> list[Invitation]:
    """Those that are neither used nor cancelled nor expired, the oldest first."""
    rows = await tx.exec(
        select(Invitation)
        .where(
            col(Invitation.used_at).is_(None),
            col(Invitation.cancelled_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .order_by(col(Invitation.id))
    )
    return list(rows.all())


async def latest_events(tx: AsyncSession, limit: int) -> list[tuple[AuditEvent, Person | None]]:
    """The newest events with whoever did them, the newest first."""
    rows = await tx.exec(
        select(AuditEvent, Person)
        .join(Person, col(Person.id) == col(AuditEvent.actor_id), isouter=True)
        .order_by(col(AuditEvent.id).desc())
        .limit(limit)
    )
    return list(rows.all())
