"""What bookers do with their data: a new address until it is confirmed, when they corrected what
they had entered, and by when they are to be erased.

Revision ID: 0018
Revises: 0015
"""

from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    # By itself: SQLite rebuilds a table in batch mode, and its triggers would go.
    instant = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    op.execute("ALTER TABLE attendee ADD COLUMN new_email VARCHAR(254) NOT NULL DEFAULT ''")
    op.execute(f"ALTER TABLE booking ADD COLUMN corrected_at {instant}")
    op.execute(f"ALTER TABLE booking ADD COLUMN erase_by {instant}")


def downgrade():
    op.execute("ALTER TABLE booking DROP COLUMN erase_by")
    op.execute("ALTER TABLE booking DROP COLUMN corrected_at")
    op.execute("ALTER TABLE attendee DROP COLUMN new_email")
