"""Add the inbox and the outbox.

Updates are stored before they are confirmed to Telegram, and what is to be told to people is stored with the rows that
it tells of, so that a killed process loses neither. Left out on purpose: a foreign key from a request to its question,
since an edited message may take the question away while its answer is on the way.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_updates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("update_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error_id", sa.String(length=16), nullable=True),
        sa.Column("done_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_updates")),
        sa.UniqueConstraint("bot_id", "update_id", name=op.f("uq_incoming_updates_bot_id_update_id")),
    )
    op.create_index(op.f("ix_incoming_updates_state"), "incoming_updates", ["state", "id"])
    op.create_table(
        "outgoing_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_requests")),
    )
    op.create_index(op.f("ix_outgoing_requests_chat_id"), "outgoing_requests", ["chat_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outgoing_requests_chat_id"), "outgoing_requests")
    op.drop_table("outgoing_requests")
    op.drop_index(op.f("ix_incoming_updates_state"), "incoming_updates")
    op.drop_table("incoming_updates")
