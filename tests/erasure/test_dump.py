"""A dump after an erasure finds nothing of the person, whatever they did before: marked values are
put everywhere by walking through the product, and then searched for in every spelling.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import responses
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import queue
from bookme.bookings.guests import link as guest_link
from bookme.breaker import breaker_pool
from bookme.extensions import db
from bookme.guard import blocks
from bookme.jobs import closing
from bookme.jobs.messages.account import send_email
from bookme.jobs.sync import sync_booking
from bookme.models import (
    BlockKind,
    Booking,
    Caller,
    Email,
    LocationKind,
    MessageRule,
    OpeningHours,
    OperatorAct,
    Question,
    QuestionKind,
    SearchWord,
    TimeOff,
    Timing,
    User,
)
from tests import factories
from tests.accounts import steps
from tests.connections.making import connection
from tests.erasure.dump import dumped, found_in
from tests.factories import NOW, PASSWORD
from tests.fake_zoom import JILL, FakeZoom
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.google import FakeGoogle
from tests.mails import real_server
from tests.public.pages import FORM_KEY
from tests.servers import RedisServer

AsHost = Callable[..., FlaskClient]
Dump = Callable[[], dict[str, bytes]]
AT = "2027-03-02T09:00:00Z"
#: What a booker says of themselves, and what is known of them.
BOOKER = {
    "name": "Ottilie Quüxberg",
    "email": "ottilie.quux@marked.example",
    "new email": "ottilie.zwei@marked.example",
    "phone": "+351 912 345 678",
    "notes": "markednote about a knee",
    "answer": "markedanswer & Söhne",
    "guest": "markedguest@marked.example",
    "guest name": "Gisbert Markedguest",
    "source": "markedsource",
    "report": "markedreport",
    "host note": "markedhostnote",
    "corrected": "Ottilie Quüxberg-Neumark",
    "network": "203.0.113.77",
}
#: What is sealed or hashed with a key from the beginning, so that nobody reads it. The network is
#: asked for at https://github.com/woocommerce/woocommerce/issues/19278, where it was forgotten.
NEVER_PLAIN = {"report", "network"}


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture
def hinted(app: Flask, redis: RedisServer) -> Iterator[Flask]:
    """The application with a real queue, whose mail server refuses a reader in words: at
    https://github.com/calcom/cal.diy/pull/27781 such an error put the address into the log.
    """
    pool = breaker_pool(redis.url)
    app.extensions["hints"] = queue.Queues(pool)
    app.config["RATELIMIT_ENABLED"] = True
    with real_server(app) as inbox:
        inbox.answers["RCPT"] = f"451 mailbox of {BOOKER['email']} {BOOKER['name']} is busy"
        yield app
    pool.disconnect()


@pytest.fixture
def dump(
    hinted: Flask, tmp_path: Path, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> Dump:
    caplog.set_level(logging.DEBUG)
    return lambda: dumped(hinted, tmp_path, redis, caplog)


@pytest.fixture
def visitor(hinted: Flask) -> FlaskClient:
    client = hinted.test_client()
    client.environ_base["REMOTE_ADDR"] = BOOKER["network"]
    return client


@pytest.fixture
def google(hinted: Flask) -> Iterator[FakeGoogle]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield FakeGoogle(mock, db.session())


@pytest.fixture
def host(hinted: Flask) -> User:
    """Mara, with a calendar, who calls her bookers and asks them one thing."""
    mara = host_with_calendar(is_checked=False).host
    of = factories.schedule(
        host=mara, location_kind=LocationKind.PHONE, caller=Caller.HOST, max_guests=2
    )
    db.session.add(
        Question(schedule=of, position=0, kind=QuestionKind.TEXT, name="firm", label="Firm?")
    )
    db.session.commit()
    return mara


def filled_in() -> dict[str, str]:
    return {
        "starts_at": AT,
        "zone": "Europe/Lisbon",
        "clock": "24",
        "form_key": FORM_KEY,
        "utm_source": BOOKER["source"],
        "name": BOOKER["name"],
        "email": BOOKER["email"],
        "country-phone": "PT",
        "phone": BOOKER["phone"],
        "notes": BOOKER["notes"],
        "answer_firm": BOOKER["answer"],
        "guests": "{guest name} <{guest}>".format_map(BOOKER),
    }


def walk(visitor: FlaskClient, browser: FlaskClient, host: User, google: FakeGoogle) -> Booking:
    """All that a booker, a guest and their host can do that leaves words behind."""
    prefilled = {"name": BOOKER["name"], "email": BOOKER["email"], "answer_firm": BOOKER["answer"]}
    assert visitor.get("/mara/intro").status_code == 200
    assert visitor.get("/mara/intro", query_string=prefilled).status_code == 200
    assert visitor.post("/mara/intro/book", data=filled_in() | {"phone": "1"}).status_code == 422
    assert visitor.post("/mara/intro/book", data=filled_in()).status_code == 303
    booking = db.session.scalars(sa.select(Booking)).one()
    sync_booking(booking.id)
    own = f"/booking/{booking.token}"
    at = "2027-03-03T09:00:00Z"
    assert visitor.post(f"{own}/reschedule", data={"starts_at": at}).status_code == 303
    sync_booking(booking.id)
    _correct(visitor, own)
    _report(visitor)
    for mark in ("name", "email", "phone"):
        assert (
            browser.get("/dashboard/bookings", query_string={"q": BOOKER[mark]}).status_code < 400
        )
    path = f"/dashboard/bookings/{booking.reference}"
    note = {"notes": BOOKER["host note"]}
    assert browser.post(f"{path}/notes", data=note).status_code == 303
    blocks.add(host, BlockKind.ADDRESS, BOOKER["email"], now=NOW)
    db.session.commit()
    assert visitor.get(urlsplit(guest_link(booking.guests[0])).path).status_code == 200
    sync_booking(booking.id)
    assert found_in({"google": str(google.events).encode()}, [BOOKER["corrected"]])
    return booking


def _correct(visitor: FlaskClient, own: str) -> None:
    typed = filled_in() | {"name": BOOKER["corrected"], "email": BOOKER["new email"]}
    assert visitor.post(f"{own}/data/correct", data=typed).status_code == 303
    assert visitor.post("/booking/find", data={"email": BOOKER["email"]}).status_code == 303
    for letter in db.session.scalars(sa.select(Email).where(Email.booking_id.is_(None))).all():
        send_email(letter.id)


def _report(visitor: FlaskClient) -> None:
    said = {"page": "/mara", "kind": "spam", "words": BOOKER["report"], "email": BOOKER["email"]}
    assert visitor.post("/report", data=said).status_code == 303


def still_there(dump: Dump, marks: dict[str, str]) -> list[str]:
    return found_in(dump(), marks.values())


def test_the_walk_leaves_what_is_looked_for(
    visitor: FlaskClient, as_host: AsHost, host: User, google: FakeGoogle, dump: Dump
) -> None:
    walk(visitor, as_host(host), host, google)
    assert all(dump().values()), "each place holds something"
    there = {one.partition(": ")[2] for one in still_there(dump, BOOKER)}
    assert {name for name, mark in BOOKER.items() if mark not in there} == NEVER_PLAIN
    assert db.session.scalars(sa.select(SearchWord)).first() is not None


def test_nothing_is_left_of_a_booker_who_deletes_their_data(
    visitor: FlaskClient, as_host: AsHost, host: User, google: FakeGoogle, dump: Dump
) -> None:
    booking = walk(visitor, as_host(host), host, google)
    assert visitor.post(f"/booking/{booking.token}/data/delete").status_code == 303
    with time_machine.travel(NOW + timedelta(hours=36, minutes=1), tick=False):
        sync_booking(booking.id)  # the mail server refuses everybody: by then at the latest
        sync_booking(booking.id)
    assert still_there(dump, BOOKER) == []
    assert google.alive == []


def test_nothing_is_left_of_a_booker_whose_appointment_is_over(
    visitor: FlaskClient, as_host: AsHost, host: User, google: FakeGoogle, dump: Dump
) -> None:
    """At https://github.com/opengento/magento2-gdpr/issues/94 what was over kept all of it, while
    the account was emptied. Here what stands in the host's calendar is written anew, too.
    """
    booking = walk(visitor, as_host(host), host, google)
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert visitor.post(f"/booking/{booking.token}/data/delete").status_code == 303
        db.session.refresh(booking)
        sync_booking(booking.id)
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        sync_booking(booking.id)
        sync_booking(booking.id)
    assert still_there(dump, BOOKER) == []
    event = google.only()
    assert found_in({"google": str(event).encode()}, BOOKER.values()) == []
    assert event["summary"] == "Intro call"
    assert event["start"]["dateTime"].startswith("2027-03-03T09:00")


def test_nothing_is_left_of_a_booker_whom_the_host_erases(
    visitor: FlaskClient, as_host: AsHost, host: User, google: FakeGoogle, dump: Dump
) -> None:
    browser = as_host(host)
    booking = walk(visitor, browser, host, google)
    path = f"/dashboard/bookings/{booking.reference}"
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        assert browser.post(f"{path}/erase").status_code == 303
        sync_booking(booking.id)
    assert still_there(dump, BOOKER) == []
    assert found_in({"google": str(google.alive).encode()}, BOOKER.values()) == []


#: What a host says of themselves and their appointments, and what is known of them.
HOST = {
    "name": "Marlene Höstmark",
    "email": "marlene@hostmark.example",
    "handle": "hostmarkpage",
    "headline": "Hostmarkheadline",
    "welcome": "Hostmarkwelcome",
    "contact": "hostmarkcontact",
    "title": "Hostmarktalk",
    "description": "Hostmarkdescription",
    "address": "Hostmarkstreet 12",
    "after_words": "Hostmarkafterwards",
    "question": "Hostmarkquestion?",
    "reminder": "Hostmarkreminder",
    "hours": "Hostmarkhours",
    "time off": "Hostmarkholiday",
    "asks": "Hostmarkasks",
    "network": "198.51.100.7",
    "Zoom account": JILL,
}
_OF_USER = ("name", "email", "handle", "headline", "welcome", "contact")
_OF_SCHEDULE = ("title", "description", "address", "after_words")


def furnish() -> User:
    """A host with all of that, but what comes with use."""
    made: User = factories.host(**{name: HOST[name] for name in _OF_USER})
    ends = {"starts_at": NOW + timedelta(days=20), "ends_at": NOW + timedelta(days=21)}
    of = factories.schedule(host=made, **{name: HOST[name] for name in _OF_SCHEDULE})
    text: dict[str, Any] = {"kind": QuestionKind.TEXT, "name": "firm", "label": HOST["question"]}
    rule: dict[str, Any] = {"timing": Timing.BEFORE_START, "minutes": 60, "words": HOST["reminder"]}
    hours: dict[str, Any] = {"name": HOST["hours"], "week": factories.WEEKDAYS}
    common: dict[str, Any] = {"zone": "UTC", "created_at": NOW}
    db.session.add_all(
        [
            Question(schedule=of, position=0, **text),
            MessageRule(schedule=of, position=0, **rule),
            OpeningHours(host=made, **hours, **common),
            TimeOff(host=made, label=HOST["time off"], **ends, **common),
        ]
    )
    db.session.commit()
    return made


def live(client: FlaskClient, visitor: FlaskClient, zoom: FakeZoom) -> tuple[User, Booking]:
    """The host signs in, is booked and asks for another time."""
    client.environ_base["REMOTE_ADDR"] = HOST["network"]
    host = furnish()
    connection(host, zoom)
    assert steps.sign_in(client, HOST["email"]).status_code == 303
    page = f"/{HOST['handle']}"
    for path in (page, f"{page}/intro"):
        assert visitor.get(path).status_code == 200
    sent = filled_in() | {"guests": ""}
    assert visitor.post(f"{page}/intro/book", data=sent).status_code == 303
    booking = db.session.scalars(sa.select(Booking)).one()
    sync_booking(booking.id)
    path = f"/dashboard/bookings/{booking.reference}/ask"
    assert client.post(path, data={"words": HOST["asks"]}).status_code == 303
    sync_booking(booking.id)
    return host, booking


def test_nothing_is_left_of_a_host_who_deletes_the_account_nor_of_their_bookers(
    hinted: Flask, client: FlaskClient, visitor: FlaskClient, zoom: FakeZoom, dump: Dump
) -> None:
    host, booking = live(client, visitor, zoom)
    host_id, booking_id = host.id, booking.id
    of_booker = {f"booker's {name}": BOOKER[name] for name in ("name", "email", "notes")}
    marks = HOST | of_booker
    never_plain = {"Zoom account", "network"}
    there = {one.partition(": ")[2] for one in still_there(dump, marks)}
    assert {name for name, mark in marks.items() if mark not in there} == never_plain
    agreed = {"password": PASSWORD, "agreed": "y"}
    assert client.post("/account/delete", data=agreed).status_code == 303
    closing.close_account(host_id)
    neighbour = factories.schedule(host=factories.host(another=True)).host.handle
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        closing.close_account(host_id)
        assert visitor.get(f"/{neighbour}").status_code == 200
        assert still_there(dump, marks) == []
    assert db.session.get(Booking, booking_id) is None


def test_what_operators_do_names_nobody(hinted: Flask, dump: Dump) -> None:
    """At https://github.com/thelia/thelia/issues/3589 the log of what administrators did kept the
    name, and the form that they had sent.
    """
    marked = furnish()
    run = hinted.test_cli_runner()
    for command in ("pause", "resume", "pause", "remove"):
        words = ["hosts", command, HOST["handle"], *(["--yes"] if command == "remove" else [])]
        done = run.invoke(args=words)
        assert done.exit_code == 0, done.output
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        closing.close_account(marked.id)
    acts = db.session.scalars(sa.select(OperatorAct)).all()
    assert [one.command for one in acts] == [
        *("hosts pause", "hosts resume", "hosts pause", "hosts remove")
    ]
    assert still_there(dump, HOST) == []
