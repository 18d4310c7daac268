"""What filling in a form leads to, and what its buttons do beside choosing."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.form_steps import Choice, Data, Form, Problem, Step

CHOICES_A_PAGE = 10  # five rows of two: a phone's screen below the text


class Move(enum.StrEnum):
    """What a button under a step does, apart from choosing."""

    BACK = "b"
    CANCEL = "c"
    SKIP = "s"
    GO_ON = "g"  # confirm, or end a choice of several


class TooLate(enum.Enum):
    """Why a button does nothing any more."""

    ANSWERED = "answered"  # its step is over; another one waits
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"  # older than two days, or somebody else's


@dataclass(frozen=True)
class Asking:
    """The step that waits for an answer, with `problem` when the last one could not be taken."""

    form_id: int
    version: int
    form: Form
    step: Step
    data: Data
    number: int
    total: int
    page: int = 0
    problem: Problem | None = None

    @property
    def choices(self) -> Sequence[Choice]:
        """All buttons to choose from, those on other pages too."""
        return self.step.choices(self.data)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.choices) // CHOICES_A_PAGE))


@dataclass(frozen=True)
class Completed:
    """The last step was answered: `data` is everything that was given and answered."""

    kind: str
    data: Data


@dataclass(frozen=True)
class Waiting:
    """An open form that can be continued or cancelled."""

    form_id: int
    kind: str


@dataclass(frozen=True)
class Outdated:
    """The button, or the edited answer, belongs to what is over."""

    reason: TooLate


@dataclass(frozen=True)
class Cancelled:
    """The form is gone, with everything that was answered."""

    kind: str


@dataclass(frozen=True)
class NotFilling:
    """No form takes this."""
