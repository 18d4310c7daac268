"""Mailings: everything in bulk. One content, one purpose, one list of recipients that is fixed at the start.

A mailing:

    running ◄──► paused          by hand, or by itself after too many errors
       │  └──────────┴─────► cancelled    what has not left never will
       └─────────────┴─────► done         nothing is pending or sending any more; somebody may bring a part of it back

A delivery, one recipient's copy:

    pending ──► sending ──► sent         Telegram accepted it
       │ ▲         ├──────► blocked      the person or group does not want us
       │ │         ├──────► failed       Telegram will never accept it, for a reason that is kept
       │ │         ├──────► uncertain    no answer came, or its process ended, or only a part arrived
       │ └─────────┘                     Telegram said wait, the group moved, or it did not leave after all
       └──────────────────► cancelled

Invariants:

- Nobody twice. Mailing, chat and topic are a unique key. A row leaves *pending* only by being marked *sending* under
  the term of whoever holds the lease, and only what certainly did not leave comes back to *pending* by itself.
- Nobody forgotten. All recipients are rows of the transaction that starts the mailing; a mailing ends when none of them
  is pending or sending.
- *Failed*, *blocked* and *cancelled* are certain: nothing arrived. *Uncertain* is counted apart and never sent again by
  itself; `resend_uncertain` does it when a person asks for it.
- A row is marked for one attempt under one term. Outcomes of another attempt or an older term change nothing, so that a
  holder that was frozen cannot write over its successor, and an outcome recorded twice counts once.
- Whoever marks or records holds the term first, then mailings, then deliveries; in this order nobody waits in a circle.

Pause, resume and cancel are obeyed by the next claim. What is sending then still arrives and is recorded.
"""

from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import Clock
from bot.services.mailing_plans import Counts, Plan, Recipient, Refusal, row, stored
from bot.services.mailing_work import (
    MOVED_TWICE,
    Claimed,
    Progress,
    Result,
    claimed,
    fate,
    goes_wrong,
    shares,
)
from bot.services.requests import Call, Moved, Wait
from db.models import Action, Delivery, DeliveryState, Doubt, Mailing, MailingState, PauseReason, Purpose
from db.queries import deliveries as rows
from db.queries import mailings as queries
from db.queries import people

__all__ = [
    "Action",
    "Claimed",
    "Counts",
    "Delivery",
    "DeliveryState",
    "Doubt",
    "Mailing",
    "MailingState",
    "Mailings",
    "PauseReason",
    "Plan",
    "Progress",
    "Purpose",
    "Recipient",
    "Refusal",
    "Result",
]

CHUNK = 1000  # recipients that are in memory at once while a mailing starts
RATE_OVER = timedelta(seconds=10)
KEPT_FOR = timedelta(days=90)  # what was each recipient's own, counted from the end of the mailing


