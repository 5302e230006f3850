"""A booker chooses one of several lengths, and may be told that they have enough appointments."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, Schedule
from tests import factories
from tests.public.pages import book, hidden, link, soup, text, times


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """/mara/intro, from 9 to 12 UTC, for 15, 30 or 90 minutes."""
    made: Schedule = factories.schedule(durations=[15, 30, 90], title="Intro call")
    return made


def booked() -> list[Booking]:
    return list(db.session.scalars(db.select(Booking)))


def test_a_chosen_length_is_kept_from_page_to_page_and_booked(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = client.get("/mara/intro?day=2027-03-02&zone=UTC")
    current = soup(page).select_one(".lengths [aria-current]")
    assert current is not None
    assert current.text == "30 minutes"
    longer = client.get(link(page, "1 hour 30 minutes"))
    assert times(longer) == ["09:00", "09:30", "10:00", "10:30"]
    assert "minutes=90" in link(longer, "Wednesday, 3 March")
    assert "minutes=90" in link(longer, "Change time zone")
    details = client.get(link(longer, "09:30"))
    assert "1 hour 30 minutes" in text(details)
    assert hidden(details)["minutes"] == "90"
    assert "minutes=90" in link(details, "Choose another time")
    assert book(client, "2027-03-02T09:30:00Z", minutes="90").status_code == 303
    (made,) = booked()
    assert (made.ends_at - made.starts_at).total_seconds() == 90 * 60
    assert "1 hour 30 minutes" in text(client.get(f"/booking/{made.token}"))
    moving = client.get(f"/booking/{made.token}/reschedule?day=2027-03-02")
    assert soup(moving).select(".lengths") == []
    assert "30 minutes" not in text(moving).replace("1 hour 30 minutes", "")


@pytest.mark.parametrize("wrong", ["45", "0", "-30", "x", "9" * 30, "30.0", "٣٠"])
def test_a_length_that_is_not_offered_is_refused(
    client: FlaskClient, schedule: Schedule, wrong: str
) -> None:
    page = client.get(f"/mara/intro?minutes={wrong}")
    assert page.status_code == 200
    assert "That length isn’t available." in text(page)
    answer = book(client, minutes=wrong)
    assert answer.status_code == 422
    assert "That length isn’t available any more." in text(answer)
    assert hidden(answer)["minutes"] == "30"
    assert booked() == []


def test_lengths_cost_no_query_and_stand_on_the_hosts_page(
    client: FlaskClient, schedule: Schedule
) -> None:
    assert "15 minutes, 30 minutes, or 1 hour 30 minutes" in text(client.get("/mara")).replace(
        "minutes or", "minutes, or"
    )


def test_a_booker_with_enough_appointments_is_told_so_beside_their_address(
    client: FlaskClient, schedule: Schedule
) -> None:
    schedule.max_per_booker = 1
    db.session.commit()
    assert book(client).status_code == 303
    answer = book(client, "2027-03-03T09:00:00Z", form_key="b" * 32)
    assert answer.status_code == 422
    beside = soup(answer).select_one("#email-error")
    assert beside is not None
    assert "You already have as many upcoming appointments as" in beside.text
    assert hidden(answer)["starts_at"] == "2027-03-03T09:00:00Z"
    assert len(booked()) == 1


def test_a_range_of_dates_is_what_the_month_shows(client: FlaskClient, schedule: Schedule) -> None:
    schedule.dates_from = factories.NOW.date().replace(month=5, day=6)
    schedule.dates_until = schedule.dates_from.replace(day=7)
    db.session.commit()
    page = client.get("/mara/intro?zone=UTC")
    assert "May 2027" in text(page)
    assert [day.text for day in soup(page).select("a.day")] == ["6", "7"]
    assert soup(page).select("#earlier, #later") == []
    answer = book(client)
    assert "That date can’t be booked." in text(answer)
    schedule.dates_from = schedule.dates_until = factories.NOW.date().replace(day=1, month=2)
    db.session.commit()
    over = client.get("/mara/intro?zone=UTC")
    assert over.status_code == 200
    assert times(over) == []
    assert times(client.get("/mara/intro?zone=UTC&month=2027-02")) == []
