"""Polls on the organiser's desk: set up for a session, changed until they open, opened and closed.

    planned ──► open ──► closed
       │
       └──────► gone        before anybody was asked

A session has one poll. Its questions come from a template and can be changed as long as nobody was asked. What happens
when it opens stands in `bot/services/poll_opening.py`, votes in `poll_voting.py`, the closing in `poll_closing.py`.
"""

import secrets
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.cop_sessions import CopSession, NoSession, SessionState
from bot.services.groups import Group, Groups
from bot.services.people import Person
from bot.services.poll_outcomes import Managed, PollFault
from bot.services.poll_templates import MOST_QUESTIONS, Asked, QuestionKind, in_order, templates
from bot.services.roles import Act, Refusal, Roles
from db.models import Poll, PollQuestion, PollState
from db.queries import cop_sessions as session_queries
from db.queries import polls as queries

__all__ = ["SHIFT_MINUTES", "Managed", "Poll", "PollFault", "PollQuestion", "PollState", "Polls"]

SHIFT_MINUTES = 15  # what one tap puts the opening off
LONGEST_SHIFT = 24 * 60
CODE_BYTES = 8  # 11 signs of a deep link


class Polls:
    """All polls, as organisers see them."""

    def __init__(self, clock: Clock, audit: Audit, roles: Roles, groups: Groups) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles
        self._groups = groups

    async def of_session(
        self, tx: AsyncSession, person: Person | None, session_id: int
    ) -> tuple[CopSession, Poll | None] | Refusal | NoSession:
        """The session and its poll, if there is one, for an organiser who may run it."""
        allowed = await self._roles.may_somewhere(tx, person, Act.RUN_POLL)
        if isinstance(allowed, Refusal):
            return allowed
        session = await session_queries.locked(tx, session_id)
        if session is None:
            return NoSession()
        allowed = await self._roles.may(tx, person, Act.RUN_POLL, session.province_code)
        if isinstance(allowed, Refusal):
            return allowed
        return session, await queries.of_session(tx, session_id)

    async def managed(
        self, tx: AsyncSession, person: Person | None, poll_id: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """The poll, kept from other transactions, for an organiser who may run it."""
        known = await tx.get(Poll, poll_id)
        if known is None:
            return PollFault.GONE
        found = await self.of_session(tx, person, known.session_id)
        if not isinstance(found, tuple):
            return found
        poll = await queries.locked(tx, poll_id)
        return PollFault.GONE if poll is None else Managed(found[0], poll)

    async def changeable(
        self, tx: AsyncSession, person: Person | None, poll_id: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """The same, as long as nobody was asked."""
        found = await self.managed(tx, person, poll_id)
        if isinstance(found, Managed) and found.poll.state != PollState.PLANNED:
            is_open = found.poll.state == PollState.OPEN
            return PollFault.ALREADY_OPEN if is_open else PollFault.ALREADY_CLOSED
        return found

    async def set_up(
        self, tx: AsyncSession, person: Person | None, session_id: int, template: str
    ) -> Managed | Refusal | NoSession | PollFault:
        """Plan the poll of a session with the questions of a template; where there is a plan, its questions change.

        It opens by itself when the session ends, unless that has passed already.
        """
        found = await self.of_session(tx, person, session_id)
        if not isinstance(found, tuple):
            return found
        session, poll = found
        chosen = templates().get(template)
        if chosen is None:
            return PollFault.GONE
        if session.state == SessionState.CANCELLED:
            return PollFault.CANCELLED
        if poll is not None and poll.state != PollState.PLANNED:
            return PollFault.ALREADY_OPEN if poll.state == PollState.OPEN else PollFault.ALREADY_CLOSED
        if poll is None:
            poll = Poll(
                session_id=session_id,
                link_code=secrets.token_urlsafe(CODE_BYTES),
                is_by_hand=session.ends_at <= self._clock.now(),
                created_by_id=None if person is None else person.id,
                created_at=self._clock.now(),
            )
            tx.add(poll)
            await tx.flush()
        managed = Managed(session, poll)
        await self.write(tx, managed.poll_id, chosen.questions)
        self._audit.record(tx, person, Deed.POLL_PLANNED, "poll", poll.id, template=template)
        return managed

    async def questions(self, tx: AsyncSession, poll_id: int) -> list[PollQuestion]:
        """What is asked, in its order."""
        return await queries.questions(tx, poll_id)

    async def put(
        self, tx: AsyncSession, person: Person | None, poll_id: int, position: int | None, asked: Asked
    ) -> Managed | Refusal | NoSession | PollFault:
        """Add a question (`position` None), or put another one in the place of that at `position`."""
        managed = await self.changeable(tx, person, poll_id)
        if not isinstance(managed, Managed):
            return managed
        questions = [_asked(each) for each in await queries.questions(tx, poll_id)]
        if position is None:
            questions.append(asked)
        elif 1 <= position <= len(questions):
            questions[position - 1] = asked
        else:
            return PollFault.GONE
        return await self._replace(tx, person, managed, questions)

    async def remove(
        self, tx: AsyncSession, person: Person | None, poll_id: int, position: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """Take a question out."""
        managed = await self.changeable(tx, person, poll_id)
        if not isinstance(managed, Managed):
            return managed
        questions = [_asked(each) for each in await queries.questions(tx, poll_id)]
        if not 1 <= position <= len(questions):
            return PollFault.GONE
        return await self._replace(tx, person, managed, questions[: position - 1] + questions[position:])

    async def put_off(
        self, tx: AsyncSession, person: Person | None, poll_id: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """Open a little later than planned: by the usual step, from now if the planned moment has passed."""
        managed = await self.changeable(tx, person, poll_id)
        if isinstance(managed, Managed):
            poll = managed.poll
            passed = (self._clock.now() - managed.session.ends_at).total_seconds() // 60
            poll.shift_minutes = int(min(max(poll.shift_minutes, passed) + SHIFT_MINUTES, LONGEST_SHIFT))
            poll.is_by_hand = False
            self._audit.record(tx, person, Deed.POLL_CHANGED, "poll", poll.id, shift=poll.shift_minutes)
        return managed

    async def by_hand(
        self, tx: AsyncSession, person: Person | None, poll_id: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """Do not open by the clock."""
        managed = await self.changeable(tx, person, poll_id)
        if isinstance(managed, Managed):
            managed.poll.is_by_hand = True
        return managed

    async def offered_groups(self, tx: AsyncSession, person: Person | None) -> list[Group]:
        """Registered groups that the organiser may choose."""
        reach = await self._roles.reach(tx, person, Act.RUN_POLL)
        return [group for group in await self._groups.open_to(tx) if reach.covers(group.province_code)]

    async def choose_group(
        self, tx: AsyncSession, person: Person | None, poll_id: int, group_id: int, *, is_chosen: bool
    ) -> Managed | Refusal | NoSession | PollFault:
        """Put an anonymous poll into this group as well, or not."""
        managed = await self.changeable(tx, person, poll_id)
        if isinstance(managed, Managed):
            rest = [each for each in managed.poll.group_ids if each != group_id]
            may = any(group.id == group_id for group in await self.offered_groups(tx, person))
            if is_chosen and not may:
                return PollFault.GONE
            managed.poll.group_ids = [*rest, group_id] if is_chosen else rest
        return managed

    async def drop(
        self, tx: AsyncSession, person: Person | None, poll_id: int
    ) -> Managed | Refusal | NoSession | PollFault:
        """Do without it."""
        managed = await self.changeable(tx, person, poll_id)
        if isinstance(managed, Managed):
            await tx.delete(managed.poll)
            await tx.flush()
            self._audit.record(tx, person, Deed.POLL_DROPPED, "poll", poll_id)
        return managed

    async def _replace(
        self, tx: AsyncSession, person: Person | None, managed: Managed, questions: Sequence[Asked]
    ) -> Managed | PollFault:
        ordered = in_order(questions)
        if len(ordered) > MOST_QUESTIONS:
            return PollFault.TOO_MANY
        if sum(each.kind is QuestionKind.TEXT for each in ordered) > 1:
            return PollFault.ONE_TEXT
        if not ordered or ordered[0].kind is QuestionKind.TEXT:
            return PollFault.NO_CHOICES
        await self.write(tx, managed.poll_id, ordered)
        self._audit.record(tx, person, Deed.POLL_CHANGED, "poll", managed.poll.id, questions=len(ordered))
        return managed

    async def write(self, tx: AsyncSession, poll_id: int, questions: Sequence[Asked]) -> None:
        """Let these be its questions, which are right and in order."""
        await queries.delete_questions(tx, poll_id)
        tx.add_all(
            PollQuestion(
                poll_id=poll_id,
                position=number,
                kind=each.kind,
                text=each.text,
                options=list(each.options),
            )
            for number, each in enumerate(questions, 1)
        )
        await tx.flush()


def _asked(question: PollQuestion) -> Asked:
    return Asked(QuestionKind(question.kind), question.text, tuple(question.options))
