"""Every write that changes what a host's public pages show raises the host's version."""

import importlib.util
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.extensions import db
from bookme.jobs.calendars import difference
from bookme.models import (
    BusyTime,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    HostVersion,
    OpeningHours,
    Picture,
    Question,
    QuestionKind,
    Schedule,
    TimeOff,
    User,
)
from tests import factories
from tests.processes import ROOT

#: Tables of which a public page shows nothing.
UNSEEN = {
    *("alarm", "chore", "heartbeat", "deauthorization", "host_version"),
    *("session", "authorization_attempt"),  # hosts' browsers
    *("known_browser", "passkey", "recovery_code", "wrong_code", "authenticator", "pending_proof"),
    "search_word",  # what hosts find bookings by
    *("attendee", "email", "booking_event", "meeting", "reminder"),  # of bookings: their own pages
    *("booking_link", "message_rule"),  # a page of a link is not kept
    *("tally", "origin", "flood", "report", "given_up_handle"),  # what strangers do, or could
    *("operator", "operator_act", "identity", "invitation", "pending_link", "sign_in_attempt"),
    "block",  # asked when somebody books: a page shows the same to everybody
}
#: Columns of the others that no public page depends on: whose turn it is, tokens, tries, words for
#: the booker or the host. A new column is watched unless it is written here.
UNSEEN_COLUMNS = {
    "booking": {
        *("id", "reference", "token", "form_digest", "title", "zone", "location_kind"),
        *("video_provider", "meeting_options", "address", "caller", "phone", "cancelled_by"),
        *("cancelled_at", "cancel_reason", "lapses_at", "asked_to_move_at", "ask_words"),
        *("corrected_at", "erase_by"),
        *("revision", "sequence", "sequence_digest", "due_at", "created_at", "missed"),
        *("queued_at", "lease_until", "lease_holder"),
    },
    "calendar": {
        *("id", "external_id", "name", "color", "zone", "is_primary", "may_write"),
        *("takes_bookings", "read_at", "read_after", "visited_at", "trouble", "attempts"),
        *("told_failing_at", "told_closed_at", "unclear_count", "unclear_sealed"),
        *("queued_at", "lease_until", "lease_holder"),
    },
    "calendar_entry": {
        *("id", "calendar_id", "calendar_external_id", "state", "etag", "attempt", "revision"),
        *("sent", "attempted_at", "link_after", "attempts", "next_attempt_at", "trouble"),
        *("failing_since", "changed_by_hand_at", "made_at", "sought_at", "forgotten"),
    },
    "connection": {
        *("id", "seal_id", "label_sealed", "user_id_sealed", "account_id_sealed"),
        *("access_token_sealed", "refresh_token_sealed", "user_digest", "scopes", "expires_at"),
        *("generation", "blocked_until", "calls_after", "problem", "connected_at"),
        *("disconnected_at", "refreshed_at", "checked_at", "last_used_at"),
        *("queued_at", "lease_until", "lease_holder"),
    },
}
SEEN = [table for table in db.metadata.sorted_tables if table.name not in UNSEEN]


def version(host: int = 1) -> int:
    db.session.rollback()
    number = db.session.scalar(sa.select(HostVersion.number).where(HostVersion.host_id == host))
    db.session.rollback()
    assert number is not None
    return number


def rises(statement: sa.Executable, rows: Any = None) -> int:
    """By how much the version of the host rises when this is committed."""
    before = version()
    db.session.execute(statement, rows)
    db.session.commit()
    return version() - before


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """A schedule of the first host, with one row in every table that counts."""
    booking = factories.booking(video_provider="zoom")
    host, at = booking.host, factories.NOW
    connection = Connection(
        host=host,
        provider="google",
        status=ConnectionStatus.ACTIVE,
        seal_id="s",
        connected_at=at,
    )
    db.session.add(connection)
    db.session.commit()
    calendar = Calendar(
        host=host, connection=connection, external_id="c", name="Work", is_checked=True
    )
    ends: dict[str, Any] = {"starts_at": at, "ends_at": at + timedelta(hours=1)}
    with db.session.no_autoflush:
        db.session.add_all(
            [
                BusyTime(calendar=calendar, entry_id="e", **ends),
                CalendarEntry(booking=booking, provider="google", external_id="e"),
                OpeningHours(host=host, name="Hours", zone="UTC", week=[], created_at=at),
                TimeOff(host=host, zone="UTC", created_at=at, **ends),
                Picture(user=host, digest="d", small=b"s", large=b"l", made_at=at),
                Question(
                    schedule=booking.schedule,
                    position=0,
                    kind=QuestionKind.TEXT,
                    name="q",
                    label="Q",
                ),
            ]
        )
    db.session.commit()
    of: Schedule = booking.schedule
    return of


