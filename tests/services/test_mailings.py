"""Mailings: who gets what, once, and what is written down about it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.clock import ManualClock
from bot.jobs import forget_old_mailings
from bot.services.all import Services
from bot.services.mailing_work import MOST_ERRORS
from bot.services.mailings import (
    Claimed,
    Counts,
    Delivery,
    DeliveryState,
    Doubt,
    Mailing,
    Mailings,
    MailingState,
    PauseReason,
    Plan,
    Progress,
    Purpose,
    Recipient,
    Refusal,
    Result,
)
from bot.services.requests import Blocked, Call, Lane, Moved, Outcome, Rejected, Sent, Uncertain, Wait
from db.database import Database
from db.models import Person

HELLO = Call("sendMessage", {"text": "Halo."})
PLAN = Plan(Purpose.ANNOUNCEMENT, [HELLO])


class Desk:
    """Mailings over a database, a transaction for each act; everything is claimed under `term`."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database = database
        self.clock = clock
        self.mailings = Mailings(clock)
        self.term = 1

    async def start(self, *chats: int, plan: Plan = PLAN) -> Mailing:
        async with self.database.transaction() as tx:
            return await self.mailings.start(tx, plan, [Recipient(chat) for chat in chats])

    async def claim(self, limit: int = 100, term: int | None = None) -> list[Claimed]:
        async with self.database.transaction() as tx:
            return await self.mailings.claim(tx, term or self.term, limit)

    async def record(self, *results: Result, term: int | None = None) -> Progress:
        async with self.database.transaction() as tx:
            return await self.mailings.record(tx, term or self.term, results)

    async def take_over(self, term: int) -> int:
        async with self.database.transaction() as tx:
            self.term = term
            return await self.mailings.take_over(tx, term)

    async def finish(self) -> list[int | None]:
        async with self.database.transaction() as tx:
            return [mailing.id for mailing in await self.mailings.finish(tx)]

    async def sends(self, outcome: Outcome, limit: int = 100) -> list[Claimed]:
        """Claim, and record this outcome for all."""
        claimed = await self.claim(limit)
        await self.record(*(Result(each, outcome) for each in claimed))
        return claimed

    async def counts(self, mailing: Mailing) -> Counts:
        async with self.database.transaction() as tx:
            return await self.mailings.counts(tx, _id(mailing))

    async def row(self, chat_id: int) -> Delivery:
        """The newest delivery to this chat."""
        async with self.database.transaction() as tx:
            found = await tx.exec(select(Delivery).where(Delivery.chat_id == chat_id))
            return max(found.all(), key=lambda row: row.id or 0)

    async def mailing(self, mailing: Mailing) -> Mailing:
        async with self.database.transaction() as tx:
            found = await self.mailings.find(tx, _id(mailing))
        assert found is not None
        return found


def _id(mailing: Mailing) -> int:
    assert mailing.id is not None
    return mailing.id


def _chats(claimed: Sequence[Claimed]) -> list[int]:
    return sorted(each.calls[0].chat_id for each in claimed)


@pytest.fixture
async def desk(database: Database, clock: ManualClock) -> Desk:
    desk = Desk(database, clock)
    await desk.take_over(1)
    return desk


async def test_everybody_is_claimed_once_with_the_call_that_is_to_be_made(desk: Desk) -> None:
    mailing = await desk.start(7, 8)

    claimed = await desk.claim()

    assert [each.calls for each in claimed] == [
        (Call("sendMessage", {"text": "Halo.", "chat_id": chat}),) for chat in (7, 8)
    ]
    assert {each.lane for each in claimed} == {Lane.BULK}
    assert await desk.claim() == []
    assert await desk.counts(mailing) == Counts(sending=2)


async def test_a_chat_and_topic_that_is_named_twice_gets_one_copy(desk: Desk) -> None:
    async def recipients() -> AsyncIterator[Recipient]:
        for thread in (0, 5, 5, 0):
            yield Recipient(-100, thread)

    async with desk.database.transaction() as tx:
        mailing = await desk.mailings.start(tx, PLAN, recipients())

    claimed = await desk.claim()
    assert mailing.recipients == 2
    assert [each.calls[0].parameters.get("message_thread_id") for each in claimed] == [None, 5]


