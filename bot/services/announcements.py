"""Announcements: from an organiser's message to a mailing.

    draft ──► awaiting ──► scheduled ──► sending ──► sent
      ▲  │       │  │          │            │
      │  └───────┼──┼──────────┘            ├────► cancelled    stopped on the way: what had left has arrived
      │          │  └─ (approved) ──────────┘
      └──────────┴──── withdrawn, refused, or its original was edited: it has to be confirmed anew

Invariants:

- What is delivered is what was previewed: content is kept as data and only an edit of the original changes it, which
  raises `version` and takes back what was confirmed and approved. Deleting the original changes nothing.
- Whoever confirms or approves must have a role for every province and group of the audience at that moment; whoever
  approves is somebody else. A role that is gone when the time of a scheduled one comes cancels it; an audience that
  has grown above what one may write to alone makes it wait for a second organiser.
- The first ten seconds of its mailing nothing leaves: an undo within them makes it a draft again.
- The row is locked by whoever changes it. Of two who press at once one is told what the other did.

What can be done once it is under way stands in `bot/services/announcement_control.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.announcement_content import (
    Wording,
    calls,
    variants,
)
from bot.services.announcement_drafts import AnnouncementDrafts, content, why_not_draft
from bot.services.announcement_outcomes import (
    Awaiting,
    HeldBack,
    Scheduled,
    Started,
    Unconfirmed,
    Undone,
    WhyNot,
)
from bot.services.audiences import Audiences, Reached, audience_of
from bot.services.audit import Audit, Deed
from bot.services.groups import Groups
from bot.services.mailings import Mailings, Plan, Purpose
from bot.services.people import People, Person, is_reachable
from bot.services.roles import Act, Reach, Refusal, Roles
from db.models import Announcement, AnnouncementState
from db.queries import announcements as queries

__all__ = ["Announcement", "AnnouncementState", "Announcements", "Limits", "content", "subject"]

UNDO = timedelta(seconds=10)


@dataclass(frozen=True)
class Limits:
    """`per_second` messages go out; more than `alone` recipients need a second organiser (0: always)."""

    per_second: int = 30
    alone: int = 500


def subject(announcement: Announcement) -> str:
    """By which its mailings are found."""
    return f"announcement:{announcement.id}"


class Announcements:
    """The way of a draft out."""

    def __init__(
        self,
        clock: Clock,
        audit: Audit,
        roles: Roles,
        people: People,
        groups: Groups,
        mailings: Mailings,
        drafts: AnnouncementDrafts,
        limits: Limits,
    ) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles
        self._people = people
        self._groups = groups
        self._mailings = mailings
        self._drafts = drafts
        self.audiences = Audiences(groups)
        self.limits = limits

    async def find(self, tx: AsyncSession, announcement_id: int) -> Announcement | None:
        """The announcement with this id."""
        return await tx.get(Announcement, announcement_id)

    async def reached(self, tx: AsyncSession, announcement: Announcement) -> Reached:
        """Who gets it when it is sent at its time."""
        return await self.audiences.reached(
            tx,
            audience_of(announcement.audience),
            await self._reach(tx, announcement),
            self._begins_at(announcement),
            is_urgent=announcement.is_urgent,
        )

    async def confirm(
        self, tx: AsyncSession, person: Person, announcement_id: int, version: int, wording: Wording
    ) -> Started | Scheduled | Awaiting | Unconfirmed | WhyNot | Refusal:
        """Send it, or have a second organiser look at it first."""
        announcement = await self._drafts.draft(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.version != version:
            return WhyNot.OUTDATED
        refused = await self.refusal(tx, person, announcement)
        if refused is not None:
            return refused
        if announcement.scheduled_at is not None and announcement.scheduled_at <= self._clock.now():
            return Unconfirmed.PAST
        reached = await self.reached(tx, announcement)
        if not reached.copies:
            return Unconfirmed.NOBODY
        self._audit.record(
            tx,
            person,
            Deed.ANNOUNCEMENT_CONFIRMED,
            "announcement",
            announcement.id,
            people=reached.people,
            groups=reached.groups,
        )
        if reached.copies <= self.limits.alone:
            return await self._go(tx, announcement, wording)
        approvers = await self._approvers(tx, announcement)
        if not approvers:
            return Unconfirmed.NO_SECOND_ORGANISER
        announcement.state = AnnouncementState.AWAITING
        return Awaiting(announcement, reached, tuple(approvers))

    async def approve(
        self, tx: AsyncSession, person: Person, announcement_id: int, version: int, wording: Wording
    ) -> Started | Scheduled | Unconfirmed | WhyNot | Refusal:
        """Let somebody else's announcement go out."""
        announcement = await self._awaiting(tx, person, announcement_id, version)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.created_by == person.id:
            return Unconfirmed.OWN
        author = await self._people.get(tx, announcement.created_by)
        if author is None or await self.refusal(tx, author, announcement) is not None:
            return Unconfirmed.AUTHOR_LOST_ROLE
        if announcement.scheduled_at is not None and announcement.scheduled_at <= self._clock.now():
            return Unconfirmed.PAST
        announcement.approved_by = person.id
        self._audit.record(tx, person, Deed.ANNOUNCEMENT_APPROVED, "announcement", announcement.id)
        return await self._go(tx, announcement, wording)

    async def reject(
        self, tx: AsyncSession, person: Person, announcement_id: int, version: int
    ) -> Announcement | Unconfirmed | WhyNot | Refusal:
        """Hand it back to its organiser."""
        announcement = await self._awaiting(tx, person, announcement_id, version)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.created_by == person.id:
            return Unconfirmed.OWN
        await self._drafts.back_to_draft(tx, announcement)
        self._audit.record(tx, person, Deed.ANNOUNCEMENT_REJECTED, "announcement", announcement.id)
        return announcement

    async def withdraw(self, tx: AsyncSession, person: Person, announcement_id: int) -> Undone | WhyNot:
        """Take back what was confirmed, as long as nothing has left: it is a draft again."""
        announcement = await queries.locked(tx, announcement_id)
        if announcement is None or announcement.created_by != person.id:
            return WhyNot.GONE
        if announcement.state == AnnouncementState.DRAFT or not await self._drafts.may_change(
            tx, announcement
        ):
            return why_not_draft(announcement)
        await self._drafts.back_to_draft(tx, announcement)
        self._audit.record(tx, person, Deed.ANNOUNCEMENT_WITHDRAWN, "announcement", announcement.id)
        return Undone(announcement)

    async def start_due(
        self, tx: AsyncSession, wording_of: Callable[[Announcement], Wording]
    ) -> list[Started | HeldBack | Announcement]:
        """Start those whose time has come; one whose organiser may no more is cancelled and given as it is."""
        found: list[Started | HeldBack | Announcement] = []
        for announcement in await queries.due(tx, self._clock.now()):
            author = await self._people.get(tx, announcement.created_by)
            approver = await self._people.get(tx, announcement.approved_by)
            may = author is not None and await self.refusal(tx, author, announcement) is None
            if may and announcement.approved_by is not None:
                may = approver is not None and await self.refusal(tx, approver, announcement) is None
            held = await self._hold_back(tx, announcement) if may else None
            if held is not None:
                found.append(held)
            elif may:
                found.append(await self._start(tx, announcement, self._clock.now(), wording_of(announcement)))
            else:
                announcement.state = AnnouncementState.CANCELLED
                found.append(announcement)
        return found

    async def _hold_back(self, tx: AsyncSession, announcement: Announcement) -> HeldBack | None:
        """Keep it from going out to more people than its organiser confirmed alone."""
        reached = await self.reached(tx, announcement)
        if announcement.approved_by is not None or reached.copies <= self.limits.alone:
            return None
        announcement.scheduled_at = None  # it has come: whoever approves sends it
        approvers = await self._approvers(tx, announcement)
        if approvers:
            announcement.state = AnnouncementState.AWAITING
        else:
            await self._drafts.back_to_draft(tx, announcement)
        return HeldBack(announcement, reached, tuple(approvers))

    async def refusal(self, tx: AsyncSession, person: Person, announcement: Announcement) -> Refusal | None:
        """Why the person may not send this to its audience, if so."""
        audience = audience_of(announcement.audience)
        provinces: list[str | None] = audience.needed()
        for group_id in audience.groups:
            group = await self._groups.find(tx, group_id)
            if group is not None:
                provinces.append(group.province_code)
        somewhere = await self._roles.may_somewhere(tx, person, Act.ANNOUNCE)
        if isinstance(somewhere, Refusal):
            return somewhere
        for province in provinces:
            allowed = await self._roles.may(tx, person, Act.ANNOUNCE, province)
            if isinstance(allowed, Refusal):
                return allowed
        return None

    async def _awaiting(
        self, tx: AsyncSession, person: Person, announcement_id: int, version: int
    ) -> Announcement | WhyNot | Refusal:
        announcement = await queries.locked(tx, announcement_id)
        if announcement is None:
            return WhyNot.GONE
        refused = await self.refusal(tx, person, announcement)
        if refused is not None:
            return refused
        if announcement.state == AnnouncementState.DRAFT:
            return WhyNot.WITHDRAWN
        if announcement.state != AnnouncementState.AWAITING:
            return why_not_draft(announcement)
        return announcement if announcement.version == version else WhyNot.OUTDATED

    async def _approvers(self, tx: AsyncSession, announcement: Announcement) -> list[Person]:
        """Everybody else who may send this, and can be asked."""
        people = {holder.person.id: holder.person for holder in await self._roles.holders(tx)}
        people |= {owner.id: owner for owner in await self._roles.owners(tx)}
        return [
            person
            for person_id, person in sorted(people.items(), key=lambda each: each[0] or 0)
            if person_id != announcement.created_by
            and is_reachable(person)
            and await self.refusal(tx, person, announcement) is None
        ]

    async def _go(
        self, tx: AsyncSession, announcement: Announcement, wording: Wording
    ) -> Started | Scheduled:
        if announcement.scheduled_at is not None:
            announcement.state = AnnouncementState.SCHEDULED
            return Scheduled(announcement, announcement.scheduled_at)
        return await self._start(tx, announcement, self._clock.now() + UNDO, wording)

    async def _start(
        self, tx: AsyncSession, announcement: Announcement, at: datetime, wording: Wording
    ) -> Started:
        plan = Plan(
            Purpose.ANNOUNCEMENT,
            calls(content(announcement), wording.below_album),
            variants(content(announcement), wording),
            due_at=at,
            subject=subject(announcement),
            created_by=announcement.created_by,
        )
        recipients = self.audiences.recipients(
            tx,
            audience_of(announcement.audience),
            await self._reach(tx, announcement),
            at,
            is_urgent=announcement.is_urgent,
        )
        mailing = await self._mailings.start(tx, plan, recipients)
        announcement.mailing_id = mailing.id
        announcement.state = AnnouncementState.SENDING
        announcement.sent_at = self._clock.now()
        announcement.shown = None
        return Started(announcement, mailing)

    async def _reach(self, tx: AsyncSession, announcement: Announcement) -> Reach:
        author = await self._people.get(tx, announcement.created_by)
        return await self._roles.reach(tx, author, Act.ANNOUNCE)

    def _begins_at(self, announcement: Announcement) -> datetime:
        now = self._clock.now()
        return max(now, announcement.scheduled_at) if announcement.scheduled_at is not None else now + UNDO
