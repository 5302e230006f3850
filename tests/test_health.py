"""What works and what does not, as load balancers and operators see it."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.owed import Letter, owe
from bookme.extensions import db
from bookme.models import Alarm, Heartbeat
from tests import factories
from tests.factories import NOW


def beats(**ages: int) -> None:
    for kind, age in ages.items():
        at = NOW - timedelta(seconds=age)
        db.session.add(Heartbeat(name=f"{kind}-1", kind=kind, at=at))
    db.session.commit()


def test_the_process_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_what_is_missing_is_degraded_and_not_down(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert "worker: none is running" in answer.json["degraded"]
    assert "sweep: none is running" in answer.json["degraded"]
    assert "redis: does not answer" in answer.json["degraded"]


def test_only_fresh_heartbeats_count(app: Flask, client: FlaskClient) -> None:
    beats(worker=10, sweep=90)
    found = client.get("/readyz").json
    assert (found["workers"], found["sweeps"]) == (1, 0)
    assert "worker: none is running" not in found["degraded"]
    assert "sweep: none is running" in found["degraded"]


def test_overdue_work_is_told_with_its_age(app: Flask, client: FlaskClient) -> None:
    factories.booking(due_at=NOW - timedelta(minutes=3))
    found = client.get("/readyz").json
    assert found["overdue_seconds"] == 180
    assert "jobs: due rows are waiting" in found["degraded"]


def test_work_of_the_future_is_not_overdue(app: Flask, client: FlaskClient) -> None:
    factories.booking(due_at=NOW + timedelta(minutes=3))
    assert client.get("/readyz").json["overdue_seconds"] == 0


def test_messages_without_a_mail_server_are_not_overdue(app: Flask, client: FlaskClient) -> None:
    owe(factories.host(), Letter.PASSWORD_CHANGED, now=NOW - timedelta(hours=1))
    db.session.commit()
    assert client.get("/readyz").json["overdue_seconds"] == 3600
    app.config["MAIL_CONFIGURED"] = False
    found = client.get("/readyz").json
    assert found["overdue_seconds"] == 0
    assert "mail: no server is set up, messages wait" in found["degraded"]


def test_an_alarm_is_told(app: Flask, client: FlaskClient) -> None:
    db.session.add(Alarm(kind="zoom client refused", first_at=NOW, last_at=NOW))
    db.session.commit()
    assert "alarm: zoom client refused" in client.get("/readyz").json["degraded"]
