"""Announcements that are under way or were sent: stopped and resumed, tried again, corrected, taken back, read again.

A correction edits the copies that arrived and is what those get who have not got theirs yet. A recall deletes copies
that are younger than 48 hours, which is as far as Telegram lets a bot go. Whoever does any of it must have a role for
the whole audience at that moment.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.announcement_content import (
    Faulty,
    Part,
    Wording,
    calls,
    corrected,
    edit_calls,
    edit_variants,
    part_of,
    stored,
    variants,
)
from bot.services.announcement_drafts import content
from bot.services.announcement_outcomes import Correction, WhyNot
from bot.services.announcements import Announcements, subject
from bot.services.audiences import EVERYONE, PROVINCE, Chosen, audience_of
from bot.services.audit import Audit, Deed
from bot.services.mailing_plans import Refusal as MailingRefusal
from bot.services.mailing_plans import stored as stored_calls
from bot.services.mailings import (
    Action,
    Counts,
    DeliveryState,
    Mailing,
    Mailings,
    MailingState,
    Plan,
    Purpose,
)
from bot.services.people import Person
from bot.services.roles import Refusal
from db.models import Announcement, AnnouncementState
from db.queries import announcements as queries

DELETABLE_FOR = timedelta(hours=48)  # Bot API, deleteMessages
LISTED = 10  # in the archive, and of those under way


@dataclass(frozen=True)
class Standing:
    """How an announcement stands: its mailing with counts, and the newest one that corrects or recalls it, if any.

    `seconds_left` is how long what is due still takes, by the rate at which messages go out;
    `per_second` is how many really went out a second of late, 0 where none did.
    """

    announcement: Announcement
    mailing: Mailing
    counts: Counts
    change: Mailing | None = None
    change_counts: Counts | None = None
    seconds_left: int = 0
    per_second: int = 0


@dataclass(frozen=True)
class Recall:
    """What a recall will take away, and what it cannot: copies that are too old, and those nobody knows of."""

    announcement: Announcement
    sent: int
    uncertain: int


class AnnouncementControl:
    """What can be done with announcements that left the drafts."""

    def __init__(self, clock: Clock, audit: Audit, announcements: Announcements, mailings: Mailings) -> None:
        self._clock = clock
        self._audit = audit
        self._announcements = announcements
        self._mailings = mailings

    async def standing(self, tx: AsyncSession, announcement: Announcement) -> Standing | None:
        """How it stands; None before it has a mailing."""
        if announcement.mailing_id is None:
            return None
        mailing = await self._mailings.find(tx, announcement.mailing_id)
        if mailing is None:
            return None
        assert mailing.id is not None
        counts = await self._mailings.counts(tx, mailing.id)
        changes = [
            each
            for each in await self._mailings.about(tx, subject(announcement))
            if each.source_id == mailing.id
        ]
        change = changes[-1] if changes else None
        change_counts = None
        if change is not None:
            assert change.id is not None
            change_counts = await self._mailings.counts(tx, change.id)
        due = counts.pending + counts.sending
        seconds = -(-due // self._announcements.limits.per_second)
        rate = await self._mailings.rate(tx, mailing) if due else 0
        return Standing(announcement, mailing, counts, change, change_counts, seconds, rate)

    async def managed(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Announcement | WhyNot | Refusal:
        """The announcement, locked, if the person may do something with it."""
        announcement = await queries.locked(tx, announcement_id)
        if announcement is None:
            return WhyNot.GONE
        refused = await self._announcements.refusal(tx, person, announcement)
        if refused is not None:
            return refused
        return announcement if announcement.mailing_id is not None else WhyNot.WITHDRAWN

    async def changeable(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Announcement | WhyNot | Refusal:
        """The announcement, if its copies can still be corrected or recalled by this person."""
        announcement = await self.managed(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.recalled_at is not None:
            return WhyNot.RECALLED
        if (await self._mailing(tx, announcement)).forgotten_at is not None:
            return WhyNot.FORGOTTEN
        return announcement

    async def pause(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Send no more for now."""
        return await self._steer(tx, person, announcement_id, "pause")

    async def resume(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Go on."""
        return await self._steer(tx, person, announcement_id, "resume")

    async def stop(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Never send what has not left."""
        return await self._steer(tx, person, announcement_id, "stop")

    async def retry(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Send again to those to whom it certainly did not go."""
        return await self._again(tx, person, announcement_id, DeliveryState.FAILED)

    async def resend(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Send again to those of whom nobody knows; some will have it twice."""
        return await self._again(tx, person, announcement_id, DeliveryState.UNCERTAIN)

    async def propose_correction(
        self, tx: AsyncSession, person: Person, announcement_id: int, words: Part, header: str
    ) -> Correction | Faulty | WhyNot | Refusal:
        """Keep a new text or file until it is confirmed; `header` ("RALAT") stands above the words."""
        announcement = await self.changeable(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        new = corrected(content(announcement), words, header)
        if isinstance(new, Faulty):
            return new
        part = new.parts[new.worded]
        announcement.correction = asdict(part)
        announcement.version += 1
        return Correction(announcement, new, announcement.version)

    async def correct(
        self, tx: AsyncSession, person: Person, announcement_id: int, version: int, wording: Wording
    ) -> Standing | WhyNot | Refusal:
        """Give every copy the new text and file, those that are still to leave as well."""
        announcement = await self.changeable(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.correction is None or announcement.version != version:
            return WhyNot.OUTDATED
        mailing = await self._mailing(tx, announcement)
        counts = await self._mailings.counts(tx, mailing.id or 0)
        if counts.sending or (counts.pending and mailing.state == MailingState.RUNNING):
            return WhyNot.NOT_YET
        new = part_of(announcement.correction)
        at = content(announcement).worded
        has_new_file = new.file_id != content(announcement).parts[at].file_id
        announcement.parts = [*announcement.parts[:at], *stored([new]), *announcement.parts[at + 1 :]]
        announcement.correction, announcement.corrected_at = None, self._clock.now()
        new_content = content(announcement)
        mailing.content = stored_calls(calls(new_content, wording.below_album))
        mailing.variants = {name: stored_calls(said) for name, said in variants(new_content, wording).items()}
        plan = self._plan(announcement, person, edit_calls(new_content, has_new_file=has_new_file))
        plan = replace(plan, variants=edit_variants(new_content, wording))
        await self._mailings.edit(tx, mailing, plan)
        self._record(tx, person, Deed.ANNOUNCEMENT_CORRECTED, announcement)
        return await self._now(tx, announcement)

    async def propose_recall(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Recall | WhyNot | Refusal:
        """What taking it back would do."""
        announcement = await self.changeable(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        counts = await self._mailings.counts(tx, announcement.mailing_id or 0)
        return Recall(announcement, counts.sent, counts.uncertain)

    async def recall(
        self, tx: AsyncSession, person: Person, announcement_id: int
    ) -> Standing | WhyNot | Refusal:
        """Stop what has not left, and delete every copy that is young enough."""
        announcement = await self.changeable(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        mailing = await self._mailing(tx, announcement)
        assert mailing.id is not None
        await self._mailings.cancel(tx, mailing.id)
        if (await self._mailings.counts(tx, mailing.id)).sending:
            return WhyNot.NOT_YET  # what is in the air would be missed; the rest is stopped already
        since = self._clock.now() - DELETABLE_FOR
        deleting = await self._mailings.delete(
            tx, mailing, self._plan(announcement, person, []), sent_since=since
        )
        if not deleting.recipients:
            return WhyNot.TOO_OLD
        announcement.recalled_at = self._clock.now()
        self._record(tx, person, Deed.ANNOUNCEMENT_RECALLED, announcement)
        return await self._now(tx, announcement)

    async def of_ended(self, tx: AsyncSession, mailing: Mailing) -> Standing | None:
        """The announcement of a mailing that ended or stopped, with its state set to what that means; None for a
        mailing that is no announcement's, or that was undone."""
        mailing_id = mailing.source_id if mailing.source_id is not None else mailing.id
        announcement = await queries.of_mailing(tx, mailing_id or 0)
        if announcement is None:
            return None
        if mailing.id == announcement.mailing_id and mailing.ended_at is not None:
            is_cancelled = mailing.state == MailingState.CANCELLED
            announcement.state = AnnouncementState.CANCELLED if is_cancelled else AnnouncementState.SENT
        return await self._now(tx, announcement)

    async def under_way(self, tx: AsyncSession, person: Person) -> list[Announcement]:
        """Drafts of the person's own, and what is planned, under way or sent lately and theirs to manage."""
        found: list[Announcement] = []
        for each in await queries.in_states(tx, tuple(AnnouncementState), limit=5 * LISTED):
            is_own = each.created_by == person.id
            is_hidden = each.state == AnnouncementState.DRAFT and not is_own
            if not is_hidden and await self._announcements.refusal(tx, person, each) is None:
                found.append(each)
        return found[:LISTED]

    async def sending(self, tx: AsyncSession) -> list[Announcement]:
        """Those whose progress somebody may be watching."""
        return await queries.in_states(tx, (AnnouncementState.SENDING,))

    async def archive(self, tx: AsyncSession, person: Person) -> list[Announcement]:
        """What this person got or could have got, and what was not taken back, the newest first."""
        assert person.id is not None
        got = {each.id: each for each in await queries.received_by(tx, person.id, LISTED)}
        wide = {Chosen(EVERYONE), Chosen(PROVINCE, person.province_code or "")}
        for each in await queries.in_states(tx, (AnnouncementState.SENT,), limit=5 * LISTED):
            if each.recalled_at is None and wide & set(audience_of(each.audience).include):
                got[each.id] = each
        return sorted(got.values(), key=lambda each: -(each.id or 0))[:LISTED]

    async def readable(self, tx: AsyncSession, person: Person, announcement_id: int) -> Announcement | WhyNot:
        """One of the archive."""
        for each in await self.archive(tx, person):
            if each.id == announcement_id:
                return each
        return WhyNot.GONE

    async def to_fetch(self, tx: AsyncSession, person: Person, announcement_id: int) -> Announcement | WhyNot:
        """One whose files somebody asks for who got its words, or may read it in the archive."""
        assert person.id is not None
        announcement = await tx.get(Announcement, announcement_id)
        if announcement is None or announcement.mailing_id is None:
            return WhyNot.GONE
        if announcement.recalled_at is not None:
            return WhyNot.RECALLED
        if await queries.is_received(tx, announcement, person.id):
            return announcement
        found = await self.readable(tx, person, announcement_id)
        if found is WhyNot.GONE and (await self._mailing(tx, announcement)).forgotten_at is not None:
            return WhyNot.FORGOTTEN
        return found

    async def by_link(self, tx: AsyncSession, link_code: str) -> Announcement | WhyNot:
        """The one behind a link, which whoever has the link may read."""
        announcement = await queries.by_link(tx, link_code)
        if announcement is None or announcement.mailing_id is None:
            return WhyNot.GONE
        return announcement if announcement.recalled_at is None else WhyNot.RECALLED

    async def _steer(
        self, tx: AsyncSession, person: Person, announcement_id: int, how: str
    ) -> Standing | WhyNot | Refusal:
        announcement = await self.managed(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        steer = {
            "pause": self._mailings.pause,
            "resume": self._mailings.resume,
            "stop": self._mailings.cancel,
        }
        changed = await steer[how](tx, announcement.mailing_id or 0)
        if isinstance(changed, MailingRefusal):
            return WhyNot.SENT if announcement.state != AnnouncementState.CANCELLED else WhyNot.CANCELLED
        if how == "stop":
            self._record(tx, person, Deed.ANNOUNCEMENT_STOPPED, announcement)
        return await self._now(tx, announcement)

    async def _again(
        self, tx: AsyncSession, person: Person, announcement_id: int, state: DeliveryState
    ) -> Standing | WhyNot | Refusal:
        announcement = await self.managed(tx, person, announcement_id)
        if not isinstance(announcement, Announcement):
            return announcement
        if announcement.recalled_at is not None:
            return WhyNot.RECALLED
        mailing_id = announcement.mailing_id or 0
        if state == DeliveryState.FAILED:
            number = await self._mailings.retry_failed(tx, mailing_id)
        else:
            number = await self._mailings.resend_uncertain(tx, mailing_id)
        if isinstance(number, MailingRefusal):
            return WhyNot.FORGOTTEN
        if not number:
            return WhyNot.NOTHING
        announcement.state = AnnouncementState.SENDING
        self._audit.record(
            tx,
            person,
            Deed.ANNOUNCEMENT_RESENT,
            "announcement",
            announcement.id,
            state=state.value,
            number=number,
        )
        return await self._now(tx, announcement)

    async def _mailing(self, tx: AsyncSession, announcement: Announcement) -> Mailing:
        mailing = await self._mailings.find(tx, announcement.mailing_id or 0)
        assert mailing is not None
        return mailing

    async def _now(self, tx: AsyncSession, announcement: Announcement) -> Standing:
        await tx.flush()
        standing = await self.standing(tx, announcement)
        assert standing is not None
        return standing

    def _plan(self, announcement: Announcement, person: Person, edits: list[Any]) -> Plan:
        return Plan(Purpose.CORRECTION, edits, subject=subject(announcement), created_by=person.id)

    def _record(self, tx: AsyncSession, person: Person, deed: Deed, announcement: Announcement) -> None:
        self._audit.record(tx, person, deed, "announcement", announcement.id)


__all__ = ["Action", "AnnouncementControl", "Recall", "Standing"]
