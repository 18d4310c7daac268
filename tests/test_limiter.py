"""The limiter as python-telegram-bot calls it, on an event loop whose time jumps to the next timer."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter, TimedOut

from bot.limiter import Limiter, seconds_of
from bot.request import NotConnected
from bot.services.requests import Lane
from bot.windows import CLOCK_DRIFT, Limits

Json = dict[str, Any]
LATENCY_S = 0.008


class _Jumping(selectors.DefaultSelector):
    """Never waits; `waited` is how long it would have waited so far."""

    waited = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits for something that never comes")
        self.waited += timeout
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop on which nobody waits: its time goes on where there is nothing else to do."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.waited


class Server:
    """Takes a request, answers it a moment later, and knows when."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, Any]] = []
        self.errors: list[Exception] = []

    async def __call__(self, endpoint: str, data: Json) -> bool:
        loop = asyncio.get_running_loop()
        self.sent.append((loop.time(), data.get("chat_id")))
        error = self.errors.pop(0) if self.errors else None
        await asyncio.sleep(LATENCY_S)
        if error is not None:
            raise error
        return True


class Bot:
    """Asks the limiter in the library's way."""

    def __init__(self, limits: Limits) -> None:
        self.server = Server()
        self.limiter = Limiter(limits, asyncio.get_running_loop().time)

    def send(
        self,
        chat_id: int | str | None,
        lane: Lane | None = Lane.REPLY,
        endpoint: str = "sendMessage",
        **data: Any,
    ) -> Coroutine[Any, Any, Any]:
        if chat_id is not None:
            data["chat_id"] = chat_id
        return self.limiter.process_request(self.server, (endpoint, data), {}, endpoint, data, lane)


def play(story: Callable[[Bot], Awaitable[None]], limits: Limits | None = None) -> None:
    """Let a story happen at the speed of the machine."""

    async def tell() -> None:
        await story(Bot(limits or Limits()))

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(tell())


def test_1700_who_ask_at_once_are_all_answered_within_the_time_that_telegram_allows() -> None:
    async def story(bot: Bot) -> None:
        await asyncio.gather(*(bot.send(1 + each) for each in range(1700)))

        assert bot.server.sent[-1][0] <= 1.03 * 1700 / 30
        assert [chat_id for _, chat_id in bot.server.sent] == list(range(1, 1701))
        assert bot.limiter.load.under_way == 0

    play(story)


def test_calls_outside_of_lanes_go_at_once() -> None:
    async def story(bot: Bot) -> None:
        waiting = [asyncio.create_task(bot.send(1 + each)) for each in range(40)]
        await asyncio.sleep(0.001)
        for endpoint in ("getMe", "setMyCommands", "answerCallbackQuery", "answerInlineQuery"):
            await bot.send(None, None, endpoint)
        await bot.send(1, None, "sendChatAction", action="typing")

        assert bot.server.sent[-1][0] < 0.1
        assert bot.limiter.load.waiting[Lane.REPLY] == 10
        await asyncio.gather(*waiting)

    play(story)


def test_a_message_without_a_lane_is_counted_as_a_reply() -> None:
    async def story(bot: Bot) -> None:
        await asyncio.gather(*(bot.send(1 + each, None) for each in range(31)))

        assert bot.server.sent[-1][0] >= 1

    play(story)


@pytest.mark.parametrize(
    ("endpoint", "data", "expected"),
    [
        ("sendMediaGroup", {"media": [1, 2, 3, 4]}, 4),
        ("copyMessages", {"message_ids": [1, 2]}, 2),
        ("sendPoll", {}, 1),
        ("editMessageCaption", {}, 0),
        ("stopPoll", {}, 0),
        ("deleteMessage", {}, 0),
        ("pinChatMessage", {}, 0),
    ],
)
def test_requests_count_as_telegram_counts_them(endpoint: str, data: Json, expected: int) -> None:
    async def story(bot: Bot) -> None:
        await bot.send(1, endpoint=endpoint, **data)
        await asyncio.gather(*(bot.send(2 + each) for each in range(10 - expected)))
        last = asyncio.create_task(bot.send(20))
        await last

        assert [at for at, _ in bot.server.sent[:-1]][-1] < 0.1
        assert bot.server.sent[-1][0] > 0.9

    play(story, Limits(per_second=10))


def test_paid_bulk_has_a_rate_of_its_own() -> None:
    async def story(bot: Bot) -> None:
        paid = [bot.send(1 + each, Lane.BULK, allow_paid_broadcast=True) for each in range(200)]
        await asyncio.gather(*paid, *(bot.send(1000 + each) for each in range(30)))

        # Telegram counts the 30 among the 100 as well, but not the other way round.
        assert 2.1 < bot.server.sent[-1][0] < 2.3
        assert all(at < 0.1 for at, chat_id in bot.server.sent if chat_id >= 1000)

    play(story, Limits(paid_per_second=100))


def test_without_a_paid_rate_the_flag_changes_nothing() -> None:
    async def story(bot: Bot) -> None:
        await asyncio.gather(
            *(bot.send(1 + each, Lane.BULK, allow_paid_broadcast=True) for each in range(61))
        )

        assert bot.server.sent[-1][0] >= 2

    play(story)


