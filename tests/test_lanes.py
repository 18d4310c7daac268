"""Who may send next, with a clock in the test's hand and the simulator's own count of what Telegram would refuse."""

import heapq
import itertools
import random
import tracemalloc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.lanes import HELD_S, Kind, Lanes, Ticket, TurnedAway
from bot.services.requests import Lane
from bot.simulator.rates import Limiter as Telegram
from bot.simulator.rates import Rates
from bot.simulator.traffic import Traffic
from bot.windows import CLOCK_DRIFT, Limits

SARI, BUDI, KEIKO = 1, 2, 3
GROUP = -100


@dataclass(frozen=True)
class Order:
    """A request that is asked for at `at`, is counted `before` seconds after it leaves and answered `after` that."""

    at: float
    lane: Lane
    chat_id: int
    before: float = 0.004
    after: float = 0.003
    kind: Kind = Kind.MESSAGE
    number: int = 1


@dataclass
class Line:
    """Lanes, and a Telegram that counts: refusing anything fails the test."""

    limits: Limits = field(default_factory=Limits)
    counted: list[tuple[float, Order]] = field(default_factory=list)
    left: list[tuple[float, Order]] = field(default_factory=list)
    turned_away: list[Order] = field(default_factory=list)
    steps: int = 0

    def __post_init__(self) -> None:
        self.lanes = Lanes(self.limits)
        self.telegram = Telegram(Traffic())
        self.telegram.limit(
            Rates(
                per_second=self.limits.per_second,
                private_messages=self.limits.reply_burst,
                private_seconds=self.limits.reply_burst / self.limits.private_per_second,
                group_messages=self.limits.group_per_minute,
                paid_per_second=max(self.limits.paid_per_second, self.limits.per_second),
                edits_overall=self.limits.edits_overall,
            )
        )

    def run(self, orders: Iterable[Order]) -> "Line":
        """Let everything happen that follows from these."""
        numbers = itertools.count()
        events: list[tuple[float, int, str, Order, Ticket | None]] = [
            (order.at, next(numbers), "ask", order, None) for order in orders
        ]
        heapq.heapify(events)
        orders_of: dict[Ticket, Order] = {}
        while events or self.lanes.next_at < float("inf"):
            self.steps += 1
            if events and events[0][0] <= self.lanes.next_at:
                now, _, what, order, ticket = heapq.heappop(events)
                if what == "ask":
                    try:
                        asked = self.lanes.ask(order.lane, order.chat_id, order.kind, order.number, now)
                        orders_of[asked] = order
                    except TurnedAway:
                        self.turned_away.append(order)
                elif what == "count":
                    if order.kind is not Kind.FREE:
                        self.telegram.admit(
                            7,
                            order.chat_id,
                            now,
                            order.number,
                            is_edit=order.kind is Kind.EDIT,
                            is_paid=order.kind is Kind.PAID,
                        )
                    self.counted.append((now, order))
                else:
                    assert ticket is not None
                    self.lanes.answered(ticket, now)
            else:
                now = self.lanes.next_at
            for each in self.lanes.release(now):
                order = orders_of.pop(each)
                self.left.append((now, order))
                heapq.heappush(events, (now + order.before, next(numbers), "count", order, None))
                answered_at = now + order.before + order.after
                heapq.heappush(events, (answered_at, next(numbers), "answer", order, each))
        assert orders_of == {}
        return self


def most_within(times: Sequence[float], seconds: float) -> int:
    """The largest number of these within any window, whose end is not a part of it."""
    ordered = sorted(times)
    first, most = 0, 0
    for last, time in enumerate(ordered):
        while ordered[first] <= time - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def replies(number: int, at: float = 0.0) -> list[Order]:
    return [Order(at, Lane.REPLY, 1000 + each) for each in range(number)]


def bulk(number: int, at: float = 0.0) -> list[Order]:
    return [Order(at, Lane.BULK, 500_000 + each) for each in range(number)]


