"""When polls open, remind and close, and whom they ask: found out from the rows and the clock.

Asked are those who checked in; if nobody did, those who said that they would come or perhaps would; and whoever opens
the link. Those who were there get it at once, all others not in their quiet hours. It closes at 17.00 WIB of the second
working day after; on the first one at 09.00, each by their own clock, those who answered nothing are reminded, once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone, local_date
from bot.services.audit import Audit, Deed
from bot.services.groups import Group, Groups
from bot.services.hints import is_working_day, quiet_until
from bot.services.outages import Outages
from bot.services.people import Person, is_reachable, zone_of
from bot.services.poll_outcomes import Managed, PollFault
from db.models import CopSession, GroupPoll, Poll, PollParticipation, PollQuestion, PollState
from db.queries import poll_answers as answers
from db.queries import polls as queries

__all__ = ["Opened", "PollOpening", "Reminded", "new_sheet", "opens_at", "subject_of"]

WARNED_BEFORE = timedelta(minutes=10)
OPENS_WITHIN = timedelta(days=2)  # of the planned moment; later an organiser has to say so
AT_ONCE_WITHIN = timedelta(minutes=30)  # of the end of the session those who were there are still awake
REMINDED_AT, CLOSES_AT = time(9, 0), time(17, 0)
CLOSES_AFTER_DAYS = 2  # working days
# Votes that were cast in time are let in first: so long after the moment, and after updates come in again.
GRACE = timedelta(minutes=2)
LONGEST_GRACE = timedelta(hours=1)  # for votes that are stored and cannot be handled


@dataclass(frozen=True)
class Opened:
    """A poll that is open from this transaction on: its questions, whom to ask when, and in which groups."""

    managed: Managed
    questions: list[PollQuestion]
    asked: list[tuple[Person, datetime]]
    groups: list[Group]


@dataclass(frozen=True)
class Reminded:
    """Whom to remind of a poll, each at a moment."""

    managed: Managed
    people: list[tuple[Person, datetime]]


class PollOpening:
    """What is due with polls."""

    def __init__(self, clock: Clock, audit: Audit, groups: Groups, outages: Outages) -> None:
        self._clock = clock
        self._audit = audit
        self._groups = groups
        self._outages = outages

    async def to_warn(self, tx: AsyncSession) -> list[Managed]:
        """Polls that open within ten minutes of which their organiser was not told; they count as told from now on."""
        now = self._clock.now()
        found = [
            Managed(session, poll)
            for poll, session in await queries.planned(tx, now + WARNED_BEFORE)
            if now < opens_at(poll, session) <= now + WARNED_BEFORE
            and poll.warned_for != opens_at(poll, session)
        ]
        for managed in found:
            managed.poll.warned_for = opens_at(managed.poll, managed.session)
        return found

    async def due(self, tx: AsyncSession) -> list[Managed]:
        """Polls whose moment has come. Where it passed long ago, an organiser has to open it from now on."""
        now = self._clock.now()
        found: list[Managed] = []
        for poll, session in await queries.planned(tx, now):
            moment = opens_at(poll, session)
            if now - moment > OPENS_WITHIN:
                poll.is_by_hand = True
            elif moment <= now:
                found.append(Managed(session, poll))
        return found

    async def open(
        self, tx: AsyncSession, managed: Managed, person: Person | None = None
    ) -> Opened | PollFault:
        """Open it; `person` did it by hand, None: the clock."""
        poll = await queries.locked(tx, managed.poll_id)
        if poll is None:
            return PollFault.GONE
        if poll.state != PollState.PLANNED:
            return PollFault.ALREADY_OPEN if poll.state == PollState.OPEN else PollFault.ALREADY_CLOSED
        now = self._clock.now()
        poll.state, poll.opened_at, poll.closes_at = PollState.OPEN, now, closing_after(now)
        questions = await queries.questions(tx, managed.poll_id)
        asked = await self._asked(tx, managed.session, now)
        tx.add_all(
            PollParticipation(poll_id=managed.poll_id, person_id=each.id, sheet=new_sheet(), waits_at=1)
            for each, _ in asked
        )
        groups = [group for group in await self._groups.open_to(tx) if group.id in poll.group_ids]
        await tx.flush()
        self._audit.record(tx, person, Deed.POLL_OPENED, "poll", poll.id, asked=len(asked))
        return Opened(Managed(managed.session, poll), questions, asked, groups)

    async def _asked(
        self, tx: AsyncSession, session: CopSession, now: datetime
    ) -> list[tuple[Person, datetime]]:
        assert session.id is not None
        present = await queries.present(tx, session.id)
        is_fresh = bool(present) and now - session.ends_at <= AT_ONCE_WITHIN
        return [
            (person, now if is_fresh else quiet_until(now, zone_of(person)))
            for person in present or await queries.expected(tx, session.id)
            if person.wants_polls and is_reachable(person)
        ]

    def keep_groups(
        self, tx: AsyncSession, question: PollQuestion, copies: Sequence[tuple[Group, int]]
    ) -> None:
        """Write down which copies (ids of deliveries) bring the poll into groups."""
        assert question.id is not None
        tx.add_all(
            GroupPoll(
                question_id=question.id,
                delivery_id=delivery_id,
                title=group.title,
                totals=[0] * len(question.options),
            )
            for group, delivery_id in copies
        )

    async def to_remind(self, tx: AsyncSession) -> list[Reminded]:
        """Who is to be reminded by now; they count as reminded, whether or not they can be reached."""
        now = self._clock.now()
        found: list[Reminded] = []
        for poll, session in await queries.in_state(tx, PollState.OPEN):
            managed = Managed(session, poll)
            if all(now < reminding_after(poll, zone) for zone in Zone):
                continue
            people: list[tuple[Person, datetime]] = []
            for participation, person in await queries.silent(tx, managed.poll_id):
                zone = zone_of(person)
                if now < reminding_after(poll, zone):
                    continue
                participation.was_reminded = True
                at = quiet_until(now, zone)
                is_in_time = poll.closes_at is not None and at < poll.closes_at - timedelta(hours=1)
                if person.wants_polls and is_reachable(person) and is_in_time:
                    people.append((person, at))
            if people:
                found.append(Reminded(managed, people))
        return found

    async def to_close(self, tx: AsyncSession) -> list[Managed]:
        """Polls whose time is over, and of which every vote that was cast in time has been counted."""
        now, since = self._clock.now(), self._outages.receives_since()
        over = [
            Managed(session, poll)
            for poll, session in await queries.in_state(tx, PollState.OPEN)
            if poll.closes_at is not None and poll.closes_at + GRACE <= now
        ]
        if not over or since is None or now - since < GRACE:
            return []
        waits = bool(await answers.waiting_votes(tx))
        return [
            managed
            for managed in over
            if not waits
            or (managed.poll.closes_at is not None and managed.poll.closes_at + LONGEST_GRACE <= now)
        ]


def new_sheet() -> str:
    """The token of a sheet, which says nothing of whose it is or when it was begun."""
    return secrets.token_urlsafe(24)


def subject_of(poll_id: int, what: str = "") -> str:
    """Under which its mailings are found again: the questions, `groups`, `reminder`, `stop`."""
    return f"poll:{poll_id}" + (f":{what}" if what else "")


def opens_at(poll: Poll, session: CopSession) -> datetime:
    """When it opens by itself (UTC)."""
    return session.ends_at + timedelta(minutes=poll.shift_minutes)


def reminding_after(poll: Poll, zone: Zone) -> datetime:
    """When those who live by this clock are reminded (UTC)."""
    assert poll.opened_at is not None
    day = _working_day(local_date(poll.opened_at, zone), 1)
    return datetime.combine(day, REMINDED_AT, tzinfo=zone.info).astimezone(UTC)


def closing_after(opened_at: datetime) -> datetime:
    """When a poll closes that opens at this moment (UTC)."""
    day = _working_day(local_date(opened_at), CLOSES_AFTER_DAYS)
    return datetime.combine(day, CLOSES_AT, tzinfo=Zone.WIB.info).astimezone(UTC)


def _working_day(after: date, number: int) -> date:
    """The first, second … working day behind this one; within a fortnight, since Telegram's polls last a month."""
    day = after
    for _ in range(14):
        day += timedelta(days=1)
        number -= is_working_day(day)
        if not number:
            break
    return day
