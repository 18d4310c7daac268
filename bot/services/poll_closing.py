"""The closing of a poll: what was answered stays as counts, and nothing is left that leads to whoever answered.

All of it is one transaction (docs/decisions/0019-candour.md): the sheets, the votes, the copies with the ids of their
polls, the ids of messages in the mailings, forms and updates. What the rows leave behind in free pages and in the
write-ahead log is overwritten after the commit; until that has succeeded the poll is not `is_scrubbed`.
"""

import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.audit import Audit, Deed
from bot.services.people import Person
from bot.services.poll_groups import SMALLEST, groups_of
from bot.services.poll_opening import subject_of
from bot.services.poll_outcomes import Managed, PollFault
from bot.services.poll_templates import QuestionKind
from bot.services.poll_voting import COMMENT
from db.models import PollComment, PollGroupMean, PollQuestion, PollState, PollTally, PollVote
from db.queries import personal_data
from db.queries import poll_answers as answers
from db.queries import polls as queries

__all__ = ["PollClosing", "value_of"]

_RANDOM = secrets.SystemRandom()


class PollClosing:
    """Closes polls for good."""

    def __init__(self, clock: Clock, audit: Audit) -> None:
        self._clock = clock
        self._audit = audit

    async def close(
        self, tx: AsyncSession, managed: Managed, person: Person | None = None
    ) -> Managed | PollFault:
        """Close it; `person` did it by hand, None: the clock."""
        poll = await queries.locked(tx, managed.poll_id)
        if poll is None:
            return PollFault.GONE
        if poll.state != PollState.OPEN:
            return PollFault.ALREADY_CLOSED if poll.state == PollState.CLOSED else PollFault.NOT_OPEN
        questions = await queries.questions(tx, managed.poll_id)
        await self._count(tx, questions, await answers.votes(tx, managed.poll_id))
        await self._destroy(tx, managed.poll_id)
        # The last numbers that were shown have done their work: what is kept is one result, not a series of them.
        poll.state, poll.closed_at, poll.shown = PollState.CLOSED, self._clock.now(), None
        self._audit.record(tx, person, Deed.POLL_CLOSED, "poll", poll.id)
        await tx.flush()
        return Managed(managed.session, poll)

    async def to_scrub(self, tx: AsyncSession) -> bool:
        """Whether a closed poll may have left something in free pages.

        Votes that were handled in the transaction of the closing have rows in the inbox, which go first.
        """
        is_left = bool(await queries.unscrubbed(tx))
        if is_left:
            await answers.forget_updates(tx)
        return is_left

    async def scrubbed(self, tx: AsyncSession) -> None:
        """It was overwritten."""
        for poll in await queries.unscrubbed(tx):
            poll.is_scrubbed = True

    def scrubbing(self, *, on_sqlite: bool) -> list[str]:
        """The statements that overwrite it, each to be run by itself."""
        return answers.scrubbing(on_sqlite=on_sqlite)

    async def _count(
        self,
        tx: AsyncSession,
        questions: Sequence[PollQuestion],
        votes: Sequence[tuple[PollVote, str | None]],
    ) -> None:
        for question in questions:
            assert question.id is not None
            of_it = [(vote, province) for vote, province in votes if vote.question_id == question.id]
            question.answered = len(of_it)
            if len(of_it) < SMALLEST:
                continue  # never shown; and whoever reads the database knows who the few were
            if question.kind == QuestionKind.TEXT:
                await self._keep_words(tx, question.id, [vote.words or "" for vote, _ in of_it])
                continue
            number = Counter(option for vote, _ in of_it for option in vote.options)
            tx.add_all(
                PollTally(question_id=question.id, option=option, number=number[option])
                for option in range(len(question.options))
            )
            by_province: dict[str, list[int]] = defaultdict(list)
            for vote, province in of_it:
                value = value_of(QuestionKind(question.kind), vote.options)
                if value is not None:
                    by_province[province or ""].append(value)
            tx.add_all(
                PollGroupMean(
                    question_id=question.id,
                    provinces=list(group.provinces),
                    number=group.number,
                    mean=group.mean,
                )
                for group in groups_of(by_province)
            )

    async def _keep_words(self, tx: AsyncSession, question_id: int, words: list[str]) -> None:
        _RANDOM.shuffle(words)
        tx.add_all(PollComment(question_id=question_id, words=each) for each in words)
        await tx.flush()  # the ids are given in the order of the list, which says nothing

    async def _destroy(self, tx: AsyncSession, poll_id: int) -> None:
        await tx.flush()
        people = await answers.asked_people(tx, poll_id)
        subjects = [subject_of(poll_id), subject_of(poll_id, "reminder")]
        await answers.dissolve(tx, poll_id, subjects, self._clock.now())
        await answers.forget_forms(tx, COMMENT.kind, [person_id for person_id, _ in people])
        await answers.forget_updates(tx)
        await self._blank_set_aside(tx, {telegram_id for _, telegram_id in people})

    async def _blank_set_aside(self, tx: AsyncSession, telegram_ids: set[int]) -> None:
        """A message that could not be handled may have been words for the poll."""
        for update in await personal_data.set_aside(tx):
            body = json.loads(update.payload or "{}")
            inner = body.get(update.kind)
            writer = inner.get("from") if isinstance(inner, dict) else None
            if isinstance(writer, dict) and writer.get("id") in telegram_ids:
                update.payload = None


def value_of(kind: QuestionKind, options: Sequence[int]) -> int | None:
    """The number that a vote stands for; None where it is none."""
    match kind:
        case QuestionKind.RATING:
            return options[0] + 1 if options else None
        case QuestionKind.SCALE:
            return options[0] if options else None
        case _:
            return None
