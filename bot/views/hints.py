"""What speaks against a moment, in words. Hints never forbid anything."""

from collections.abc import Sequence
from typing import assert_never

from bot.clock import Zone
from bot.services.hints import (
    FastingAfternoon,
    FridayPrayer,
    Hint,
    JointLeave,
    PublicHoliday,
    TooEarly,
    TooLate,
    Weekend,
)
from bot.texts import Texts
from bot.views import clocks


def lines(found: Sequence[Hint], texts: Texts) -> list[str]:
    """One line of HTML for each."""
    return [_line(hint, texts) for hint in found]


def _line(hint: Hint, texts: Texts) -> str:
    match hint:
        case PublicHoliday(day, name, is_estimated):
            key = "hints.estimated_holiday" if is_estimated else "hints.public_holiday"
            return texts.html(key, day=clocks.day(day, texts), name=name)
        case JointLeave(day, name):
            return texts.html("hints.joint_leave", day=clocks.day(day, texts), name=name)
        case Weekend(day):
            return texts.html("hints.weekend", day=clocks.day(day, texts))
        case FridayPrayer(zones):
            return texts.html("hints.friday_prayer", zones=_names(zones))
        case TooEarly(zones):
            return texts.html("hints.too_early", zones=_names(zones))
        case TooLate(zones):
            return texts.html("hints.too_late", zones=_names(zones))
        case FastingAfternoon(zones):
            return texts.html("hints.fasting_afternoon", zones=_names(zones))
        case _:
            assert_never(hint)


def _names(zones: tuple[Zone, ...]) -> str:
    return ", ".join(zone.name for zone in zones)
