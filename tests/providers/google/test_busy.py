"""Which of Google's events take time, and when."""

from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock, matchers

from bookme.errors import NotFound, ProviderUnavailable
from bookme.providers.calendar import Busy
from bookme.providers.google.client import GoogleCalendar
from tests import wire
from tests.contracts import answer
from tests.providers.conftest import BEGIN, END

EVENTS = "https://www.googleapis.com/calendar/v3/calendars/primary/events"
TIMED = {
    "id": "e1",
    "status": "confirmed",
    "start": {"dateTime": "2027-03-08T16:00:00+01:00"},
    "end": {"dateTime": "2027-03-08T16:30:00+01:00"},
}
WHOLE_DAY = {"id": "d", "start": {"date": "2027-03-28"}, "end": {"date": "2027-03-29"}}


def busy(google: GoogleCalendar, api: RequestsMock, *events: Any, **page: Any) -> list[Busy]:
    api.get(EVENTS, json={"items": list(events), **page})
    return google.busy("primary", BEGIN, END).busy


def test_an_event_takes_its_time(google: GoogleCalendar, api: RequestsMock) -> None:
    expected = Busy(
        datetime(2027, 3, 8, 15, 0, tzinfo=UTC), datetime(2027, 3, 8, 15, 30, tzinfo=UTC), "e1"
    )
    assert busy(google, api, TIMED) == [expected]


def test_events_are_asked_for_expanded_and_without_their_words(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    busy(google, api)
    asked = api.calls[0].request.params
    assert asked["singleEvents"] == "true"
    assert (asked["timeMin"], asked["timeMax"]) == ("2027-03-08T00:00:00Z", "2027-03-15T00:00:00Z")
    assert not {"summary", "description", "location", "email"} & set(asked["fields"].split(","))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"},
        {"transparency": "transparent"},
        {"eventType": "workingLocation"},
        {"eventType": "birthday"},
        {
            "attendees": [
                {"responseStatus": "accepted"},
                {"self": True, "responseStatus": "declined"},
            ]
        },
        {"end": TIMED["start"]},
    ],
    ids=str,
)
def test_what_takes_no_time_is_left_out(
    google: GoogleCalendar, api: RequestsMock, fields: dict[str, Any]
) -> None:
    assert busy(google, api, {**TIMED, **fields}) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "tentative"},
        {"transparency": "opaque"},
        {"eventType": "outOfOffice"},
        {"eventType": "focusTime"},
        {
            "attendees": [
                {"responseStatus": "declined"},
                {"self": True, "responseStatus": "accepted"},
            ]
        },
        {"attendees": [{"self": True, "responseStatus": "needsAction"}]},
    ],
    ids=str,
)
def test_what_takes_time_counts(
    google: GoogleCalendar, api: RequestsMock, fields: dict[str, Any]
) -> None:
    assert len(busy(google, api, {**TIMED, **fields})) == 1


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        ("America/New_York", "2027-03-28T04:00", "2027-03-29T04:00"),
        ("Europe/Berlin", "2027-03-27T23:00", "2027-03-28T22:00"),  # 23 hours
        (None, "2027-03-28T00:00", "2027-03-28T23:00"),  # the host's, Lisbon: 23 hours
        ("Mars/Base", "2027-03-28T00:00", "2027-03-28T23:00"),
    ],
    ids=["the calendar's", "a short day", "none", "unknown"],
)
def test_a_whole_day_is_one_in_the_calendars_zone(
    google: GoogleCalendar, api: RequestsMock, zone: str | None, begin: str, end: str
) -> None:
    [day] = busy(google, api, WHOLE_DAY, **({"timeZone": zone} if zone else {}))
    assert f"{day.starts_at:%Y-%m-%dT%H:%M}" == begin
    assert f"{day.ends_at:%Y-%m-%dT%H:%M}" == end


