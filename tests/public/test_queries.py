"""A page's queries are the same with a hundred bookings as with none."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Schedule
from tests import factories
from tests.public.pages import book, times
from tests.statements import statements

ALL_DAY = [[[0, 1440]]] * 7


def many_bookings(*schedules: Schedule) -> None:
    for number in range(60):
        schedule = db.session.merge(schedules[number % len(schedules)])
        at = factories.NOW + timedelta(hours=1, minutes=30 * number)
        factories.booking(schedule=schedule, starts_at=at)
        factories.booking(schedule=schedule, starts_at=at - timedelta(days=40))


def test_a_page_asks_as_often_with_many_bookings_as_with_none(
    app: Flask, client: FlaskClient
) -> None:
    schedule = factories.schedule(week=ALL_DAY)
    limited = factories.schedule(host=schedule.host, slug="limited", week=ALL_DAY, max_per_day=99)
    pages = {
        "/mara": 3,
        "/mara/intro": 3,
        "/mara/limited": 3,
        "/mara/intro?month=2027-04": 2,  # the schedule is known by now
        "/mara/intro?day=2027-03-05": 1,  # and so is what is free then
        "/mara/intro/book?at=2027-03-05T09:00:00Z": 3,
    }
    assert asked(client, pages) == pages
    many_bookings(schedule, limited)
    assert asked(client, pages) == pages


def asked(client: FlaskClient, pages: Iterable[str]) -> dict[str, int]:
    """How many statements each page takes."""
    found = {}
    for address in pages:
        with statements() as said:
            assert client.get(address).status_code == 200
        found[address] = len(said)
    return found


@pytest.mark.both_databases
def test_booking_asks_as_often_with_many_bookings_as_with_none(
    app: Flask, client: FlaskClient
) -> None:
    schedule = factories.schedule(week=ALL_DAY)
    with statements() as before:
        assert book(client, "2027-03-05T09:00:00Z").status_code == 303
    many_bookings(schedule)
    with statements() as after:
        assert book(client, "2027-03-05T10:00:00Z", form_key="a" * 32).status_code == 303
    # PostgreSQL's locks the host, too.
    assert len(before) == len(after) <= 11 + (db.engine.dialect.name == "postgresql")


def test_a_booking_s_page_asks_once(app: Flask, client: FlaskClient) -> None:
    booking = factories.booking(video_provider="zoom")
    address = f"/booking/{booking.token}"
    with statements() as asked:
        assert client.get(address).status_code == 200
    assert len(asked) == 1
    with statements() as picking:
        assert times(client.get(f"{address}/reschedule"))
    assert len(picking) == 2
