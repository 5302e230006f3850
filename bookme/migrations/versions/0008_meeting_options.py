"""What a schedule sets for its meetings, in one column for every provider.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("schedule", "booking")
OPTIONS = ("waiting_room", "join_before_host", "passcode")


def upgrade():
    for table in TABLES:
        op.add_column(
            table, sa.Column("meeting_options", sa.JSON(), nullable=False, server_default="{}")
        )
        _carry_over(table)
        # SQLite rebuilds a table in batch mode and would drop the rows that refer to it.
        for option in OPTIONS:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {option}")
    _rewrite_requests(_to_options)


def downgrade():
    for table in TABLES:
        for option in OPTIONS:
            op.add_column(table, sa.Column(option, sa.Boolean(), nullable=True))
        _carry_back(table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN meeting_options")
    _rewrite_requests(_from_options)


def _table(name):
    columns = (sa.column("id", sa.Integer), sa.column("meeting_options", sa.JSON))
    return sa.table(name, *columns, *(sa.column(option, sa.Boolean) for option in OPTIONS))


def _carry_over(name):
    table, bind = _table(name), op.get_bind()
    is_set = sa.or_(*(table.c[option].is_not(None) for option in OPTIONS))
    for row in bind.execute(sa.select(table).where(is_set)).mappings().all():
        chosen = {option: row[option] for option in OPTIONS if row[option] is not None}
        bind.execute(
            sa.update(table).where(table.c.id == row["id"]).values(meeting_options=chosen)
        )


def _carry_back(name):
    table, bind = _table(name), op.get_bind()
    for row in bind.execute(sa.select(table.c.id, table.c.meeting_options)).mappings().all():
        chosen = {option: row["meeting_options"].get(option) for option in OPTIONS}
        if any(value is not None for value in chosen.values()):
            bind.execute(sa.update(table).where(table.c.id == row["id"]).values(**chosen))


def _rewrite_requests(change):
    """What was sent last is kept as JSON, and compared with what should be sent."""
    meeting = sa.table("meeting", sa.column("id", sa.Integer), sa.column("sent", sa.JSON))
    bind = op.get_bind()
    for row in bind.execute(sa.select(meeting).where(meeting.c.sent.is_not(None))).mappings().all():
        if isinstance(row["sent"], dict):
            changed = change(dict(row["sent"]))
            bind.execute(sa.update(meeting).where(meeting.c.id == row["id"]).values(sent=changed))


def _to_options(sent):
    chosen = {option: sent.pop(option, None) for option in OPTIONS}
    return {**sent, "options": {k: v for k, v in chosen.items() if v is not None}}


def _from_options(sent):
    chosen = sent.pop("options", {})
    return {**sent, **{option: chosen.get(option) for option in OPTIONS}}
