"""Entries of a calendar that were not understood, as the host is told of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from bookme.connections.calendars import changes, unclear
from bookme.extensions import db
from bookme.models import Calendar, User
from bookme.providers.calendar import Unclear
from tests.conftest import NOW
from tests.connections.clouds import FakeCloud, calendars, connect, live

AsHost = Callable[..., FlaskClient]


@pytest.fixture
def browser(host: User, as_host: AsHost, google: FakeCloud) -> FlaskClient:
    """A host who has just connected Google."""
    made = as_host(host)
    connect(made, google)
    return made


def checked(host: User) -> Calendar:
    return next(one for one in calendars(host).values() if one.is_checked)


def noted(host: User, *found: Unclear) -> Calendar:
    calendar = checked(host)
    unclear.note(calendar, found, now=NOW)
    db.session.commit()
    return calendar


def page(browser: FlaskClient) -> str:
    return browser.get("/connections").text


def test_the_page_says_how_many_and_which_are_first(host: User, browser: FlaskClient) -> None:
    titled = Unclear("e", datetime(2027, 3, 9, 9, tzinfo=UTC), "Dentist <b>")
    calendar = noted(host, Unclear("x"), titled)
    shown = page(browser)
    assert f"fully read 2 events in {calendar.name}" in shown
    first = shown.index("Dentist &lt;b&gt;, Tuesday, 9 March 2027")
    assert first < shown.index("Untitled event, date unknown")


def test_the_page_says_nothing_while_all_is_understood(host: User, browser: FlaskClient) -> None:
    noted(host, Unclear("x"))
    noted(host)
    assert "fully read" not in page(browser)
    assert checked(host).unclear_sealed is None


def test_only_the_first_few_are_named_and_those_to_come_before(
    host: User, browser: FlaskClient
) -> None:
    many = [Unclear("e", NOW + timedelta(days=day), f"in {day} days") for day in range(-2, 8)]
    report = unclear.report(noted(host, *many))
    assert [title for _, title in report.first] == [f"in {day} days" for day in range(5)]
    assert (report.count, report.more) == (10, 5)
    assert "5 more" in page(browser)


def test_titles_are_sealed_for_their_own_calendar(host: User, browser: FlaskClient) -> None:
    calendar = noted(host, Unclear("e", NOW, "Dentist"))
    sealed = calendar.unclear_sealed
    assert sealed is not None
    assert b"Dentist" not in sealed
    other = Calendar(id=calendar.id + 1, name="x", unclear_count=1, unclear_sealed=sealed)
    assert unclear.report(other).first == []


def test_what_is_no_longer_checked_is_forgotten(host: User, browser: FlaskClient) -> None:
    calendar = noted(host, Unclear("e", NOW, "Dentist"))
    changes.check(live(host), [], now=NOW)
    assert (calendar.unclear_count, calendar.unclear_sealed) == (0, None)


def test_nothing_is_left_after_a_disconnect(host: User, browser: FlaskClient) -> None:
    noted(host, Unclear("e", NOW, "Dentist"))
    changes.forget(live(host))
    assert db.session.query(Calendar).all() == []


def test_words_are_kept_as_they_are(host: User, browser: FlaskClient) -> None:
    title = json.dumps({"a": "👩‍👩‍👧"}, ensure_ascii=False)
    [(_, shown)] = unclear.report(noted(host, Unclear("e", None, title))).first
    assert shown == title
