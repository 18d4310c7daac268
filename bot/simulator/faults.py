"""What goes wrong between a bot and the server, on purpose and repeatably: resets, error pages, silence, storms.

Rules say which requests are hit and how; they are asked once for every request, in the order in which requests
come. Every rule has random numbers of its own, drawn from the seed and its place in the list, so that another rule
beside it changes nothing. Times are those of the simulator's clock where they say when a rule or a storm holds, and
real ones where somebody waits for a connection.

Beside the methods of the Bot API two things go by a name: "file" is the download of a file, "webhook" the delivery
of an update to a webhook, which rules hit only where they name it.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
FILE = "file"
WEBHOOK = "webhook"


class Fault(StrEnum):
    """What happens to a request. "Before" means without its effect; "after" with the effect, without the answer."""

    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    # An HTML page of whatever stands before the server.
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    # Nothing is answered for `seconds`; then the connection is reset.
    SILENCE_BEFORE = "silence_before"
    SILENCE_AFTER = "silence_after"
    # The effect, or the answer to it, comes later.
    DELAY = "delay"
    DELAY_AFTER = "delay_after"
    # For `seconds` every message to the chat, or all of the bot, is refused with 429.
    FLOOD_CHAT = "flood_chat"
    FLOOD_BOT = "flood_bot"


DELAYS = frozenset((Fault.DELAY, Fault.DELAY_AFTER))
FLOODS = frozenset((Fault.FLOOD_CHAT, Fault.FLOOD_BOT))
BEFORE = frozenset((Fault.RESET_BEFORE, Fault.ERROR_BEFORE, Fault.SILENCE_BEFORE)) | FLOODS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which requests are hit by what.

    A request matches if it is of one of the `methods`, to one of the `chat_ids`, and comes between `since` and
    `until`, in seconds after the rules were set; what is None does not matter. Of those that match the ones are hit
    whose number, counted from 1, is in the `schedule`, or else each with the `probability`; `at_most` so many.
    """

    fault: Fault
    probability: float = 1.0
    schedule: frozenset[int] | None = None
    at_most: int | None = None
    methods: frozenset[str] | None = None
    chat_ids: frozenset[int] | None = None
    since: float = 0.0
    until: float | None = None
    # How long a delay, a silence or a storm lasts; a delay anything between the two.
    seconds: float = 1.0
    to_seconds: float | None = None
    status: int = 502


@dataclass(frozen=True, slots=True)
class Fate:
    """What is going to happen to one request."""

    fault: Fault
    # Of a silence; of a storm what is left of it.
    seconds: float
    status: int
    delay_before: float = 0.0
    delay_after: float = 0.0

    @property
    def is_before(self) -> bool:
        return self.fault in BEFORE


@dataclass(eq=False, slots=True)
class _Tally:
    rule: Rule
    rng: random.Random
    matched: int = 0
    hit: int = 0
    struck: int = 0
    # (bot, chat), or (bot, None) for all of it, -> when the storm is over.
    storms: dict[tuple[int, int | None], float] = field(default_factory=dict)


class Faults:
    """The rules in force."""

    def __init__(self) -> None:
        self._tallies: list[_Tally] = []
        self._set_at = 0.0

    def __bool__(self) -> bool:
        return bool(self._tallies)

    def set(self, rules: Sequence[Rule], seed: int, now: float) -> None:
        """These rules from now on, counted anew; none means that nothing goes wrong."""
        self._tallies = [_Tally(rule, random.Random(f"{seed}/{place}")) for place, rule in enumerate(rules)]
        self._set_at = now

    def view(self) -> list[Json]:
        """How many requests each rule matched and hit (a storm also those that came while it lasted)."""
        return [
            {"fault": str(one.rule.fault), "matched": one.matched, "hit": one.hit} for one in self._tallies
        ]

    def fate(self, bot_id: int, method: str, chat_id: int | None, now: float) -> Fate | None:
        """What is to happen to this request; delays come on top of one other fault, of several the first counts."""
        found: tuple[Rule, float] | None = None
        before = after = 0.0
        delayed: Fault | None = None
        for tally in self._tallies:
            seconds = self._struck(tally, bot_id, method.lower(), chat_id, now)
            if seconds is None:
                continue
            match tally.rule.fault:
                case Fault.DELAY:
                    before, delayed = before + seconds, delayed or Fault.DELAY
                case Fault.DELAY_AFTER:
                    after, delayed = after + seconds, delayed or Fault.DELAY_AFTER
                case _:
                    found = found or (tally.rule, seconds)
        if found is not None:
            rule, seconds = found
            return Fate(rule.fault, seconds, rule.status, before, after)
        return Fate(delayed, 0.0, 0, before, after) if delayed is not None else None

    def _struck(
        self, tally: _Tally, bot_id: int, method: str, chat_id: int | None, now: float
    ) -> float | None:
        """For how many seconds the rule hits this request; None where it does not."""
        rule = tally.rule
        if not _matches(rule, method, chat_id, now - self._set_at):
            return None
        whose = (bot_id, chat_id if rule.fault is Fault.FLOOD_CHAT else None)
        if rule.fault in FLOODS and (left := tally.storms.get(whose, now) - now) > 0:
            tally.hit += 1
            return left
        tally.matched += 1
        drawn = tally.rng.random()
        is_hit = drawn < rule.probability if rule.schedule is None else tally.matched in rule.schedule
        if not is_hit or (rule.at_most is not None and tally.struck >= rule.at_most):
            return None
        tally.hit += 1
        tally.struck += 1
        if rule.fault in FLOODS:
            tally.storms[whose] = now + rule.seconds
        if rule.fault in DELAYS and rule.to_seconds is not None:
            return tally.rng.uniform(rule.seconds, rule.to_seconds)
        return rule.seconds


def _matches(rule: Rule, method: str, chat_id: int | None, age: float) -> bool:
    if age < rule.since or (rule.until is not None and age >= rule.until):
        return False
    if rule.methods is not None:
        if method not in rule.methods:
            return False
    elif method == WEBHOOK or (rule.fault in FLOODS and not is_message(method)):
        return False
    if rule.fault is Fault.FLOOD_CHAT and chat_id is None:
        return False
    return rule.chat_ids is None or chat_id in rule.chat_ids


def is_message(method: str) -> bool:
    """Whether Telegram counts what the method, in small letters, does as messages."""
    return method.startswith(("send", "copymessage", "forwardmessage", "editmessage", "stoppoll")) and (
        method not in ("sendchataction", "sendmessagedraft")
    )
