"""The plug is pulled again and again while a mailing is under way and people ask and press.

The moments are requests that reach Telegram, counted from each start and drawn with a seed, before or after their
effect. `storm` counts what went wrong; `tests/chaos` and the benchmark look at the same account.
"""

import random
import signal
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.simulator.refusal import Refused
from bot.simulator.requests import Request
from bot.simulator.simulator import Answer
from db.models import DeliveryState, UpdateState
from tests.chaos.books import Page
from tests.chaos.crowd import Copy, Crowd, copy_of
from tests.chaos.program import Program
from tests.chaos.stage import Scale, Stage, staged

IS_DEAD_WITHIN_S = 120.0  # requests come as fast as the machine lets them


@dataclass
class Plug:
    """A hook of the simulator that kills the program at the request whose turn it is."""

    program: Program
    moment: int | None = None
    is_after: bool = False
    seen: int = 0
    struck: Copy | None = None  # the copy whose request was the last thing that the program did

    def arm(self, moment: int, *, is_after: bool) -> None:
        self.moment, self.is_after, self.seen, self.struck = moment, is_after, 0, None

    async def before(self, request: Request) -> None:
        self.seen += 1
        if not self.is_after and self._pulls(request):
            raise Refused(502, "Bad Gateway")  # no effect; the answer finds nobody

    async def after(self, request: Request, answer: Answer) -> None:
        if self.is_after:
            self._pulls(request)

    def _pulls(self, request: Request) -> bool:
        if self.moment is None or self.seen < self.moment:
            return False
        self.moment = None
        self.struck = copy_of(request)
        self.program.kill()
        return True


@dataclass
class Account:
    """What a storm has cost; all but the first five and the last are promised to be 0."""

    kills: int = 0
    updates: int = 0
    copies: int = 0
    uncertain: int = 0
    most_uncertain: int = 0  # by one kill
    updates_lost: int = 0
    effects_doubled: int = 0
    recipients_forgotten: int = 0  # not sent, and not uncertain either
    certain_doubled: int = 0  # sent for certain, and there twice or not at all
    copies_doubled: int = 0  # there twice, certain or not
    reached_and_pending: int = 0  # its request had reached Telegram, and it would be sent again
    wrongly_uncertain: int = 0  # other than what had left or was about to leave at a kill, or fewer
    too_many_uncertain: int = 0  # kills that cost more than is promised
    never_answered: int = 0
    repeated_without_reason: int = 0  # answers that were there, and known to be, before the kill
    answers_repeated: int = 0

    def __add__(self, other: "Account") -> "Account":
        both = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Account(**both | {"most_uncertain": max(self.most_uncertain, other.most_uncertain)})

    def faults(self) -> dict[str, int]:
        """What should not be, as far as it is not 0."""
        promised = (
            "updates_lost",
            "effects_doubled",
            "recipients_forgotten",
            "certain_doubled",
            "copies_doubled",
            "reached_and_pending",
            "wrongly_uncertain",
            "too_many_uncertain",
            "never_answered",
            "repeated_without_reason",
        )
        return {name: number for name in promised if (number := getattr(self, name))}


@dataclass
class _Kills:
    """What the kills so far leave uncertain, and which answers they may have repeated."""

    account: Account
    scale: Scale
    in_air: set[Copy] = field(default_factory=set)
    repeatable: set[int] = field(default_factory=set)

    def note(self, page: Page, crowd: Crowd, struck: Copy | None) -> None:
        """`page` is how the rows were left."""
        sending = page.copies(DeliveryState.SENDING)
        self.account.kills += 1
        self.account.most_uncertain = max(self.account.most_uncertain, len(sending))
        self.account.too_many_uncertain += len(sending) > self.scale.may_be_uncertain
        left = {*crowd.copies, *([struck] if struck else [])}
        self.account.reached_and_pending += len(left & page.copies(DeliveryState.PENDING))
        self.account.wrongly_uncertain += struck is not None and struck not in sending
        self.in_air |= sending
        self.repeatable |= page.unsent


async def storm(
    database_url: str,
    folder: Path,
    scale: Scale,
    *,
    kills: int,
    last_moment: int,
    webhook: bool,
    seed: int,
) -> Account:
    """Kill the program so often, each time at one of the first `last_moment` requests after its start, and see what
    the last start makes of it."""
    rng = random.Random(seed)
    noted = _Kills(Account(), scale)
    async with staged(database_url, folder, scale, webhook=webhook, seed=seed) as stage:
        stage.simulator.control.keep_requests(False)
        plug = Plug(stage.program)
        stage.simulator.hooks.append(plug)
        for _ in range(kills):
            plug.arm(rng.randint(1, last_moment), is_after=rng.random() < 0.5)
            await stage.program.start()
            code = await stage.program.ended(IS_DEAD_WITHIN_S)
            if code != -signal.SIGKILL:
                raise RuntimeError(f"the program ended by itself, with {code}")
            await stage.books.left_alone()
            page = await stage.books.look()
            noted.note(page, stage.crowd, plug.struck)
            if not page.copies(DeliveryState.PENDING):
                await stage.books.mail(stage.crowd.people)  # there is always one under way
        await stage.program.start()
        await stage.settled()
        await stage.program.stop()
        await close(stage, noted.account)
    page = await stage.books.look()
    noted.account.wrongly_uncertain += len(page.copies(DeliveryState.UNCERTAIN) ^ noted.in_air)
    repeated = {chat for chat, times in stage.crowd.answers.items() if times > 1}
    noted.account.repeated_without_reason = len(repeated - noted.repeatable)
    return noted.account


async def close(stage: Stage, account: Account) -> None:
    """Compare what people saw with what the rows say."""
    crowd, page, totals = stage.crowd, await stage.books.look(), await stage.books.totals()
    asked = Counter(crowd.asked)
    account.updates = crowd.updates
    account.updates_lost = crowd.updates - totals.updates[UpdateState.DONE, False]
    account.effects_doubled = sum((totals.questions - asked).values())
    account.updates_lost += sum((asked - totals.questions).values())
    account.effects_doubled += len(totals.ratings) - len(set(totals.ratings))
    account.updates_lost += len(set(crowd.pressed.items()) ^ set(totals.ratings))
    account.never_answered = crowd.unanswered
    account.answers_repeated = sum(times > 1 for times in crowd.answers.values())

    account.copies = len(page.deliveries)
    sent, uncertain = page.copies(DeliveryState.SENT), page.copies(DeliveryState.UNCERTAIN)
    account.uncertain = len(uncertain)
    expected = stage.books.mailings * len(crowd.people)
    account.recipients_forgotten = expected - len(sent) - len(uncertain)
    account.certain_doubled = sum(crowd.copies[copy] != 1 for copy in sent)
    account.copies_doubled = sum(times > 1 for times in crowd.copies.values())
