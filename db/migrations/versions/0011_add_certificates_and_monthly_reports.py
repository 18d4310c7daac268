"""Add certificates, and which monthly reports were made.

Left out on purpose: the hour at which a certificate was made, which would tell when somebody had answered; whether it
holds, which the attendance list says; and the reports themselves, which can be made again of the rows at any time.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("serial", sa.String(length=24), nullable=False),
        sa.Column("full_name", sa.String(length=150), nullable=True),
        sa.Column("unit", sa.String(length=150), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["cop_sessions.id"],
            name=op.f("fk_certificates_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_certificates_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_certificates_session_id_person_id")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificates_serial")),
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"])
    op.create_table(
        "monthly_reports_made",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_monthly_reports_made")),
    )


def downgrade() -> None:
    op.drop_table("monthly_reports_made")
    op.drop_table("certificates")
