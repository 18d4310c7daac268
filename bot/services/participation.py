"""Proof of participation: who said that they would come, who was there, who gave feedback (yes or no).

What was answered has no place here. Who answered is named only once the poll is closed: before that whoever looks twice
could tell whose answers made the numbers change (docs/decisions/0019-candour.md).
"""

import enum
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.audit import Audit, Deed
from bot.services.cop_sessions import CopSession, CopSessions, NoSession
from bot.services.people import Person
from bot.services.roles import Refusal
from db.models import Attendance, PollState, Rsvp
from db.queries import attendance as attendance_queries
from db.queries import certificates as queries
from db.queries import polls

__all__ = ["Feedback", "Participant", "ParticipationList", "Participations"]


class Feedback(enum.Enum):
    """Whether somebody gave feedback; each has its word below `participation.sheet.buttons`."""

    GIVEN = "given"
    NOT_GIVEN = "not_given"
    NOT_ASKED = "not_asked"
    NOT_YET_KNOWN = "not_yet_known"  # the poll is planned or open
    NO_POLL = "no_poll"


@dataclass(frozen=True)
class Participant:
    """One line of the list."""

    person: Person | None  # None: somebody who does not use the bot, by the name that an organiser wrote
    name: str | None
    rsvp: Rsvp | None
    attendance: Attendance | None
    feedback: Feedback


@dataclass(frozen=True)
class ParticipationList:
    """The list of a session; `nameless` were there and had their data erased."""

    session: CopSession
    participants: tuple[Participant, ...]
    nameless: int


class Participations:
    """The lists of all sessions."""

    def __init__(self, audit: Audit, sessions: CopSessions) -> None:
        self._audit = audit
        self._sessions = sessions

    async def hand_out(
        self, tx: AsyncSession, organiser: Person | None, session_id: int
    ) -> ParticipationList | Refusal | NoSession:
        """The list to be taken along, which is written down."""
        session = await self._sessions.managed(tx, organiser, session_id)
        if not isinstance(session, CopSession):
            return session
        poll = await polls.of_session(tx, session_id)
        is_closed = poll is not None and poll.state == PollState.CLOSED
        rows = await queries.participation(
            tx, session_id, poll.id if poll is not None and is_closed else None
        )
        found: list[Participant] = []
        for person, rsvp, there, has_answered in rows:
            if poll is None:
                feedback = Feedback.NO_POLL
            elif not is_closed:
                feedback = Feedback.NOT_YET_KNOWN
            elif has_answered is None:
                feedback = Feedback.NOT_ASKED
            else:
                feedback = Feedback.GIVEN if has_answered else Feedback.NOT_GIVEN
            found.append(Participant(person, person.full_name, rsvp, there, feedback))
        guests = Feedback.NO_POLL if poll is None else Feedback.NOT_ASKED
        by_name = await attendance_queries.by_name(tx, session_id)
        found += [Participant(None, each.name, None, each, guests) for each in by_name]
        nameless = len(await attendance_queries.nameless(tx, session_id))
        self._audit.record(
            tx, organiser, Deed.PARTICIPATION_EXPORTED, "session", session_id, count=len(found)
        )
        return ParticipationList(session, tuple(found), nameless)