async def test_a_recipient_may_have_another_text_and_words_of_its_own(desk: Desk) -> None:
    album = Call("sendMediaGroup", {"media": []})
    english = {"en": [album, Call("sendMessage", {"text": "Hello."})]}
    async with desk.database.transaction() as tx:
        await desk.mailings.start(
            tx,
            Plan(Purpose.NOTICE, [album, HELLO], english),
            [Recipient(7), Recipient(8, variant="en"), Recipient(9, parameters={"text": "Halo, Sari."})],
        )

    claimed = await desk.claim()

    assert [each.calls[1].parameters["text"] for each in claimed] == ["Halo.", "Hello.", "Halo, Sari."]
    assert [each.calls[0].parameters for each in claimed] == [
        {"media": [], "chat_id": chat} for chat in (7, 8, 9)
    ]


async def test_a_mailing_without_anything_to_say_is_refused(desk: Desk) -> None:
    async with desk.database.transaction() as tx:
        with pytest.raises(ValueError, match="something to say"):
            await desk.mailings.start(tx, Plan(Purpose.NOTICE, []), [Recipient(7)])


async def test_a_mailing_that_nobody_gets_ends_at_once(desk: Desk) -> None:
    mailing = await desk.start()

    assert await desk.finish() == [mailing.id]
    assert (await desk.mailing(mailing)).state == MailingState.DONE


async def test_nothing_leaves_before_its_time(desk: Desk) -> None:
    hour = timedelta(hours=1)
    plan = Plan(Purpose.REMINDER, [HELLO], due_at=desk.clock.now() + hour)
    async with desk.database.transaction() as tx:
        mailing = await desk.mailings.start(
            tx, plan, [Recipient(7), Recipient(8, due_at=desk.clock.now() + 2 * hour)]
        )

    assert await desk.claim() == []
    desk.clock.advance(hour)
    assert _chats(await desk.claim()) == [7]
    assert await desk.counts(mailing) == Counts(sending=1, later=1)
    desk.clock.advance(hour)
    assert _chats(await desk.claim()) == [8]


async def test_each_outcome_is_written_down(desk: Desk) -> None:
    mailing = await desk.start(1, 2, 3, 4, 5)
    outcomes: list[Outcome] = [
        Sent((10,), "poll"),
        Blocked(),
        Rejected("Bad Request: text is too long"),
        Uncertain(),
        Wait(30),
    ]

    claimed = await desk.claim()
    await desk.record(*map(Result, claimed, outcomes))

    assert await desk.counts(mailing) == Counts(sent=1, blocked=1, failed=1, uncertain=1, later=1)
    assert (await desk.counts(mailing)).total == mailing.recipients == 5
    sent, waiting = await desk.row(1), await desk.row(5)
    assert (sent.message_ids, sent.poll_id) == ([10], "poll")
    assert waiting.due_at == desk.clock.now() + timedelta(seconds=30)
    async with desk.database.transaction() as tx:
        assert await desk.mailings.reasons(tx, _id(mailing), DeliveryState.FAILED) == {
            "Bad Request: text is too long": 1
        }
        found = await desk.mailings.delivery_of_poll(tx, "poll")
        (page,) = await desk.mailings.deliveries(tx, _id(mailing), [DeliveryState.BLOCKED])
    assert found is not None
    assert found.chat_id == 1
    assert page.chat_id == 2


async def test_the_rate_is_that_of_the_last_ten_seconds(desk: Desk) -> None:
    mailing = await desk.start(*range(1, 101))

    async def rate() -> int:
        async with desk.database.transaction() as tx:
            return await desk.mailings.rate(tx, mailing)

    at_first = await rate()
    desk.clock.advance(timedelta(seconds=2))
    await desk.sends(Sent((1,)), limit=60)
    after_two = await rate()
    desk.clock.advance(timedelta(seconds=8))
    await desk.sends(Sent((1,)), limit=10)
    after_ten = await rate()
    desk.clock.advance(timedelta(seconds=11))

    assert (at_first, after_two, after_ten, await rate()) == (0, 30, 7, 0)


