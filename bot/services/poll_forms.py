"""The form in which a question of a poll is written or changed."""

from bot.services.form_steps import Choice, Data, Form, Problem, Step, Unsettled, Value, Written
from bot.services.plain_text import one_line
from bot.services.poll_templates import (
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    WITH_OWN_OPTIONS,
    Asked,
    QuestionKind,
    misfit_of_options,
    options_of,
    units,
)
from db.models import PollQuestion

__all__ = ["POLL_QUESTION", "asked_of", "place_of", "to_add", "to_change"]


def _read_text(written: Written) -> Value | Problem | Unsettled:
    line = one_line(written.text)
    if units(line) > LONGEST_QUESTION:
        return Problem("polls.problems.long_text", {"limit": LONGEST_QUESTION, "length": units(line)})
    return line if len(line) > 1 else Problem("forms.problems.too_short")


def _read_options(written: Written) -> Value | Problem | Unsettled:
    """One choice a line."""
    options = [line for line in map(one_line, written.text.splitlines()) if line]
    misfit = misfit_of_options(options)
    if misfit is None:
        return options
    longest = max(options, key=units, default="")
    return Problem(
        f"polls.problems.{misfit}",
        {
            "number": len(options),
            "most": MOST_OPTIONS,
            "limit": LONGEST_OPTION,
            "length": units(longest),
            "option": longest[:40],
        },
    )


def _has_own_options(data: Data) -> bool:
    return data.get("kind") in WITH_OWN_OPTIONS


POLL_QUESTION = Form(
    "poll_question",
    (
        Step(
            "kind",
            choices=lambda data: [Choice(kind.value) for kind in QuestionKind],
            applies=lambda data: not data.get("position"),
        ),
        Step("text", read=_read_text),
        Step("options", read=_read_options, applies=_has_own_options),
    ),
)


def to_add(poll_id: int) -> Data:
    """What the form of a new question is begun with."""
    return {"poll_id": poll_id}


def to_change(poll_id: int, question: PollQuestion) -> Data:
    """What the form of a question is begun with that there is; its kind stays."""
    data: Data = {
        "poll_id": poll_id,
        "position": question.position,
        "kind": question.kind,
        "text": question.text,
    }
    return data | {"options": list(question.options)} if question.kind in WITH_OWN_OPTIONS else data


def asked_of(data: Data) -> Asked:
    """The question that was written."""
    kind, own = QuestionKind(str(data["kind"])), data.get("options")
    options = options_of(kind, own if isinstance(own, list) else ())
    return Asked(kind, str(data["text"]), options)


def place_of(data: Data) -> tuple[int, int | None]:
    """The poll, and the question's position in it; None for a new one."""
    poll_id, position = data.get("poll_id"), data.get("position")
    return (
        poll_id if isinstance(poll_id, int) else 0,
        position if isinstance(position, int) and position else None,
    )
