"""Google's events, one at a time."""

from typing import Any

import pytest

from tests.sandbox.discovery import CUT, as_text, cut
from tests.sandbox.google_side import EVENT, MEET, WRITE, GoogleSide, reason
from tests.sandbox_process import BEN, MARA

READ_ONLY = {"sendUpdates": "none"}


def test_the_document_is_googles() -> None:
    assert CUT.read_text() == as_text(cut())


def test_an_event_lives(google: GoogleSide) -> None:
    made = google.insert().json or {}
    assert (made["id"], made["status"], made["start"]["dateTime"]) == (
        EVENT["id"],
        "confirmed",
        "2027-03-08T16:00:00+01:00",
    )
    assert "hangoutLink" not in made
    changed = google.event("PATCH", json={"summary": "Other", "description": None}).json or {}
    assert (changed["summary"], "description" in changed) == ("Other", False)
    assert changed["etag"] != made["etag"]
    assert google.event("DELETE").status_code == 204
    assert reason(google.event("DELETE")) == (410, "deleted")
    assert (google.event().json or {})["status"] == "cancelled"


def test_an_id_is_taken_for_ever(google: GoogleSide) -> None:
    google.insert()
    assert reason(google.insert()) == (409, "duplicate")
    google.event("DELETE")
    assert reason(google.insert()) == (409, "duplicate")
    assert google.insert(id=None).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "abc"},
        {"id": "book-me-1"},
        {"id": "xyzzy"},
        {"id": 12345},
        {"start": None},
        {"start": {"dateTime": "2027-03-08T15:00:00"}},
        {"start": {"dateTime": "2027-03-08 15:00:00Z"}},
        {"start": {"dateTime": "2027-03-08T15:00:00Z", "timeZone": "W. Europe Standard Time"}},
        {"start": {"date": "2027-03-08"}},
        {"end": {"dateTime": "2027-03-08T15:00:00Z"}},
        {"summary": 7},
        {"colour": "red"},
        {"htmlLink": "https://x"},
        {"creator": {"email": "x@example.com"}},
        {"status": "cancelled"},
        {"attendees": [{"email": "ana@example.org"}]},
        {"conferenceData": {"conferenceId": "aaa-bbbb-ccc"}},
        {"conferenceData": {"createRequest": {"requestId": "r1"}}},
        {"source": {"title": "x", "link": "y"}},
    ],
    ids=str,
)
def test_a_wrong_event_is_refused(google: GoogleSide, changes: dict[str, Any]) -> None:
    assert google.insert(**changes).status_code == 400
    assert [one for one in google.world.state("events") if one["made_by"] == "app"] == []


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sendUpdates": "all"},
        {"sendUpdates": "nobody"},
        {**WRITE, "conferenceDataVersion": "2"},
        {**WRITE, "sendNotifications": "false"},
        {**WRITE, "fields": "id,colour"},
        {**WRITE, "fields": "id("},
        {**WRITE, "verbose": "1"},
    ],
)
def test_a_wrong_parameter_is_refused(google: GoogleSide, asked: dict[str, str]) -> None:
    assert google.insert(asked=asked).status_code == 400


def test_the_mask_is_honoured(google: GoogleSide) -> None:
    body = google.insert(asked={**WRITE, "fields": "id,start/dateTime"}).json
    assert body == {"id": EVENT["id"], "start": {"dateTime": "2027-03-08T16:00:00+01:00"}}


def test_a_meeting_comes_later(google: GoogleSide) -> None:
    made = google.insert(conferenceData=MEET).json or {}
    assert made["conferenceData"]["createRequest"]["status"] == {"statusCode": "pending"}
    assert "hangoutLink" not in made
    found = google.event().json or {}
    assert found["hangoutLink"].startswith("http://sandbox.test/google/meet/")
    [way] = found["conferenceData"]["entryPoints"]
    assert (way["entryPointType"], way["uri"]) == ("video", found["hangoutLink"])
    page = google.client.get(found["hangoutLink"].removeprefix("http://sandbox.test"))
    assert EVENT["summary"] in page.text


@pytest.mark.parametrize("answers", [0, 3])
def test_how_much_later_can_be_said(google: GoogleSide, answers: int) -> None:
    google.world.control("settings", {"meet_pending_answers": answers})
    seen = [google.insert(conferenceData=MEET).json or {}]
    seen += [google.event().json or {} for _ in range(4)]
    assert ["hangoutLink" in one for one in seen] == [index >= answers for index in range(5)]


