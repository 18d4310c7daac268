"""The audit trail: who did what to what, when, written in the transaction that does it."""

import enum

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.people import Person
from db.models import AuditEvent
from db.queries import roles as queries

__all__ = ["Audit", "AuditEvent", "Deed"]

Detail = (
    str | int | bool | list[str] | None
)  # codes and numbers; words that a person wrote have no place here


class Deed(enum.StrEnum):
    """What is written down; each has its sentence below `audit.` in the catalogues."""

    INVITED = "role.invited"
    INVITATION_CANCELLED = "role.invitation_cancelled"
    GRANTED = "role.granted"
    REVOKED = "role.revoked"
    DIRECTORY_IMPORTED = "directory.imported"
    DIRECTORY_EXPORTED = "directory.exported"
    DIRECTORY_CLAIMED = "directory.claimed"
    GROUP_REGISTERED = "group.registered"
    GROUP_TOPIC_CHOSEN = "group.topic_chosen"
    GROUP_RELEASED = "group.released"
    SESSION_PLANNED = "session.planned"
    SESSION_CHANGED = "session.changed"
    SESSION_MOVED = "session.moved"
    SESSION_CANCELLED = "session.cancelled"
    MATERIAL_ADDED = "session.material_added"
    MATERIAL_REMOVED = "session.material_removed"
    CODE_RENEWED = "session.code_renewed"
    CHECKED_IN = "attendance.checked_in"
    ATTENDANCE_ADDED = "attendance.added"
    ATTENDANCE_REMOVED = "attendance.removed"
    ATTENDANCE_EXPORTED = "attendance.exported"
    ATTENDANCE_IMPORTED = "attendance.imported"
    PARTICIPATION_EXPORTED = "attendance.participation_exported"
    ANNOUNCEMENT_CONFIRMED = "announcement.confirmed"
    ANNOUNCEMENT_APPROVED = "announcement.approved"
    ANNOUNCEMENT_REJECTED = "announcement.rejected"
    ANNOUNCEMENT_WITHDRAWN = "announcement.withdrawn"
    ANNOUNCEMENT_STOPPED = "announcement.stopped"
    ANNOUNCEMENT_CORRECTED = "announcement.corrected"
    ANNOUNCEMENT_RECALLED = "announcement.recalled"
    ANNOUNCEMENT_RESENT = "announcement.resent"
    POLL_PLANNED = "poll.planned"
    POLL_CHANGED = "poll.changed"
    POLL_DROPPED = "poll.dropped"
    POLL_OPENED = "poll.opened"
    POLL_CLOSED = "poll.closed"
    POLL_TOLD = "poll.told"
    DATA_EXPORTED = "data.exported"
    DATA_ERASED = "data.erased"


class Audit:
    """Writes the trail, and reads its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def record(
        self,
        tx: AsyncSession,
        actor: Person | None,
        deed: str,
        subject: str,
        subject_id: int | None,
        **details: Detail,
    ) -> None:
        """Write down one deed; `actor` is None for the program itself."""
        tx.add(
            AuditEvent(
                at=self._clock.now(),
                actor_id=actor.id if actor is not None else None,
                act=str(deed),
                subject=subject,
                subject_id=subject_id,
                details=dict(details),
            )
        )

    async def latest(self, tx: AsyncSession, limit: int) -> list[tuple[AuditEvent, Person | None]]:
        """The newest events with whoever did them, the newest first."""
        return await queries.latest_events(tx, limit)
