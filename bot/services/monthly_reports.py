"""The monthly report: reach, sessions, feedback, questions, as numbers of a calendar month by the clock of Jakarta.

    a month ends ──► 08.00 WIB on the first ──► a row, and the files to everybody who gets them, in one transaction

The row is why a restart neither loses nor doubles it: without it the report is due, however late; with it it is not.
After a longer silence only the last month comes by itself, earlier ones on request.

Nothing in it bears a name. Feedback is counted in the month in which its poll closed, for only then is it complete, and
of the merged groups that the closing made (docs/decisions/0019-candour.md). Questions are shown in their own words only
where their asker agreed to pass them on. How fast experts answered is not in it: no table knows of their answers yet.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock, Zone
from bot.services.content import Book, ContentService
from bot.services.people import Person, is_reachable
from bot.services.poll_outcomes import Managed
from bot.services.poll_results import PollResult, PollResults, QuestionResult
from bot.services.poll_templates import QuestionKind
from bot.services.roles import Act, Refusal, Role, Roles
from db.models import Answer, CopSession, Ending, MonthlyReportMade, SessionState, Verdict
from db.queries import monthly_reports as queries

__all__ = [
    "Asked",
    "MonthlyReport",
    "MonthlyReports",
    "NoMonth",
    "PlaceSatisfaction",
    "ProvinceReach",
    "Reach",
    "Satisfaction",
    "SessionLine",
    "Unanswered",
    "Verdicts",
    "YearMonth",
]

SENT_AT = time(8, 0)  # by the clock of Jakarta
OFFERED = 12  # months that can be asked for
MOST_ENTRIES, MOST_WORDS, LONGEST_WORDS = 15, 30, 300


@dataclass(frozen=True, order=True)
class YearMonth:
    """A calendar month by the clock of Jakarta."""

    year: int
    month: int

    @property
    def key(self) -> str:
        """ "2026-10"."""
        return f"{self.year}-{self.month:02d}"

    @property
    def start(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.year, self.month, 1, tzinfo=Zone.WIB.info).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return self.after.start

    @property
    def after(self) -> "YearMonth":
        """The month after it."""
        return YearMonth(self.year + 1, 1) if self.month == 12 else YearMonth(self.year, self.month + 1)

    @property
    def before(self) -> "YearMonth":
        """The month before it."""
        return YearMonth(self.year - 1, 12) if self.month == 1 else YearMonth(self.year, self.month - 1)

    @classmethod
    def of(cls, moment: datetime) -> "YearMonth":
        """The month in which a moment lies."""
        day = moment.astimezone(Zone.WIB.info)
        return cls(day.year, day.month)


@dataclass(frozen=True)
class ProvinceReach:
    """A province (None: unknown): members, how many of them got something, how many were at a session."""

    province_code: str | None
    members: int
    reached: int
    attended: int


@dataclass(frozen=True)
class Reach:
    """Members at the end of the month; `new` joined in it; `blocked` and `stopped` can be written to no more."""

    members: int
    new: int
    reached: int
    blocked: int
    stopped: int
    provinces: tuple[ProvinceReach, ...]


@dataclass(frozen=True)
class SessionLine:
    """A session that took place. `asked` to `good_share` are None while its poll is not closed, or hidden."""

    title: str
    starts_at: datetime
    province_code: str | None
    yes: int
    maybe: int
    no: int
    attended: int
    asked: int | None = None
    answered: int | None = None
    mean: float | None = None
    good_share: float | None = None


@dataclass(frozen=True)
class PlaceSatisfaction:
    """The average of a province, or of all groups that were merged (None); `number` answers."""

    province_code: str | None
    number: int
    mean: float


@dataclass(frozen=True)
class Satisfaction:
    """Of the polls that closed in the month: asked, answered; ratings of 1 to 5, their mean, the share of 4 and 5."""

    polls: int
    asked: int
    answered: int
    ratings: int
    mean: float | None
    good_share: float | None
    places: tuple[PlaceSatisfaction, ...]


@dataclass(frozen=True)
class Asked:
    """Questions, without greetings. `topics` and `entries` are titles with how often, the most frequent first."""

    total: int
    people: int
    answered: int
    suggested: int  # suggestions were shown, and none was chosen
    opened_topic: int
    unknown: int
    topics: tuple[tuple[str, int], ...]
    entries: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Unanswered:
    """What could not be answered: how often, how often it was passed on, and those in their (masked) words."""

    total: int
    forwarded: int
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Verdicts:
    """What people said of answers; `reasons` are the values of `Reason`, "" for none given."""

    helpful: int
    not_helpful: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class MonthlyReport:
    """Everything about one month. `is_complete`: it was over when this was made (`made_at`, UTC)."""

    month: YearMonth
    made_at: datetime
    is_complete: bool
    reach: Reach
    sessions: tuple[SessionLine, ...]
    cancelled: int
    satisfaction: Satisfaction
    asked: Asked
    unanswered: Unanswered
    verdicts: Verdicts

    @property
    def attended(self) -> int:
        """Attendances at all sessions; whoever was at two counts twice."""
        return sum(each.attended for each in self.sessions)


@dataclass(frozen=True)
class NoMonth:
    """There is no report on this month: it is to come, or before the bot's time."""


