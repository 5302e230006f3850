"""A meeting and a calendar entry remember that what stands at the provider has words of which none are
kept here any more, so that they are rewritten also if the connection is broken for long.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: Each table, and the word of what was sent that is empty once all are forgotten.
TABLES = {"meeting": "topic", "calendar_entry": "title"}


def upgrade():
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, word in TABLES.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN forgotten BOOLEAN NOT NULL DEFAULT false")
        said = f"json_extract(sent, '$.{word}')" if is_sqlite else f"sent->>'{word}'"
        op.execute(f"UPDATE {table} SET forgotten = true WHERE {said} = ''")
        op.create_index(
            f"ix_{table}_forgotten",
            table,
            ["booking_id"],
            sqlite_where=sa.text("forgotten = 1"),
            postgresql_where=sa.text("forgotten"),
        )


def downgrade():
    for table in TABLES:
        op.drop_index(f"ix_{table}_forgotten", table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN forgotten")
