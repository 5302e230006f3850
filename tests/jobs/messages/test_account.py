"""Messages of accounts and connections."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from bookme import waits
from bookme.accounts.factors.service import Change
from bookme.accounts.owed import Letter, owe
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.messages import account
from bookme.jobs.messages.booking import send_email
from bookme.models import ConnectionStatus, Email, EmailState, Problem, User
from sandbox.mail.checks import inspect
from tests import factories, mails
from tests.conftest import NOW
from tests.jobs.conftest import After, connected, video_booking
from tests.mail_server import Inbox


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host(name="http://evil.example")
    return made


@pytest.fixture
def outbox(app: Flask) -> Iterator[list[Any]]:
    """At the end, a strict mail server has taken all that went out."""
    forms = mails.sent(app)
    yield forms
    for form in forms:
        assert inspect(form.made.as_bytes(), form.to, smtp_utf8=False).refusal is None


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    """A real mail server, to which the application's mail goes."""
    with mails.real_server(app) as inbox:
        yield inbox


def owed(host: User, letter: Letter = Letter.PASSWORD_CHANGED, **facts: Any) -> Email:
    email = owe(host, letter, now=NOW, **facts)
    assert email is not None
    db.session.commit()
    return email


@pytest.mark.one_database
@pytest.mark.parametrize("letter", list(Letter))
def test_every_letter_of_an_account_can_be_sent(
    app: Flask, host: User, outbox: list[Any], letter: Letter
) -> None:
    app.config["PASSWORDS"] = letter is not Letter.LINK_SIGN_IN
    host.email_confirmed_at = None if letter is Letter.CONFIRM_EMAIL else NOW
    host.closing_at = NOW if letter is Letter.ACCOUNT_CLOSING else None
    host.new_email = "new@example.com"
    to = "old@example.com" if letter is Letter.EMAIL_CHANGED else ""
    facts = {
        Letter.SECOND_FACTOR: {"change": Change.PASSKEY_ADDED},
        Letter.NEW_BROWSER: {"label": "firefox"},
        Letter.LINK_SIGN_IN: {"label": "Example"},
        Letter.SIGN_IN_LINKED: {"label": "Example"},
        Letter.SIGN_IN_UNLINKED: {"label": "Example"},
    }
    email = owed(host, letter, to=to, **facts.get(letter, {}))
    send_email(email.id)
    (form,) = outbox
    assert str(form.made["Message-ID"]) == f"<{email.dedupe_key}@localhost>"
    assert "evil" not in form.made.as_string()
    assert (email.state, email.sent_at, email.lease_holder) == (EmailState.SENT, NOW, None)


def test_a_letter_may_go_to_another_address_than_the_hosts(host: User, outbox: list[Any]) -> None:
    host.new_email = "new@example.com"
    send_email(owed(host, Letter.CHANGE_EMAIL).id)
    send_email(owed(host, Letter.EMAIL_CHANGED, to="old@example.com").id)
    assert [form.to for form in outbox] == [["new@example.com"], ["old@example.com"]]


@pytest.mark.parametrize(
    "kind", [disconnecting.LOST, disconnecting.REPLACED, disconnecting.REMOVED]
)
def test_every_letter_of_a_connection_can_be_sent(app: Flask, outbox: list[Any], kind: str) -> None:
    status = ConnectionStatus.NEEDS_RECONNECT
    if kind == disconnecting.REMOVED:
        status = ConnectionStatus.INACTIVE
    problem = Problem.GRANT_ENDED
    connection = connected(video_booking(), status=status, problem=problem, problem_at=NOW)
    disconnecting.owe_letter(kind, connection, now=NOW)
    db.session.commit()
    email = db.session.query(Email).filter_by(kind=kind).one()
    send_email(email.id)
    (form,) = outbox
    assert form.to == ["mara@example.com"]
    assert "http://localhost/connections" in form.body


def test_what_nobody_needs_any_more_is_dropped(host: User, outbox: list[Any]) -> None:
    email = owed(host, Letter.CONFIRM_EMAIL)  # confirmed meanwhile
    send_email(email.id)
    assert (outbox, email.state) == ([], EmailState.DROPPED)
    assert email.lease_holder is None


def test_sent_once_is_enough(host: User, outbox: list[Any]) -> None:
    email = owed(host)
    send_email(email.id)
    send_email(email.id)
    assert len(outbox) == 1


def test_a_message_that_somebody_is_at_is_left_alone(
    host: User, outbox: list[Any], after: After
) -> None:
    email = owed(host)
    email.lease_until, email.lease_holder = NOW + waits.EMAIL_LEASE, "somebody"
    db.session.commit()
    send_email(email.id)
    assert outbox == []
    with after(seconds=waits.EMAIL_LEASE.total_seconds()):
        send_email(email.id)
    assert len(outbox) == 1


def test_the_messages_of_bookings_are_their_syncs_matter(app: Flask, outbox: list[Any]) -> None:
    booking = video_booking()
    send_email(booking.emails[0].id)
    assert outbox == []
    assert account.due(NOW, 10) == []


def test_what_fails_is_due_again_later(host: User, inbox: Inbox, after: After) -> None:
    inbox.answers["RCPT"] = "451 4.3.0 later"
    email = owed(host)
    send_email(email.id)
    assert (email.state, email.problem, email.attempts) == (EmailState.WAITING, "smtp 451", 1)
    assert (email.lease_holder, email.maybe_sent) == (None, False)
    assert email.next_attempt_at is not None
    assert account.due(NOW, 10) == []
    assert account.due(email.next_attempt_at, 10) == [email.id]
    inbox.answers.clear()
    with after(minutes=1):
        send_email(email.id)
    assert len(inbox.messages) == 1


def test_refused_for_good_it_is_given_up(host: User, inbox: Inbox) -> None:
    inbox.answers["RCPT"] = "550 5.1.1 no such user"
    email = owed(host)
    send_email(email.id)
    assert (email.state, email.next_attempt_at) == (EmailState.FAILED, None)


def test_a_host_deleted_during_the_delivery_takes_the_message_along(
    app: Flask, host: User, outbox: list[Any]
) -> None:
    email_id = owed(host).id
    db.session.delete(host)
    db.session.commit()
    send_email(email_id)
    assert outbox == []


def test_without_a_mail_server_it_waits(app: Flask, host: User, outbox: list[Any]) -> None:
    app.config["MAIL_CONFIGURED"] = False
    email = owed(host)
    send_email(email.id)
    assert (outbox, email.state, email.attempts) == ([], EmailState.WAITING, 0)


def test_due_messages_are_marked_so_that_they_are_queued_once(host: User) -> None:
    email = owed(host)
    assert account.due(NOW, 10) == [email.id]
    assert account.due(NOW, 10) == []
    assert account.due(NOW + waits.QUEUED_FOR, 10) == [email.id]
