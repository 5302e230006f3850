"""The browsers in which a host is signed in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts import sessions
from bookme.accounts.sessions import of_user
from bookme.extensions import db
from bookme.models import Session, User
from tests import factories
from tests.accounts import steps


@pytest.fixture
def mara(app: Flask, client: FlaskClient) -> User:
    """Signed in, in ``client``."""
    host = factories.host()
    steps.sign_in(client, host.email)
    return host


def test_the_page_shows_them_all_and_which_is_this_one(
    app: Flask, mara: User, client: FlaskClient
) -> None:
    other = app.test_client()
    other.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Safari/604.1"
    steps.sign_in(other, mara.email)
    page = BeautifulSoup(client.get("/account/sessions").text, "html.parser")
    rows = page.select("#browsers .body.row")
    assert ["This browser" in row.text for row in rows] == [False, True]
    assert [row.h3.text for row in rows if row.h3] == ["Safari on iPhone", "Unknown browser"]
    assert [bool(row.select("form")) for row in rows] == [True, False]


def test_one_other_browser_is_signed_out(app: Flask, mara: User, client: FlaskClient) -> None:
    first, second = app.test_client(), app.test_client()
    steps.sign_in(first, mara.email)
    steps.sign_in(second, mara.email)
    newest = of_user(mara)[0].id
    assert client.post(f"/account/sessions/{newest}/end").status_code == 303
    assert [steps.signed_in(browser) for browser in (client, first, second)] == [True, True, False]
    assert client.post(f"/account/sessions/{newest}/end").status_code == 404


def test_all_other_browsers_are_signed_out(app: Flask, mara: User, client: FlaskClient) -> None:
    others = [app.test_client() for _ in range(2)]
    for other in others:
        steps.sign_in(other, mara.email)
    assert client.post("/account/sessions/end-others").status_code == 303
    assert steps.signed_in(client)
    assert not any(steps.signed_in(other) for other in others)


def test_nobody_signs_out_another_host(app: Flask, mara: User, client: FlaskClient) -> None:
    stranger, browser = factories.host(another=True), app.test_client()
    steps.sign_in(browser, stranger.email)
    theirs = of_user(stranger)[0]
    assert client.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    client.post("/account/sessions/end-others")
    assert steps.signed_in(browser)


def test_one_browser_too_many_signs_out_the_one_that_was_used_least_recently(
    app: Flask, mara: User, client: FlaskClient
) -> None:
    stranger, theirs = factories.host(another=True), app.test_client()
    steps.sign_in(theirs, stranger.email)
    for nth in range(1, sessions.MOST):
        row, _token = sessions.begin(mara, "Firefox", now=factories.NOW)
        row.last_seen_at = factories.NOW - timedelta(minutes=nth)
    db.session.commit()
    assert len(client.get("/account/sessions").text.split("Signed in ")) == sessions.MOST + 1
    newest = app.test_client()
    steps.sign_in(newest, mara.email)
    oldest = factories.NOW - timedelta(minutes=sessions.MOST - 1)
    kept = db.session.scalars(sa.select(Session.last_seen_at).where(Session.user_id == mara.id))
    seen = list(kept)
    assert len(seen) == sessions.MOST
    assert oldest not in seen
    assert all(steps.signed_in(browser) for browser in (client, newest, theirs))


def test_the_list_ends_also_where_there_are_more_from_before(app: Flask, mara: User) -> None:
    for nth in range(sessions.MOST + 5):
        seen = {"created_at": factories.NOW, "last_seen_at": factories.NOW}
        db.session.add(Session(user=mara, token_hash=f"{nth:064}", label="Firefox", **seen))
    db.session.commit()
    assert len(of_user(mara)) == sessions.MOST
    assert sessions.end_all(mara) == sessions.MOST + 6
