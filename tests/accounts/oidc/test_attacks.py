"""What somebody tries at the way back from a provider; nothing of it may let anybody in."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Identity, PendingLink, SignInAttempt, User
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, MARA, StandIn
from tests.factories import NOW, PASSWORD

SECONDS = int(NOW.timestamp())
#: What a token may have wrong, and the settings of the stand-in that make it so.
WRONG: dict[str, dict[str, Any]] = {
    "issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"claims": {"iss": None}},
    "issuer but for a slash": {"claims": {"iss": f"{stand_in.URL}/openid/"}},
    "audience": {"claims": {"aud": "another app"}},
    "no audience": {"claims": {"aud": None}},
    "audiences without azp": {"claims": {"aud": [stand_in.CLIENT[0], "another"], "azp": None}},
    "authorized party": {"claims": {"azp": "another app"}},
    "nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": SECONDS - 61}},
    "no end": {"claims": {"exp": None}},
    "an end in words": {"claims": {"exp": "tomorrow"}},
    "issued tomorrow": {"claims": {"iat": SECONDS + 86_400}},
    "not yet": {"claims": {"nbf": SECONDS + 86_400}},
    "no subject": {"claims": {"sub": None}},
    "empty subject": {"claims": {"sub": ""}},
    "subject of a number": {"claims": {"sub": 7}},
    "endless subject": {"claims": {"sub": "x" * 256}},
    "unprintable subject": {"claims": {"sub": "a\x00b"}},
    "another access token": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "unsigned": {"signing": "none"},
    "signed with our secret": {"signing": "secret"},
    "signed by an unknown key": {"signing": "stranger"},
    "signed by another's key": {"signing": "forger"},
}


def nobody_got_in(browser: FlaskClient) -> None:
    db.session.expire_all()
    assert not steps.signed_in(browser)
    for kind in (Identity, PendingLink, User):
        assert db.session.scalars(sa.select(kind)).all() == [], kind


@pytest.mark.parametrize("settings", WRONG.values(), ids=WRONG)
def test_a_token_that_isn_t_as_it_must_be_is_not_believed(
    browser: FlaskClient, provider: StandIn, settings: dict[str, Any]
) -> None:
    provider.set(**settings)
    answer = stand_in.sign_in(browser, provider, BEN)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "couldn’t verify the answer from Example ID" in stand_in.notices(browser)
    nobody_got_in(browser)


def test_an_unknown_key_is_looked_for_once(browser: FlaskClient, provider: StandIn) -> None:
    provider.set(signing="stranger")
    stand_in.sign_in(browser, provider, BEN)
    assert provider.calls.count("keys") == 2  # the first time, and once anew
    stand_in.sign_in(browser, provider, BEN)
    assert provider.calls.count("keys") == 3
    nobody_got_in(browser)


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email_verified": "true"}, {}])
def test_an_address_that_isn_t_verified_makes_no_account(
    browser: FlaskClient, provider: StandIn, said: dict[str, Any]
) -> None:
    provider.set(claims={"email_verified": None, **said})
    stand_in.sign_in(browser, provider, BEN)
    assert "hasn’t verified your e-mail address" in stand_in.notices(browser)
    nobody_got_in(browser)


@pytest.mark.parametrize("email", [None, "", "nobody", "a@b@c", 7, "x" * 300 + "@example.com"])
def test_without_an_address_there_is_no_account(
    browser: FlaskClient, provider: StandIn, email: Any
) -> None:
    provider.set(claims={"email": email, "email_verified": True})
    to = provider.answered(stand_in.begin(browser), BEN)
    db.session.rollback()
    with_none = browser.get(to)
    assert with_none.location in ("/sign-in", "/dashboard/set-up")
    if email in (None, "", 7):  # then it's asked for elsewhere, and there it is
        return
    assert "didn’t give us your e-mail address" in stand_in.notices(browser)
    nobody_got_in(browser)


def test_another_s_address_lets_nobody_in_and_links_nothing(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    """Whoever has got a provider to vouch for Mara's address still isn't Mara."""
    stand_in.sign_in(browser, provider, BEN, email=MARA)
    assert not steps.signed_in(browser)
    assert browser.get("/account").status_code == 303
    for path in ("/sign-in/link", "/sign-in/link/mail"):
        browser.post(path)
    assert not steps.signed_in(browser)
    assert db.session.scalars(sa.select(Identity)).all() == []
    assert "link_sign_in" not in steps.kinds()
    marys = app.test_client()
    steps.sign_in(marys, MARA)
    assert marys.get("/sign-in/link").location == "/account/security"
    assert marys.post("/sign-in/link").location == "/account/security"
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_another_account_can_t_confirm_the_link(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(browser, provider)
    steps.sign_up(app.test_client())
    other = steps.host()
    other.email_confirmed_at = NOW
    db.session.commit()
    steps.sign_in(browser, other.email)
    assert "you’re signed in to another one" in browser.get("/sign-in/link").text
    browser.post("/sign-in/link")
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_a_new_password_ends_a_link_that_waits(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(browser, provider)
    steps.sign_in(browser, MARA)
    browser.post(
        "/account/password",
        data={"current_password": PASSWORD, "new_password": "quite another long one"},
    )
    browser.post("/sign-in/link")
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_a_link_waits_half_an_hour(browser: FlaskClient, provider: StandIn, mara: User) -> None:
    stand_in.sign_in(browser, provider)
    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        steps.sign_in(browser, MARA)
        assert browser.post("/sign-in/link").location == "/account/security"
    assert db.session.scalars(sa.select(Identity)).all() == []


def test_a_state_serves_once(app: Flask, browser: FlaskClient, provider: StandIn) -> None:
    back = provider.answered(stand_in.begin(browser), BEN)
    browser.get(back)
    browser.post("/sign-out")
    assert browser.get(back).location == "/sign-in"
    assert not steps.signed_in(browser)
    assert provider.calls.count("token") == 1


def test_a_state_serves_once_also_when_somebody_says_no(
    browser: FlaskClient, provider: StandIn
) -> None:
    back = provider.answered(stand_in.begin(browser), BEN, answer="decline")
    assert "error=access_denied" in back
    assert browser.get(back).location == "/sign-in"
    assert "because you cancelled" in stand_in.notices(browser)
    assert db.session.scalars(sa.select(SignInAttempt)).all() == []
    nobody_got_in(browser)


def test_a_state_expires(browser: FlaskClient, provider: StandIn) -> None:
    back = provider.answered(stand_in.begin(browser), BEN)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert browser.get(back).location == "/sign-in"
    assert "token" not in provider.calls
    nobody_got_in(browser)


def test_another_browser_s_answer_signs_nobody_in(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    """Somebody has their own answer opened by another's browser: it would sign in to their account
    without knowing it.
    """
    back = provider.answered(stand_in.begin(app.test_client()), BEN)
    stand_in.begin(browser)
    assert browser.get(back).location == "/sign-in"
    assert "token" not in provider.calls
    nobody_got_in(browser)
    assert len(db.session.scalars(sa.select(SignInAttempt)).all()) == 2


@pytest.mark.parametrize(
    ("then", "why"),
    [("?state=x&code=y", "too long"), ("?code=y", "too long"), ("", "too long")],
    ids=["made up", "no state", "nothing"],
)
def test_what_this_browser_did_not_begin_is_not_exchanged(
    browser: FlaskClient, provider: StandIn, then: str, why: str
) -> None:
    assert browser.get(stand_in.CALLBACK + then).location == "/sign-in"
    assert why in stand_in.notices(browser)
    assert provider.calls == []


def test_an_answer_of_another_issuer_is_not_exchanged(
    browser: FlaskClient, provider: StandIn
) -> None:
    back = provider.answered(stand_in.begin(browser), BEN)
    answer = browser.get(back.replace("iss=http", "iss=https"))
    assert answer.location == "/sign-in"
    assert "token" not in provider.calls
    nobody_got_in(browser)


def test_it_leads_to_no_other_site(browser: FlaskClient, provider: StandIn) -> None:
    answer = stand_in.sign_in(browser, provider, BEN, "https://evil.example/")
    assert answer.location == "/dashboard/set-up"


def test_an_account_that_is_ending_lets_nobody_in(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    for email in (BEN, MARA):
        steps.host(email).closing_at = NOW
        db.session.commit()
    for who in (BEN, MARA):
        again = app.test_client()
        stand_in.sign_in(again, provider, who)
        assert "is being deleted" in stand_in.notices(again)
        assert not steps.signed_in(again)


def test_a_person_signs_in_to_one_account_only(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(app.test_client(), provider, BEN)
    steps.sign_in(browser, MARA)
    to = stand_in.led_to(browser.post("/account/sign-ins/with/example"))
    assert browser.get(provider.answered(to, BEN, email=MARA)).location == "/account/security"
    said = stand_in.notices(browser, "/account/security")
    assert "is linked to another BookMe account" in said


def test_nothing_personal_and_no_secret_is_logged(
    browser: FlaskClient, provider: StandIn, mara: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="bookme")
    to = stand_in.begin(browser)
    back = provider.answered(to, MARA)
    browser.get(back)
    provider.set(signing="none")
    stand_in.sign_in(browser, provider, BEN)
    logged = caplog.text
    assert "signing in with example" in logged
    for secret in (MARA, BEN, "Okafor", provider.asked(to)["state"], provider.asked(to)["nonce"]):
        assert secret not in logged
