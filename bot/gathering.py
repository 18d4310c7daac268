"""Work that is cheaper together: what comes while a batch is under way makes up the next one.

Few commits under load, and no waiting without it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Gathering(Generic[Item]):
    """Hands items to `work` in batches of at most `most`, in the order in which they came."""

    def __init__(self, work: Callable[[list[Item]], Awaitable[None]], most: int = 500) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> None:
        """Wait until the item's batch is through. Raises what `work` raised for it."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, over))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await over

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            error: Exception | None = None
            try:
                await self._work([item for item, _ in batch])
            except Exception as raised:
                error = raised
            for _, over in batch:
                if over.done():
                    continue  # whoever waited for it has gone
                if error is None:
                    over.set_result(None)
                else:
                    over.set_exception(error)
