"""Sets of questions: those of the file can be put, and what Telegram would not take is refused when it is read."""

import pytest

from bot.clock import Zone
from bot.services.form_steps import Problem, Written
from bot.services.poll_forms import POLL_QUESTION
from bot.services.poll_templates import (
    Asked,
    BadTemplate,
    Misfit,
    QuestionKind,
    misfit_of,
    read_templates,
    templates,
)
from tests.conftest import START

TEMPLATE = """
[[template]]
name = "uji"
title = "Uji"

[[template.question]]
kind = "{kind}"
text = "{text}"
options = [{options}]
"""


def test_the_sets_of_the_file_can_be_put_and_the_usual_one_takes_three_taps() -> None:
    usual = next(iter(templates().values()))

    assert usual.name == "sesi"
    assert [question.kind for question in usual.questions] == ["rating", "scale", "text"]
    assert all(misfit_of(each) is None for one in templates().values() for each in one.questions)


@pytest.mark.parametrize(
    ("kind", "text", "options", "misfit"),
    [
        pytest.param("single", "Apa?", 13, Misfit.MANY_OPTIONS, id="13 options"),
        pytest.param("single", "Apa?", 1, Misfit.FEW_OPTIONS, id="one option"),
        pytest.param("rating", "x" * 301, 0, Misfit.LONG_TEXT, id="over 300 characters"),
        pytest.param("rating", " ", 0, Misfit.NO_TEXT, id="no text"),
    ],
)
def test_a_set_that_could_not_be_put_is_refused(kind: str, text: str, options: int, misfit: Misfit) -> None:
    listed = ", ".join(f'"{number}"' for number in range(options))

    with pytest.raises(BadTemplate, match=f"template uji, question 1: {misfit}"):
        read_templates(TEMPLATE.format(kind=kind, text=text, options=listed))


def test_a_set_without_choices_is_refused() -> None:
    with pytest.raises(BadTemplate, match="needs choices"):
        read_templates(TEMPLATE.format(kind="text", text="Apa?", options=""))


def test_lengths_are_counted_as_telegram_counts_them() -> None:
    fits = Asked(QuestionKind.RATING, "😀" * 150)
    too_long = Asked(QuestionKind.RATING, "😀" * 151)

    assert (misfit_of(fits), misfit_of(too_long)) == (None, Misfit.LONG_TEXT)


@pytest.mark.parametrize(
    ("step", "text", "problem"),
    [
        pytest.param("text", "x" * 301, "polls.problems.long_text", id="question over 300 characters"),
        pytest.param("text", "x", "forms.problems.too_short", id="no question"),
        pytest.param("options", "\n".join(map(str, range(13))), "polls.problems.many_options", id="13"),
        pytest.param("options", "satu", "polls.problems.few_options", id="one"),
        pytest.param("options", "a\n" + "x" * 101, "polls.problems.long_option", id="a long one"),
        pytest.param("options", "ya\nya", "polls.problems.same_options", id="the same twice"),
    ],
)
def test_what_an_organiser_writes_is_checked_at_once(step: str, text: str, problem: str) -> None:
    read = POLL_QUESTION.step(step)
    assert read is not None
    assert read.read is not None

    found = read.read(Written(text, {}, START, Zone.WIB))

    assert isinstance(found, Problem)
    assert found.key == problem