def released(lanes: Lanes, now: float) -> int:
    return len(lanes.release(now))


orders = st.builds(
    Order,
    at=st.floats(0, 4),
    lane=st.sampled_from(Lane),
    chat_id=st.sampled_from([SARI, BUDI, KEIKO, 4, 5, 6, 7, 8, GROUP, GROUP - 1]),
    before=st.floats(0, 3),
    after=st.floats(0, 3),
    kind=st.sampled_from([Kind.MESSAGE, Kind.MESSAGE, Kind.MESSAGE, Kind.EDIT, Kind.FREE]),
    number=st.sampled_from([1, 1, 1, 1, 2, 5]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(orders, max_size=60), st.booleans())
@example([Order(0, Lane.BULK, chat, 3, 0) for chat in range(1, 9)] * 3, False)
def test_telegram_never_counts_too_many_whatever_the_latencies(given: list[Order], edits: bool) -> None:
    limits = Limits(per_second=4, reply_burst=3, group_per_minute=5, edits_overall=edits)

    line = Line(limits).run(given)

    assert len(line.counted) + len(line.turned_away) == len(given)
    assert line.lanes.lengths == dict.fromkeys(Lane, 0)
    assert line.lanes.under_way == 0
    singles = [at for at, order in line.counted if order.kind is Kind.MESSAGE and order.number == 1]
    assert most_within(singles, 1.0) <= 4


@settings(max_examples=40, deadline=None)
@given(st.lists(orders, max_size=60))
def test_paid_messages_do_not_count_against_the_others(given: list[Order]) -> None:
    limits = Limits(per_second=4, group_per_minute=5, paid_per_second=12)
    paid = [
        Order(each.at, Lane.BULK, each.chat_id, each.before, each.after, Kind.PAID)
        if each.lane is Lane.BULK
        else each
        for each in given
    ]

    line = Line(limits).run(paid)

    assert len(line.counted) + len(line.turned_away) == len(given)


@settings(max_examples=60, deadline=None)
@given(st.lists(orders, max_size=60))
def test_looking_again_is_never_idle(given: list[Order]) -> None:
    """Every step of the clock asks, counts, answers, or lets somebody go or look at a chat."""
    line = Line(Limits(per_second=4, group_per_minute=5)).run(given)

    assert line.steps <= 12 * len(given)


def test_a_place_is_free_one_window_after_the_answer_and_not_a_moment_sooner() -> None:
    lanes = Lanes(Limits(per_second=1))
    first = lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.0)
    assert lanes.release(0.0) == [first]
    second = lanes.ask(Lane.REPLY, BUDI, Kind.MESSAGE, 1, now=0.0)
    assert lanes.release(0.0) == []
    assert lanes.next_at == float("inf")  # only the answer can tell
    lanes.answered(first, now=7.0)

    assert lanes.release(7.0 + CLOCK_DRIFT - 1e-9) == []
    assert lanes.next_at == 7.0 + CLOCK_DRIFT
    assert lanes.release(lanes.next_at) == [second]


@pytest.mark.parametrize("asked", [replies(1700), bulk(1700)], ids=["replies", "bulk"])
def test_with_ordinary_latencies_the_limit_is_used_almost_whole(asked: list[Order]) -> None:
    rng = random.Random(4)
    slow = [
        Order(each.at, each.lane, each.chat_id, rng.uniform(0.002, 0.006), rng.uniform(0.002, 0.005))
        for each in asked
    ]

    line = Line().run(slow)

    assert line.counted[-1][0] <= 1.02 * 1700 / 30
    assert [order.chat_id for _, order in line.left] == [order.chat_id for order in asked]


def test_a_crowd_of_replies_begins_at_once_and_then_goes_a_few_milliseconds_apart() -> None:
    line = Line().run(replies(90))

    times = [at for at, _ in line.left]
    assert times[29] == 0.0
    assert min(later - earlier for earlier, later in itertools.pairwise(times[29:])) > 0.006
    assert times[59] < 1.25


