"""The messages about connections."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.models import Calendar, ConnectionStatus, Email, LocationKind, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.clouds import ANN, FakeCloud
from tests.connections.clouds import connect as connect_cloud
from tests.connections.making import connect, connection
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]
KINDS = [disconnecting.LOST, disconnecting.REPLACED, disconnecting.REMOVED]


def owed() -> Email:
    return db.session.query(Email).order_by(Email.id.desc()).limit(1).one()


def context(email: Email) -> dict[str, Any] | None:
    return contexts.context(email, now=NOW)


def marked(host: User, zoom: FakeZoom, problem: Problem) -> Email:
    made = connection(host, zoom)
    assert disconnecting.mark_dead(made.id, 1, problem, now=NOW)
    db.session.commit()
    return owed()


def test_a_letter_holds_ids_and_no_words(host: User, zoom: FakeZoom) -> None:
    email = marked(host, zoom, Problem.GRANT_ENDED)
    connection_id = email.facts["connection_id"]
    assert email.facts == {"provider": "zoom", "connection_id": connection_id}
    assert (email.kind, email.user_id, email.next_attempt_at) == ("connection_lost", host.id, NOW)


@pytest.mark.parametrize("problem", [p for p in Problem if p is not Problem.REMOVED])
def test_the_host_reads_what_is_wrong_what_to_do_and_what_stops(
    host: User, zoom: FakeZoom, problem: Problem
) -> None:
    columns = {"location_kind": LocationKind.VIDEO, "video_provider": "zoom"}
    factories.schedule(host=host, title="Review & plan", **columns)
    email = marked(host, zoom, problem)
    found = context(email)
    assert found is not None
    text = render_template(f"email/{email.kind}/body.txt", **found)
    html = render_template(f"email/{email.kind}/body.html", **found)
    for body in (text, html):
        assert JILL in body
        assert "http://localhost/connections" in body
        assert "support@localhost" in body
        assert "no video link" in body
    assert "Review & plan" in text
    assert "Review &amp; plan" in html
    assert email.kind == "connection_replaced" or found["what"] in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_one_line(app: Flask, kind: str) -> None:
    subject = render_template(f"email/{kind}/subject.txt", provider="Zoom")
    assert "Zoom" in subject
    assert "\n" not in subject.strip()


def test_a_letter_is_dropped_once_the_host_has_reconnected(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    email = marked(host, zoom, Problem.GRANT_ENDED)
    connect(as_host(host), zoom)
    assert context(email) is None


def test_a_letter_is_dropped_once_the_host_has_disconnected(host: User, zoom: FakeZoom) -> None:
    email = marked(host, zoom, Problem.GRANT_ENDED)
    made = service.live(host.id, "zoom")
    assert made is not None
    service.disconnect(made, now=NOW)
    assert context(email) is None


def test_a_host_who_is_leaving_reads_nothing(host: User, zoom: FakeZoom) -> None:
    email = marked(host, zoom, Problem.GRANT_ENDED)
    host.closing_at = NOW
    assert context(email) is None


def test_a_removal_is_told_unless_the_host_is_connected_again(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom, status=ConnectionStatus.INACTIVE)
    disconnecting.owe_letter(disconnecting.REMOVED, made, now=NOW)
    db.session.commit()
    found = context(owed())
    assert found is not None
    text = render_template("email/connection_removed/body.txt", **found)
    assert "removed from your Zoom account" in " ".join(text.split())
    assert JILL not in text
    connection(host, zoom, connected_at=NOW + timedelta(minutes=1))
    assert context(owed()) is None


def test_a_failure_told_twice_is_one_letter(host: User, zoom: FakeZoom) -> None:
    marked(host, zoom, Problem.GRANT_ENDED)
    made = service.live(host.id, "zoom")
    assert made is not None
    assert not disconnecting.mark_dead(made.id, 1, Problem.GRANT_ENDED, now=NOW)
    assert db.session.query(Email).count() == 1


@pytest.mark.parametrize("is_checked", [True, False])
def test_a_lost_calendar_says_what_stops(
    host: User, as_host: AsHost, google: FakeCloud, is_checked: bool
) -> None:
    connect_cloud(as_host(host), google)
    if not is_checked:
        db.session.query(Calendar).update({"is_checked": False})
    made = service.live(host.id, "google")
    assert made is not None
    assert disconnecting.mark_dead(made.id, 1, Problem.GRANT_ENDED, now=NOW)
    db.session.commit()
    found = context(owed())
    assert found is not None
    for ending in ("txt", "html"):
        body = unescape(render_template(f"email/connection_lost/body.{ending}", **found))
        body = " ".join(body.split())
        assert "bookings aren't added to its calendars" in body
        assert ("your schedules stop offering times" in body) is is_checked
        assert ANN in body
