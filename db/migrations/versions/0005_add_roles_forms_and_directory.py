"""Add roles, forms, the directory, groups and files.

Who may do more than ask and who was invited to, what is being filled in, the ministry's list of counsellors, the groups
that organisers registered, files on their way to somebody, and an audit trail of what was done with a role. People get
the details that lists and certificates need; a verdict on a card outlives the data of whoever gave it, as a count.
Left out on purpose: owners, who stand in the settings; regencies as data.
"""

import sqlalchemy as sa
from alembic import op

from db.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_files",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outgoing_files")),
    )
    op.create_index(op.f("ix_outgoing_files_chat_id"), "outgoing_files", ["chat_id"], unique=False)

    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_audit_events_actor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"], unique=False)

    op.create_table(
        "directory_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("unit", sa.String(length=150), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("claim_code", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_directory_entries_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_entries")),
        sa.UniqueConstraint("claim_code", name=op.f("uq_directory_entries_claim_code")),
        sa.UniqueConstraint("person_id", name=op.f("uq_directory_entries_person_id")),
    )
    op.create_index(
        op.f("ix_directory_entries_province_code"), "directory_entries", ["province_code"], unique=False
    )

    op.create_table(
        "directory_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_directory_imports_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_imports")),
    )
    op.create_table(
        "forms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_parked", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_forms_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
    )
    op.create_index(op.f("ix_forms_person_id"), "forms", ["person_id"], unique=False)
    op.create_index(
        "uq_forms_in_front",
        "forms",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open' AND NOT is_parked"),
        postgresql_where=sa.text("state = 'open' AND NOT is_parked"),
    )
    op.create_index(
        "uq_forms_open",
        "forms",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("is_forum", sa.Boolean(), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("registered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("registered_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("may_post", sa.Boolean(), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["people.id"], name=op.f("fk_groups_registered_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_groups_chat_id")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_invitations_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["people.id"], name=op.f("fk_invitations_used_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitations_secret_hash")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["people.id"], name=op.f("fk_role_grants_granted_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_role_grants_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint(
            "person_id", "role", "province_code", name=op.f("uq_role_grants_person_id_role_province_code")
        ),
    )
    op.create_index(op.f("ix_role_grants_role"), "role_grants", ["role"], unique=False)

    op.add_column("people", sa.Column("full_name", sa.String(length=150), nullable=True))
    op.add_column("people", sa.Column("unit", sa.String(length=150), nullable=True))
    op.add_column("people", sa.Column("position", sa.String(length=100), nullable=True))
    op.add_column("people", sa.Column("nip", sa.String(length=18), nullable=True))
    op.add_column("people", sa.Column("regency", sa.String(length=100), nullable=True))
    op.add_column("people", sa.Column("stopped_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("people", sa.Column("menu_shown", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_people_menu_shown"), "people", ["menu_shown"])

    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("fk_ratings_person_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_ratings_person_id"), "people", ["person_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    op.execute("DELETE FROM ratings WHERE person_id IS NULL")
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ratings_person_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_ratings_person_id"), "people", ["person_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=False)

    op.drop_index(op.f("ix_people_menu_shown"), "people")
    op.drop_column("people", "menu_shown")
    op.drop_column("people", "stopped_at")
    op.drop_column("people", "regency")
    op.drop_column("people", "nip")
    op.drop_column("people", "position")
    op.drop_column("people", "unit")
    op.drop_column("people", "full_name")

    op.drop_index(op.f("ix_role_grants_role"), "role_grants")

    op.drop_table("role_grants")
    op.drop_table("invitations")
    op.drop_table("groups")
    op.drop_index(
        "uq_forms_open",
        "forms",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "uq_forms_in_front",
        "forms",
        sqlite_where=sa.text("state = 'open' AND NOT is_parked"),
        postgresql_where=sa.text("state = 'open' AND NOT is_parked"),
    )
    op.drop_index(op.f("ix_forms_person_id"), "forms")

    op.drop_table("forms")
    op.drop_table("directory_imports")
    op.drop_index(op.f("ix_directory_entries_province_code"), "directory_entries")

    op.drop_table("directory_entries")
    op.drop_index(op.f("ix_audit_events_at"), "audit_events")

    op.drop_table("audit_events")
    op.drop_index(op.f("ix_outgoing_files_chat_id"), "outgoing_files")

    op.drop_table("outgoing_files")
