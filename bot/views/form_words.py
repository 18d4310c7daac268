"""How a kind of form reads whose answers are more than words; what is left out reads as every form does."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.form_steps import Choice, Data, Value
from bot.texts import Texts


@dataclass(frozen=True)
class FormWords:
    """`prompt` asks a step (its key), `shown` is an answer, `label` a button, `summary` what a yes would do.

    The first three give None for what reads as usual; prompt and summary are HTML.
    """

    summary: Callable[[Data, Texts], str]
    prompt: Callable[[str, Data, Texts], str | None] = lambda key, data, texts: None
    shown: Callable[[str, Value, Texts], str | None] = lambda key, value, texts: None
    label: Callable[[Choice, str, Data, Texts], str | None] = lambda choice, key, data, texts: None
