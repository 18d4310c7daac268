"""People who are asked after a session: they vote, change their minds, withdraw and say a word; it is written down what
each of them meant last."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.requests import Request
from bot.simulator.simulator import Answer, Simulator

EVERY_S = 0.02
CHANGE, WITHDRAW, STOP = 0.15, 0.05, 0.7  # how often somebody does so; most answer the first question only
COMMENT = 0.1
OPEN_QUESTIONS = ("Apa yang paling berguna", "Ada saran untuk kami?")
UNCLEAR = "Saya tidak dapat memastikan"

Answered = tuple[int, str]  # who, and the question


@dataclass
class Voters:
    """A hook of the simulator. Nobody votes before `release`; from then on each does as soon as a question comes.

    `per_second` is how many things they do in a second at most, whatever the program does meanwhile.
    """

    simulator: Simulator
    rng: random.Random
    per_second: int
    people: list[int] = field(default_factory=list)
    held: dict[Answered, list[int]] = field(default_factory=dict)  # the choice that stands
    words: list[str] = field(default_factory=list)
    votes: int = 0  # cast, changed and withdrawn
    copies: Counter[Answered] = field(default_factory=Counter)  # polls that appeared
    unclear: int = 0  # votes that the program says it cannot place
    _free: set[int] = field(default_factory=set)
    _waiting: dict[int, list[int]] = field(
        default_factory=dict
    )  # of those who are not released: polls that came
    _acts: deque[Callable[[], None]] = field(default_factory=deque)
    _worded: set[int] = field(default_factory=set)
    _order: Iterator[int] = field(default_factory=lambda: iter(()))

    def gather(self, count: int) -> None:
        """So many people who have started the bot; it is not told of it."""
        self.people = self.simulator.control.add_members(count)
        self._order = iter(self.rng.sample(self.people, count))

    def release(self, count: int) -> None:
        """Let so many more of them vote."""
        for person, _ in zip(self._order_of(count), range(count), strict=False):
            self._free.add(person)
            for message in self._waiting.pop(person, []):
                self._plan(person, message)

    def _order_of(self, count: int) -> Iterator[int]:
        for _ in range(count):
            person = next(self._order, None)
            if person is not None:
                yield person

    @property
    def is_idle(self) -> bool:
        """Whether everything was done that came to somebody's mind."""
        return not self._acts

    async def live(self) -> None:
        """Do things one after the other, until it is cancelled."""
        at_once = max(1, round(self.per_second * EVERY_S))
        while True:
            for _ in range(min(at_once, len(self._acts))):
                self._acts.popleft()()
            self.simulator.world.events.touch()
            await asyncio.sleep(EVERY_S)

    async def before(self, request: Request) -> None:
        pass

    async def after(self, request: Request, answer: Answer) -> None:
        person = request.chat_id
        if person is None or person not in self._people_set:
            return
        if request.method == "sendPoll":
            self._receive(person)
        elif request.method == "sendMessage":
            text = str(request.params["text"])
            self.unclear += text.startswith(UNCLEAR)
            if any(question in text for question in OPEN_QUESTIONS):
                self._consider_words(person)

    @property
    def _people_set(self) -> range:
        return range(self.people[0], self.people[-1] + 1)  # they came in bulk

    def _receive(self, person: int) -> None:
        message = [each for each in self.simulator.control.messages(person) if "poll" in each][-1]
        self.copies[person, message["poll"]["question"]] += 1
        if person in self._free:
            self._plan(person, message["message_id"])
        else:
            self._waiting.setdefault(person, []).append(message["message_id"])

    def _plan(self, person: int, message_id: int) -> None:
        poll = self._poll(person, message_id)
        key, number = (person, poll["question"]), len(poll["options"])
        is_first = poll["question"].startswith("Secara")
        if not is_first and self.rng.random() < STOP:
            return  # the question stays where it is
        self._acts.append(lambda: self._vote(key, message_id, [self.rng.randrange(number)]))
        if self.rng.random() < CHANGE:
            self._acts.append(lambda: self._vote(key, message_id, [self.rng.randrange(number)]))
        if self.rng.random() < WITHDRAW:
            self._acts.append(lambda: self._vote(key, message_id, []))

    def _poll(self, person: int, message_id: int) -> dict[str, Any]:
        (message,) = self.simulator.control.messages(person, after=message_id - 1)[:1]
        return dict(message["poll"])

    def _vote(self, key: Answered, message_id: int, options: list[int]) -> None:
        self.simulator.control.vote(key[0], key[0], message_id, options)
        self.votes += 1
        if options:
            self.held[key] = options
        else:
            self.held.pop(key, None)

    def _consider_words(self, person: int) -> None:
        if person in self._worded:
            return
        self._worded.add(person)
        if self.rng.random() < COMMENT:
            words = f"Komentar nomor {len(self.words) + 1} dari kami."
            self.words.append(words)
            self._acts.append(lambda: self._say(person, words))

    def _say(self, person: int, words: str) -> None:
        self.simulator.control.send(person, person, words)

    def counts(self, question: str) -> Counter[int]:
        """How many hold each option of a question, each person once."""
        return Counter(options[0] for (_, asked), options in self.held.items() if asked == question)

    @property
    def voters(self) -> set[int]:
        return {person for person, _ in self.held}
