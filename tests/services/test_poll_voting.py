"""Votes that come while what they answer is still being written down."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, ManualClock
from bot.services.mailings import Mailings, Plan, Purpose, Recipient
from bot.services.poll_outcomes import Voted
from bot.services.poll_voting import PollVoting
from bot.services.requests import Call
from db.database import Database
from db.models import (
    CopSession,
    Delivery,
    DeliveryState,
    Person,
    Poll,
    PollCopy,
    PollParticipation,
    PollQuestion,
    PollState,
    PollVote,
)

POLL = "a-poll-of-telegram"
Settle = Callable[[AsyncSession], Awaitable[None]]


class Meanwhile(Mailings):
    """Mailings in which, right after the first look for a poll, another transaction commits."""

    def __init__(self, clock: Clock, database: Database, settle: Settle) -> None:
        super().__init__(clock)
        self._database = database
        self._settle: Settle | None = settle

    async def delivery_of_poll(self, tx: AsyncSession, poll_id: str) -> Delivery | None:
        found = await super().delivery_of_poll(tx, poll_id)
        if self._settle is not None:
            async with self._database.transaction() as other:
                await self._settle(other)
            self._settle = None
        return found


async def _arrived(tx: AsyncSession) -> None:
    """The mailing's copy is known by its poll; so is everything else."""
    delivery = (await tx.exec(select(Delivery))).one()
    delivery.state, delivery.poll_id = DeliveryState.SENT, POLL


async def _put(tx: AsyncSession) -> None:
    """The second question's copy is known by its poll."""
    copy = (await tx.exec(select(PollCopy))).one()
    copy.telegram_poll_id = POLL


@pytest.mark.parametrize(("settle", "question"), [(_arrived, 1), (_put, 2)], ids=["mailing", "reply"])
async def test_a_vote_counts_though_its_copy_becomes_known_while_it_is_looked_for(
    postgres_url: str, clock: ManualClock, settle: Settle, question: int
) -> None:
    database, now = Database(postgres_url), clock.now()
    mailings = Meanwhile(clock, database, settle)
    async with database.transaction() as tx:
        session = CopSession(title="S", starts_at=now, ends_at=now, created_at=now, scheduled_at=now)
        sari = Person(telegram_id=7, created_at=now)
        tx.add_all([session, sari])
        await tx.flush()
        assert session.id is not None
        closes_at = now + timedelta(days=1)
        poll = Poll(session_id=session.id, link_code="x", created_at=now, state=PollState.OPEN)
        poll.opened_at, poll.closes_at = now, closes_at
        tx.add(poll)
        await tx.flush()
        assert poll.id is not None
        options = ["1", "2", "3", "4", "5"]
        tx.add_all(
            PollQuestion(poll_id=poll.id, position=number, kind="rating", text="?", options=options)
            for number in (1, 2)
        )
        asked = PollParticipation(poll_id=poll.id, person_id=sari.id, sheet="s", waits_at=2)
        tx.add(asked)
        await tx.flush()
        assert asked.id is not None
        if question == 2:
            tx.add(PollCopy(participation_id=asked.id, question_id=2))
        plan = Plan(Purpose.POLL, [Call("sendPoll", {"question": "?"})], subject=f"poll:{poll.id}")
        await mailings.start(tx, plan, [Recipient(7, person_id=sari.id)])
        delivery = (await tx.exec(select(Delivery))).one()
        # Where the vote is on the second question, the first one's copy is in doubt, and must not be taken for it.
        delivery.state = DeliveryState.SENDING if question == 1 else DeliveryState.UNCERTAIN

    async with database.transaction() as tx:
        voter = (await tx.exec(select(Person))).one()
        vote = await PollVoting(clock, mailings).vote(tx, voter, POLL, [4])
    async with database.transaction() as tx:
        (kept,) = (await tx.exec(select(PollVote))).all()
        copy = (await tx.exec(select(Delivery))).one()
    await database.close()

    assert isinstance(vote, Voted)
    assert (kept.question_id, kept.options) == (question, [4])
    assert copy.poll_id == (POLL if question == 1 else None)
