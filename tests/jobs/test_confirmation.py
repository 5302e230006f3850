"""The confirmation to Zoom that the data of a removed user are gone, and its repetition."""

from datetime import timedelta
from typing import Any

import pytest
import requests
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import waits
from bookme.connections.grants.alarms import CONFIRMATION_GIVEN_UP, CONFIRMATION_REFUSED
from bookme.crypto import KeyRing
from bookme.doctor import own
from bookme.extensions import db
from bookme.jobs import removals
from bookme.jobs.deauthorization import settle_deauthorization
from bookme.models import (
    Alarm,
    Deauthorization,
    User,
)
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import connection, letters
from tests.fake_zoom import JILL, FakeZoom
from tests.webhooks.sending import kept, received


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


def row() -> Deauthorization:
    (only,) = kept()
    return only


@pytest.mark.one_database
@pytest.mark.parametrize(
    "fault", [says(500, {}), says(429, {}), says(400, {}), says(403, {}), requests.ReadTimeout("x")]
)
def test_the_confirmation_is_tried_again_and_the_rest_not_repeated(
    host: User, zoom: FakeZoom, fault: Any
) -> None:
    connection(host, zoom)
    zoom.fails("confirm", fault)
    removal_id = received(JILL)
    settle_deauthorization(removal_id)
    waiting = row()
    assert (waiting.settled_at, waiting.finished_at, waiting.attempts) == (NOW, None, 1)
    assert waiting.payload_sealed is not None
    assert waiting.next_attempt_at is not None
    db.session.commit()
    settle_deauthorization(removal_id)  # too early
    assert zoom.calls == ["revoke", "confirm"]
    later = waiting.next_attempt_at
    assert removals.due(later, 10) == [removal_id]
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["revoke", "confirm", "confirm"]
    assert row().finished_at == later
    assert len(letters()) == 1


def test_our_credentials_refused_alarm_the_operator(zoom: FakeZoom) -> None:
    zoom.fails("confirm", says(401, {}))
    settle_deauthorization(received(JILL))
    assert db.session.get(Alarm, "zoom_client_refused") is not None
    assert row().finished_at is None


@pytest.mark.parametrize("status", [404, 410])
def test_an_endpoint_that_zoom_has_withdrawn_is_noted_and_that_is_all(
    zoom: FakeZoom, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    zoom.fails("confirm", (status, {}, ""))
    settle_deauthorization(received(JILL))
    assert (row().finished_at, row().payload_sealed) == (NOW, None)
    assert "takes no confirmations" in caplog.text


def test_after_ten_days_it_is_given_up_loudly_and_emptied(zoom: FakeZoom) -> None:
    removal_id = received(JILL)
    for days in (1, 9, 10):
        zoom.fails("confirm", says(500, {}))
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            settle_deauthorization(removal_id)
    given_up = row()
    assert (given_up.attempts, given_up.payload_sealed) == (2, None)
    assert given_up.finished_at == NOW + waits.COMPLIANCE_PATIENCE
    assert db.session.get(Alarm, CONFIRMATION_GIVEN_UP) is not None


@pytest.mark.one_database
@pytest.mark.parametrize("status", [400, 403, 409, 415, 422, 431])
def test_a_confirmation_that_zoom_calls_wrong_is_our_mistake_and_repeated_daily(
    zoom: FakeZoom, client: FlaskClient, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    removal_id = received(JILL)
    for day in range(10):
        zoom.fails("confirm", says(status, {}))
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            settle_deauthorization(removal_id)
        assert row().next_attempt_at == NOW + timedelta(days=day + 1)
        assert row().payload_sealed is not None
    assert f"answered {status}" in caplog.text
    assert f"alarm: {CONFIRMATION_REFUSED}" in client.get("/readyz").json["degraded"]
    found = [one.words for one in own.rung() if not one.good]
    assert any("mistake in BookMe" in words for words in found)
    zoom.fails("confirm", says(status, {}))
    with time_machine.travel(NOW + waits.COMPLIANCE_PATIENCE, tick=False):
        settle_deauthorization(removal_id)
    assert (row().finished_at, row().payload_sealed) == (NOW + waits.COMPLIANCE_PATIENCE, None)
    assert len(zoom.calls) == 11


@pytest.mark.parametrize("outcome", [says(204), (410, {}, "")])
def test_the_alarm_ends_with_a_confirmation_that_is_taken(zoom: FakeZoom, outcome: Any) -> None:
    zoom.fails("confirm", says(400, {}), outcome)
    removal_id = received(JILL)
    settle_deauthorization(removal_id)
    assert db.session.get(Alarm, CONFIRMATION_REFUSED) is not None
    with time_machine.travel(NOW + waits.CONFIRM_AGAIN, tick=False):
        settle_deauthorization(removal_id)
    db.session.expire_all()
    assert db.session.get(Alarm, CONFIRMATION_REFUSED) is None


def test_nothing_waits_beyond_the_ten_days(zoom: FakeZoom) -> None:
    removal_id = received(JILL)
    zoom.fails("confirm", says(400, {}))
    with time_machine.travel(NOW + timedelta(days=9, hours=20), tick=False):
        settle_deauthorization(removal_id)
    assert row().next_attempt_at == NOW + waits.COMPLIANCE_PATIENCE


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("600", timedelta(minutes=10)),
        ("7200", timedelta(hours=2)),
        ("2099-01-01T00:00:00Z", timedelta(hours=12)),
    ],
    ids=["minutes", "beyond any pause of ours", "years"],
)
def test_zoom_is_asked_when_it_says_but_within_half_a_day(
    zoom: FakeZoom, named: str, expected: timedelta
) -> None:
    zoom.fails("confirm", says(429, {}, **{"Retry-After": named}))
    settle_deauthorization(received(JILL))
    assert row().next_attempt_at == NOW + expected


def test_one_that_another_worker_has_is_left_to_it_until_its_lease_ends(zoom: FakeZoom) -> None:
    removal_id = received(JILL)
    assert removals.take(removal_id, now=NOW) is not None  # and is killed
    settle_deauthorization(removal_id)
    assert removals.due(NOW, 10) == []
    assert zoom.calls == []
    later = NOW + waits.BOOKING_LEASE
    assert removals.due(later, 10) == [removal_id]
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["confirm"]


def test_a_finished_one_is_not_done_again(zoom: FakeZoom) -> None:
    removal_id = received(JILL)
    settle_deauthorization(removal_id)
    settle_deauthorization(removal_id)
    settle_deauthorization(removal_id + 1)
    assert zoom.calls == ["confirm"]


def test_due_ones_are_bounded_and_not_queued_again_at_once(zoom: FakeZoom) -> None:
    ids = [received(f"{number}@zoom.example") for number in range(3)]
    assert removals.due(NOW, 2) == ids[:2]
    assert removals.due(NOW, 10) == ids[2:]
    assert removals.due(NOW, 10) == []
    assert removals.due(NOW + waits.QUEUED_FOR, 10) == ids


def test_a_missing_key_is_the_operators_matter_and_it_goes_on_later(
    app: Flask, zoom: FakeZoom
) -> None:
    removal_id, ring = received(JILL), app.extensions["keys"]
    app.extensions["keys"] = KeyRing([b"x" * 32])
    settle_deauthorization(removal_id)
    assert db.session.get(Alarm, "token_keys") is not None
    app.extensions["keys"] = ring
    later = row().next_attempt_at
    assert later is not None
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["confirm"]