class Mailings:
    """All mailings, whatever they are for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def start(
        self, tx: AsyncSession, plan: Plan, recipients: Iterable[Recipient] | AsyncIterable[Recipient]
    ) -> Mailing:
        """Send this to everybody here, once. Two recipients of the same chat and topic are one: the first of them.

        Recipients may be a generator, they are never all in memory. Raises `ValueError` for a plan without calls.
        """
        mailing = await self._add(tx, plan, Action.SEND)
        assert mailing.id is not None
        chunk: list[dict[str, Any]] = []
        async for recipient in _each(recipients):
            chunk.append(row(recipient, mailing.due_at))
            if len(chunk) == CHUNK:
                await rows.add(tx, mailing.id, chunk, mailing.created_at)
                chunk.clear()
        await rows.add(tx, mailing.id, chunk, mailing.created_at)
        mailing.recipients = await rows.number(tx, mailing.id)
        return mailing

    async def edit(
        self, tx: AsyncSession, source: Mailing, plan: Plan, *, sent_since: datetime | None = None
    ) -> Mailing:
        """Change what `source` brought, wherever it was sent (since `sent_since`). In these calls `message_id` is the
        position of the message in the copy: 0 is the first, -1 the last. Recipients keep the variant that they had."""
        return await self._about_copies(tx, source, plan, Action.EDIT, sent_since)

    async def delete(
        self, tx: AsyncSession, source: Mailing, plan: Plan, *, sent_since: datetime | None = None
    ) -> Mailing:
        """Take away what `source` brought (since `sent_since`: Telegram deletes nothing that is older than 48 hours),
        and what is known to have arrived of uncertain copies. Calls of `plan` do not matter."""
        return await self._about_copies(
            tx,
            source,
            replace(plan, calls=[Call("deleteMessages", {})], variants={}),
            Action.DELETE,
            sent_since,
        )

    async def find(self, tx: AsyncSession, mailing_id: int) -> Mailing | None:
        """The mailing with this id."""
        return await tx.get(Mailing, mailing_id)

    async def about(self, tx: AsyncSession, subject: str) -> list[Mailing]:
        """The mailings of a subject, the oldest first."""
        return await queries.about(tx, subject)

    async def counts(self, tx: AsyncSession, mailing_id: int) -> Counts:
        """How far it is."""
        found: Counter[str] = Counter()
        for each in await queries.counts(tx, mailing_id, self._clock.now()):
            found["later" if each.is_later else each.state] += each.number
        return Counts(**found)

    async def rate(self, tx: AsyncSession, mailing: Mailing) -> int:
        """How many copies went out a second, over the last ten seconds; rounded, at least 1 where any did."""
        assert mailing.id is not None
        now = self._clock.now()
        since = max(mailing.due_at, now - RATE_OVER)
        seconds = (now - since).total_seconds()
        sent = await queries.sent_since(tx, mailing.id, since) if seconds > 0 else 0
        return max(round(sent / max(seconds, 1)), 1) if sent else 0

    async def reasons(self, tx: AsyncSession, mailing_id: int, state: DeliveryState) -> dict[str, int]:
        """Why deliveries failed (Telegram's words) or are uncertain (`Doubt`), and how many for each reason."""
        return await queries.reasons(tx, mailing_id, state)

    async def deliveries(
        self,
        tx: AsyncSession,
        mailing_id: int,
        states: Collection[DeliveryState],
        after_id: int = 0,
        limit: int = CHUNK,
    ) -> list[Delivery]:
        """A page of those in these states, by id; the next one begins behind the last one's id."""
        return await rows.page(tx, mailing_id, states, after_id, limit)

    async def delivery_of_poll(self, tx: AsyncSession, poll_id: str) -> Delivery | None:
        """The delivery that brought this poll. A vote can come before its outcome is recorded: look again then."""
        return await rows.of_poll(tx, poll_id)

    async def pause(self, tx: AsyncSession, mailing_id: int) -> Mailing | Refusal:
        """Send no more for now."""
        mailing = await self._open(tx, mailing_id)
        if isinstance(mailing, Mailing):
            mailing.state, mailing.pause_reason = MailingState.PAUSED, PauseReason.BY_HAND
        return mailing

    async def resume(self, tx: AsyncSession, mailing_id: int) -> Mailing | Refusal:
        """Go on; errors are counted from the beginning."""
        mailing = await self._open(tx, mailing_id)
        if isinstance(mailing, Mailing):
            _run(mailing)
        return mailing

    async def cancel(self, tx: AsyncSession, mailing_id: int) -> Mailing | Refusal:
        """Never send what has not left."""
        mailing = await self._open(tx, mailing_id)
        if isinstance(mailing, Mailing):
            mailing.state, mailing.pause_reason = MailingState.CANCELLED, None
            await tx.flush()
            await rows.cancel(tx, mailing_id, self._clock.now())
        return mailing

    async def resend_uncertain(self, tx: AsyncSession, mailing_id: int) -> int | Refusal:
        """Send to those of whom nobody knows whether it arrived: some will have it twice. Gives their number."""
        return await self._bring_back(tx, mailing_id, DeliveryState.UNCERTAIN)

    async def retry_failed(self, tx: AsyncSession, mailing_id: int) -> int | Refusal:
        """Send to those to whom it certainly did not go; gives their number."""
        return await self._bring_back(tx, mailing_id, DeliveryState.FAILED)

    async def take_over(self, tx: AsyncSession, term: int) -> int:
        """Begin to send under this term, newer than all before: what an earlier holder had marked is uncertain. Gives
        how many; 0 as well when there is a newer term, in which case this one claims and records nothing."""
        if not await queries.set_term(tx, term):
            return 0
        return await rows.take_over(tx, term, self._clock.now())

    async def claim(self, tx: AsyncSession, term: int, limit: int) -> list[Claimed]:
        """Mark up to `limit` deliveries that are due as sending, for the caller to send at once.

        Reminders go first. Within a lane half of the places are the oldest mailing's, the other half those of the
        smallest others, so that three recipients do not wait behind a hundred thousand. Nothing under an old term.
        """
        if limit < 1:
            return []
        now = self._clock.now()
        places = shares(await queries.due(tx, now), limit)
        if not places or not await queries.is_term(tx, term):
            return []
        marked = await rows.mark(tx, places, limit, term, now)
        found = await queries.by_ids(tx, {each.mailing_id for each in marked})
        mailings = {mailing.id: mailing for mailing in found}
        return [claimed(mailings[each.mailing_id], each, term) for each in marked]

    async def put_back(
        self, tx: AsyncSession, term: int, unsent: Sequence[Claimed], due_at: datetime | None = None
    ) -> None:
        """These did not leave: pending again, due at `due_at` (now by default)."""
        seconds = 0.0 if due_at is None else (due_at - self._clock.now()).total_seconds()
        await self.record(tx, term, [Result(each, Wait(seconds)) for each in unsent])

    async def keep_only(self, tx: AsyncSession, term: int, in_hand: Collection[int]) -> int:
        """Of what is marked under this term the caller has these deliveries (their ids) in hand: the rest, marked by a
        claim whose answer got lost, did not leave and is pending again. Gives how many."""
        if not await queries.is_term(tx, term):
            return 0
        return await rows.unmark_all_but(tx, in_hand, term, self._clock.now())

    async def record(self, tx: AsyncSession, term: int, results: Sequence[Result]) -> Progress:
        """Write down what came of these, in the order in which it happened. Only what is still marked under `term` for
        the same attempt is changed."""
        if not results or not await queries.is_term(tx, term):
            return Progress()
        now = self._clock.now()
        found = await queries.locked(tx, {result.claimed.mailing_id for result in results})
        mailings = {mailing.id: mailing for mailing in found}
        marked = await rows.still_marked(tx, [result.claimed.id for result in results], term)
        ended: list[rows.Ended] = []
        due: dict[int, datetime] = {}
        blocked: list[int] = []
        moved: list[tuple[int, int]] = []
        stopped: list[Mailing] = []
        for result in results:
            copy, mailing = marked.get(result.claimed.id), mailings[result.claimed.mailing_id]
            if copy is None or copy.attempts != result.claimed.attempt:
                continue
            if goes_wrong(mailing, result.outcome):
                stopped.append(mailing)
            match fate(result):
                case rows.Ended() as end:
                    ended.append(end)
                    if end.state == DeliveryState.BLOCKED:
                        blocked.append(copy.chat_id)
                case Moved(chat_id) if await rows.follow(tx, copy, chat_id):
                    moved.append((copy.chat_id, chat_id))
                    due[copy.id] = now
                case Moved(chat_id):
                    moved.append((copy.chat_id, chat_id))
                    ended.append(rows.Ended(copy.id, DeliveryState.CANCELLED, reason=MOVED_TWICE))
                case Wait(seconds):
                    due[copy.id] = now + timedelta(seconds=seconds)
            if copy.id in due and mailing.state == MailingState.CANCELLED:
                del due[copy.id]
                ended.append(rows.Ended(copy.id, DeliveryState.CANCELLED))
        await rows.write_down(tx, ended, now)
        await rows.put_back(tx, due, now)
        await people.mark_blocked(tx, blocked, now)
        return Progress(stopped=tuple(stopped), blocked=tuple(blocked), moved=tuple(moved))

    async def finish(self, tx: AsyncSession) -> list[Mailing]:
        """End the mailings of which nothing is pending or sending any more; gives those that ended by this call."""
        return await queries.end(tx, self._clock.now())

    async def forget(self, tx: AsyncSession) -> bool:
        """Erase what was each recipient's own in one mailing that ended long ago; whether there was one."""
        mailing_id = await queries.forgettable(tx, self._clock.now() - KEPT_FOR)
        if mailing_id is not None:
            await queries.forget(tx, mailing_id, self._clock.now())
        return mailing_id is not None

    async def _add(
        self, tx: AsyncSession, plan: Plan, action: Action, source: Mailing | None = None
    ) -> Mailing:
        if not plan.calls or not all(plan.variants.values()):
            raise ValueError("a mailing needs something to say")
        now = self._clock.now()
        mailing = Mailing(
            purpose=plan.purpose,
            action=action,
            content=stored(plan.calls),
            variants={name: stored(calls) for name, calls in plan.variants.items()},
            subject=plan.subject,
            source_id=None if source is None else source.id,
            created_by=plan.created_by,
            created_at=now,
            due_at=plan.due_at or now,
        )
        tx.add(mailing)
        await tx.flush()
        return mailing

    async def _about_copies(
        self, tx: AsyncSession, source: Mailing, plan: Plan, action: Action, sent_since: datetime | None
    ) -> Mailing:
        mailing = await self._add(tx, plan, action, source)
        assert mailing.id is not None
        assert source.id is not None
        await rows.add_from(
            tx,
            mailing.id,
            source.id,
            mailing.due_at,
            mailing.created_at,
            sent_since=sent_since,
            with_parts=action is Action.DELETE,
        )
        mailing.recipients = await rows.number(tx, mailing.id)
        return mailing

    async def _open(self, tx: AsyncSession, mailing_id: int) -> Mailing | Refusal:
        found = await queries.locked(tx, [mailing_id])
        if not found:
            return Refusal.UNKNOWN
        is_over = found[0].state in (MailingState.CANCELLED, MailingState.DONE)
        return Refusal.ENDED if is_over else found[0]

    async def _bring_back(self, tx: AsyncSession, mailing_id: int, state: DeliveryState) -> int | Refusal:
        found = await queries.locked(tx, [mailing_id])
        if not found:
            return Refusal.UNKNOWN
        (mailing,) = found
        if mailing.forgotten_at is not None:
            return Refusal.FORGOTTEN
        number = await rows.reopen(tx, mailing_id, state, self._clock.now())
        if number and mailing.state != MailingState.PAUSED:
            _run(mailing)
        return number


def _run(mailing: Mailing) -> None:
    mailing.state, mailing.pause_reason, mailing.recent, mailing.ended_at = (
        MailingState.RUNNING,
        None,
        "",
        None,
    )


async def _each(recipients: Iterable[Recipient] | AsyncIterable[Recipient]) -> AsyncIterator[Recipient]:
    if isinstance(recipients, AsyncIterable):
        async for recipient in recipients:
            yield recipient
    else:
        for recipient in recipients:
            yield recipient
