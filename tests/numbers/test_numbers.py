"""The host's numbers: what is counted, in which week, and what the page says of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import people
from bookme.extensions import db
from bookme.models import Actor, Booking, BookingEvent, BookingStatus, EventKind, Schedule
from bookme.numbers import service
from bookme.numbers.period import Period
from bookme.numbers.service import Tally
from tests import factories
from tests.factories import NOW
from tests.statements import statements

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)
WEEKS = Period.last(4, NOW.date(), "UTC")
THIS, LAST = date(2027, 3, 1), date(2027, 2, 22)


def book(schedule: Schedule, days: float, **columns: object) -> Booking:
    made: Booking = factories.booking(
        schedule=schedule, starts_at=NOW + timedelta(days=days), **columns
    )
    return made


def test_each_kind_is_counted_once_in_its_week_and_schedule(app: Flask) -> None:
    one = factories.schedule()
    two = factories.schedule(host=one.host, slug="two")
    early = NOW - 60 * DAY
    book(one, -2, created_at=early)
    missed = book(one, -3, created_at=early)
    missed.attendees[0].no_show_at = NOW
    people.keep_missed(missed)
    moved = book(two, -4, created_at=NOW - 8 * DAY)
    for _twice in range(2):
        event = BookingEvent(kind=EventKind.MOVED, actor=Actor.HOST, at=NOW)
        moved.events.append(event)
    book(two, -5, created_at=early, status=BookingStatus.CANCELLED)
    book(one, 1)
    for n, status in enumerate((BookingStatus.HELD, BookingStatus.PENDING, BookingStatus.LAPSED)):
        book(one, -6 - n / 8, created_at=early, status=status)
    book(factories.schedule(host=factories.host(another=True)), -2)
    book(one, -40, created_at=early)
    db.session.commit()
    found = service.of_host(one.host, WEEKS, now=NOW)
    assert list(found.weeks) == [date(2027, 2, 8), date(2027, 2, 15), LAST, THIS]
    assert found.weeks[LAST] == Tally(held=2, moved=1, cancelled=1, missed=1)
    assert found.weeks[THIS] == Tally(made=1)
    assert found.weeks[date(2027, 2, 15)] == Tally(made=1)
    assert found.total == Tally(made=2, held=2, moved=1, cancelled=1, missed=1)
    assert found.schedules[one.id] == Tally(made=1, held=1, missed=1)
    assert found.schedules[two.id] == Tally(made=1, held=1, moved=1, cancelled=1)
    of_two = service.of_host(one.host, WEEKS, schedule_id=two.id, now=NOW)
    assert of_two.total == found.schedules[two.id]
    assert of_two.schedules == {two.id: of_two.total}


def test_weeks_and_hours_are_those_of_the_hosts_clock_over_its_changes(app: Flask) -> None:
    schedule = factories.schedule(host=factories.host(zone="Europe/Lisbon"))
    begin = NOW.replace(month=3, day=28, hour=0)  # a Sunday, at 1:00 the clock goes to 2:00
    for hours in (8, 22.5, 23, 32):
        at = begin + timedelta(hours=hours)
        factories.booking(schedule=schedule, starts_at=at, created_at=NOW - 60 * DAY)
    factories.booking(schedule=schedule, starts_at=begin - timedelta(hours=16), created_at=begin)
    period = Period(date(2027, 3, 22), date(2027, 3, 29), "Europe/Lisbon")
    found = service.of_host(schedule.host, period, now=NOW + 90 * DAY)
    assert {week: of.held for week, of in found.weeks.items()} == {
        date(2027, 3, 22): 3,  # Saturday 8:00, Sunday 9:00 and 23:30
        date(2027, 3, 29): 2,  # Monday 0:00 and 9:00
    }
    assert {hour: n for hour, n in enumerate(found.hours) if n} == {0: 1, 8: 1, 9: 2, 23: 1}


def test_lead_times_fall_into_groups(app: Flask) -> None:
    schedule = factories.schedule()
    for hours in (1, 24, 71, 72, 24 * 7, 24 * 14, 24 * 28, 24 * 50):
        at = NOW + timedelta(hours=hours)
        factories.booking(schedule=schedule, starts_at=at, created_at=NOW)
    found = service.of_host(schedule.host, WEEKS, now=NOW)
    assert found.leads == [1, 2, 1, 1, 1, 2]
    assert found.usual_lead == (timedelta(hours=72) + timedelta(days=7)) / 2


def test_the_page_shows_each_chart_with_its_table(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(title='<i>"Kür" & 東京</i>')
    book(schedule, -2)
    page = as_host(schedule.host).get("/dashboard/numbers").text
    assert "<i>" not in page
    soup = BeautifulSoup(page, "html.parser")
    pictures = soup.select("svg")
    assert len(pictures) == 5, "two kinds of which there are any, and three that are one"
    ids = [one["id"] for one in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    for picture in pictures:
        assert picture["role"] == "img"
        said = [soup.find(id=name) for name in str(picture["aria-labelledby"]).split()]
        assert all(one is not None and one.get_text(strip=True) for one in said)
    assert len(soup.select("details table")) == 4
    [row] = [row for row in soup.select("tr") if "Kür" in row.text]
    assert [cell.text for cell in row.select("td")] == ["1", "1", "0", "0", "0"]
    assert "style=" not in page, "the policy forbids it"


def test_a_young_account_is_shown_from_its_first_week_on(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule(host=factories.host(created_at=NOW - 8 * DAY))
    book(schedule, -2)
    client = as_host(schedule.host)

    def first(query: str = "") -> str:
        soup = BeautifulSoup(client.get(f"/dashboard/numbers{query}").text, "html.parser")
        weeks = soup.select("#weeks tbody th")
        return f"{weeks[0].get_text()}, {len(weeks)}: {soup.select_one('#numbers h2').get_text()}"

    assert first() == "Mon 15 Feb 2027, 3: Mon 15 Feb 2027 to Mon 1 Mar 2027"
    chosen = first("?range=dates&since=2027-01-04&until=2027-03-01")
    assert chosen.startswith("Mon 4 Jan 2027, 9: Mon 4 Jan 2027")
    book(schedule, -30)  # brought from elsewhere
    assert first().startswith("Mon 25 Jan 2027, 6:")


def test_without_bookings_the_page_says_so(app: Flask, as_host: AsHost) -> None:
    page = as_host(factories.host()).get("/dashboard/numbers")
    assert page.status_code == 200
    assert "No bookings in this period" in page.text
    assert "<svg" not in page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_a_period_that_is_wrong_is_said_beside_its_field(
    app: Flask, as_host: AsHost, htmx: bool
) -> None:
    client = as_host(factories.host(), htmx=htmx)
    other = factories.schedule(host=factories.host(another=True))
    for query, said in {
        "range=99": "Choose one of these.",
        "range=dates": "Enter the first day",
        "range=dates&since=2027-01-01": "Enter the last day",
        "range=dates&since=2027-01-02&until=2027-01-01": "isn’t before the first one",
        "range=dates&since=2025-01-01&until=2027-01-02": "less than two years",
        "range=dates&since=x&until=2027-01-02": "Enter a date, such as",
        "since=0001-01-01": "Enter a date between 1970 and 2199.",
        f"schedule={other.id}": "Choose one of these.",
    }.items():
        answer = client.get(f"/dashboard/numbers?{query}")
        assert answer.status_code == 422, query
        assert said in answer.text, query
    longest = client.get("/dashboard/numbers?range=dates&since=2025-01-01&until=2027-01-01")
    assert longest.status_code == 200


def test_the_page_costs_the_same_however_many_bookings(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    client, asked = as_host(schedule.host), []
    for amount in (1, 9):
        for n in range(amount):
            book(db.session.merge(schedule), -1 - n / 24 - amount)
        with statements() as seen:
            assert client.get("/dashboard/numbers").status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 5
