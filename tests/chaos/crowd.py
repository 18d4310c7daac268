"""People who are sent a mailing, ask questions and press 👍 or 👎 all the while; it notes what reaches whom."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.requests import Request
from bot.simulator.simulator import Answer, Simulator
from db.models import Verdict

QUESTION = "gmn cara klaim jkp?"
THUMBS = {"👍": Verdict.HELPFUL, "👎": Verdict.NOT_HELPFUL}
ASK_OFTEN, PRESS_OFTEN = 0.25, 0.2  # for each request that had its effect
WORDS = "Pengumuman nomor"

Copy = tuple[int, int]  # the number of a mailing, and the chat


@dataclass
class Crowd:
    """A hook of the simulator. Each person asks once and rates the answer once; while the crowd `is_lively` it asks
    more with every request, up to `most` questions, and never lets the program run out of work."""

    simulator: Simulator
    rng: random.Random
    most: int | None = None
    is_lively: bool = True
    people: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)  # chat -> answers that appeared there
    pressed: dict[int, Verdict] = field(default_factory=dict)
    reached: Counter[Copy] = field(default_factory=Counter)  # requests that came, whatever became of them
    copies: Counter[Copy] = field(default_factory=Counter)  # messages that appeared
    _readers: dict[int, int] = field(default_factory=dict)  # chat -> the card that is not rated yet

    def gather(self, count: int) -> None:
        """So many people who have said /start once; the bot is not told of it."""
        control = self.simulator.control
        for number in range(count):
            person = control.add_user(f"Peserta {number}", language_code="id")["id"]
            control.send(person, person, "/start")
            self.people.append(person)
        for bot in self.simulator.world.bots.values():
            bot.updates.clear()
        self._next = self._askers()

    def _askers(self) -> Iterator[int]:
        yield from self.rng.sample(self.people, len(self.people))
        while True:
            yield self.simulator.control.add_user("Seorang lagi", language_code="id")["id"]

    @property
    def updates(self) -> int:
        """How many updates all of this made."""
        return len(self.asked) + len(self.pressed)

    @property
    def has_asked_all(self) -> bool:
        return self.most is not None and len(self.asked) >= self.most

    @property
    def unanswered(self) -> int:
        return len(self.asked) - len(self.answers)

    def ask(self, count: int = 1) -> None:
        for _ in range(count):
            person = next(self._next)
            self.simulator.control.send(person, person, QUESTION)
            self.asked.append(person)

    def _press(self) -> None:
        chat = self.rng.choice(list(self._readers))
        thumb = self.rng.choice(list(THUMBS))
        card = self._readers.pop(chat)
        label = "👍 Membantu" if thumb == "👍" else "👎 Kurang membantu"
        self.simulator.control.press(chat, chat, card, text=label)
        self.pressed[chat] = THUMBS[thumb]

    async def before(self, request: Request) -> None:
        if (copy := copy_of(request)) is not None:
            self.reached[copy] += 1
        if request.method == "getUpdates":
            self._go_on()

    async def after(self, request: Request, answer: Answer) -> None:
        if (copy := copy_of(request)) is not None:
            self.copies[copy] += 1
        elif request.method == "sendMessage":
            self._note(_chat(request))
        self._go_on()

    def _note(self, chat: int) -> None:
        self.answers[chat] += 1
        if chat not in self.pressed:
            cards = [m for m in self.simulator.control.messages(chat) if "reply_markup" in m]
            self._readers[chat] = int(cards[-1]["message_id"])  # a copy of the mailing may have come after it

    def _go_on(self) -> None:
        if not self.is_lively:
            return
        if not self.has_asked_all and (self.unanswered == 0 or self.rng.random() < ASK_OFTEN):
            self.ask()
        if self._readers and self.rng.random() < PRESS_OFTEN:
            self._press()


def text_of(mailing: int) -> str:
    """What the mailing of this number says."""
    return f"{WORDS} {mailing}."


def copy_of(request: Request) -> Copy | None:
    """Which copy of a mailing this request brings; None where it is anything else."""
    text: Any = request.params.get("text", "")
    if request.method != "sendMessage" or not str(text).startswith(WORDS):
        return None
    return int(str(text).removeprefix(WORDS).rstrip(".")), _chat(request)


def _chat(request: Request) -> int:
    return int(request.params["chat_id"])
