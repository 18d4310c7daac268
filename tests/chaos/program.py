"""The real command as a process that is started, killed and started again."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.simulator.simulator import Simulator

ROOT = Path(__file__).parents[2]
LAST_LINES = 40


@dataclass
class Program:
    """`python -m bot run` in `folder`, with these settings as environment; `log` is what all its processes said."""

    simulator: Simulator
    folder: Path
    settings: Mapping[str, str]
    log: list[str] = field(default_factory=list)
    process: asyncio.subprocess.Process | None = None
    _reading: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(ROOT)} | dict(self.settings),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self.process.stderr is not None
        self._reading = asyncio.create_task(self._read(self.process.stderr))

    async def _read(self, lines: asyncio.StreamReader) -> None:
        async for line in lines:
            self.log.append(line.decode(errors="replace").rstrip())
            self.simulator.world.events.touch()  # whoever waits for a word of the program looks again

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        """SIGKILL; the process has no say in it."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def ended(self, within_s: float) -> int:
        """Wait for the end; gives the exit code, negative for a signal."""
        assert self.process is not None
        assert self._reading is not None
        code = await asyncio.wait_for(self.process.wait(), within_s)
        await self._reading
        return code

    async def stop(self) -> int:
        """SIGTERM, and whatever it takes to have it ended."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return await self.ended(20)
        finally:
            self.kill()

    async def says(self, what: str, since: int) -> None:
        """Wait until a line of the log has these words, from line number `since` on."""
        await self.simulator.wait_for(
            lambda: any(what in line for line in self.log[since:]),
            timeout=60,
            what=f"the log to say {what!r}",
        )

    def last_words(self) -> str:
        """The end of the log, for whoever looks into a failure."""
        return "\n".join(self.log[-LAST_LINES:])


def by_webhook() -> dict[str, str]:
    """Settings with which updates come by webhook, on a port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "WEBHOOK_SECRET": "a-secret-of-the-simulator",
        "WEBHOOK_PORT": port,
    }
