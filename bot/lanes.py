"""Who may send next: replies, then reminders, then bulk, within Telegram's limits.

    ask ──► waiting ──► released ──► answered
              │  ▲          └──────► given back    it never left, so that its places are free again
              │  └ aside             its chat is full or halted: others go by, and it comes back to its old place
              └────► withdrawn, or turned away    it would wait longer than anybody should hold it

Replies go as soon as there is room. Once they had to wait for room they go a few milliseconds apart until nobody waits:
thirty that leave together hold each other up on the way, and a place is only free again one window after the answer.
Reminders and bulk go one by one at the pace of the limit, so that a reply finds a place within a step of it (1/30 s).
Within a lane the order is that of asking. What does not count against the limit of
all chats (edits, deletions) does not wait for those that do, but for its chat, and in the lower lanes at a pace too.

A refusal for too many requests (429) does not say whether the chat or the bot is meant. It halts the chat for the time
named; if a second chat is refused within that time, it was the bot: everything halts for the longer of the two times.

Nothing here knows Telegram, waits or asks for the time: `now` is given, and `next_at` says when to look again.
"""

import enum
import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass

from bot.services.requests import Lane
from bot.windows import Chat, Limits, Pace, Window

# So long a request is held while its chat is full or while there is a halt. Whoever asks for more is better off with a
# row of the database, which can be paused, cancelled, and survives the process.
HELD_S = {Lane.REPLY: 5.0, Lane.REMINDER: 2.0, Lane.BULK: 2.0}
_RANKS = {lane: rank for rank, lane in enumerate(Lane)}
_FEW_GONE = 64
# How many times as fast as the limit allows replies follow each other once there was a crowd of them.
_CROWD_HASTE = 5


class Kind(enum.Enum):
    """What a request counts as."""

    MESSAGE = "message"  # against its chat and the limit of all chats
    PAID = "paid"  # against its chat and the limit of paid ones
    EDIT = "edit"  # against its chat
    FREE = "free"  # against nothing; halts hold for it as well


class TurnedAway(Exception):
    """It would have to wait too long: `seconds`, as far as can be foreseen."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.3f} s")
        self.seconds = seconds


@dataclass(eq=False, slots=True)
class Ticket:
    """One request on its way."""

    order: int
    lane: Lane
    chat: Chat | None
    kind: Kind
    number: int  # of messages that it counts as
    is_released: bool = False
    is_gone: bool = False  # withdrawn or turned away, though a queue still holds it
    is_aside: bool = False


class _Track:
    """Requests of one lane that wait for the same windows; the lower lanes' keep a pace."""

    def __init__(self, windows: tuple[Window, ...], pace: Pace | None) -> None:
        self.windows = windows
        self.pace = pace
        self.queue: list[tuple[int, Ticket]] = []
        self.gone = 0

    def first(self) -> Ticket | None:
        while self.queue and self.queue[0][1].is_gone:
            heapq.heappop(self.queue)
            self.gone -= 1
        return self.queue[0][1] if self.queue else None

    def forget(self) -> None:
        """One of the queue is gone; it is dropped when its turn comes, unless there are many."""
        self.gone += 1
        if self.gone > _FEW_GONE and self.gone * 2 > len(self.queue):
            self.queue = [each for each in self.queue if not each[1].is_gone]
            heapq.heapify(self.queue)
            self.gone = 0


class _Aside:
    """Requests of one chat that others go by, those of the higher lanes first."""

    __slots__ = ("look_at", "queue")

    def __init__(self) -> None:
        self.queue: list[tuple[int, int, Ticket]] = []
        self.look_at = math.inf


