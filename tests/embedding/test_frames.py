"""Which sites may show which pages: what every kind of answer says to browsers."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.bookings import email_proof
from bookme.bookings.email_proof import Right
from bookme.extensions import db
from bookme.models import Booking
from bookme.public.embedded import SHOWN
from tests import factories
from tests.public.pages import FORM_KEY, book, link, soup

AsHost = Callable[..., FlaskClient]
SITE = "https://example.com"
AT = "at=2027-03-02T09:00:00Z"


@pytest.fixture
def booking(app: Flask) -> Booking:
    made: Booking = factories.booking()
    made.host.embed_sites = [SITE, "http://localhost:3000"]
    db.session.commit()
    return made


def ancestors(answer: TestResponse) -> str:
    policy = answer.headers["Content-Security-Policy"]
    (found,) = [one for one in policy.split("; ") if one.startswith("frame-ancestors")]
    return found.removeprefix("frame-ancestors ")


def pages(booking: Booking) -> dict[str, str]:
    """Every page that a site may show."""
    at = f"/booking/{booking.token}"
    held = email_proof.token(booking, Right.LOOK)
    return {
        "host": "/mara",
        "show": "/mara/intro",
        "details": f"/mara/intro/book?{AT}",
        "booked": at,
        "reschedule": f"{at}/reschedule",
        "cancel": f"{at}/cancel",
        "held": f"/booking/held/{held}",
    }


def test_booking_pages_are_shown_by_the_hosts_sites_and_our_own(
    client: FlaskClient, booking: Booking
) -> None:
    found = pages(booking)
    posted = {"public.book", "public.move", "public.cancelled"}
    assert {f"public.{name}" for name in found} | posted == SHOWN
    answers = {name: client.get(path) for name, path in found.items()}
    answers["book"] = client.post("/mara/intro/book", data={"name": ""})
    answers["move"] = client.post(f"/booking/{booking.token}/reschedule", data={})
    answers["cancelled"] = client.post(
        f"/booking/{booking.token}/cancel", data={"reason": "x" * 9000}
    )
    for name, answer in answers.items():
        assert answer.status_code in (200, 422), name
        assert ancestors(answer) == f"'self' {SITE} http://localhost:3000", name
        assert "X-Frame-Options" not in answer.headers, name


def test_without_a_list_only_our_own_pages_show_them(client: FlaskClient, booking: Booking) -> None:
    booking.host.embed_sites = []
    db.session.commit()
    for name, path in pages(booking).items():
        answer = client.get(path)
        assert ancestors(answer) == "'self'", name
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN", name


def test_no_other_page_is_shown_by_any_site(
    app: Flask, client: FlaskClient, as_host: AsHost, booking: Booking
) -> None:
    mara = as_host(booking.host)
    checked = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in SHOWN or "GET" not in (rule.methods or ()):
            continue
        path = rule.rule.replace("<path:filename>", "look.css").replace("<int:", "<")
        for name, value in {
            "handle": "mara",
            "slug": "intro",
            "token": booking.token,
            "reference": booking.reference,
            "schedule_id": "1",
            "provider": "zoom",
        }.items():
            path = path.replace(f"<{name}>", value)
        for browser in (client, mara):
            answer = browser.get(f"{path}?embed=1&theme=dark")
            assert ancestors(answer) == "'none'", path
            assert answer.headers["X-Frame-Options"] == "DENY", path
            answer.close()  # a file
        checked.add(answer.status_code)
    assert {200, 404} <= checked
    for path in ("/mara/nothing", "/nobody", "/booking/unknown", "/booking/unknown/cancel"):
        assert ancestors(client.get(f"{path}?embed=1")) == "'none'", path


def test_an_embedded_page_has_no_frame_of_ours_and_leads_to_embedded_ones(
    client: FlaskClient, booking: Booking
) -> None:
    asked = "embed=1&theme=dark"
    for name, path in pages(booking).items():
        answer = client.get(f"{path}{'&' if '?' in path else '?'}{asked}&zone=Europe/Lisbon")
        page = soup(answer)
        assert page.select_one("html[data-theme=dark]"), name
        assert not page.select("header, .skip:not([href='#times'])"), name
        sites = page.select_one("meta[name=bookme-sites]")
        assert sites is not None
        assert sites["content"] == f"{SITE} http://localhost:3000", name
        for element in page.select("a[href], form, [hx-get], [hx-post]"):
            for attribute in ("href", "action", "hx-get", "hx-post"):
                address = str(element.get(attribute, ""))
                if not address or address.endswith(".ics") or element.get("target") == "_blank":
                    continue
                if address.startswith("#"):
                    continue  # on the page itself
                if element.name == "form" and element.get("method") == "get":
                    fields = {str(one["name"]): one["value"] for one in element.select("input")}
                    assert {"embed": "1", "theme": "dark"}.items() <= fields.items(), name
                    continue
                assert address.count(asked) == 1, (name, address)
                assert address.count("?") == 1, (name, address)


def test_a_page_of_its_own_says_nothing_of_it(client: FlaskClient, booking: Booking) -> None:
    for path in (*pages(booking).values(), "/mara?embed=yes", "/mara?theme=dark"):
        page = client.get(path).text
        assert "bookme-sites" not in page, path
        assert "data-theme" not in page, path
        assert 'class="foot"' in page, path


def test_a_booking_is_made_moved_and_cancelled_within_a_frame_and_without_a_cookie(
    app: Flask, booking: Booking
) -> None:
    client = app.test_client(use_cookies=False)
    embed = "embed=1&theme=light"
    picker = client.get(f"/mara/intro?{embed}&utm_source=site&email=ana@example.com")
    details = client.get(link(picker, "10:00"))
    field = soup(details).select_one("#email")
    assert field is not None
    assert field["value"] == "ana@example.com"
    form = soup(details).select_one("#details")
    assert form is not None
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("input")}
    answer = client.post(str(form["action"]), data=sent | {"name": "Ana"})
    assert answer.status_code == 303
    assert urlsplit(answer.location).query == f"done=1&{embed}"
    booked = client.get(answer.location)
    made = db.session.scalars(db.select(Booking).order_by(Booking.id.desc())).first()
    assert made is not None
    told = soup(booked).select_one("meta[name=bookme-booked]")
    assert told is not None
    assert (told["content"], told["data-start"]) == (made.reference, "2027-03-01T10:00:00Z")
    assert made.booker is not None
    assert made.booker.source == {"utm_source": "site"}
    moved = client.post(
        link(booked, "Reschedule booking"), data={"starts_at": "2027-03-03T09:00:00Z"}
    )
    assert urlsplit(moved.location).query == f"done=2&{embed}"
    gone = client.post(link(client.get(moved.location), "Cancel booking"))
    assert urlsplit(gone.location).query == f"done=3&{embed}"
    assert "bookme-booked" not in client.get(gone.location).text


def test_mails_and_files_never_lead_to_embedded_pages(
    app: Flask, client: FlaskClient, booking: Booking
) -> None:
    file = client.get(f"/booking/{booking.token}/appointment.ics?embed=1").text
    assert "embed=1" not in file
    made = book(client, to="/mara/intro", at="2027-03-03T09:00:00Z", form_key=FORM_KEY[::-1])
    assert "embed" not in made.location
