"""One line a person: in each line one after the other, the lines side by side.

Only the head of a line is given out, so somebody who sends 500 messages has one in hand like everybody else.
"""

import asyncio
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lines(Generic[Item]):
    """Items by key. A key is ready while its line has a head that is not given out."""

    def __init__(self) -> None:
        self._lines: dict[int, deque[Item]] = {}
        self._ready: deque[int] = deque()
        self._count = 0
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._room = 0

    def __len__(self) -> int:
        """How many stand in all lines, those given out included."""
        return self._count

    def join(self, key: int, item: Item) -> None:
        """Stand at the end of this line."""
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = deque()
            self._ready.append(key)
            self._changed.set()
        line.append(item)
        self._count += 1

    async def heads(self, most: int) -> list[Item]:
        """The heads of at most so many lines, those first that have been ready for longest; waits for one."""
        while not self._ready:
            self._changed.clear()
            await self._changed.wait()
        keys = [self._ready.popleft() for _ in range(min(most, len(self._ready)))]
        return [self._lines[key][0] for key in keys]

    def leave(self, key: int) -> None:
        """The head that was given out is through."""
        line = self._lines.get(key)
        if line is None:
            return  # all lines were cleared meanwhile
        line.popleft()
        self._count -= 1
        if self._count < self._room:
            self._has_room.set()
        if line:
            self._ready.append(key)
            self._changed.set()
        else:
            del self._lines[key]

    def stay(self, key: int) -> None:
        """The head that was given out is not through: it is ready again, before the others."""
        if key in self._lines:
            self._ready.appendleft(key)
            self._changed.set()

    async def room(self, most: int) -> None:
        """Wait until fewer than so many stand in all lines."""
        self._room = most
        while self._count >= most:
            self._has_room.clear()
            await self._has_room.wait()

    def clear(self) -> list[Item]:
        """Everything that stands in lines, which are then empty; what was given out is no longer waited for."""
        left = [item for line in self._lines.values() for item in line]
        self._lines.clear()
        self._ready.clear()
        self._count = 0
        self._has_room.set()
        return left
