"""Which of Outlook's events take time, and when."""

from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock

from bookme.errors import NotFound, ProviderUnavailable
from bookme.providers.calendar import Busy
from bookme.providers.microsoft.client import OutlookCalendar
from tests import wire
from tests.contracts import answer
from tests.providers.conftest import BEGIN, END

VIEW = "https://graph.microsoft.com/v1.0/me/calendars/main/calendarView"


def utc(text: str) -> dict[str, str]:
    return {"dateTime": f"{text}:00.0000000", "timeZone": "UTC"}


TIMED = {
    "id": "e1",
    "showAs": "busy",
    "start": utc("2027-03-08T15:00"),
    "end": utc("2027-03-08T15:30"),
}
WHOLE_DAY = {
    "id": "d",
    "isAllDay": True,
    "start": utc("2027-03-28T00:00"),
    "end": utc("2027-03-29T00:00"),
}


def busy(outlook: OutlookCalendar, api: RequestsMock, *events: Any) -> list[Busy]:
    api.get(VIEW, json={"value": list(events)})
    return outlook.busy("main", BEGIN, END).busy


def test_an_event_takes_its_time(outlook: OutlookCalendar, api: RequestsMock) -> None:
    expected = Busy(
        datetime(2027, 3, 8, 15, 0, tzinfo=UTC), datetime(2027, 3, 8, 15, 30, tzinfo=UTC), "e1"
    )
    assert busy(outlook, api, TIMED) == [expected]
    asked = api.calls[0].request.params
    assert asked["startDateTime"] == "2027-03-08T00:00:00Z"
    assert asked["endDateTime"] == "2027-03-15T00:00:00Z"


@pytest.mark.parametrize(
    "fields",
    [
        {"showAs": "free"},
        {"showAs": "workingElsewhere"},
        {"isCancelled": True},
        {"responseStatus": {"response": "declined"}},
        {"end": TIMED["start"]},
    ],
    ids=str,
)
def test_what_takes_no_time_is_left_out(
    outlook: OutlookCalendar, api: RequestsMock, fields: dict[str, Any]
) -> None:
    assert busy(outlook, api, {**TIMED, **fields}) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"showAs": "tentative"},
        {"showAs": "oof"},
        {"showAs": "unknown"},
        {"responseStatus": {"response": "notResponded"}},
        {"responseStatus": None},
    ],
    ids=str,
)
def test_what_takes_time_counts(
    outlook: OutlookCalendar, api: RequestsMock, fields: dict[str, Any]
) -> None:
    assert len(busy(outlook, api, {**TIMED, **fields})) == 1


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        ("Pacific Standard Time", "2027-03-28T07:00", "2027-03-29T07:00"),
        ("W. Europe Standard Time", "2027-03-27T23:00", "2027-03-28T22:00"),  # 23 hours
        ("America/Sao_Paulo", "2027-03-28T03:00", "2027-03-29T03:00"),
        # Those that do not say are days of the host, in Lisbon.
        ("UTC", "2027-03-28T00:00", "2027-03-28T23:00"),
        ("tzone://Microsoft/Utc", "2027-03-28T00:00", "2027-03-28T23:00"),
        ("Customized Time Zone", "2027-03-28T00:00", "2027-03-28T23:00"),
        (None, "2027-03-28T00:00", "2027-03-28T23:00"),
    ],
)
def test_a_whole_day_is_one_where_it_was_made(
    outlook: OutlookCalendar, api: RequestsMock, zone: str | None, begin: str, end: str
) -> None:
    [day] = busy(outlook, api, {**WHOLE_DAY, "originalStartTimeZone": zone})
    assert f"{day.starts_at:%Y-%m-%dT%H:%M}" == begin
    assert f"{day.ends_at:%Y-%m-%dT%H:%M}" == end


