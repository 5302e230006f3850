"""The words by which bookings are found; indexes for old rows, and for what is due of one host.

Revision ID: 0012
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = """
    INSERT OR IGNORE INTO search_word (attendee_id, word, host_id, booking_id)
    SELECT NEW.id, value, (SELECT host_id FROM booking WHERE id = NEW.booking_id), NEW.booking_id
    FROM json_each(search_words(NEW.name, NEW.email, NEW.phone, NEW.notes, NEW.answers))
"""
# The function is BookMe's own (bookme/searched.py), known on each of its connections.
SQLITE = f"""
    CREATE TRIGGER tr_attendee_words_insert AFTER INSERT ON attendee BEGIN {ADDED}; END
    ~
    CREATE TRIGGER tr_attendee_words_update
    AFTER UPDATE OF name, email, phone, notes, answers ON attendee
    BEGIN DELETE FROM search_word WHERE attendee_id = NEW.id; {ADDED}; END
"""
_TEXTS = "{0}.name || ' ' || {0}.email || ' ' || {0}.phone || ' ' || {0}.notes || ' ' || answers_text({0}.answers)"
OF_NEW, OF_ROW = _TEXTS.format("NEW"), _TEXTS.format("attendee")
# The same words as bookme/searched.py makes.
POSTGRESQL = f"""
    CREATE FUNCTION search_words(texts text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
        SELECT word FROM (
            SELECT left(substr(piece, begin), 24) AS word, min(nth * 1000 + begin) AS place
            FROM regexp_split_to_table(lower(texts), '\\s+') WITH ORDINALITY AS one(piece, nth),
                generate_series(1, least(length(piece), 200)) AS begin
            WHERE begin = 1 OR substr(piece, begin, 1) ~ '[\\u3040-\\u30ff\\u3400-\\u9fff]'
                OR substr(piece, begin - 1, 2) ~ '^[^[:alnum:]][[:alnum:]]'
            GROUP BY 1 ORDER BY 2 LIMIT 500
        ) AS found WHERE word <> ''
    $$
    ~
    CREATE FUNCTION answers_text(answers json) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(string_agg(one ->> 'answer', ' '), '') FROM json_array_elements(
            CASE json_typeof(answers) WHEN 'array' THEN answers ELSE '[]' END
        ) AS one
    $$
    ~
    CREATE FUNCTION keep_attendee_words() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN DELETE FROM search_word WHERE attendee_id = NEW.id; END IF;
        INSERT INTO search_word (attendee_id, word, host_id, booking_id)
        SELECT NEW.id, word, booking.host_id, booking.id
        FROM booking, search_words({OF_NEW}) AS word WHERE booking.id = NEW.booking_id;
        RETURN NULL;
    END $$
    ~
    CREATE TRIGGER tr_attendee_words_insert AFTER INSERT ON attendee
    FOR EACH ROW EXECUTE FUNCTION keep_attendee_words()
    ~
    CREATE TRIGGER tr_attendee_words_update
    AFTER UPDATE OF name, email, phone, notes, answers ON attendee
    FOR EACH ROW EXECUTE FUNCTION keep_attendee_words()
"""
FILL_SQLITE = """
    INSERT OR IGNORE INTO search_word (attendee_id, word, host_id, booking_id)
    SELECT attendee.id, one.value, booking.host_id, booking.id
    FROM attendee JOIN booking ON booking.id = attendee.booking_id,
        json_each(search_words(name, email, attendee.phone, notes, answers)) AS one
"""
FILL_POSTGRESQL = f"""
    INSERT INTO search_word (attendee_id, word, host_id, booking_id)
    SELECT attendee.id, word, booking.host_id, booking.id
    FROM attendee JOIN booking ON booking.id = attendee.booking_id,
        search_words({OF_ROW}) AS word
"""
#: What the sweep reads to delete old rows, and what the database looks up for each deleted one.
INDEXED = (("booking_event", "at"), ("reminder", "email_id"), ("reminder", "user_id"))


def upgrade():
    word = sa.String(24).with_variant(sa.String(24, collation="C"), "postgresql")
    op.create_table(
        "search_word",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("word", word, nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendee.id"],
            name="fk_search_word_attendee_id_attendee",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attendee_id", "word", name="pk_search_word"),
        sqlite_with_rowid=False,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (SQLITE if is_sqlite else POSTGRESQL).split("~\n"):
        op.get_bind().exec_driver_sql(statement)
    op.get_bind().exec_driver_sql(FILL_SQLITE if is_sqlite else FILL_POSTGRESQL)
    op.create_index("ix_search_word_host", "search_word", ["host_id", "word", "booking_id"])
    op.create_index(
        "ix_booking_host_due",
        "booking",
        ["host_id", "due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade():
    for table, column in INDEXED:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_booking_host_due", "booking")
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON attendee"
    for name in ("tr_attendee_words_update", "tr_attendee_words_insert"):
        op.execute(f"DROP TRIGGER {name}{on}")
    if on:
        op.execute("DROP FUNCTION keep_attendee_words()")
        op.execute("DROP FUNCTION answers_text(json)")
        op.execute("DROP FUNCTION search_words(text)")
    op.drop_table("search_word")
