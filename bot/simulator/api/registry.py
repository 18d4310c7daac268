"""The table of methods, and what each of them is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.simulator.files import Upload
from bot.simulator.people import Bot
from bot.simulator.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RawJson:
    """A result that is JSON text already."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request: who asks, and the checked and typed parameters."""

    world: World
    bot: Bot
    method: str
    params: Json
    files: dict[str, Upload]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def count(self, chat_id: int, number: int = 1, *, is_edit: bool = False) -> None:
        """Say, last before the effect, that messages are sent or edited; refused where those are too many."""
        self.world.limiter.admit(
            self.bot.id,
            chat_id,
            self.world.now(),
            number,
            is_edit=is_edit,
            is_paid=bool(self.params.get("allow_paid_broadcast")),
        )


Result = Json | list[Json] | bool | int | RawJson
Method = Callable[[Call], Result | Awaitable[Result]]
M = TypeVar("M", bound=Method)

# Lower-case name -> function; the real server does not mind the case either.
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[M], M]:
    """Register a function as the method of that name."""

    def register(function: M) -> M:
        METHODS[name.lower()] = function
        return function

    return register
