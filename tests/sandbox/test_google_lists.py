"""Google's lists, and what people do in their calendars."""

from typing import Any

import pytest

from tests.sandbox.google_side import EVENT, GoogleSide, reason
from tests.sandbox_process import MARA

DAY = {"timeMin": "2027-03-02T00:00:00Z", "timeMax": "2027-03-03T00:00:00Z"}


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [one["summary"] for one in items]


def test_calendars_are_listed_in_pages(google: GoogleSide) -> None:
    google.world.control("settings", {"page_size": 2})
    first = google.call("GET", "/users/me/calendarList").json or {}
    asked = {"pageToken": first["nextPageToken"]}
    rest = google.call("GET", "/users/me/calendarList", query_string=asked).json or {}
    main, family, holidays = first["items"] + rest["items"]
    assert (main["id"], main["primary"], main["timeZone"]) == (MARA, True, "Europe/Berlin")
    assert (family["accessRole"], holidays["accessRole"]) == ("owner", "reader")
    assert family["id"].endswith("@group.calendar.google.com")
    assert "nextPageToken" not in rest


def test_the_main_calendar_can_be_asked_for(google: GoogleSide) -> None:
    path = "/users/me/calendarList/primary"
    assert google.call("GET", path, query_string={"fields": "id"}).json == {"id": MARA}


def test_a_day_has_what_happens_on_it(google: GoogleSide) -> None:
    items = google.listed(**DAY)
    assert titles(items) == ["Stand-up", "Lunch with Ines", "Quarterly report, if time allows"]
    standup, lunch, report = items
    assert standup["start"]["dateTime"] == "2027-03-02T09:15:00+01:00"
    assert standup["id"].startswith(f"{standup['recurringEventId']}_2027")
    assert "recurrence" not in standup
    assert "recurringEventId" not in lunch
    assert report["transparency"] == "transparent"


def test_days_declined_and_deleted_ones_are_told_apart(google: GoogleSide) -> None:
    items = {one["summary"]: one for one in google.listed()}
    assert items["Lea’s birthday"]["start"] == {"date": "2027-03-05"}
    assert items["Conference in Lisbon"]["end"] == {"date": "2027-03-12"}
    [own] = [one for one in items["Sales pitch of Olga’s"]["attendees"] if one.get("self")]
    assert own["responseStatus"] == "declined"
    assert "Project review" not in items
    shown = {one["summary"]: one for one in google.listed(showDeleted="true")}
    assert shown["Project review"]["status"] == "cancelled"


def test_a_recurring_event_keeps_its_wall_time(google: GoogleSide) -> None:
    items = google.listed(timeMin="2027-03-26T00:00:00Z", timeMax="2027-03-30T00:00:00Z")
    starts = [one["start"]["dateTime"] for one in items]
    assert starts == [
        "2027-03-26T09:15:00+01:00",
        "2027-03-29T09:15:00+02:00",
    ]


def test_unexpanded_it_stands_once(google: GoogleSide) -> None:
    items = google.listed(singleEvents=None, orderBy=None)
    [standup] = [one for one in items if one["summary"] == "Stand-up"]
    assert standup["recurrence"] == ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"]


def test_bounds_are_exclusive(google: GoogleSide) -> None:
    google.insert()
    at = {"timeMin": "2027-03-08T15:30:00Z", "timeMax": "2027-03-08T16:00:00Z"}
    assert google.listed(**at) == []
    at = {"timeMin": "2027-03-08T14:00:00Z", "timeMax": "2027-03-08T15:00:00Z"}
    assert google.listed(**at) == []
    at = {"timeMin": "2027-03-08T15:29:59Z", "timeMax": "2027-03-08T15:59:59Z"}
    assert titles(google.listed(**at)) == [EVENT["summary"]]


def test_pages_are_small_whatever_is_asked_for(google: GoogleSide) -> None:
    asked = {"maxResults": "2500", "singleEvents": "true"}
    page = google.call("GET", "/calendars/primary/events", query_string=asked).json or {}
    assert len(page["items"]) == 7
    again = {**asked, "pageToken": page["nextPageToken"]}
    rest = google.call("GET", "/calendars/primary/events", query_string=again).json or {}
    assert {one["id"] for one in page["items"]} & {one["id"] for one in rest["items"]} == set()
    other = {**again, "singleEvents": "false"}
    assert google.call("GET", "/calendars/primary/events", query_string=other).status_code == 400


