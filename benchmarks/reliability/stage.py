"""Telegram in this process, a bot in another, and people by the thousand."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.simulator.requests import Request
from bot.simulator.server import serve
from bot.simulator.simulator import Answer, Simulator

TOKEN = "4242:a-token-of-the-simulator-that-is-long-enough"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Said:
    """A message that Telegram accepted from the bot: when, for whom, and what."""

    at: float
    chat_id: int
    text: str


@dataclass
class Recorder:
    """Hears what Telegram accepts from the bot, and tells when there was enough of it."""

    said: list[Said] = field(default_factory=list)
    presses_answered: list[float] = field(default_factory=list)
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    first_poll_at: float | None = None
    _clock: Any = None
    _wanted: int | None = None
    _enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def before(self, request: Request) -> None:
        # By webhook a bot is ready when it has said where.
        if request.method in ("getUpdates", "setWebhook") and self.first_poll_at is None:
            self.first_poll_at = self._clock()
            self.polled.set()

    async def after(self, request: Request, answer: Answer) -> None:
        if request.method == "sendMessage":
            self.said.append(Said(self._clock(), int(request.params["chat_id"]), str(request.params["text"])))
        elif request.method == "answerCallbackQuery":
            self.presses_answered.append(self._clock())
        else:
            return
        if self._wanted is not None and self.count >= self._wanted:
            self._enough.set()

    @property
    def count(self) -> int:
        """Messages and answered presses."""
        return len(self.said) + len(self.presses_answered)

    async def until(self, count: int, quiet_s: float) -> bool:
        """Wait until so many were accepted, or none for `quiet_s` seconds; gives whether it were so many."""
        self._wanted = count
        self._enough.clear()
        while self.count < count:
            before = self.count
            try:
                await asyncio.wait_for(self._enough.wait(), quiet_s)
            except TimeoutError:
                if self.count == before:
                    return False
        return True

    def forget(self) -> None:
        """Begin to count anew."""
        self.said.clear()
        self.presses_answered.clear()
        self._wanted = None
        self.first_poll_at = None
        self.polled.clear()


@dataclass
class Stage:
    """Telegram, the people in it, and what the bot does there."""

    simulator: Simulator
    url: str
    recorder: Recorder
    folder: Path
    people: list[int] = field(default_factory=list)
    starts: int = 0

    @property
    def control(self) -> Any:
        return self.simulator.control

    def now(self) -> float:
        """Seconds since 1970 by the server's clock."""
        return self.simulator.world.now()

    def gather(self, count: int) -> None:
        """So many people who have said /start once; the bot is not told of it."""
        for number in range(len(self.people), len(self.people) + count):
            person = self.control.add_user(f"Peserta {number}", language_code="id")["id"]
            self.control.send(person, person, "/start")
            self.people.append(person)
        for bot in self.simulator.world.bots.values():
            bot.updates.clear()

    def ask(self, person: int, text: str) -> None:
        """One person writes to the bot in private."""
        self.control.send(person, person, text)

    def press(self, person: int, label: str) -> None:
        """One person presses the button with this label under the last message of the bot that has one."""
        for message in reversed(self.control.messages(person)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                if label in button["text"]:
                    self.control.press(person, person, message["message_id"], text=button["text"])
                    return
        raise LookupError(f"nothing to press for {person}")

    async def fetched(self) -> None:
        """Wait until the bot has fetched everything."""
        await self.simulator.wait_for(
            lambda: self.control.pending() == 0, timeout=60, what="all updates to be fetched"
        )

    async def settled(self, quiet_s: float = 2.0) -> None:
        """Wait until the bot has fetched everything and then said nothing more for a while."""
        await self.fetched()
        await self.recorder.until(sys.maxsize, quiet_s)


@asynccontextmanager
async def stage(folder: Path, *, limits: bool = False, seed: int = 1) -> AsyncIterator[Stage]:
    """A fresh Telegram; with `limits` it refuses what Telegram would refuse."""
    simulator = Simulator(seed=seed)
    simulator.control.add_bot(TOKEN, "TanyaCoP_bot", "TanyaCoP")
    simulator.control.keep_requests(False)
    simulator.control.set_rates(enabled=limits)
    recorder = Recorder(_clock=simulator.world.now)
    simulator.hooks.append(recorder)
    async with serve(simulator) as server:
        yield Stage(simulator, server.url, recorder, folder)


@dataclass
class Bot:
    """A bot's process."""

    process: asyncio.subprocess.Process
    started_at: float
    stage: Stage
    took_s: float = 0.0  # from its start to its first getUpdates
    cpu_to_start_s: float = 0.0  # what it used of a processor until then

    async def ready(self, within_s: float = 120.0) -> None:
        """Wait for its first getUpdates, or for the address of its webhook."""
        await asyncio.wait_for(self.stage.recorder.polled.wait(), within_s)
        assert self.stage.recorder.first_poll_at is not None
        self.cpu_to_start_s = self.cpu_s()
        self.took_s = self.stage.recorder.first_poll_at - self.started_at

    def memory_mb(self) -> float:
        """Its resident memory in MB (10^6 bytes)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise LookupError("no VmRSS")

    def cpu_s(self) -> float:
        """Seconds of a processor that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def kill(self) -> None:
        """SIGKILL."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when that is of no use."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            await self.kill()


@asynccontextmanager
async def running(
    stage: Stage, arguments: Sequence[str], variables: Mapping[str, str], stdin: str = ""
) -> AsyncIterator[Bot]:
    """`python` with these arguments as a bot of this stage; it is stopped at the end of the block."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = (
        kept | {"PYTHONPATH": str(ROOT), "BOT_TOKEN": TOKEN, "BOT_API_URL": stage.url} | dict(variables)
    )
    stage.starts += 1
    stage.recorder.polled.clear()
    stage.recorder.first_poll_at = None
    with (stage.folder / f"bot-{stage.starts}.log").open("wb") as log:
        started_at = stage.now()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=stage.folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    assert process.stdin is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    bot = Bot(process, started_at, stage)
    try:
        yield bot
    finally:
        await bot.stop()