async def test_a_copy_of_several_messages_keeps_all_their_ids_and_is_uncertain_when_a_part_is_missing(
    desk: Desk,
) -> None:
    await desk.start(1, 2, plan=Plan(Purpose.ANNOUNCEMENT, [HELLO, HELLO]))

    whole, part = await desk.claim()
    await desk.record(
        Result(whole, Sent((12,)), (Sent((10, 11)),)), Result(part, Rejected("no"), (Sent((20, 21)),))
    )

    assert (await desk.row(1)).message_ids == [10, 11, 12]
    row = await desk.row(2)
    assert (row.state, row.reason, row.message_ids) == (DeliveryState.UNCERTAIN, Doubt.IN_PART, [20, 21])


async def test_whoever_blocked_the_bot_is_known_as_blocked_and_groups_are_not_people(desk: Desk) -> None:
    async with desk.database.transaction() as tx:
        tx.add(Person(telegram_id=7, created_at=desk.clock.now()))
        tx.add(Person(telegram_id=8, created_at=desk.clock.now()))
    await desk.start(7, -100)

    claimed = await desk.claim()
    progress = await desk.record(*(Result(each, Blocked()) for each in claimed))

    async with desk.database.transaction() as tx:
        people = (await tx.exec(select(Person).order_by(Person.telegram_id))).all()  # type: ignore[arg-type]
    assert sorted(progress.blocked) == [-100, 7]
    assert [person.blocked_at for person in people] == [desk.clock.now(), None]


async def test_a_group_that_moved_is_followed(desk: Desk) -> None:
    mailing = await desk.start(-5)

    progress = await desk.record(Result((await desk.claim())[0], Moved(-1005)))

    assert progress.moved == ((-5, -1005),)
    assert _chats(await desk.sends(Sent((1,)))) == [-1005]
    assert await desk.counts(mailing) == Counts(sent=1)


async def test_a_group_that_moved_to_another_recipient_gets_one_copy(desk: Desk) -> None:
    mailing = await desk.start(-5, -1005)

    old, new = await desk.claim()
    await desk.record(Result(old, Moved(-1005)), Result(new, Sent((1,))))

    assert await desk.counts(mailing) == Counts(sent=1, cancelled=1)


async def test_reminders_go_before_everything_else(desk: Desk) -> None:
    await desk.start(*range(1, 50))
    await desk.start(101, 102, plan=Plan(Purpose.REMINDER, [HELLO]))

    claimed = await desk.claim(limit=3)

    assert [each.lane for each in claimed].count(Lane.REMINDER) == 2


async def test_a_small_mailing_does_not_wait_behind_a_large_one_and_the_oldest_keeps_half(
    desk: Desk,
) -> None:
    oldest = await desk.start(*range(1, 50))
    await desk.start(*range(101, 140))
    small = await desk.start(201, 202, 203)

    claimed = await desk.claim(limit=8)

    shares = [each.mailing_id for each in claimed]
    assert shares.count(_id(oldest)) == 4
    assert shares.count(_id(small)) == 2


async def test_places_that_small_mailings_do_not_need_are_the_oldest_ones(desk: Desk) -> None:
    oldest = await desk.start(*range(1, 50))
    await desk.start(201)

    claimed = await desk.claim(limit=8)

    assert [each.mailing_id for each in claimed].count(_id(oldest)) == 7


async def test_a_mailing_whose_recipients_all_sleep_takes_no_places(desk: Desk) -> None:
    tomorrow = desk.clock.now() + timedelta(days=1)
    async with desk.database.transaction() as tx:
        await desk.mailings.start(tx, PLAN, [Recipient(chat, due_at=tomorrow) for chat in range(1, 9)])
    await desk.start(*range(101, 120))

    assert len(await desk.claim(limit=8)) == 8


async def test_pause_and_resume_are_obeyed_by_the_next_claim(desk: Desk) -> None:
    mailing = await desk.start(1, 2)
    (first,) = await desk.claim(limit=1)

    async with desk.database.transaction() as tx:
        await desk.mailings.pause(tx, _id(mailing))
    assert await desk.claim() == []
    await desk.record(Result(first, Sent((1,))))
    async with desk.database.transaction() as tx:
        await desk.mailings.resume(tx, _id(mailing))

    assert _chats(await desk.claim()) == [2]
    assert await desk.counts(mailing) == Counts(sent=1, sending=1)


