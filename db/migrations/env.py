"""Alembic's entry: runs on the connection that `db.database.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import db.models  # noqa: F401  # makes the metadata whole

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