def test_after_a_crowd_replies_go_at_once_again() -> None:
    line = Line().run([*replies(31), *[Order(20.0, Lane.REPLY, 10 + each) for each in range(30)]])

    assert [at for at, _ in line.left][-30:] == [20.0] * 30


def test_bulk_takes_no_place_between_the_replies_of_a_crowd() -> None:
    line = Line().run([*replies(60), *bulk(5)])

    assert [order.lane for _, order in line.left] == [Lane.REPLY] * 60 + [Lane.BULK] * 5


def test_replies_go_before_reminders_and_reminders_before_bulk() -> None:
    asked = [
        *bulk(3),
        Order(0, Lane.REMINDER, SARI),
        Order(0, Lane.REPLY, BUDI),
    ]

    line = Line(Limits(per_second=1)).run(asked)

    # The first to ask finds the line empty.
    assert [order.lane.value for _, order in line.left] == ["bulk", "reply", "reminder", "bulk", "bulk"]


def test_bulk_goes_evenly_and_not_all_at_the_beginning_of_a_second() -> None:
    line = Line().run(bulk(90))

    times = [at for at, _ in line.left]
    assert most_within(times, 0.1) <= 4
    assert min(later - earlier for earlier, later in itertools.pairwise(times[:30])) > 0.033


def test_what_was_not_used_in_a_quiet_time_is_not_made_up_for() -> None:
    line = Line().run([*bulk(1), *[Order(20.0, Lane.BULK, 700 + each) for each in range(30)]])

    assert most_within([at for at, _ in line.left], 0.1) <= 4


def test_whoever_asks_during_a_mailing_is_answered_within_a_step_of_it() -> None:
    asked = [Order(0.2 + each * 0.5, Lane.REPLY, 10 + each) for each in range(40)]

    line = Line().run([*bulk(600), *asked])

    waits = [at - order.at for at, order in line.left if order.lane is Lane.REPLY]
    assert len(waits) == 40
    assert max(waits) <= 1.05 / 30
    assert line.counted[-1][0] <= 1.05 * 640 / 30


def test_bulk_waits_where_it_would_delay_a_reply() -> None:
    line = Line().run([*replies(60), *bulk(5, at=0.5)])

    assert [order.lane for _, order in line.left][-5:] == [Lane.BULK] * 5


def test_a_large_album_is_not_starved_by_small_messages_and_nobody_spins_for_it() -> None:
    album = Order(0.1, Lane.REPLY, GROUP, number=10)

    line = Line(Limits(per_second=10)).run([*replies(5), album, *bulk(50, at=0.1)])

    assert [order.number for _, order in line.left[:6]] == [1] * 5 + [10]
    assert line.steps < 500


def test_a_person_gets_a_burst_of_replies_and_bulk_once_a_second() -> None:
    asked = [Order(0, Lane.REPLY, SARI)] * 5 + [Order(0, Lane.BULK, BUDI)] * 3

    line = Line().run(asked)

    sari = [round(at) for at, order in line.left if order.chat_id == SARI]
    budi = [round(at) for at, order in line.left if order.chat_id == BUDI]
    assert sari == [0, 0, 0, 3, 3]
    assert budi == [0, 1, 2]


def test_bulk_comes_a_second_after_the_last_reply_to_the_same_person() -> None:
    line = Line().run([Order(0, Lane.REPLY, SARI), Order(0.1, Lane.BULK, SARI), Order(0.2, Lane.REPLY, SARI)])

    times = [at for at, _ in line.left]
    assert times[:2] == [0, 0.2]
    assert 1.2 < times[2] < 1.22