def test_a_change_of_any_column_that_pages_show_raises_it(schedule: Schedule) -> None:
    wrong = []
    for table in SEEN:
        for column in table.columns:
            is_seen = column.name not in UNSEEN_COLUMNS.get(table.name, set())
            # As it is: what counts is that it was written.
            rise = rises(sa.update(table).values({column.name: column}))
            if bool(rise) is not is_seen:
                wrong.append(f"{table.name}.{column.name} raises it by {rise}")
    assert wrong == []


def test_a_row_more_or_less_raises_it(schedule: Schedule) -> None:
    parts = [table for table in SEEN if table.name != "user"]
    rows = {one: dict(db.session.execute(sa.select(one)).mappings().one()) for one in parts}
    others = [one for one in db.metadata.sorted_tables if one not in SEEN]
    for table in reversed([one for one in others if one.name != "host_version"]):
        db.session.execute(sa.delete(table))
    db.session.commit()
    wrong = [f"{one.name} less" for one in reversed(parts) if not rises(sa.delete(one))]
    wrong += [f"{one.name} more" for one in parts if not rises(sa.insert(one), rows[one])]
    assert wrong == []


def test_what_goes_with_another_row_raises_it(schedule: Schedule) -> None:
    assert rises(sa.delete(Connection))
    assert db.session.scalar(sa.select(BusyTime.id)) is None


def test_what_is_no_page_s_business_leaves_it(schedule: Schedule) -> None:
    for name in UNSEEN - {"host_version"}:
        table = db.metadata.tables[name]
        assert not rises(sa.delete(table)), name


def test_a_write_that_is_taken_back_leaves_it(schedule: Schedule) -> None:
    before = version()
    db.session.execute(sa.update(User).values(name="Mara"))
    db.session.rollback()
    assert version() == before


def test_other_hosts_versions_stay(schedule: Schedule) -> None:
    other = factories.host(another=True).id
    before = version(other)
    assert rises(sa.update(Schedule).values(title="Other"))
    assert version(other) == before


def test_a_host_with_an_id_of_old_begins_with_another_version(schedule: Schedule) -> None:
    first = factories.host(another=True)
    number = first.id
    old = version(number)
    db.session.execute(sa.delete(User).where(User.id == number))
    db.session.commit()
    columns = {"email": "o@example.com", "handle": "other", "id": number}
    factories.host(**columns)
    assert abs(version(number) - old) > 1000


def test_a_reading_of_thousands_of_rows_is_quickly_one_version_on_postgresql(
    schedule: Schedule,
) -> None:
    calendar = db.session.scalar(sa.select(Calendar.id))
    assert calendar is not None
    day = timedelta(days=1)
    wanted = {
        (factories.NOW + day * nth, factories.NOW + day * nth + day / 2, f"e{nth}")
        for nth in range(1500)
    }
    before = version()
    difference.replace(calendar, wanted)
    db.session.commit()
    rise = version() - before
    assert rise == 1 if db.engine.dialect.name == "postgresql" else rise >= 1500


def test_two_writers_for_one_host_wait_for_each_other_at_their_commits_only(
    schedule: Schedule,
) -> None:
    """On PostgreSQL: one has written and goes on to lock the host, whom another has locked."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    host, calendar = schedule.host_id, db.session.scalar(sa.select(Calendar.id))
    db.session.rollback()
    before = version()
    row = {"starts_at": factories.NOW, "ends_at": factories.NOW + timedelta(hours=1)}
    lock = sa.select(User.id).where(User.id == host).with_for_update(key_share=True)
    with db.engine.connect() as one, db.engine.connect() as other:
        for connection in (one, other):
            connection.exec_driver_sql("SET lock_timeout = '2s'")
        one.execute(lock)
        other.execute(sa.insert(BusyTime).values(calendar_id=calendar, entry_id="x", **row))
        one.execute(sa.insert(BusyTime).values(calendar_id=calendar, entry_id="y", **row))
        one.commit()  # doesn't wait for the other, who hasn't committed
        other.execute(lock)
        other.commit()
    assert version() == before + 2


def test_the_migration_watches_what_is_not_written_here() -> None:
    """A table that is new is in neither; whoever makes it says in which it belongs."""
    path = next((ROOT / "bookme" / "migrations" / "versions").glob("0011_*.py"))
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    assert set(migration.WATCHED) == {table.name for table in SEEN}
