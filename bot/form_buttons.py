"""What the buttons under a form's steps do."""

from dataclasses import dataclass

from bot.buttons import Action
from bot.services.forms import Move


@dataclass(frozen=True)
class ChooseInForm(Action):
    """Press the choice at a position of the step that is shown."""

    CODE = "fc"
    form_id: int
    version: int
    position: int


@dataclass(frozen=True)
class MoveInForm(Action):
    """Go back, on, past the step, or leave the form."""

    CODE = "fm"
    form_id: int
    version: int
    move: Move


@dataclass(frozen=True)
class TurnFormPage(Action):
    """Show other choices of the same step."""

    CODE = "fp"
    form_id: int
    version: int
    page: int


@dataclass(frozen=True)
class ResumeForm(Action):
    """Go on with a form that was left."""

    CODE = "fr"
    form_id: int


@dataclass(frozen=True)
class CancelForm(Action):
    """Leave a form for good, whatever step it is at."""

    CODE = "fx"
    form_id: int
