"""What ``/metrics`` says, who may read it, and that it says so in time whatever is away."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from bookme.connections.grants import alarms
from bookme.extensions import db
from bookme.metrics import looking
from bookme.models import Heartbeat
from bookme.running.metrics import Metrics, host
from tests import factories
from tests.conftest import NOW
from tests.metrics.conftest import Scrape
from tests.statements import statements

TOKEN = "a-token-that-nobody-guesses"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer ", 401),
        ("Bearer \xfc", 401),
        (None, 401),
    ],
)
def test_metrics_are_for_those_who_show_the_token(
    client: FlaskClient, app: Flask, counting: object, authorization: str | None, status: int
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for browser in (client, Client(Metrics(app))):
        answer = browser.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert ("bookme_" in answer.text) is (status == 200)
        assert ("WWW-Authenticate" in answer.headers) is (status == 401)


def test_there_are_none_where_nobody_has_asked_for_them(app: Flask, client: FlaskClient) -> None:
    for settings in ({}, {"METRICS_PORT": 9100}, {"METRICS_PORT": 9100, "METRICS_TOKEN": TOKEN}):
        app.config.update(settings)
        assert client.get("/metrics", headers=SHOWN).status_code == 404


def test_a_port_without_a_token_is_open_to_this_machine_alone(app: Flask, counting: object) -> None:
    assert host({"METRICS_TOKEN": ""}) == "127.0.0.1"
    assert host({"METRICS_TOKEN": TOKEN}) == "0.0.0.0"
    app.config.update(METRICS_TOKEN="")
    assert Client(Metrics(app)).get("/metrics").status_code == 200


def test_the_port_has_nothing_else(app: Flask, counting: object) -> None:
    port = Client(Metrics(app))
    for path in ("/", "/sign-in", "/metrics/", "/readyz"):
        assert port.get(path, headers=SHOWN).status_code == 404
    assert port.post("/metrics", headers=SHOWN).status_code == 404
    assert port.head("/metrics", headers=SHOWN).data == b""


def test_requests_are_counted_by_class_and_status(client: FlaskClient, scrape: Scrape) -> None:
    for path in ("/", "/help", "/nobody/nothing", "/dashboard", "/wp-login.php"):
        client.get(path)
    found = scrape()

    def counted(page: str, status: str) -> float:
        name = f'bookme_request_seconds_count{{page="{page}",status="{status}"}}'
        return found.get(name, 0)

    assert (counted("public", "2xx"), counted("public", "4xx")) == (2, 2)
    assert (counted("dashboard", "3xx"), counted("booking", "5xx")) == (1, 0)
    assert not any("nobody" in name or "wp-login" in name for name in found)


def test_what_is_due_is_counted_and_how_long_it_has_waited(app: Flask, scrape: Scrape) -> None:
    made = factories.booking(due_at=NOW - timedelta(minutes=3))
    later = made.starts_at + timedelta(hours=1)
    factories.booking(due_at=NOW + timedelta(minutes=3), schedule=made.schedule, starts_at=later)
    db.session.add(Heartbeat(name="worker@a:1", kind="worker", at=NOW - timedelta(seconds=7)))
    db.session.add(Heartbeat(name="worker@a:2", kind="worker", at=NOW - timedelta(hours=1)))
    alarms.ring(alarms.KEYS_MISSING, now=NOW)
    db.session.commit()
    found = scrape()
    assert found['bookme_due_rows{kind="bookings"}'] == 1
    assert found['bookme_due_rows{kind="messages"}'] == 0
    assert found['bookme_waiting_seconds{kind="bookings",refused_by=""}'] == 180
    assert found['bookme_waiting_seconds{kind="removals",refused_by=""}'] == 0
    assert found['bookme_heartbeat_age_seconds{kind="worker"}'] == 7
    assert found['bookme_processes{kind="worker"}'] == 1
    assert found['bookme_processes{kind="sweep"}'] == 0
    assert found[f'bookme_alarm{{kind="{alarms.KEYS_MISSING}"}}'] == 1
    assert found["bookme_database_up"] == 1


def test_the_database_is_asked_once_however_often_somebody_looks(
    app: Flask, scrape: Scrape
) -> None:
    with statements() as sent:
        scrape()
        asked = len(sent)
        assert 0 < asked < 15
        for _ in range(5):
            scrape()
        assert len(sent) == asked
        with time_machine.travel(NOW + looking.EVERY, tick=False):
            scrape()
        assert len(sent) == 2 * asked


def test_so_many_rows_are_counted_and_no_more(
    app: Flask, scrape: Scrape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookme.health.due.MOST", 2)
    first = factories.booking(due_at=NOW)
    for hours in (1, 2, 3):
        starts_at = first.starts_at + timedelta(hours=hours)
        factories.booking(due_at=NOW, schedule=first.schedule, starts_at=starts_at)
    assert scrape()['bookme_due_rows{kind="bookings"}'] == 2


def test_a_database_that_is_away_is_said_beside_all_that_was_counted(
    app: Flask, client: FlaskClient, scrape: Scrape, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_now: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("no route"))

    client.get("/")
    monkeypatch.setattr(looking, "look", away)
    found = scrape()
    assert found["bookme_database_up"] == 0
    assert found['bookme_request_seconds_count{page="public",status="2xx"}'] == 1
    assert not any(name.startswith("bookme_due_rows") for name in found)


def test_a_database_that_hangs_is_not_waited_for(
    app: Flask, scrape: Scrape, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And asked by one at a time, or all its connections would be taken by and by."""
    may_go_on, asked = threading.Event(), []

    def hang(_now: object) -> None:
        asked.append(1)
        may_go_on.wait(20)
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(looking, "look", hang)
    monkeypatch.setattr(looking, "PATIENCE", 0.01)
    assert scrape()["bookme_database_up"] == 0
    with time_machine.travel(NOW + looking.EVERY, tick=False):
        assert scrape()["bookme_database_up"] == 0
    assert len(asked) == 1
    may_go_on.set()