def test_every_page_is_read(google: GoogleCalendar, api: RequestsMock) -> None:
    second = matchers.query_param_matcher({"pageToken": "t"}, strict_match=False)
    third = matchers.query_param_matcher({"pageToken": "u"}, strict_match=False)
    api.get(EVENTS, json={"items": [TIMED], "nextPageToken": "t"})
    api.get(EVENTS, json={"nextPageToken": "u"}, match=[second])
    api.get(EVENTS, json={"items": [{**TIMED, "id": "e2"}]}, match=[third])
    assert [one.entry_id for one in google.busy("primary", BEGIN, END).busy] == ["e1", "e2"]


def test_a_listing_without_end_is_no_listing(google: GoogleCalendar, api: RequestsMock) -> None:
    api.get(EVENTS, json={"items": [], "nextPageToken": "t"})
    with pytest.raises(ProviderUnavailable):
        google.busy("primary", BEGIN, END)
    assert len(api.calls) == 100


def test_half_a_listing_is_no_listing(google: GoogleCalendar, api: RequestsMock) -> None:
    second = matchers.query_param_matcher({"pageToken": "t"}, strict_match=False)
    api.get(EVENTS, json={"items": [TIMED], "nextPageToken": "t"})
    api.get(EVENTS, **answer("403_rate", "google"), match=[second])
    with pytest.raises(ProviderUnavailable):
        google.busy("primary", BEGIN, END)


def test_a_calendar_that_vanished_is_gone(google: GoogleCalendar, api: RequestsMock) -> None:
    api.get(EVENTS, **answer("404", "google"))
    with pytest.raises(NotFound):
        google.busy("primary", BEGIN, END)


@pytest.mark.parametrize(
    "page",
    [
        {"items": "SECRET"},
        {"items": [], "nextPageToken": 7},
    ],
    ids=lambda page: str(page)[:60],
)
def test_an_answer_that_makes_no_sense_is_not_free_time(
    google: GoogleCalendar, api: RequestsMock, page: dict[str, Any]
) -> None:
    api.get(EVENTS, json=page)
    with pytest.raises(ProviderUnavailable) as caught:
        google.busy("primary", BEGIN, END)
    assert "SECRET" not in wire.shown(caught.value)


def test_an_answer_without_a_body_is_not_free_time(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.get(EVENTS, body=b"")
    with pytest.raises(ProviderUnavailable):
        google.busy("primary", BEGIN, END)


@pytest.mark.parametrize(
    ("event", "is_taken"),
    [
        ("SECRET", False),
        (None, False),
        ({"id": "e", "start": {}, "end": {}}, False),
        ({**TIMED, "start": {"dateTime": "SECRET"}}, False),
        ({**TIMED, "end": ["SECRET"]}, False),
        ({**TIMED, "end": {"dateTime": "2027-03-08T15:30:00+01:00"}}, False),
        ({**TIMED, "id": None}, True),
        ({**TIMED, "attendees": "SECRET"}, True),
        ({**WHOLE_DAY, "start": {"date": "SECRET"}}, False),
        ({**WHOLE_DAY, "start": {"date": "0001-01-01"}}, False),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_item_that_cannot_be_read_is_told_and_hides_no_other(
    google: GoogleCalendar, api: RequestsMock, event: Any, is_taken: bool
) -> None:
    api.get(EVENTS, json={"items": [event, {**TIMED, "id": "e2"}], "timeZone": "Asia/Tokyo"})
    found = google.busy("primary", BEGIN, END)
    assert len(found.unclear) == 1
    assert len(found.busy) == 1 + is_taken
    assert found.busy[-1].entry_id == "e2"


def test_an_item_that_takes_no_time_need_not_be_read(
    google: GoogleCalendar, api: RequestsMock
) -> None:
    api.get(EVENTS, json={"items": [{**TIMED, "start": {}, "transparency": "transparent"}]})
    assert google.busy("primary", BEGIN, END).unclear == []