async def test_what_has_not_left_a_cancelled_mailing_never_does(desk: Desk) -> None:
    mailing = await desk.start(1, 2, 3)
    sent, waits = await desk.claim(limit=2)

    async with desk.database.transaction() as tx:
        await desk.mailings.cancel(tx, _id(mailing))
    assert await desk.finish() == []  # two are still in the air
    await desk.record(Result(sent, Sent((1,))), Result(waits, Wait(1)))

    desk.clock.advance(timedelta(minutes=1))
    assert await desk.claim() == []
    assert await desk.counts(mailing) == Counts(sent=1, cancelled=2)
    assert await desk.finish() == [mailing.id]
    assert (await desk.mailing(mailing)).state == MailingState.CANCELLED


async def test_what_is_over_is_neither_paused_nor_resumed_nor_cancelled(desk: Desk) -> None:
    mailing = await desk.start(1)
    await desk.sends(Sent((1,)))
    assert await desk.finish() == [mailing.id]

    async with desk.database.transaction() as tx:
        for act in (desk.mailings.pause, desk.mailings.resume, desk.mailings.cancel):
            assert await act(tx, _id(mailing)) is Refusal.ENDED
            assert await act(tx, 4711) is Refusal.UNKNOWN
    assert (await desk.mailing(mailing)).ended_at == desk.clock.now()
    assert await desk.finish() == []


async def test_too_many_errors_stop_a_mailing_and_resuming_counts_anew(desk: Desk) -> None:
    mailing = await desk.start(*range(1, 100))
    await desk.sends(Sent((1,)), limit=20)
    await desk.sends(Rejected("no"), limit=MOST_ERRORS - 1)
    assert (await desk.mailing(mailing)).state == MailingState.RUNNING

    (last,) = await desk.claim(limit=1)
    progress = await desk.record(Result(last, Rejected("no")))

    stopped = await desk.mailing(mailing)
    assert [each.id for each in progress.stopped] == [mailing.id]
    assert (stopped.state, stopped.pause_reason) == (MailingState.PAUSED, PauseReason.TOO_MANY_ERRORS)
    assert await desk.claim() == []
    async with desk.database.transaction() as tx:
        await desk.mailings.resume(tx, _id(mailing))
    await desk.sends(Rejected("no"), limit=MOST_ERRORS - 1)
    assert len(await desk.claim()) == 99 - 20 - MOST_ERRORS - (MOST_ERRORS - 1)


async def test_people_who_blocked_the_bot_and_uncertain_ones_do_not_stop_a_mailing(desk: Desk) -> None:
    mailing = await desk.start(*range(1, 101))

    await desk.sends(Blocked(), limit=50)
    await desk.sends(Uncertain(), limit=49)

    assert (await desk.mailing(mailing)).state == MailingState.RUNNING


async def test_uncertain_and_failed_ones_are_sent_again_only_on_request(desk: Desk) -> None:
    mailing = await desk.start(1, 2, 3)
    first, second, third = await desk.claim()
    await desk.record(Result(first, Uncertain()), Result(second, Rejected("no")), Result(third, Sent((9,))))
    assert await desk.finish() == [mailing.id]
    assert await desk.claim() == []

    async with desk.database.transaction() as tx:
        assert await desk.mailings.resend_uncertain(tx, _id(mailing)) == 1
    assert _chats(await desk.sends(Sent((1,)))) == [1]
    assert await desk.finish() == [mailing.id]
    async with desk.database.transaction() as tx:
        assert await desk.mailings.retry_failed(tx, _id(mailing)) == 1
        assert await desk.mailings.resend_uncertain(tx, 4711) is Refusal.UNKNOWN
    assert _chats(await desk.sends(Sent((2,)))) == [2]
    assert await desk.counts(mailing) == Counts(sent=3)


async def test_what_an_earlier_holder_marked_is_uncertain_and_it_cannot_write_over_that(desk: Desk) -> None:
    mailing = await desk.start(1, 2, 3)
    frozen, _ = await desk.claim(limit=2)

    assert await desk.take_over(2) == 2

    await desk.record(Result(frozen, Sent((1,))), term=1)
    assert await desk.claim(term=1) == []
    assert await desk.counts(mailing) == Counts(uncertain=2, pending=1)
    assert (await desk.row(1)).reason == Doubt.INTERRUPTED
    assert _chats(await desk.claim()) == [3]


