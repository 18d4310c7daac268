"""Questions: from what a person wrote to what they are shown, and what is kept of it.

Personal data is masked first (A11), before the search sees the text and before anything is stored. A question ends
in one of five ways; "Maksud Anda…?" is asked once, and what is chosen there is final.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.content import ContentService, ServedEntry
from bot.services.privacy import mask
from db.models import Consent, Ending, Person, Question, Reason, Verdict
from db.queries import questions as queries
from knowledge_base.entry import Entry, Version
from knowledge_base.outcomes import Answer, Explanation, OpenTopic, Part, SmallTalk, Suggest, Unknown

__all__ = [
    "Asked",
    "AskedPart",
    "Card",
    "Choices",
    "Explanation",
    "Friendly",
    "Gone",
    "NotFound",
    "NotYours",
    "Questions",
    "Shown",
    "TopicNamed",
    "Verdict",
]

RELATED_ON_A_CARD = 3  # more would push the card itself off a phone's screen


@dataclass(frozen=True)
class Card:
    """One entry in the version that is in force."""

    entry: Entry
    version: Version
    revision: int
    related: tuple[Entry, ...]
    is_overdue: bool  # past its review date (A12)
    phrasing: str | None = None  # the phrasing of the book that the question matched


@dataclass(frozen=True)
class Choices:
    """ "Maksud Anda…?": at most three entries to choose from."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class NotFound:
    """The honest "belum ada"."""


@dataclass(frozen=True)
class TopicNamed:
    """The text was a topic's name; its list is shown."""

    topic_id: str


@dataclass(frozen=True)
class Friendly:
    """Small talk; `kind` chooses the sentence."""

    kind: str


Shown = Card | Choices | NotFound | TopicNamed | Friendly


@dataclass(frozen=True)
class AskedPart:
    """One of the one or two questions in a message, and what its asker is shown."""

    question_id: int
    text: str
    shown: Shown
    reply_message_id: int | None  # the message to edit, when the question was edited


@dataclass(frozen=True)
class Asked:
    """The whole of what a message leads to."""

    parts: tuple[AskedPart, ...]
    was_masked: bool
    obsolete_replies: tuple[int, ...] = ()  # replies to parts that the edited message no longer has


@dataclass(frozen=True)
class NotYours:
    """The button belongs to somebody else's question."""


@dataclass(frozen=True)
class Gone:
    """There is no such question or entry here (any more)."""


