"""Keeping grants alive, and hearing of dead ones before a booker does."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.jobs import refresh
from bookme.models import Connection, ConnectionStatus, Email, LocationKind, Problem, User
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import connection, rows
from tests.fake_zoom import JILL, FakeZoom

LONG_AGO = NOW - waits.CHECK_EVERY
VIDEO = {"location_kind": LocationKind.VIDEO}


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


def relied_on(host: User, zoom: FakeZoom, **columns: Any) -> Connection:
    """A connection unchecked for a day that an active schedule names."""
    factories.schedule(host=host, video_provider="zoom", **VIDEO)
    return connection(host, zoom, **{"checked_at": LONG_AGO} | columns)


def test_a_check_asks_zoom_and_notes_what_it_says(host: User, zoom: FakeZoom) -> None:
    made = relied_on(host, zoom)
    zoom.plans[JILL] = 1
    refresh.check_connection(made.id)
    (checked,) = rows(host)
    assert (checked.checked_at, checked.queued_at, checked.plan) == (NOW, None, "basic")
    assert tokens.label(checked) == JILL
    assert zoom.calls == ["me"]


def test_a_dead_grant_is_found_and_its_host_told_once(host: User, zoom: FakeZoom) -> None:
    made = relied_on(host, zoom)
    zoom.removes_app(JILL)
    for _ in range(3):
        refresh.check_connection(made.id)
    assert rows(host)[0].problem is Problem.GRANT_ENDED
    assert db.session.scalars(sa.select(Email.kind)).all() == ["connection_lost"]
    assert zoom.calls == ["me", "refresh"]


def test_a_user_that_zoom_does_not_know_is_found_too(host: User, zoom: FakeZoom) -> None:
    made = relied_on(host, zoom)
    zoom.fails("me", "api_user_missing")
    refresh.check_connection(made.id)
    assert rows(host)[0].problem is Problem.USER_MISSING


def test_an_outage_is_no_finding_and_tried_again_within_hours(host: User, zoom: FakeZoom) -> None:
    made = relied_on(host, zoom)
    assert refresh.due_checks(NOW, 10) == [made.id]
    zoom.fails("me", says(500, {}))
    refresh.check_connection(made.id)
    assert rows(host)[0].is_active
    assert refresh.due_checks(NOW, 10) == []
    assert refresh.due_checks(NOW + waits.LAST_RETRY, 10) == [made.id]


def test_a_connection_that_was_checked_is_not_due_for_a_day(host: User, zoom: FakeZoom) -> None:
    made = relied_on(host, zoom)
    refresh.check_connection(made.id)
    assert refresh.due_checks(NOW + waits.CHECK_EVERY - timedelta(seconds=1), 10) == []
    assert refresh.due_checks(NOW + waits.CHECK_EVERY, 10) == [made.id]


@pytest.mark.parametrize(
    ("default", "schedule", "due"),
    [
        (None, {**VIDEO, "video_provider": "zoom"}, True),
        ("zoom", VIDEO, True),
        (None, VIDEO, False),
        ("zoom", {**VIDEO, "video_provider": "meet"}, False),
        ("zoom", {"location_kind": LocationKind.PHONE}, False),
        ("zoom", {**VIDEO, "active": False}, False),
        ("zoom", {**VIDEO, "deleted_at": NOW}, False),
    ],
    ids=["named", "default", "no default", "another", "phone", "off", "deleted"],
)
def test_what_active_schedules_rely_on_is_checked(
    host: User, zoom: FakeZoom, default: str | None, schedule: dict[str, Any], due: bool
) -> None:
    host.default_video_provider = default
    factories.schedule(host=host, **schedule)
    made = connection(host, zoom, checked_at=LONG_AGO)
    another = factories.host(another=True)  # whose schedules are not this host's
    factories.schedule(host=another, slug="other", video_provider="zoom", **VIDEO)
    assert refresh.due_checks(NOW, 10) == ([made.id] if due else [])


@pytest.mark.parametrize("status", [ConnectionStatus.INACTIVE, ConnectionStatus.NEEDS_RECONNECT])
def test_only_active_connections_are_checked_or_renewed(
    host: User, zoom: FakeZoom, status: ConnectionStatus
) -> None:
    relied_on(host, zoom, status=status, refreshed_at=NOW - 2 * waits.IDLE_GRANT)
    assert refresh.due_checks(NOW, 10) == []
    assert refresh.due_refreshes(NOW, 10) == []


def test_checks_come_in_bounded_numbers(zoom: FakeZoom) -> None:
    for number in range(3):
        host = factories.host(another=True)
        factories.schedule(host=host, video_provider="zoom", **VIDEO)
        connection(host, zoom, person=f"{number}@zoom.example", checked_at=LONG_AGO)
    first, second = refresh.due_checks(NOW, 2), refresh.due_checks(NOW, 2)
    assert (len(first), len(second)) == (2, 1)
    assert refresh.due_checks(NOW, 2) == []


def test_an_idle_grant_is_renewed(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom, refreshed_at=NOW - waits.IDLE_GRANT)
    assert refresh.due_refreshes(NOW, 10) == [made.id]
    refresh.refresh_idle(made.id)
    refresh.refresh_idle(made.id)  # no longer idle
    (renewed,) = rows(host)
    assert (renewed.generation, renewed.refreshed_at) == (2, NOW)
    assert zoom.calls == ["refresh"]
    assert refresh.due_refreshes(NOW + waits.LAST_RETRY, 10) == []


def test_one_that_is_used_is_not_idle(host: User, zoom: FakeZoom) -> None:
    idle_since = NOW - waits.IDLE_GRANT + timedelta(seconds=1)
    made = connection(host, zoom, refreshed_at=idle_since)
    assert refresh.due_refreshes(NOW, 10) == []
    refresh.refresh_idle(made.id)
    assert zoom.calls == []


def test_an_idle_grant_that_turns_out_dead_is_marked(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom, refreshed_at=NOW - waits.IDLE_GRANT)
    zoom.removes_app(JILL)
    refresh.refresh_idle(made.id)
    assert rows(host)[0].needs_reconnect


def test_connections_that_are_gone_are_no_trouble(app: Flask, zoom: FakeZoom) -> None:
    refresh.check_connection(7)
    refresh.refresh_idle(7)
    assert zoom.calls == []
