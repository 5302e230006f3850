"""No stranger uses up what a host's page takes from all: each network has a share of it."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.guard import coming, tally
from bookme.models import Attendee, BookingStatus, Schedule
from tests import factories
from tests.factories import NOW
from tests.guard.test_strangers import ALL_DAY, key
from tests.public.pages import book, text

STRANGER, OTHER = "203.0.113.9", "198.51.100.7"
Books = Callable[..., TestResponse]
#: What one network may make of the host's 60 in a minute.
SHARE = 15


@pytest.fixture(autouse=True)
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule(week=ALL_DAY)
    return made


@pytest.fixture
def books(app: Flask) -> Books:
    """Somebody books the next free time, from a network."""
    numbers = count()

    def once(network: str, **fields: str) -> TestResponse:
        n = next(numbers)
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = network
        at = f"{NOW + timedelta(days=2, minutes=30 * n):%Y-%m-%dT%H:%M:%SZ}"
        return book(client, at, **{"email": f"b{n}@example.com", "form_key": key(n)} | fields)

    return once


def came(schedule: Schedule, email: str, *, hours: int = 72, **columns: object) -> Attendee:
    """Somebody has been with the host, so many hours ago."""
    starts_at = NOW - timedelta(hours=hours)
    before = factories.booking(schedule=schedule, starts_at=starts_at, **columns)
    assert before.booker is not None
    before.booker.email = email
    db.session.commit()
    found: Attendee = before.booker
    return found


def test_one_network_uses_up_a_quarter_and_others_have_the_rest(books: Books) -> None:
    statuses = [books(STRANGER).status_code for _ in range(SHARE + 3)]
    assert statuses == [303] * SHARE + [429] * 3
    answer = books(STRANGER)
    assert "Too many bookings are being made here" in text(answer)
    assert int(answer.headers["Retry-After"]) <= 70
    assert books(OTHER).status_code == 303


def test_no_window_lets_a_network_have_more_than_a_quarter() -> None:
    for whole, part in zip(coming._OF_ONE_HOST, coming._FROM_ONE_NETWORK, strict=True):
        assert part.most * 4 <= whole.most
        assert part.seconds == whole.seconds


def test_an_hour_long_one_network_stays_within_its_share(books: Books) -> None:
    made = 0
    for minute in range(0, 55, 5):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            made += sum(books(STRANGER).status_code == 303 for _ in range(8))
    assert made == 40
    with time_machine.travel(NOW + timedelta(minutes=55), tick=False):
        assert books(OTHER).status_code == 303


def test_all_addresses_of_a_64_are_one_network(books: Books) -> None:
    mine = [f"2001:db8:1:2::{n:x}" for n in range(SHARE + 2)]
    statuses = [books(address).status_code for address in mine]
    assert statuses == [303] * SHARE + [429] * 2
    assert books("2001:db8:1:3::1").status_code == 303
    assert books("::ffff:198.51.100.7").status_code == 303


def test_a_share_is_of_one_host(app: Flask, books: Books) -> None:
    for _ in range(SHARE):
        books(STRANGER)
    noor = factories.host(handle="noor", email="noor@example.com")
    factories.schedule(host=noor, week=ALL_DAY)
    assert books(STRANGER).status_code == 429
    assert books(STRANGER, to="/noor/intro").status_code == 303


def test_it_holds_while_redis_is_away(app: Flask, books: Books) -> None:
    app.extensions["redis_pool"].off_until = float("inf")
    statuses = [books(STRANGER).status_code for _ in range(SHARE + 1)]
    assert statuses[-1] == 429


def test_who_has_been_with_the_host_before_is_not_shut_out(
    schedule: Schedule, books: Books
) -> None:
    came(schedule, "ana@example.com")
    for _ in range(SHARE):
        books(STRANGER)
    assert books(STRANGER).status_code == 429
    assert books(STRANGER, email="ana@example.com").status_code == 303
    answers = [books(STRANGER, email="ana@example.com") for _ in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 429]


def test_nor_where_all_together_have_used_up_the_host_s(schedule: Schedule, books: Books) -> None:
    came(schedule, "ana@example.com")
    counter = tally.Counter("bookings", str(schedule.host_id), coming._OF_ONE_HOST)
    for _ in range(60):
        tally.take([counter], now=NOW)
    db.session.commit()
    assert books(OTHER).status_code == 429
    assert books(OTHER, email="ana@example.com").status_code == 303


@pytest.mark.parametrize("state", ["cancelled", "missed", "to come", "another's"])
def test_who_only_seems_to_have_been_there_is_a_stranger(
    schedule: Schedule, books: Books, state: str
) -> None:
    if state == "another's":
        noor = factories.host(handle="noor", email="noor@example.com")
        came(factories.schedule(host=noor), "ana@example.com")
    elif state == "cancelled":
        came(schedule, "ana@example.com", status=BookingStatus.CANCELLED)
    else:
        ana = came(schedule, "ana@example.com", hours=72 if state == "missed" else -300)
        ana.no_show_at = NOW if state == "missed" else None
    db.session.commit()
    for _ in range(SHARE):
        books(STRANGER)
    assert books(STRANGER, email="ana@example.com").status_code == 429


def test_the_room_for_those_who_were_there_has_an_end_too(schedule: Schedule, books: Books) -> None:
    """Anybody can type their addresses, so one network has a share of that, too."""
    for n in range(5):
        came(schedule, f"regular{n}@example.com", hours=72 + n)
    for _ in range(SHARE):
        books(STRANGER)
    answers = [books(STRANGER, email=f"regular{n}@example.com").status_code for n in range(5)]
    assert answers == [303] * 3 + [429] * 2
