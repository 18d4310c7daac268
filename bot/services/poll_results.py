"""What came of a poll, as plain data: for the chat, for charts, spreadsheets and reports.

While a poll is open its numbers are shown in steps: a question's only when at least five have answered it, and renewed
only when five more have, so that nobody who looks twice sees a single vote. Words and averages by province come with
the closing, once. What is known of a closed question is its counts; with fewer than five answers there are none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.services.poll_groups import SMALLEST
from bot.services.poll_outcomes import Managed
from bot.services.poll_templates import QuestionKind
from bot.services.roles import Reach
from db.models import CopSession, GroupPollState, Poll, PollQuestion, PollState
from db.queries import poll_answers as answers
from db.queries import polls as queries

__all__ = [
    "SMALLEST",
    "GroupResult",
    "OptionResult",
    "PollResult",
    "PollResults",
    "ProvinceResult",
    "QuestionResult",
    "TrendPoint",
]


@dataclass(frozen=True)
class OptionResult:
    """How many chose an option, and which share of those who answered the question (0 to 1)."""

    label: str
    number: int
    share: float


@dataclass(frozen=True)
class ProvinceResult:
    """The average of a province (one code), or of several that were merged so that they are five; "" is unknown."""

    provinces: tuple[str, ...]
    number: int
    mean: float


@dataclass(frozen=True)
class QuestionResult:
    """One question. `answered` is how many answered it, at the moment to which the numbers belong.

    `is_hidden`: fewer than five, so that there are no numbers. `mean` is of 1 to 5 or 0 to 10, `good_share` the share
    of 4 and 5 (0 to 1), `nps` goes from -100 to 100; None where the kind of question has no such. `provinces` are there
    once the poll is closed.
    """

    question_id: int
    position: int
    kind: QuestionKind
    text: str
    answered: int
    is_hidden: bool
    options: tuple[OptionResult, ...] = ()
    mean: float | None = None
    good_share: float | None = None
    nps: int | None = None
    provinces: tuple[ProvinceResult, ...] = ()


@dataclass(frozen=True)
class GroupResult:
    """The poll in a group, which is anonymous and counted apart. `is_final`: it was stopped, nothing changes any more;
    `was_deleted`: somebody deleted it before, and these are the last totals that came."""

    title: str
    question: str
    options: tuple[OptionResult, ...]
    voters: int
    is_final: bool
    was_deleted: bool


@dataclass(frozen=True)
class PollResult:
    """A poll as it stands. `attended` were at the session, of whom `attended_answered` answered; `asked` were asked, of
    whom `answered` answered anything. `comments` are masked and in a random order, and there once it is closed."""

    poll_id: int
    session_id: int
    title: str
    session_starts_at: datetime
    state: PollState
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    attended: int
    attended_answered: int
    asked: int
    answered: int
    questions: tuple[QuestionResult, ...]
    groups: tuple[GroupResult, ...]
    comments: tuple[str, ...]

    @property
    def rate_of_attended(self) -> float | None:
        """The share of those who were there that answered (0 to 1); None when nobody is on the list."""
        return self.attended_answered / self.attended if self.attended else None

    @property
    def rate_of_asked(self) -> float | None:
        """The share of those asked that answered (0 to 1)."""
        return self.answered / self.asked if self.asked else None


@dataclass(frozen=True)
class TrendPoint:
    """A closed poll in a row of sessions: the average of its first rating, None with fewer than five answers."""

    session_id: int
    title: str
    starts_at: datetime
    province_code: str | None
    answered: int
    mean: float | None
    good_share: float | None


class PollResults:
    """Reads results."""

    async def of(self, tx: AsyncSession, managed: Managed) -> PollResult:
        """The result as it may be shown now. Of an open poll it notes what was shown."""
        poll, session = managed.poll, managed.session
        assert session.id is not None
        questions = await queries.questions(tx, managed.poll_id)
        is_closed = poll.state == PollState.CLOSED
        shown = await (
            self._final(tx, questions) if is_closed else self._so_far(tx, poll, managed.poll_id, questions)
        )
        asked, answered = await queries.numbers(tx, managed.poll_id)
        attended, attended_answered = await queries.attended(tx, managed.poll_id, session.id)
        words = await answers.comments(tx, [each.id or 0 for each in questions])
        return PollResult(
            poll_id=managed.poll_id,
            session_id=session.id,
            title=session.title,
            session_starts_at=session.starts_at,
            state=PollState(poll.state),
            opened_at=poll.opened_at,
            closes_at=poll.closes_at,
            closed_at=poll.closed_at,
            attended=attended,
            attended_answered=attended_answered,
            asked=asked,
            answered=answered,
            questions=tuple(shown),
            groups=tuple(await self._groups(tx, managed.poll_id, questions)),
            comments=tuple(each.words for each in words),
        )

    async def who_answered(self, tx: AsyncSession, managed: Managed) -> frozenset[int]:
        """Who answered anything, by our ids: proof of participation, once the poll is closed.

        Nobody while it is open: together with the numbers so far it would tell what the last one answered.
        """
        if managed.poll.state != PollState.CLOSED:
            return frozenset()
        return frozenset(await queries.who_answered(tx, managed.poll_id))

    async def trend(
        self,
        tx: AsyncSession,
        limit: int = 12,
        *,
        reach: Reach | None = None,
        until: datetime | None = None,
    ) -> list[TrendPoint]:
        """The latest closed polls, the earliest session first: only of sessions in the reach of whoever looks (None:
        of all), and none that began after `until` (UTC)."""
        closed = [
            (poll, session)
            for poll, session in await queries.in_state(tx, PollState.CLOSED)
            if (reach is None or reach.covers(session.province_code))
            and (until is None or session.starts_at <= until)
        ]
        latest = sorted(closed, key=lambda each: each[1].starts_at)[-limit:]
        return [await self._point(tx, poll, session) for poll, session in latest]

    async def _point(self, tx: AsyncSession, poll: Poll, session: CopSession) -> TrendPoint:
        assert poll.id is not None
        assert session.id is not None
        questions = await queries.questions(tx, poll.id)
        ratings = [
            each
            for each in await self._final(tx, questions)
            if each.kind is QuestionKind.RATING and not each.is_hidden
        ]
        first = ratings[0] if ratings else None
        _, answered = await queries.numbers(tx, poll.id)
        return TrendPoint(
            session.id,
            session.title,
            session.starts_at,
            session.province_code,
            answered,
            None if first is None else first.mean,
            None if first is None else first.good_share,
        )

    async def _final(self, tx: AsyncSession, questions: Sequence[PollQuestion]) -> list[QuestionResult]:
        ids = [each.id or 0 for each in questions]
        counts: dict[int, dict[int, int]] = {each: {} for each in ids}
        for tally in await answers.tallies(tx, ids):
            counts[tally.question_id][tally.option] = tally.number
        provinces: dict[int, list[ProvinceResult]] = {each: [] for each in ids}
        for mean in await answers.means(tx, ids):
            provinces[mean.question_id].append(ProvinceResult(tuple(mean.provinces), mean.number, mean.mean))
        return [
            _result(each, each.answered or 0, counts[each.id or 0], provinces[each.id or 0])
            for each in questions
        ]

    async def _so_far(
        self, tx: AsyncSession, poll: Poll, poll_id: int, questions: Sequence[PollQuestion]
    ) -> list[QuestionResult]:
        answered: Counter[int] = Counter()
        chosen: dict[int, Counter[int]] = {each.id or 0: Counter() for each in questions}
        for question_id, options in await answers.choices(tx, poll_id):
            answered[question_id] += 1
            chosen[question_id].update(options)
        before: dict[str, dict[str, Any]] = poll.shown or {}
        shown: dict[str, dict[str, Any]] = {}
        for each in questions:
            key, number = str(each.id), answered[each.id or 0]
            known = before.get(key, {"answered": 0, "counts": {}})
            if number - known["answered"] >= SMALLEST:
                known = {"answered": number, "counts": {str(k): v for k, v in chosen[each.id or 0].items()}}
            shown[key] = known
        if shown != before and poll.state == PollState.OPEN:
            poll.shown = shown
        return [
            _result(
                each,
                shown[str(each.id)]["answered"],
                {int(option): number for option, number in shown[str(each.id)]["counts"].items()},
                [],
            )
            for each in questions
        ]

    async def _groups(
        self, tx: AsyncSession, poll_id: int, questions: Sequence[PollQuestion]
    ) -> list[GroupResult]:
        by_id = {each.id: each for each in questions}
        return [
            GroupResult(
                title=each.title,
                question=by_id[each.question_id].text,
                options=_options(by_id[each.question_id], dict(enumerate(each.totals)), each.voters),
                voters=each.voters,
                is_final=each.state == GroupPollState.FROZEN,
                was_deleted=each.state == GroupPollState.LOST,
            )
            for each in await queries.group_polls(tx, poll_id)
        ]


def _result(
    question: PollQuestion, answered: int, counts: dict[int, int], provinces: list[ProvinceResult]
) -> QuestionResult:
    assert question.id is not None
    kind = QuestionKind(question.kind)
    is_hidden = answered < SMALLEST
    if is_hidden or kind is QuestionKind.TEXT:
        return QuestionResult(
            question.id, question.position, kind, question.text, answered, is_hidden=is_hidden
        )
    first = 1 if kind is QuestionKind.RATING else 0
    values = {option + first: number for option, number in counts.items()}
    has_mean = kind in (QuestionKind.RATING, QuestionKind.SCALE)
    return QuestionResult(
        question.id,
        question.position,
        kind,
        question.text,
        answered,
        is_hidden=False,
        options=_options(question, counts, answered),
        mean=sum(value * number for value, number in values.items()) / answered if has_mean else None,
        good_share=_share(values, (4, 5), answered) if kind is QuestionKind.RATING else None,
        nps=_nps(values, answered) if kind is QuestionKind.SCALE else None,
        provinces=tuple(provinces),
    )


def _options(question: PollQuestion, counts: dict[int, int], answered: int) -> tuple[OptionResult, ...]:
    return tuple(
        OptionResult(label, counts.get(number, 0), counts.get(number, 0) / answered if answered else 0.0)
        for number, label in enumerate(question.options)
    )


def _share(values: dict[int, int], wanted: Sequence[int], answered: int) -> float:
    return sum(values.get(each, 0) for each in wanted) / answered


def _nps(values: dict[int, int], answered: int) -> int:
    """Those who say 9 or 10, less those who say 6 or less, in hundredths of all."""
    return round(100 * (_share(values, (9, 10), answered) - _share(values, range(7), answered)))
