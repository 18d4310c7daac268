"""What holds for every table's class."""

import gc
from datetime import UTC, datetime

import pytest
from sqlmodel import SQLModel

from db.models import Ending, Question

MODELS = sorted((mapper.class_ for mapper in SQLModel._sa_registry.mappers), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_row_costs_the_reading_of_a_factorys_signature(model: type[SQLModel]) -> None:
    factories = [name for name, column in model.model_fields.items() if column.default_factory is not None]

    assert factories == []


def _question() -> Question:
    return Question(
        chat_id=1,
        message_id=2,
        text="apa itu JKP",
        ending=Ending.UNKNOWN,
        asked_at=datetime(2026, 1, 5, tzinfo=UTC),
    )


def test_what_is_put_into_one_rows_list_is_in_no_other_row() -> None:
    first, second = _question(), _question()
    first.suggested.append("jkp-syarat")

    assert second.suggested == []


def test_a_row_that_is_dropped_leaves_nothing_for_the_garbage_collector() -> None:
    _question()
    gc.collect()
    for _ in range(100):
        _question()

    assert gc.collect() == 0
