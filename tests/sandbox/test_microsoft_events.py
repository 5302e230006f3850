"""Graph's events, one at a time."""

from typing import Any

import pytest

from tests.sandbox.microsoft_side import EVENT, TEAMS, MicrosoftSide, code
from tests.sandbox_process import BEN, MARA


def test_an_event_lives(microsoft: MicrosoftSide) -> None:
    response = microsoft.create()
    made = response.json or {}
    assert response.status_code == 201
    assert (made["subject"], made["isOnlineMeeting"]) == (EVENT["subject"], False)
    assert made["start"] == {"dateTime": "2027-03-08T15:00:00.0000000", "timeZone": "UTC"}
    assert made["body"]["contentType"] == "html"
    changed = microsoft.event(made["id"], "PATCH", json={"subject": "Other"})
    assert changed.status_code == 200
    body = changed.json or {}
    assert (body["subject"], body["start"]) == ("Other", made["start"])
    assert body["@odata.etag"] != made["@odata.etag"]
    assert microsoft.event(made["id"], "DELETE").status_code == 204
    for method in ("GET", "DELETE"):
        assert code(microsoft.event(made["id"], method)) == (404, "ErrorItemNotFound")


def test_the_same_request_makes_one_event(microsoft: MicrosoftSide) -> None:
    first, second = microsoft.create().json or {}, microsoft.create().json or {}
    assert first["id"] == second["id"]
    events = [one for one in microsoft.world.state("events") if one["made_by"] == "app"]
    assert len(events) == 1


def test_a_transaction_of_a_deleted_event_is_remembered(microsoft: MicrosoftSide) -> None:
    made = microsoft.create().json or {}
    microsoft.event(made["id"], "DELETE")
    assert code(microsoft.create()) == (409, "ErrorDuplicateTransactionId")
    assert microsoft.create(transactionId="other").status_code == 201


def test_repeated_requests_can_be_refused(microsoft: MicrosoftSide) -> None:
    microsoft.world.control("settings", {"graph_duplicates": "refused"})
    assert microsoft.create().status_code == 201
    assert code(microsoft.create()) == (409, "ErrorDuplicateTransactionId")


@pytest.mark.parametrize(
    "changes",
    [
        {"transactionId": None},
        {"start": None},
        {"start": {"dateTime": "2027-03-08T15:00:00"}},
        {"start": {"dateTime": "2027-03-08T15:00:00Z", "timeZone": "UTC"}},
        {"start": {"dateTime": "2027-03-08T15:00:00+01:00", "timeZone": "UTC"}},
        {"start": {"dateTime": "2027-02-30T15:00:00", "timeZone": "UTC"}},
        {"start": {"dateTime": "2027-03-08T15:00:00", "timeZone": "Mars/Base"}},
        {"end": EVENT["start"]},
        {"subject": "x" * 256},
        {"subject": None, "title": "x"},
        {"body": {"contentType": "markdown", "content": "x"}},
        {"location": "here"},
        {"attendees": [{"emailAddress": {"address": "ana@example.org"}}]},
        {"isOnlineMeeting": True},
        {"isOnlineMeeting": "yes"},
        {**TEAMS, "onlineMeetingProvider": "zoom"},
        {"showAs": "sleeping"},
    ],
    ids=str,
)
def test_a_wrong_event_is_refused(microsoft: MicrosoftSide, changes: dict[str, Any]) -> None:
    assert microsoft.create(**changes).status_code == 400
    assert [one for one in microsoft.world.state("events") if one["made_by"] == "app"] == []


def test_windows_names_of_zones_are_known(microsoft: MicrosoftSide) -> None:
    zone = {"timeZone": "W. Europe Standard Time"}
    start, end = {**EVENT["start"], **zone}, {**EVENT["end"], **zone}
    made = microsoft.create(start=start, end=end).json or {}
    assert made["start"]["dateTime"] == "2027-03-08T14:00:00.0000000"
    assert made["originalStartTimeZone"] == "W. Europe Standard Time"
    prefer = 'IdType="ImmutableId", outlook.timezone="Asia/Kolkata"'
    found = microsoft.event(made["id"], prefer=prefer).json or {}
    assert found["start"] == {"dateTime": "2027-03-08T19:30:00.0000000", "timeZone": "Asia/Kolkata"}


@pytest.mark.parametrize(
    "prefer",
    ["", 'outlook.timezone="UTC"', 'IdType="RestId"', "respond-async", "IdType=ImmutableId"],
)
def test_ids_must_be_immutable(microsoft: MicrosoftSide, prefer: str) -> None:
    made = microsoft.create().json or {}
    assert code(microsoft.event(made["id"], prefer=prefer)) == (400, "ErrorInvalidRequest")


def test_a_zone_nobody_knows_is_refused(microsoft: MicrosoftSide) -> None:
    prefer = 'IdType="ImmutableId", outlook.timezone="Mars"'
    response = microsoft.call("GET", "/calendar", prefer=prefer)
    assert code(response) == (400, "TimeZoneNotSupportedException")


