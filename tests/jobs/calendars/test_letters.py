"""Hosts are told of a calendar that cannot be read: once, once more when it closes, never twice."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.extensions import db
from bookme.jobs.calendars.reading import read_busy
from bookme.jobs.messages import account
from bookme.models import Calendar, ConnectionStatus, Email, EmailState
from tests import mails
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import calendar, host_with_calendar
from tests.jobs.conftest import After
from tests.jobs.google import FakeGoogle

BROKEN = Fault(says(500))


@pytest.fixture
def read(google: FakeGoogle) -> Calendar:
    return host_with_calendar(name="Work. example.com")


def kinds() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Email.kind).order_by(Email.id)))


def fail(google: FakeGoogle, *calendars: Calendar) -> None:
    for one in calendars:
        google.fails("LIST", BROKEN)
        read_busy(one.id)


def sent(app: Flask, after: After, **length: float) -> list[Any]:
    """What goes out when the sweep looks so long after NOW."""
    outbox = mails.sent(app)
    outbox.clear()
    with after(**length):
        for email_id in account.due(NOW + timedelta(**length), 10):
            account.send_email(email_id)
    return list(outbox)


def test_the_first_failure_is_told_if_it_does_not_pass(
    app: Flask, read: Calendar, google: FakeGoogle, after: After
) -> None:
    fail(google, read)
    assert kinds() == ["calendar_failing"]
    assert sent(app, after, minutes=1) == [], "most failures pass"
    (form,) = sent(app, after, minutes=3)
    assert form.subject == "Check your Google calendar: we can't read it"
    assert "Monday, 1 March 2027, 09:00 (UTC)" in form.body
    assert "Google isn't responding properly." in form.body
    assert "example.com:" not in form.body, "a name that others may choose is no link"


def test_a_failure_that_passed_is_not_told(
    app: Flask, read: Calendar, google: FakeGoogle, after: After
) -> None:
    fail(google, read)
    with after(seconds=30):
        read_busy(read.id)
    assert sent(app, after, minutes=3) == []
    assert db.session.scalars(sa.select(Email.state)).all() == [EmailState.DROPPED]


def test_an_hour_later_the_closing_is_told(
    app: Flask, read: Calendar, google: FakeGoogle, after: After
) -> None:
    for minutes in (0, 20, 40, 60, 80):
        with after(minutes=minutes):
            fail(google, read)
    assert kinds() == ["calendar_failing", "calendar_closed"]
    subjects = [form.subject for form in sent(app, after, minutes=81)]
    assert "Check your calendars: your pages offer no times" in subjects


def test_one_letter_tells_of_all_calendars_of_a_connection(
    app: Flask, read: Calendar, google: FakeGoogle, after: After
) -> None:
    second = calendar(read.connection, external_id="2", name="Private", takes_bookings=False)
    fail(google, read, second)
    assert kinds() == ["calendar_failing"]
    (form,) = sent(app, after, minutes=3)
    assert "Private: " in form.body


def test_another_failure_later_is_told_again(
    read: Calendar, google: FakeGoogle, after: After
) -> None:
    fail(google, read)
    with after(hours=2):
        read_busy(read.id)
        db.session.expire_all()
        assert read.read_after is not None
        wait = (read.read_after - NOW).total_seconds()
    with after(seconds=wait):
        fail(google, read)
    assert kinds() == ["calendar_failing", "calendar_failing"]


def test_of_a_lost_connection_the_closing_alone_is_told_here(
    app: Flask, read: Calendar, google: FakeGoogle, after: After
) -> None:
    read.connection.status = ConnectionStatus.NEEDS_RECONNECT
    read.connection.problem_at = NOW
    db.session.commit()
    for minutes in (10, 40):
        with after(minutes=minutes):
            read_busy(read.id)
            assert kinds() == []
    assert read.failing_since == NOW, "since then nothing was read"
    with after(seconds=waits.CLOSED_AFTER.total_seconds()):
        read_busy(read.id)
    assert google.calls == []
    assert kinds() == ["calendar_closed"]
    (form,) = sent(app, after, hours=1)
    assert "no longer lets BookMe in" in form.body


@pytest.mark.parametrize("what", ["unchecked", "disconnected"])
def test_nobody_is_told_of_what_is_not_read_any_more(
    app: Flask, read: Calendar, google: FakeGoogle, after: After, what: str
) -> None:
    fail(google, read)
    if what == "unchecked":
        read.is_checked = False
    else:
        read.connection.status = ConnectionStatus.INACTIVE
    db.session.commit()
    assert sent(app, after, minutes=3) == []
