"""Who may sign up: anybody, who is invited, or who has an address at some domains."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.accounts import invitations
from bookme.extensions import db
from bookme.models import Invitation, User
from bookme.sign_in_settings import SignUp
from tests import factories
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.conftest import provider as provider
from tests.accounts.oidc.stand_in import BEN, CHLOE, StandIn
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]
PAGE = "/account/invitations"


@pytest.fixture
def _invited(app: Flask) -> None:
    app.config["SIGN_UP"] = SignUp.INVITED


@pytest.fixture
def _domains(app: Flask) -> None:
    app.config.update(SIGN_UP=SignUp.DOMAINS, SIGN_UP_DOMAINS=("example.org", "example.net"))


def invited(days: int = 14) -> str:
    """The path of an invitation's link, by the operator."""
    made = invitations.make(None, days=days, now=NOW)
    db.session.commit()
    return invitations.link(made).removeprefix("http://localhost")


def hosts() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(User.email).order_by(User.id)))


@pytest.mark.usefixtures("_invited")
def test_without_an_invitation_nobody_signs_up(client: FlaskClient) -> None:
    for answer in (client.get("/sign-up"), steps.sign_up(client)):
        assert answer.status_code == 403
        assert "You need an invitation" in answer.text
    assert hosts() == []
    assert "/sign-up" not in client.get("/sign-in").text
    assert "/sign-up" not in client.get("/").text


@pytest.mark.usefixtures("_invited")
@pytest.mark.both_databases
def test_an_invitation_lets_one_person_in_once(app: Flask, client: FlaskClient) -> None:
    link = invited()
    assert client.get(link).location == "/sign-up"
    assert client.get("/sign-up").status_code == 200
    other = app.test_client()
    other.get(link)
    assert steps.sign_up(client).status_code == 303
    assert steps.sign_up(other, email="other@example.com").status_code == 403
    assert hosts() == ["nora@example.com"]
    gone = client.get(link)
    assert gone.status_code == 404
    assert "no longer works" in gone.text


@pytest.mark.usefixtures("_invited")
def test_a_form_that_was_wrong_keeps_the_invitation(client: FlaskClient) -> None:
    client.get(invited())
    assert steps.sign_up(client, email="nobody").status_code == 422
    assert steps.sign_up(client).status_code == 303


@pytest.mark.usefixtures("_invited")
def test_an_invitation_tells_nobody_who_has_an_account(client: FlaskClient) -> None:
    mara = factories.host()
    link = invited()
    client.get(link)
    assert steps.sign_up(client, email=mara.email).status_code == 303
    assert client.get(link).status_code == 404
    assert steps.kinds() == ["already_registered"]


@pytest.mark.usefixtures("_invited")
def test_an_invitation_expires_and_is_forgotten(client: FlaskClient) -> None:
    link = invited(days=1)
    client.get(link)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert client.get(link).status_code == 404
        assert steps.sign_up(client).status_code == 403
    keeping.forget_old(NOW + timedelta(days=1))
    assert db.session.scalars(sa.select(Invitation)).all() == []


@pytest.mark.usefixtures("_invited")
@pytest.mark.parametrize("token", ["x", "ImEi.made-up", "7", "%00"])
def test_a_made_up_invitation_lets_nobody_in(client: FlaskClient, token: str) -> None:
    invited()
    assert client.get(f"/sign-up/invitation/{token}").status_code == 404
    with client.session_transaction() as cookie:
        cookie["invitation"] = token
    assert client.get("/sign-up").status_code == 403


@pytest.mark.usefixtures("_invited")
def test_who_is_invited_signs_in_at_a_provider(
    app: Flask, client: FlaskClient, provider: StandIn
) -> None:
    answer = stand_in.sign_in(client, provider, BEN)
    assert answer.location == "/sign-up/not-possible"
    assert client.get(answer.location).status_code == 403
    assert hosts() == []
    client.get(invited())
    assert stand_in.sign_in(client, provider, BEN).location == "/dashboard/set-up"
    assert hosts() == [BEN]
    assert db.session.scalars(sa.select(Invitation)).all() == []
    again = app.test_client()
    stand_in.sign_in(again, provider, BEN)
    assert steps.signed_in(again)


@pytest.mark.usefixtures("_invited")
def test_a_host_invites_and_withdraws(app: Flask, as_host: AsHost) -> None:
    mara = factories.host()
    browser = as_host(mara)
    assert "Invitations" in browser.get("/account").text
    assert browser.post(PAGE).location == PAGE
    page = BeautifulSoup(browser.get(PAGE).text, "html.parser")
    [shown] = page.select("input[readonly]")
    link = str(shown["value"]).removeprefix("http://localhost")
    guest = app.test_client()
    assert guest.get(link).location == "/sign-up"
    [row] = db.session.scalars(sa.select(Invitation)).all()
    assert row.host_id == mara.id
    other = as_host(factories.host(another=True))
    assert other.post(f"{PAGE}/{row.id}/withdraw").status_code == 404
    assert browser.post(f"{PAGE}/{row.id}/withdraw").location == PAGE
    assert guest.get("/sign-up").status_code == 403


@pytest.mark.usefixtures("_invited")
def test_a_host_has_so_many_unused_ones(app: Flask, as_host: AsHost) -> None:
    browser = as_host(factories.host())
    for _ in range(invitations.MOST):
        assert browser.post(PAGE).status_code == 303
    refused = browser.post(PAGE)
    assert refused.status_code == 422
    assert "You have 10 unused invitations." in refused.text


def test_where_anybody_signs_up_there_are_no_invitations(app: Flask, as_host: AsHost) -> None:
    browser = as_host(factories.host())
    assert "Invitations" not in browser.get("/account").text
    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE).status_code == 404


@pytest.mark.usefixtures("_domains")
def test_only_addresses_at_the_domains_sign_up(client: FlaskClient) -> None:
    assert "example.org, example.net" in client.get("/sign-up").text
    for wrong in ("nora@example.com", "nora@sub.example.org", "nora@example.org.evil.example"):
        refused = steps.sign_up(client, email=wrong)
        assert refused.status_code == 422
        assert "Use an address at example.org or example.net." in refused.text
    assert hosts() == []
    assert steps.sign_up(client, email="Nora@EXAMPLE.org").status_code == 303
    assert hosts() == ["nora@example.org"]


@pytest.mark.usefixtures("_domains")
def test_a_provider_s_addresses_have_to_be_there_too(
    app: Flask, client: FlaskClient, provider: StandIn
) -> None:
    answer = stand_in.sign_in(client, provider, BEN)
    assert answer.location == "/sign-up/not-possible"
    page = client.get(answer.location)
    assert page.status_code == 403
    assert "example.org, example.net" in page.text
    assert stand_in.sign_in(app.test_client(), provider, CHLOE).location == "/dashboard/set-up"
    assert hosts() == [CHLOE]


@pytest.mark.usefixtures("_domains")
def test_who_has_an_account_still_signs_in(client: FlaskClient) -> None:
    assert steps.sign_in(client, factories.host().email).status_code == 303