async def test_an_older_term_cannot_take_over_a_newer_one(desk: Desk) -> None:
    mailing = await desk.start(1)
    await desk.take_over(3)
    await desk.claim()

    async with desk.database.transaction() as tx:
        assert await desk.mailings.take_over(tx, 2) == 0
        assert await desk.mailings.keep_only(tx, 2, []) == 0

    assert await desk.counts(mailing) == Counts(sending=1)


async def test_an_outcome_that_is_recorded_twice_counts_once_and_never_for_the_next_attempt(
    desk: Desk,
) -> None:
    mailing = await desk.start(1)
    (first,) = await desk.claim()
    await desk.record(Result(first, Wait(0)))
    (second,) = await desk.claim()

    await desk.record(Result(first, Wait(0)))  # the answer to the first commit got lost
    assert await desk.counts(mailing) == Counts(sending=1)
    await desk.record(Result(first, Rejected("no")), Result(second, Sent((1,))))
    await desk.record(Result(second, Rejected("no")))

    assert await desk.counts(mailing) == Counts(sent=1)


async def test_what_a_lost_claim_marked_goes_back_and_what_is_in_hand_stays(desk: Desk) -> None:
    mailing = await desk.start(1, 2, 3)
    in_hand, _ = await desk.claim(limit=2)

    async with desk.database.transaction() as tx:
        assert await desk.mailings.keep_only(tx, desk.term, [in_hand.id]) == 1

    assert await desk.counts(mailing) == Counts(sending=1, pending=2)


async def test_what_did_not_leave_is_put_back_until_its_time(desk: Desk) -> None:
    mailing = await desk.start(1, 2)
    claimed = await desk.claim()

    async with desk.database.transaction() as tx:
        soon = desk.clock.now() + timedelta(seconds=5)
        await desk.mailings.put_back(tx, desk.term, claimed[:1], soon)
        await desk.mailings.put_back(tx, desk.term, claimed[1:])

    assert await desk.counts(mailing) == Counts(pending=1, later=1)
    assert _chats(await desk.claim()) == [2]


async def test_a_correction_edits_what_was_sent_and_nothing_else(desk: Desk) -> None:
    announcement = await desk.start(
        1, 2, 3, plan=Plan(Purpose.ANNOUNCEMENT, [HELLO], subject="announcement:12")
    )
    first, second, third = await desk.claim()
    await desk.record(
        Result(first, Sent((10, 11))), Result(second, Uncertain()), Result(third, Rejected("no"))
    )

    amended = Call("editMessageText", {"text": "RALAT", "message_id": -1})
    plan = Plan(Purpose.CORRECTION, [amended], subject="announcement:12")
    async with desk.database.transaction() as tx:
        correction = await desk.mailings.edit(tx, announcement, plan)
        (call,) = [each.calls[0] for each in await desk.mailings.claim(tx, 1, 10)]
        about = await desk.mailings.about(tx, "announcement:12")

    assert call == Call("editMessageText", {"text": "RALAT", "message_id": 11, "chat_id": 1})
    assert (correction.source_id, correction.recipients) == (announcement.id, 1)
    assert [each.id for each in about] == [announcement.id, correction.id]


async def test_a_correction_of_a_message_that_a_copy_does_not_have_has_no_call(desk: Desk) -> None:
    announcement = await desk.start(1)
    await desk.sends(Sent((10,)))

    async with desk.database.transaction() as tx:
        await desk.mailings.edit(
            tx, announcement, Plan(Purpose.CORRECTION, [Call("editMessageText", {"message_id": 3})])
        )

    assert [each.calls for each in await desk.claim()] == [()]


async def test_a_recall_deletes_what_is_young_enough_and_the_parts_of_uncertain_copies(desk: Desk) -> None:
    announcement = await desk.start(1, 2, 3, plan=Plan(Purpose.ANNOUNCEMENT, [HELLO, HELLO]))
    (old,) = await desk.claim(limit=1)
    await desk.record(Result(old, Sent((10,)), (Sent((9,)),)))
    desk.clock.advance(timedelta(hours=49))
    young, part = await desk.claim()
    await desk.record(Result(young, Sent((21,)), (Sent((20,)),)), Result(part, Uncertain(), (Sent((30,)),)))

    async with desk.database.transaction() as tx:
        since = desk.clock.now() - timedelta(hours=48)
        await desk.mailings.delete(tx, announcement, PLAN, sent_since=since)

    assert [each.calls for each in await desk.claim()] == [
        (Call("deleteMessages", {"chat_id": 2, "message_ids": [20, 21]}),),
        (Call("deleteMessages", {"chat_id": 3, "message_ids": [30]}),),
    ]


