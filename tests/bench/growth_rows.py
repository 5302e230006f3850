"""Hosts and bookings by the million, with all their rows, made by the database itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db

HOSTS = 1000
#: The bookings of the first host, and of the second once there are enough for it.
ORDINARY, BUSY = 1000, 50_000
#: So many of them are still to come, a booking every three hours.
_AHEAD, _BUSY_AHEAD, _OTHERS_AHEAD = 100, 5000, 50
_STEP = 3 * 3600
#: Sixteen names of six letters each, filled up with spaces.
_FIRST = "Ana Bruno Chloe Dmitr Emil Freya Goran Hana Ines Jonas Kaya Lena Mateo Nadia Oskar Priya"
_LAST = "Costa Deboer Evans Fiske Grassi Horvat Ivanov Jansen Kowal Lopez Meyer Novak Olsen Papp"
_LAST += " Quist Rossi"


class Growth:
    """Fills one database, a stage after the other.

    :param now: seconds since 1970; the bookings lie around it.
    """

    def __init__(self, engine: sa.Engine, now: int) -> None:
        self._engine, self._now = engine, now - now % 3600
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._made = 0

    def hosts(self) -> None:
        """A thousand hosts, each with a schedule, a connection, and a calendar with busy times."""
        created = self._at("0")
        with self._bulk() as run:
            number = self._series(1, HOSTS)
            self._insert(
                run,
                "user",
                number,
                {
                    "id": "n",
                    "email": "'host' || n || '@example.com'",
                    "email_confirmed_at": created,
                    "password_hash": "'none'",
                    "name": "'Host ' || n",
                    "handle": "'host' || n",
                    "zone": "'Europe/Lisbon'",
                    "created_at": created,
                },
            )
            self._insert(
                run,
                "schedule",
                number,
                {
                    "id": "n",
                    "host_id": "n",
                    "title": "'Intro call'",
                    "slug": "'intro'",
                    "zone": "'Europe/Lisbon'",
                    "week": f"'{[[[540, 1020]]] * 5 + [[], []]}'",
                    "durations": "'[30]'",
                    "location_kind": "'video'",
                    "video_provider": "'zoom'",
                    "created_at": created,
                },
            )
            self._insert(
                run,
                "message_rule",
                number,
                {
                    "id": "n",
                    "schedule_id": "n",
                    "position": "0",
                    "timing": "'before_start'",
                    "minutes": "1440",
                },
            )
            self._insert(
                run,
                "connection",
                number,
                {
                    "id": "n",
                    "host_id": "n",
                    "provider": "'zoom'",
                    "status": "'active'",
                    "seal_id": "'zoom' || n",
                    "connected_at": created,
                },
            )
            self._insert(
                run,
                "connection",
                number,
                {
                    "id": f"{HOSTS} + n",
                    "host_id": "n",
                    "provider": "'google'",
                    "status": "'active'",
                    "seal_id": "'google' || n",
                    "connected_at": created,
                },
            )
            self._insert(
                run,
                "calendar",
                number,
                {
                    "id": "n",
                    "host_id": "n",
                    "connection_id": f"{HOSTS} + n",
                    "external_id": "'main'",
                    "name": "'Main'",
                    "is_primary": "true",
                    "may_write": "true",
                    "is_checked": "true",
                    "takes_bookings": "true",
                    "read_at": self._at(str(self._now)),
                    "read_until": self._at(str(self._now + 400 * 86400)),
                    "read_after": self._at(str(self._now + 86400)),
                },
            )
            many = self._series(0, HOSTS * 50 - 1)
            begin = f"{self._now} + (n / {HOSTS}) * 86400"
            self._insert(
                run,
                "busy_time",
                many,
                {
                    "id": "n + 1",
                    "calendar_id": f"1 + n % {HOSTS}",
                    "starts_at": self._at(begin),
                    "ends_at": self._at(f"{begin} + 3600"),
                    "entry_id": "'busy' || n",
                },
            )

    def bookings(self, upto: int) -> None:
        """As many bookings as there are to be by now."""
        with self._bulk() as run:
            self._add(run, self._series(self._made + 1, upto))
        self._made = upto

    def _add(self, run: Any, number: str) -> None:
        last = ORDINARY + BUSY
        host = (
            f"CASE WHEN n <= {ORDINARY} THEN 1 WHEN n <= {last} THEN 2"
            f" ELSE 3 + (n - {last}) % {HOSTS - 2} END"
        )
        place = (
            f"CASE WHEN n <= {ORDINARY} THEN {_AHEAD} - n WHEN n <= {last} THEN"
            f" {_BUSY_AHEAD + ORDINARY} - n ELSE {_OTHERS_AHEAD} - (n - {last}) / {HOSTS - 2} END"
        )
        begin = f"{self._now} + ({place}) * {_STEP}"
        is_over, is_held = f"({place}) < 0", "n % 20 <> 0"
        booked = self._at(f"{begin} - 5 * 86400")
        first, name = _word(_FIRST, "n"), f"{_word(_FIRST, 'n')} || ' ' || {_word(_LAST, 'n / 16')}"
        self._insert(
            run,
            "booking",
            number,
            {
                "id": "n",
                "reference": _hex("n"),
                "token": "'token' || n",
                "schedule_id": host,
                "host_id": host,
                "starts_at": self._at(begin),
                "ends_at": self._at(f"{begin} + 1800"),
                "status": f"CASE WHEN {is_held} THEN 'confirmed' ELSE 'cancelled' END",
                "title": "'Intro call'",
                "zone": "'Europe/Lisbon'",
                "location_kind": "'video'",
                "video_provider": "'zoom'",
                "revision": "1",
                "created_at": booked,
            },
        )
        person = {
            "zone": "'Europe/Lisbon'",
            "answers": '\'[{"name": "q1", "question": "Topic", "answer": "Plans"}]\'',
        }
        self._insert(
            run,
            "attendee",
            number,
            person
            | {
                "id": "2 * n",
                "booking_id": "n",
                "role": "'booker'",
                "name": name,
                "email": f"lower({first}) || '.' || n || '@example.com'",
                "notes": "'See you'",
            },
        )
        tenth = f"{number} WHERE n % 10 = 0"
        self._insert(
            run,
            "attendee",
            tenth,
            person
            | {
                "id": "2 * n + 1",
                "booking_id": "n",
                "role": "'guest'",
                "name": "'Guest'",
                "email": "'guest.' || n || '@example.com'",
                "answers": "'[]'",
            },
        )
        self._insert(
            run,
            "hold",
            f"{number} WHERE {is_held}",
            {
                "id": "n",
                "host_id": host,
                "booking_id": "n",
                "starts_at": self._at(begin),
                "ends_at": self._at(f"{begin} + 1800"),
            },
        )
        email = f"lower({first}) || '.' || n || '@example.com'"
        words = (
            *(f"lower({first})", f"lower({_word(_LAST, 'n / 16')})", f"substr({email}, 1, 24)"),
            *("n || '@example.com'", "'example.com'", "'com'", "'see'", "'you'", "'plans'"),
        )
        self._insert(
            run,
            "search_word",
            f"{number} CROSS JOIN {self._series(0, len(words) - 1, 'w(k)')}",
            {
                "attendee_id": "2 * n",
                "host_id": host,
                "booking_id": "n",
                "word": f"CASE k {_cases(words)} END",
            },
        )
        state = f"CASE WHEN {is_held} THEN 'ready' ELSE 'removed' END"
        self._insert(
            run,
            "meeting",
            number,
            {
                "id": "n",
                "booking_id": "n",
                "provider": "'zoom'",
                "state": state,
                "revision": "1",
                "external_id": "'m' || n",
                "join_url": "'https://zoom.example/j/' || n",
                "made_at": booked,
            },
        )
        self._insert(
            run,
            "calendar_entry",
            number,
            {
                "id": "n",
                "booking_id": "n",
                "calendar_id": host,
                "provider": "'google'",
                "state": state,
                "external_id": "'bookme' || n",
                "revision": "1",
                "made_at": booked,
            },
        )
        told = {
            "booking_id": "n",
            "kind": "'booked'",
            "revision": "1",
            "state": "'sent'",
            "attempts": "1",
            "created_at": booked,
            "sent_at": booked,
        }
        self._insert(
            run,
            "email",
            number,
            told | {"id": "2 * n", "dedupe_key": "'booker-' || n", "attendee_id": "2 * n"},
        )
        self._insert(
            run,
            "email",
            number,
            told | {"id": "2 * n + 1", "dedupe_key": "'host-' || n", "user_id": host},
        )
        for nth, (kind, actor) in enumerate(
            (("booked", "booker"), ("meeting_created", "bookme"), ("email_sent", "bookme"))
        ):
            self._insert(
                run,
                "booking_event",
                number,
                {
                    "id": f"3 * n + {nth}",
                    "booking_id": "n",
                    "kind": f"'{kind}'",
                    "actor": f"'{actor}'",
                    "at": booked,
                },
            )
        self._insert(
            run,
            "reminder",
            f"{number} WHERE {is_held}",
            {
                "id": "n",
                "booking_id": "n",
                "rule_id": host,
                "attendee_id": "2 * n",
                "send_at": self._at(f"{begin} - 86400"),
                "starts_at": self._at(begin),
                "state": f"CASE WHEN {is_over} THEN 'sent' ELSE 'waiting' END",
            },
        )

    def _insert(self, run: Any, table: str, source: str, values: Mapping[str, str]) -> None:
        columns = _defaults(db.metadata.tables[table]) | values
        names = ", ".join(f'"{name}"' for name in columns)
        run(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} FROM {source}')

    def _series(self, first: int, last: int, name: str = "s(n)") -> str:
        if not self._is_sqlite:
            return f"generate_series({first}, {last}) AS {name}"
        table, column = name[0], name[2]
        return (
            f"(WITH RECURSIVE {name} AS (SELECT {first} UNION ALL SELECT {column} + 1 FROM {table}"
            f" WHERE {column} < {last}) SELECT {column} FROM {table})"
        )

    def _at(self, seconds: str) -> str:
        if self._is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')"
        return f"to_timestamp({seconds})"

    @contextmanager
    def _bulk(self) -> Iterator[Any]:
        """Statements that neither check nor index row by row; all indexes are made anew after."""
        keep = _of_sqlite if self._is_sqlite else _of_postgresql
        self._engine.dispose()  # nobody else may look meanwhile
        connection = self._engine.raw_connection()  # an engine's own would open a transaction
        try:
            if not self._is_sqlite:
                connection.driver_connection.autocommit = True
            run = connection.cursor().execute
            with keep(run):
                yield run
            run("ANALYZE")
        finally:
            connection.close()


_IN_BULK = (
    *("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"),
    *("temp_store = MEMORY", "cache_size = -400000"),
)
_AS_USUAL = (
    *("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"),
    *("temp_store = DEFAULT", "cache_size = -2000"),
)


@contextmanager
def _of_sqlite(run: Any) -> Iterator[None]:
    for pragma in _IN_BULK:
        run(f"PRAGMA {pragma}")
    parts = run(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND type IN ('index', 'trigger')"
    ).fetchall()
    for kind, name, _sql in parts:
        run(f'DROP {kind} "{name}"')
    run("BEGIN")
    yield
    for kind in ("index", "trigger"):
        for of, _name, sql in parts:
            if of == kind:
                run(sql)
    run("COMMIT")
    for pragma in _AS_USUAL:
        run(f"PRAGMA {pragma}")


_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'x' AND connamespace = 'public'::regnamespace
"""
_INDEXES = """
    SELECT i.indexname, i.indexdef
    FROM pg_indexes i LEFT JOIN pg_constraint c ON c.conname = i.indexname
    WHERE i.schemaname = 'public' AND c.conname IS NULL
"""


