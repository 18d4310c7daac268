"""Verbs that make the server as strict and the network as bad as they are, and that say what came of it."""

from dataclasses import asdict
from typing import Any

from bot.simulator.controls.lookup import ControlError, Lookup
from bot.simulator.faults import Fault, Rule
from bot.simulator.rates import Rates
from bot.simulator.webhook import Waits

Json = dict[str, Any]
_STATUSES = range(500, 600)
_TEXTS = ("fault",)
_NUMBERS = ("probability", "since", "until", "seconds", "to_seconds")
_WHOLE = ("at_most", "status")
_LISTS = {"schedule": int, "methods": str, "chat_ids": int}


class Disturbing(Lookup):
    """Rates, faults, and the accounts of both."""

    def set_rates(
        self,
        enabled: bool = True,
        per_second: int = 30,
        paid_per_second: int = 1000,
        private_messages: int = 3,
        private_seconds: float = 3.0,
        group_messages: int = 20,
        group_seconds: float = 60.0,
        edits_overall: bool = False,
        pressure: float = 0.5,
    ) -> None:
        """Enforce these limits from now on (see `rates.Rates`), or none at all."""
        if min(per_second, paid_per_second, private_messages, group_messages) < 1:
            raise ControlError("Every limit is at least one message.")
        if min(private_seconds, group_seconds) <= 0:
            raise ControlError("A limit holds for more than 0 seconds.")
        if not 0 <= pressure < 1:
            raise ControlError("The pressure is at least 0 and less than 1.")
        rates = Rates(
            per_second=per_second,
            paid_per_second=paid_per_second,
            private_messages=private_messages,
            private_seconds=private_seconds,
            group_messages=group_messages,
            group_seconds=group_seconds,
            edits_overall=edits_overall,
            pressure=pressure,
        )
        self._world.limiter.limit(rates if enabled else None)

    def rates(self) -> Json | None:
        """The limits in force, by the names that `set_rates` gives them; None where everything passes."""
        rates = self._world.limiter.rates
        return None if rates is None else asdict(rates)

    def traffic(
        self,
        after: float = 0.0,
        chat_id: int | None = None,
        window: float = 1.0,
        with_edits: bool = False,
        *,
        bot_id: int | None = None,
    ) -> Json:
        """What bots sent: {accepted, refused, edits, paid, most, busiest_at, first_at, last_at, seconds}.

        `most` is the highest number of messages accepted within any `window` seconds, which begins at
        `busiest_at`; `seconds` are rows of [second, accepted, refused]. Only what came later than `after` counts.
        """
        if window <= 0:
            raise ControlError("The window is longer than 0 seconds.")
        return self._world.traffic.view(
            after=after, bot_id=bot_id, chat_id=chat_id, window=window, with_edits=with_edits
        )

    def set_faults(self, rules: list[Json], seed: int = 0) -> None:
        """Let these things go wrong from now on, in place of what went wrong before; an empty list ends it.

        A rule has the `fault` and any of probability, schedule, at_most, methods, chat_ids, since, until, seconds,
        to_seconds, status: see `faults.Rule`.
        """
        read = [_rule(number, rule) for number, rule in enumerate(rules, 1)]
        self._faults.set(read, seed, self._world.now())

    def faults(self) -> list[Json]:
        """The rules in force, in order: {fault, matched, hit}."""
        return self._faults.view()

    def set_webhook_waits(self, first: float = 2.0, longest: float = 60.0, timeout: float = 60.0) -> None:
        """How long, in real seconds, until an update is sent again, and how long an answer is waited for."""
        if min(first, longest) < 0 or timeout <= 0:
            raise ControlError("Waits are not negative, and the timeout is more than 0 seconds.")
        self._world.webhook_waits = Waits(first=first, longest=longest, timeout=timeout)

    def deliveries(self, after: int = 0) -> list[Json]:
        """Attempts to deliver to webhooks: {id, bot_id, update_id, attempt, at, status, error, confirmed}."""
        return [delivery.view() for delivery in self._world.deliveries.after(after)]

    def keep_requests(self, enabled: bool) -> None:
        """Keep every request from now on, or only count them, which a long run wants; forgets what was kept."""
        self._requests.keep(enabled)

    def request_counts(self) -> dict[str, dict[str, int]]:
        """Method -> {came, effect, ok, refused, unanswered, faulty}, those that are 0 left out."""
        return self._requests.counts()


def _rule(number: int, given: Json) -> Rule:
    """A rule as it came over the wire; every mistake in it is a sentence."""

    def wrong(what: str) -> ControlError:
        return ControlError(f"Rule {number}: {what}")

    known = (*_TEXTS, *_NUMBERS, *_WHOLE, *_LISTS)
    fields: Json = {}
    for name, value in given.items():
        if name not in known:
            raise wrong(f"there is no {name!r}; there are: {', '.join(known)}.")
        if value is None:
            continue
        if name in _LISTS:
            kind = _LISTS[name]
            if not isinstance(value, list) or not all(
                isinstance(one, kind) and not isinstance(one, bool) for one in value
            ):
                raise wrong(f"{name!r} is a list of {'texts' if kind is str else 'whole numbers'}.")
            fields[name] = frozenset(one.lower() if kind is str else one for one in value)
        elif name in _TEXTS:
            if value not in list(Fault):
                raise wrong(f"there is no fault {value!r}; there are: {', '.join(Fault)}.")
            fields[name] = Fault(value)
        elif isinstance(value, bool) or not isinstance(value, int if name in _WHOLE else int | float):
            raise wrong(f"{name!r} is a number.")
        elif value < 0:
            raise wrong(f"{name!r} is not negative.")
        else:
            fields[name] = value
    if "fault" not in fields:
        raise wrong("it needs a 'fault'.")
    if fields.get("status", 502) not in _STATUSES:
        raise wrong("'status' is a number from 500 to 599.")
    if fields.get("probability", 0) > 1:
        raise wrong("'probability' is at most 1.")
    return Rule(**fields)
