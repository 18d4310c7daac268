"""What journeys about polls have in common: a session that ended, who was there, and time that goes by."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.jobs import look_after_polls
from bot.services.cop_sessions import CopSession
from bot.services.people import Person
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import PollResult
from db.models import (
    Attendance,
    Delivery,
    DeliveryState,
    Poll,
    PollParticipation,
    PollVote,
    Presence,
    Question,
)
from db.queries import deliveries as delivery_queries
from db.queries import mailings as mailing_queries
from tests.organisers import told
from tests.scene import Message, Scene, Someone
from tests.sessions import everything_sent

LENGTH = timedelta(hours=2)


async def session_of(scene: Scene, title: str = "Klaim JKP", in_minutes: int = 60) -> int:
    """A session that begins now and ends so many minutes later; gives its id."""
    now = scene.clock.now()
    async with scene.program.database.transaction() as tx:
        session = CopSession(
            title=title,
            starts_at=now,
            ends_at=now + timedelta(minutes=in_minutes),
            created_at=now,
            scheduled_at=now,
        )
        tx.add(session)
        await tx.flush()
        assert session.id is not None
        return session.id


async def checks_in(scene: Scene, someone: Someone, session_id: int) -> None:
    """Somebody is on the list of those who were there."""
    person = await person_of(scene, someone)
    async with scene.program.database.transaction() as tx:
        tx.add(
            Attendance(session_id=session_id, person_id=person.id, how=Presence.LINK, at=scene.clock.now())
        )


async def person_of(scene: Scene, someone: Someone) -> Person:
    async with scene.program.database.transaction() as tx:
        person = await scene.program.services.people.find(tx, someone.user_id)
    assert person is not None
    return person


async def desk(organiser: Someone) -> Message:
    """The poll of the only session, on the desk."""
    listed = (await organiser.presses(await organiser.asks("/kelola"), "Sesi"))[0]
    card = (await organiser.presses(listed, "1. "))[0]
    return (await organiser.presses(card, "Umpan balik"))[0]


async def plans_poll(organiser: Someone, template: str = "Umpan balik sesi") -> Message:
    """Take a template for the only session; gives the card."""
    return (await organiser.presses(await desk(organiser), template))[0]


async def passes(scene: Scene, **time: float) -> None:
    """Let time go by, with what polls do by the clock."""
    scene.clock.advance(timedelta(**time))
    await ticks(scene)


async def ticks(scene: Scene) -> None:
    await look_after_polls(scene.program.database, scene.program.services)
    await everything_sent(scene)
    await told(scene)
    await scene.settled()


async def closes(scene: Scene) -> None:
    """Let the poll's time run out."""
    poll = (await polls(scene))[0]
    assert poll.closes_at is not None
    scene.clock.advance(poll.closes_at - scene.clock.now() + timedelta(minutes=3))
    await ticks(scene)


async def polls(scene: Scene) -> Sequence[Poll]:
    async with scene.program.database.transaction() as tx:
        return (await tx.exec(select(Poll).order_by(col(Poll.id)))).all()


async def participations(scene: Scene) -> Sequence[PollParticipation]:
    async with scene.program.database.transaction() as tx:
        return (await tx.exec(select(PollParticipation).order_by(col(PollParticipation.id)))).all()


async def votes(scene: Scene) -> list[tuple[int, list[int], str | None]]:
    async with scene.program.database.transaction() as tx:
        found = (await tx.exec(select(PollVote).order_by(col(PollVote.question_id)))).all()
    return sorted((each.question_id, each.options, each.words) for each in found)


async def result(scene: Scene, poll_id: int = 1) -> PollResult:
    async with scene.program.database.transaction() as tx:
        poll = await tx.get(Poll, poll_id)
        assert poll is not None
        session = await tx.get(CopSession, poll.session_id)
        assert session is not None
        return await scene.program.services.poll_results.of(tx, Managed(session, poll))


async def deliveries(tx: AsyncSession, subject: str) -> list[Delivery]:
    """The copies of the mailings of a subject."""
    found: list[Delivery] = []
    for mailing in await mailing_queries.about(tx, subject):
        assert mailing.id is not None
        found += await delivery_queries.page(tx, mailing.id, tuple(DeliveryState), 0, 1000)
    return found


async def questions_asked(scene: Scene) -> list[str]:
    """What was taken for a question."""
    async with scene.program.database.transaction() as tx:
        return list((await tx.exec(select(Question.text))).all())


def asked(someone: Someone) -> Message:
    """The last poll that somebody was sent."""
    return [message for message in someone.messages() if "poll" in message][-1]
