"""Connecting Google and Microsoft through the pages."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.models import CalendarEntry, ConnectionStatus, MeetingState, User
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.clouds import (
    ANN,
    BOB,
    GOOGLE,
    MICROSOFT,
    FakeCloud,
    calendars,
    cloud_at_the_wire,
    connect,
    expire,
    live,
    start,
)
from tests.connections.making import come_back, forget_browser, rows

AsHost = Callable[..., FlaskClient]
Hints = list[tuple[str, tuple[Any, ...]]]


def test_google_is_asked_for_a_grant_that_lasts(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    asked = start(as_host(host), google)
    assert asked["redirect_uri"] == "http://localhost/connections/google/callback"
    assert set(asked["scope"].split()) == {
        "https://www.googleapis.com/auth/calendar.events",
        "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
    }
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert (asked["include_granted_scopes"], asked["code_challenge_method"]) == ("true", "S256")


def test_microsoft_is_asked_for_a_grant_that_lasts(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    asked = start(as_host(host), microsoft)
    assert asked["scope"].split() == [
        "openid",
        "offline_access",
        "User.Read",
        "Calendars.ReadWrite",
    ]
    assert (asked["response_mode"], asked["code_challenge_method"]) == ("query", "S256")


def test_a_consent_becomes_a_connection_with_its_calendars(
    host: User, as_host: AsHost, cloud: FakeCloud, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    browser = as_host(host)
    answer = connect(browser, cloud)
    where = f"/connections?open={cloud.provider}"
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    made, found = live(host), calendars(host)
    assert (made.provider, tokens.label(made), made.plan) == (cloud.provider, ANN, "meet")
    assert tokens.access_token(made.id, now=NOW) == cloud.grants[0].access
    assert list(found) == [ANN, "Team", "Holidays"]
    main = found[ANN]
    assert (main.is_primary, main.is_checked, main.takes_bookings) == (True, True, True)
    assert (main.read_at, main.read_after) == (None, NOW)
    assert [(c.is_checked, c.takes_bookings) for c in found.values()][1:] == [(False, False)] * 2
    assert [c.may_write for c in found.values()] == [True, True, False]
    assert ("calendars.reading.read_busy", (main.id,)) in hints
    assert "is connected." in browser.get(where).text


def test_what_was_booked_before_comes_into_the_calendar(
    host: User, as_host: AsHost, google: FakeCloud, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    waiting = factories.booking(schedule=factories.schedule(host=host))
    connect(as_host(host), google)
    db.session.refresh(waiting)
    assert waiting.due_at == NOW
    assert hints.count(("sync.sync_booking", (waiting.id,))) == 1


def test_the_second_provider_does_not_take_the_bookings_over(host: User, as_host: AsHost) -> None:

    browser = as_host(host)
    for provider, person in ((GOOGLE, ANN), (MICROSOFT, BOB)):
        with cloud_at_the_wire(provider) as cloud:
            connect(browser, cloud, person)
    found = calendars(host)
    assert [name for name, row in found.items() if row.takes_bookings] == [ANN]
    assert [name for name, row in found.items() if row.is_checked] == [ANN, BOB]


@pytest.mark.parametrize(
    ("scope", "permission"),
    [
        ("calendarlist.readonly", "View and edit events on all your calendars"),
        ("events", "See the list of Google calendars"),
    ],
    ids=["events unticked", "list unticked"],
)
def test_an_unticked_box_is_explained_and_nothing_is_kept(
    host: User, as_host: AsHost, google: FakeCloud, scope: str, permission: str
) -> None:
    google.scopes = f"https://www.googleapis.com/auth/calendar.{scope}"
    browser = as_host(host)
    answer = connect(browser, google)
    assert answer.status_code == 403
    assert permission in answer.text
    assert "When Google asks, select every box." in answer.text
    assert "Connect Google again" in answer.text
    assert rows(host) == []
    assert (google.calls, google.living(ANN)) == (["exchange", "revoke"], [])


def test_more_than_asked_is_accepted(host: User, as_host: AsHost, cloud: FakeCloud) -> None:
    cloud.scopes += " https://www.googleapis.com/auth/drive profile"
    connect(as_host(host), cloud)
    assert live(host).is_active


def test_microsofts_way_of_writing_scopes_is_understood(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    microsoft.scopes = "https://graph.microsoft.com/calendars.readwrite user.read"
    connect(as_host(host), microsoft)
    assert live(host).is_active


def test_a_missing_permission_of_microsoft_keeps_nothing(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    microsoft.scopes = "openid User.Read"
    answer = connect(as_host(host), microsoft)
    assert "Have full access to your calendars" in answer.text
    assert rows(host) == []
    assert microsoft.calls == ["exchange"]


def test_a_host_who_unticks_a_box_later_keeps_the_connection_he_has(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    browser = as_host(host)
    connect(browser, google)
    google.scopes = "openid"
    assert connect(browser, google).status_code == 403
    assert live(host).is_active
    assert len(google.living(ANN)) == 2
    assert "revoke" not in google.calls


def test_an_account_without_a_mailbox_says_so(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    body = {"error": {"code": "MailboxNotEnabledForRESTAPI", "message": "x"}}
    microsoft.fails("main", says(404, body))
    answer = connect(as_host(host), microsoft)
    assert answer.status_code == 403
    assert "no mailbox with a calendar" in answer.text
    assert rows(host) == []


def test_a_list_that_cannot_be_read_connects_nothing(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    cloud.fails("calendars", requests.ReadTimeout("slow"))
    answer = connect(as_host(host), cloud)
    assert answer.status_code == 503
    assert rows(host) == []


@pytest.mark.parametrize(
    ("provider", "error", "description"),
    [
        ("microsoft", "consent_required", "The user or administrator has not consented"),
        ("microsoft", "access_denied", "AADSTS65001: The user or administrator has not consented"),
        ("microsoft", "access_denied", "AADSTS90094: The grant requires admin permission."),
        ("microsoft", "access_denied", "AADSTS90095: An approval was asked for."),
        ("google", "admin_policy_enforced", ""),
    ],
)
def test_an_administrator_who_must_agree_first_is_said_with_what_to_send(
    host: User, as_host: AsHost, provider: str, error: str, description: str
) -> None:
    browser = as_host(host)
    with cloud_at_the_wire(provider) as cloud:
        state = start(browser, cloud)["state"]
        query = {"error": error, "error_description": description, "state": state}
        answer = come_back(browser, f"/connections/{provider}/callback", query)
    assert answer.status_code == 403
    page = BeautifulSoup(answer.text, "html.parser")
    heading, message = page.find("h1"), page.find(id="for-admin")
    assert heading is not None
    assert message is not None
    assert heading.text == "Your administrator needs to agree first"
    assert "BookMe (http://localhost)" in message.text
    assert "calendars" in message.text
    assert ("https://" in message.text) == (provider == "microsoft")


def test_a_token_endpoint_that_wants_an_administrator_is_understood(
    host: User, as_host: AsHost, microsoft: FakeCloud
) -> None:
    wants = {"error": "invalid_grant", "error_codes": [65001], "suberror": "consent_required"}
    microsoft.fails("exchange", says(400, wants))
    answer = connect(as_host(host), microsoft)
    assert (answer.status_code, rows(host)) == (403, [])
    assert "Your administrator needs to agree first" in answer.text


def test_the_administrator_is_sent_to_microsofts_page_and_thanked_afterwards(
    host: User, as_host: AsHost, client: FlaskClient, microsoft: FakeCloud
) -> None:
    browser = as_host(host)
    query = {"error": "consent_required", "state": start(browser, microsoft)["state"]}
    answer = come_back(browser, "/connections/microsoft/callback", query)
    message = BeautifulSoup(answer.text, "html.parser").find(id="for-admin")
    assert message is not None
    address = urlsplit(message.text.split()[-1])
    assert (address.netloc, address.path) == (
        "login.microsoftonline.com",
        "/organizations/v2.0/adminconsent",
    )
    asked = {name: value for name, [value] in parse_qs(address.query).items()}
    assert asked["client_id"] == "microsoft-client"
    assert "Calendars.ReadWrite" in asked["scope"].split()
    forget_browser()
    back = client.get(urlsplit(asked["redirect_uri"]).path + "?admin_consent=True&tenant=t")
    assert back.headers["Location"] == "/connections/microsoft/agreed"
    assert "Thank you" in client.get(back.headers["Location"]).text


@pytest.mark.parametrize("kind", ["google", "microsoft"])
def test_an_account_that_makes_no_meetings_says_so(host: User, as_host: AsHost, kind: str) -> None:

    browser = as_host(host)
    with cloud_at_the_wire(kind) as cloud:
        cloud.can_meet = False
        connect(browser, cloud)
    assert live(host).plan == "no_meetings"
    name = {"google": "Google Meet", "microsoft": "Microsoft Teams"}[kind]
    page = browser.get(f"/connections?open={kind}").text
    assert (
        unescape(page).count(f"BookMe can't create {name} meetings with it.") == 2
    )  # just now, and for good
    assert "my default" not in page


def test_a_refresh_keeps_what_it_should(host: User, as_host: AsHost, cloud: FakeCloud) -> None:
    connect(as_host(host), cloud)
    for _ in range(2):  # the second one with what the first has left
        made = live(host)
        expire(made)
        assert tokens.access_token(made.id, now=NOW) == cloud.grants[0].access
    assert cloud.calls.count("refresh") == 2


def test_a_dead_grant_needs_its_host_and_reconnecting_keeps_the_choices(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser = as_host(host)
    connect(browser, cloud)
    team = calendars(host)["Team"]
    data = {"checked": [str(team.id)]}
    browser.post(f"/connections/{cloud.provider}/calendars", data=data)
    cloud.ends(ANN)
    expire(live(host))
    browser.post(f"/connections/{cloud.provider}/test")
    assert live(host).status is ConnectionStatus.NEEDS_RECONNECT
    cloud.can_meet = False
    connect(browser, cloud)
    again = calendars(host)
    assert live(host).is_active
    assert {row.connection_id for row in again.values()} == {live(host).id}
    assert [name for name, row in again.items() if row.is_checked] == ["Team"]
    assert again["Team"].id == team.id
    assert again[ANN].takes_bookings


@pytest.mark.parametrize("has_entry", [False, True], ids=["no entry yet", "its entry waits"])
def test_bookings_to_come_get_their_entry_by_connecting(
    host: User, as_host: AsHost, cloud: FakeCloud, hints: Hints, has_entry: bool
) -> None:
    booking = factories.booking(schedule=factories.schedule(host=host))
    if has_entry:  # of a calendar that has been disconnected since
        other = "microsoft" if cloud.provider == "google" else "google"
        entry = CalendarEntry(booking=booking, provider=other, state=MeetingState.WAITING)
        db.session.add(entry)
        db.session.commit()
    connect(as_host(host), cloud)
    db.session.refresh(booking)
    assert booking.due_at == NOW
    assert hints.count(("sync.sync_booking", (booking.id,))) == 1


def test_without_a_calendar_to_take_them_bookings_stay_as_they_are(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser = as_host(host)
    connect(browser, cloud)
    browser.post("/connections/bookings", data={"calendar": "0"})
    booking = factories.booking(schedule=factories.schedule(host=host))
    cloud.ends(ANN)
    expire(live(host))
    browser.post(f"/connections/{cloud.provider}/test")
    connect(browser, cloud)
    assert live(host).is_active
    db.session.refresh(booking)
    assert booking.due_at is None


def test_what_was_left_is_looked_for_after_connecting_again(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser = as_host(host)
    booking = factories.booking(schedule=factories.schedule(host=host))
    left = {"state": MeetingState.LEFT, "made_at": NOW, "revision": booking.revision}
    db.session.add(CalendarEntry(booking=booking, provider=cloud.provider, **left))
    db.session.commit()
    connect(browser, cloud)
    db.session.refresh(booking)
    assert booking.due_at == NOW


def test_another_account_is_not_put_in_its_place_unasked(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser = as_host(host)
    connect(browser, cloud)
    cloud.ends(ANN)
    expire(live(host))
    browser.post(f"/connections/{cloud.provider}/test")
    connect(browser, cloud, BOB)
    asked = browser.get(f"/connections/{cloud.provider}/replace")
    assert f"Replace {ANN} with {BOB}?" in asked.text
    assert list(calendars(host))[0] == ANN
    browser.post(f"/connections/{cloud.provider}/replace")
    assert (tokens.label(live(host)), list(calendars(host))[0]) == (BOB, BOB)
    assert cloud.living(BOB)


def test_googles_grant_of_another_host_is_not_ended_with_ones_own(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    other = factories.host(another=True)
    connect(as_host(other), google)
    browser = as_host(host)
    connect(browser, google)
    assert live(other).is_active  # Google lets both live
    browser.post("/connections/google/disconnect")
    assert "revoke" not in google.calls
    as_host(other).post("/connections/google/disconnect")
    assert google.living(ANN) == []


def test_an_unconfirmed_host_cannot_connect(host: User, as_host: AsHost, cloud: FakeCloud) -> None:
    host.email_confirmed_at = None
    db.session.commit()
    assert as_host(host).post(f"/connections/{cloud.provider}/connect").status_code == 403


def test_an_old_state_connects_nothing(host: User, as_host: AsHost, cloud: FakeCloud) -> None:

    browser = as_host(host)
    query = {"state": start(browser, cloud)["state"], "code": cloud.allows(ANN)}
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        path = f"/connections/{cloud.provider}/callback"
        assert come_back(browser, path, query).status_code == 400
    assert cloud.calls == []
