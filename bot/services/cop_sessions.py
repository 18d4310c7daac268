"""Sessions: planned, changed, moved, cancelled.

    planned ──► cancelled
      │ ▲
      └─┘        moved, or changed in a detail

Whoever plans for a province must have it in their reach, and so must whoever changes it later. What calendars show
counts `sequence` up, so that a newer file replaces an older one. A session that has ended is not moved and not
cancelled: copy it.
"""

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.moment_steps import OPEN_ENDED_LASTS
from bot.services.people import Person
from bot.services.plain_text import one_line
from bot.services.roles import Act, Reach, Refusal, Roles
from db.models import Answer, CopSession, Rsvp, SessionState
from db.queries import attendance
from db.queries import cop_sessions as queries

__all__ = ["CopSession", "CopSessions", "Details", "Moved", "NoSession", "Numbers", "Over", "SessionState"]

PAST_SHOWN = 12
ANSWERS_KEPT = timedelta(days=730)  # two rounds of yearly assessments, counted from the end of the session
REMINDERS_KEPT = timedelta(days=90)  # longer than anybody looks back for what is due
ATTEMPTS_KEPT = timedelta(days=1)
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class NoSession:
    """There is no such session, or none that this person may see."""


class Over(enum.Enum):
    """Why a session is not changed any more."""

    CANCELLED = "cancelled"
    ENDED = "ended"
    PAST = "past"  # the new start has passed meanwhile


@dataclass(frozen=True)
class Details:
    """What a session is planned with. Without an end it is open ended."""

    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str | None = None
    theme: str | None = None
    speakers: str | None = None
    capacity: int | None = None
    province_code: str | None = None


@dataclass(frozen=True)
class Moved:
    """A session at its new time, and when it would have begun."""

    session: CopSession
    earlier: datetime


@dataclass(frozen=True)
class Numbers:
    """How many said what."""

    yes: int = 0
    waiting: int = 0
    maybe: int = 0
    no: int = 0


