"""Signing in at a provider of OpenID Connect: the way there and back, and what comes of it."""

from datetime import timedelta

import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.extensions import db
from bookme.models import Identity, PendingLink, SetUpStep, SignInAttempt, User
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, MARA, StandIn
from tests.factories import NOW


def identities() -> list[tuple[str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Identity).order_by(Identity.id))
    return [(row.user.email, row.provider) for row in rows]


def test_a_new_address_makes_an_account_that_is_confirmed_and_signed_in(
    browser: FlaskClient, provider: StandIn
) -> None:
    to = stand_in.begin(browser, zone="Asia/Tokyo")
    back = browser.get(provider.answered(to, BEN))
    assert (back.status_code, back.location) == (303, "/dashboard/set-up")
    made = steps.host(BEN)
    assert (made.name, made.zone, made.password_hash) == ("Ben Okafor", "Asia/Tokyo", "")
    assert made.email_confirmed_at == NOW
    assert made.set_up_step == SetUpStep.ADDRESS
    assert identities() == [(BEN, "example")]
    assert steps.signed_in(browser)
    assert steps.kinds() == []
    assert browser.get("/connections").status_code == 200


def test_whoever_is_linked_signs_in_whatever_becomes_of_their_address(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    again = app.test_client()
    answer = stand_in.sign_in(
        again, provider, BEN, "/bookings", email="other@example.com", verified=False
    )
    assert answer.location == "/bookings"
    assert steps.signed_in(again)
    assert identities() == [(BEN, "example")]


def test_what_is_asked_has_state_nonce_and_pkce_and_is_kept_sealed(
    browser: FlaskClient, provider: StandIn
) -> None:
    asked = provider.asked(stand_in.begin(browser, "/bookings"))
    assert asked["scope"] == "openid email profile"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://localhost{stand_in.CALLBACK}"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    [row] = db.session.scalars(sa.select(SignInAttempt)).all()
    kept = repr([vars(row)])
    assert asked["state"] not in kept
    assert asked["nonce"] not in kept
    assert (row.next_path, row.expires_at) == ("/bookings", NOW + timedelta(minutes=10))


def test_an_address_with_an_account_links_nothing_by_itself(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    answer = stand_in.sign_in(browser, provider)
    assert answer.location == "/sign-in/link"
    assert not steps.signed_in(browser)
    assert identities() == []
    assert browser.post("/sign-in/link").location.startswith("/sign-in")
    assert identities() == []
    page = browser.get("/sign-in/link").text
    assert "mara@example.com already" in page
    assert 'href="/sign-in?next=/sign-in/link"' in page


def test_its_host_signs_in_and_confirms_the_link_once(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(browser, provider)
    assert steps.sign_in(browser, MARA, next_path="/sign-in/link").location == "/sign-in/link"
    assert "gets into your BookMe account mara@example.com" in browser.get("/sign-in/link").text
    assert identities() == []
    assert browser.post("/sign-in/link").location == "/account/security"
    assert identities() == [(MARA, "example")]
    assert steps.kinds()[-1] == "sign_in_linked"
    assert "Example ID" in steps.context("sign_in_linked")["label"]
    assert db.session.scalars(sa.select(PendingLink)).all() == []
    again = app.test_client()
    assert stand_in.sign_in(again, provider).location == "/dashboard"
    assert steps.signed_in(again)


def test_the_link_waits_through_a_second_factor(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    inside = app.test_client()
    steps.sign_in(inside, MARA)
    secret, _ = factors.add_app(inside)
    stand_in.sign_in(browser, provider)
    assert steps.sign_in(browser, MARA, next_path="/sign-in/link").location.startswith(
        "/sign-in/second-step"
    )
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        code = factors.code(secret, later=10)
        factors.second_step(browser, code, "/sign-in/link")
        assert browser.post("/sign-in/link").location == "/account/security"
    assert identities() == [(MARA, "example")]


def test_the_second_factor_is_asked_for_after_the_provider(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    secret, _ = factors.add_app(browser)
    again = app.test_client()
    answer = stand_in.sign_in(again, provider, BEN, "/bookings")
    assert answer.location == "/sign-in/second-step?next=/bookings"
    assert not steps.signed_in(again)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        code = factors.code(secret, later=10)
        assert factors.second_step(again, code, "/bookings").location == "/bookings"
        assert steps.signed_in(again)


def test_an_unconfirmed_account_of_the_address_gives_way(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    thief = app.test_client()
    steps.sign_up(thief, email=BEN)
    before = steps.host(BEN).id
    stand_in.sign_in(browser, provider, BEN)
    assert steps.host(BEN).id == before
    assert steps.host(BEN).password_hash == ""
    assert steps.sign_in(thief, BEN).status_code == 422
    link = steps.last("confirm_email")
    assert link is not None
    assert not steps.signed_in(thief)
    assert steps.signed_in(browser)


def test_keys_are_asked_for_once_and_anew_when_one_is_unknown(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    stand_in.sign_in(app.test_client(), provider, BEN)
    assert [provider.calls.count(one) for one in ("openid-configuration", "keys", "token")] == [
        *(1, 1, 2)
    ]
    provider.set(key=2)
    again = app.test_client()
    stand_in.sign_in(again, provider, BEN)
    assert steps.signed_in(again)
    assert provider.calls.count("keys") == 2


def test_the_address_is_asked_for_where_the_token_lacks_it(
    browser: FlaskClient, provider: StandIn
) -> None:
    provider.set(claims={"email": None, "email_verified": None})
    stand_in.sign_in(browser, provider, BEN)
    assert provider.calls[-1] == "userinfo"
    assert identities() == [(BEN, "example")]


def test_htmx_is_led_there_whole(htmx: FlaskClient, provider: StandIn) -> None:
    answer = htmx.post("/sign-in/with/example")
    assert answer.status_code == 204
    assert provider.asked(answer.headers["HX-Redirect"])["client_id"] == stand_in.CLIENT[0]


def test_without_providers_nothing_of_it_is_there(app: Flask, browser: FlaskClient) -> None:
    assert "Continue with" not in browser.get("/sign-in").text
    assert browser.post("/sign-in/with/example").status_code == 404
    assert browser.get(stand_in.CALLBACK).status_code == 404


def test_what_nobody_finished_is_forgotten(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.begin(browser)
    stand_in.sign_in(app.test_client(), provider)
    keeping.forget_old(NOW + timedelta(minutes=31))
    for kind in (SignInAttempt, PendingLink):
        assert db.session.scalars(sa.select(kind)).all() == []
