"""Floors under what the committed weights do with the committed book; `python -m benchmarks` has the whole table."""

import pytest

from benchmarks.books import our_book, question_set
from benchmarks.cases import Trial
from knowledge_base.outcomes import Answer, Outcome, SmallTalk
from knowledge_base.search import Engine

DEVELOPMENT = question_set()[0]


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(our_book(), tuple(DEVELOPMENT))


@pytest.fixture(scope="module")
def engine(trial: Trial) -> Engine:
    return Engine(trial.book.entries, trial.book.vocabulary)


def outcomes(engine: Engine, text: str) -> list[Outcome]:
    return [part.outcome for part in engine.ask(text)]


def test_the_right_entry_comes_first_for_most_question_set(engine: Engine, trial: Trial) -> None:
    inside = [question for question in trial.questions if question.gold]

    first = sum(engine.ask(question.text)[0].ranking[0].entry_id in question.gold for question in inside)

    assert first / len(inside) >= 0.83


def test_direct_answers_are_mostly_right(engine: Engine, trial: Trial) -> None:
    answered = [
        outcome.match.entry_id in question.gold
        for question in trial.questions
        for outcome in outcomes(engine, question.text)
        if isinstance(outcome, Answer)
    ]

    assert len(answered) >= 60
    assert sum(answered) / len(answered) >= 0.9


def test_other_subjects_are_never_answered(engine: Engine) -> None:
    far = [question.text for question in DEVELOPMENT if question.style == "oos-far"]

    assert far
    assert not [text for text in far if any(isinstance(o, Answer) for o in outcomes(engine, text))]


def test_small_talk_is_recognised_and_takes_no_question(engine: Engine) -> None:
    recognised = {
        question.text: all(isinstance(outcome, SmallTalk) for outcome in outcomes(engine, question.text))
        for question in DEVELOPMENT
    }

    assert recognised == {question.text: question.style == "smalltalk" for question in DEVELOPMENT}


def test_every_phrasing_of_the_book_finds_its_entry(engine: Engine, trial: Trial) -> None:
    lost = [
        (entry.id, text)
        for entry in trial.book.entries
        for text in entry.phrasings
        if entry.id not in {match.entry_id for part in engine.ask(text) for match in part.ranking[:3]}
    ]

    assert lost == []
