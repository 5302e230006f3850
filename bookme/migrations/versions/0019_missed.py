"""Whether somebody did not come stands with the booking, too: a host's list of no-shows is read in its
order by an index, and not by looking at the people of every booking.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_booking_host_missed": "starts_at",
    "ix_booking_host_missed_created": "created_at",
}


def upgrade():
    # By itself: SQLite rebuilds a table in batch mode and would drop its triggers.
    op.execute("ALTER TABLE booking ADD COLUMN missed BOOLEAN NOT NULL DEFAULT false")
    op.execute(
        "UPDATE booking SET missed = true WHERE id IN"
        " (SELECT booking_id FROM attendee WHERE no_show_at IS NOT NULL)"
    )
    for name, order in INDEXES.items():
        op.create_index(
            name,
            "booking",
            ["host_id", order, "id"],
            sqlite_where=sa.text("missed = 1"),
            postgresql_where=sa.text("missed"),
        )


def downgrade():
    for name in INDEXES:
        op.drop_index(name, "booking")
    op.execute("ALTER TABLE booking DROP COLUMN missed")
