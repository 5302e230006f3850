"""What Google is sent for a booking's entry, and what is made of its answers."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock, matchers

from bookme.errors import NotAllowed, NotFound, ProviderUnavailable, Rejected
from bookme.providers.calendar import DELETED, NO_MEETING, Account, CalendarInfo, Link
from bookme.providers.google.client import GoogleCalendar
from tests import wire
from tests.contracts import answer
from tests.providers.conftest import TOKEN, request

API = "https://www.googleapis.com/calendar/v3"
EVENTS = f"{API}/calendars/host%40example.com/events"
HOST = "host@example.com"
ONE = f"{EVENTS}/{request().key}"
MADE = {
    "id": request().key,
    "etag": '"7"',
    "status": "confirmed",
    "summary": "Intro call: Ana Costa",
    "location": "https://zoom.us/j/92674392836",
    "start": {"dateTime": "2027-03-11T09:00:00Z", "timeZone": "Europe/Lisbon"},
    "end": {"dateTime": "2027-03-11T09:30:00Z", "timeZone": "Europe/Lisbon"},
}
QUIET = matchers.query_param_matcher(
    {"conferenceDataVersion": "1", "sendUpdates": "none"}, strict_match=False
)
REFUSED_ZONE = {"error": {"code": 400, "errors": [{"domain": "global", "reason": "invalid"}]}}


def sent(api: RequestsMock, call: int = 0) -> Any:
    return json.loads(api.calls[call].request.body or "null")


def meet(status: str, **fields: Any) -> dict[str, Any]:
    return {
        **MADE,
        "conferenceData": {"createRequest": {"status": {"statusCode": status}}},
        **fields,
    }


def test_an_entry_is_made_and_nobody_invited(google: GoogleCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, json=MADE, match=[QUIET])
    made = google.create(HOST, request())
    assert sent(api) == {
        "id": request().key,
        "summary": "Intro call: Ana Costa",
        "description": "Ana Costa, ana@example.com\nLooking forward!\n\n"
        "https://bookme.example/dashboard/bookings/3f25",
        "location": "https://zoom.us/j/92674392836",
        "start": {"dateTime": "2027-03-11T09:00:00Z", "timeZone": "Europe/Lisbon"},
        "end": {"dateTime": "2027-03-11T09:30:00Z", "timeZone": "Europe/Lisbon"},
        "source": {"title": "BookMe", "url": "https://bookme.example/dashboard/bookings/3f25"},
    }
    assert api.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (made.id, made.etag, made.meeting) == (request().key, '"7"', None)
    assert not made.differs_from(request())


def test_strangers_words_are_no_html_at_google(google: GoogleCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, json=MADE)
    google.create(HOST, request(text='<a href="https://evil.example">Join</a>'))
    assert "<" not in sent(api)["description"]


def test_meet_is_asked_for_with_an_id_that_google_takes_once(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, **answer("insert_meet_ok", "google"))
    made = google.create(HOST, request(wants_meeting=True))
    assert sent(api)["conferenceData"] == {
        "createRequest": {
            "requestId": f"{request().key}m0",
            "conferenceSolutionKey": {"type": "hangoutsMeet"},
        }
    }
    assert made.meeting == Link("https://meet.google.com/aaa-bbbb-ccc")
    assert not made.meeting_pending


def test_a_link_that_is_being_made_comes_later(google: GoogleCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, **answer("insert_meet_pending", "google"))
    api.get(ONE, **answer("insert_meet_pending", "google"))
    api.get(ONE, **answer("insert_meet_ok", "google"))
    made = google.create(HOST, request(wants_meeting=True))
    assert made.meeting_pending
    assert google.get(HOST, request().key).meeting_pending
    later = google.get(HOST, request().key)
    assert later.meeting == Link("https://meet.google.com/aaa-bbbb-ccc")


@pytest.mark.parametrize("event", [meet("failure"), MADE], ids=["failed", "dropped"])
def test_without_its_meeting_no_entry_is_left(
    google: GoogleCalendar, api: RequestsMock, event: dict[str, Any]
) -> None:
    api.post(EVENTS, json=event)
    api.delete(ONE, status=204)
    with pytest.raises(NotAllowed) as caught:
        google.create(HOST, request(wants_meeting=True))
    assert caught.value.code == NO_MEETING
    assert not caught.value.sent


def test_a_failed_meeting_is_told_by_the_entry(google: GoogleCalendar, api: RequestsMock) -> None:
    api.get(ONE, json=meet("failure"))
    assert google.get(HOST, request().key).has_no_meeting


def test_the_link_and_its_passcode_may_stand_among_the_ways_in(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    ways = [
        {"entryPointType": "phone", "uri": "tel:+351-21"},
        {"entryPointType": "video", "uri": "https://meet.google.com/x", "passcode": "7"},
    ]
    api.get(ONE, json={**MADE, "conferenceData": {"entryPoints": ways}})
    assert google.get(HOST, request().key).meeting == Link("https://meet.google.com/x", "7")


def test_a_repeated_create_finds_the_entry_and_brings_it_up_to_date(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, **answer("409", "google"))
    api.get(ONE, json=MADE)
    api.patch(ONE, json=MADE, match=[QUIET])
    moved = datetime(2027, 3, 12, 9, 30, tzinfo=UTC)
    made = google.create(HOST, request(ends_at=moved))
    assert made.id == request().key
    assert sent(api, 2)["end"]["dateTime"] == "2027-03-12T09:30:00Z"
    assert "id" not in sent(api, 2)
    assert "conferenceData" not in sent(api, 2), "a meeting that the host added is left alone"


def test_an_entry_deleted_since_an_earlier_try_is_not_revived(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, **answer("409", "google"))
    api.get(ONE, json={**MADE, "status": "cancelled"})
    with pytest.raises(NotFound) as caught:
        google.create(HOST, request())
    assert caught.value.code == DELETED
    assert len(api.calls) == 2


def test_an_id_taken_is_known_by_the_status_alone(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, status=409, json={})
    api.get(ONE, json=MADE)
    api.patch(ONE, json=MADE)
    assert google.create(HOST, request()).id == request().key


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Other"}, {"summary"}),
        ({"text": "Other"}, {"description"}),
        ({"location": "Lisbon"}, {"location"}),
        ({"ends_at": datetime(2027, 3, 11, 9, 45, tzinfo=UTC)}, {"start", "end"}),
        ({"zone": "UTC"}, {"start", "end"}),
        ({"wants_meeting": True}, {"conferenceData"}),
        ({"title": "Other", "location": ""}, {"summary", "location"}),
    ],
    ids=lambda names: "-".join(sorted(names)),
)
def test_an_update_sends_only_what_changed(
    google: GoogleCalendar, api: RequestsMock, fields: dict[str, Any], expected: set[str]
) -> None:
    api.patch(ONE, json=MADE, match=[QUIET])
    google.update(HOST, request().key, request(**fields), request())
    assert sent(api).keys() == expected


def test_a_whole_day_that_the_host_made_of_it_becomes_a_time_again(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, json=MADE)
    google.update(HOST, request().key, request(zone="UTC"), request())
    assert sent(api)["start"] == {
        "date": None,
        "dateTime": "2027-03-11T09:00:00Z",
        "timeZone": "UTC",
    }


def test_a_whole_day_differs_from_what_was_sent(google: GoogleCalendar, api: RequestsMock) -> None:
    days = {"start": {"date": "2027-03-11"}, "end": {"date": "2027-03-12"}}
    api.get(ONE, json={**MADE, **days})
    assert google.get(HOST, request().key).differs_from(request())


def test_a_meeting_no_longer_wanted_is_taken_away(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, json=MADE)
    google.update(HOST, request().key, request(), request(wants_meeting=True))
    assert sent(api) == {"conferenceData": None}


def test_a_move_asks_for_no_other_meeting(google: GoogleCalendar, api: RequestsMock) -> None:
    api.patch(ONE, **answer("insert_meet_ok", "google"))
    later = datetime(2027, 3, 11, 10, 0, tzinfo=UTC)
    now, before = request(wants_meeting=True, ends_at=later), request(wants_meeting=True)
    moved = google.update(HOST, request().key, now, before)
    assert "conferenceData" not in sent(api)
    assert moved.meeting == Link("https://meet.google.com/aaa-bbbb-ccc")


def test_an_update_of_what_was_sent_nobody_knows_sends_all(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, json=MADE)
    google.update(HOST, request().key, request())
    assert sent(api).keys() >= {"summary", "description", "location", "start", "end"}


def test_an_update_that_changes_nothing_only_looks(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.get(ONE, json={**MADE, "summary": "Mine"})
    assert google.update(HOST, request().key, request(), request()).differs_from(request())


def test_an_update_of_a_deleted_entry_says_that_it_is_gone(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, json={**MADE, "status": "cancelled"})
    with pytest.raises(NotFound):
        google.update(HOST, request().key, request(title="Other"), request())


def test_a_zone_that_google_does_not_know_is_left_out(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, status=400, json=REFUSED_ZONE)
    api.post(EVENTS, json=MADE)
    google.create(HOST, request(zone="America/New_Place"))
    assert sent(api, 0)["start"]["timeZone"] == "America/New_Place"
    assert sent(api, 1)["start"] == {"dateTime": "2027-03-11T09:00:00Z"}


def test_what_is_refused_without_a_zone_too_is_our_mistake(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, status=400, json=REFUSED_ZONE)
    with pytest.raises(Rejected):
        google.create(HOST, request())
    assert len(api.calls) == 2


def test_a_refusal_about_anything_else_is_not_tried_again(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, status=400, json=REFUSED_ZONE)
    with pytest.raises(Rejected):
        google.update(HOST, request().key, request(title="Other"), request())
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "gone", [{"status": 204}, answer("404", "google"), answer("410", "google")], ids=str
)
def test_deleting_what_is_gone_is_success(
    google: GoogleCalendar, api: RequestsMock, gone: dict[str, Any]
) -> None:
    quiet = matchers.query_param_matcher({"sendUpdates": "none"})
    api.delete(ONE, **gone, match=[quiet])
    google.delete(HOST, request().key)
    assert len(api.calls) == 1


def test_ids_cannot_leave_their_place_in_the_address(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.delete(f"{API}/calendars/a%2F..%3Fb/events/1%2F..%3Fc", status=204)
    google.delete("a/..?b", "1/..?c")
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("kinds", "can_meet"),
    [(["hangoutsMeet"], True), (["eventHangout"], False), ([], False), (None, False), (5, False)],
)
def test_the_account_is_its_main_calendar(
    google: GoogleCalendar, api: RequestsMock, kinds: Any, can_meet: bool
) -> None:
    primary = {"id": HOST, "conferenceProperties": {"allowedConferenceSolutionTypes": kinds}}
    api.get(f"{API}/users/me/calendarList/primary", json=primary)
    assert google.me() == Account(HOST, HOST, can_meet)


def test_an_account_with_wrong_fields_is_an_outage(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.get(f"{API}/users/me/calendarList/primary", json={"summary": HOST})
    with pytest.raises(ProviderUnavailable):
        google.me()


def test_calendars_are_read_to_the_last_page(google: GoogleCalendar, api: RequestsMock) -> None:
    mine = {
        "id": HOST,
        "summary": HOST,
        "summaryOverride": "Work",
        "backgroundColor": "#9fe1e7",
        "primary": True,
        "accessRole": "owner",
        "timeZone": "Europe/Lisbon",
    }
    theirs = {"id": "x", "summary": "Team", "accessRole": "reader", "backgroundColor": "red"}
    first = matchers.query_param_matcher({"minAccessRole": "reader"}, strict_match=False)
    second = matchers.query_param_matcher({"pageToken": "t"}, strict_match=False)
    calendars = f"{API}/users/me/calendarList"
    api.get(calendars, json={"items": [mine], "nextPageToken": "t"}, match=[first])
    api.get(calendars, json={"items": [theirs]}, match=[second])
    assert google.calendars() == [
        CalendarInfo(HOST, "Work", "#9fe1e7", True, True, "Europe/Lisbon"),
        CalendarInfo("x", "Team", None, False, False, None),
    ]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"id": 5},
        {**MADE, "summary": []},
        {**MADE, "hangoutLink": "javascript:alert(1)"},
        {**MADE, "hangoutLink": "https://meet.google.com/" + "x" * 2000},
        {**MADE, "start": "SECRET"},
        {**MADE, "start": {"dateTime": "SECRET"}},
        {**MADE, "conferenceData": "SECRET"},
        {**MADE, "conferenceData": {"entryPoints": {}}},
        {**MADE, "conferenceData": {"entryPoints": ["SECRET"]}},
        {**MADE, "conferenceData": {"createRequest": {"status": "SECRET"}}},
    ],
    ids=lambda event: str(event)[-60:],
)
def test_wrong_fields_mean_that_there_may_be_an_entry(
    google: GoogleCalendar, api: RequestsMock, event: dict[str, Any]
) -> None:
    api.post(EVENTS, json=event)
    with pytest.raises(ProviderUnavailable) as caught:
        google.create(HOST, request())
    assert caught.value.sent
    assert "SECRET" not in wire.shown(caught.value)
