"""Where the operator has switched passwords off."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts import links
from bookme.accounts.links import Purpose
from bookme.extensions import db
from bookme.models import Identity, User
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, MARA, StandIn
from tests.factories import NOW, PASSWORD


@pytest.fixture(autouse=True)
def _no_passwords(app: Flask, provider: StandIn) -> None:
    app.config["PASSWORDS"] = False


def linked() -> list[str]:
    db.session.expire_all()
    return [one.user.email for one in db.session.scalars(sa.select(Identity))]


def test_no_page_has_a_field_for_one(app: Flask, provider: StandIn) -> None:
    browser = app.test_client()
    pages = ["/sign-in", "/sign-up"]
    for path in pages:
        page = browser.get(path)
        assert page.status_code == 200
        assert 'type="password"' not in page.text
        assert "Continue with Example ID" in page.text
        assert "/forgot-password" not in page.text
    stand_in.sign_in(browser, provider, BEN)
    for path in ("/account/security", "/account/data", "/account/confirm-identity"):
        assert 'type="password"' not in browser.get(path, follow_redirects=True).text


def test_none_lets_anybody_in_or_is_chosen(browser: FlaskClient, mara: User) -> None:
    assert steps.sign_in(browser, MARA).status_code == 403
    assert not steps.signed_in(browser)
    assert steps.sign_up(browser).status_code == 403
    assert steps.kinds() == []
    reset = links.make(mara, Purpose.RESET, now=NOW).removeprefix("http://localhost")
    for path in ("/forgot-password", "/forgot-password/check-mail", reset):
        assert browser.get(path).status_code == 404
    for path in ("/forgot-password", reset, "/account/password"):
        answer = browser.post(path, data={"email": MARA, "password": PASSWORD})
        assert answer.status_code == 404


def test_who_had_only_a_password_links_a_provider_by_mail(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    assert stand_in.sign_in(browser, provider).location == "/sign-in/link"
    assert "isn’t used on this site anymore" in browser.get("/sign-in/link").text
    assert browser.post("/sign-in/link/mail").location == "/sign-in/link"
    assert "Open it in this browser" in stand_in.notices(browser, "/sign-in/link")
    path = steps.path_in("link_sign_in")
    assert browser.get(path).status_code == 200
    assert linked() == []
    assert browser.post(path).location == "/dashboard"
    assert linked() == [MARA]
    assert steps.signed_in(browser)
    assert steps.kinds()[-1] == "new_browser" or "sign_in_linked" in steps.kinds()
    assert stand_in.sign_in(app.test_client(), provider).location == "/dashboard"


def test_the_mail_s_link_does_nothing_in_another_browser(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    """Whoever has a provider's word for Mara's address asks for the mail; Mara presses what is in
    it.
    """
    stand_in.sign_in(browser, provider, BEN, email=MARA)
    browser.post("/sign-in/link/mail")
    path = steps.path_in("link_sign_in")
    maras = app.test_client()
    page = maras.get(path)
    assert page.status_code == 403
    assert "only in the browser in which you asked for it" in page.text
    assert BeautifulSoup(page.text, "html.parser").select_one("main form") is None
    assert maras.post(path).status_code == 403
    stand_in.sign_in(maras, provider, BEN)  # with a link of her own or none, it isn't that one
    maras.post(path)
    assert MARA not in linked()


def test_the_mail_s_link_serves_once(browser: FlaskClient, provider: StandIn, mara: User) -> None:
    stand_in.sign_in(browser, provider)
    browser.post("/sign-in/link/mail")
    path = steps.path_in("link_sign_in")
    browser.post(path)
    browser.post("/sign-out")
    assert browser.post(path).status_code == 404
    assert not steps.signed_in(browser)


def test_who_has_another_way_in_gets_no_link_by_mail(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    app.config["PASSWORDS"] = True
    inside = app.test_client()
    steps.sign_in(inside, MARA)
    factors.add_passkey(inside)
    app.config["PASSWORDS"] = False
    stand_in.sign_in(browser, provider)
    assert "Send me a link" not in browser.get("/sign-in/link").text
    assert browser.post("/sign-in/link/mail").status_code == 403
    assert "link_sign_in" not in steps.kinds()


def test_where_passwords_are_on_nobody_gets_a_link_by_mail(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    app.config["PASSWORDS"] = True
    stand_in.sign_in(browser, provider)
    assert browser.post("/sign-in/link/mail").status_code == 403
    link = links.make(mara, Purpose.LINK, now=NOW).removeprefix("http://localhost")
    assert browser.post(link).status_code == 404
    assert linked() == []


def test_a_second_factor_is_asked_for_after_the_mail(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    app.config["PASSWORDS"] = True
    inside = app.test_client()
    steps.sign_in(inside, MARA)
    factors.add_app(inside)
    app.config["PASSWORDS"] = False
    stand_in.sign_in(browser, provider)
    browser.post("/sign-in/link/mail")
    assert browser.post(steps.path_in("link_sign_in")).location == "/sign-in/second-step"
    assert not steps.signed_in(browser)


def test_mails_lead_to_no_page_that_isn_t_there(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    app.config["PASSWORDS"] = True
    steps.sign_up(app.test_client(), email=MARA)
    steps.sign_in(app.test_client(), MARA)
    steps.sign_in(app.test_client(), MARA)
    app.config["PASSWORDS"] = False
    from bookme.mail import message

    for kind in ("already_registered", "new_browser"):
        words = message.render(kind, steps.context(kind))
        assert "forgot-password" not in words.text + words.html
