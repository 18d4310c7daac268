"""Every message that bots sent or were refused to send, with its time: what rates are checked against afterwards."""

from array import array
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_REFUSED = 1
_EDIT = 2
_PAID = 4


class Traffic:
    """One line per message in arrays: a hundred thousand of them take three megabytes."""

    def __init__(self) -> None:
        self._times = array("d")
        self._bots = array("q")
        self._chats = array("q")
        self._marks = array("B")

    def add(
        self,
        at: float,
        bot_id: int,
        chat_id: int,
        number: int = 1,
        *,
        is_refused: bool = False,
        is_edit: bool = False,
        is_paid: bool = False,
    ) -> None:
        mark = _REFUSED * is_refused | _EDIT * is_edit | _PAID * is_paid
        for _ in range(number):
            self._times.append(at)
            self._bots.append(bot_id)
            self._chats.append(chat_id)
            self._marks.append(mark)

    def view(
        self,
        *,
        after: float = 0.0,
        bot_id: int | None = None,
        chat_id: int | None = None,
        window: float = 1.0,
        with_edits: bool = False,
    ) -> Json:
        """Counts of what was later than `after`, and the most accepted messages within any `window` seconds.

        `accepted`, `refused` and `most` count edits only where `with_edits` is said; `edits` is how many were
        accepted. `seconds` are rows of [second, accepted, refused], those without messages left out.
        """
        accepted: Counter[int] = Counter()
        refused: Counter[int] = Counter()
        edits = paid = most = 0
        busiest: float | None = None
        times: list[float] = []
        recent: deque[float] = deque()
        for at, mark in self._lines(after, bot_id, chat_id):
            if mark & _EDIT:
                edits += not mark & _REFUSED
                if not with_edits:
                    continue
            if mark & _REFUSED:
                refused[int(at)] += 1
                continue
            accepted[int(at)] += 1
            paid += bool(mark & _PAID)
            times.append(at)
            recent.append(at)
            while recent[0] <= at - window:
                recent.popleft()
            if len(recent) > most:
                most, busiest = len(recent), recent[0]
        return {
            "accepted": len(times),
            "refused": refused.total(),
            "edits": edits,
            "paid": paid,
            "most": most,
            "busiest_at": busiest,
            "first_at": times[0] if times else None,
            "last_at": times[-1] if times else None,
            "seconds": [[at, accepted[at], refused[at]] for at in sorted(accepted.keys() | refused.keys())],
        }

    def _lines(self, after: float, bot_id: int | None, chat_id: int | None) -> Iterator[tuple[float, int]]:
        # The clock never goes back: what is later stands further behind.
        first = bisect_right(self._times, after)
        lines = zip(
            self._times[first:], self._bots[first:], self._chats[first:], self._marks[first:], strict=True
        )
        for at, bot, chat, mark in lines:
            if bot_id in (None, bot) and chat_id in (None, chat):
                yield at, mark
