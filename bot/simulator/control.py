"""The control interface: every verb, typed, for Python; and by name with JSON arguments, for HTTP."""

import inspect
import types
from collections.abc import Callable
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.simulator.controls.changing import Changing
from bot.simulator.controls.crowding import Crowding
from bot.simulator.controls.disturbing import Disturbing
from bot.simulator.controls.grouping import Grouping
from bot.simulator.controls.lookup import ControlError
from bot.simulator.controls.pressing import Pressing
from bot.simulator.controls.setting import Setting
from bot.simulator.controls.watching import Watching
from bot.simulator.refusal import Refused

Json = dict[str, Any]


class Control(Setting, Changing, Crowding, Grouping, Pressing, Watching, Disturbing):
    """All verbs. What cannot be done raises ControlError, whose text is a sentence."""

    def run(self, verb: str, arguments: Json) -> Any:
        """Call a verb by its name, as the HTTP interface does."""
        if verb not in VERBS:
            raise ControlError(f"There is no verb {verb!r}; there are: {', '.join(sorted(VERBS))}.")
        function: Callable[..., Any] = getattr(self, verb)
        _check_arguments(verb, function, arguments)
        try:
            return function(**arguments)
        except Refused as refused:
            raise ControlError(refused.description) from None


VERBS = frozenset(name for name in dir(Control) if not name.startswith("_") and name != "run")


def _check_arguments(verb: str, function: Callable[..., Any], arguments: Json) -> None:
    hints = get_type_hints(function)
    parameters = inspect.signature(function).parameters
    for name, value in arguments.items():
        if name not in parameters:
            raise ControlError(f"{verb} takes no {name!r}; it takes: {', '.join(parameters) or 'nothing'}.")
        if not _fits(value, hints[name]):
            raise ControlError(f"{name!r} of {verb} is of the wrong type.")
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty and name not in arguments:
            raise ControlError(f"{verb} needs {name!r}.")


def _fits(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if origin is list:
        return isinstance(value, list) and all(_fits(one, get_args(hint)[0]) for one in value)
    if origin is dict:
        return isinstance(value, dict)
    if hint is Any:
        return True
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint)
