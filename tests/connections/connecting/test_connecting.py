"""From Connect to a connection."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.models import AuthorizationAttempt, ConnectionStatus, User
from tests.conftest import NOW
from tests.connections.making import CALLBACK, CONNECT, connect, connection, rows, start
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]


def test_connect_leads_to_zoom_with_state_and_challenge_and_no_scope(
    host: User, as_host: AsHost
) -> None:
    answer = as_host(host).post(CONNECT)
    address = urlsplit(answer.headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert answer.status_code == 303
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://zoom.us/oauth/authorize"
    assert asked.pop("state")
    assert len(asked.pop("code_challenge")) == 43
    assert asked == {
        "response_type": "code",
        "client_id": "zoom-client",
        "redirect_uri": "http://localhost/connections/zoom/callback",
        "code_challenge_method": "S256",
    }


def test_htmx_is_told_to_take_the_whole_browser_there(host: User, as_host: AsHost) -> None:
    answer = as_host(host, htmx=True).post(CONNECT)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("https://zoom.us/oauth/authorize?")


def test_neither_state_nor_verifier_can_be_read_in_the_database(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    state = start(browser)
    kept = db.session.scalars(sa.select(AuthorizationAttempt)).one()
    assert state not in (kept.state_hash, str(kept.verifier_sealed))
    assert (kept.host_id, kept.provider, kept.holds_grant) == (host.id, "zoom", False)
    assert kept.expires_at == NOW + timedelta(minutes=10)
    sealed = kept.verifier_sealed
    db.session.commit()
    browser.get(CALLBACK, query_string={"code": zoom.allows(JILL), "state": state})
    assert zoom.forms[0]["code_verifier"].encode() not in sealed


def test_coming_back_stores_the_connection_and_ends_on_connections(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    answer = connect(as_host(host), zoom)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connections")
    (made,) = rows(host)
    assert (made.status, made.generation, made.problem) == (ConnectionStatus.ACTIVE, 1, None)
    assert (made.connected_at, made.expires_at) == (NOW, NOW + timedelta(seconds=3599))
    assert (made.plan, tokens.label(made)) == ("licensed", JILL)
    assert "meeting:write:meeting" in made.scopes.split()
    assert tokens.access_token(made.id, now=NOW) == zoom.grants[0].access
    assert zoom.calls == ["exchange", "me"]


def test_the_verifier_fits_the_challenge_and_the_redirect_address_is_the_same(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    asked = parse_qs(urlsplit(browser.post(CONNECT).headers["Location"]).query)
    browser.get(CALLBACK, query_string={"code": zoom.allows(JILL), "state": asked["state"][0]})
    sent = zoom.forms[0]
    hashed = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(hashed).decode().rstrip("=")]
    assert [sent["redirect_uri"]] == asked["redirect_uri"]


def test_connecting_the_same_account_again_makes_a_new_row_and_revokes_nothing(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, blocked_until=NOW + timedelta(hours=3))
    connect(as_host(host), zoom)
    old, new = rows(host)
    assert (old.status, old.user_digest, old.access_token_sealed) == ("inactive", None, None)
    assert (new.status, tokens.label(new)) == ("active", JILL)
    assert new.blocked_until == NOW + timedelta(hours=3)
    assert "revoke" not in zoom.calls
    assert len(zoom.living(JILL)) == 1


def test_a_dead_connection_is_mended_by_connecting_again(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT)
    connect(as_host(host), zoom)
    assert [row.status for row in rows(host)] == ["inactive", "active"]


def test_an_unconfirmed_host_cannot_start(host: User, as_host: AsHost) -> None:
    host.email_confirmed_at = None
    db.session.commit()
    assert as_host(host).post(CONNECT).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count(AuthorizationAttempt.id))) == 0


@pytest.mark.parametrize("path", [CONNECT, "/connections/zoom/disconnect"])
def test_a_form_without_our_token_is_refused(host: User, as_host: AsHost, path: str) -> None:
    browser = as_host(host)
    browser.application.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(path).status_code == 400
    assert db.session.scalar(sa.select(sa.func.count(AuthorizationAttempt.id))) == 0


def test_a_provider_that_is_unknown_or_not_set_up_cannot_be_connected(
    host: User, as_host: AsHost
) -> None:
    browser = as_host(host)
    assert browser.post("/connections/skype/connect").status_code == 404
    browser.application.config["ZOOM_CLIENT_ID"] = ""
    assert browser.post(CONNECT).status_code == 404
    assert "Not set up on this site" in browser.get("/connections").text
