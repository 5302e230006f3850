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

# A day's appointment with a day's buffer on both sides is the longest hold. Held to that, an
# overlap is found by looking three days back, and not through all that is past.
LONGEST = """
    CREATE TRIGGER hold_length_on_{event} BEFORE {event} ON hold
    WHEN NEW.ends_at > datetime(NEW.starts_at, '+3 days', '+1 second')
    BEGIN
        SELECT RAISE(ABORT, 'ck_hold_length');
    END
"""

TRIGGER = """
    CREATE TRIGGER hold_overlap_on_{event} BEFORE {event} ON hold
    WHEN EXISTS (
        SELECT 1 FROM hold
        WHERE host_id = NEW.host_id
        AND starts_at < NEW.ends_at AND starts_at >= datetime(NEW.starts_at, '-3 days', '-1 second')
        AND ends_at > NEW.starts_at
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
        for event, but_itself in (("INSERT", ""), ("UPDATE", "AND id <> OLD.id")):
            op.execute(LONGEST.format(event=event))
            op.execute(TRIGGER.format(event=event, but_itself=but_itself))


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE hold DROP CONSTRAINT ex_hold_overlap")
    else:
        for event in ("INSERT", "UPDATE"):
            op.execute(f"DROP TRIGGER hold_overlap_on_{event}")
            op.execute(f"DROP TRIGGER hold_length_on_{event}")
