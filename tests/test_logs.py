"""What the log says, and what it never does."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator

import pytest
import responses
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme import logs
from bookme.crypto import new_token
from bookme.extensions import db
from bookme.jobs.calendars.reading import read_busy
from bookme.jobs.messages.account import send_email
from bookme.jobs.refresh import check_connection
from bookme.jobs.sync import sync_booking
from bookme.logs import masked_path
from bookme.mail import smtp
from bookme.models import Attendee, Booking, Calendar, Connection, Email, User
from bookme.running import access_log
from tests.conftest import NOW
from tests.words import visits
from tests.words import world as worlds

TOKEN = "Zx3" + "aB_-9" * 6


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        (f"/booking/{TOKEN}", "/booking/***"),
        (f"/booking/{TOKEN}/cancel", "/booking/***/cancel"),
        (f"/confirm/{TOKEN}.{TOKEN}", "/confirm/***"),
        ("/mara/intro-call/book", "/mara/intro-call/book"),
        ("/dashboard/bookings/3f2504e04f8941d39a0c0305e82c3301", None),
        ("/", "/"),
    ],
    ids=["booking", "below", "signed", "plain", "reference", "root"],
)
def test_tokens_in_paths_are_hidden(path: str, masked: str | None) -> None:
    assert masked_path(path) == (path if masked is None else masked)


def test_every_real_token_is_hidden() -> None:
    for _ in range(200):
        token = new_token()
        assert token not in masked_path(f"/booking/{token}/reschedule")


class Said:
    """What a formatter makes of all that is logged."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(formatter)

    @property
    def lines(self) -> list[str]:
        return self._stream.getvalue().splitlines()

    @property
    def objects(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.lines]


Listening = Callable[[logging.Formatter], Said]


@pytest.fixture
def listening() -> Iterator[Listening]:
    """Listens to every logger as a process does."""
    root, added = logging.getLogger(), list[logging.Handler]()
    level = root.level

    def listen(formatter: logging.Formatter) -> Said:
        said = Said(formatter)
        root.addHandler(said.handler)
        root.setLevel(logging.INFO)
        added.append(said.handler)
        return said

    yield listen
    root.setLevel(level)
    for handler in added:
        root.removeHandler(handler)


QUOTED = "Mara Lindqvist <mara@example.com>"


def fail() -> None:
    try:
        raise ValueError(QUOTED)
    except ValueError as error:
        raise RuntimeError(QUOTED) from error


def say_three_things() -> None:
    log = logging.getLogger("bookme.test")
    log.info("of nobody")
    with logs.caused_by(request="0123456789abcdef", job="j1"):
        log.warning("a “quoted”\nmessage of %d", 7)
        try:
            fail()
        except RuntimeError:
            log.exception("failed")
    assert logs.cause() == logs.Cause()


def test_a_json_line_says_when_who_what_and_whose(listening: Listening) -> None:
    said = listening(logs.Json())
    say_three_things()
    first, second, third = said.objects
    assert first.keys() == {"time", "level", "logger", "message"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert second | {"time": ""} == {
        "time": "",
        "level": "WARNING",
        "logger": "bookme.test",
        "message": "a “quoted”\nmessage of 7",
        "request": "0123456789abcdef",
        "job": "j1",
    }
    assert third["error"].endswith("builtins.RuntimeError")


def test_a_line_for_people_says_the_same(listening: Listening) -> None:
    said = listening(logs.Lines())
    say_three_things()
    assert said.lines[0].endswith(" INFO bookme.test: of nobody")
    assert said.lines[2].endswith("message of 7 (request 0123456789abcdef, job j1)")


@pytest.mark.parametrize("formatter", [logs.Json(), logs.Lines()], ids=["json", "lines"])
def test_an_error_is_logged_by_its_way_and_kind_without_what_it_quotes(
    listening: Listening, formatter: logging.Formatter
) -> None:
    said = listening(formatter)
    say_three_things()
    text = "\n".join(said.lines)
    assert "in fail" in text
    assert text.index("builtins.ValueError") < text.index("builtins.RuntimeError")
    assert QUOTED not in text


def test_no_line_has_a_name_an_address_or_a_token(
    app: Flask,
    client: FlaskClient,
    as_host: Callable[..., FlaskClient],
    listening: Listening,
) -> None:
    """Everybody's names and words are Greek in this world, and everything outside is away."""
    world = worlds.build()
    app.extensions["mail"] = smtp.deliver
    app.config.update(MAIL_SERVER="localhost", MAIL_PORT=1, PROPAGATE_EXCEPTIONS=False)
    secrets = personal()
    said = listening(logs.Json())
    visit(app, client, [*visits.visitors_pages(world), *visits.bookers_pages(world)])
    visit(app, as_host(world.noor), visits.hosts_pages(world, world.noor))
    book_and_fail(app, client)
    with responses.RequestsMock(assert_all_requests_are_fired=False):
        work()
    loggers = {one["logger"] for one in said.objects}
    jobs = {f"bookme.jobs.{name}" for name in ("messages.account", "refresh", "calendars.reading")}
    assert {"bookme.access", "bookme", "bookme.jobs.messages.booking", *jobs} <= loggers
    assert len(said.objects) > 100
    of_requests = [one for one in said.objects if one["logger"] == "bookme.access"]
    assert all(one["request"] for one in of_requests)
    text = "\n".join(said.lines)
    assert [one for one in secrets if one in text] == []
    assert re.findall(r"[\u0370-\u03ff\u1f00-\u1fff]+|[\w.+-]+@[\w-]+\.\w+", text) == []


def personal() -> list[str]:
    """Names, addresses and tokens of all that there are."""
    people = [*db.session.scalars(sa.select(User)), *db.session.scalars(sa.select(Attendee))]
    bookings = db.session.scalars(sa.select(Booking))
    return [
        *(one.email for one in people),
        *(one.name for one in people),
        *(one.token for one in bookings),
        *("ana.new@example.com", "Ana Novak"),
    ]


def visit(app: Flask, browser: FlaskClient, paths: Iterable[str]) -> None:
    """Ask for pages, and log them as the web server does."""
    for path in paths:
        answer = browser.get(path)
        with logs.caused_by(request=answer.headers["X-Request-Id"]):
            bare = access_log.logged_path(path.partition("?")[0])
            logging.getLogger("bookme.access").info("GET %s %s", bare, answer.status_code)


def book_and_fail(app: Flask, client: FlaskClient) -> None:
    """A form that is refused, and a page in which something breaks that quotes a person."""
    typed = {"name": "Ana Novak", "email": "ana.new@example.com"}
    client.post("/mara/person/book?at=2027-03-03T09:00:00Z", data=typed)
    client.post("/sign-in", data={"email": "ana.new@example.com", "password": "wrong"})
    client.post(
        "/forgot-password", data={"email": db.session.scalars(sa.select(User.email)).first()}
    )

    def broken() -> None:
        raise ValueError(QUOTED)

    app.view_functions["public.landing"] = broken
    app.config.update(TESTING=False)
    assert client.get("/").status_code == 500


def work() -> None:
    """All that is owed, with nobody there to take it."""
    db.session.execute(sa.update(Booking).values(due_at=NOW, lease_until=None))
    db.session.commit()
    for email_id in db.session.scalars(sa.select(Email.id)).all():
        send_email(email_id)
    for booking_id in db.session.scalars(sa.select(Booking.id)).all():
        sync_booking(booking_id)
    for calendar_id in db.session.scalars(sa.select(Calendar.id)).all():
        read_busy(calendar_id)
    for connection_id in db.session.scalars(sa.select(Connection.id)).all():
        check_connection(connection_id)
