"""Sets of opening hours, time off, questions, links, messages at times, and what they need.

Revision ID: 0009
Revises: 0008
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(32)
OFFICE_HOURS = [[[540, 1020]]] * 5 + [[], []]

#: Old rows keep what they had: no guests, one length.
COLUMNS = {
    "user": [
        ("contact", "VARCHAR(200) NOT NULL DEFAULT ''"),
        ("max_per_day", "INTEGER"),
        ("max_per_week", "INTEGER"),
        ("feed_epoch", "INTEGER"),
        ("embed_sites", "JSON NOT NULL DEFAULT '[]'"),
        (
            "set_up_step",
            "INTEGER CONSTRAINT ck_user_set_up_step_in_range CHECK (set_up_step BETWEEN 1 AND 4)",
        ),
    ],
    "schedule": [
        ("durations", "JSON NOT NULL DEFAULT '[]'"),
        ("max_per_booker", "INTEGER"),
        ("dates_from", "DATE"),
        ("dates_until", "DATE"),
        ("reschedule_notice_minutes", "INTEGER"),
        ("cancel_notice_minutes", "INTEGER"),
        (
            "opening_hours_id",
            "INTEGER CONSTRAINT fk_schedule_opening_hours_id_opening_hours"
            " REFERENCES opening_hours (id)",
        ),
        (
            "max_guests",
            "INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_schedule_guests_in_range"
            " CHECK (max_guests BETWEEN 0 AND 10)",
        ),
        ("visibility", "VARCHAR(32) NOT NULL DEFAULT 'listed'"),
        ("needs_approval", "BOOLEAN NOT NULL DEFAULT false"),
        (
            "answer_minutes",
            "INTEGER NOT NULL DEFAULT 2880 CONSTRAINT ck_schedule_answer_in_range"
            " CHECK (answer_minutes BETWEEN 15 AND 43200)",
        ),
        ("confirms_email", "BOOLEAN NOT NULL DEFAULT false"),
        ("after_words", "TEXT NOT NULL DEFAULT ''"),
        ("redirect_url", "VARCHAR(500) NOT NULL DEFAULT ''"),
        ("redirect_passes", "JSON NOT NULL DEFAULT '[]'"),
    ],
    "booking": [
        ("lapses_at", INSTANT),
        ("asked_to_move_at", INSTANT),
        ("ask_words", "TEXT NOT NULL DEFAULT ''"),
    ],
    "attendee": [
        ("answers", "JSON NOT NULL DEFAULT '[]'"),
        ("source", "JSON NOT NULL DEFAULT '{}'"),
        ("host_notes", "TEXT NOT NULL DEFAULT ''"),
        ("no_show_at", INSTANT),
        ("reminders_off_at", INSTANT),
    ],
}


def upgrade():
    _make_tables()
    # Column by column: SQLite rebuilds a table in batch mode and would drop rows that refer to it.
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            if isinstance(kind, str):
                op.execute(f'ALTER TABLE "{table}" ADD COLUMN {name} {kind}')
            else:
                op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_schedule_opening_hours_id", "schedule", ["opening_hours_id"])
    op.create_index("ix_booking_host_created", "booking", ["host_id", "created_at"])
    op.create_index(
        "ix_booking_host_status", "booking", ["host_id", "status", "starts_at", "id"]
    )
    _create_partial_index("ix_booking_lapses_at", "booking", ["lapses_at"], "lapses_at IS NOT NULL")
    _carry_over()


def downgrade():
    op.drop_index("ix_booking_lapses_at", "booking")
    op.drop_index("ix_booking_host_status", "booking")
    op.drop_index("ix_booking_host_created", "booking")
    op.drop_index("ix_schedule_opening_hours_id", "schedule")
    for table, columns in COLUMNS.items():
        for name, _ in reversed(columns):
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {name}')
    for table in TABLES:
        op.drop_table(table)


#: Those that refer to others come first.
TABLES = ("reminder", "message_rule", "booking_link", "question", "time_off", "opening_hours")


def _make_tables():
    op.create_table(
        "opening_hours",
        _id(),
        _refers("host_id", "user", "opening_hours"),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("overrides", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opening_hours"),
    )
    op.create_index("ix_opening_hours_host_id", "opening_hours", ["host_id"])
    op.create_table(
        "time_off",
        _id(),
        _refers("host_id", "user", "time_off"),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name="ck_time_off_ends_after_start"),
        sa.PrimaryKeyConstraint("id", name="pk_time_off"),
    )
    op.create_index("ix_time_off_host_end", "time_off", ["host_id", "ends_at", "id"])
    op.create_table(
        "question",
        _id(),
        _refers("schedule_id", "schedule", "question"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("help", sa.String(300), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.UniqueConstraint("schedule_id", "name", name="uq_question_name"),
    )
    op.create_table(
        "booking_link",
        _id(),
        _refers("schedule_id", "schedule", "booking_link"),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(8), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        _refers("booking_id", "booking", "booking_link", nullable=True, ondelete="SET NULL"),
        sa.CheckConstraint("uses_left >= 0", name="ck_booking_link_uses_left_in_range"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_link"),
        sa.UniqueConstraint("token_hash", name="uq_booking_link_token_hash"),
    )
    op.create_index("ix_booking_link_schedule", "booking_link", ["schedule_id", "id"])
    op.create_index("ix_booking_link_booking_id", "booking_link", ["booking_id"])
    op.create_table(
        "message_rule",
        _id(),
        _refers("schedule_id", "schedule", "message_rule"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("timing", WORD, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("to_booker", sa.Boolean(), nullable=False),
        sa.Column("to_host", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 43200", name="ck_message_rule_minutes_in_range"),
        sa.PrimaryKeyConstraint("id", name="pk_message_rule"),
    )
    op.create_index("ix_message_rule_schedule", "message_rule", ["schedule_id", "position"])
    op.create_table(
        "reminder",
        _id(),
        _refers("booking_id", "booking", "reminder"),
        _refers("rule_id", "message_rule", "reminder"),
        _refers("attendee_id", "attendee", "reminder", nullable=True),
        _refers("user_id", "user", "reminder", nullable=True),
        sa.Column("send_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("state", WORD, nullable=False),
        _refers("email_id", "email", "reminder", nullable=True, ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
    )
    for name in ("booking_id", "rule_id", "attendee_id"):
        op.create_index(f"ix_reminder_{name}", "reminder", [name])
    _create_partial_index(
        "ix_reminder_waiting", "reminder", ["send_at", "booking_id"], "state = 'waiting'"
    )


def _id():
    return sa.Column("id", sa.Integer(), nullable=False)


def _refers(name, to, table, *, nullable=False, ondelete="CASCADE"):
    reference = sa.ForeignKey(f"{to}.id", ondelete=ondelete, name=f"fk_{table}_{name}_{to}")
    return sa.Column(name, sa.Integer(), reference, nullable=nullable)


def _create_partial_index(name, table, columns, where):
    where = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _carry_over():
    """Equal hours of one host's schedules become one set; who has none gets office hours."""
    columns = ("id", "host_id", "duration_minutes", "zone", "opening_hours_id", "deleted_at")
    schedule = sa.table(
        "schedule",
        *map(sa.column, columns),
        *(sa.column(name, sa.JSON) for name in ("week", "overrides", "durations")),
    )
    user = sa.table("user", sa.column("id"), sa.column("zone"))
    bind = op.get_bind()
    groups = {}
    for row in bind.execute(sa.select(schedule).order_by(schedule.c.id)).mappings().all():
        durations = [row["duration_minutes"]]
        bind.execute(_changed(schedule, row["id"], durations=durations))
        if row["deleted_at"] is None:
            hours = json.dumps([row["zone"], row["week"], row["overrides"]], sort_keys=True)
            groups.setdefault(row["host_id"], {}).setdefault(hours, []).append(row["id"])
    for host in bind.execute(sa.select(user).order_by(user.c.id)).mappings().all():
        sets = groups.get(host["id"], {})
        if not sets:
            _add_set(bind, host["id"], "Working hours", host["zone"], OFFICE_HOURS, {})
        most_used_first = sorted(sets.items(), key=lambda one: -len(one[1]))
        for number, (hours, schedules) in enumerate(most_used_first, 1):
            name = "Working hours" if number == 1 else f"Working hours {number}"
            set_id = _add_set(bind, host["id"], name, *json.loads(hours))
            for schedule_id in schedules:
                bind.execute(_changed(schedule, schedule_id, opening_hours_id=set_id))


def _changed(table, row_id, **values):
    return sa.update(table).where(table.c.id == row_id).values(**values)


def _add_set(bind, host_id, name, zone, week, overrides):
    table = sa.table(
        "opening_hours",
        *map(sa.column, ("id", "host_id", "name", "zone")),
        sa.column("week", sa.JSON),
        sa.column("overrides", sa.JSON),
        sa.column("created_at", INSTANT),
    )
    values = {"host_id": host_id, "name": name, "zone": zone, "week": week, "overrides": overrides}
    added = sa.insert(table).values(created_at=datetime.now(UTC), **values).returning(table.c.id)
    return bind.execute(added).scalar_one()
