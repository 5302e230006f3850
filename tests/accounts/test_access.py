"""What views may ask of who is signed in."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from bookme.accounts import access
from tests import factories
from tests.accounts import steps

AsHost = Callable[..., FlaskClient]


def guarded(app: Flask) -> None:
    """Add a page that only confirmed hosts may use, and say whose it is."""

    @app.route("/guarded", methods=["GET", "POST"])
    @access.confirmed_required
    def page() -> ResponseReturnValue:
        row = access.current_session()
        assert row is not None
        return f"{access.host().name}, {row.label}"


def test_a_confirmed_host_comes_through(app: Flask, as_host: AsHost) -> None:
    guarded(app)
    assert as_host(factories.host()).get("/guarded").text == "Mara Lindqvist, Firefox on Linux"


def test_an_unconfirmed_host_is_told_to_confirm_first(app: Flask, as_host: AsHost) -> None:
    guarded(app)
    browser = as_host(factories.host(email_confirmed_at=None))
    answer = browser.get("/guarded?x=1")
    assert answer.status_code == 403
    assert "Confirm your e-mail address first" in answer.text
    assert 'action="/account/confirm-email?next=/guarded?x%3D1"' in answer.text
    assert browser.post("/guarded").status_code == 403


def test_a_visitor_is_led_to_signing_in(app: Flask, client: FlaskClient) -> None:
    guarded(app)
    assert client.get("/guarded").location == "/sign-in?next=/guarded"
    assert client.post("/guarded").location == "/sign-in"


def test_nobody_has_no_session(app: Flask) -> None:
    with app.test_request_context("/"):
        assert access.current_session() is None


def test_an_unconfirmed_host_may_look_round(app: Flask, as_host: AsHost) -> None:
    browser = as_host(factories.host(email_confirmed_at=None))
    for path in ("/account", "/account/security", "/account/data", "/dashboard"):
        assert browser.get(path).status_code == 200, path


def test_a_session_in_the_database_alone_opens_nothing(app: Flask, client: FlaskClient) -> None:
    """The row holds a hash; put into a cookie it is nobody's id."""
    host = factories.host()
    steps.sign_in(client, host.email)
    from bookme.accounts.sessions import of_user

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["sid"] = of_user(host)[0].token_hash
    assert not steps.signed_in(thief)
