"""Add material files, names without a person, and what is said in place of a refused message.

Slides and PDFs of a session are kept as Telegram's ids of the files that an organiser sent. Somebody who was there and
does not use the bot stands on the attendance list by name. A preview that Telegram refuses has words in its place.
Left out on purpose: the files' bytes, and who sent them, which is in the audit trail.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session_materials",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("file_id", sa.String(length=512), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["cop_sessions.id"],
            name=op.f("fk_session_materials_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_materials")),
    )
    op.create_index(op.f("ix_session_materials_session_id"), "session_materials", ["session_id"])
    with op.batch_alter_table("attendances") as table:
        table.add_column(sa.Column("name", sa.String(length=200), nullable=True))
    with op.batch_alter_table("outgoing_requests") as table:
        table.add_column(sa.Column("if_refused", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outgoing_requests") as table:
        table.drop_column("if_refused")
    with op.batch_alter_table("attendances") as table:
        table.drop_column("name")
    op.drop_table("session_materials")
