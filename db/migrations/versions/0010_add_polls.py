"""Add polls after sessions.

Who was asked and what was answered stand in tables without a key between them once a poll is closed: the sheet that
leads from one to the other is emptied then, and votes and copies are deleted. Left out on purpose: when somebody was
asked or answered, which would order votes.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to(column: str, table: str, of: str, gone: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=gone)


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", BIG, nullable=False),
        sa.Column("session_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("link_code", sa.String(length=16), nullable=False),
        sa.Column("shift_minutes", sa.Integer(), nullable=False),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("warned_for", UtcDateTime(timezone=True), nullable=True),
        sa.Column("group_ids", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("shown", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("is_scrubbed", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", BIG, nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        _to("session_id", "polls", "cop_sessions"),
        _to("created_by_id", "polls", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("session_id", name=op.f("uq_polls_session_id")),
        sa.UniqueConstraint("link_code", name=op.f("uq_polls_link_code")),
    )
    op.create_index(op.f("ix_polls_state"), "polls", ["state"])
    op.create_table(
        "poll_questions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("poll_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=True),
        _to("poll_id", "poll_questions", "polls"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_questions")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_poll_questions_poll_id_position")),
    )
    op.create_table(
        "poll_participations",
        sa.Column("id", BIG, nullable=False),
        sa.Column("poll_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.Column("was_reminded", sa.Boolean(), nullable=False),
        sa.Column("sheet", sa.String(length=32), nullable=True),
        sa.Column("waits_at", sa.Integer(), nullable=False),
        _to("poll_id", "poll_participations", "polls"),
        _to("person_id", "poll_participations", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_participations")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_poll_participations_poll_id_person_id")),
        sa.UniqueConstraint("sheet", name=op.f("uq_poll_participations_sheet")),
    )
    op.create_index(op.f("ix_poll_participations_person_id"), "poll_participations", ["person_id"])
    op.create_table(
        "poll_votes",
        sa.Column("sheet", sa.String(length=32), nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        _to("question_id", "poll_votes", "poll_questions"),
        sa.PrimaryKeyConstraint("sheet", "question_id", name=op.f("pk_poll_votes")),
    )
    op.create_index(op.f("ix_poll_votes_question_id"), "poll_votes", ["question_id"])
    op.create_table(
        "poll_copies",
        sa.Column("id", BIG, nullable=False),
        sa.Column("participation_id", BIG, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("telegram_poll_id", sa.String(length=40), nullable=True),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        _to("participation_id", "poll_copies", "poll_participations"),
        _to("question_id", "poll_copies", "poll_questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_copies")),
    )
    for column in ("participation_id", "question_id", "telegram_poll_id"):
        op.create_index(op.f(f"ix_poll_copies_{column}"), "poll_copies", [column])
    op.create_table(
        "poll_tallies",
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("option", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _to("question_id", "poll_tallies", "poll_questions"),
        sa.PrimaryKeyConstraint("question_id", "option", name=op.f("pk_poll_tallies")),
    )
    op.create_table(
        "poll_comments",
        sa.Column("id", BIG, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _to("question_id", "poll_comments", "poll_questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_comments")),
    )
    op.create_index(op.f("ix_poll_comments_question_id"), "poll_comments", ["question_id"])
    op.create_table(
        "poll_group_means",
        sa.Column("id", BIG, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mean", sa.Float(), nullable=False),
        _to("question_id", "poll_group_means", "poll_questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_group_means")),
    )
    op.create_index(op.f("ix_poll_group_means_question_id"), "poll_group_means", ["question_id"])
    op.create_table(
        "group_polls",
        sa.Column("id", BIG, nullable=False),
        sa.Column("question_id", BIG, nullable=False),
        sa.Column("delivery_id", BIG, nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        _to("question_id", "group_polls", "poll_questions"),
        _to("delivery_id", "group_polls", "deliveries", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_polls")),
    )
    op.create_index(op.f("ix_group_polls_question_id"), "group_polls", ["question_id"])
    op.create_index(op.f("ix_group_polls_delivery_id"), "group_polls", ["delivery_id"])
    with op.batch_alter_table("outgoing_requests") as requests:
        requests.add_column(sa.Column("poll_copy_id", BIG, nullable=True))
        requests.create_index(op.f("ix_outgoing_requests_poll_copy_id"), ["poll_copy_id"])


def downgrade() -> None:
    with op.batch_alter_table("outgoing_requests") as requests:
        requests.drop_index(op.f("ix_outgoing_requests_poll_copy_id"))
        requests.drop_column("poll_copy_id")
    for table in (
        "group_polls",
        "poll_group_means",
        "poll_comments",
        "poll_tallies",
        "poll_copies",
        "poll_votes",
        "poll_participations",
        "poll_questions",
        "polls",
    ):
        op.drop_table(table)
