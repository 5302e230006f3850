"""Disconnecting in the dashboard."""

import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.connections.grants import seals, tokens
from bookme.connections.service import Revocation
from bookme.errors import ConnectionRevoked
from bookme.extensions import db
from bookme.models import (
    AuthorizationAttempt,
    Booking,
    ConnectionStatus,
    LocationKind,
    MeetingState,
    User,
)
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import connect, connection, expired, forget_browser, rows, start
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]
DISCONNECT = "/connections/zoom/disconnect"
#: What identifies or opens the account, or was found out about it.
OF_THE_ACCOUNT = [
    *("label_sealed", "user_id_sealed", "account_id_sealed", "user_digest", "plan", "scopes"),
    *("access_token_sealed", "refresh_token_sealed", "expires_at", "lease_until", "lease_holder"),
    *("blocked_until", "checked_at", "queued_at"),
]


@pytest.mark.parametrize("with_htmx", [True, False])
def test_it_asks_first_and_says_what_stays_and_what_stops(
    host: User, as_host: AsHost, zoom: FakeZoom, with_htmx: bool
) -> None:
    connection(host, zoom)
    host.default_video_provider = "zoom"
    video: dict[str, Any] = {"host": host, "location_kind": LocationKind.VIDEO}
    factories.schedule(title="Review", slug="review", video_provider="zoom", **video)
    page = BeautifulSoup(as_host(host, htmx=with_htmx).get(DISCONNECT).text, "html.parser")
    (form,) = page.select(f'form[action="{DISCONNECT}"]')
    said = " ".join(form.get_text(" ").split())
    for words in ("Your bookings stay", "Existing meetings stay", "Review"):
        assert words in said
    assert "stays your default" in said
    assert form["hx-post"] == DISCONNECT
    assert form.find("input", {"name": "csrf_token"}) is not None
    assert zoom.calls == []
    assert rows(host)[0].is_active


def test_confirmed_it_revokes_then_deletes_and_says_so(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    until = NOW + timedelta(hours=1)
    connection(host, zoom, plan="basic", blocked_until=until, lease_until=NOW, queued_at=NOW)
    browser = as_host(host)
    assert browser.post(DISCONNECT).headers["Location"] == "/connections"
    assert "Zoom is disconnected. We've revoked" in unescape(browser.get("/connections").text)
    (row,) = rows(host)
    assert (row.status, row.disconnected_at, row.problem) == ("inactive", NOW, None)
    assert [name for name in OF_THE_ACCOUNT if getattr(row, name)] == []
    assert (zoom.calls, zoom.living(JILL)) == (["revoke"], [])


def test_htmx_gets_the_card_with_what_came_of_it(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    answer = as_host(host, htmx=True).post(DISCONNECT)
    assert answer.text.lstrip().startswith('<section id="provider-zoom"')
    assert "We've revoked BookMe's permission" in unescape(answer.text)
    assert "Connect Zoom" in answer.text


@pytest.mark.parametrize(
    "fault", [says(500, {}), requests.ReadTimeout("slow"), (400, {}, "<html>"), says(429, {})]
)
def test_everything_is_deleted_whatever_zoom_answers(
    host: User, as_host: AsHost, zoom: FakeZoom, fault: Any
) -> None:
    connection(host, zoom)
    zoom.fails("revoke", fault)
    answer = as_host(host, htmx=True).post(DISCONNECT)
    assert "didn't confirm that BookMe's permission is revoked" in answer.text
    assert rows(host)[0].access_token_sealed is None


def test_an_expired_token_is_refreshed_first_because_zoom_may_not_know_it_any_more(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    assert service.disconnect(made, now=NOW) is Revocation.REVOKED
    assert zoom.calls == ["refresh", "revoke"]
    assert zoom.living(JILL) == []


def test_a_refresh_that_fails_leaves_the_old_token_to_be_revoked(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.fails("refresh", says(500, {}))
    assert service.disconnect(made, now=NOW) is Revocation.REVOKED
    assert zoom.calls == ["refresh", "revoke"]


def test_a_grant_that_turns_out_dead_needs_no_revoking_and_no_letter(
    host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    zoom.removes_app(JILL)
    assert service.disconnect(made, now=NOW) is Revocation.NOT_NEEDED
    assert [row.status for row in rows(host)] == ["inactive"]


def test_a_broken_connection_can_be_disconnected_too(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT, **seals.NO_PAIR)
    assert service.disconnect(made, now=NOW) is Revocation.NOT_NEEDED
    (row,) = rows(host)
    assert (row.user_digest, row.label_sealed, zoom.calls) == (None, None, [])


def test_a_newer_connection_of_the_same_account_is_not_revoked_with_it(
    host: User, zoom: FakeZoom
) -> None:
    older = connection(host, zoom, connected_at=NOW - timedelta(days=2))
    newer = connection(factories.host(another=True), zoom)
    assert service.disconnect(older, now=NOW) is Revocation.NOT_NEEDED
    db.session.refresh(newer)
    assert (newer.is_active, zoom.calls) == (True, [])


def test_a_second_click_finds_it_done(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    browser = as_host(host)
    browser.post(DISCONNECT)
    assert browser.post(DISCONNECT).status_code == 303
    assert "Zoom isn't connected anymore" in unescape(browser.get("/connections").text)
    assert zoom.calls == ["revoke"]


def test_another_hosts_connection_is_out_of_reach(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    as_host(factories.host(another=True)).post(DISCONNECT)
    assert rows(host)[0].is_active
    assert zoom.calls == []


def test_a_consent_that_was_under_way_ends_with_it(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    start(browser)
    browser.post(DISCONNECT)
    assert db.session.scalar(sa.select(sa.func.count(AuthorizationAttempt.id))) == 0


def test_bookings_meetings_schedules_and_the_default_stay(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    host.default_video_provider = "zoom"
    booking = factories.booking(schedule=factories.schedule(host=host), video_provider="zoom")
    booking.meeting.state, booking.meeting.external_id = MeetingState.READY, "85746065"
    booking.meeting.join_url = "https://zoom.example/j/85746065"
    db.session.commit()
    as_host(host).post(DISCONNECT)
    kept = db.session.get_one(Booking, booking.id)
    db.session.refresh(kept)
    assert kept.meeting is not None
    assert kept.meeting.join_url == "https://zoom.example/j/85746065"
    assert kept.due_at is None
    assert host.default_video_provider == "zoom"


def test_a_disconnect_in_the_middle_of_a_refresh_wins_within_five_seconds(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    made_id, host_id, took = made.id, host.id, []

    def disconnect() -> None:
        with app.app_context():
            begun = time.monotonic()
            connection = service.live(host_id, "zoom")
            assert connection is not None
            service.disconnect(connection, now=NOW)
            took.append(time.monotonic() - begun)

    zoom.run_during("refresh", disconnect)
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made_id, now=NOW)
    assert took[0] < 5
    assert rows(host)[0].refresh_token_sealed is None
    assert zoom.living(JILL) == []  # the disconnect could not revoke what was not there yet


def test_connecting_again_after_a_disconnect_works(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    connect(browser, zoom)
    browser.post(DISCONNECT)
    forget_browser()
    connect(browser, zoom)
    assert [row.status for row in rows(host)] == ["inactive", "active"]
    assert len(zoom.living(JILL)) == 1
