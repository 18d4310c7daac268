"""What a form is made of: its steps, how an answer is read, and why one cannot be taken. Plain data, no rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Zone
from bot.services.plain_text import one_line

Value = str | int | float | bool | list[str] | None  # what JSON can hold; a time goes in as ISO 8601 in UTC
Data = dict[str, Value]


@dataclass(frozen=True)
class Problem:
    """Why an answer cannot be taken: the key of a sentence that says what to do, and its values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What was typed, and what it takes to read it: the other answers, the moment, the writer's zone."""

    text: str
    data: Data
    now: datetime
    zone: Zone


@dataclass(frozen=True)
class Unsettled:
    """Not clear yet: `problem` asks back, and `kept` stays with the form until the step is answered, so that choices
    and the next reading know of it (below the step's key and `UNSETTLED`)."""

    problem: Problem
    kept: str


Reader = Callable[[Written], "Value | Problem | Unsettled"]

UNSETTLED = "?"  # behind a step's key: what its last reading kept


@dataclass(frozen=True)
class Choice:
    """One button of a step; without a label the catalogues have it below `forms.<kind>.buttons.`, by its value."""

    value: str
    label: str | None = None


def _always(data: Data) -> bool:
    return True


def _no_choices(data: Data) -> Sequence[Choice]:
    return ()


@dataclass(frozen=True)
class Step:
    """One question of a form; `key` names the answer, and its sentences below `forms.<kind>`.

    `read` takes what is typed (None: buttons only); `choices` are the buttons, of which `is_multiple` lets several be
    chosen. An optional step can be skipped. A step that does not apply to the answers so far is passed over.
    A confirmation shows all answers and asks for nothing but yes. With `reads_choices` a choice is read like the same
    words typed.
    """

    key: str
    read: Reader | None = None
    choices: Callable[[Data], Sequence[Choice]] = _no_choices
    is_multiple: bool = False
    is_optional: bool = False
    is_confirmation: bool = False
    reads_choices: bool = False
    applies: Callable[[Data], bool] = _always


@dataclass(frozen=True)
class Form:
    """A kind of form: its steps in their order."""

    kind: str
    steps: tuple[Step, ...]

    def applicable(self, data: Data) -> list[Step]:
        """The steps that are asked, given these answers."""
        return [step for step in self.steps if step.applies(data)]

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


def text_of_at_most(limit: int) -> Reader:
    """A reader of one line of at least two and at most `limit` characters."""

    def read(written: Written) -> Value | Problem | Unsettled:
        line = one_line(written.text)
        if len(line) > limit:
            return Problem("forms.problems.too_long", {"limit": limit, "length": len(line)})
        return line if len(line) > 1 else Problem("forms.problems.too_short")

    return read
