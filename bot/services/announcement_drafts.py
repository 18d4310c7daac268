"""Drafts of announcements: made of an organiser's messages, given an audience and a time, edited with their original.

A draft is its organiser's own. Whatever changes content or time raises `version`; whoever confirms says which one they
looked at (`bot/services/announcements.py`, where the states are explained).
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.announcement_content import (
    Content,
    Faulty,
    LinkButton,
    Part,
    check,
    content_of,
    part_of,
    stored,
)
from bot.services.announcement_outcomes import AlreadyOut, Dropped, Gathered, Gathering, Redrafted, WhyNot
from bot.services.audiences import Audience, usual
from bot.services.mailings import Mailings
from bot.services.people import People, Person
from bot.services.roles import Act, Refusal, Roles
from db.models import Announcement, AnnouncementState
from db.queries import announcements as queries

__all__ = ["Announcement", "AnnouncementDrafts", "AnnouncementState", "content", "why_not_draft"]

ALBUM_PAUSE = timedelta(seconds=1)  # no further part for so long: the album is whole
EDITABLE_FOR = timedelta(hours=48)  # as long as Telegram lets people edit what they wrote
KEPT_FOR = timedelta(days=90)  # a draft; what was sent stays in the archive
LOOKED_AT = 50  # of an organiser's latest, to find the one that an edited message belongs to
_BEFORE_SENDING = (AnnouncementState.DRAFT, AnnouncementState.AWAITING, AnnouncementState.SCHEDULED)


def content(announcement: Announcement) -> Content:
    """What it says."""
    return content_of(announcement.parts, announcement.buttons)


class AnnouncementDrafts:
    """What organisers are at."""

    def __init__(self, clock: Clock, roles: Roles, people: People, mailings: Mailings) -> None:
        self._clock = clock
        self._roles = roles
        self._people = people
        self._mailings = mailings

    async def take(
        self,
        tx: AsyncSession,
        person: Person,
        part: Part,
        audience: Audience | None = None,
        buttons: Sequence[LinkButton] = (),
    ) -> Announcement | Gathering | Faulty:
        """Make a draft of a message; the parts of an album are gathered until `gather`.

        `audience` is for whom it is first; None: everybody whom the organiser's role covers.
        """
        gathering = await self._gathering(tx, person, part)
        if gathering is not None:
            if part.message_id not in {each["message_id"] for each in gathering.parts}:
                gathering.parts = [*gathering.parts, *stored([part])]
            gathering.gathering_at = self._clock.now()
            self._change(gathering)
            return Gathering()
        if part.group is None and (fault := check([part])) is not None:
            return fault
        assert person.id is not None
        now = self._clock.now()
        reach = await self._roles.reach(tx, person, Act.ANNOUNCE)
        announcement = Announcement(
            parts=stored([part]),
            buttons=[asdict(button) for button in buttons],
            audience=(audience or usual(reach)).stored(),
            link_code=secrets.token_urlsafe(9),
            gathering_at=None if part.group is None else now,
            created_by=person.id,
            created_at=now,
            updated_at=now,
        )
        tx.add(announcement)
        await tx.flush()
        return announcement if part.group is None else Gathering()

    async def _gathering(self, tx: AsyncSession, person: Person, part: Part) -> Announcement | None:
        """The album that is being gathered, or the draft that a late part of an album belongs to."""
        for each in await self._latest(tx, person):
            is_of_it = part.group is not None and part.group in {row["group"] for row in each.parts}
            if each.gathering_at is not None or (is_of_it and each.state == AnnouncementState.DRAFT):
                assert each.id is not None
                return await queries.locked(tx, each.id)
        return None

    async def is_part_of_a_draft(self, tx: AsyncSession, person: Person, group: str) -> bool:
        """Whether an album with this id is a draft of the person's already: a part comes late."""
        return any(
            group in {row["group"] for row in each.parts} and each.state == AnnouncementState.DRAFT
            for each in await self._latest(tx, person)
        )

    async def gather(self, tx: AsyncSession) -> list[Gathered]:
        """End the gathering of albums that got no further part for a second; a faulty one is dropped."""
        found: list[Gathered] = []
        for each in await queries.gathered(tx, self._clock.now() - ALBUM_PAUSE):
            each.gathering_at = None
            # Updates may come in another order than the messages were sent in.
            each.parts = sorted(each.parts, key=lambda part: int(part["message_id"]))
            fault = check([part_of(part) for part in each.parts])
            person = await self._people.get(tx, each.created_by)
            if fault is not None or person is None:
                await tx.delete(each)
            if person is not None:
                found.append(Gathered(each, person, fault))
        return found

    async def edit(
        self, tx: AsyncSession, person: Person, part: Part
    ) -> Redrafted | AlreadyOut | Faulty | None:
        """The original of a draft was edited: what was confirmed counts no more. None: it is no such original."""
        for each in await self._latest(tx, person):
            if part.message_id not in {row["message_id"] for row in each.parts}:
                continue
            assert each.id is not None
            announcement = await queries.locked(tx, each.id)
            assert announcement is not None
            if not await self.may_change(tx, announcement):
                return AlreadyOut(announcement)
            parts = [
                part if row["message_id"] == part.message_id else part_of(row) for row in announcement.parts
            ]
            if announcement.gathering_at is None and (fault := check(parts)) is not None:
                return fault
            was_confirmed = announcement.state != AnnouncementState.DRAFT
            await self.back_to_draft(tx, announcement)
            announcement.parts = stored(parts)
            return Redrafted(announcement, was_confirmed)
        return None

    async def add_button(
        self, tx: AsyncSession, person: Person, announcement_id: int, button: LinkButton | None
    ) -> Announcement | WhyNot:
        """Put a link button below; None takes all away."""
        announcement = await self.draft(tx, person, announcement_id)
        if isinstance(announcement, Announcement):
            added = [] if button is None else [asdict(button)]
            announcement.buttons = [*announcement.buttons, *added] if button is not None else []
            self._change(announcement)
        return announcement

    async def choose(
        self, tx: AsyncSession, person: Person, announcement_id: int, audience: Audience
    ) -> Announcement | WhyNot | Refusal:
        """Set for whom it is."""
        announcement = await self.draft(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        for province in audience.needed():
            allowed = await self._roles.may(tx, person, Act.ANNOUNCE, province)
            if isinstance(allowed, Refusal):
                return allowed
        announcement.audience = audience.stored()
        self._change(announcement)
        return announcement

    async def set_urgent(
        self, tx: AsyncSession, person: Person, announcement_id: int, *, is_urgent: bool
    ) -> Announcement | WhyNot:
        """Let it wait for nobody's quiet hours, or do."""
        announcement = await self.draft(tx, person, announcement_id)
        if isinstance(announcement, Announcement):
            announcement.is_urgent = is_urgent
            self._change(announcement)
        return announcement

    async def schedule(
        self, tx: AsyncSession, person: Person, announcement_id: int, at: datetime | None
    ) -> Announcement | WhyNot:
        """Send it at this moment (UTC), or at once (None), when it is confirmed."""
        announcement = await self.draft(tx, person, announcement_id)
        if isinstance(announcement, Announcement):
            announcement.scheduled_at = at
            self._change(announcement)
        return announcement

    async def drop(self, tx: AsyncSession, person: Person, announcement_id: int) -> Dropped | WhyNot:
        """Throw a draft away."""
        announcement = await self.draft(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        await tx.delete(announcement)
        return Dropped()

    async def forget(self, tx: AsyncSession) -> None:
        """Delete drafts that nobody has touched for three months."""
        await queries.forget_drafts(tx, self._clock.now() - KEPT_FOR)

    async def draft(self, tx: AsyncSession, person: Person, announcement_id: int) -> Announcement | WhyNot:
        """The person's own draft, locked."""
        announcement = await queries.locked(tx, announcement_id)
        if announcement is None or announcement.created_by != person.id:
            return WhyNot.GONE
        if announcement.state != AnnouncementState.DRAFT:
            return why_not_draft(announcement)
        return announcement

    async def may_change(self, tx: AsyncSession, announcement: Announcement) -> bool:
        """Whether nothing has left yet."""
        if announcement.state in _BEFORE_SENDING:
            return True
        mailing = (
            await self._mailings.find(tx, announcement.mailing_id)
            if announcement.mailing_id is not None
            else None
        )
        return (
            announcement.state == AnnouncementState.SENDING
            and mailing is not None
            and mailing.due_at > self._clock.now()
        )

    async def back_to_draft(self, tx: AsyncSession, announcement: Announcement) -> None:
        """Take back what was confirmed and approved; a mailing of which nothing has left is cancelled."""
        if announcement.mailing_id is not None:
            await self._mailings.cancel(tx, announcement.mailing_id)
        announcement.state = AnnouncementState.DRAFT
        announcement.mailing_id = announcement.approved_by = announcement.sent_at = None
        self._change(announcement)

    async def _latest(self, tx: AsyncSession, person: Person) -> Sequence[Announcement]:
        assert person.id is not None
        return await queries.latest_of(tx, person.id, self._clock.now() - EDITABLE_FOR, LOOKED_AT)

    def _change(self, announcement: Announcement) -> None:
        announcement.version += 1
        announcement.updated_at = self._clock.now()


def why_not_draft(announcement: Announcement) -> WhyNot:
    """What has become of it, for whoever took it for a draft."""
    match AnnouncementState(announcement.state):
        case AnnouncementState.DRAFT:
            return WhyNot.WITHDRAWN
        case AnnouncementState.AWAITING:
            return WhyNot.AWAITS
        case AnnouncementState.SCHEDULED:
            return WhyNot.SCHEDULED
        case AnnouncementState.SENDING:
            return WhyNot.ON_ITS_WAY
        case AnnouncementState.SENT:
            return WhyNot.SENT
        case AnnouncementState.CANCELLED:
            return WhyNot.CANCELLED
