"""When polls close and remind: by working days, and not before every vote that was cast in time has been counted."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock, Zone
from bot.services.all import Services
from bot.services.outages import Outages
from bot.services.poll_opening import PollOpening, closing_after, reminding_after
from db.database import Database
from db.models import CopSession, Poll, PollState


def wib(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=Zone.WIB.info)


@pytest.mark.parametrize(
    ("opened", "closes"),
    [
        pytest.param(wib(24, 11), wib(26, 17), id="Tuesday to Thursday"),
        pytest.param(wib(27, 15), wib(1, 17, month=12), id="over the weekend"),
        pytest.param(wib(23, 11, month=12), wib(29, 17, month=12), id="over Christmas and joint leave"),
    ],
)
def test_a_poll_closes_at_five_on_the_second_working_day(opened: datetime, closes: datetime) -> None:
    assert closing_after(opened.astimezone(UTC)) == closes


def test_each_is_reminded_at_nine_by_their_own_clock_on_the_next_working_day() -> None:
    poll = Poll(session_id=1, link_code="x", created_at=wib(27, 9), opened_at=wib(27, 15).astimezone(UTC))

    moments = [reminding_after(poll, zone) for zone in (Zone.WIB, Zone.WITA, Zone.WIT)]

    assert moments == [wib(30, 9), wib(30, 8), wib(30, 7)]


async def test_votes_of_an_outage_over_the_closing_are_counted(
    database: Database, clock: ManualClock
) -> None:
    services, seconds = Services.over(clock), [0.0]
    outages = Outages(clock, monotonic=lambda: seconds[0])
    opening = PollOpening(clock, services.audit, services.groups, outages)
    now = clock.now()
    async with database.transaction() as tx:
        session = CopSession(title="S", starts_at=now, ends_at=now, created_at=now, scheduled_at=now)
        tx.add(session)
        await tx.flush()
        assert session.id is not None
        tx.add(
            Poll(
                session_id=session.id,
                link_code="x",
                created_at=now,
                state=PollState.OPEN,
                opened_at=now,
                closes_at=now + timedelta(days=1),
            )
        )

    async def closable() -> int:
        async with database.transaction() as tx:
            return len(await opening.to_close(tx))

    def passes(minutes: float) -> None:
        clock.advance(timedelta(minutes=minutes))
        seconds[0] += 60 * minutes

    outages.heard()
    passes(24 * 60 + 10)
    while_it_is_away = await closable()
    outages.heard()
    just_back = await closable()
    vote = {"update_id": 1, "poll_answer": {"poll_id": "1", "user": {"id": 5}, "option_ids": [0]}}
    async with database.transaction() as tx:
        await services.inbox.store(tx, 1, [vote])
    passes(1)
    outages.heard()
    passes(1)
    outages.heard()
    while_a_vote_waits = await closable()
    async with database.transaction() as tx:
        known = await services.inbox.pending(tx, 1, [1])
        await services.inbox.finish(tx, [row for row in known.values() if row is not None])

    assert (while_it_is_away, just_back, while_a_vote_waits) == (0, 0, 0)
    assert await closable() == 1