class CopSessions:
    """All sessions."""

    def __init__(self, clock: Clock, audit: Audit, roles: Roles) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles

    async def plan(
        self, tx: AsyncSession, person: Person | None, details: Details
    ) -> CopSession | Refusal | Over:
        """A new session."""
        allowed = await self._roles.may(tx, person, Act.PLAN_SESSION, details.province_code)
        if isinstance(allowed, Refusal):
            return allowed
        now = self._clock.now()
        if details.starts_at <= now:
            return Over.PAST
        place, link = place_and_link(details.place)
        session = CopSession(
            title=details.title,
            theme=details.theme,
            starts_at=details.starts_at,
            ends_at=details.ends_at or details.starts_at + OPEN_ENDED_LASTS,
            is_open_ended=details.ends_at is None,
            place=place,
            join_link=link,
            speakers=details.speakers,
            capacity=details.capacity,
            province_code=details.province_code,
            created_by_id=None if person is None else person.id,
            created_at=now,
            scheduled_at=now,
        )
        tx.add(session)
        await tx.flush()
        self._audit.record(
            tx, person, Deed.SESSION_PLANNED, "session", session.id, province=details.province_code
        )
        return session

    async def repeat(
        self, tx: AsyncSession, person: Person | None, session_id: int, starts: Sequence[datetime]
    ) -> list[CopSession] | Refusal | NoSession | Over:
        """The same session at these times as well; all of them, or none when one has passed."""
        first = await self.managed(tx, person, session_id)
        if not isinstance(first, CopSession):
            return first
        if any(start <= self._clock.now() for start in starts):
            return Over.PAST
        found: list[CopSession] = []
        for start in starts:
            details = Details(
                first.title,
                start,
                None if first.is_open_ended else start + (first.ends_at - first.starts_at),
                " ".join(filter(None, (first.place, first.join_link))) or None,
                first.theme,
                first.speakers,
                first.capacity,
                first.province_code,
            )
            planned = await self.plan(tx, person, details)
            if not isinstance(planned, CopSession):
                return planned
            found.append(planned)
        return found

    async def find(self, tx: AsyncSession, person: Person | None, session_id: int) -> CopSession | NoSession:
        """The session, if this person may see it: it is for them, they answered, they were there, or they manage it."""
        session = await tx.get(CopSession, session_id)
        if session is None or person is None or person.id is None:
            return NoSession()
        if session.province_code in (None, person.province_code):
            return session
        reach = await self._roles.reach(tx, person, Act.PLAN_SESSION)
        if reach.covers(session.province_code) or await queries.answer_of(tx, session_id, person.id):
            return session
        if await attendance.of_person(tx, session_id, person.id):
            return session
        return NoSession()

    async def upcoming(self, tx: AsyncSession, person: Person) -> list[CopSession]:
        """What is still to come for this person, or goes on, the next one first; without what was cancelled."""
        found = await queries.ending_after(tx, self._clock.now())
        theirs = await self._theirs(tx, person, found)
        return [session for session in theirs if session.state == SessionState.PLANNED]

    async def past(self, tx: AsyncSession, person: Person) -> list[CopSession]:
        """The latest that ended, the latest first."""
        found = await queries.ended_by(tx, self._clock.now(), 10 * PAST_SHOWN)
        return (await self._theirs(tx, person, found))[:PAST_SHOWN]

    async def _theirs(self, tx: AsyncSession, person: Person, found: list[CopSession]) -> list[CopSession]:
        assert person.id is not None
        mine = set(await queries.answered(tx, person.id)) | await attendance.attended(tx, person.id)
        return [
            session
            for session in found
            if session.province_code in (None, person.province_code) or session.id in mine
        ]

    async def within(self, tx: AsyncSession, person: Person | None) -> list[CopSession]:
        """Those that the person manages: to come, and the latest that ended."""
        reach = await self._roles.reach(tx, person, Act.PLAN_SESSION)
        now = self._clock.now()
        found = [
            *await queries.ending_after(tx, now),
            *await queries.ended_by(tx, now, PAST_SHOWN),
        ]
        return [session for session in found if _manages(reach, session)]

    async def to_choose(self, tx: AsyncSession, reach: Reach) -> list[CopSession]:
        """Those whose participants may be written to: the country's and those of provinces that the role covers."""
        now = self._clock.now()
        found = [*await queries.ending_after(tx, now), *await queries.ended_by(tx, now, PAST_SHOWN)]
        return [each for each in found if each.province_code is None or reach.covers(each.province_code)]

    async def managed(
        self, tx: AsyncSession, person: Person | None, session_id: int
    ) -> CopSession | Refusal | NoSession:
        """The session, kept from other transactions, if this person may change it."""
        allowed = await self._roles.may_somewhere(tx, person, Act.PLAN_SESSION)
        if isinstance(allowed, Refusal):
            return allowed
        session = await queries.locked(tx, session_id)
        if session is None:
            return NoSession()
        allowed = await self._roles.may(tx, person, Act.PLAN_SESSION, session.province_code)
        return allowed if isinstance(allowed, Refusal) else session

    async def change(
        self, tx: AsyncSession, person: Person | None, session_id: int, values: Mapping[str, str | int | None]
    ) -> CopSession | Refusal | NoSession | Over:
        """Change details by their columns; `place` may hold a link. What is in calendars counts as a new version."""
        session = await self.managed(tx, person, session_id)
        if not isinstance(session, CopSession):
            return session
        if session.state == SessionState.CANCELLED:
            return Over.CANCELLED
        for column, value in values.items():
            if column == "place":
                session.place, session.join_link = place_and_link(None if value is None else str(value))
            else:
                setattr(session, column, value)
        if values.keys() & {"title", "theme", "place", "speakers"}:
            session.sequence += 1
        self._audit.record(tx, person, Deed.SESSION_CHANGED, "session", session.id, fields=sorted(values))
        return session

    async def move(
        self,
        tx: AsyncSession,
        person: Person | None,
        session_id: int,
        starts_at: datetime,
        ends_at: datetime | None,
    ) -> Moved | Refusal | NoSession | Over:
        """Another time; reminders follow it by themselves."""
        session = await self.changeable(tx, person, session_id)
        if not isinstance(session, CopSession):
            return session
        now = self._clock.now()
        if starts_at <= now:
            return Over.PAST
        earlier = session.starts_at
        session.starts_at = starts_at
        session.ends_at = ends_at or starts_at + OPEN_ENDED_LASTS
        session.is_open_ended = ends_at is None
        session.scheduled_at = now
        session.sequence += 1
        self._audit.record(tx, person, Deed.SESSION_MOVED, "session", session.id)
        return Moved(session, earlier)

    async def cancel(
        self, tx: AsyncSession, person: Person | None, session_id: int
    ) -> CopSession | Refusal | NoSession | Over:
        """It does not take place."""
        session = await self.changeable(tx, person, session_id)
        if isinstance(session, CopSession):
            session.state = SessionState.CANCELLED
            session.sequence += 1
            self._audit.record(tx, person, Deed.SESSION_CANCELLED, "session", session.id)
        return session

    async def changeable(
        self, tx: AsyncSession, person: Person | None, session_id: int
    ) -> CopSession | Refusal | NoSession | Over:
        """The session, if this person may still move or cancel it."""
        session = await self.managed(tx, person, session_id)
        if not isinstance(session, CopSession):
            return session
        if session.state == SessionState.CANCELLED:
            return Over.CANCELLED
        return Over.ENDED if session.ends_at <= self._clock.now() else session

    async def numbers(self, tx: AsyncSession, session_id: int) -> Numbers:
        """How many said what."""
        found = dict.fromkeys(("yes", "waiting", "maybe", "no"), 0)
        for answer, is_waiting, number in await queries.numbers(tx, session_id):
            found["waiting" if is_waiting else answer] += number
        return Numbers(**found)

    async def rsvp_of(self, tx: AsyncSession, person: Person, session_id: int) -> Rsvp | None:
        """What this person said to the invitation."""
        assert person.id is not None
        return await queries.answer_of(tx, session_id, person.id)

    async def answers(self, tx: AsyncSession, person: Person) -> dict[int, Rsvp]:
        """Everything that this person said, by session."""
        assert person.id is not None
        return await queries.answered(tx, person.id)

    async def concerned(self, tx: AsyncSession, session: CopSession) -> list[Person]:
        """Whoever wants to come or perhaps does, those who wait for a seat as well."""
        assert session.id is not None
        return [person for _, person in await queries.those_who_come(tx, [session.id], with_waiting=True)]

    async def forget(self, tx: AsyncSession) -> None:
        """Delete what nobody needs any more; who was there stays, for proof of participation."""
        now = self._clock.now()
        await queries.forget(
            tx,
            answers_before=now - ANSWERS_KEPT,
            reminders_before=now - REMINDERS_KEPT,
            attempts_before=now - ATTEMPTS_KEPT,
        )


def place_and_link(written: str | None) -> tuple[str | None, str | None]:
    """The first link of what was written, and the rest of it as a place."""
    if written is None:
        return None, None
    found = LINK.search(written)
    if found is None:
        return one_line(written) or None, None
    link = found.group().rstrip(".,;)")
    rest = one_line(written.replace(link, " ").replace("( )", " ")).replace(" ,", ",")
    return rest.strip(" ,;:-") or None, link


def has_seat(session: CopSession, rsvp: Rsvp | None) -> bool:
    """Whether the way in may be shown: always where there is room for all, else to those who have a seat."""
    if session.capacity is None:
        return True
    return rsvp is not None and rsvp.answer == Answer.YES and rsvp.waiting_since is None


def _manages(reach: Reach, session: CopSession) -> bool:
    return reach.covers(session.province_code)