class Questions:
    """What people ask."""

    def __init__(self, content: ContentService, clock: Clock) -> None:
        self._content = content
        self._clock = clock

    async def ask(
        self,
        tx: AsyncSession,
        text: str,
        *,
        person: Person | None,
        chat_id: int,
        message_id: int,
        is_edited: bool = False,
    ) -> Asked:
        """Answer `text`. The same message asked again (an edit) replaces what it was answered before."""
        masked = mask(text)
        before = await queries.by_message(tx, chat_id, message_id) if is_edited else []
        parts = self._content.book.engine.ask(masked.text)
        asked: list[AskedPart] = []
        for number, part in enumerate(parts):
            if number < len(before):
                question = before[number]
                question.edited_at = self._clock.now()
                question.consent = None
            else:
                question = Question(
                    person_id=person.id if person else None,
                    chat_id=chat_id,
                    message_id=message_id,
                    part=number,
                    text="",
                    ending=Ending.UNKNOWN,
                    asked_at=self._clock.now(),
                )
                tx.add(question)
            shown = self._settle(question, part)
            await tx.flush()
            assert question.id is not None
            asked.append(AskedPart(question.id, part.text, shown, question.reply_message_id))
        surplus = before[len(parts) :]
        for question in surplus:
            await tx.delete(question)
        obsolete = tuple(q.reply_message_id for q in surplus if q.reply_message_id is not None)
        return Asked(tuple(asked), masked.was_masked, obsolete)

    async def why(self, tx: AsyncSession, *, person: Person, chat_id: int) -> tuple[Explanation, ...]:
        """How the person's last question here was read and decided (A13); empty when they asked none.

        Explained anew from the masked text by the book that is served now.
        """
        assert person.id is not None
        parts = await queries.last_of(tx, person.id, chat_id)
        explained = (self._content.book.engine.explain(part.text) for part in parts)
        return tuple(first for explanations in explained for first in explanations[:1])

    async def is_known(self, tx: AsyncSession, chat_id: int, message_id: int) -> bool:
        """Whether this message was asked before."""
        return bool(await queries.by_message(tx, chat_id, message_id))

    def _settle(self, question: Question, part: Part) -> Shown:
        question.text = part.text
        question.suggested = []
        question.entry_id = None
        question.confidence = part.ranking[0].confidence if part.ranking else None
        match part.outcome:
            case Answer(match):
                card = self.card(match.entry_id, phrasing=match.phrasing)
                if card is not None:
                    question.ending, question.entry_id = Ending.ANSWERED, match.entry_id
                    return card
            case Suggest(matches):
                entries = tuple(served.entry for m in matches if (served := self._served(m.entry_id)))
                if entries:
                    question.ending = Ending.SUGGESTED
                    question.suggested = [entry.id for entry in entries]
                    return Choices(entries)
            case Unknown():
                pass
            case OpenTopic(topic_id):
                question.ending = Ending.TOPIC
                return TopicNamed(topic_id)
            case SmallTalk(kind):
                question.ending = Ending.SMALL_TALK
                return Friendly(kind.value)
            case _:
                assert_never(part.outcome)
        question.ending = Ending.UNKNOWN
        return NotFound()

    def card(self, entry_id: str, *, phrasing: str | None = None) -> Card | None:
        """The card of an entry as it is in force today, or None where there is none."""
        day = self._content.today
        found = self._content.book.find(entry_id, day)
        if found is None:
            return None
        served, version = found
        related = [other[0].entry for i in served.entry.related if (other := self._content.book.find(i, day))]
        return Card(
            entry=served.entry,
            version=version,
            revision=served.revision,
            related=tuple(related[:RELATED_ON_A_CARD]),
            is_overdue=version.review_again_on < day,
            phrasing=phrasing,
        )

    def _served(self, entry_id: str) -> ServedEntry | None:
        found = self._content.book.find(entry_id, self._content.today)
        return found[0] if found else None

    def _was_shown(self, entry_id: str, revision: int) -> bool:
        served = self._served(entry_id)
        return served is not None and 1 <= revision <= served.revision

    def look_up(self, text: str, limit: int) -> list[Card]:
        """The best entries for what is being typed (inline mode); nothing of it is kept."""
        masked = mask(text).text
        if not masked.strip():
            ids = sorted(self._content.book.entries)
        else:
            ranking = self._content.book.engine.ask(masked, top=limit)[0].ranking
            ids = [match.entry_id for match in ranking]
        return [card for entry_id in ids[:limit] if (card := self.card(entry_id))]

    async def pick(
        self, tx: AsyncSession, question_id: int, position: int, *, person: Person, chat_id: int
    ) -> Card | NotYours | Gone:
        """The suggestion at `position` was meant."""
        question = await self._own(tx, question_id, person, chat_id)
        if not isinstance(question, Question):
            return question
        if question.ending != Ending.SUGGESTED or not 0 <= position < len(question.suggested):
            return Gone()
        card = self.card(question.suggested[position])
        if card is None:
            return Gone()
        question.ending, question.entry_id = Ending.ANSWERED, card.entry.id
        return card

    async def none_of_these(
        self, tx: AsyncSession, question_id: int, *, person: Person, chat_id: int
    ) -> NotFound | NotYours | Gone:
        """None of the suggestions was meant: one round only, so the question is unknown."""
        question = await self._own(tx, question_id, person, chat_id)
        if not isinstance(question, Question):
            return question
        if question.ending != Ending.SUGGESTED:
            return Gone()
        question.ending = Ending.UNKNOWN
        return NotFound()

    async def consent(
        self, tx: AsyncSession, question_id: int, consent: Consent, *, person: Person, chat_id: int
    ) -> Consent | NotYours | Gone:
        """Keep whether the unknown question may go to the experts, and whether with the asker's name."""
        question = await self._own(tx, question_id, person, chat_id)
        if not isinstance(question, Question):
            return question
        if question.ending != Ending.UNKNOWN or question.consent is not None:
            return Gone()
        question.consent = consent
        return consent

    async def rate(
        self, tx: AsyncSession, entry_id: str, revision: int, verdict: Verdict, *, person: Person
    ) -> Verdict | Gone:
        """Keep the verdict; a second press replaces the first, and with it its reason."""
        if not self._was_shown(entry_id, revision):
            return Gone()
        await self._rate(tx, entry_id, revision, person, verdict, None)
        return verdict

    async def give_reason(
        self, tx: AsyncSession, entry_id: str, revision: int, reason: Reason, *, person: Person
    ) -> Reason | Gone:
        """Keep why the card did not help."""
        if not self._was_shown(entry_id, revision):
            return Gone()
        await self._rate(tx, entry_id, revision, person, Verdict.NOT_HELPFUL, reason)
        return reason

    async def record_replies(self, tx: AsyncSession, replies: Sequence[tuple[int, int]]) -> None:
        """Keep which message answered which question, so that an edited question can edit its answer."""
        if replies:
            await queries.record_replies(tx, replies)

    async def _own(
        self, tx: AsyncSession, question_id: int, person: Person, chat_id: int
    ) -> Question | NotYours | Gone:
        question = await queries.in_chat(tx, question_id, chat_id)
        if question is None:
            return Gone()
        # A question by an anonymous admin has no person; any member of that group may go on with it.
        if question.person_id is not None and question.person_id != person.id:
            return NotYours()
        return question

    async def _rate(
        self,
        tx: AsyncSession,
        entry_id: str,
        revision: int,
        person: Person,
        verdict: Verdict,
        reason: Reason | None,
    ) -> None:
        assert person.id is not None
        await queries.rate(
            tx,
            person_id=person.id,
            entry_id=entry_id,
            revision=revision,
            verdict=verdict,
            reason=reason,
            rated_at=self._clock.now(),
        )
