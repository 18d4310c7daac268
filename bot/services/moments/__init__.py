"""What people write for a date, an hour or a period, in Indonesian or English: understood, or asked back.

`read` is the door; `answer` takes what a person says to a question of ours, `read_end` the end of something whose
start is known. Nothing that a text names is passed over: a word that no rule knows makes a question of it.
"""

from bot.services.moments.answers import answer, read_end
from bot.services.moments.outcomes import (
    Ask,
    Assumed,
    Doubt,
    Earlier,
    NoSuchDay,
    NoSuchHour,
    NotADate,
    Option,
    Outcome,
    PartOfDay,
    Past,
    Understood,
)
from bot.services.moments.reader import read

__all__ = [
    "Ask",
    "Assumed",
    "Doubt",
    "Earlier",
    "NoSuchDay",
    "NoSuchHour",
    "NotADate",
    "Option",
    "Outcome",
    "PartOfDay",
    "Past",
    "Understood",
    "answer",
    "read",
    "read_end",
]
