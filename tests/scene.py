"""A stage for journeys: the program, a simulated Telegram, and people who write, press and read.

Nothing here reaches into the program: it is spoken to over HTTP, and looked at through what Telegram received.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from bot.app import TanyaCop
from bot.clock import ManualClock
from bot.settings import Settings
from bot.simulator.server import serve
from bot.simulator.simulator import Simulator
from knowledge_base.loader import Content
from knowledge_base.outcomes import Suggest
from tests.front import SECRET, Front, front

TOKEN = "4242:a-token-of-the-simulator"
BOT_NAME = "TanyaCoP_bot"
# Journeys are not to wait for Telegram's limits, which the simulator does not enforce by itself.
NO_LIMITS: dict[str, Any] = {
    "messages_per_second": 100_000,
    "private_messages_per_second": 1_000,
    "group_messages_per_minute": 100_000,
}
OWNER_ID = 1_000_001  # the first person that the simulator is given

Message = dict[str, Any]


class Faults(logging.Handler):
    """Collects what the program logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class Scene:
    """A running program and the Telegram around it."""

    simulator: Simulator
    program: TanyaCop
    clock: ManualClock
    bot_id: int
    url: str
    faults: Faults = field(default_factory=Faults)
    forgiven: int = 0  # how many refusals a test has looked at

    @property
    def control(self) -> Any:
        return self.simulator.control

    def person(self, name: str, language_code: str = "id") -> "Someone":
        """Somebody who has not written to the bot yet, in their private chat with it."""
        user = self.control.add_user(name, language_code=language_code)
        return Someone(self, user["id"], user["id"])

    def group(self, title: str, *members: "Someone", is_forum: bool = False) -> int:
        """A group with these members and the bot; gives its id."""
        group = self.control.add_group(title, [member.user_id for member in members], is_forum=is_forum)
        self.control.add_member(group["id"], self.bot_id)
        return int(group["id"])

    async def settled(self) -> None:
        """Wait until the program has handled everything that Telegram holds for it."""
        await self.simulator.wait_for(lambda: self.control.pending() == 0, what="all updates to be fetched")
        await self.program.application.update_queue.join()

    def requests(self, method: str) -> list[dict[str, Any]]:
        """What the program asked of Telegram so far, by method."""
        return list(self.control.requests(method=method))

    def refused(self) -> list[dict[str, Any]]:
        """The program's requests that Telegram refused."""
        return [request for request in self.control.requests() if request["ok"] is False]

    def forgive(self) -> None:
        """Forget what went wrong so far: the test looked at it."""
        self.faults.records.clear()
        self.forgiven = len(self.refused())

    def check_no_faults(self) -> None:
        """No handler failed, and Telegram accepted everything."""
        assert [record.getMessage() for record in self.faults.records] == []
        refused = [(r["method"], r["error"], r["params"]) for r in self.refused()[self.forgiven :]]
        assert refused == []


@dataclass(frozen=True)
class Someone:
    """A person in one chat. Every act waits until the bot has reacted and gives what is new or changed by it."""

    scene: Scene
    user_id: int
    chat_id: int
    thread_id: int | None = None

    def within(self, chat_id: int, thread_id: int | None = None) -> "Someone":
        """The same person in another chat or topic."""
        return Someone(self.scene, self.user_id, chat_id, thread_id)

    async def says(self, text: str, reply_to: int | None = None, **how: Any) -> list[Message]:
        return await self._reactions(
            lambda: self.scene.control.send(
                self.user_id, self.chat_id, text, reply_to=reply_to, thread_id=self.thread_id, **how
            )
        )

    async def asks(self, text: str, **how: Any) -> Message:
        """Write something that is answered by exactly one message."""
        (answer,) = await self.says(text, **how)
        return answer

    async def sends(self, kind: str, **what: Any) -> list[Message]:
        return await self._reactions(
            lambda: self.scene.control.send_media(self.user_id, self.chat_id, kind, **what)
        )

    async def votes(self, message: Message, *options: int, **how: Any) -> list[Message]:
        """Vote in a poll; without options the vote is taken back. Gives what the bot says to it."""
        chat_id, message_id = self.chat_id, message["message_id"]
        reactions = await self._reactions(
            lambda: self.scene.control.vote(self.user_id, chat_id, message_id, list(options), **how)
        )
        return [each for each in reactions if each["message_id"] != message_id]

    async def edits(self, message_id: int, text: str) -> list[Message]:
        return await self._reactions(
            lambda: self.scene.control.edit(self.user_id, self.chat_id, message_id, text)
        )

    async def presses(self, message: Message, label: str) -> list[Message]:
        """Press the button whose label contains `label`."""
        (text,) = [each for each in labels(message) if label in each]
        return await self._reactions(
            lambda: self.scene.control.press(self.user_id, self.chat_id, message["message_id"], text=text)
        )

    async def is_told(self, message: Message, label: str) -> dict[str, Any]:
        """Press a button and read the note that comes back."""
        (text,) = [each for each in labels(message) if label in each]
        pressed = self.scene.control.press(self.user_id, self.chat_id, message["message_id"], text=text)
        return await self._note(pressed)

    async def forges(self, message: Message, data: str) -> dict[str, Any]:
        """Send callback data that no button holds, and read the note that comes back."""
        forged = self.scene.control.forge_callback(self.user_id, self.chat_id, message["message_id"], data)
        return await self._note(forged)

    async def looks_up(self, query: str) -> dict[str, Any]:
        """Type in inline mode; gives the bot's list."""
        asked = self.scene.control.inline(self.user_id, query)
        await self.scene.settled()
        return dict(self.scene.control.inline_answer(asked["inline_query_id"]))

    def sent(self) -> Message:
        """The last message that this person wrote here."""
        return [m for m in self.messages() if m["from"]["id"] == self.user_id][-1]

    def messages(self) -> list[Message]:
        return [m for m in self.scene.control.messages(self.chat_id) if not m.get("deleted")]

    def reads(self) -> Message:
        """The last message here that the bot wrote."""
        return [m for m in self.messages() if m["from"]["id"] == self.scene.bot_id][-1]

    async def _note(self, pressed: dict[str, Any]) -> dict[str, Any]:
        await self.scene.settled()
        answer = self.scene.control.callback_answer(pressed["callback_id"])
        assert answer is not None, "the press was not answered"
        return dict(answer)

    async def _reactions(self, act: Callable[[], Any]) -> list[Message]:
        before = {m["message_id"]: m for m in self.messages()}
        act()
        await self.scene.settled()
        return [
            m
            for m in self.messages()
            if m["from"]["id"] == self.scene.bot_id and before.get(m["message_id"]) != m
        ]


