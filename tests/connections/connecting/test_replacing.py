"""Another Zoom account on one BookMe account, and one Zoom account on two."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.accounts import sessions
from bookme.clock import utcnow
from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.jobs.held import hurry, let_go
from bookme.models import AuthorizationAttempt, ConnectionStatus, Email, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import (
    KEEP,
    REPLACE,
    connect,
    connection,
    expired,
    forget_browser,
    replace,
    rows,
)
from tests.fake_zoom import JACK, JILL, FakeZoom, user_id

AsHost = Callable[..., FlaskClient]


def held() -> list[AuthorizationAttempt]:
    db.session.rollback()
    kept = sa.select(AuthorizationAttempt).where(AuthorizationAttempt.holds_grant)
    return list(db.session.scalars(kept))


@pytest.mark.parametrize("status", [ConnectionStatus.ACTIVE, ConnectionStatus.NEEDS_RECONNECT])
def test_another_account_is_asked_about_by_both_names_and_needs_no_second_consent(
    host: User, as_host: AsHost, zoom: FakeZoom, status: ConnectionStatus
) -> None:
    connection(host, zoom, status=status)
    browser = as_host(host)
    assert connect(browser, zoom, JACK).headers["Location"] == REPLACE
    page = BeautifulSoup(browser.get(REPLACE).text, "html.parser")
    assert page.h1.text == f"Replace {JILL} with {JACK}?"
    forms = {form.button.text: form["action"] for form in page.select("main form")}
    assert forms == {"Replace account": REPLACE, f"Keep {JILL}": KEEP}
    assert [row.status for row in rows(host)] == [status], "nothing has changed so far"
    assert browser.post(REPLACE).headers["Location"] == "/connections"
    assert f"Zoom is connected as {JACK}, instead of {JILL}." in browser.get("/connections").text
    assert zoom.calls.count("exchange") == 1
    assert held() == []


def test_nothing_of_the_account_that_waits_can_be_read_in_the_database(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    connect(as_host(host), zoom, JACK)
    (kept,) = held()
    assert kept.expires_at == NOW + timedelta(minutes=10)
    sealed = kept.verifier_sealed
    secrets = [zoom.grants[-1].access, zoom.grants[-1].refresh, JACK, user_id(JACK)]
    assert [one for one in secrets if one.encode() in sealed] == []


def test_who_keeps_the_connected_account_has_the_other_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    assert browser.post(KEEP).status_code == 303
    assert f"your Zoom account here is still {JILL}" in browser.get("/connections").text
    assert (zoom.living(JACK), len(zoom.living(JILL)), held()) == ([], 1, [])


@pytest.mark.parametrize("answer", [REPLACE, KEEP])
def test_an_answer_counts_once(host: User, as_host: AsHost, zoom: FakeZoom, answer: str) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    browser.post(answer)
    calls = list(zoom.calls)
    for again in (REPLACE, KEEP):
        assert browser.post(again).headers["Location"] == "/connections"
        assert "no longer open" in browser.get("/connections").text
    assert browser.get(REPLACE).status_code == 303
    assert zoom.calls == calls


def test_an_answer_that_comes_too_late_changes_nothing_and_a_job_revokes(
    host: User, as_host: AsHost, zoom: FakeZoom, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    (kept,) = held()
    row_id = kept.id
    let_go(row_id)
    assert len(held()) == 1, "it isn't over yet"
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        forget_browser()
        browser.post(REPLACE)
        assert [row.status for row in rows(host)] == ["active"]
        hurry(utcnow())
        assert hints[-1] == ("held.let_go", (row_id,))
        let_go(row_id)
    assert (zoom.living(JACK), len(zoom.living(JILL)), held()) == ([], 1, [])


@pytest.mark.parametrize("path", ["/connections/zoom/disconnect", "/sign-out"])
def test_nothing_that_waits_outlives_a_disconnect_or_the_browsers_session(
    host: User, as_host: AsHost, zoom: FakeZoom, path: str
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    browser.post(path)
    assert (zoom.living(JACK), held()) == ([], [])


def test_what_waits_in_a_browser_that_is_signed_out_by_a_link_is_revoked_by_a_job(
    host: User, as_host: AsHost, zoom: FakeZoom, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    connection(host, zoom)
    connect(as_host(host), zoom, JACK)
    (row_id,) = (row.id for row in held())
    sessions.end_all(host)  # as a new password does, and another address
    db.session.commit()
    hurry(utcnow())
    assert hints[-1] == ("held.let_go", (row_id,))
    let_go(row_id)
    assert (zoom.living(JACK), len(zoom.living(JILL)), held()) == ([], 1, [])


def test_another_browser_and_another_host_have_nothing_to_answer(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    connect(as_host(host), zoom, JACK)
    for other in (host, factories.host(another=True)):
        forget_browser()
        browser = as_host(other)
        assert browser.get(REPLACE).status_code == 303
        browser.post(REPLACE)
        browser.post(KEEP)
    assert len(held()) == 1
    assert len(zoom.living(JACK)) == 1


def test_an_account_that_ended_at_zoom_meanwhile_is_not_put_in_the_place(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    zoom.fails("me", "api_token_expired")
    assert browser.post(REPLACE).headers["Location"] == "/connections/zoom/failed"
    assert "has expired" in browser.get("/connections/zoom/failed").text
    assert [row.status for row in rows(host)] == ["active"]
    assert held() == []


def test_of_two_accounts_that_came_back_the_later_is_asked_about(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    connect(browser, zoom, JACK)
    connect(browser, zoom, "joan@zoom.example")
    assert "with joan@zoom.example?" in browser.get(REPLACE).text
    assert (zoom.living(JACK), len(held())) == ([], 1)


def test_replacing_revokes_the_old_pair(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    assert replace(as_host(host), zoom, JACK).status_code == 303
    old, new = rows(host)
    assert (old.status, old.label_sealed, old.user_digest) == ("inactive", None, None)
    assert tokens.label(new) == JACK
    assert zoom.living(JILL) == []
    assert zoom.calls == ["exchange", "me", "me", "revoke"]


def test_an_old_pair_that_has_expired_is_refreshed_to_be_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    expired(connection(host, zoom), zoom)
    replace(as_host(host), zoom, JACK)
    assert zoom.calls == ["exchange", "me", "me", "refresh", "revoke"]
    assert zoom.living(JILL) == []


def test_replacing_succeeds_although_the_old_pair_cannot_be_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    zoom.fails("revoke", (500, {}, ""))
    assert replace(as_host(host), zoom, JACK).status_code == 303
    assert [row.status for row in rows(host)] == ["inactive", "active"]


def test_the_older_connection_of_a_zoom_account_is_marked_and_its_host_told(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    other = factories.host(another=True)
    older = connection(other, zoom)
    connect(as_host(host), zoom)
    (older,) = rows(other)
    assert (older.status, older.problem) == ("needs_reconnect", Problem.REPLACED)
    assert (older.access_token_sealed, older.refresh_token_sealed) == (None, None)
    letter = db.session.scalars(sa.select(Email)).one()
    assert (letter.kind, letter.user_id) == ("connection_replaced", other.id)
    assert "revoke" not in zoom.calls
    assert len(zoom.living(JILL)) == 1


def test_it_can_be_taken_back_and_then_the_other_host_is_told(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    other = factories.host(another=True)
    connect(as_host(host), zoom)
    forget_browser()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        connect(as_host(other), zoom)
        forget_browser()
        connect(as_host(host), zoom)
    assert [row.status for row in rows(host)] == ["inactive", "active"]
    assert [row.status for row in rows(other)] == ["needs_reconnect"]
    told = db.session.scalars(sa.select(Email.user_id).order_by(Email.id)).all()
    assert told == [host.id, other.id]


def test_a_pair_is_not_revoked_while_a_newer_connection_uses_its_account(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    # Both rows say active, as when two hosts connect within the same moment.
    connection(host, zoom, connected_at=NOW - timedelta(days=2))
    connection(factories.host(another=True), zoom)
    replace(as_host(host), zoom, JACK)
    assert "revoke" not in zoom.calls
    assert len(zoom.living(JILL)) == 1
