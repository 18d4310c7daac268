"""What holds for every table's class."""

import gc

import pytest
from sqlmodel import SQLModel

from db.models import Question

MODELS = sorted((mapper.class_ for mapper in SQLModel._sa_registry.mappers), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_row_costs_the_reading_of_a_factorys_signature(model: type[SQLModel]) -> None:
    factories = [name for name, column in model.model_fields.items() if column.default_factory is not None]

    assert factories == []


def test_what_is_put_into_one_rows_list_is_in_no_other_row() -> None:
    first, second = Question(text="satu"), Question(text="dua")
    first.suggested.append("jkp-syarat")

    assert second.suggested == []


def test_a_row_that_is_dropped_leaves_nothing_for_the_garbage_collector() -> None:
    Question(text="sekali")
    gc.collect()
    for _ in range(100):
        Question(text="berulang")

    assert gc.collect() == 0