def test_a_teams_meeting_comes_with_its_part_of_the_text(microsoft: MicrosoftSide) -> None:
    made = microsoft.create(**TEAMS).json or {}
    link = made["onlineMeeting"]["joinUrl"]
    assert (made["isOnlineMeeting"], made["onlineMeetingUrl"]) == (True, None)
    assert "About the project" in made["body"]["content"]
    assert link in made["body"]["content"]
    page = microsoft.client.get(link.removeprefix("http://sandbox.test"))
    assert EVENT["subject"] in page.text


def test_a_text_without_teams_part_ends_the_meeting(microsoft: MicrosoftSide) -> None:
    made = microsoft.create(**TEAMS).json or {}
    moved = microsoft.event(made["id"], "PATCH", json={"subject": "Later"}).json or {}
    assert moved["onlineMeeting"] == made["onlineMeeting"]
    kept = made["body"]["content"].replace("About the project", "About the other project")
    page = {"body": {"contentType": "html", "content": kept}}
    changed = microsoft.event(made["id"], "PATCH", json=page).json or {}
    assert changed["onlineMeeting"] == made["onlineMeeting"]
    assert "the other project" in changed["body"]["content"]
    bare = {"body": {"contentType": "text", "content": "Hello"}}
    spoiled = microsoft.event(made["id"], "PATCH", json=bare).json or {}
    assert (spoiled["isOnlineMeeting"], spoiled["onlineMeeting"]) == (False, None)


def test_a_change_by_hand_leaves_teams_part_alone(microsoft: MicrosoftSide) -> None:
    made = microsoft.create(**TEAMS).json or {}
    microsoft.world.control("calendars/microsoft/change", {"entry": made["id"], "notes": "Mine"})
    found = microsoft.event(made["id"]).json or {}
    assert found["onlineMeeting"] == made["onlineMeeting"]
    assert "Mine" in found["body"]["content"]
    assert "About the project" not in found["body"]["content"]
    assert found["onlineMeeting"]["joinUrl"] in found["body"]["content"]


@pytest.mark.parametrize("kind", ["personal", "unlicensed"])
def test_an_account_without_teams_makes_no_meeting_and_says_nothing(
    microsoft: MicrosoftSide, kind: str
) -> None:
    microsoft.world.control("calendars/microsoft/accounts", {"user": MARA, "kind": kind})
    main = microsoft.call("GET", "/calendar").json or {}
    assert "teamsForBusiness" not in main["allowedOnlineMeetingProviders"]
    response = microsoft.create(**TEAMS)
    made = response.json or {}
    assert (response.status_code, made["isOnlineMeeting"], made["onlineMeeting"]) == (
        201,
        False,
        None,
    )


def test_the_link_may_come_later(microsoft: MicrosoftSide) -> None:
    microsoft.world.control("settings", {"teams_link_answers": 1})
    made = microsoft.create(**TEAMS).json or {}
    assert (made["isOnlineMeeting"], made["onlineMeeting"]) == (True, None)
    assert (microsoft.event(made["id"]).json or {})["onlineMeeting"]["joinUrl"]


def test_a_meeting_can_be_added_and_not_be_taken_away(microsoft: MicrosoftSide) -> None:
    made = microsoft.create().json or {}
    with_it = microsoft.event(made["id"], "PATCH", json=TEAMS).json or {}
    assert with_it["onlineMeeting"]["joinUrl"]
    without_it = microsoft.event(made["id"], "PATCH", json={"isOnlineMeeting": False}).json or {}
    assert without_it["onlineMeeting"] == with_it["onlineMeeting"]


@pytest.mark.parametrize(
    "body",
    [
        {"transactionId": "x"},
        {"subject": 7},
        {"end": EVENT["start"]},
        {"attendees": [{"emailAddress": {"address": "ana@example.org"}}]},
    ],
    ids=str,
)
def test_a_wrong_change_is_refused(microsoft: MicrosoftSide, body: dict[str, Any]) -> None:
    made = microsoft.create().json or {}
    assert microsoft.event(made["id"], "PATCH", json=body).status_code == 400


def test_broken_json_is_told(microsoft: MicrosoftSide) -> None:
    response = microsoft.call("POST", "/events", data="{", content_type="application/json")
    assert code(response) == (400, "BadRequest")


def test_other_calendars_and_other_people(microsoft: MicrosoftSide) -> None:
    ids = microsoft.calendars()
    assert microsoft.create(f"/calendars/{ids['Family']}/events").status_code == 201
    read_only = microsoft.create(f"/calendars/{ids['Holidays']}/events", transactionId="y")
    assert code(read_only) == (403, "ErrorAccessDenied")
    assert code(microsoft.create("/calendars/x/events")) == (404, "ErrorItemNotFound")
    made = microsoft.create(transactionId="z").json or {}
    microsoft.connect(BEN)
    assert microsoft.event(made["id"]).status_code == 404


def test_an_account_without_a_mailbox_has_no_calendar(microsoft: MicrosoftSide) -> None:
    microsoft.world.control("calendars/microsoft/accounts", {"user": MARA, "kind": "no-mailbox"})
    assert microsoft.call("GET", "").status_code == 200
    for path in ("/calendar", "/calendars", "/calendarView"):
        assert code(microsoft.call("GET", path)) == (404, "MailboxNotEnabledForRESTAPI")
