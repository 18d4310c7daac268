"""What happened in the simulated world, numbered, for whoever watches: the page, a terminal, a test."""

import asyncio
import inspect
from collections import deque
from collections.abc import AsyncIterator, Callable
from itertools import islice
from typing import Any, TypeVar

Json = dict[str, Any]
T = TypeVar("T")

# Enough for a page that was asleep for a while; who missed more reads the world anew.
KEPT_EVENTS = 10_000


class EventLog:
    """Events in order, and the watchers that wait for the next one."""

    def __init__(self, kept: int = KEPT_EVENTS) -> None:
        self.last = 0
        self._events: deque[Json] = deque(maxlen=kept)
        self._watchers: set[asyncio.Event] = set()

    def publish(self, kind: str, **data: Any) -> None:
        """Record an event and wake everyone who waits."""
        self.last += 1
        self._events.append({"n": self.last, "kind": kind, **data})
        self.touch()

    def touch(self) -> None:
        """Something changed that is no event: whoever waits for a condition looks again."""
        for watcher in self._watchers:
            watcher.set()

    def after(self, number: int) -> list[Json]:
        """The kept events younger than `number`."""
        first_kept = self.last - len(self._events) + 1
        return list(islice(self._events, max(0, number - first_kept + 1), None))

    async def follow(self, after: int) -> AsyncIterator[list[Json]]:
        """Batches of the events younger than `after`, as they come, without end."""
        # Who followed an earlier simulator may know higher numbers than there are.
        seen = min(after, self.last)
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            while True:
                watcher.clear()
                if batch := self.after(seen):
                    seen = batch[-1]["n"]
                    yield batch
                else:
                    await watcher.wait()
        finally:
            self._watchers.discard(watcher)

    async def wait_for(self, predicate: Callable[[], T], seconds: float, what: str | None = None) -> T:
        """Wait until `predicate` gives something true, looking again after every change; returns that.

        `seconds` are those of the wall clock, whatever the simulated clock says.
        """
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            async with asyncio.timeout(seconds):
                while not (found := predicate()):
                    watcher.clear()
                    await watcher.wait()
                return found
        except TimeoutError:
            raise TimeoutError(f"waited {seconds:g} s in vain for: {what or _source(predicate)}") from None
        finally:
            self._watchers.discard(watcher)


def _source(predicate: Callable[[], Any]) -> str:
    """The text of a lambda, or the name of a function: what a failed test should say."""
    try:
        return " ".join(inspect.getsource(predicate).split())
    except (OSError, TypeError):
        return repr(predicate)