def test_a_refusal_is_passed_on_and_nothing_is_repeated() -> None:
    async def story(bot: Bot) -> None:
        bot.server.errors = [RetryAfter(timedelta(seconds=3))]
        with pytest.raises(RetryAfter):
            await bot.send(1)
        await bot.send(2)
        await bot.send(1)

        assert [chat_id for _, chat_id in bot.server.sent] == [1, 2, 1]
        assert bot.server.sent[1][0] < 0.1
        assert bot.server.sent[2][0] == pytest.approx(3 + LATENCY_S)

    play(story)


def test_after_two_refused_chats_everybody_waits_and_answers_to_presses_do_not() -> None:
    async def story(bot: Bot) -> None:
        bot.server.errors = [RetryAfter(timedelta(seconds=4)), RetryAfter(timedelta(seconds=2))]
        refused = await asyncio.gather(bot.send(1), bot.send(2), return_exceptions=True)
        assert [type(each) for each in refused] == [RetryAfter, RetryAfter]
        assert bot.limiter.load.halted_for == 4

        waiting = asyncio.create_task(bot.send(3))
        await bot.send(None, None, "answerCallbackQuery")
        with pytest.raises(RetryAfter) as caught:
            await bot.send(4, Lane.BULK)
        await waiting

        assert caught.value.retry_after == pytest.approx(timedelta(seconds=4), abs=timedelta(seconds=0.1))
        at, chat_id = bot.server.sent[-1]
        assert chat_id == 3
        assert at == pytest.approx(4 + LATENCY_S)

    play(story)


def test_who_waits_when_a_long_halt_begins_is_turned_away_without_being_sent() -> None:
    async def story(bot: Bot) -> None:
        bot.server.errors = [RetryAfter(timedelta(seconds=30))] * 2
        tasks = [asyncio.create_task(bot.send(1 + each)) for each in range(50)]
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)

        assert len(bot.server.sent) == 30
        assert [isinstance(each, RetryAfter) for each in outcomes] == [True] * 2 + [False] * 28 + [True] * 20
        assert bot.limiter.load.waiting[Lane.REPLY] == 0

    play(story)


def test_who_is_cancelled_while_waiting_leaves_the_place_to_others() -> None:
    async def story(bot: Bot) -> None:
        first = asyncio.create_task(bot.send(1))
        tasks = [asyncio.create_task(bot.send(2 + each)) for each in range(3)]
        await asyncio.sleep(0.05)  # of the simulated time
        tasks[0].cancel()
        await asyncio.gather(first, *tasks[1:])

        assert [chat_id for _, chat_id in bot.server.sent] == [1, 3, 4]
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]

    play(story, Limits(per_second=1))


def test_who_is_cancelled_in_the_moment_of_its_turn_gives_the_place_back() -> None:
    async def story(bot: Bot) -> None:
        await bot.send(1)
        second = asyncio.create_task(bot.send(2))
        third = asyncio.create_task(bot.send(3))
        loop = asyncio.get_running_loop()
        # After the limiter's own timer, before the waiting task runs.
        loop.call_at(LATENCY_S + CLOCK_DRIFT, second.cancel)
        await third

        assert second.cancelled()
        assert [chat_id for _, chat_id in bot.server.sent] == [1, 3]
        assert bot.server.sent[-1][0] == pytest.approx(LATENCY_S + CLOCK_DRIFT, abs=0.25)

    play(story, Limits(per_second=1))


def test_who_is_cancelled_on_the_way_counts_until_the_window_is_over() -> None:
    async def story(bot: Bot) -> None:
        first = asyncio.create_task(bot.send(1))
        await asyncio.sleep(LATENCY_S / 2)
        first.cancel()
        await bot.send(2)

        assert bot.server.sent[-1][0] == pytest.approx(LATENCY_S / 2 + CLOCK_DRIFT)

    play(story, Limits(per_second=1))


@pytest.mark.parametrize(
    ("error", "seconds"),
    [(NotConnected("no"), 0), (TimedOut(), CLOCK_DRIFT), (BadRequest("no"), CLOCK_DRIFT)],
    ids=["never left", "may have arrived", "refused"],
)
def test_only_what_never_left_does_not_count(error: Exception, seconds: float) -> None:
    async def story(bot: Bot) -> None:
        bot.server.errors = [error]
        with pytest.raises(type(error)):
            await bot.send(1)
        await bot.send(2)

        assert bot.server.sent[-1][0] == pytest.approx(LATENCY_S + seconds)

    play(story, Limits(per_second=1))


def test_the_end_of_the_program_turns_away_who_waits() -> None:
    async def story(bot: Bot) -> None:
        tasks = [asyncio.create_task(bot.send(1 + each)) for each in range(3)]
        await asyncio.sleep(0.05)  # of the simulated time
        await bot.limiter.shutdown()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)

        assert [type(each) for each in outcomes] == [bool, RetryAfter, RetryAfter]

    play(story, Limits(per_second=1))


def test_a_channel_that_goes_by_its_name_has_the_window_of_a_group() -> None:
    async def story(bot: Bot) -> None:
        await asyncio.gather(*(bot.send("@kanal") for _ in range(20)))
        with pytest.raises(RetryAfter):
            await bot.send("@kanal")

        assert bot.server.sent[-1][0] < 0.1

    play(story)


@pytest.mark.parametrize("gives_durations", ["true", "false"])
@pytest.mark.parametrize("seconds", [3, 2.5])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_a_pause_is_understood_whichever_way_the_library_tells_it(
    monkeypatch: pytest.MonkeyPatch, gives_durations: str, seconds: float
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", gives_durations)

    assert seconds_of(RetryAfter(timedelta(seconds=seconds))) == seconds
