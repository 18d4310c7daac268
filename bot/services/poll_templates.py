"""Sets of questions to begin with, and what a question may be: Telegram's limits, and a few of ours."""

import enum
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from db.models import QuestionKind

__all__ = [
    "LONGEST_OPTION",
    "LONGEST_QUESTION",
    "MOST_OPTIONS",
    "MOST_QUESTIONS",
    "WITH_OWN_OPTIONS",
    "Asked",
    "Misfit",
    "QuestionKind",
    "Template",
    "in_order",
    "misfit_of",
    "misfit_of_options",
    "options_of",
    "templates",
    "units",
]

# Bot API, sendPoll and InputPollOption.
LONGEST_QUESTION, LONGEST_OPTION, MOST_OPTIONS = 300, 100, 12
MOST_QUESTIONS = 10  # nobody answers more
RATING = ("1 – Sangat kurang", "2 – Kurang", "3 – Cukup", "4 – Baik", "5 – Sangat baik")
SCALE = ("0 – Sangat tidak mungkin", *map(str, range(1, 10)), "10 – Sangat mungkin")
WITH_OWN_OPTIONS = frozenset({QuestionKind.SINGLE, QuestionKind.SEVERAL})


class Misfit(enum.StrEnum):
    """Why a question cannot be put; each has its sentence below `polls.misfits`."""

    NO_TEXT = "no_text"
    LONG_TEXT = "long_text"
    FEW_OPTIONS = "few_options"
    MANY_OPTIONS = "many_options"
    LONG_OPTION = "long_option"
    SAME_OPTIONS = "same_options"


@dataclass(frozen=True)
class Asked:
    """A question as it is written down; `options` are the choices of a rating and a scale as well."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A set of questions under a name."""

    name: str
    title: str
    questions: tuple[Asked, ...]


class BadTemplate(ValueError):
    """A set in the file that Telegram would not take, or that nobody could answer."""


def options_of(kind: QuestionKind, own: Sequence[str]) -> tuple[str, ...]:
    """What can be chosen: the usual steps of a rating or scale, `own` ones where the kind has such."""
    match kind:
        case QuestionKind.RATING:
            return RATING
        case QuestionKind.SCALE:
            return SCALE
        case QuestionKind.TEXT:
            return ()
        case _:
            return tuple(own)


def misfit_of(asked: Asked) -> Misfit | None:
    """What is wrong with a question, if anything is."""
    if not asked.text.strip():
        return Misfit.NO_TEXT
    if units(asked.text) > LONGEST_QUESTION:
        return Misfit.LONG_TEXT
    return None if asked.kind not in WITH_OWN_OPTIONS else misfit_of_options(asked.options)


def misfit_of_options(options: Sequence[str]) -> Misfit | None:
    """What is wrong with choices, if anything is."""
    if len(options) > MOST_OPTIONS:
        return Misfit.MANY_OPTIONS
    if len(options) < 2:
        return Misfit.FEW_OPTIONS
    if any(units(option) > LONGEST_OPTION for option in options):
        return Misfit.LONG_OPTION
    return Misfit.SAME_OPTIONS if len(set(options)) < len(options) else None


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def in_order(questions: Sequence[Asked]) -> list[Asked]:
    """The questions as they are put: one's own words come last."""
    return sorted(questions, key=lambda each: each.kind is QuestionKind.TEXT)


@cache
def templates() -> dict[str, Template]:
    """All sets, by name, the usual one first."""
    return read_templates((files("bot.services") / "poll_templates.toml").read_text(encoding="utf-8"))


def read_templates(text: str) -> dict[str, Template]:
    """The sets of a file. Raises `BadTemplate` for a question that could not be put."""
    found: dict[str, Template] = {}
    for row in tomllib.loads(text)["template"]:
        questions = tuple(in_order([_question(each) for each in row["question"]]))
        for number, asked in enumerate(questions, 1):
            misfit = misfit_of(asked)
            if misfit is not None:
                raise BadTemplate(f"template {row['name']}, question {number}: {misfit}")
        if questions[0].kind is QuestionKind.TEXT or len(questions) > MOST_QUESTIONS:
            raise BadTemplate(f"template {row['name']}: the first of at most {MOST_QUESTIONS} needs choices")
        found[row["name"]] = Template(row["name"], row["title"], questions)
    return found


def _question(row: dict[str, Any]) -> Asked:
    kind = QuestionKind(row["kind"])
    return Asked(kind, row["text"], options_of(kind, row.get("options", ())))
