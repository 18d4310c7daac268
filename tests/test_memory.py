"""What a busy minute took is given back."""

import gc
import weakref

from bot import memory
from bot.jobs import TICKS


class Knot:
    """Something that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_what_only_the_collector_can_free_is_freed() -> None:
    gc.disable()
    try:
        knot = weakref.ref(Knot())
        memory.give_back()
        freed = knot() is None
    finally:
        gc.enable()

    assert freed


def test_every_process_does_it_once_a_minute() -> None:
    (tick,) = [tick for tick in TICKS if tick.job.__name__ == "give_back_memory"]

    assert (tick.every.total_seconds(), tick.everywhere) == (60, True)
