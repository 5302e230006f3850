"""From inside an account: linking, unlinking, showing again who is there."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Email, Identity, Session, User
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import BEN, MARA, StandIn
from tests.factories import NOW, PASSWORD

LATER = NOW + timedelta(minutes=11)
NEW = {"new_email": "ben@new.example"}


def linked() -> list[str]:
    db.session.expire_all()
    return [one.user.email for one in db.session.scalars(sa.select(Identity))]


def link(browser: FlaskClient, provider: StandIn, who: str = MARA, **said: str) -> str:
    """Begin a link from inside; where the callback leads."""
    to = stand_in.led_to(browser.post("/account/sign-ins/with/example"))
    return str(browser.get(provider.answered(to, who, **said)).location)


def prove(browser: FlaskClient, provider: StandIn, who: str = BEN, **said: str) -> str:
    """Sign in again at the provider; where that leads."""
    path = "/account/confirm-identity/with/example"
    to = stand_in.led_to(browser.post(path, query_string={"next": "/account/security"}))
    asked = provider.asked(to)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    return str(browser.get(provider.answered(to, who, **said)).location)


def test_a_host_links_a_provider_from_the_security_page(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    assert "Link Example ID" in browser.get("/account/security").text
    assert link(browser, provider) == "/sign-in/link"
    assert linked() == []
    browser.post("/sign-in/link")
    assert linked() == [MARA]
    page = browser.get("/account/security").text
    assert "Unlink Example ID" in page
    assert "not used yet" in page


def test_a_link_from_inside_needs_proof_when_that_was_a_while_ago(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    with time_machine.travel(LATER, tick=False):
        link(browser, provider)
        answer = browser.post("/sign-in/link")
        assert answer.location == "/account/confirm-identity?next=/sign-in/link"
        assert linked() == []
        assert browser.post(answer.location, data={"password": PASSWORD}).location == (
            "/sign-in/link"
        )
        browser.post("/sign-in/link")
    assert linked() == [MARA]


def test_another_address_isn_t_linked_from_inside_either(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    assert link(browser, provider, BEN) == "/account/security"
    said = stand_in.notices(browser, "/account/security")
    assert "has the same e-mail address as your BookMe account" in said
    assert link(browser, provider, MARA, verified=False) == "/account/security"  # type: ignore[arg-type]
    assert linked() == []


def test_a_link_begun_in_one_session_doesn_t_end_in_another(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    to = stand_in.led_to(browser.post("/account/sign-ins/with/example"))
    back = provider.answered(to, MARA)
    with browser.session_transaction() as cookie:
        kept = cookie["at_provider"]
    browser.post("/sign-out")
    steps.sign_in(browser, MARA)
    with browser.session_transaction() as cookie:
        cookie["at_provider"] = kept
    browser.get(back)
    assert "token" not in provider.calls
    assert linked() == []


def test_nor_in_another_one_that_goes_on_beside_it(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    back = provider.answered(stand_in.led_to(browser.post("/account/sign-ins/with/example")), MARA)
    with browser.session_transaction() as cookie:
        kept = cookie["at_provider"]
    other = app.test_client()
    steps.sign_in(other, MARA)
    with other.session_transaction() as cookie:
        cookie["at_provider"] = kept
    other.get(back)
    assert "token" not in provider.calls
    browser.get(back)
    assert "token" in provider.calls, "it is still the first one's"


def test_a_host_unlinks_a_provider_and_is_told(
    browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    steps.sign_in(browser, MARA)
    link(browser, provider)
    browser.post("/sign-in/link")
    [row] = db.session.scalars(sa.select(Identity)).all()
    path = f"/account/sign-ins/{row.id}/unlink"
    with time_machine.travel(LATER, tick=False):
        answer = browser.post(path)
        assert answer.location == "/account/confirm-identity?next=/account/security"
        factors.confirm(browser)
        assert browser.post(path).location == "/account/security"
        assert browser.post(path).status_code == 404
    assert linked() == []
    assert steps.kinds()[-1] == "sign_in_unlinked"


def test_another_host_s_is_not_there_to_unlink(
    app: Flask, browser: FlaskClient, provider: StandIn, mara: User
) -> None:
    stand_in.sign_in(app.test_client(), provider, BEN)
    [row] = db.session.scalars(sa.select(Identity)).all()
    steps.sign_in(browser, MARA)
    assert browser.post(f"/account/sign-ins/{row.id}/unlink").status_code == 404
    assert linked() == [BEN]


def test_the_last_way_in_stays(browser: FlaskClient, provider: StandIn) -> None:
    stand_in.sign_in(browser, provider, BEN)
    [row] = db.session.scalars(sa.select(Identity)).all()
    path = f"/account/sign-ins/{row.id}/unlink"
    browser.post(path)
    assert "your only way to sign in" in stand_in.notices(browser, "/account/security")
    assert linked() == [BEN]
    factors.add_passkey(browser)
    browser.post(path)
    assert linked() == []
    browser.post(f"{factors.HOME}/passkeys/1/remove")
    assert "your only way to sign in" in stand_in.notices(browser, factors.HOME)


def test_what_can_t_be_undone_is_asked_about_at_the_provider_again(
    browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    assert browser.post("/account/email", data=NEW).status_code == 303  # it was a moment ago
    with time_machine.travel(LATER, tick=False):
        refused = browser.post("/account/email", data={"new_email": "ben@third.example"})
        assert refused.status_code == 422
        assert 'value="ben@third.example"' in refused.text
        assert "Confirm that it’s you first." in refused.text
        assert "/account/confirm-identity?next=/account/security" in refused.text
        page = browser.get("/account/confirm-identity?next=/account/security").text
        assert "Sign in again with Example ID" in page
        assert 'type="password"' not in page
        assert browser.post("/account/confirm-identity", data={"password": "x"}).status_code == 422
        assert prove(browser, provider) == "/account/security"
        again = browser.post("/account/email", data={"new_email": "ben@third.example"})
        assert again.status_code == 303
    assert steps.kinds()[-1] == "change_email"


def test_another_person_at_the_provider_doesn_t_show_who_is_there(
    browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    with time_machine.travel(LATER, tick=False):
        answer = prove(browser, provider, "chloe@example.org", email=BEN)
        assert answer == "/account/confirm-identity?next=/account/security"
        said = stand_in.notices(browser, answer)
        assert "isn’t linked to your BookMe account" in said
        assert browser.post("/account/email", data=NEW).status_code == 422


def test_being_signed_in_at_the_provider_already_is_not_signing_in_again(
    browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    provider.set(claims={"auth_time": int(NOW.timestamp())})
    with time_machine.travel(LATER, tick=False):
        answer = prove(browser, provider)
        assert "didn’t ask you to sign in again" in stand_in.notices(browser, answer)
        assert browser.post("/account/email", data=NEW).status_code == 422


def test_a_provider_takes_the_place_of_no_second_factor(
    browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    path = "/account/confirm-identity/with/example?next=/account/security"
    with time_machine.travel(LATER, tick=False):
        begun = stand_in.led_to(browser.post(path))
        prove(browser, provider)
        factors.add_passkey(browser)
        db.session.execute(sa.update(Session).values(proven_at=None))
        db.session.commit()
        browser.get(provider.answered(begun, BEN))
        assert browser.post("/account/email", data=NEW).status_code == 422
        answer = browser.post(path)
        assert answer.location == "/account/confirm-identity?next=/account/security"


def test_nor_that_of_a_password(browser: FlaskClient, provider: StandIn, mara: User) -> None:
    steps.sign_in(browser, MARA)
    link(browser, provider)
    browser.post("/sign-in/link")
    with time_machine.travel(LATER, tick=False):
        answer = browser.post("/account/confirm-identity/with/example")
        assert answer.location == "/account/confirm-identity"


def test_a_first_password_is_chosen_inside_and_then_lets_in(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    assert "Your account has no password" in browser.get("/account/security").text
    for wrong in ("", PASSWORD):
        assert steps.sign_in(app.test_client(), BEN, wrong).status_code == 422
    answer = browser.post("/account/password", data={"new_password": PASSWORD})
    assert answer.status_code == 303
    assert steps.sign_in(app.test_client(), BEN).status_code == 303


def test_a_new_address_is_confirmed_where_its_host_is_signed_in(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    stand_in.sign_in(browser, provider, BEN)
    browser.post("/account/email", data=NEW)
    path = steps.path_in("change_email")
    elsewhere = app.test_client()
    page = elsewhere.get(path).text
    assert "Sign in first" in page
    assert 'type="password"' not in page
    assert elsewhere.post(path, data={"password": ""}).status_code == 403
    assert browser.post(path).status_code == 303
    assert linked() == ["ben@new.example"]


@pytest.mark.both_databases
def test_nothing_is_left_after_the_account(
    app: Flask, browser: FlaskClient, provider: StandIn
) -> None:
    from bookme.jobs import closing
    from bookme.models import Invitation, PendingLink, SignInAttempt
    from tests.accounts.test_factor_traces import everything

    stand_in.sign_in(browser, provider, BEN)
    subject = db.session.scalars(sa.select(Identity.subject)).one()
    browser.post("/account/sign-ins/with/example")
    link(browser, provider, BEN)
    assert subject in everything()
    user = steps.host(BEN)
    assert browser.get("/account/export").get_json()["sign_ins"][0]["subject"] == subject
    assert browser.post("/account/delete").status_code == 303
    db.session.execute(sa.update(Email).values(state="sent"))
    db.session.commit()
    closing.close_account(user.id)
    assert subject not in everything()
    for kind in (Identity, PendingLink, SignInAttempt, Invitation):
        assert db.session.scalars(sa.select(kind)).all() == []
