"""What the dashboard says of connections and calendars that need their host."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.connections import service
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.models import LocationKind, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.clouds import ANN, FakeCloud, calendars, connect, live
from tests.connections.making import sent_statements

AsHost = Callable[..., FlaskClient]


def notices(browser: FlaskClient) -> list[str]:
    page = BeautifulSoup(browser.get("/dashboard").text, "html.parser")
    return [" ".join(one.get_text(" ").split()) for one in page.select(".notice.warn")]


def test_all_is_well(host: User, as_host: AsHost, cloud: FakeCloud) -> None:
    browser = as_host(host)
    connect(browser, cloud)
    assert service.needing_attention(host) == []
    assert notices(browser) == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (48, "From Monday, 1 March 2027, 08:12, your schedules offer no times"),
        (61, "Your schedules offer no times, so nobody can double-book you."),
    ],
)
def test_a_dead_grant_says_when_the_schedules_close(
    host: User, as_host: AsHost, google: FakeCloud, minutes: int, said: str
) -> None:
    browser = as_host(host)
    connect(browser, google)
    at = NOW - timedelta(minutes=minutes)
    assert disconnecting.mark_dead(live(host).id, 1, Problem.GRANT_ENDED, now=at)
    db.session.commit()
    notice, late = notices(browser)
    assert "late" in late, "the message of then has not gone out yet"
    assert notice.startswith("Google needs your attention.")
    assert said in notice
    assert notice.endswith("Reconnect Google")


def test_a_dead_grant_that_no_time_depends_on_closes_nothing(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    browser = as_host(host)
    connect(browser, google)
    data = {"csrf_token": "as a browser sends it"}
    browser.post("/connections/google/calendars", data=data)
    assert disconnecting.mark_dead(live(host).id, 1, Problem.GRANT_ENDED, now=NOW)
    db.session.commit()
    (notice,) = notices(browser)
    assert "bookings aren't added to its calendars" in notice
    assert "no times" not in notice


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (30, "From Monday, 1 March 2027, 08:30, your schedules offer no times, unless"),
        (60, "Your schedules offer no times until we can read it again"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_named(
    host: User, as_host: AsHost, cloud: FakeCloud, minutes: int, said: str
) -> None:
    browser = as_host(host)
    connect(browser, cloud)
    calendars(host)[ANN].failing_since = NOW - timedelta(minutes=minutes)
    db.session.commit()
    (notice,) = notices(browser)
    assert notice.startswith(f"We can't read this calendar: {ANN}.")
    assert said in notice


def test_schedules_for_meetings_that_cannot_be_made_are_named(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    browser = as_host(host)
    video = {"host": host, "location_kind": LocationKind.VIDEO}
    factories.schedule(title="Review", video_provider="microsoft_teams", **video)
    (missing,) = notices(browser)
    assert missing.startswith("Microsoft isn't connected. Bookings for these schedules get no link")
    microsoft.can_meet = False
    connect(browser, microsoft)
    browser.get("/connections")  # where it is said that this account makes none
    (unable,) = notices(browser)
    assert unable.startswith("Microsoft can't create these meetings.")
    assert "Review" in unable


def test_it_costs_the_same_with_many_calendars(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    counts, browser = [], as_host(host)
    for others in ({}, {f"C{n}": True for n in range(40)}):
        google.others = others
        connect(browser, google)
        rows = calendars(host)
        data = {"checked": [str(row.id) for row in rows.values()]}
        browser.post("/connections/google/calendars", data=data)
        with sent_statements() as sent:
            service.needing_attention(host)
        counts.append(len(sent))
    assert counts[0] == counts[1]
