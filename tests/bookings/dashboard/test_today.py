"""Today: what needs a hand, and the day as a timeline."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.dashboard import agenda
from bookme.extensions import db
from bookme.models import BookingStatus, MeetingState, Trouble
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]


def test_the_day_has_the_present_moment_gaps_and_join(app: Flask, as_host: AsHost) -> None:
    over = factories.booking(starts_at=NOW - timedelta(hours=1), video_provider="zoom")
    over.meeting.join_url = "https://zoom.us/j/1"
    ahead = factories.booking(
        schedule=over.schedule, starts_at=NOW + timedelta(hours=1), video_provider="zoom"
    )
    ahead.meeting.join_url = "https://zoom.us/j/2"
    ahead.asked_to_move_at = NOW
    db.session.commit()
    page = BeautifulSoup(as_host(over.host).get("/dashboard").text, "html.parser")
    lines = page.select("[aria-labelledby=today] li")
    said = [" ".join(one.get_text(" ").split()) for one in lines]
    assert said[0].startswith("07:00 to 07:30")
    assert said[1:3] == ["Now, 08:00", "1 hour 30 minutes free"]
    assert said[3].startswith("09:00 to 09:30")
    assert "Asked to move" in said[3]
    joins = [one["href"] for one in page.select("[aria-labelledby=today] a.button")]
    assert joins == ["https://zoom.us/j/2"]


def test_a_failed_meeting_is_tried_again_by_its_button(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.state, booking.meeting.trouble = MeetingState.FAILED, Trouble.REJECTED
    db.session.commit()
    client = as_host(booking.host)
    form = BeautifulSoup(client.get("/dashboard").text, "html.parser").select_one(".notice form")
    assert form.button.get_text() == "Try again"
    assert client.post(form["action"]).status_code == 303
    assert booking.due_at == NOW
    assert "has no meeting" not in client.get("/dashboard").text


@pytest.mark.both_databases
def test_the_dashboard_costs_the_same_however_many_bookings(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, counts = as_host(schedule.host), []
    for amount in (1, 30):
        schedule = db.session.merge(schedule)
        for number in range(amount):
            start = NOW + timedelta(hours=7 * number + 1, minutes=2 * amount)
            status = BookingStatus.CONFIRMED if number % 3 else BookingStatus.PENDING
            how = {"status": status, "lapses_at": start, "video_provider": "zoom"}
            factories.booking(schedule=schedule, starts_at=start, **how)
        with statements() as seen:
            assert client.get("/dashboard").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_what_has_been_going_on_since_yesterday_is_in_the_day(app: Flask) -> None:
    midnight = NOW.replace(hour=0)
    late = factories.booking(starts_at=midnight - timedelta(minutes=20))
    over = factories.booking(schedule=late.schedule, starts_at=midnight - timedelta(hours=2))
    found = agenda.ahead(late.host, now=midnight + timedelta(minutes=5))
    assert [one.reference for one in found.week[midnight.date()]] == [late.reference]
    assert not found.coming
    assert over.reference not in str(found)


def test_what_comes_after_today_is_found_however_far_ahead(app: Flask) -> None:
    far = factories.booking(starts_at=NOW + timedelta(days=50))
    found = agenda.ahead(far.host, now=NOW)
    assert [one.reference for one in found.coming] == [far.reference]
    assert not any(found.week.values())
    assert not found.is_empty


def test_requests_end_first_at_first_and_failed_meetings_are_those_to_come(app: Flask) -> None:
    schedule = factories.schedule()
    at = [NOW + timedelta(days=one) for one in (40, 41, -3, 42, 43)]
    rows = [
        factories.booking(schedule=schedule, starts_at=one, video_provider="zoom") for one in at
    ]
    for row, hours in ((rows[0], 9), (rows[1], 2)):
        row.status, row.lapses_at = BookingStatus.PENDING, NOW + timedelta(hours=hours)
    for row, trouble in ((rows[2], None), (rows[3], None), (rows[4], Trouble.UNAVAILABLE)):
        row.meeting.trouble = trouble
        row.meeting.state = MeetingState.WAITING if trouble else MeetingState.FAILED
    db.session.commit()
    found = agenda.ahead(schedule.host, now=NOW)
    assert [one.reference for one in found.requests] == [rows[1].reference, rows[0].reference]
    assert [one.reference for one in found.failed] == [rows[3].reference]
