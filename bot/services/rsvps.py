"""Answers to invitations, and the seats that follow from them.

Whoever says yes has a seat while there are any, and otherwise waits. A seat that becomes free goes to whoever has
waited longest. The session's row is locked meanwhile, so that no seat is given twice.
"""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.cop_sessions import CopSession, CopSessions, NoSession, Over, SessionState
from bot.services.people import Person
from db.models import Answer, Rsvp
from db.queries import cop_sessions as queries

__all__ = ["Answer", "Answered", "Rsvp", "Rsvps"]


@dataclass(frozen=True)
class Answered:
    """The answer as it stands, and those who got a seat by it."""

    session: CopSession
    rsvp: Rsvp
    moved_up: tuple[Person, ...] = ()


class Rsvps:
    """Who wants to come."""

    def __init__(self, clock: Clock, sessions: CopSessions) -> None:
        self._clock = clock
        self._sessions = sessions

    async def answer(
        self, tx: AsyncSession, person: Person, session_id: int, answer: Answer
    ) -> Answered | NoSession | Over:
        """Say it, or say something else than before. Saying the same again keeps the place in the line."""
        seen = await self._sessions.find(tx, person, session_id)
        if isinstance(seen, NoSession):
            return seen
        session = await queries.locked(tx, session_id)
        assert session is not None
        assert person.id is not None
        if session.state == SessionState.CANCELLED:
            return Over.CANCELLED
        now = self._clock.now()
        if session.ends_at <= now:
            return Over.ENDED
        rsvp = await queries.answer_of(tx, session_id, person.id)
        if rsvp is None:
            rsvp = Rsvp(session_id=session_id, person_id=person.id, answer="", answered_at=now)
            tx.add(rsvp)
        if rsvp.answer == answer:
            return Answered(session, rsvp)
        rsvp.waiting_since = now if answer is Answer.YES and await self._is_full(tx, session) else None
        rsvp.answer = answer
        rsvp.answered_at = now
        await tx.flush()
        return Answered(session, rsvp, tuple(await self.move_up(tx, session)))

    async def move_up(self, tx: AsyncSession, session: CopSession) -> list[Person]:
        """Give free seats to those who wait; gives who got one. The caller holds the session's row."""
        assert session.id is not None
        if session.state == SessionState.CANCELLED or session.starts_at <= self._clock.now():
            return []
        line = await queries.waiting(tx, session.id)
        free = len(line)
        if session.capacity is not None:
            free = max(0, session.capacity - await queries.seats_taken(tx, session.id))
        for rsvp, _ in line[:free]:
            rsvp.waiting_since = None
        await tx.flush()
        return [person for _, person in line[:free]]

    async def fill_seats(self, tx: AsyncSession) -> list[tuple[CopSession, list[Person]]]:
        """Seats that became free without an answer, as when somebody had their data erased."""
        found: list[tuple[CopSession, list[Person]]] = []
        for session_id in await queries.with_people_waiting(tx, self._clock.now()):
            session = await queries.locked(tx, session_id)
            if session is not None and (people := await self.move_up(tx, session)):
                found.append((session, people))
        return found

    async def _is_full(self, tx: AsyncSession, session: CopSession) -> bool:
        assert session.id is not None
        if session.capacity is None:
            return False
        return await queries.seats_taken(tx, session.id) >= session.capacity or bool(
            await queries.waiting(tx, session.id)
        )
