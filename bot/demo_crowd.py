"""What the many of the demo do by themselves: those who are asked after a session answer, one after the other."""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.simulator.controls.lookup import ControlError
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer, Simulator

ONE_EVERY = timedelta(seconds=0.7)  # slow enough to watch, and a session is answered within a minute
SEED = 20261124
STAYS_SILENT, SAYS_A_WORD = 0.15, 0.4
OF_FIVE = (2, 4, 14, 45, 35)  # what a session that went well gets, in hundredths


class Respondents:
    """A hook of the simulator: `people` vote in each poll that reaches them, and some write one of `comments`."""

    def __init__(self, simulator: Simulator, people: Collection[int], comments: Sequence[str]) -> None:
        self._simulator = simulator
        self._people = people
        self._comments = comments
        self._rng = random.Random(SEED)  # a play, no secret
        self._asked: deque[tuple[int, int]] = deque()  # chat and message, in the order in which they came

    async def before(self, request: Request) -> None:
        """Requests come first, answers to them later."""

    async def after(self, request: Request, answer: Answer) -> None:
        """Whoever got something with buttons or a poll will look at it."""
        chat = request.chat_id
        if chat is not None and chat in self._people and request.method in ("sendPoll", "sendMessage"):
            message = self._simulator.control.messages(chat)[-1]
            self._asked.append((chat, message["message_id"]))

    @asynccontextmanager
    async def answering(self, one_every: timedelta = ONE_EVERY) -> AsyncIterator[None]:
        """They answer until the block is left, one of them at a time."""
        living = asyncio.create_task(self._live(one_every.total_seconds()))
        try:
            yield
        finally:
            living.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await living

    async def _live(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            if self._asked:
                self._look(*self._asked.popleft())

    def _look(self, person: int, message_id: int) -> None:
        control = self._simulator.control
        message, *later = control.messages(person, after=message_id - 1)
        # What asks for words comes after a poll, and has a button to pass over it.
        is_question = "reply_markup" in message and any("poll" in m for m in control.messages(person))
        with contextlib.suppress(ControlError):  # it was closed or deleted meanwhile
            if "poll" in message:
                if self._rng.random() >= STAYS_SILENT:
                    control.vote(person, person, message_id, [self._choice(len(message["poll"]["options"]))])
            elif is_question and not later and self._rng.random() < SAYS_A_WORD:
                control.send(person, person, self._rng.choice(self._comments))

    def _choice(self, options: int) -> int:
        liked = self._rng.choices(range(5), OF_FIVE)[0]
        return round(liked * (options - 1) / 4)
