"""Signing up and proving one's address."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.models import Email, Schedule, User
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

INSTALL = "/connections/zoom/install"


def test_a_newcomer_signs_up_confirms_and_is_signed_in(app: Flask, client: FlaskClient) -> None:
    answer = steps.sign_up(client, zone="Europe/Lisbon")
    assert (answer.status_code, answer.location) == (303, "/sign-up/check-mail")
    assert not steps.signed_in(client)
    host = steps.host()
    assert (host.name, host.handle, host.zone) == ("Nora Berg", "nora-berg", "Europe/Lisbon")
    assert not host.is_confirmed

    link = steps.path_in("confirm_email")
    page = client.get(link)
    assert "Confirm my e-mail address" in page.text
    assert not steps.host().is_confirmed, "a GET must not act"
    form = BeautifulSoup(page.text, "html.parser").select_one("main form")
    assert form is not None
    assert form["hx-trigger"] == "load, submit", "where scripts run, nothing is left to press"
    assert client.post(link).location == "/dashboard/set-up"
    assert steps.host().is_confirmed
    assert steps.signed_in(client)


def test_a_link_signs_in_only_when_it_confirms(app: Flask, client: FlaskClient) -> None:
    """Who signed out, or comes from a browser that didn't sign up, shows the password."""
    steps.sign_up(client)
    link, phone = steps.path_in("confirm_email"), app.test_client()
    page = phone.get(link).text
    assert "hx-trigger" not in page
    assert phone.post(link).status_code == 422
    assert phone.post(link, data={"password": PASSWORD}).location == "/dashboard/set-up"
    assert client.post(link).location == "/sign-in"
    assert not steps.signed_in(client)


def test_the_way_somebody_was_on_survives_mail_and_another_device(
    app: Flask, client: FlaskClient
) -> None:
    answer = steps.sign_up(client, next_path=INSTALL)
    assert answer.location == f"/sign-up/check-mail?next={INSTALL}"
    phone = app.test_client()
    link = steps.path_in("confirm_email")
    page = BeautifulSoup(phone.get(link).text, "html.parser")
    assert page.select_one("main form")["action"] == link  # type: ignore[index]
    assert phone.post(link, data={"password": PASSWORD}).location == INSTALL
    assert steps.signed_in(phone)


def test_whoever_is_signed_in_already_goes_straight_on(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client, next_path=INSTALL)
    steps.sign_in(client, "nora@example.com")
    assert client.post(steps.path_in("confirm_email")).location == INSTALL
    assert client.get("/sign-up").location == "/dashboard"
    assert client.get("/sign-in", query_string={"next": INSTALL}).location == INSTALL