def test_a_full_chat_steps_aside_and_keeps_its_order() -> None:
    asked = [
        *[Order(0, Lane.REPLY, SARI, number=number) for number in (1, 1, 1, 2, 1)],
        *[Order(0, Lane.REPLY, BUDI)] * 2,
    ]

    line = Line().run(asked)

    assert [order.chat_id for _, order in line.left] == [SARI] * 3 + [BUDI] * 2 + [SARI] * 2
    assert [order.number for _, order in line.left[-2:]] == [2, 1]


def test_a_group_gets_twenty_in_a_minute_and_the_next_is_turned_away() -> None:
    line = Line().run([Order(each * 0.1, Lane.REPLY, GROUP) for each in range(21)])

    assert len(line.left) == 20
    assert len(line.turned_away) == 1


def test_whoever_is_turned_away_is_told_how_long_it_would_have_taken() -> None:
    lanes = Lanes(Limits(group_per_minute=1))
    first = lanes.ask(Lane.REPLY, GROUP, Kind.MESSAGE, 1, now=0.0)
    lanes.release(0.0)
    lanes.answered(first, now=0.0)

    with pytest.raises(TurnedAway) as caught:
        lanes.ask(Lane.REPLY, GROUP, Kind.MESSAGE, 1, now=20.0)

    assert caught.value.seconds == pytest.approx(60 * CLOCK_DRIFT - 20)
    lanes.ask(Lane.REPLY, GROUP, Kind.MESSAGE, 1, now=60 * CLOCK_DRIFT - HELD_S[Lane.REPLY])
    with pytest.raises(TurnedAway):
        lanes.ask(Lane.BULK, GROUP, Kind.MESSAGE, 1, now=60 * CLOCK_DRIFT - HELD_S[Lane.REPLY])


def test_edits_count_in_their_chat_and_do_not_wait_for_other_chats() -> None:
    limits = Limits(per_second=1, reply_burst=2)
    asked = [*replies(5), *[Order(0, Lane.REPLY, SARI, kind=Kind.EDIT)] * 3]

    line = Line(limits).run(asked)

    edits = [at for at, order in line.left if order.kind is Kind.EDIT]
    assert [round(at) for at in edits] == [0, 0, 2]


def test_deletions_wait_for_nothing_but_halts() -> None:
    line = Line(Limits(per_second=1)).run([Order(0, Lane.REPLY, SARI, kind=Kind.FREE)] * 50)

    assert [at for at, _ in line.left] == [0] * 50


def test_one_refusal_stops_only_its_chat() -> None:
    lanes = Lanes(Limits())
    refused = lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.0)
    lanes.release(0.0)
    waiting = lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.1)
    lanes.too_many(refused, 3.0, now=0.1)
    lanes.answered(refused, now=0.1)
    other = lanes.ask(Lane.BULK, BUDI, Kind.MESSAGE, 1, now=0.1)

    assert lanes.release(0.1) == [other]
    assert lanes.halted_for(0.1) == 0
    assert lanes.release(3.0) == []
    assert lanes.next_at == pytest.approx(3.1)
    assert lanes.release(lanes.next_at) == [waiting]


def test_a_refusal_of_a_second_chat_stops_everything_for_the_longer_time_and_the_lanes_keep_their_order() -> (
    None
):
    lanes = Lanes(Limits())
    first = lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.0)
    second = lanes.ask(Lane.REPLY, BUDI, Kind.MESSAGE, 1, now=0.0)
    lanes.release(0.0)
    lanes.too_many(first, 4.0, now=0.0)
    assert lanes.too_many(second, 1.0, now=0.5) == []
    for ticket in (first, second):
        lanes.answered(ticket, now=0.5)
    late = [lanes.ask(Lane.BULK, 10, Kind.MESSAGE, 1, now=2.5)]
    late += [lanes.ask(Lane.REPLY, 20 + each, Kind.MESSAGE, 1, now=2.5) for each in range(3)]

    assert lanes.release(3.9) == []
    assert lanes.next_at == 4.0
    assert lanes.halted_for(2.5) == 1.5
    assert lanes.release(4.0) == [*late[1:], late[0]]


