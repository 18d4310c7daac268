"""What is kept of a closed poll, and for how long."""

from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from bot.clock import ManualClock
from bot.services.all import Services
from bot.services.people import Person
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import PollResult
from db.database import Database
from db.models import (
    Attendance,
    CopSession,
    Poll,
    PollParticipation,
    PollQuestion,
    PollState,
    PollVote,
    Presence,
    QuestionKind,
)

TWO_YEARS = timedelta(days=730)
NUMBER = 6


async def _closed(database: Database, services: Services) -> None:
    """Six were there and answered both questions of a poll, which is closed."""
    now = services.clock.now()
    async with database.transaction() as tx:
        session = CopSession(title="S", starts_at=now, ends_at=now, created_at=now, scheduled_at=now)
        people = [Person(telegram_id=number + 1, created_at=now) for number in range(NUMBER)]
        tx.add_all([session, *people])
        await tx.flush()
        assert session.id is not None
        poll = Poll(session_id=session.id, link_code="x", created_at=now, state=PollState.OPEN)
        tx.add(poll)
        await tx.flush()
        assert poll.id is not None
        rating = PollQuestion(
            poll_id=poll.id, position=1, kind=QuestionKind.RATING, text="?", options=["1", "2", "3", "4", "5"]
        )
        words = PollQuestion(poll_id=poll.id, position=2, kind=QuestionKind.TEXT, text="Saran?")
        tx.add_all([rating, words])
        await tx.flush()
        assert rating.id is not None
        assert words.id is not None
        for each in people:
            sheet = f"sheet-{each.telegram_id}"
            tx.add(Attendance(session_id=session.id, person_id=each.id, how=Presence.LINK, at=now))
            tx.add(PollParticipation(poll_id=poll.id, person_id=each.id, sheet=sheet, has_answered=True))
            tx.add(PollVote(sheet=sheet, question_id=rating.id, options=[4]))
            tx.add(PollVote(sheet=sheet, question_id=words.id, options=[], words="Bagus"))
        await tx.flush()
        await services.poll_closing.close(tx, Managed(session, poll))


async def _kept(database: Database, services: Services) -> tuple[int, PollResult]:
    """How many are named, and the result, after what is due to be forgotten was."""
    async with database.transaction() as tx:
        await services.poll_closing.forget(tx)
    async with database.transaction() as tx:
        named = select(func.count()).where(col(PollParticipation.person_id).is_not(None))
        managed = Managed((await tx.exec(select(CopSession))).one(), (await tx.exec(select(Poll))).one())
        return (await tx.exec(named)).one(), await services.poll_results.of(tx, managed)


async def test_after_two_years_nobody_is_named_and_the_words_are_gone_but_the_counts_stay(
    database: Database, clock: ManualClock
) -> None:
    services = Services.over(clock)
    await _closed(database, services)

    clock.advance(TWO_YEARS)
    at_first = await _kept(database, services)
    clock.advance(timedelta(seconds=1))
    afterwards = await _kept(database, services)

    named, result = at_first
    assert (named, len(result.comments), result.rate_of_attended) == (NUMBER, NUMBER, 1.0)
    named, result = afterwards
    assert (named, result.comments, result.rate_of_attended) == (0, (), None)
    assert (result.asked, result.answered) == (NUMBER, NUMBER)
    assert result.questions[0].mean == pytest.approx(5.0)
    assert result.questions[0].options[4].number == NUMBER
