"""How long the bot heard nothing from Telegram, so that it can own up to it.

Telegram keeps messages for a day and presses of buttons for 150 seconds: what was pressed before that in a silence is
lost, and nobody would know. The pulse is a row that is renewed while updates come in. What counts while one process
runs is its monotonic clock, so that a clock that is put right is no outage; between two processes it is the row.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.people import Person, is_reachable, zone_of
from db.models import Pulse
from db.queries import cop_sessions as queries

__all__ = ["Outage", "Outages"]

PRESSES_KEPT = timedelta(seconds=150)  # Telegram's own time for callback queries
FRESH_S = 75.0  # a long poll lasts thirty seconds; a request that waits longer than two of them is stuck
UPDATES = "updates"
WAKING_HOURS = (6, 22)  # local hours: from the first until the other


@dataclass(frozen=True)
class Outage:
    """Presses between these moments (UTC) never arrived."""

    began: datetime
    ended: datetime


class Outages:
    """The pulse of one process. `monotonic` counts seconds and never goes back."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._heard: float | None = None  # the last answer
        self._resumed: tuple[float, datetime] | None = None  # the first one after a silence, by both clocks
        self._beat: float | None = None  # the last renewal of the row by this process
        self._is_listening = False

    def heard(self) -> None:
        """Telegram answered a request for updates, whether it had any or not."""
        now_s = self._monotonic()
        if self._heard is None or now_s - self._heard > FRESH_S:
            self._resumed = now_s, self._clock.now()
        self._heard = now_s

    def listen(self) -> None:
        """Updates are delivered to us from now on: nothing needs to be asked for."""
        self.heard()
        self._is_listening = True

    def receives_since(self) -> datetime | None:
        """Since when updates come in without a gap (UTC); None while they do not."""
        is_fresh = self._heard is not None and self._monotonic() - self._heard <= FRESH_S
        if self._resumed is None or not (self._is_listening or is_fresh):
            return None
        return self._resumed[1]

    async def beat(self, tx: AsyncSession) -> Outage | None:
        """Renew the pulse if updates come in; gives the outage that this ends, if presses were lost in it."""
        now_s = self._monotonic()
        if self._heard is None or not (self._is_listening or now_s - self._heard <= FRESH_S):
            return None
        pulse = await tx.get(Pulse, UPDATES)
        outage = None if pulse is None else self._ended(pulse.at, now_s)
        if pulse is None:
            tx.add(Pulse(name=UPDATES, at=self._clock.now()))
        else:
            pulse.at = self._clock.now()
        self._beat = now_s
        return outage

    def _ended(self, last: datetime, now_s: float) -> Outage | None:
        """The outage since the row was renewed last, if there was one that lost presses."""
        assert self._resumed is not None
        resumed_s, resumed_at = self._resumed
        if self._beat is None:
            began, ended = last, resumed_at
        elif resumed_s > self._beat:
            began, ended = resumed_at - timedelta(seconds=resumed_s - self._beat), resumed_at
        else:  # heard all the time; what stood still is this process itself, or the database
            now = self._clock.now()
            began, ended = now - timedelta(seconds=now_s - self._beat), now
        return Outage(began, ended - PRESSES_KEPT) if ended - began > PRESSES_KEPT else None

    async def concerned(self, tx: AsyncSession, outage: Outage) -> list[Person]:
        """Whoever answered an invitation to a session that is still to come, and was awake in the outage."""
        return [
            person
            for person in await queries.those_who_answered(tx, self._clock.now())
            if is_reachable(person) and _is_waking(outage, zone_of(person))
        ]


def _is_waking(outage: Outage, zone: Zone) -> bool:
    """Whether any of it lies in the hours in which people are awake."""
    first, last = WAKING_HOURS
    began, ended = outage.began.astimezone(zone.info), outage.ended.astimezone(zone.info)
    wakes = began.replace(hour=first, minute=0, second=0, microsecond=0)
    sleeps = began.replace(hour=last, minute=0, second=0, microsecond=0)
    if began < wakes:
        return ended > wakes
    return began < sleeps or ended > wakes + timedelta(days=1)
