"""Votes: whose they are, what they change, and what is put next.

A vote belongs to whoever Telegram names, who must have been asked. Which question it answers is known by the poll's id,
which stands with the copy that brought it. A copy in the air when a process ended has no id: a vote on a poll that
nobody knows is given to its voter's one copy of that kind, which thereby counts as sent; where there are several, to
none.

One person has one answer to each question, whichever copy of it they vote on; a later vote takes the place of an
earlier one, an empty one withdraws it. Only an answer to the question that was put last puts the next one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.form_steps import Form, Problem, Step, Unsettled, Value, Written
from bot.services.mailings import Delivery, DeliveryState, Mailings
from bot.services.people import Person, zone_of
from bot.services.poll_opening import new_sheet, reminding_after, subject_of
from bot.services.poll_outcomes import (
    Late,
    NotAsked,
    PutChoices,
    PutWords,
    Thanks,
    Unclear,
    Vote,
    Voted,
    Waiting,
)
from bot.services.poll_outcomes import Step as PollStep
from bot.services.poll_templates import QuestionKind
from bot.services.privacy import mask
from db.models import CopSession, Poll, PollCopy, PollParticipation, PollQuestion, PollState, PollVote
from db.queries import poll_answers as answers
from db.queries import polls as queries

__all__ = ["COMMENT", "PollVoting"]

LONGEST_WORDS = 4096  # what fits into one message
LATE_FOR = timedelta(days=7)  # so long a vote that nobody knows is taken for a late one
TOO_SOON = timedelta(seconds=10)  # before it closes no poll can be put any more (Bot API, close_date)


def _read_words(written: Written) -> Value | Problem | Unsettled:
    words = written.text.strip()
    if len(words) > LONGEST_WORDS:
        return Problem("forms.problems.too_long", {"limit": LONGEST_WORDS, "length": len(words)})
    # Masked before it becomes a row of the form, too.
    return mask(words).text if words else Problem("forms.problems.too_short")


COMMENT = Form("poll_comment", (Step("words", read=_read_words, is_optional=True),))


@dataclass(frozen=True)
class _Ballot:
    """What a vote is about."""

    poll: Poll
    participation: PollParticipation
    question: PollQuestion


class PollVoting:
    """Takes what people answer."""

    def __init__(self, clock: Clock, mailings: Mailings) -> None:
        self._clock = clock
        self._mailings = mailings

    async def vote(
        self, tx: AsyncSession, person: Person | None, telegram_poll_id: str, options: Sequence[int]
    ) -> Vote:
        """Take what this person chose in this poll of Telegram's: options by their positions, none to withdraw."""
        if person is None or person.id is None:
            return NotAsked()
        ballot = await self._ballot(tx, person, telegram_poll_id)
        if not isinstance(ballot, _Ballot):
            return ballot
        kind, number = QuestionKind(ballot.question.kind), len(ballot.question.options)
        fits = all(0 <= option < number for option in options)
        if kind is QuestionKind.TEXT or not fits or (len(options) > 1 and kind is not QuestionKind.SEVERAL):
            return NotAsked()
        await self._write(tx, ballot, sorted(set(options)), None)
        if not options:
            return Voted()
        return Voted(await self._after(tx, ballot))

    async def skip(self, tx: AsyncSession, person: Person | None, question_id: int) -> Vote:
        """Pass over a question; one that is behind them already changes nothing."""
        ballot = await self._of_question(tx, person, question_id)
        return Voted(await self._after(tx, ballot)) if isinstance(ballot, _Ballot) else ballot

    async def say(self, tx: AsyncSession, person: Person | None, question_id: int, words: str | None) -> Vote:
        """Take one's own words, masked; None leaves what was said before."""
        ballot = await self._of_question(tx, person, question_id)
        if not isinstance(ballot, _Ballot):
            return ballot
        if words is not None:
            await self._write(tx, ballot, [], mask(words).text)
        return Voted(await self._after(tx, ballot) or Thanks(ballot.poll))

    async def join(self, tx: AsyncSession, person: Person, link_code: str) -> Vote:
        """Whoever has the link is asked as well, from where they are."""
        poll = await queries.with_code(tx, link_code)
        if poll is None or poll.id is None or person.id is None or poll.state == PollState.PLANNED:
            return NotAsked()
        held = await self._open(tx, poll.id)
        if held is None:
            return Late()
        if await queries.participation(tx, poll.id, person.id) is None:
            is_after = self._clock.now() >= reminding_after(held, zone_of(person))
            tx.add(
                PollParticipation(
                    poll_id=poll.id, person_id=person.id, sheet=new_sheet(), was_reminded=is_after
                )
            )
            await tx.flush()
        return await self.resume(tx, person, poll.id)

    async def resume(self, tx: AsyncSession, person: Person | None, poll_id: int) -> Vote:
        """Put the question again that waits; whoever answered all begins anew, and may change what they like."""
        if person is None or person.id is None:
            return NotAsked()
        poll = await self._open(tx, poll_id)
        participation = await queries.participation(tx, poll_id, person.id)
        if participation is None:
            return NotAsked()
        if poll is None or self._is_over(poll):
            return Late()
        # What still waits for the end of somebody's quiet hours is the same question again.
        await queries.cancel_waiting(tx, person.id, subject_of(poll_id), self._clock.now())
        questions = await queries.questions(tx, poll_id)
        position = participation.waits_at
        if not 1 <= position <= len(questions):
            position = 1
        return Voted(await self._put(tx, poll, participation, questions, position))

    async def waiting(self, tx: AsyncSession, person: Person) -> list[Waiting]:
        """The open polls in which this person was asked."""
        assert person.id is not None
        found: list[Waiting] = []
        for participation, poll, session in await queries.participations_of(tx, person.id):
            if poll.state == PollState.OPEN and poll.id is not None and not self._is_over(poll):
                assert participation.sheet is not None
                total = len(await queries.questions(tx, poll.id))
                answered = len(await answers.answered_by(tx, participation.sheet))
                found.append(Waiting(poll, session, participation, answered, total))
        return found

    async def title_of(self, tx: AsyncSession, poll: Poll) -> str:
        """What the session is called that the poll is about."""
        session = await tx.get(CopSession, poll.session_id)
        return "" if session is None else session.title

    async def settle_copies(self, tx: AsyncSession, known: Collection[tuple[int, str | None, bool]]) -> None:
        """What came of copies that were sent: their id, the poll (None: nothing), whether one may have come twice."""
        await queries.settle_copies(tx, known)

    async def may_have_commented(self, tx: AsyncSession, person: Person, at: datetime) -> bool:
        """Whether what this person wrote then (UTC) may have been words for a poll."""
        assert person.id is not None
        return any(
            poll.opened_at is not None and poll.opened_at <= at <= (poll.closed_at or self._clock.now())
            for _, poll, _ in await queries.participations_of(tx, person.id)
        )

    async def _open(self, tx: AsyncSession, poll_id: int) -> Poll | None:
        """The poll, if votes count in it until the end of `tx`."""
        poll = await queries.held(tx, poll_id)
        return poll if poll is not None and poll.state == PollState.OPEN else None

    def _is_over(self, poll: Poll) -> bool:
        return poll.closes_at is not None and poll.closes_at <= self._clock.now()

    async def _of_question(
        self, tx: AsyncSession, person: Person | None, question_id: int
    ) -> _Ballot | Late | NotAsked:
        question = await tx.get(PollQuestion, question_id)
        if person is None or person.id is None or question is None:
            return NotAsked()
        return await self._of(tx, person.id, question)

    async def _of(
        self, tx: AsyncSession, person_id: int, question: PollQuestion
    ) -> _Ballot | Late | NotAsked:
        poll = await self._open(tx, question.poll_id)
        participation = await queries.participation(tx, question.poll_id, person_id)
        if participation is None:
            return NotAsked()
        return Late() if poll is None else _Ballot(poll, participation, question)

    async def _ballot(
        self, tx: AsyncSession, person: Person, telegram_poll_id: str
    ) -> _Ballot | Late | NotAsked | Unclear:
        assert person.id is not None
        copy = await queries.copy_of(tx, telegram_poll_id)
        if copy is not None:
            return await self._owned(tx, person, copy[1].person_id, copy[0].question_id)
        delivery = await self._mailings.delivery_of_poll(tx, telegram_poll_id)
        if delivery is not None:
            mailing = await self._mailings.find(tx, delivery.mailing_id)
            poll_id = _poll_of(mailing.subject if mailing is not None else None)
            question = await self._first(tx, poll_id)
            return await self._owned(tx, person, delivery.person_id, question)
        return await self._doubtful(tx, person, telegram_poll_id)

    async def _owned(
        self, tx: AsyncSession, person: Person, owner_id: int | None, question_id: int
    ) -> _Ballot | Late | NotAsked:
        if owner_id is None or owner_id != person.id:
            return NotAsked()
        return await self._of_question(tx, person, question_id)

    async def _doubtful(
        self, tx: AsyncSession, person: Person, telegram_poll_id: str
    ) -> _Ballot | Late | NotAsked | Unclear:
        """A vote on a poll that nobody knows."""
        assert person.id is not None
        mine = await queries.participations_of(tx, person.id)
        subjects = {
            subject_of(poll.id): poll.id
            for _, poll, _ in mine
            if poll.state == PollState.OPEN and poll.id is not None
        }
        states = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        deliveries = await queries.deliveries_of(tx, person.id, subjects, states)
        copies = await queries.copies_of(tx, person.id)
        unknown = [copy for copy, _ in copies if copy.telegram_poll_id is None]
        candidates: list[Delivery | PollCopy] = [*(each for each, _ in deliveries), *unknown]
        if not candidates:  # a copy that was sent twice is known by the second one's id
            candidates = [copy for copy, _ in copies]
        if len(candidates) > 1:
            return Unclear()
        if not candidates:
            limit = self._clock.now() - LATE_FOR
            is_late = any(poll.closed_at is not None and poll.closed_at >= limit for _, poll, _ in mine)
            return Late() if is_late else NotAsked()
        (found,) = candidates
        if isinstance(found, Delivery):
            found.poll_id = telegram_poll_id
            if found.state == DeliveryState.UNCERTAIN:
                found.state, found.reason = DeliveryState.SENT, None
            return await self._of_question(tx, person, await self._first(tx, subjects[deliveries[0][1]]))
        if found.telegram_poll_id is None:
            found.telegram_poll_id = telegram_poll_id
        else:
            tx.add(
                PollCopy(
                    participation_id=found.participation_id,
                    question_id=found.question_id,
                    telegram_poll_id=telegram_poll_id,
                )
            )
        await tx.flush()
        return await self._of_question(tx, person, found.question_id)

    async def _first(self, tx: AsyncSession, poll_id: int) -> int:
        """The id of the question that the mailing puts; 0 when there is none."""
        questions = await queries.questions(tx, poll_id)
        return questions[0].id or 0 if questions else 0

    async def _write(self, tx: AsyncSession, ballot: _Ballot, options: list[int], words: str | None) -> None:
        sheet, question_id = ballot.participation.sheet, ballot.question.id
        assert sheet is not None
        assert question_id is not None
        vote = await tx.get(PollVote, (sheet, question_id))
        if not options and words is None:
            if vote is not None:
                await tx.delete(vote)
                await tx.flush()
            ballot.participation.has_answered = not await answers.is_empty(tx, sheet)
            return
        if vote is None:
            vote = PollVote(sheet=sheet, question_id=question_id)
            tx.add(vote)
        vote.options, vote.words = options, words
        ballot.participation.has_answered = True
        await tx.flush()

    async def _after(self, tx: AsyncSession, ballot: _Ballot) -> PollStep | None:
        """What is put after this question, if it was the one that was put last."""
        if ballot.participation.waits_at != ballot.question.position:
            return None
        questions = await queries.questions(tx, ballot.question.poll_id)
        return await self._put(tx, ballot.poll, ballot.participation, questions, ballot.question.position + 1)

    async def _put(
        self,
        tx: AsyncSession,
        poll: Poll,
        participation: PollParticipation,
        questions: Sequence[PollQuestion],
        position: int,
    ) -> PollStep:
        participation.waits_at = position
        await tx.flush()
        assert poll.closes_at is not None
        if position > len(questions) or poll.closes_at - self._clock.now() < TOO_SOON:
            return Thanks(poll)
        question = questions[position - 1]
        if question.kind == QuestionKind.TEXT:
            return PutWords(poll, question, len(questions))
        assert participation.id is not None
        assert question.id is not None
        copy = PollCopy(participation_id=participation.id, question_id=question.id)
        tx.add(copy)
        await tx.flush()
        assert copy.id is not None
        return PutChoices(poll, question, len(questions), copy.id)


def _poll_of(subject: str | None) -> int:
    """The poll whose questions a mailing brought; 0 for any other mailing."""
    kind, _, number = (subject or "").partition(":")
    return int(number) if kind == "poll" and number.isdigit() else 0