def test_a_meeting_can_fail(google: GoogleSide) -> None:
    google.world.control("settings", {"meet_fails": True})
    google.insert(conferenceData=MEET)
    found = google.event().json or {}
    assert found["conferenceData"]["createRequest"]["status"] == {"statusCode": "failure"}
    assert "hangoutLink" not in found


def test_without_the_version_there_is_no_meeting(google: GoogleSide) -> None:
    made = google.insert(asked=READ_ONLY, conferenceData=MEET).json or {}
    assert "conferenceData" not in made
    assert "conferenceData" not in (google.event().json or {})


def test_a_known_request_makes_no_second_meeting(google: GoogleSide) -> None:
    google.insert(conferenceData=MEET)
    link = (google.event().json or {})["hangoutLink"]
    google.event("PATCH", json={"conferenceData": MEET, "summary": "Later"})
    assert (google.event().json or {})["hangoutLink"] == link
    other = {"createRequest": {**MEET["createRequest"], "requestId": "r2"}}
    google.event("PATCH", json={"conferenceData": other})
    assert (google.event().json or {})["hangoutLink"] != link


def test_a_meeting_stays_over_a_patch_and_can_be_taken_away(google: GoogleSide) -> None:
    google.insert(conferenceData=MEET)
    link = (google.event().json or {})["hangoutLink"]
    changed = google.event("PATCH", json={"summary": "Later"}, query_string=READ_ONLY)
    assert (changed.json or {})["hangoutLink"] == link
    google.event("PATCH", json={"conferenceData": None})
    assert "hangoutLink" not in (google.event().json or {})
    google.event("PATCH", json={"conferenceData": MEET})
    assert "hangoutLink" not in (google.event().json or {}), "asked again under the same id"


def test_a_patch_may_be_conditional(google: GoogleSide) -> None:
    etag = (google.insert().json or {})["etag"]
    google.event("PATCH", json={"summary": "Mine"})
    late = google.event("PATCH", json={"summary": "Yours"}, headers={"If-Match": etag})
    assert reason(late) == (412, "conditionNotMet")


@pytest.mark.parametrize(
    "body",
    [
        {"summary": 7},
        {"start": {"dateTime": "2027-03-08T15:30:00Z"}},
        {"attendees": [{"email": "ana@example.org"}]},
        {"id": "another7"},
        {"iCalUID": "x"},
    ],
    ids=str,
)
def test_a_wrong_patch_is_refused(google: GoogleSide, body: dict[str, Any]) -> None:
    google.insert()
    assert google.event("PATCH", json=body).status_code == 400
    assert (google.event().json or {})["summary"] == EVENT["summary"]


def test_a_deleted_event_is_changed_without_a_word(google: GoogleSide) -> None:
    google.insert()
    google.event("DELETE")
    assert (google.event("PATCH", json={"summary": "x"}).json or {})["status"] == "cancelled"
    alive = google.event("PATCH", json={"status": "confirmed"}).json or {}
    assert alive["status"] == "confirmed"


def test_reviving_can_be_forbidden(google: GoogleSide) -> None:
    google.world.control("settings", {"google_revive": "forbidden"})
    google.insert()
    google.event("DELETE")
    assert reason(google.event("PATCH", json={"status": "confirmed"})) == (403, "forbidden")
    assert (google.event().json or {})["status"] == "cancelled"


def test_other_peoples_and_unknown_things_are_not_found(google: GoogleSide) -> None:
    assert reason(google.event()) == (404, "notFound")
    assert reason(google.event("DELETE", event_id="nothing")) == (404, "notFound")
    assert reason(google.insert(calendar=BEN)) == (404, "notFound")
    assert google.insert(calendar=MARA).status_code == 200


def test_a_read_only_calendar_takes_nothing(google: GoogleSide) -> None:
    calendars = (google.call("GET", "/users/me/calendarList").json or {})["items"]
    [holidays] = [one["id"] for one in calendars if one["accessRole"] == "reader"]
    assert reason(google.insert(calendar=holidays)) == (403, "requiredAccessLevel")


def test_broken_json_is_told(google: GoogleSide) -> None:
    response = google.call(
        "POST",
        "/calendars/primary/events",
        data="{",
        content_type="application/json",
        query_string=WRITE,
    )
    assert reason(response) == (400, "parseError")
