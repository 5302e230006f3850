"""What a host does about unwanted bookings: blocks, waves, floods."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.bookings.service import erase_booker
from bookme.extensions import db
from bookme.guard import blocks, floods
from bookme.models import Block, BlockKind, Booking, BookingStatus, Email, Schedule, User
from bookme.sealed import BLOCK
from tests import factories
from tests.factories import NOW
from tests.public.pages import book, text

ALL_DAY = [[[0, 1440]]] * 7
UNWANTED = "/dashboard/unwanted"


@pytest.fixture
def schedule(host: User) -> Schedule:
    made: Schedule = factories.schedule(host=host, week=ALL_DAY)
    return made


@pytest.fixture
def mara(schedule: Schedule, as_host: Callable[..., FlaskClient]) -> FlaskClient:
    return as_host(schedule.host)


def booked(app: Flask, number: int, network: str = "203.0.113.9", **fields: str) -> TestResponse:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    at = f"{NOW + timedelta(days=1, minutes=30 * number):%Y-%m-%dT%H:%M:%SZ}"
    given = {"email": f"b{number}@example.com", "form_key": f"{number:032x}"}
    return book(client, at, **given | fields)


@pytest.mark.parametrize(
    ("typed", "email", "network", "status"),
    [
        ("ana@example.com", "ana@example.com", "203.0.113.9", 422),
        ("ANA@example.com", "ana+x@example.com", "203.0.113.9", 422),
        ("ana@example.com", "bo@example.com", "203.0.113.9", 303),
        ("example.com", "bo@example.com", "203.0.113.9", 422),
        ("@Example.com", "bo@mail.example.com", "203.0.113.9", 422),
        ("example.com", "bo@notexample.com", "203.0.113.9", 303),
        ("203.0.113.9", "bo@example.com", "203.0.113.9", 422),
        ("203.0.113.9", "bo@example.com", "203.0.113.10", 303),
        ("2001:db8:1:2::7", "bo@example.com", "2001:db8:1:2::9", 422),
        ("2001:db8:1:2::/64", "bo@example.com", "2001:db8:1:3::9", 303),
    ],
)
def test_who_is_blocked_cant_book(
    app: Flask, mara: FlaskClient, typed: str, email: str, network: str, status: int
) -> None:
    assert mara.post(f"{UNWANTED}/block", data={"sender": typed}).status_code == 303
    answer = booked(app, 1, network, email=email)
    assert answer.status_code == status
    if status == 422:
        assert "You can’t book this online. Contact Mara Lindqvist another way." in text(answer)
        assert f'value="{email}"' in answer.text


@pytest.mark.usefixtures("schedule")
def test_a_guest_may_be_blocked_too(app: Flask, mara: FlaskClient) -> None:
    mara.post(f"{UNWANTED}/block", data={"sender": "vic@example.com"})
    assert booked(app, 1, guests="vic@example.com").status_code == 422


@pytest.mark.parametrize("typed", ["", "x y", "10.0.0.0/8", "2001:db8::/32", "@", "a@b@c"])
def test_what_is_neither_is_refused_and_kept(mara: FlaskClient, typed: str) -> None:
    answer = mara.post(f"{UNWANTED}/block", data={"sender": typed})
    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Block)) == 0
    assert "Enter an e-mail address, a domain" in text(answer)


def test_a_block_can_be_removed_by_its_host_alone(
    app: Flask, mara: FlaskClient, as_host: Callable[..., FlaskClient]
) -> None:
    mara.post(f"{UNWANTED}/block", data={"sender": "example.com"})
    block = db.session.scalars(sa.select(Block)).one()
    path = f"{UNWANTED}/blocks/{block.id}/remove"
    other = as_host(factories.host(another=True))
    assert other.post(path).status_code == 404
    assert mara.post(path).status_code == 303
    assert booked(app, 1).status_code == 303


def test_what_is_blocked_is_sealed_and_erased_with_its_person(app: Flask, host: User) -> None:
    factories.booking(
        schedule=factories.schedule(host=host),
        starts_at=NOW - timedelta(days=2),
    )
    block = blocks.add(host, BlockKind.ADDRESS, "ana@example.com", now=NOW)
    db.session.commit()
    assert block.shown_sealed is not None
    assert b"ana" not in block.shown_sealed
    assert BLOCK.open(block.seal_id, "shown_sealed", block.shown_sealed) == "ana@example.com"
    erase_booker(host, "ana@example.com", now=NOW)
    db.session.commit()
    db.session.expire_all()
    assert block.shown_sealed is None
    assert block.digest in blocks.digests(["ana@example.com"], "")


def test_a_booking_leads_to_blocking_where_it_came_from(app: Flask, mara: FlaskClient) -> None:
    for number in range(3):
        booked(app, number)
    booked(app, 3, "198.51.100.7")
    first = db.session.scalars(sa.select(Booking).order_by(Booking.id)).first()
    assert first is not None
    page = mara.get(f"{UNWANTED}/bookings/{first.reference}/block")
    assert "The network it was booked from" in text(page)
    assert "203.0.113.9" not in page.text
    answer = mara.post(f"{UNWANTED}/bookings/{first.reference}/block", data={"what": "network"})
    assert answer.status_code == 303
    assert answer.location is not None
    assert mara.get(answer.location).text.count('type="checkbox" name="booking"') == 3
    assert booked(app, 5).status_code == 422
    assert booked(app, 6, "198.51.100.7").status_code == 303


@pytest.mark.parametrize(("tell", "messages"), [("no", 0), ("yes", 8)])
def test_a_wave_is_undone_in_one_step(
    app: Flask, mara: FlaskClient, tell: str, messages: int
) -> None:
    before = factories.booking(
        schedule=db.session.scalars(sa.select(Schedule)).one(),
        starts_at=NOW + timedelta(days=8),
        created_at=NOW - timedelta(days=3),
    )
    for number in range(8):
        assert booked(app, number).status_code == 303
    page = mara.get(f"{UNWANTED}/wave?hours=1")
    assert page.text.count('type="checkbox" name="booking"') == 8
    made = db.session.scalars(sa.select(Booking).where(Booking.id != before.id)).all()
    form = {"booking": [one.reference for one in made], "tell": tell}
    answer = mara.post(f"{UNWANTED}/wave", data=form)
    assert answer.status_code == 303
    db.session.expire_all()
    assert {one.status for one in made} == {BookingStatus.CANCELLED}
    assert all(one.hold is None and one.due_at is not None for one in made)
    assert before.status is BookingStatus.CONFIRMED
    told = db.session.scalars(sa.select(Email).where(Email.kind == "cancelled")).all()
    assert len([one for one in told if one.attendee_id]) == messages
    assert not [one for one in told if one.user_id]
    assert "8 bookings cancelled." in text(mara.get(UNWANTED))


def test_nobody_undoes_anothers_bookings(
    app: Flask, mara: FlaskClient, as_host: Callable[..., FlaskClient]
) -> None:
    booked(app, 1)
    made = db.session.scalars(sa.select(Booking)).one()
    other = as_host(factories.host(another=True))
    other.post(f"{UNWANTED}/wave", data={"booking": [made.reference]})
    db.session.expire_all()
    assert made.status is BookingStatus.CONFIRMED
    assert other.get(f"{UNWANTED}/bookings/{made.reference}/block").status_code == 404


def test_a_wave_is_narrowed_by_its_sender(app: Flask, mara: FlaskClient) -> None:
    booked(app, 1, email="a@spam.example.com")
    booked(app, 2, email="b@example.org")
    page = mara.get(f"{UNWANTED}/wave?hours=1&sender=example.com")
    assert "a@spam.example.com" in page.text
    assert "b@example.org" not in page.text
    assert mara.get(f"{UNWANTED}/wave?sender=x+y").status_code == 422
    nothing = mara.post(f"{UNWANTED}/wave?hours=1", data={})
    assert nothing.status_code == 422
    assert "Tick at least one booking." in text(nothing)


def test_a_flood_is_told_once_on_today_and_by_mail(app: Flask, mara: FlaskClient) -> None:
    for number in range(floods.AN_HOUR + 4):
        answer = booked(app, number, f"198.51.100.{number}")
        assert answer.status_code == 303
    told = db.session.scalars(sa.select(Email).where(Email.kind == "flooded")).all()
    assert len(told) == 1
    assert "unusually many bookings" in text(mara.get("/dashboard"))
    assert mara.post(f"{UNWANTED}/seen").status_code == 303
    assert "unusually many bookings" not in text(mara.get("/dashboard"))
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        booked(app, 60, "192.0.2.1")
    assert len(db.session.scalars(sa.select(Email).where(Email.kind == "flooded")).all()) == 1


def test_one_switch_has_all_bookers_confirm_their_addresses(app: Flask, mara: FlaskClient) -> None:
    assert mara.post(f"{UNWANTED}/confirm-first").status_code == 303
    booked(app, 1)
    assert db.session.scalars(sa.select(Booking)).one().status is BookingStatus.HELD
    assert "All your schedules do this." in text(mara.get(UNWANTED))


def test_a_host_gets_only_so_many_bookings_in_a_minute(app: Flask, mara: FlaskClient) -> None:
    statuses = [booked(app, n, f"198.51.100.{n}").status_code for n in range(62)]
    assert statuses == [303] * 60 + [429] * 2
