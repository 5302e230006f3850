"""What went wrong elsewhere, as people reported it, when strangers were held off."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import User
from tests import factories
from tests.guard.test_strangers import ALL_DAY, booked


@pytest.fixture(autouse=True)
def schedule(app: Flask) -> None:
    factories.schedule(week=ALL_DAY)


def test_colleagues_at_one_company_are_people_of_their_own(client: FlaskClient) -> None:
    """One address, one office's network, one domain: a limit on the domain kept them out."""
    for n in range(12):
        assert booked(client, n, email=f"colleague{n}@company.example").status_code == 303


def test_a_booking_has_no_more_guests_than_it_may(client: FlaskClient) -> None:
    guests = "\n".join(f"guest{n}@example.com" for n in range(60))
    assert booked(client, 1, guests=guests).status_code == 422


def test_a_host_who_opens_many_pages_is_not_held_off(as_host: Callable[..., FlaskClient]) -> None:
    host = as_host(db.session.scalars(sa.select(User)).one())
    opened = ("/dashboard", "/dashboard/schedules", "/connections", "/mara/intro")
    assert {host.get(path).status_code for path in opened * 15} == {200}
