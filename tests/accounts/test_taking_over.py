"""Two people at one address: whoever proves it is theirs ends alone with the account."""

import threading
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts import links, service
from bookme.accounts.links import Purpose
from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.models import Schedule
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

THEIRS, NEW = "the password of a stranger", "a new and longer password"
ADDRESS = "nora@example.com"


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    """The browser of whose address it is; they signed up first."""
    browser = app.test_client()
    steps.sign_up(browser)
    return browser


@pytest.fixture
def stranger(app: Flask, owner: FlaskClient) -> FlaskClient:
    """Signed up with the same address afterwards, and signed in."""
    browser = app.test_client()
    steps.sign_up(browser, name="Somebody Else", password=THEIRS)
    assert steps.sign_in(browser, ADDRESS, THEIRS).status_code == 303
    return browser


def test_the_newer_link_does_not_give_the_owners_address_to_a_stranger(
    owner: FlaskClient, stranger: FlaskClient
) -> None:
    link = steps.path_in("confirm_email")
    assert "You signed up in another browser" in owner.get(link).text
    for form in ({}, {"password": ""}, {"password": PASSWORD}):
        assert owner.post(link, data=form).status_code == 422
        assert not steps.host().is_confirmed
    refused = unescape(owner.post(link, data=form).text)
    assert "That isn't the password of this account." in refused
    assert "/forgot-password" in owner.get(link).text


def test_a_new_password_ends_what_the_stranger_started(
    owner: FlaskClient, stranger: FlaskClient
) -> None:
    factories.schedule(host=steps.host(), title="Prepared by somebody else")
    form = {"new_email": "stranger@example.org", "password": THEIRS}
    assert stranger.post("/account/email", data=form).status_code == 303
    owner.post("/forgot-password", data={"email": ADDRESS})
    owner.post(steps.path_in("reset_password"), data={"password": NEW})
    host = steps.host()
    assert host.is_confirmed
    assert host.new_email is None
    assert not steps.signed_in(stranger)
    assert steps.sign_in(stranger, ADDRESS, THEIRS).status_code == 422
    assert [schedule.active for schedule in db.session.scalars(sa.select(Schedule))] == [False]
    assert steps.sign_in(owner, ADDRESS, NEW).status_code == 303


def test_a_link_to_another_address_is_never_sent_after_the_password_has_changed(
    owner: FlaskClient, stranger: FlaskClient
) -> None:

    form = {"new_email": "stranger@example.org", "password": THEIRS}
    stranger.post("/account/email", data=form)
    owner.post("/forgot-password", data={"email": ADDRESS})
    owner.post(steps.path_in("reset_password"), data={"password": NEW})
    assert contexts.context(steps.last("change_email"), now=NOW) is None


def test_the_older_link_is_ended_by_the_newer_sign_up(app: Flask, owner: FlaskClient) -> None:
    older = steps.path_in("confirm_email")
    steps.sign_up(app.test_client(), password=THEIRS)
    assert owner.post(older).status_code == 404
    assert not steps.host().is_confirmed


def test_the_browser_that_signed_up_last_confirms_with_a_button(
    owner: FlaskClient, stranger: FlaskClient
) -> None:
    steps.sign_up(owner)
    assert not steps.signed_in(stranger)
    link = steps.path_in("confirm_email")
    assert "password" not in owner.get(link).text
    assert owner.post(link).status_code == 303
    assert steps.host().is_confirmed
    assert steps.signed_in(owner)
    assert steps.sign_in(stranger, ADDRESS, THEIRS).status_code == 422


def test_another_browser_confirms_with_the_password_and_every_other_is_signed_out(
    app: Flask, owner: FlaskClient
) -> None:
    steps.sign_in(owner, ADDRESS)
    phone, link = app.test_client(), steps.path_in("confirm_email")
    assert phone.post(link, data={"password": PASSWORD}).location == "/dashboard/set-up"
    assert steps.host().is_confirmed
    assert steps.signed_in(phone)
    assert not steps.signed_in(owner)


def test_an_address_with_an_account_leaves_the_same_mark_in_the_browser(app: Flask) -> None:
    factories.host()
    marks = []
    for email in (ADDRESS, "mara@example.com"):
        browser = app.test_client()
        steps.sign_up(browser, email=email)
        with browser.session_transaction() as cookie:
            marks.append(cookie["sign-up"])
    assert [len(mark) for mark in marks] == [64, 64]
    assert marks[0] != marks[1]


def test_the_owner_of_an_address_gives_it_to_no_strangers_account(
    app: Flask, client: FlaskClient
) -> None:
    """A stranger has typed an address that is not theirs as their new one."""
    host, owner = factories.host(), app.test_client()
    steps.sign_in(client, host.email)
    client.post("/account/email", data={"new_email": ADDRESS, "password": PASSWORD})
    link = steps.path_in("change_email")
    assert owner.post(link).status_code == 422
    assert owner.post(link, data={"password": "whatever they use"}).status_code == 422
    assert steps.host("mara@example.com").new_email == ADDRESS


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(app: Flask, owner: FlaskClient, method: str) -> None:
    steps.sign_in(owner, ADDRESS)
    owner.post("/account/email", data={"new_email": "nora@example.org", "password": PASSWORD})
    owner.post("/forgot-password", data={"email": ADDRESS})
    owner.post("/account/confirm-email")
    before = (steps.host().epoch, steps.host().password_hash, steps.sessions_of(steps.host()))
    for kind in ("confirm_email", "change_email", "reset_password"):
        assert owner.open(steps.path_in(kind), method=method).status_code == 200
    host = steps.host()
    assert (host.epoch, host.password_hash, steps.sessions_of(host)) == before
    assert (host.is_confirmed, host.new_email) == (False, "nora@example.org")


def test_a_sign_up_during_the_confirmation_comes_before_or_after(
    app: Flask, owner: FlaskClient
) -> None:
    """The row is locked from the look at the link to the confirmation."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    token = steps.path_in("confirm_email").removeprefix("/confirm-email/")
    db.session.rollback()
    user = links.read(token, Purpose.CONFIRM, now=NOW, locked=True)
    started, done = threading.Event(), threading.Event()

    def sign_up() -> None:
        with app.app_context():
            who = service.Newcomer("Somebody Else", ADDRESS, "hash of another password")
            started.set()
            service.sign_up(who, now=NOW)
            db.session.commit()
            db.session.remove()
            done.set()

    thread = threading.Thread(target=sign_up)
    thread.start()
    started.wait(10)
    service.confirm(user, now=NOW)
    assert not done.is_set()
    db.session.commit()
    thread.join(20)
    assert steps.host().name == "Nora Berg"
