"""Who was there: by the code on the slide, by an organiser's list, or by the sheet of the meeting service.

People check in from half an hour before the start until the end, with the four signs that stand on the slide or the
picture beside them, which holds a link with the same signs. An organiser can renew the code; an older one is known as
such. Whoever types wrong codes has five tries in ten minutes. Everything that changes the list is in the audit trail.
"""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.checkin_codes import is_same_code, new_code
from bot.services.cop_sessions import CopSession, CopSessions, NoSession, SessionState
from bot.services.form_steps import Form, Step, text_of_at_most
from bot.services.people import Person
from bot.services.roles import Refusal
from db.models import Attendance, CheckinAttempt, Presence, Rsvp
from db.queries import attendance as queries
from db.queries import cop_sessions as session_queries

__all__ = [
    "ATTENDEE",
    "CHECKIN",
    "AddedByName",
    "Attendance",
    "Attendances",
    "CheckinFault",
    "Listed",
    "Presence",
    "Present",
]

OPENS_BEFORE = timedelta(minutes=30)
MOST_WRONG_CODES = 5
FORGIVEN_AFTER = timedelta(minutes=10)
OLD_CODES_KEPT = 50

CHECKIN = Form("checkin", (Step("code", read=text_of_at_most(20)),))
ATTENDEE = Form("attendee", (Step("name", read=text_of_at_most(150)),))


