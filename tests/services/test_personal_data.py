"""The registry of what is stored about people: whole, and true."""

from sqlmodel import SQLModel

import db.models  # noqa: F401  # makes the metadata whole
from bot.services.personal_data import HOLDINGS, NOT_PERSONAL

TELEGRAMS = frozenset({"telegram_id", "chat_id", "user_id"})


def _leading_to_people() -> set[tuple[str, str]]:
    """Every column with a foreign key to people, or with an id of Telegram's that may be a person's."""
    return {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name in TELEGRAMS or any(key.column.table.name == "people" for key in column.foreign_keys)
    }


def _known() -> set[tuple[str, str]]:
    return {(str(holding.table.__tablename__), holding.column) for holding in HOLDINGS}


def test_every_column_that_leads_to_a_person_says_how_it_is_given_out_and_erased() -> None:
    found = _leading_to_people()

    assert len(found) > 10
    assert found - _known() - NOT_PERSONAL.keys() == set()


def test_the_registry_names_only_columns_that_there_are() -> None:
    columns = {
        (table.name, column.name) for table in SQLModel.metadata.tables.values() for column in table.columns
    }

    assert _known() | NOT_PERSONAL.keys() <= columns
    assert _known() & NOT_PERSONAL.keys() == set()


def test_the_person_goes_last() -> None:
    assert HOLDINGS[-1].table.__tablename__ == "people"