def test_the_mask_cuts_items(google: GoogleSide) -> None:
    asked = {**DAY, "singleEvents": "true", "fields": "items(id,start(dateTime)),timeZone"}
    page = google.call("GET", "/calendars/primary/events", query_string=asked).json or {}
    assert set(page) == {"items", "timeZone"}
    assert {tuple(sorted(one)) for one in page["items"]} == {("id", "start")}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"timeMin": "2027-03-02T00:00:00Z", "timeMax": "2027-03-02T00:00:00Z"}, "timeRangeEmpty"),
        ({"timeMin": "2027-03-02T00:00:00"}, "invalid"),
        ({"timeMin": "2027-03-02"}, "invalid"),
        ({"orderBy": "startTime"}, "invalid"),
        ({"orderBy": "title", "singleEvents": "true"}, "invalid"),
        ({"singleEvents": "True"}, "invalid"),
        ({"maxResults": "2501"}, "invalid"),
        ({"maxResults": "0"}, "invalid"),
        ({"pageToken": "x"}, "invalid"),
        ({"fields": "items(name)"}, "invalidParameter"),
        ({"q": "x"}, "invalid"),
    ],
)
def test_a_wrong_question_is_refused(google: GoogleSide, asked: dict[str, str], why: str) -> None:
    response = google.call("GET", "/calendars/primary/events", query_string=asked)
    assert reason(response) == (400, why)


def test_owners_add_change_and_delete(google: GoogleSide) -> None:
    world = google.world
    given = {"user": MARA, "title": "Gym", "starts_at": "2027-03-02T20:00:00Z", "minutes": 45}
    number = world.control("calendars/google/add", given)["id"]
    assert "Gym" in titles(google.listed(**DAY))
    world.control("calendars/google/change", {"entry": number, "shows": "free", "title": "Spa"})
    [spa] = [one for one in google.listed(**DAY) if one["id"] == number]
    assert (spa["summary"], spa["transparency"]) == ("Spa", "transparent")
    world.control("calendars/google/change", {"entry": number, "all_day": True})
    assert (google.event(event_id=number).json or {})["start"] == {"date": "2027-03-02"}
    world.control("calendars/google/remove", {"entry": number})
    assert "Spa" not in titles(google.listed(**DAY))
    assert [one["deleted_by"] for one in world.state("events") if one["id"] == number] == ["user"]


def test_what_bookme_wrote_stands_but_for_what_the_owner_changes(google: GoogleSide) -> None:
    google.insert(source={"title": "BookMe", "url": "http://bookme.test/b"})
    google.world.control("calendars/google/change", {"entry": EVENT["id"], "title": "Mine"})
    found = google.event().json or {}
    assert (found["summary"], found["description"]) == ("Mine", EVENT["description"])
    assert found["source"]["title"] == "BookMe"


def test_a_calendar_can_vanish(google: GoogleSide) -> None:
    google.world.control("calendars/google/drop", {"user": MARA, "calendar": "Family"})
    calendars = (google.call("GET", "/users/me/calendarList").json or {})["items"]
    assert [one["summary"] for one in calendars] == [MARA, "Holidays"]
    google.world.control("calendars/google/drop", {"user": MARA})
    assert reason(google.insert()) == (404, "notFound")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("google/add", {"user": "nobody"}, 404),
        ("google/add", {"user": MARA, "title": "x", "starts_at": "soon"}, 400),
        ("google/add", {"user": MARA, "title": "x", "minutes": 0}, 400),
        ("google/add", {"user": MARA, "title": " "}, 400),
        ("google/add", {"user": MARA, "title": "x", "colour": "red"}, 400),
        ("google/change", {"entry": "x"}, 404),
        ("google/remove", {"entry": "x"}, 404),
        ("google/drop", {"user": MARA, "calendar": "x"}, 404),
        ("outlook/add", {"user": MARA}, 404),
    ],
)
def test_a_wrong_wish_is_told(
    google: GoogleSide, path: str, body: dict[str, Any], status: int
) -> None:
    assert google.client.post(f"/control/calendars/{path}", json=body).status_code == status
