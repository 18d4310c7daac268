"""Let several processes serve one bot.

An update says whose turn it is part of and which process has it in hand; processes are rows, and one of them holds the
lease for sending and for the clock; a request says under which term of the lease it is being sent. An index on what is
not done finds each person's next update, however many old rows there are.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.add_column("incoming_updates", sa.Column("order_key", BIG, nullable=False, server_default="0"))
    op.add_column("incoming_updates", sa.Column("replica_id", BIG, nullable=True))
    op.create_index(
        op.f("ix_incoming_updates_pending"),
        "incoming_updates",
        ["bot_id", "order_key", "id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.add_column("outgoing_requests", sa.Column("term", BIG, nullable=False, server_default="0"))
    op.create_table(
        "replicas",
        sa.Column("id", BIG, nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replicas")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("replica_id", BIG, nullable=True),
        sa.Column("term", BIG, nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_table("replicas")
    op.drop_column("outgoing_requests", "term")
    op.drop_index(op.f("ix_incoming_updates_pending"), "incoming_updates")
    op.drop_column("incoming_updates", "replica_id")
    op.drop_column("incoming_updates", "order_key")