def between_two(scene: Scene) -> str:
    """A question that lies between entries of the book, so that the bot has to ask back."""
    book = scene.program.services.content.book
    keywords = [keyword for each in book.in_force for keyword in each.keywords]
    for question in (f"info {keyword}" for keyword in keywords):
        (outcome,) = (part.outcome for part in book.engine.ask(question)[:1])
        if isinstance(outcome, Suggest) and len(outcome.matches) > 1:
            return question
    raise AssertionError("no keyword of the book lies between two entries")


def labels(message: Message) -> list[str]:
    """What stands on the buttons under a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def folded(message: Message) -> str:
    """The text inside the message's folded quotation."""
    for entity in message.get("entities", []):
        if entity["type"] == "expandable_blockquote":
            units: bytes = message["text"].encode("utf-16-le")
            return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
    return ""


@asynccontextmanager
async def scene_of(
    database_url: str,
    clock: ManualClock,
    *,
    content: Content | None = None,
    is_polling: bool = True,
    settings: dict[str, Any] | None = None,
) -> AsyncIterator[Scene]:
    """A running program on this database; it is stopped in order when the block is left."""
    async with _scene_of(database_url, clock, content, settings or {}) as scene:
        if is_polling:
            await scene.program.poll()
        yield scene


@asynccontextmanager
async def hooked_scene_of(
    database_url: str, clock: ManualClock, content: Content
) -> AsyncIterator[tuple[Scene, Front, str]]:
    """The same by webhook, with what stands before it, and the program's own address."""
    async with front() as stands:
        hook: dict[str, Any] = {"webhook_url": stands.url, "webhook_secret": SECRET, "webhook_port": 0}
        async with _scene_of(database_url, clock, content, hook) as scene:
            scene.control.set_webhook_waits(first=0.01, longest=0.05)
            port = await scene.program.listen()
            stands.add(port)
            yield scene, stands, f"http://127.0.0.1:{port}"
            stands.targets.clear()  # the scene ends, and Telegram goes on


@asynccontextmanager
async def _scene_of(
    database_url: str, clock: ManualClock, content: Content | None, more: dict[str, Any]
) -> AsyncIterator[Scene]:
    simulator = Simulator(clock=clock.now, seed=1)
    bot = simulator.control.add_bot(TOKEN, BOT_NAME, "TanyaCoP")
    async with serve(simulator) as server:
        settings = Settings(
            bot_token=SecretStr(TOKEN),
            bot_api_url=server.url,
            database_url=database_url,
            owner_ids=(OWNER_ID,),
            **(NO_LIMITS | more),
        )
        faults = Faults()
        logging.getLogger().addHandler(faults)
        try:
            no_waits: dict[str, Any] = {"waits_s": (0.0,) * 5}
            start = clock.now()

            def now() -> float:
                # What Telegram wants waited goes by when a test moves the clock, and otherwise as it does.
                return time.monotonic() + (clock.now() - start).total_seconds()

            async with TanyaCop(settings, clock=clock, now=now, content=content, **no_waits) as program:
                while not program.replica.leads:  # a moment after an earlier program on the same database
                    await program.replica.tick()
                yield Scene(simulator, program, clock, bot["id"], server.url, faults)
        finally:
            logging.getLogger().removeHandler(faults)
