"""Add sessions, answers to invitations, attendance, and the reminders that were begun.

A session carries the code on its slide; wrong codes are counted a person. A pulse says when the bot last heard from
Telegram, so that it can own up to an outage. Left out on purpose: files as material, which stay where they are and are
linked; who was told of an outage, which the mailing knows.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pulses",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pulses")),
    )
    op.create_table(
        "cop_sessions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("theme", sa.String(length=500), nullable=True),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("is_open_ended", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("join_link", sa.String(length=500), nullable=True),
        sa.Column("speakers", sa.String(length=300), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("material", sa.String(length=1000), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("checkin_code", sa.String(length=4), nullable=True),
        sa.Column("old_codes", sa.JSON(), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("scheduled_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_cop_sessions_created_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cop_sessions")),
    )
    op.create_index(op.f("ix_cop_sessions_ends_at"), "cop_sessions", ["ends_at"], unique=False)
    op.create_index(op.f("ix_cop_sessions_starts_at"), "cop_sessions", ["starts_at"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("how", sa.String(length=6), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_attendances_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cop_sessions.id"], name=op.f("fk_attendances_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_attendances_session_id_person_id")),
    )
    op.create_index(op.f("ix_attendances_person_id"), "attendances", ["person_id"], unique=False)
    op.create_table(
        "checkin_attempts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_checkin_attempts_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["cop_sessions.id"],
            name=op.f("fk_checkin_attempts_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_attempts")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_checkin_attempts_session_id_person_id")),
    )
    op.create_index(op.f("ix_checkin_attempts_person_id"), "checkin_attempts", ["person_id"], unique=False)
    op.create_table(
        "rsvps",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("answer", sa.String(length=5), nullable=False),
        sa.Column("waiting_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_rsvps_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cop_sessions.id"], name=op.f("fk_rsvps_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rsvps")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_rsvps_session_id_person_id")),
    )
    op.create_index(op.f("ix_rsvps_person_id"), "rsvps", ["person_id"], unique=False)
    op.create_table(
        "session_reminders",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("was_sent", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["cop_sessions.id"],
            name=op.f("fk_session_reminders_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_reminders")),
        sa.UniqueConstraint(
            "session_id",
            "kind",
            "zone",
            "starts_at",
            name=op.f("uq_session_reminders_session_id_kind_zone_starts_at"),
        ),
    )


def downgrade() -> None:
    op.drop_table("session_reminders")
    op.drop_index(op.f("ix_rsvps_person_id"), table_name="rsvps")
    op.drop_table("rsvps")
    op.drop_index(op.f("ix_checkin_attempts_person_id"), table_name="checkin_attempts")
    op.drop_table("checkin_attempts")
    op.drop_index(op.f("ix_attendances_person_id"), table_name="attendances")
    op.drop_table("attendances")
    op.drop_index(op.f("ix_cop_sessions_starts_at"), table_name="cop_sessions")
    op.drop_index(op.f("ix_cop_sessions_ends_at"), table_name="cop_sessions")
    op.drop_table("cop_sessions")
    op.drop_table("pulses")
