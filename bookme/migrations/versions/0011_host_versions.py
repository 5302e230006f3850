"""A host's version, raised by every write that changes what the host's public pages show.

The database raises it, in the transaction of the write, so that no writer can forget it.

SQLite does so at once: one transaction writes at a time. PostgreSQL does so when the transaction
commits, once for each host: the row is the last thing that is locked, so nobody waits for another
one's work, and no two transactions wait for each other.

A version begins at a random number: on SQLite an id may be given again once its row is gone, and
the new host's pages are not the old one's.

A later migration that rebuilds one of these tables on SQLite (Alembic's batch mode) loses the
triggers without a word and must make them again; tests/public/test_versions.py notices.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: By table: where a row says whose pages it is on, and the columns whose change counts; none named:
#: all. Most writes to the last four are of no interest to a page: leases, tries, tokens.
WATCHED = {
    "user": ("id", ()),
    "picture": ("user_id", ()),
    "schedule": ("host_id", ()),
    "question": ("schedule_id", ()),
    "opening_hours": ("host_id", ()),
    "time_off": ("host_id", ()),
    "hold": ("host_id", ()),
    "busy_time": ("calendar_id", ()),
    "booking": ("host_id", ("host_id", "schedule_id", "starts_at", "ends_at", "status")),
    "calendar": (
        "host_id",
        ("host_id", "connection_id", "is_checked", "read_until", "failing_since"),
    ),
    "calendar_entry": ("booking_id", ("booking_id", "provider", "external_id")),
    "connection": ("host_id", ("host_id", "provider", "status", "plan", "problem_at")),
}
#: Tables whose rows are a host's through another one.
PARENTS = {"schedule_id": "schedule", "calendar_id": "calendar", "booking_id": "booking"}

RANDOM = {
    "sqlite": "abs(random()) % 4503599627370496",
    "postgresql": "floor(random() * 4503599627370496)::bigint",
}

SQLITE = """
    CREATE TRIGGER version_of_{table}_on_{event} AFTER {event} {of} ON "{table}"
    BEGIN
        UPDATE host_version SET number = number + 1 WHERE host_id IN ({hosts});
    END
"""
SQLITE_NEW = """
    CREATE TRIGGER version_of_new_host AFTER INSERT ON "user"
    BEGIN
        INSERT INTO host_version (host_id, number) VALUES (NEW.id, {random});
    END
"""

# What a transaction has seen to already stands in a setting of its own, so that ten thousand rows
# of one calendar are one update.
POSTGRESQL_RAISE = """
    CREATE FUNCTION raise_host_version(host integer) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        done text := coalesce(current_setting('bookme.raised', true), '');
        mark text := ',user:' || host || ',';
    BEGIN
        IF host IS NOT NULL AND position(mark IN done) = 0 THEN
            UPDATE host_version SET number = number + 1 WHERE host_id = host;
            PERFORM set_config('bookme.raised', done || mark, true);
        END IF;
    END $$
"""
POSTGRESQL = """
    CREATE FUNCTION raise_version_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM raise_host_version({old}); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM raise_host_version({new}); END IF;
        RETURN NULL;
    END $$
"""
POSTGRESQL_CHILD = """
    CREATE FUNCTION raise_version_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        done text;
        mark text;
        parent integer;
    BEGIN
        FOREACH parent IN ARRAY CASE TG_OP
            WHEN 'INSERT' THEN ARRAY[NEW.{key}]
            WHEN 'DELETE' THEN ARRAY[OLD.{key}]
            ELSE ARRAY[OLD.{key}, NEW.{key}]
        END
        LOOP
            done := coalesce(current_setting('bookme.raised', true), '');
            mark := ',{parent}:' || parent || ',';
            IF position(mark IN done) = 0 THEN
                PERFORM set_config('bookme.raised', done || mark, true);
                PERFORM raise_host_version((SELECT host_id FROM {parent} WHERE id = parent));
            END IF;
        END LOOP;
        RETURN NULL;
    END $$
"""
POSTGRESQL_TRIGGER = """
    CREATE CONSTRAINT TRIGGER version_of_{table} AFTER INSERT OR DELETE OR UPDATE {of} ON "{table}"
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION raise_version_of_{table}()
"""
POSTGRESQL_NEW = (
    """
    CREATE FUNCTION version_of_new_host() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO host_version (host_id, number) VALUES (NEW.id, {random});
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER version_of_new_host AFTER INSERT ON "user"
    FOR EACH ROW EXECUTE FUNCTION version_of_new_host()
    """,
)


def upgrade():
    dialect = op.get_bind().dialect.name
    op.create_table(
        "host_version",
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["user.id"], name="fk_host_version_host_id_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("host_id", name="pk_host_version"),
    )
    random = RANDOM[dialect]
    op.execute(f'INSERT INTO host_version (host_id, number) SELECT id, {random} FROM "user"')
    (_on_postgresql if dialect == "postgresql" else _on_sqlite)(random)


def downgrade():
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in WATCHED:
        if is_postgresql:
            op.execute(f'DROP TRIGGER version_of_{table} ON "{table}"')
            op.execute(f"DROP FUNCTION raise_version_of_{table}()")
        else:
            for event in ("INSERT", "UPDATE", "DELETE"):
                op.execute(f"DROP TRIGGER version_of_{table}_on_{event}")
    if is_postgresql:
        op.execute('DROP TRIGGER version_of_new_host ON "user"')
        op.execute("DROP FUNCTION version_of_new_host()")
        op.execute("DROP FUNCTION raise_host_version(integer)")
    else:
        op.execute("DROP TRIGGER version_of_new_host")
    op.drop_table("host_version")


def _on_sqlite(random):
    op.execute(SQLITE_NEW.format(random=random))
    for table, (key, columns) in WATCHED.items():
        for event, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
            of = f"OF {', '.join(columns)}" if columns and event == "UPDATE" else ""
            hosts = ", ".join(_host(f"{row}.{key}", key) for row in rows)
            op.execute(SQLITE.format(table=table, event=event, of=of, hosts=hosts))


def _on_postgresql(random):
    op.execute(POSTGRESQL_RAISE)
    for statement in POSTGRESQL_NEW:
        op.execute(statement.format(random=random))
    for table, (key, columns) in WATCHED.items():
        if key in PARENTS:
            op.execute(POSTGRESQL_CHILD.format(table=table, key=key, parent=PARENTS[key]))
        else:
            op.execute(POSTGRESQL.format(table=table, old=f"OLD.{key}", new=f"NEW.{key}"))
        of = f"OF {', '.join(columns)}" if columns else ""
        op.execute(POSTGRESQL_TRIGGER.format(table=table, of=of))


def _host(value, key):
    return f"(SELECT host_id FROM {PARENTS[key]} WHERE id = {value})" if key in PARENTS else value