def test_a_whole_day_that_is_told_as_an_instant_is_that(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    start, end = utc("2027-03-28T07:00"), utc("2027-03-29T07:00")
    [day] = busy(outlook, api, {**WHOLE_DAY, "start": start, "end": end})
    assert day.starts_at == datetime(2027, 3, 28, 7, 0, tzinfo=UTC)


def test_a_time_in_another_zone_than_asked_for_is_understood(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    tokyo = {"dateTime": "2027-03-08T15:00:00.0000000", "timeZone": "Tokyo Standard Time"}
    [one] = busy(outlook, api, {**TIMED, "start": tokyo})
    assert one.starts_at == datetime(2027, 3, 8, 6, 0, tzinfo=UTC)


def test_every_page_is_read(outlook: OutlookCalendar, api: RequestsMock) -> None:
    following = f"{VIEW}?startDateTime=a&endDateTime=b&$skip=500"
    api.get(VIEW, json={"value": [TIMED], "@odata.nextLink": following})
    api.get(following, json={"value": [{**TIMED, "id": "e2"}]})
    found = outlook.busy("main", BEGIN, END).busy
    assert [one.entry_id for one in found] == ["e1", "e2"]


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/v1.0/me/events",
        "https://graph.microsoft.com.evil.example/v1.0/",
        "https://graph.microsoft.com/v1.0@evil.example/",
        "http://graph.microsoft.com/v1.0/me",
        "//evil.example/",
        "/v1.0/me",
    ],
)
def test_a_page_that_is_somewhere_else_is_not_asked_for(
    outlook: OutlookCalendar, api: RequestsMock, following: str
) -> None:
    api.get(VIEW, json={"value": [TIMED], "@odata.nextLink": following})
    with pytest.raises(ProviderUnavailable) as caught:
        outlook.busy("main", BEGIN, END)
    assert "evil" not in wire.shown(caught.value)
    assert len(api.calls) == 1


def test_a_listing_without_end_is_no_listing(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(VIEW, json={"value": [], "@odata.nextLink": f"{VIEW}?startDateTime=a"})
    with pytest.raises(ProviderUnavailable):
        outlook.busy("main", BEGIN, END)
    assert len(api.calls) == 101


def test_a_calendar_that_vanished_is_gone(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(VIEW, **answer("404", "microsoft"))
    with pytest.raises(NotFound):
        outlook.busy("main", BEGIN, END)


@pytest.mark.parametrize(
    "page",
    [
        {"value": "SECRET"},
        {"value": [], "@odata.nextLink": 7},
    ],
    ids=lambda page: str(page)[:60],
)
def test_an_answer_that_makes_no_sense_is_not_free_time(
    outlook: OutlookCalendar, api: RequestsMock, page: dict[str, Any]
) -> None:
    api.get(VIEW, json=page)
    with pytest.raises(ProviderUnavailable) as caught:
        outlook.busy("main", BEGIN, END)
    assert "SECRET" not in wire.shown(caught.value)


def test_an_answer_without_a_body_is_not_free_time(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.get(VIEW, body=b"")
    with pytest.raises(ProviderUnavailable):
        outlook.busy("main", BEGIN, END)


@pytest.mark.parametrize(
    ("event", "is_taken"),
    [
        ("SECRET", False),
        (None, False),
        ({"id": "e"}, False),
        ({**TIMED, "start": {"dateTime": "SECRET"}}, False),
        ({**TIMED, "end": None}, False),
        ({**TIMED, "id": None}, True),
        ({**TIMED, "responseStatus": "SECRET"}, True),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_item_that_cannot_be_read_is_told_and_hides_no_other(
    outlook: OutlookCalendar, api: RequestsMock, event: Any, is_taken: bool
) -> None:
    api.get(VIEW, json={"value": [event, {**TIMED, "id": "e2"}]})
    found = outlook.busy("main", BEGIN, END)
    assert len(found.unclear) == 1
    assert len(found.busy) == 1 + is_taken
    assert found.busy[-1].entry_id == "e2"
