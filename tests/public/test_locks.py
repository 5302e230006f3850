"""A refusal is rendered without a lock: whoever books meanwhile doesn't wait for the page."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask, before_render_template
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import BookingStatus, Schedule, User
from tests import factories
from tests.public.pages import book


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


@pytest.fixture
def rendered(app: Flask, schedule: Schedule) -> Iterator[list[bool]]:
    """For each template that is rendered, whether another connection could write then."""
    found: list[bool] = []
    other = sa.create_engine(db.engine.url, poolclass=sa.NullPool)

    def look(_app: Flask, **_: object) -> None:
        found.append(_may_write(other))

    with before_render_template.connected_to(look, app):
        yield found


def _may_write(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        try:
            if engine.dialect.name == "sqlite":
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA busy_timeout = 0")
                driver.execute("BEGIN IMMEDIATE")
                driver.execute("ROLLBACK")
            else:
                connection.execute(sa.select(User.id).with_for_update(nowait=True))
        except (sqlite3.OperationalError, sa.exc.OperationalError):
            return False
    return True


def refuse_a_time(client: FlaskClient) -> int:
    book(client)
    return book(client, form_key="f" * 32, email="bo@example.com").status_code


def refuse_a_form(client: FlaskClient) -> int:
    return book(client, email="nobody").status_code


def refuse_a_move(client: FlaskClient) -> int:
    booking = factories.booking(schedule=db.session.scalars(sa.select(Schedule)).one())
    other = factories.NOW.replace(day=3, hour=9)
    factories.booking(schedule=booking.schedule, starts_at=other)
    to = {"starts_at": f"{other:%Y-%m-%dT%H:%M:%SZ}", "zone": "UTC", "clock": "24"}
    return client.post(f"/booking/{booking.token}/reschedule", data=to).status_code


def refuse_to_cancel(client: FlaskClient) -> int:
    booking = factories.booking(schedule=db.session.scalars(sa.select(Schedule)).one())
    return client.post(f"/booking/{booking.token}/cancel", data={"reason": "x" * 9999}).status_code


def refuse_what_has_ended(client: FlaskClient) -> int:
    schedule = db.session.scalars(sa.select(Schedule)).one()
    booking = factories.booking(schedule=schedule, status=BookingStatus.CANCELLED)
    to = {"starts_at": "2027-03-03T09:00:00Z", "zone": "UTC", "clock": "24"}
    return client.post(f"/booking/{booking.token}/reschedule", data=to).status_code


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "refuse",
    [refuse_a_time, refuse_a_form, refuse_a_move, refuse_to_cancel, refuse_what_has_ended],
)
def test_a_refusal_holds_no_lock_while_it_is_rendered(
    client: FlaskClient, rendered: list[bool], refuse: Callable[[FlaskClient], int]
) -> None:
    assert refuse(client) in (409, 422)
    assert rendered
    assert all(rendered)