class Lanes:
    """The requests of one bot."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._messages = Window(limits.per_second, 1.0)
        # Telegram counts paid messages together with all others.
        self._all = Window(max(limits.paid_per_second, limits.per_second), 1.0)
        pace, quiet_pace = Pace(limits.per_second), Pace(limits.per_second)
        message = (self._messages, self._all) if limits.paid_per_second else (self._messages,)
        self._tracks: dict[tuple[Lane, bool], _Track] = {
            (Lane.REPLY, False): _Track((), None),
            (Lane.REPLY, True): _Track(message, None),
            (Lane.REMINDER, False): _Track((), quiet_pace),
            (Lane.REMINDER, True): _Track(message, pace),
            (Lane.BULK, False): _Track((), quiet_pace),
            (Lane.BULK, True): _Track(message, pace),
        }
        self._replies = self._tracks[Lane.REPLY, True]
        self._crowd: Pace | None = None  # while more replies wait than there is room for
        self._paid = _Track((self._all,), Pace(limits.paid_per_second or limits.per_second))
        self._order = 0
        self._waiting: set[Ticket] = set()
        self._lengths = dict.fromkeys(Lane, 0)
        self._under_way = 0
        self._chats: dict[int | str, Chat] = {}
        self._aside: dict[Chat, _Aside] = {}
        # When to look at a chat again: for those aside, and to forget it.
        self._looks: list[tuple[float, int, Chat]] = []
        self._halted_until = -math.inf
        self._halts: dict[int | str, float] = {}
        self._is_stirred = False
        self.next_at = math.inf

    @property
    def lengths(self) -> dict[Lane, int]:
        """How many requests wait in each lane."""
        return dict(self._lengths)

    @property
    def under_way(self) -> int:
        """How many have been released and are not answered."""
        return self._under_way

    @property
    def known_chats(self) -> int:
        """How many chats are remembered: those that were sent something within their window, or wait."""
        return len(self._chats)

    def halted_for(self, now: float) -> float:
        """For how many seconds more nothing is sent at all."""
        return max(0.0, self._halted_until - now)

    def ask(self, lane: Lane, chat_id: int | str | None, kind: Kind, number: int, now: float) -> Ticket:
        """Stand in line; `release` says when it is time to go. Raises `TurnedAway`."""
        chat = self._chats.get(chat_id) if chat_id is not None else None
        number = 0 if kind is Kind.FREE else number
        expected = self._halted_until
        if chat is not None:
            expected = max(expected, chat.expected_at(number, in_burst=lane is Lane.REPLY, now=now))
        if expected - now > HELD_S[lane]:
            raise TurnedAway(expected - now)
        if chat is None and chat_id is not None:
            chat = self._chats[chat_id] = Chat(chat_id, self._limits)
        self._order += 1
        ticket = Ticket(self._order, lane, chat, kind, number)
        if chat is not None:
            chat.waiting += number
            chat.replies_waiting += number if lane is Lane.REPLY else 0
            chat.requests += 1
        track = self._track(ticket)
        if track.pace is not None and not any(
            each.queue for each in self._all_tracks() if each.pace is track.pace
        ):
            track.pace.begin(now)
        self._waiting.add(ticket)
        self._lengths[lane] += 1
        heapq.heappush(track.queue, (ticket.order, ticket))
        return ticket

    def release(self, now: float) -> list[Ticket]:
        """Those who go now. What they need is taken; each is to end with `answered` or `give_back`.

        Afterwards `next_at` is when somebody else could go if nothing is answered or asked before.
        """
        self._look_around(now)
        released: list[Ticket] = []
        self.next_at = self._halted_until if self._waiting else math.inf
        if self._halted_until <= now:
            self._is_stirred = True
            while self._is_stirred:
                self._is_stirred = False
                released += self._pass(now)
        return released

    def _pass(self, now: float) -> Iterator[Ticket]:
        """Go through the lanes once."""
        self.next_at = math.inf
        full: set[Window] = set()
        for track in self._all_tracks():
            # A window that a higher lane waits for is not filled by a lower one.
            is_reply = track is self._replies
            while full.isdisjoint(track.windows) and (ticket := track.first()) is not None:
                if is_reply and self._crowd is not None and self._crowd.due_at > now:
                    self.next_at = min(self.next_at, self._crowd.due_at)
                    full.update(track.windows)  # nobody takes its place in these milliseconds
                    break
                if track.pace is not None and track.pace.due_at > now:
                    self.next_at = min(self.next_at, track.pace.due_at)
                    break
                opens = [(each, each.open_at(ticket.number, now)) for each in track.windows]
                missing = [(each, at) for each, at in opens if at > now]
                if missing:
                    full.update(each for each, _ in missing)
                    if is_reply and self._crowd is None:
                        self._crowd = Pace(_CROWD_HASTE * self._limits.per_second, catch_up_s=0.0)
                    self.next_at = min(self.next_at, max(at for _, at in missing))
                    break
                heapq.heappop(track.queue)
                if self._opens_at(ticket, now) > now:
                    self._step_aside(ticket, now)
                else:
                    self._let_go(ticket, track, now)
                    yield ticket
        if self._aside and self._looks:
            self.next_at = min(self.next_at, self._looks[0][0])

    def answered(self, ticket: Ticket, now: float) -> None:
        """The request is over, in whatever way; Telegram may have counted it until now."""
        self._under_way -= 1
        for window in self._track(ticket).windows:
            window.answered(ticket.number, now)
        if ticket.chat is not None:
            ticket.chat.requests -= 1
            if ticket.number:
                self._look_later(ticket.chat, ticket.chat.answered(ticket.number, now))
            self._look(ticket.chat, now)

    def give_back(self, ticket: Ticket, now: float) -> None:
        """The request certainly never left."""
        self._under_way -= 1
        for window in self._track(ticket).windows:
            window.give_back(ticket.number)
        if ticket.chat is not None:
            ticket.chat.requests -= 1
            ticket.chat.window.give_back(ticket.number)
            self._look(ticket.chat, now)

    def withdraw(self, ticket: Ticket, now: float) -> None:
        """Whoever waits has gone."""
        self._leave(ticket)
        ticket.is_gone = True
        chat = ticket.chat
        if ticket.is_aside:
            assert chat is not None
            aside = self._aside[chat]
            aside.queue = [each for each in aside.queue if not each[2].is_gone]
            heapq.heapify(aside.queue)
        else:
            self._track(ticket).forget()
        if chat is not None:
            chat.requests -= 1
            self._look(chat, now)

    def too_many(self, ticket: Ticket, seconds: float, now: float) -> list[tuple[Ticket, float]]:
        """Telegram refused this one (429); gives those who are turned away for it, with what they would wait.

        The ticket itself still has to be `answered`: a refusal may count as well.
        """
        if ticket.chat is None:
            return []  # no message; what it exceeded is not of ours
        until = now + seconds
        self._halts = {chat_id: at for chat_id, at in self._halts.items() if at > now}
        others = [at for chat_id, at in self._halts.items() if chat_id != ticket.chat.id]
        self._halts[ticket.chat.id] = max(until, self._halts.get(ticket.chat.id, until))
        ticket.chat.halted_until = self._halts[ticket.chat.id]
        self._look_later(ticket.chat, ticket.chat.halted_until)
        if others:
            self._halted_until = max(self._halted_until, until, *others)
        left = [
            (each, wait)
            for each in self._waiting
            if (wait := max(self._halted_until, each.chat.halted_until if each.chat else now) - now)
            > HELD_S[each.lane]
        ]
        for each, _ in left:
            self.withdraw(each, now)
        return left

    def withdraw_all(self, now: float) -> list[Ticket]:
        """Send everybody away who waits."""
        waiting = list(self._waiting)
        for ticket in waiting:
            self.withdraw(ticket, now)
        return waiting

    def _all_tracks(self) -> Iterator[_Track]:
        yield from self._tracks.values()
        yield self._paid

    def _track(self, ticket: Ticket) -> _Track:
        match ticket.kind:
            case Kind.PAID:
                return self._paid
            case Kind.MESSAGE:
                return self._tracks[ticket.lane, True]
            case Kind.EDIT:
                return self._tracks[ticket.lane, self._limits.edits_overall]
            case Kind.FREE:
                return self._tracks[ticket.lane, False]

    def _opens_at(self, ticket: Ticket, now: float) -> float:
        if ticket.chat is None:
            return now
        return ticket.chat.open_at(ticket.number, in_burst=ticket.lane is Lane.REPLY, now=now)

    def _let_go(self, ticket: Ticket, track: _Track, now: float) -> None:
        self._leave(ticket)
        ticket.is_released = True
        self._under_way += 1
        for window in track.windows:
            window.take(ticket.number)
        if track.pace is not None:
            track.pace.step(max(1, ticket.number), now)
        if track is self._replies and self._crowd is not None:
            self._crowd.step(1, now)
            if not track.queue:
                self._crowd = None
        if ticket.chat is not None:
            ticket.chat.window.take(ticket.number)
            self._look(ticket.chat, now)

    def _leave(self, ticket: Ticket) -> None:
        self._waiting.discard(ticket)
        self._lengths[ticket.lane] -= 1
        if ticket.chat is not None:
            ticket.chat.waiting -= ticket.number
            ticket.chat.replies_waiting -= ticket.number if ticket.lane is Lane.REPLY else 0

    def _step_aside(self, ticket: Ticket, now: float) -> None:
        assert ticket.chat is not None
        ticket.is_aside = True
        aside = self._aside.setdefault(ticket.chat, _Aside())
        heapq.heappush(aside.queue, (_RANKS[ticket.lane], ticket.order, ticket))
        self._look(ticket.chat, now)

    def _look_around(self, now: float) -> None:
        while self._looks and self._looks[0][0] <= now:
            chat = heapq.heappop(self._looks)[2]
            if (aside := self._aside.get(chat)) is not None:
                aside.look_at = math.inf
            self._look(chat, now)

    def _look_later(self, chat: Chat, at: float) -> None:
        self._order += 1
        heapq.heappush(self._looks, (at, self._order, chat))

    def _look(self, chat: Chat, now: float) -> None:
        """Let the first of those aside back in line if the chat is open; the next one follows when that has left."""
        aside = self._aside.get(chat)
        if aside is not None and aside.queue:
            ticket = aside.queue[0][2]
            at = self._opens_at(ticket, now)
            if at <= now:
                heapq.heappop(aside.queue)
                ticket.is_aside = False
                self._is_stirred = True
                heapq.heappush(self._track(ticket).queue, (ticket.order, ticket))
            elif at < aside.look_at:
                aside.look_at = at
                self._look_later(chat, at)
        if aside is not None and not aside.queue:
            del self._aside[chat]
        if chat.is_idle(now) and self._chats.get(chat.id) is chat:
            del self._chats[chat.id]
