from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import BookingLink, Visibility
from tests import factories
from tests.public.pages import book, link, soup, text

AsHost = Callable[..., FlaskClient]


def test_a_new_link_is_shown_once_and_works(
    app: Flask, client: FlaskClient, as_host: AsHost
) -> None:
    schedule = factories.schedule(visibility=Visibility.BY_LINK)
    host, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}/links"
    assert host.post(here, data={"days": "7"}).location == here
    page = host.get(here)
    address = str(soup(page).select("#new-link")[0]["value"])
    assert address.startswith("http://localhost/mara/intro?link=")
    secret = address.partition("link=")[2]
    assert secret not in host.get(here).text
    parts = urlsplit(address)
    assert client.get(f"{parts.path}?{parts.query}").status_code == 200
    made = book(client, link=secret)
    words = host.get(here)
    assert "Used" in text(words)
    booking = db.session.query(BookingLink).one().booking
    assert booking is not None
    assert link(words, "See the booking").endswith(booking.reference)
    assert made.location.endswith(f"{booking.token}?done=1")
    late = host.post(f"{here}/{db.session.query(BookingLink).one().id}/revoke")
    assert (late.status_code, "has just booked" in text(late)) == (409, True)


def test_a_revoked_link_admits_nobody(app: Flask, client: FlaskClient, as_host: AsHost) -> None:
    schedule = factories.schedule()
    host, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}/links"
    host.post(here)
    page = host.get(here)
    secret = str(soup(page).select("#new-link")[0]["value"]).partition("link=")[2]
    made = db.session.query(BookingLink).one()
    assert host.post(f"{here}/{made.id}/revoke").status_code == 303
    assert "Revoked" in text(host.get(here))
    assert client.get(f"/mara/intro?link={secret}").status_code == 410


def test_a_number_of_days_that_is_none_is_refused(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    host, here = as_host(schedule.host), f"/dashboard/schedules/{schedule.id}/links"
    for typed in ("0", "366", "soon"):
        answer = host.post(here, data={"days": typed})
        assert answer.status_code == 422, typed
        assert "Enter a whole number of days from 1 to 365." in text(answer)
    assert db.session.query(BookingLink).count() == 0


def test_links_are_their_hosts_alone(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    here = f"/dashboard/schedules/{schedule.id}/links"
    as_host(schedule.host).post(here)
    other = as_host(factories.host(another=True))
    made = db.session.query(BookingLink).one()
    assert other.get(here).status_code == other.post(here).status_code == 404
    assert other.post(f"{here}/{made.id}/revoke").status_code == 404
    assert made.revoked_at is None
