"""A host's face on public pages and in mails, and the language of a schedule.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COLUMNS = {
    "user": [
        ("headline", "VARCHAR(120) NOT NULL DEFAULT ''"),
        ("welcome", "TEXT NOT NULL DEFAULT ''"),
        ("accent", "VARCHAR(7)"),
        ("alarm_minutes", "INTEGER"),
    ],
    "schedule": [("language", "VARCHAR(16)")],
}


def upgrade():
    op.create_table(
        "picture",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_picture_user_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_picture"),
    )
    # Column by column: SQLite rebuilds a table in batch mode and would drop rows that refer to it.
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {name} {kind}')


def downgrade():
    for table, columns in COLUMNS.items():
        for name, _ in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {name}')
    op.drop_table("picture")