class MonthlyReports:
    """Makes reports, and knows which is due."""

    def __init__(self, clock: Clock, roles: Roles, content: ContentService, results: PollResults) -> None:
        self._clock = clock
        self._roles = roles
        self._content = content
        self._results = results

    async def months(self, tx: AsyncSession, person: Person | None) -> list[YearMonth] | Refusal:
        """The months that can be asked for, the present one first; for those who may read national reports."""
        allowed = await self._roles.may(tx, person, Act.READ_REPORT)
        if isinstance(allowed, Refusal):
            return allowed
        first = await queries.first_person_at(tx)
        now = self._clock.now()
        found = [YearMonth.of(now)]
        while len(found) < OFFERED and first is not None and found[-1].start > first:
            found.append(found[-1].before)
        return found

    async def asked_for(
        self, tx: AsyncSession, person: Person | None, month: YearMonth
    ) -> MonthlyReport | Refusal | NoMonth:
        """The report on a month for whoever asks for it."""
        months = await self.months(tx, person)
        if isinstance(months, Refusal):
            return months
        return await self.of(tx, month) if month in months else NoMonth()

    async def due(self, tx: AsyncSession) -> YearMonth | None:
        """The month on which a report is to go out now, if any; one before the bot's time is passed over."""
        now = self._clock.now()
        present = YearMonth.of(now)
        local = present.start.astimezone(Zone.WIB.info)
        if now < datetime.combine(local.date(), SENT_AT, tzinfo=Zone.WIB.info):
            return None
        month = present.before
        if await tx.get(MonthlyReportMade, month.key) is not None:
            return None
        first = await queries.first_person_at(tx)
        if first is None or first >= month.end:
            self.made(tx, month, 0)
            return None
        return month

    def made(self, tx: AsyncSession, month: YearMonth, recipients: int) -> None:
        """Write down, with the files that go out, that this report was made."""
        tx.add(MonthlyReportMade(month=month.key, made_at=self._clock.now(), recipients=recipients))

    async def recipients(self, tx: AsyncSession) -> list[Person]:
        """Owners and national organisers who can be written to, each once."""
        holders = [
            holder.person
            for holder in await self._roles.holders(tx)
            if Role.ORGANISER in holder.reaches and holder.reaches[Role.ORGANISER].is_national
        ]
        found = {person.id: person for person in [*await self._roles.owners(tx), *holders]}
        return [person for person in found.values() if is_reachable(person)]

    async def of(self, tx: AsyncSession, month: YearMonth) -> MonthlyReport:
        """The numbers of a month, as far as it has gone."""
        span, now = queries.Span(month.start, month.end), self._clock.now()
        held = await queries.sessions(tx, span)
        took_place = [each for each in held if each.state == SessionState.PLANNED and each.ends_at <= now]
        ids = [each.id for each in took_place if each.id is not None]
        results = [
            await self._results.of(tx, Managed(session, poll))
            for poll, session in await queries.closed_polls(tx, span)
        ]
        return MonthlyReport(
            month=month,
            made_at=now,
            is_complete=now >= month.end,
            reach=await self._reach(tx, span, ids),
            sessions=tuple(await self._sessions(tx, took_place, ids, results)),
            cancelled=sum(each.state == SessionState.CANCELLED for each in held),
            satisfaction=_satisfaction(results),
            asked=await self._asked(tx, span),
            unanswered=await self._unanswered(tx, span),
            verdicts=await self._verdicts(tx, span),
        )

    async def _reach(self, tx: AsyncSession, span: queries.Span, session_ids: Sequence[int]) -> Reach:
        members = await queries.members(tx, span)
        reached = await queries.reached(tx, span)
        attended = await queries.attended(tx, session_ids)
        by_place = {each.province_code: each for each in members}
        places = sorted({*by_place, *reached, *attended}, key=lambda code: (code is None, code or ""))
        return Reach(
            members=sum(each.members for each in members),
            new=sum(each.new for each in members),
            reached=sum(reached.values()),
            blocked=sum(each.blocked for each in members),
            stopped=sum(each.stopped for each in members),
            provinces=tuple(
                ProvinceReach(
                    code,
                    by_place[code].members if code in by_place else 0,
                    reached.get(code, 0),
                    attended.get(code, 0),
                )
                for code in places
            ),
        )

    async def _sessions(
        self,
        tx: AsyncSession,
        sessions: Sequence[CopSession],
        ids: Sequence[int],
        results: Sequence[PollResult],
    ) -> list[SessionLine]:
        answers = await queries.answers(tx, ids)
        there = await queries.attendances(tx, ids)
        by_session = {each.session_id: each for each in results}
        found: list[SessionLine] = []
        for each in sessions:
            assert each.id is not None
            result = by_session.get(each.id)
            rating = None if result is None else first_rating(result)
            found.append(
                SessionLine(
                    each.title,
                    each.starts_at,
                    each.province_code,
                    answers.get((each.id, Answer.YES), 0),
                    answers.get((each.id, Answer.MAYBE), 0),
                    answers.get((each.id, Answer.NO), 0),
                    there.get(each.id, 0),
                    None if result is None else result.asked,
                    None if result is None else result.answered,
                    None if rating is None else rating.mean,
                    None if rating is None else rating.good_share,
                )
            )
        return found

    async def _asked(self, tx: AsyncSession, span: queries.Span) -> Asked:
        endings = await queries.endings(tx, span)
        used = await queries.entries(tx, span)
        book = self._content.book
        return Asked(
            total=sum(number for ending, number in endings.items() if ending != Ending.SMALL_TALK),
            people=await queries.askers(tx, span),
            answered=endings.get(Ending.ANSWERED, 0),
            suggested=endings.get(Ending.SUGGESTED, 0),
            opened_topic=endings.get(Ending.TOPIC, 0),
            unknown=endings.get(Ending.UNKNOWN, 0),
            topics=_topics(used, book),
            entries=_ranked(
                {
                    book.entries[entry_id].entry.question if entry_id in book.entries else entry_id: number
                    for entry_id, number in used.items()
                }
            )[:MOST_ENTRIES],
        )

    async def _unanswered(self, tx: AsyncSession, span: queries.Span) -> Unanswered:
        texts = await queries.forwarded(tx, span)
        total = (await queries.endings(tx, span)).get(Ending.UNKNOWN, 0)
        numbers: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for text in texts:
            plain = " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())
            numbers[plain] += 1
            shown.setdefault(plain, " ".join(text.split())[:LONGEST_WORDS])
        return Unanswered(
            total,
            len(texts),
            tuple((shown[plain], number) for plain, number in _ranked(numbers)[:MOST_WORDS]),
        )

    async def _verdicts(self, tx: AsyncSession, span: queries.Span) -> Verdicts:
        found = await queries.verdicts(tx, span)
        reasons: Counter[str] = Counter()
        for (verdict, reason), number in found.items():
            if verdict is Verdict.NOT_HELPFUL:
                reasons[reason or ""] += number
        helpful = sum(number for (verdict, _), number in found.items() if verdict is Verdict.HELPFUL)
        return Verdicts(helpful, sum(reasons.values()), _ranked(reasons))


