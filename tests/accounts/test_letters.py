"""The account's messages: what they say, and what they must never carry."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.owed import Letter, owe
from bookme.extensions import db
from bookme.jobs.messages import contexts
from bookme.mail import message
from bookme.models import User
from tests import factories
from tests.accounts import steps
from tests.factories import NOW

#: What any of the letters needs besides.
FACTS: dict[str, str | int] = {"bookings": 2, "change": "code_used", "label": "Firefox; Linux"}
EVIL = "Click http://evil.example now"


def host(**columns: object) -> User:
    made: User = factories.host(name=EVIL, handle="click-evil-example", **columns)
    return made


@pytest.mark.parametrize("letter", list(Letter))
def test_a_letter_carries_no_word_that_somebody_typed(app: Flask, letter: Letter) -> None:
    waiting = letter is Letter.CONFIRM_EMAIL
    app.config["PASSWORDS"] = letter is not Letter.LINK_SIGN_IN
    user = host(
        email_confirmed_at=None if waiting else NOW,
        new_email="evil.example@example.org",
        closing_at=NOW if letter is Letter.ACCOUNT_CLOSING else None,
    )
    email = owe(user, letter, now=NOW, to="old@example.com", **FACTS)
    assert email is not None
    found = contexts.context(email, now=NOW)
    assert found is not None
    words = message.render(letter, found)
    for text in (words.subject, words.text, words.html):
        assert "evil" not in text.lower()
        assert "{" not in text.partition("</style>")[2]
    links = re.findall(r"https?://[^\s\"<]+", words.text + words.html)
    assert all(link.startswith("http://localhost/") for link in links)
    assert words.subject
    assert app.config["SUPPORT_EMAIL"] in words.text
    assert app.config["SUPPORT_EMAIL"] in words.html


def test_nothing_of_a_link_is_kept_in_the_message(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client, next_path="/connections/zoom/install")
    assert steps.last("confirm_email").facts == {"next": "/connections/zoom/install"}


def test_a_next_in_the_database_is_not_trusted_either(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client, next_path="/connections/zoom/install")
    steps.last("confirm_email").facts = {"next": "//evil.example"}
    db.session.commit()
    assert "next" not in steps.path_in("confirm_email")


@pytest.mark.parametrize(
    ("letter", "columns"),
    [
        (Letter.CONFIRM_EMAIL, {}),
        (Letter.CHANGE_EMAIL, {"new_email": None}),
        (Letter.RESET_PASSWORD, {"closing_at": NOW}),
        (Letter.ACCOUNT_CLOSING, {"closing_at": None}),
    ],
)
def test_what_nobody_needs_any_more_is_dropped(
    app: Flask, letter: Letter, columns: dict[str, object]
) -> None:
    email = owe(host(**columns), letter, now=NOW)
    assert email is not None
    assert contexts.context(email, now=NOW) is None


def test_a_message_to_an_erased_host_is_dropped(app: Flask) -> None:
    email = owe(host(), Letter.PASSWORD_CHANGED, now=NOW)
    assert email is not None
    email.user = None
    assert contexts.context(email, now=NOW) is None


def test_who_signs_up_while_being_deleted_is_told_to_wait(app: Flask, client: FlaskClient) -> None:
    host(email="nora@example.com", closing_at=NOW)
    steps.sign_up(client)
    assert steps.context("already_registered")["closing"] is True
    assert (
        "being deleted"
        in message.render("already_registered", steps.context("already_registered")).text
    )
