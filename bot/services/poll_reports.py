"""What leaves the desk after a poll: its report, and what people are told of it.

Everything here goes through `PollResults.of`, which shows what may be shown, however often one asks.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.comment_words import most_used
from bot.services.cop_sessions import NoSession
from bot.services.form_steps import Data, Form, Problem, Step, Unsettled, Value, Written
from bot.services.hints import quiet_until
from bot.services.people import Person, is_reachable, zone_of
from bot.services.poll_outcomes import Managed, PollFault
from bot.services.poll_results import PollResult, PollResults, TrendPoint
from bot.services.polls import Polls
from bot.services.roles import Act, Refusal, Roles
from db.models import PollState
from db.queries import polls as queries

__all__ = ["LONGEST_CHANGES", "POLL_CHANGES", "PollReport", "PollReports", "poll_of"]

LONGEST_CHANGES = 1500  # signs; the message has to hold the result as well
SESSIONS_IN_TREND = 8


def _read_changes(written: Written) -> Value | Problem | Unsettled:
    text = "\n".join(line.rstrip() for line in written.text.strip().splitlines())
    if len(text) > LONGEST_CHANGES:
        return Problem("forms.problems.too_long", {"limit": LONGEST_CHANGES, "length": len(text)})
    return text if len(text) > 1 else Problem("forms.problems.too_short")


POLL_CHANGES = Form("poll_changes", (Step("changes", read=_read_changes),))


def poll_of(data: Data) -> tuple[int, str]:
    """The poll that the form is about, and what was written."""
    poll_id = data.get("poll_id")
    return poll_id if isinstance(poll_id, int) else 0, str(data.get("changes", ""))


@dataclass(frozen=True)
class PollReport:
    """A poll's result at a moment (UTC), with the words that its comments share, and the sessions before it."""

    result: PollResult
    made_at: datetime
    trend: tuple[TrendPoint, ...] = ()
    words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Told:
    """Whom to tell what will change, each at a moment (UTC)."""

    managed: Managed
    changes: str
    people: list[tuple[Person, datetime]]


Refused = Refusal | NoSession | PollFault


class PollReports:
    """Reports for organisers, and the word back to those who answered."""

    def __init__(self, clock: Clock, audit: Audit, roles: Roles, polls: Polls, results: PollResults) -> None:
        self._clock = clock
        self._audit = audit
        self._roles = roles
        self._polls = polls
        self._results = results

    async def so_far(self, tx: AsyncSession, person: Person | None, poll_id: int) -> PollReport | Refused:
        """The report as it may be shown now; of a poll that was opened."""
        managed = await self._polls.managed(tx, person, poll_id)
        if not isinstance(managed, Managed):
            return managed
        if managed.poll.state == PollState.PLANNED:
            return PollFault.NOT_CLOSED  # there is no result of any kind
        result = await self._results.of(tx, managed)
        reach = await self._roles.reach(tx, person, Act.RUN_POLL)
        trend = await self._results.trend(tx, SESSIONS_IN_TREND, reach=reach, until=managed.session.starts_at)
        return PollReport(result, self._clock.now(), tuple(trend), tuple(most_used(result.comments)))

    async def final(self, tx: AsyncSession, person: Person | None, poll_id: int) -> PollReport | Refused:
        """The report of a closed poll, to be handed on."""
        managed = await self._closed(tx, person, poll_id)
        return managed if not isinstance(managed, Managed) else await self.so_far(tx, person, poll_id)

    async def to_tell(self, tx: AsyncSession, person: Person | None, poll_id: int) -> Managed | Refused:
        """A closed poll of which people have not been told yet what will change."""
        managed = await self._closed(tx, person, poll_id)
        if isinstance(managed, Managed) and managed.poll.told_at is not None:
            return PollFault.ALREADY_TOLD
        return managed

    async def write_changes(
        self, tx: AsyncSession, person: Person | None, poll_id: int, changes: str
    ) -> Managed | Refused:
        """Keep what will change, to be looked at before it is sent."""
        managed = await self.to_tell(tx, person, poll_id)
        if isinstance(managed, Managed):
            managed.poll.changes = changes
        return managed

    async def listeners(self, tx: AsyncSession, managed: Managed) -> list[Person]:
        """Those who answered and can be reached."""
        answered = await queries.answered(tx, managed.poll_id)
        return [person for person in answered if person.wants_polls and is_reachable(person)]

    async def tell(self, tx: AsyncSession, person: Person | None, poll_id: int) -> Told | Refused:
        """Count it as told, once; gives whom to tell. Nobody hears of it in their quiet hours."""
        managed = await self.to_tell(tx, person, poll_id)
        if not isinstance(managed, Managed):
            return managed
        if not managed.poll.changes:
            return PollFault.GONE
        now = self._clock.now()
        people = [(each, quiet_until(now, zone_of(each))) for each in await self.listeners(tx, managed)]
        managed.poll.told_at = now
        self._audit.record(tx, person, Deed.POLL_TOLD, "poll", poll_id, people=len(people))
        return Told(managed, managed.poll.changes, people)

    async def _closed(self, tx: AsyncSession, person: Person | None, poll_id: int) -> Managed | Refused:
        managed = await self._polls.managed(tx, person, poll_id)
        if isinstance(managed, Managed) and managed.poll.state != PollState.CLOSED:
            return PollFault.NOT_CLOSED
        return managed