def test_a_next_of_another_site_is_dropped(app: Flask, client: FlaskClient) -> None:
    evil = "//evil.example/x"
    assert steps.sign_up(client, next_path=evil).location == "/sign-up/check-mail"
    link = steps.path_in("confirm_email")
    assert "next" not in link
    answer = client.post(link, query_string={"next": evil})
    assert answer.location == "/dashboard/set-up"
    client.post("/sign-out")
    assert steps.sign_in(client, "nora@example.com", next_path=evil).location == "/dashboard"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter your name as bookers should see it."),
        ({"name": "x" * 101}, "Use at most 100 characters."),
        ({"name": "Nora\nBcc: x"}, "line breaks"),
        ({"email": "nora"}, "Enter an e-mail address, such as name@example.com."),
        ({"email": ""}, "Enter your e-mail address."),
        ({"password": "short"}, "10 to 200 characters"),
        ({"password": "x" * 201}, "10 to 200 characters"),
        ({"password": ""}, "10 to 200 characters"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_the_rest_is_kept(
    app: Flask, client: FlaskClient, typed: dict[str, str], words: str
) -> None:
    answer = steps.sign_up(client, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert typed.get("name", "Nora Berg") in answer.text
    assert PASSWORD not in answer.text
    assert steps.kinds() == []


def test_a_made_up_zone_becomes_utc(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client, zone="Mars/Olympus")
    assert steps.host().zone == "UTC"


def test_the_browsers_language_chooses_words_and_clock(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-US,en;q=0.7"
    steps.sign_up(client)
    assert (steps.host().locale, steps.host().clock_hours) == ("en_US", 12)


def test_an_address_that_has_an_account_gets_the_same_answer_and_another_mail(
    app: Flask, client: FlaskClient
) -> None:
    host = factories.host()
    new, known = steps.sign_up(client), steps.sign_up(client, email="MARA@example.com")
    assert (new.status_code, new.location) == (known.status_code, known.location)
    assert client.get(new.location).text == client.get(known.location).text
    assert steps.kinds() == ["confirm_email", "already_registered"]
    assert steps.last("already_registered").user_id == host.id
    assert steps.host("mara@example.com").name == "Mara Lindqvist"
    assert steps.path_in("already_registered") == "/sign-in"


def test_a_second_sign_up_replaces_an_unconfirmed_first(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client, name="Somebody Else", password="a password of another")
    steps.sign_in(client, "nora@example.com", "a password of another")
    factories.schedule(host=steps.host(), title="Prepared by somebody else")
    prepared = steps.host()
    prepared.max_per_day, prepared.max_per_week, prepared.feed_epoch = 1, 2, 3
    prepared.contact = "call somebody else"
    db.session.commit()
    first_link = steps.path_in("confirm_email")

    owner = app.test_client()
    steps.sign_up(owner)
    host = steps.host()
    assert (host.name, host.handle) == ("Nora Berg", "nora-berg")
    assert (host.max_per_day, host.max_per_week, host.feed_epoch) == (None, None, None)
    assert host.contact == ""
    assert not steps.signed_in(client)
    assert db.session.scalars(sa.select(Schedule)).all() == []
    assert client.post(first_link).status_code == 404
    assert steps.sign_in(client, "nora@example.com", "a password of another").status_code == 422
    assert owner.post(steps.path_in("confirm_email")).status_code == 303


def test_two_of_one_name_get_two_handles(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client)
    steps.sign_up(client, email="nora@example.org")
    steps.sign_up(client, email="nora@example.net")
    handles = {user.handle for user in db.session.scalars(sa.select(User))}
    assert handles == {"nora-berg", "nora-berg-2", "nora-berg-3"}


def test_a_stranger_cannot_fill_a_mailbox(app: Flask, client: FlaskClient) -> None:
    factories.host()
    with time_machine.travel(NOW, tick=False) as clock:
        tried = []
        for _ in range(8):
            tried.append(steps.sign_up(client, email="mara@example.com").status_code)
            clock.shift(timedelta(minutes=2))
        assert tried == [303] * 5 + [429] * 3
        assert len(steps.kinds()) == 5
        clock.shift(timedelta(days=1, hours=2))
        steps.sign_up(client, email="mara@example.com")
        assert len(steps.kinds()) == 6


def test_a_link_is_good_for_three_days(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client)
    link = steps.path_in("confirm_email")
    with time_machine.travel(NOW + timedelta(days=3, seconds=-1), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert client.post(link).status_code == 404
    assert not steps.host().is_confirmed


@pytest.mark.parametrize("change", ["x", "", ".x"], ids=["added", "cut", "more"])
def test_a_changed_link_is_a_404_in_our_look(app: Flask, client: FlaskClient, change: str) -> None:
    steps.sign_up(client)
    link = steps.path_in("confirm_email")
    answer = client.post(link + change if change else link[:-1])
    assert answer.status_code == 404
    assert "no longer works" in answer.text
    assert not steps.host().is_confirmed


def test_a_link_of_one_purpose_serves_no_other(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client)
    token = steps.path_in("confirm_email").removeprefix("/confirm-email/")
    for path in (f"/reset-password/{token}", f"/change-email/{token}"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"password": PASSWORD}).status_code == 404


def test_a_confirmed_address_needs_no_more_mail(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client)
    link = steps.path_in("confirm_email")
    client.post(link)
    assert "is confirmed" in client.get(link).text
    assert client.post(link).status_code == 303
    assert contexts.context(steps.last("confirm_email"), now=NOW) is None


def test_the_message_can_be_sent_again(
    app: Flask, client: FlaskClient, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    steps.sign_up(client)
    steps.sign_in(client, "nora@example.com")
    answer = client.post("/account/confirm-email", query_string={"next": INSTALL})
    assert answer.status_code == 303
    assert steps.kinds() == ["confirm_email", "confirm_email"]
    assert steps.path_in("confirm_email").endswith(f"?next={INSTALL}")
    emails = db.session.scalars(sa.select(Email.id)).all()
    assert hints == [("messages.account.send_email", (id_,)) for id_ in emails]


def test_a_deleted_hosts_link_is_not_the_next_hosts(app: Flask, client: FlaskClient) -> None:
    """A database may give the id of a deleted host to the next one."""
    steps.sign_up(client)
    link, first = steps.path_in("confirm_email"), steps.host()
    db.session.delete(first)
    db.session.commit()
    steps.sign_up(client, email="nobody@example.com")
    second = steps.host("nobody@example.com")
    db.session.execute(sa.update(Email).values(user_id=None))
    second.id = first.id
    db.session.commit()
    assert client.post(link).status_code == 404
