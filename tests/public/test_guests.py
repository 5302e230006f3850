"""Guests, from the booker's form to the link by which they go."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import ValidationError

from bookme.bookings import guests as links
from bookme.bookings.asking import guests
from bookme.extensions import db
from bookme.models import Attendee, Booking, Role, Schedule
from tests import factories
from tests.public.pages import book, soup, text


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule(max_guests=3)
    return made


def named(typed: str, most: int = 3) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in guests.read(typed, "ana@example.com", most=most)]


def test_guests_are_read_each_once_without_the_booker(app: Flask) -> None:
    with app.test_request_context():
        typed = 'bo@example.com, BO@Example.com\n"Ida  Å." <ida@münchen.de>;\n\n ANA@example.com\n'
        assert named(typed) == [("bo", "bo@example.com"), ("Ida Å.", "ida@xn--mnchen-3ya.de")]
        assert named(f"{'x' * 300} <x@example.com>") == [("x" * 100, "x@example.com")]
        assert named("\u200b <x@example.com>") == [("x", "x@example.com")]


@pytest.mark.parametrize(
    "typed",
    [
        *("bo", "bo@", "bo@example.com ida@example.com", "<bo@example.com", "Bo <bo@x> <c@d.com>"),
        *("bo@example.com\u202e", "<>", "bo@localhost", "a@b.com,Bo <>", "mailto:bo@example.com"),
    ],
)
def test_what_is_no_address_is_named(app: Flask, typed: str) -> None:
    with app.test_request_context():
        if typed == "bo@example.com\u202e":  # marks that come along unseen are left out
            assert named(typed) == [("bo", "bo@example.com")]
            return
        with pytest.raises(ValidationError, match="isn’t an e-mail address"):
            named(typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a@example.com\nb@example.com\nc@example.com\nd@example.com", "Add at most 3 guests."),
        ("\n".join(f"g{nth}@example.com" for nth in range(1000)), "Add at most 3 guests."),
        ("nobody\nb@example.com", "“nobody” isn’t an e-mail address."),
        ("<script>@x\n", "“<script>@x” isn’t an e-mail address."),
        ("ж" * 10_000, "isn’t an e-mail address."),
    ],
    ids=["four", "a thousand", "word", "html", "long"],
)
def test_a_wrong_list_is_refused_beside_its_field_and_kept(
    client: FlaskClient, schedule: Schedule, typed: str, words: str
) -> None:
    page = book(client, guests=typed)
    assert page.status_code == 422
    found = soup(page).select_one("#guests-error")
    assert found is not None
    assert words in found.text
    kept = soup(page).select_one("#guests")
    assert kept is not None
    assert kept.text.strip() == typed.strip()
    assert b"<script>@" not in page.data
    assert db.session.query(Booking).count() == 0


def test_where_no_guests_may_come_none_is_lost_unseen(app: Flask, client: FlaskClient) -> None:
    factories.schedule(max_guests=0)
    page = book(client, guests="bo@example.com")
    assert page.status_code == 422
    assert "Guests can’t be added to this appointment." in text(page)
    assert soup(page).select("#guests") == []
    assert db.session.query(Booking).count() == 0
    assert book(client, guests=" ").status_code == 303


def invite(client: FlaskClient, typed: str = "Bo <bo@example.com>\nida@example.com") -> Booking:
    assert book(client, guests=typed).status_code == 303
    booking: Booking = db.session.query(Booking).one()
    return booking


def test_a_booking_keeps_its_guests_and_tells_each(client: FlaskClient, schedule: Schedule) -> None:
    booking = invite(client)
    people = [(one.role, one.name, one.email, one.zone) for one in booking.attendees]
    assert people == [
        (Role.BOOKER, "Ana Costa", "ana@example.com", "Europe/Lisbon"),
        (Role.GUEST, "Bo", "bo@example.com", "Europe/Lisbon"),
        (Role.GUEST, "ida", "ida@example.com", "Europe/Lisbon"),
    ]
    assert len({one.dedupe_key for one in booking.emails}) == len(booking.emails) == 4
    assert "example.com" not in " ".join(one.dedupe_key for one in booking.emails)


def test_a_guest_takes_themselves_off_by_a_button_only(
    client: FlaskClient, schedule: Schedule, as_host: Any, hints: list[Any]
) -> None:
    booking = invite(client)
    bo, ida = booking.guests
    path = urlsplit(links.link(bo)).path
    asked = client.get(path)
    assert "Remove yourself from this appointment?" in text(asked)
    assert booking.token not in asked.text
    assert "ida@" not in asked.text
    assert asked.headers["Referrer-Policy"] == "no-referrer"
    assert [one.email for one in booking.guests] == ["bo@example.com", "ida@example.com"]
    revision, kept = booking.revision, ida.id
    for _again in range(2):
        answer = client.post(path)
        assert (answer.status_code, answer.location) == (303, path)
    db.session.expire_all()
    assert [one.id for one in booking.guests] == [kept]
    assert booking.revision == revision + 1
    assert {one.attendee_id for one in booking.emails if one.attendee} == {booking.booker.id, kept}  # type: ignore[union-attr]
    assert "You’re not a guest of this appointment any more." in text(client.get(path))
    assert hints[-1] == ("sync.sync_booking", (booking.id,))
    shown = text(as_host(schedule.host).get(f"/dashboard/bookings/{booking.reference}"))
    assert "A guest removed themselves" in shown
    assert "bo@example.com" not in shown


def test_no_link_takes_off_somebody_else(client: FlaskClient, schedule: Schedule) -> None:
    booking = invite(client)
    bo = booking.guests[0]
    good = urlsplit(links.link(bo)).path
    other = factories.booking(schedule=schedule, starts_at=booking.ends_at)
    for person in (booking.booker, bo):
        assert person is not None
        signed = links._signer().dumps([person.id, other.reference])
        client.post(f"/booking/guest/{signed}")
    signed = links._signer().dumps([booking.booker.id, booking.reference])  # type: ignore[union-attr]
    client.post(f"/booking/guest/{signed}")
    assert client.post(f"{good}x").status_code == 404
    for nonsense in (None, 1, "a", [1], ["a", "b", "c"]):
        assert client.get(f"/booking/guest/{links._signer().dumps(nonsense)}").status_code == 404
    assert db.session.query(Attendee).count() == 4
