"""Today: what needs a hand, and the day as a timeline."""

from collections.abc import Callable
from datetime import timedelta

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import MeetingState, Trouble
from tests import factories
from tests.factories import NOW

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