def first_rating(result: PollResult) -> QuestionResult | None:
    """The question of a closed poll that says how satisfied people were: its first rating, unless too few answered."""
    return next(
        (each for each in result.questions if each.kind is QuestionKind.RATING and not each.is_hidden), None
    )


def _satisfaction(results: Sequence[PollResult]) -> Satisfaction:
    ratings = [rating for each in results if (rating := first_rating(each)) is not None]
    number = sum(each.answered for each in ratings)
    alone: dict[str | None, list[tuple[int, float]]] = {}
    for rating in ratings:
        for place in rating.provinces:
            is_alone = len(place.provinces) == 1 and place.provinces[0]
            alone.setdefault(place.provinces[0] if is_alone else None, []).append((place.number, place.mean))
    places = [PlaceSatisfaction(code, sum(n for n, _ in of), _mean(of)) for code, of in alone.items()]
    return Satisfaction(
        polls=len(results),
        asked=sum(each.asked for each in results),
        answered=sum(each.answered for each in results),
        ratings=number,
        mean=_mean([(each.answered, each.mean or 0.0) for each in ratings]) if ratings else None,
        good_share=_mean([(each.answered, each.good_share or 0.0) for each in ratings]) if ratings else None,
        places=tuple(sorted(places, key=lambda each: (each.province_code is None, each.province_code or ""))),
    )


def _mean(of: Sequence[tuple[int, float]]) -> float:
    return sum(number * mean for number, mean in of) / sum(number for number, _ in of)


def _topics(used: Mapping[str, int], book: Book) -> tuple[tuple[str, int], ...]:
    numbers: Counter[str] = Counter()
    for entry_id, number in used.items():
        served = book.entries.get(entry_id)
        topic = book.topic(served.entry.topic_id) if served is not None else None
        if topic is not None:
            numbers[topic.title] += number
    return _ranked(numbers)


def _ranked(numbers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(numbers.items(), key=lambda each: (-each[1], each[0])))
