"""BookMe behind a pooler in transaction mode: nothing is kept in a session of PostgreSQL's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, Hold, Schedule, User
from tests import factories, remembered
from tests.databases import Postgres
from tests.pooler import Pooler
from tests.public.pages import book
from tests.public.racing import race

#: The six times of a Tuesday.
TIMES = [(hour, minute) for hour in (9, 10, 11) for minute in (0, 30)]

pytestmark = pytest.mark.parametrize("database_url", ["pooled"], indirect=True)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    remembered.forget_connections()
    with Pooler(postgres.fresh()) as pooler:
        yield pooler.url
        remembered.forget_connections()


def test_transactions_take_turns_among_sessions(app: Flask) -> None:
    """Or the tests below see nothing."""
    seen = set()
    for _ in range(10):
        seen.add(db.session.scalar(sa.text("SELECT pg_backend_pid()")))
        db.session.rollback()
    assert len(seen) == 5


def test_what_a_session_keeps_is_missed(app: Flask) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 77")
        connection.commit()
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"


def test_nothing_is_prepared_however_often_it_is_asked(app: Flask) -> None:
    for _ in range(20):
        db.session.scalar(sa.select(sa.func.count(Booking.id)))
        assert db.session.scalar(sa.text("SELECT count(*) FROM pg_prepared_statements")) == 0
        db.session.rollback()


def test_pages_and_bookings_work_again_and_again(
    app: Flask, client: FlaskClient, as_host: Callable[..., FlaskClient]
) -> None:
    schedule: Schedule = factories.schedule()
    host = as_host(schedule.owner)
    for number in range(6):
        assert client.get("/mara/intro").status_code == 200
        answer = book(client, **form(number, *TIMES[number]))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert client.get(answer.location).status_code == 200
        for page in ("", "/bookings", "/bookings?q=ana", "/schedules"):
            assert host.get(f"/dashboard{page}").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(Booking.id))) == 6


def test_of_eight_bookers_one_gets_the_time(app: Flask, database_url: str, tmp_path: Path) -> None:
    factories.schedule()
    answers = race(database_url, tmp_path, [form(number, 9, 0) for number in range(8)])
    assert sorted(status for status, _ in answers) == [303] + [422] * 7
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Hold.id))) == 1


def test_locks_end_with_their_transaction(app: Flask) -> None:
    host = factories.host()
    for _ in range(7):
        db.session.get(User, host.id, with_for_update={"key_share": True})
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(7)))
        db.session.rollback()
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
    assert db.session.scalar(sa.text(held)) == 0


def form(number: int, hour: int, minute: int) -> dict[str, str]:
    return {
        "at": f"2027-03-02T{hour:02}:{minute:02}:00Z",
        "email": f"ana{number}@example.com",
        "form_key": f"{number:032x}",
    }
