"""Which calendars are checked for conflicts, and where bookings are added."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.jobs.refresh import check_connection, due_checks
from bookme.models import BusyTime, CalendarEntry, MeetingState, Trouble, User
from tests import factories
from tests.conftest import NOW
from tests.connections.clouds import (
    ANN,
    FakeCloud,
    calendars,
    connect,
    expire,
    live,
)
from tests.connections.making import connection, rows, sent_statements
from tests.fake_zoom import FakeZoom

AsHost = Callable[..., FlaskClient]
Hints = list[tuple[str, tuple[int, ...]]]
BOOKINGS = "/connections/bookings"


@pytest.fixture
def browser(host: User, as_host: AsHost, google: FakeCloud) -> FlaskClient:
    """A host who has just connected Google."""
    made = as_host(host)
    connect(made, google)
    return made


def shown(text: str, where: str = "provider-google") -> Any:
    found = BeautifulSoup(text, "html.parser").find(id=where)
    assert found is not None
    return found


def choose(browser: FlaskClient, *rows: Any) -> Any:
    data = {"csrf_token": "as a browser sends it", "checked": [str(row.id) for row in rows]}
    return browser.post("/connections/google/calendars", data=data)


def checked(host: User) -> list[str]:
    return [name for name, row in calendars(host).items() if row.is_checked]


def taking(host: User) -> list[str]:
    return [name for name, row in calendars(host).items() if row.takes_bookings]


def test_the_page_shows_which_calendars_are_checked_and_when_they_were_read(
    host: User, browser: FlaskClient
) -> None:
    found = calendars(host)
    found[ANN].read_at = NOW - timedelta(minutes=3)
    db.session.commit()
    card = shown(browser.get("/connections?open=google").text)
    boxes = {box["value"]: box.has_attr("checked") for box in card.select("[name=checked]")}
    assert boxes == {str(row.id): name == ANN for name, row in found.items()}
    words = " ".join(card.get_text(" ").split())
    assert "Last read 3 minutes ago." in words
    assert "Holidays Read-only." in words
    assert f"{ANN}, 1 calendar checked for conflicts" in words


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble.CALENDAR_GONE, "Google no longer shows this calendar. Last read an hour ago."),
        (Trouble.UNAVAILABLE, "Google isn't responding properly. We'll keep trying."),
        (Trouble.NOT_ALLOWED, "Google doesn't let us read this calendar."),
    ],
)
def test_a_calendar_that_cannot_be_read_says_why(
    host: User, browser: FlaskClient, trouble: Trouble, said: str
) -> None:
    main = calendars(host)[ANN]
    main.trouble, main.failing_since = trouble, NOW - timedelta(minutes=50)
    main.read_at = NOW - timedelta(hours=1)
    db.session.commit()
    card = shown(browser.get("/connections?open=google").text)
    assert said in " ".join(card.get_text(" ").replace("1 hour", "an hour").split())
    assert card.select_one(".badge").text == "Can't be read"


@pytest.mark.parametrize("with_htmx", [True, False])
def test_another_choice_is_saved_and_read_at_once(
    host: User, browser: FlaskClient, as_host: AsHost, hints: Hints, with_htmx: bool
) -> None:
    found = calendars(host)
    hints.clear()
    answer = choose(as_host(host, htmx=with_htmx), found["Team"], found["Holidays"])
    if with_htmx:
        assert answer.text.lstrip().startswith('<section id="provider-google"')
        assert "Saved." in answer.text
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, "/connections?open=google")
    assert checked(host) == ["Team", "Holidays"]
    ids = [calendars(host)[name].id for name in ("Team", "Holidays")]
    assert hints == [("calendars.reading.read_busy", (one,)) for one in ids]
    assert calendars(host)["Team"].read_after == NOW


def test_what_is_no_longer_checked_loses_what_was_read(host: User, browser: FlaskClient) -> None:
    main = calendars(host)[ANN]
    main.read_at = main.failing_since = NOW
    db.session.add(BusyTime(calendar=main, starts_at=NOW, ends_at=NOW, entry_id="x"))
    db.session.commit()
    choose(browser)
    main = calendars(host)[ANN]
    assert (main.is_checked, main.read_at, main.read_after) == (False, None, None)
    assert main.failing_since is None
    assert db.session.query(BusyTime).count() == 0
    assert "events there don't block times" in unescape(browser.get("/connections").text)


def test_a_calendar_of_somebody_else_or_nobody_changes_nothing(
    host: User, browser: FlaskClient, as_host: AsHost
) -> None:
    main = calendars(host)[ANN]
    data = {"checked": [str(main.id + 1000)]}
    answer = browser.post("/connections/google/calendars", data=data)
    assert answer.status_code == 422
    assert "no longer exists" in answer.text
    stranger = as_host(factories.host(another=True))
    assert choose(stranger, main).headers["Location"] == "/connections"
    stranger.post(BOOKINGS, data={"calendar": "0"})
    assert (checked(host), taking(host)) == ([ANN], [ANN])


def test_one_writable_calendar_takes_the_bookings(host: User, browser: FlaskClient) -> None:
    form = shown(browser.get("/connections").text, "taking")
    labels = [label.get_text(" ", strip=True) for label in form.select("label.choice")]
    assert labels == [f"{ANN} (Google)", "Team (Google)", "No calendar"]
    team = calendars(host)["Team"]
    assert browser.post(BOOKINGS, data={"calendar": str(team.id)}).status_code == 303
    assert taking(host) == ["Team"]
    assert browser.post(BOOKINGS, data={"calendar": "0"}).status_code == 303
    assert taking(host) == []


@pytest.mark.parametrize("with_htmx", [True, False])
def test_a_calendar_that_takes_none_is_refused(
    host: User, browser: FlaskClient, as_host: AsHost, with_htmx: bool
) -> None:
    read_only = calendars(host)["Holidays"]
    answer = as_host(host, htmx=with_htmx).post(BOOKINGS, data={"calendar": str(read_only.id)})
    assert answer.status_code == 422
    assert "Choose one of these." in shown(answer.text, "taking").text
    assert taking(host) == [ANN]


def test_bookings_to_come_without_an_entry_are_made_due(
    host: User, browser: FlaskClient, hints: Hints
) -> None:
    schedule = factories.schedule(host=host)
    waiting = factories.booking(schedule=schedule)
    made = factories.booking(schedule=schedule, starts_at=NOW + timedelta(days=2))
    db.session.add(CalendarEntry(booking=made, provider="google", state=MeetingState.READY))
    db.session.commit()
    browser.post(BOOKINGS, data={"calendar": str(calendars(host)["Team"].id)})
    db.session.refresh(waiting)
    db.session.refresh(made)
    assert (waiting.due_at, made.due_at) == (NOW, None)
    assert ("sync.sync_booking", (waiting.id,)) in hints


def test_what_another_calendar_has_refused_is_asked_of_the_next(
    host: User, browser: FlaskClient
) -> None:
    refused = factories.booking(schedule=factories.schedule(host=host))
    entry = CalendarEntry(booking=refused, provider="google", state=MeetingState.FAILED)
    entry.trouble, entry.next_attempt_at = Trouble.NOT_ALLOWED, NOW + timedelta(hours=1)
    db.session.add(entry)
    db.session.commit()
    browser.post(BOOKINGS, data={"calendar": str(calendars(host)["Team"].id)})
    db.session.expire_all()
    assert refused.due_at == NOW
    assert (entry.state, entry.trouble, entry.next_attempt_at) == (
        MeetingState.WAITING,
        None,
        None,
    )


def test_the_list_is_read_again_on_demand(
    host: User, browser: FlaskClient, google: FakeCloud, hints: Hints
) -> None:
    google.others = {"Team": False, "New": True}
    hints.clear()
    answer = browser.post("/connections/google/calendars/list")
    assert "The list of calendars is up to date." in browser.get(answer.headers["Location"]).text
    found = calendars(host)
    assert list(found) == [ANN, "Team", "New"]
    assert not found["Team"].may_write
    assert (found["New"].is_checked, found["New"].takes_bookings) == (False, False)
    assert hints == [("calendars.reading.read_busy", (found[ANN].id,))]


def test_a_list_that_cannot_be_read_changes_nothing(
    host: User, browser: FlaskClient, google: FakeCloud
) -> None:
    google.fails("calendars", requests.ReadTimeout("slow"))
    answer = browser.post("/connections/google/calendars/list")
    assert "didn't answer in time" in unescape(browser.get(answer.headers["Location"]).text)
    assert len(calendars(host)) == 3


def test_a_calendar_that_is_gone_stays_as_long_as_the_host_relies_on_it(
    host: User, browser: FlaskClient, google: FakeCloud, hints: Hints
) -> None:
    choose(browser, calendars(host)["Team"])
    google.others = {}
    hints.clear()
    check_connection(live(host).id)
    found = calendars(host)
    assert list(found) == [ANN, "Team"]
    team = found["Team"]
    assert (team.trouble, team.failing_since) == (Trouble.CALENDAR_GONE, NOW)
    assert hints == [("calendars.reading.read_busy", (team.id,))]
    google.others = {"Team": True}
    check_connection(live(host).id)
    assert calendars(host)["Team"].trouble is None


def test_calendars_are_checked_daily_if_a_schedule_relies_on_them(
    host: User, browser: FlaskClient
) -> None:
    tomorrow = NOW + timedelta(days=1)
    assert due_checks(tomorrow, 10) == []
    factories.schedule(host=host)
    assert due_checks(tomorrow, 10) == [live(host).id]


def test_a_dead_grant_found_by_the_list_is_marked(
    host: User, browser: FlaskClient, google: FakeCloud
) -> None:
    google.ends(ANN)
    expire(live(host))
    browser.post("/connections/google/calendars/list")
    assert rows(host)[-1].needs_reconnect
    assert len(calendars(host)) == 3


def test_the_page_costs_the_same_with_many_calendars(
    host: User, browser: FlaskClient, google: FakeCloud
) -> None:
    counts = []
    for others in ({"Team": True}, {f"C{n}": True for n in range(40)}):
        google.others = others
        browser.post("/connections/google/calendars/list")
        browser.get("/connections?open=google")
        with sent_statements() as sent:
            browser.get("/connections?open=google")
        counts.append(sum(one.startswith("SELECT") for one in sent))
    assert counts[0] == counts[1]


def out_of_band(text: str) -> dict[str, str]:
    """What an answer changes besides its own card: id and words."""
    found = BeautifulSoup(text, "html.parser").select("[hx-swap-oob=true]")
    return {str(one["id"]): " ".join(one.get_text(" ").split()) for one in found}


def test_an_action_changes_all_of_the_page_that_depends_on_it(
    zoom: FakeZoom, host: User, browser: FlaskClient, as_host: AsHost
) -> None:
    htmx = as_host(host, htmx=True)
    connection(host, zoom)  # alone, Google Meet is the default without any offer
    parts = {"offers", "adding", "notices"}
    for path in ("test", "calendars", "calendars/list"):
        changed = out_of_band(htmx.post(f"/connections/google/{path}").text)
        assert set(changed) == parts, path
        assert "Zoom and Google Meet are ready." in changed["offers"]
        assert f"{ANN} (Google)" in changed["adding"]
    asked = htmx.get("/connections/google/disconnect").text
    assert out_of_band(asked) == {}, "asking changes nothing"
    changed = out_of_band(htmx.post("/connections/google/disconnect").text)
    assert changed == {"offers": "", "adding": "", "notices": ""}


def test_a_choice_that_names_a_calendar_that_is_gone_stays_as_it_was_made(
    host: User, as_host: AsHost, browser: FlaskClient
) -> None:
    team = calendars(host)["Team"]
    for with_htmx in (True, False):
        data = {"checked": [str(team.id), str(team.id + 1000)]}
        answer = as_host(host, htmx=with_htmx).post("/connections/google/calendars", data=data)
        assert answer.status_code == 422
        form = shown(answer.text, "provider-google")
        ticked = [box["value"] for box in form.select("[name=checked][checked]")]
        assert ticked == [str(team.id)]
    assert checked(host) == [ANN]