@contextmanager
def _of_postgresql(run: Any) -> Iterator[None]:
    run("SET session_replication_role = replica")  # no triggers, so no foreign keys either
    run("SET maintenance_work_mem = '256MB'")
    constraints, indexes = run(_CONSTRAINTS).fetchall(), run(_INDEXES).fetchall()
    for table, name, _sql in constraints:
        run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _sql in indexes:
        run(f'DROP INDEX "{name}"')
    yield
    for _name, sql in indexes:
        run(sql)
    for table, name, sql in constraints:
        run(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {sql}')
    run("SET session_replication_role = DEFAULT")


def _defaults(table: sa.Table) -> dict[str, str]:
    """What the models put where nothing is said."""
    found = {}
    for column in table.columns:
        default = column.default
        if default is None or column.primary_key:
            continue
        if default.is_callable:
            found[column.name] = "'[]'" if "list" in str(default.arg) else "'{}'"
        elif default.is_scalar:
            found[column.name] = _literal(default.arg)
    return found


def _literal(value: Any) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"'{value}'"
        if isinstance(value, str)
        else str(value)
    )


def _word(words: str, number: str) -> str:
    even = "".join(f"{word:<6}" for word in words.split())
    return f"trim(substr('{even}', 1 + 6 * (({number}) % 16), 6))"


def _cases(words: tuple[str, ...]) -> str:
    return " ".join(f"WHEN {nth} THEN {word}" for nth, word in enumerate(words))


def _hex(number: str) -> str:
    """A reference: as many as there are numbers, each of 32 characters."""
    return f"substr('{'0' * 32}' || ({number}), 1 + length(CAST(({number}) AS text)))"