class CheckinFault(enum.Enum):
    """Why somebody could not check in."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    CANCELLED = "cancelled"
    WRONG_CODE = "wrong_code"
    OLD_CODE = "old_code"  # it was on the slide before
    TOO_OFTEN = "too_often"  # five wrong codes within ten minutes


@dataclass(frozen=True)
class Present:
    """They are on the list; `is_new` is False for those who were before."""

    session: CopSession
    is_new: bool


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    person: Person | None
    rsvp: Rsvp | None
    attendance: Attendance | None


@dataclass(frozen=True)
class AddedByName:
    """Somebody stands on the list by a name that an organiser wrote: as the member whom it certainly means, or
    (`person` is None) as somebody who does not use the bot. `is_new` is False for those who stood there before."""

    session: CopSession
    name: str
    person: Person | None
    is_new: bool


class Attendances:
    """The lists of all sessions."""

    def __init__(self, clock: Clock, audit: Audit, sessions: CopSessions) -> None:
        self._clock = clock
        self._audit = audit
        self._sessions = sessions

    def is_open(self, session: CopSession) -> bool:
        """Whether people can check in now."""
        return self.closed(session) is None

    def closed(self, session: CopSession) -> CheckinFault | None:
        """Why nobody can check in now, if so."""
        now: datetime = self._clock.now()
        if session.state == SessionState.CANCELLED:
            return CheckinFault.CANCELLED
        if now < session.starts_at - OPENS_BEFORE:
            return CheckinFault.TOO_EARLY
        return CheckinFault.TOO_LATE if now >= session.ends_at else None

    async def with_code(
        self, tx: AsyncSession, organiser: Person | None, session_id: int, *, is_new: bool = False
    ) -> CopSession | Refusal | NoSession:
        """The session with a code for its slide; with `is_new` another one than before."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        if session.checkin_code is None or is_new:
            used = [*session.old_codes, *([session.checkin_code] if session.checkin_code else [])]
            session.old_codes = used[-OLD_CODES_KEPT:]
            code = new_code()
            while code in session.old_codes:
                code = new_code()
            session.checkin_code = code
            self._audit.record(tx, organiser, Deed.CODE_RENEWED, "session", session.id)
        return session

    async def check_in(
        self, tx: AsyncSession, person: Person, session_id: int, code: str, how: Presence
    ) -> Present | CheckinFault | NoSession:
        """Say by the code on the slide that one is there."""
        session = await session_queries.locked(tx, session_id)
        if session is None or person.id is None:
            return NoSession()
        fault = self.closed(session)
        if fault is not None:
            return fault
        now = self._clock.now()
        tried = await queries.attempts(tx, session_id, person.id)
        if tried is not None and now - tried.last_at >= FORGIVEN_AFTER:
            tried.number = 0
        if tried is not None and tried.number >= MOST_WRONG_CODES:
            return CheckinFault.TOO_OFTEN
        if session.checkin_code is None or not is_same_code(code, session.checkin_code):
            self._count(tx, tried, session_id, person.id)
            is_old = any(is_same_code(code, each) for each in session.old_codes)
            return CheckinFault.OLD_CODE if is_old else CheckinFault.WRONG_CODE
        is_new = await self._add(tx, session_id, person.id, how)
        if is_new:
            self._audit.record(tx, person, Deed.CHECKED_IN, "session", session_id, how=how)
        return Present(session, is_new)

    async def is_present(self, tx: AsyncSession, person: Person, session_id: int) -> bool:
        """Whether this person is on the list."""
        assert person.id is not None
        return await queries.of_person(tx, session_id, person.id) is not None

    async def listing(
        self, tx: AsyncSession, organiser: Person | None, session_id: int
    ) -> list[Listed] | Refusal | NoSession:
        """Whoever was there or was expected, by name."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        members = [Listed(*row) for row in await queries.everybody(tx, session_id)]
        return members + [Listed(None, None, each) for each in await queries.by_name(tx, session_id)]

    async def nameless(self, tx: AsyncSession, session_id: int) -> int:
        """How many were there whose data was erased."""
        return len(await queries.nameless(tx, session_id))

    async def correct(
        self, tx: AsyncSession, organiser: Person | None, session_id: int, person_id: int, *, is_present: bool
    ) -> bool | Refusal | NoSession:
        """Put somebody on the list, or take them off it; gives whether that changed anything."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        if await tx.get(Person, person_id) is None:
            return NoSession()
        there = await queries.of_person(tx, session_id, person_id)
        if is_present == (there is not None):
            return False
        if there is None:
            await self._add(tx, session_id, person_id, Presence.LIST)
            deed = Deed.ATTENDANCE_ADDED
        else:
            await tx.delete(there)
            await tx.flush()
            deed = Deed.ATTENDANCE_REMOVED
        self._audit.record(tx, organiser, deed, "session", session_id, person_id=person_id)
        return True

    async def add_by_name(
        self, tx: AsyncSession, organiser: Person | None, session_id: int, name: str
    ) -> AddedByName | Refusal | NoSession:
        """Put somebody on the list by their name, whether or not they use the bot."""
        # It loads what compares words, which a start has no time for.
        from bot.services.names import Certain, NameList

        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        people = {each.id: each for each in await queries.named(tx) if each.id is not None}
        found = NameList({number: each.full_name or "" for number, each in people.items()}).match(name)
        if isinstance(found, Certain):
            is_new = await self._add(tx, session_id, found.person, Presence.LIST)
            added = AddedByName(session, name, people[found.person], is_new)
        else:
            known = {(each.name or "").casefold() for each in await queries.by_name(tx, session_id)}
            added = AddedByName(session, name, None, name.casefold() not in known)
            if added.is_new:
                tx.add(Attendance(session_id=session_id, name=name, how=Presence.LIST, at=self._clock.now()))
        if added.is_new:
            # Without the name: the audit trail outlives the list.
            self._audit.record(tx, organiser, Deed.ATTENDANCE_ADDED, "session", session_id)
        return added

    async def remove_by_name(
        self, tx: AsyncSession, organiser: Person | None, session_id: int, attendance_id: int
    ) -> bool | Refusal | NoSession:
        """Take somebody off the list who stands there by name; gives whether they did."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        for each in await queries.by_name(tx, session_id):
            if each.id == attendance_id:
                await tx.delete(each)
                await tx.flush()
                self._audit.record(tx, organiser, Deed.ATTENDANCE_REMOVED, "session", session_id)
                return True
        return False

    async def add_all(
        self, tx: AsyncSession, organiser: Person | None, session_id: int, person_ids: Collection[int]
    ) -> int | Refusal | NoSession:
        """Put those on the list whom the sheet of the meeting service names; gives how many are new on it."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        added = 0
        for person_id in dict.fromkeys(person_ids):
            if await tx.get(Person, person_id) is not None:
                added += await self._add(tx, session_id, person_id, Presence.IMPORT)
        self._audit.record(tx, organiser, Deed.ATTENDANCE_IMPORTED, "session", session_id, added=added)
        return added

    async def hand_out(
        self, tx: AsyncSession, organiser: Person | None, session_id: int
    ) -> list[Listed] | Refusal | NoSession:
        """The list to be taken along, which is written down."""
        found = await self.listing(tx, organiser, session_id)
        if isinstance(found, list):
            self._audit.record(
                tx, organiser, Deed.ATTENDANCE_EXPORTED, "session", session_id, count=len(found)
            )
        return found

    async def names(self, tx: AsyncSession) -> list[Person]:
        """Everybody whom a sheet could name."""
        return await queries.named(tx)

    async def _add(self, tx: AsyncSession, session_id: int, person_id: int, how: Presence) -> bool:
        if await queries.of_person(tx, session_id, person_id) is not None:
            return False
        tx.add(Attendance(session_id=session_id, person_id=person_id, how=how, at=self._clock.now()))
        await tx.flush()
        return True

    def _count(self, tx: AsyncSession, tried: CheckinAttempt | None, session_id: int, person_id: int) -> None:
        now = self._clock.now()
        if tried is None:
            tried = CheckinAttempt(session_id=session_id, person_id=person_id, number=0, last_at=now)
            tx.add(tried)
        tried.number += 1
        tried.last_at = now
