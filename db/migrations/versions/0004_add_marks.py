"""Add marks, and find old updates by when they ended.

A start that finds what it did last time unchanged (the book's files, the menus) need not do it again. The index of the
updates finds those that ended long ago without looking at the others; it serves those that are pending as well.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_incoming_updates_state_done_at"), "incoming_updates", ["state", "done_at", "id"])
    op.drop_index(op.f("ix_incoming_updates_state"), "incoming_updates")


def downgrade() -> None:
    op.create_index(op.f("ix_incoming_updates_state"), "incoming_updates", ["state", "id"])
    op.drop_index(op.f("ix_incoming_updates_state_done_at"), "incoming_updates")
    op.drop_table("marks")
