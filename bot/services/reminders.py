"""Reminders of sessions: which are due by now, found out from the rows and the clock alone.

    due ──► sent           also late, while it is of use; it says then that it is late
      └───► passed over    it would be pointless: the organiser hears of it

The day before at 09.00 by each zone's own clock, one hour before, and at the start. Each is a row once it was begun, so
that none goes out twice; a session that is moved has another start, and so others are due. What was due before the
session got its present time concerns nobody. Who gets it is decided when it is due.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.cop_sessions import CopSession, SessionState
from bot.services.people import Person, is_reachable, zone_of
from db.models import Rsvp, SessionReminder
from db.queries import cop_sessions as queries

__all__ = ["Due", "ReminderKind", "Reminders"]

LATE_AFTER = timedelta(minutes=2)  # the ticks are seconds apart; what comes later than this says so
LOOKS_BACK = timedelta(days=7)  # organisers hear of what was passed over since then
DAY_BEFORE_AT = time(9, 0)
HOUR = timedelta(hours=1)


class ReminderKind(enum.StrEnum):
    """When it reminds."""

    DAY_BEFORE = "day_before"
    HOUR = "hour"
    START = "start"


@dataclass(frozen=True)
class Due:
    """A reminder whose moment has come. `zone`: only for those who live by this clock; None: for all.

    `until` is when it stops being of use.
    """

    session: CopSession
    kind: ReminderKind
    zone: Zone | None
    at: datetime
    until: datetime
    is_late: bool
    is_pointless: bool


class Reminders:
    """What is due."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def begin_due(self, tx: AsyncSession) -> list[Due]:
        """Everything that is due and was not begun; it is begun with this transaction."""
        now = self._clock.now()
        sessions = {
            session.id: session
            for session in await queries.ending_after(tx, now - LOOKS_BACK)
            if session.id is not None and session.state == SessionState.PLANNED
        }
        begun = {
            (row.session_id, row.kind, row.zone, row.starts_at)
            for row in await queries.reminders_of(tx, sessions.keys())
        }
        found: list[Due] = []
        for session_id, session in sessions.items():
            for due in _of(session, now):
                zone = due.zone.value if due.zone is not None else ""
                if (session_id, due.kind, zone, session.starts_at) in begun:
                    continue
                found.append(due)
                tx.add(
                    SessionReminder(
                        session_id=session_id,
                        kind=due.kind,
                        zone=zone,
                        starts_at=session.starts_at,
                        was_sent=not due.is_pointless,
                        at=now,
                    )
                )
        return found

    async def recipients(self, tx: AsyncSession, due: Due) -> list[tuple[Rsvp, Person]]:
        """Whoever comes or perhaps does, wants reminders and can be reached; nobody who waits for a seat."""
        assert due.session.id is not None
        return [
            (rsvp, person)
            for rsvp, person in await queries.those_who_come(tx, [due.session.id], with_waiting=False)
            if person.wants_reminders
            and is_reachable(person)
            and (due.zone is None or zone_of(person) is due.zone)
        ]


def _of(session: CopSession, now: datetime) -> Iterator[Due]:
    start = session.starts_at
    moments: list[tuple[ReminderKind, Zone | None, datetime, datetime]] = [
        (ReminderKind.DAY_BEFORE, zone, _day_before(start, zone), start - HOUR) for zone in Zone
    ]
    moments.append((ReminderKind.HOUR, None, start - HOUR, start))
    moments.append((ReminderKind.START, None, start, session.ends_at))
    for kind, zone, at, until in moments:
        if session.scheduled_at < at <= now:
            yield Due(session, kind, zone, at, until, now - at > LATE_AFTER, now >= until)


def _day_before(start: datetime, zone: Zone) -> datetime:
    day = start.astimezone(zone.info).date() - timedelta(days=1)
    return datetime.combine(day, DAY_BEFORE_AT, tzinfo=zone.info).astimezone(UTC)
