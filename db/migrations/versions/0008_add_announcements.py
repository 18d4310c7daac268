"""Add announcements.

What organisers tell many people: content as data, so that what is delivered is what was previewed; for whom, when,
who confirmed and approved it, and which mailing brought it. Left out on purpose: recipients, who are the mailing's.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("correction", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("link_code", sa.String(length=16), nullable=False),
        sa.Column("scheduled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("gathering_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by", BIG, nullable=True),
        sa.Column("approved_by", BIG, nullable=True),
        sa.Column("mailing_id", BIG, nullable=True),
        sa.Column("card_message_id", BIG, nullable=True),
        sa.Column("shown", sa.String(length=120), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_announcements_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["people.id"], name=op.f("fk_announcements_approved_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_announcements_mailing_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("link_code", name=op.f("uq_announcements_link_code")),
    )
    op.create_index(op.f("ix_announcements_state"), "announcements", ["state"])
    op.create_index(op.f("ix_announcements_created_by"), "announcements", ["created_by"])
    op.create_index(op.f("ix_announcements_mailing_id"), "announcements", ["mailing_id"])


def downgrade() -> None:
    op.drop_table("announcements")
