"""The operator's way back for hosts who have lost their account at a provider."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme import acts
from bookme.extensions import db
from bookme.mail import message
from bookme.models import Email, Identity, OperatorAct
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, CHLOE, StandIn


@pytest.fixture(autouse=True)
def _no_passwords(app: Flask, provider: StandIn) -> None:
    app.config["PASSWORDS"] = False


@pytest.fixture
def ben(browser: FlaskClient, provider: StandIn) -> FlaskClient:
    """Ben, signed in with the account at the provider that he is about to lose."""
    assert stand_in.sign_in(browser, provider, BEN).status_code == 303
    assert steps.signed_in(browser)
    return browser


def unlink(app: Flask, *words: str) -> str:
    done = app.test_cli_runner().invoke(args=("hosts", "unlink", *words, "--yes"))
    assert done.exit_code == 0, done.output
    return done.output


def linked() -> list[str]:
    db.session.expire_all()
    return [one.subject for one in db.session.scalars(sa.select(Identity))]


def comes_back(app: Flask, provider: StandIn, who: str, **claims: str) -> FlaskClient:
    """Somebody signs in with another account, and presses the link in the mail."""
    again = app.test_client()
    assert stand_in.sign_in(again, provider, who, **claims).location == "/sign-in/link"
    again.post("/sign-in/link/mail")
    again.post(steps.path_in("link_sign_in"))
    return again


def test_the_lost_account_lets_nobody_in_and_the_mailbox_does(
    app: Flask, provider: StandIn, ben: FlaskClient
) -> None:
    lost = linked()
    said = unlink(app, BEN)
    assert "unlinked: 1." in said
    assert "a link that we send there confirms it" in said
    assert linked() == []
    assert not steps.signed_in(ben)
    words = message.render("sign_in_unlinked", steps.context("sign_in_unlinked"))
    assert "sign in with an account that has this e-mail address" in words.text
    assert "http://localhost/sign-in" in words.text
    assert "password" not in words.text + words.html
    whoever_has_it = app.test_client()
    assert stand_in.sign_in(whoever_has_it, provider, BEN).location == "/sign-in/link"
    assert not steps.signed_in(whoever_has_it)
    assert steps.signed_in(comes_back(app, provider, CHLOE, email=BEN))
    assert linked() != lost


def test_what_was_on_its_way_to_being_linked_is_ended(
    app: Flask, provider: StandIn, ben: FlaskClient
) -> None:
    """Whoever took the account over may have begun another link before."""
    taker = app.test_client()
    stand_in.sign_in(taker, provider, CHLOE, email=BEN)
    unlink(app, BEN)
    assert taker.post("/sign-in/link/mail").location == "/sign-in"
    assert "link_sign_in" not in steps.kinds()


def test_who_has_lost_the_mailbox_too_gets_another_address(
    app: Flask, provider: StandIn, ben: FlaskClient
) -> None:
    unlink(app, BEN, "--email", "Ben@New.example.org")
    mails = list(db.session.scalars(sa.select(Email).order_by(Email.id.desc()).limit(2)))
    assert {one.kind for one in mails} == {"email_changed", "sign_in_unlinked"}
    assert steps.context("email_changed")["to"] == BEN
    assert steps.signed_in(comes_back(app, provider, CHLOE, email="ben@new.example.org"))
    stand_in.sign_in(app.test_client(), provider, BEN)  # the old one is nobody's: a new account
    assert steps.host(BEN).id != steps.host("ben@new.example.org").id


def test_nobody_s_address_is_taken_from_them(app: Flask, ben: FlaskClient) -> None:
    factories.host()
    arguments = ("hosts", "unlink", BEN, "--email", "mara@example.com", "--yes")
    done = app.test_cli_runner().invoke(args=arguments)
    assert (done.exit_code, "Another host has this address" in done.output) == (1, True)
    assert len(linked()) == 1
    assert steps.signed_in(ben)


def test_each_is_noted_without_personal_data_and_may_be_done_twice(
    app: Flask, ben: FlaskClient
) -> None:
    host_id = steps.host(BEN).id
    unlink(app, BEN, "--provider", "another")
    assert steps.signed_in(ben)
    unlink(app, BEN, "--provider", "example")
    unlink(app, BEN)
    noted = [acts.said(one) for one in db.session.scalars(sa.select(OperatorAct))]
    assert [one.partition(": ")[2] for one in noted] == [
        f"hosts unlink host {host_id} another",
        f"hosts unlink host {host_id} example",
        f"hosts unlink host {host_id}",
    ]
    assert list(db.session.scalars(sa.select(OperatorAct.outcome))) == [
        "nothing",
        "done",
        "nothing",
    ]
    assert steps.kinds().count("sign_in_unlinked") == 1


def test_what_still_lets_them_in_is_said(app: Flask, ben: FlaskClient) -> None:
    factors.add_passkey(ben)
    said = unlink(app, BEN)
    assert "What lets them in now: a passkey. If their second factor is lost, too" in said
    shown = app.test_cli_runner().invoke(args=("hosts", "show", BEN)).output
    assert "Signs in by: a passkey" in shown


def test_where_passwords_are_on_they_choose_one(app: Flask, ben: FlaskClient) -> None:
    app.config["PASSWORDS"] = True
    assert "choosing a password" in unlink(app, BEN)
    words = message.render("sign_in_unlinked", steps.context("sign_in_unlinked"))
    assert "http://localhost/forgot-password" in words.text
    app.test_client().post("/forgot-password", data={"email": BEN})
    reset = steps.path_in("reset_password")
    app.test_client().post(reset, data={"password": factories.PASSWORD})
    back = app.test_client()
    steps.sign_in(back, BEN)
    assert steps.signed_in(back)


def test_no_message_speaks_of_a_password_that_isn_t_there(app: Flask, ben: FlaskClient) -> None:
    factors.add_passkey(ben)
    factors.add_app(ben)
    app.test_cli_runner().invoke(args=["remove-second-factor", BEN, "--yes"])
    said = [one for one in db.session.scalars(sa.select(Email)) if one.kind == "second_factor"]
    assert len(said) == 3
    from bookme.jobs.messages import contexts

    for one in said:
        found = contexts.context(one, now=factories.NOW)
        assert found is not None
        words = message.render("second_factor", found)
        assert "password" not in (words.text + words.html).lower()
