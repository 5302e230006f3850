"""Holds of one host never overlap: a constraint on PostgreSQL, triggers on SQLite.

A later migration that rebuilds the table "hold" on SQLite (Alembic's batch mode) loses the triggers
without a word and must make them again; tests/test_migrations.py notices.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONSTRAINT = """
    ALTER TABLE hold ADD CONSTRAINT ex_hold_overlap EXCLUDE USING gist (
        int8range(host_id, host_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
    )
"""

TRIGGER = """
    CREATE TRIGGER hold_overlap_on_{event} BEFORE {event} ON hold
    WHEN EXISTS (
        SELECT 1 FROM hold
        WHERE host_id = NEW.host_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        {but_itself}
    )
    BEGIN
        SELECT RAISE(ABORT, 'ex_hold_overlap');
    END
"""


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute(CONSTRAINT)
    else:
        op.execute(TRIGGER.format(event="INSERT", but_itself=""))
        op.execute(TRIGGER.format(event="UPDATE", but_itself="AND id <> OLD.id"))


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE hold DROP CONSTRAINT ex_hold_overlap")
    else:
        op.execute("DROP TRIGGER hold_overlap_on_INSERT")
        op.execute("DROP TRIGGER hold_overlap_on_UPDATE")