async def test_an_edit_that_has_to_wait_in_the_middle_is_repeated_as_a_whole(desk: Desk) -> None:
    announcement = await desk.start(1)
    await desk.sends(Sent((10, 11)))
    edits = [Call("editMessageText", {"text": "RALAT", "message_id": at}) for at in (0, 1)]
    async with desk.database.transaction() as tx:
        correction = await desk.mailings.edit(tx, announcement, Plan(Purpose.CORRECTION, edits))

    (each,) = await desk.claim()
    await desk.record(Result(each, Wait(0), (Sent((10,)),)))

    assert await desk.counts(correction) == Counts(pending=1)


async def test_what_was_each_recipients_own_is_erased_when_it_is_sent_or_old(desk: Desk) -> None:
    async with desk.database.transaction() as tx:
        own = {"text": "Halo, Sari."}
        mailing = await desk.mailings.start(
            tx, PLAN, [Recipient(1, parameters=own), Recipient(2, parameters=own)]
        )
    sent, failed = await desk.claim()
    await desk.record(Result(sent, Sent((1,))), Result(failed, Rejected("no")))
    await desk.finish()
    assert [(await desk.row(chat)).parameters for chat in (1, 2)] == [None, own]

    desk.clock.advance(timedelta(days=91))
    async with desk.database.transaction() as tx:
        assert await desk.mailings.forget(tx)
    async with desk.database.transaction() as tx:
        assert not await desk.mailings.forget(tx)
        assert await desk.mailings.retry_failed(tx, _id(mailing)) is Refusal.FORGOTTEN

    row = await desk.row(2)
    assert (row.parameters, row.reason, row.state) == (None, None, DeliveryState.FAILED)


async def test_the_tick_forgets_all_that_is_old(desk: Desk) -> None:
    old = [await desk.start(chat) for chat in (1, 2)]
    await desk.sends(Rejected("no"))
    await desk.finish()
    desk.clock.advance(timedelta(days=91))
    young = await desk.start(3)

    await forget_old_mailings(desk.database, Services.over(desk.clock))

    assert [(await desk.mailing(each)).forgotten_at for each in [*old, young]] == [
        desk.clock.now(),
        desk.clock.now(),
        None,
    ]


async def test_two_who_claim_at_once_never_get_the_same_delivery(desk: Desk) -> None:
    await desk.start(*range(1, 201))

    claims = await asyncio.gather(*(desk.claim(limit=30) for _ in range(6)))

    ids = [each.id for claim in claims for each in claim]
    assert len(ids) == len(set(ids)) == 180


async def test_a_claim_passes_over_rows_that_another_one_is_marking(
    postgres_url: str, clock: ManualClock
) -> None:
    database = Database(postgres_url)
    desk = Desk(database, clock)
    await desk.take_over(1)
    await desk.start(*range(1, 21))

    async with database.transaction() as first, database.transaction() as second:
        ours = await desk.mailings.claim(first, 1, 5)
        theirs = await asyncio.wait_for(desk.mailings.claim(second, 1, 5), timeout=5)

    await database.close()
    assert _chats(ours) == [1, 2, 3, 4, 5]
    assert _chats(theirs) == [6, 7, 8, 9, 10]


async def test_a_mailing_that_is_brought_back_at_the_moment_in_which_it_ends_goes_on(
    postgres_url: str, clock: ManualClock
) -> None:
    database = Database(postgres_url)
    desk = Desk(database, clock)
    await desk.take_over(1)
    mailing = await desk.start(1)
    await desk.sends(Uncertain())

    async with database.transaction() as tx:
        await desk.mailings.resend_uncertain(tx, _id(mailing))
        finishing = asyncio.create_task(
            desk.finish()
        )  # it sees nothing pending yet, and waits for the mailing
        await asyncio.wait([finishing], timeout=0.05)

    assert await finishing == []
    assert _chats(await desk.claim()) == [1]
    await database.close()
