"""What a mail server's answers make of a message, with a real server."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from bookme import waits
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, Email, EmailState, EventKind
from tests import mails
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.conftest import After
from tests.mail_server import Inbox


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    """A real mail server, to which the application's mail goes."""
    with mails.real_server(app) as inbox:
        yield inbox


@pytest.fixture
def synced(booking: Booking, zoom: FakeZoom) -> Booking:
    """A booking whose meeting is made at the first sync."""
    return booking


def emails(booking: Booking) -> list[Email]:
    db.session.expire_all()
    return booking.emails


def test_a_server_that_is_down_is_waited_for(synced: Booking, inbox: Inbox, after: After) -> None:
    inbox.answers["RCPT"] = "451 4.3.0 later"
    moment = NOW
    for attempts in (1, 2, 3):
        with after(seconds=(moment - NOW).total_seconds()):
            sync_booking(synced.id)
        for email in emails(synced):
            assert (email.state, email.attempts) == (EmailState.WAITING, attempts)
            assert (email.problem, email.maybe_sent) == ("smtp 451", False)
        assert synced.due_at is not None
        assert synced.due_at > moment
        moment = max(email.next_attempt_at or moment for email in emails(synced))
    inbox.answers.clear()
    with after(seconds=(moment - NOW).total_seconds()):
        sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.SENT] * 2
    assert [email.problem for email in emails(synced)] == [None] * 2
    assert len(inbox.messages) == 2
    assert synced.due_at is None


def test_a_reader_who_is_refused_for_good_is_given_up(synced: Booking, inbox: Inbox) -> None:
    inbox.answers["RCPT"] = "550 5.1.1 no such user"
    sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.FAILED] * 2
    assert [email.problem for email in emails(synced)] == ["smtp 550"] * 2
    assert synced.due_at is None
    failed = [event for event in synced.events if event.kind is EventKind.EMAIL_FAILED]
    assert [event.facts["to"] for event in failed] == ["booker", "host"]


def test_what_fails_for_days_is_given_up(synced: Booking, inbox: Inbox, after: After) -> None:
    inbox.answers["DATA"] = "451 4.3.0 later"
    for email in synced.emails:
        email.created_at -= waits.EMAIL_PATIENCE - timedelta(seconds=30)
    db.session.commit()
    sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.WAITING] * 2
    with after(minutes=1):
        sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.FAILED] * 2
    assert synced.due_at is None


def test_of_an_unknown_outcome_the_reader_counts_as_told(
    app: Flask, synced: Booking, inbox: Inbox, after: After
) -> None:
    app.config["MAIL_DEADLINE"] = 0.5
    inbox.hang()
    sync_booking(synced.id)
    inbox.go_on()
    assert [email.maybe_sent for email in emails(synced)] == [True, True]
    assert [email.state for email in emails(synced)] == [EmailState.WAITING] * 2
    inbox.answers["RCPT"] = "451 4.3.0 later"
    with after(minutes=1):
        sync_booking(synced.id)
    assert [email.maybe_sent for email in emails(synced)] == [True, True], "still nobody knows"
    inbox.answers.clear()
    with after(hours=1):
        sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.SENT] * 2
    identities = [str(got["Message-ID"]) for got in inbox.messages]
    assert len(set(identities)) == 2, "sent twice perhaps, but under one Message-ID each"


def test_one_side_unreachable_keeps_nothing_from_the_other(synced: Booking, inbox: Inbox) -> None:
    inbox.refused_readers.add("ana@example.com")
    sync_booking(synced.id)
    assert [email.state for email in emails(synced)] == [EmailState.FAILED, EmailState.SENT]
