"""Add what changes after a poll.

An organiser writes it once the poll is closed, looks at it, and sends it to those who answered: the words wait between
the two, and the moment of the sending keeps a second press from sending it twice.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("polls") as polls:
        polls.add_column(sa.Column("changes", sa.Text(), nullable=True))
        polls.add_column(sa.Column("told_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("polls") as polls:
        polls.drop_column("told_at")
        polls.drop_column("changes")
