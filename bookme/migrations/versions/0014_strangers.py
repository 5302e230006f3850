"""What keeps strangers from doing harm: counts, blocks, floods and reports.

Revision ID: 0014
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade():
    # Column by column: SQLite rebuilds a table in batch mode and would drop rows that refer to it.
    when = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f'ALTER TABLE "user" ADD COLUMN paused_at {when}')
    op.execute(f"ALTER TABLE email ADD COLUMN not_before {when}")
    op.create_table(
        "tally",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("key", "slot", name="pk_tally"),
    )
    op.create_index("ix_tally_until", "tally", ["until"])
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("shown_sealed", sa.LargeBinary()),
        sa.Column("created_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user.id"], name="fk_block_host_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
        sa.UniqueConstraint("host_id", "digest", name="uq_block_host_id_digest"),
        sa.UniqueConstraint("seal_id", name="uq_block_seal_id"),
    )
    op.create_table(
        "origin",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("network_digest", sa.String(64), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name="fk_origin_booking_id_booking", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", name="pk_origin"),
    )
    op.create_index("ix_origin_network_digest", "origin", ["network_digest"])
    op.create_index("ix_origin_made_at", "origin", ["made_at"])
    op.create_table(
        "flood",
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("began_at", WHEN, nullable=False),
        sa.Column("last_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user.id"], name="fk_flood_host_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("host_id", name="pk_flood"),
    )
    op.create_index("ix_flood_last_at", "flood", ["last_at"])
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("host_id", sa.Integer()),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("page", sa.String(300), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user.id"], name="fk_report_host_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("seal_id", name="uq_report_seal_id"),
    )
    op.create_index("ix_report_host_id", "report", ["host_id"])
    op.create_index("ix_report_made_at", "report", ["made_at"])
    op.create_table(
        "operator_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("command", sa.String(40), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operator_act"),
    )
    op.create_index("ix_operator_act_at", "operator_act", ["at"])


def downgrade():
    for table in ("operator_act", "report", "flood", "origin", "block", "tally"):
        op.drop_table(table)
    op.execute("ALTER TABLE email DROP COLUMN not_before")
    op.execute('ALTER TABLE "user" DROP COLUMN paused_at')