def test_a_refusal_of_a_second_chat_after_that_time_is_the_chats_own() -> None:
    lanes = Lanes(Limits())
    for chat_id, now in ((SARI, 0.0), (BUDI, 2.0)):
        ticket = lanes.ask(Lane.REPLY, chat_id, Kind.MESSAGE, 1, now)
        lanes.release(now)
        lanes.too_many(ticket, 2.0, now)
        lanes.answered(ticket, now)

    assert lanes.halted_for(2.0) == 0


def test_a_long_halt_turns_away_who_waits_and_who_asks() -> None:
    lanes = Lanes(Limits(per_second=2))
    refused = [lanes.ask(Lane.REPLY, chat, Kind.MESSAGE, 1, now=0.0) for chat in (SARI, BUDI)]
    lanes.release(0.0)
    reply = lanes.ask(Lane.REPLY, KEIKO, Kind.MESSAGE, 1, now=0.0)
    mailing = lanes.ask(Lane.BULK, KEIKO, Kind.MESSAGE, 1, now=0.0)

    lanes.too_many(refused[0], 4.0, now=0.0)
    assert lanes.too_many(refused[1], 4.0, now=0.0) == [(mailing, 4.0)]
    with pytest.raises(TurnedAway):
        lanes.ask(Lane.REMINDER, KEIKO, Kind.MESSAGE, 1, now=1.0)
    assert lanes.too_many(refused[1], 30.0, now=1.0) == [(reply, 30.0)]
    assert lanes.lengths == dict.fromkeys(Lane, 0)


def test_who_gives_up_waiting_leaves_no_trace() -> None:
    lanes = Lanes(Limits(per_second=1))
    first = lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.0)
    lanes.release(0.0)
    given_up = [lanes.ask(Lane.REPLY, chat, Kind.MESSAGE, 1, now=0.0) for chat in (SARI, BUDI, KEIKO)]
    last = lanes.ask(Lane.REPLY, BUDI, Kind.MESSAGE, 1, now=0.0)
    for ticket in given_up:
        lanes.withdraw(ticket, now=0.1)
    lanes.give_back(first, now=0.1)

    assert lanes.lengths[Lane.REPLY] == 1
    assert lanes.release(0.1) == [last]  # the first place is free again, since that request never left
    lanes.answered(last, now=0.1)
    lanes.release(100.0)
    assert lanes.known_chats == 0


def test_thousands_who_give_up_are_forgotten_while_others_wait() -> None:
    lanes = Lanes(Limits(per_second=1))
    lanes.ask(Lane.REPLY, SARI, Kind.MESSAGE, 1, now=0.0)
    lanes.release(0.0)
    tracemalloc.start()
    try:
        for chat_id in range(20_000):
            lanes.withdraw(lanes.ask(Lane.REPLY, 10 + chat_id, Kind.MESSAGE, 1, now=0.0), now=0.0)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert held < 200_000


def test_chats_are_forgotten_when_their_window_is_over() -> None:
    lanes = Lanes(Limits(per_second=30))
    now = 0.0
    most = 0
    for chat_id in range(1, 20_001):
        now += 0.05
        ticket = lanes.ask(Lane.BULK, chat_id, Kind.MESSAGE, 1, now)
        assert lanes.release(now) == [ticket]
        lanes.answered(ticket, now + 0.01)
        most = max(most, lanes.known_chats)

    assert most <= 3 * CLOCK_DRIFT / 0.05 + 2


def test_a_chat_that_comes_back_after_it_was_forgotten_is_counted_anew() -> None:
    times = [0.0, 3.5, 3.6, 3.7, 3.8]

    line = Line().run([Order(at, Lane.REPLY, SARI) for at in times])

    assert [round(at, 1) for at, _ in line.left] == [0.0, 3.5, 3.6, 3.7, 6.5]
