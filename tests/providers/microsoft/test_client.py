"""What Microsoft Graph is sent for a booking's entry, and what is made of its answers."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock, matchers

from bookme.errors import NotAllowed, NotFound, ProviderUnavailable, Rejected
from bookme.providers.calendar import DELETED, NO_MEETING, Account, CalendarInfo, EntryRequest, Link
from bookme.providers.microsoft.client import OutlookCalendar
from tests import wire
from tests.contracts import answer
from tests.providers.conftest import TOKEN, request

API = "https://graph.microsoft.com/v1.0"
EVENTS = f"{API}/me/calendars/main/events"
VIEW = f"{API}/me/calendars/main/calendarView"
ONE = f"{API}/me/events/AAMk"
TEAMS = Link("https://teams.microsoft.com/l/meetup-join/abc")
MADE: dict[str, Any] = {
    "@odata.etag": 'W/"7"',
    "id": "AAMk",
    "subject": "Intro call: Ana Costa",
    "location": {"displayName": "https://zoom.us/j/92674392836"},
    "start": {"dateTime": "2027-03-11T09:00:00.0000000", "timeZone": "UTC"},
    "end": {"dateTime": "2027-03-11T09:30:00.0000000", "timeZone": "UTC"},
    "isOnlineMeeting": False,
    "onlineMeeting": None,
    "transactionId": request().key,
}
ONLINE = {**MADE, "isOnlineMeeting": True, "onlineMeeting": {"joinUrl": TEAMS.join_url}}
PENDING = {**MADE, "isOnlineMeeting": True}


def sent(api: RequestsMock, call: int = -1) -> Any:
    return json.loads(api.calls[call].request.body or "null")


def methods(api: RequestsMock) -> list[str | None]:
    return [call.request.method for call in api.calls]


@pytest.fixture
def nothing_there(api: RequestsMock) -> None:
    """No earlier try has made the entry."""
    api.get(VIEW, json={"value": [{**MADE, "id": "other", "transactionId": None}]})


@pytest.mark.usefixtures("nothing_there")
def test_an_entry_is_made_and_nobody_invited(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, status=201, json=MADE)
    made = outlook.create("main", request())
    assert sent(api) == {
        "subject": "Intro call: Ana Costa",
        "body": {
            "contentType": "html",
            "content": "<html><body><div>Ana Costa, ana@example.com<br>Looking forward!<br><br>"
            "https://bookme.example/dashboard/bookings/3f25</div></body></html>",
        },
        "location": {"displayName": "https://zoom.us/j/92674392836"},
        "start": {"dateTime": "2027-03-11T09:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2027-03-11T09:30:00", "timeZone": "UTC"},
        "transactionId": request().key,
    }
    assert api.calls[-1].request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert (made.id, made.etag, made.meeting) == ("AAMk", 'W/"7"', None)
    assert not made.differs_from(request())


@pytest.mark.usefixtures("nothing_there")
def test_teams_is_asked_for_and_its_link_read(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, **answer("teams_ok", "microsoft"))
    api.patch(ONE, json=ONLINE)  # the sample answer has another subject
    api.get(ONE, json={**ONLINE, "body": {"content": "<body></body>"}})
    made = outlook.create("main", request(wants_meeting=True))
    asked = sent(api, 1)
    assert (asked["isOnlineMeeting"], asked["onlineMeetingProvider"]) == (True, "teamsForBusiness")
    assert made.meeting == TEAMS


@pytest.mark.usefixtures("nothing_there")
def test_a_link_that_is_being_made_comes_later(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.post(EVENTS, status=201, json=PENDING)
    api.get(ONE, json=ONLINE)
    made = outlook.create("main", request(wants_meeting=True))
    assert made.meeting_pending
    assert outlook.get("main", "AAMk").meeting == TEAMS


@pytest.mark.usefixtures("nothing_there")
def test_a_personal_account_makes_no_meeting_and_no_entry_is_left(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    without = answer("personal_no_teams", "microsoft")
    api.post(EVENTS, **without | {"json": {**MADE, **without["json"], "subject": MADE["subject"]}})
    api.get(f"{API}/me/events/AQMk", json={**MADE, **without["json"]})
    api.delete(f"{API}/me/events/AQMk", status=204)
    with pytest.raises(NotAllowed) as caught:
        outlook.create("main", request(wants_meeting=True))
    assert caught.value.code == NO_MEETING
    assert methods(api) == ["GET", "POST", "GET", "DELETE"]


@pytest.mark.usefixtures("nothing_there")
def test_a_meeting_that_shows_a_moment_later_is_one(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, status=201, json=MADE)
    api.get(ONE, json=ONLINE)
    assert outlook.create("main", request(wants_meeting=True)).meeting == TEAMS


def test_another_providers_link_is_no_teams_link(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    skype = {"onlineMeeting": {"joinUrl": "https://join.skype.com/a"}, "onlineMeetingUrl": "x"}
    api.get(ONE, json={**MADE, **skype})
    assert outlook.get("main", "AAMk").has_no_meeting


def test_a_repeated_create_finds_the_entry(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(VIEW, json={"value": [{"id": "other"}, MADE]})
    assert outlook.create("main", request()).id == "AAMk"
    assert methods(api) == ["GET"]


def test_a_found_entry_is_brought_up_to_date(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(VIEW, json={"value": [{**MADE, "subject": "Before"}]})
    api.get(ONE, json={**MADE, "body": {"contentType": "html", "content": "<p>Before</p>"}})
    api.patch(ONE, json=MADE)
    outlook.create("main", request())
    assert sent(api)["subject"] == "Intro call: Ana Costa"
    assert "isOnlineMeeting" not in sent(api), "named again, Exchange removes the meeting"


@pytest.mark.usefixtures("nothing_there")
@pytest.mark.parametrize("code", ["ErrorDuplicateTransactionId", "SomethingNew"])
def test_an_entry_that_was_moved_meanwhile_is_found_all_the_same(
    outlook: OutlookCalendar, api: RequestsMock, code: str
) -> None:
    moved = {"dateTime": "2027-04-11T09:00:00.0000000", "timeZone": "UTC"}
    api.post(EVENTS, status=409, json={"error": {"code": code, "message": "SECRET"}})
    api.get(VIEW, json={"value": [{**MADE, "start": moved}]})
    api.get(ONE, json={**MADE, "body": {"content": ""}})
    api.patch(ONE, json=MADE)
    assert outlook.create("main", request()).id == "AAMk"
    assert api.calls[2].request.params["startDateTime"] == "2026-12-11T09:00:00Z"


@pytest.mark.usefixtures("nothing_there")
def test_an_entry_made_once_and_nowhere_now_is_not_revived(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.post(EVENTS, status=409, json={"error": {"code": "ErrorDuplicateTransactionId"}})
    api.get(VIEW, json={"value": []})
    with pytest.raises(NotFound) as caught:
        outlook.create("main", request())
    assert caught.value.code == DELETED


@pytest.mark.parametrize("pages", [[MADE], [None, MADE]], ids=["in its place", "elsewhere"])
def test_what_was_made_is_found_by_its_transaction(
    outlook: OutlookCalendar, api: RequestsMock, pages: list[Any]
) -> None:
    for found in pages:
        api.get(VIEW, json={"value": [{"id": "other"}, *([found] if found else [])]})
    seen = outlook.find("main", request())
    assert seen is not None
    assert seen.id == "AAMk"
    assert len(api.calls) == len(pages)


@pytest.mark.usefixtures("nothing_there")
def test_what_was_not_made_is_not_found(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(VIEW, json={"value": []})
    assert outlook.find("main", request()) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Other"}, {"subject"}),
        ({"location": "Lisbon"}, {"location"}),
        ({"ends_at": datetime(2027, 3, 11, 9, 45, tzinfo=UTC)}, {"start", "end"}),
        ({"wants_meeting": True}, {"isOnlineMeeting", "onlineMeetingProvider"}),
    ],
    ids=lambda names: "-".join(sorted(names)),
)
def test_an_update_sends_only_what_changed(
    outlook: OutlookCalendar, api: RequestsMock, fields: dict[str, Any], expected: set[str]
) -> None:
    api.patch(ONE, json=ONLINE)
    assert outlook.update("main", "AAMk", request(**fields), request()).meeting == TEAMS
    assert sent(api).keys() == expected


@pytest.mark.parametrize("there", [ONLINE, MADE], ids=["there", "lacking"])
def test_a_meeting_is_named_again_only_where_it_is_lacking(
    outlook: OutlookCalendar, api: RequestsMock, there: dict[str, Any]
) -> None:
    api.get(ONE, json={**there, "body": {"content": ""}})
    api.patch(ONE, json=ONLINE)
    outlook.update("main", "AAMk", request(wants_meeting=True))  # what was sent is not known
    assert ("isOnlineMeeting" in sent(api)) is (there is MADE)
    assert {"subject", "start", "end"} <= sent(api).keys()


REFUSED = {"error": {"code": "ErrorPropertyValidationFailure", "message": "midnight"}}
LONGER = request(ends_at=datetime(2027, 3, 11, 9, 45, tzinfo=UTC))


def test_a_whole_day_that_the_host_made_of_it_becomes_a_time_again(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.patch(ONE, status=400, json=REFUSED)
    api.get(ONE, json={"id": "AAMk", "isAllDay": True})
    api.patch(ONE, json=MADE)
    outlook.update("main", "AAMk", LONGER, request())
    assert sent(api).keys() == {"start", "end", "isAllDay"}
    assert sent(api)["isAllDay"] is False


@pytest.mark.parametrize("wanted", [LONGER, request(title="Other")], ids=["time", "title"])
def test_what_is_refused_for_another_reason_is_our_mistake(
    outlook: OutlookCalendar, api: RequestsMock, wanted: EntryRequest
) -> None:
    api.assert_all_requests_are_fired = False
    api.patch(ONE, status=400, json=REFUSED)
    api.get(ONE, json={"id": "AAMk", "isAllDay": False})
    with pytest.raises(Rejected):
        outlook.update("main", "AAMk", wanted, request())
    assert methods(api).count("PATCH") == 1


def test_a_new_text_keeps_teams_own_part(outlook: OutlookCalendar, api: RequestsMock) -> None:
    part = f'<div class="me-email-text"><a href="{TEAMS.join_url}">Join</a></div>'
    page = f"<html><body><div>Before</div>{part}</body></html>"
    api.get(ONE, json={**ONLINE, "body": {"contentType": "html", "content": page}})
    api.patch(ONE, json=ONLINE)
    before = request(wants_meeting=True)
    outlook.update("main", "AAMk", request(text="After", wants_meeting=True), before)
    assert sent(api).keys() == {"body"}
    content = sent(api)["body"]["content"]
    assert content.startswith("<html><body><div>After<br>")
    assert content.endswith(f"</div>{part}</body></html>")


def test_a_text_is_left_as_it_is_where_teams_part_cannot_be_told(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    page = "<body>Something new without any link</body>"
    api.get(ONE, json={**ONLINE, "body": {"contentType": "html", "content": page}})
    api.patch(ONE, json=ONLINE)
    before = request(wants_meeting=True)
    outlook.update("main", "AAMk", request(text="A", title="B", wants_meeting=True), before)
    assert sent(api) == {"subject": "B"}


def test_an_update_that_changes_nothing_only_looks(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.get(ONE, json={**MADE, "subject": ""})
    assert outlook.update("main", "AAMk", request(), request()).differs_from(request())


@pytest.mark.parametrize("gone", [{"status": 204}, answer("404", "microsoft")], ids=str)
def test_deleting_what_is_gone_is_success(
    outlook: OutlookCalendar, api: RequestsMock, gone: dict[str, Any]
) -> None:
    api.delete(ONE, **gone)
    outlook.delete("main", "AAMk")
    assert len(api.calls) == 1


def test_ids_cannot_leave_their_place_in_the_address(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    api.delete(f"{API}/me/events/1%2F..%3Fc%3D", status=204)
    outlook.delete("main", "1/..?c=")
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("kinds", "can_meet"),
    [(["teamsForBusiness"], True), (["skypeForConsumer"], False), ([], False), (None, False)],
)
def test_an_account_that_cannot_make_teams_meetings_is_recognised(
    outlook: OutlookCalendar, api: RequestsMock, kinds: Any, can_meet: bool
) -> None:
    user = {"id": "u", "mail": None, "userPrincipalName": "ana@example.com", "displayName": "Ana"}
    api.get(f"{API}/me", json=user)
    api.get(f"{API}/me/calendar", json={"id": "main", "allowedOnlineMeetingProviders": kinds})
    assert outlook.me() == Account("u", "ana@example.com", can_meet)


@pytest.mark.parametrize("user", [{}, {"id": 5}, {"id": "u", "mail": []}], ids=str)
def test_an_account_with_wrong_fields_is_an_outage(
    outlook: OutlookCalendar, api: RequestsMock, user: dict[str, Any]
) -> None:
    api.get(f"{API}/me", json=user)
    api.get(f"{API}/me/calendar", json={})
    with pytest.raises(ProviderUnavailable):
        outlook.me()


def test_an_account_always_has_a_label(outlook: OutlookCalendar, api: RequestsMock) -> None:
    api.get(f"{API}/me", json={"id": "u"})
    api.get(f"{API}/me/calendar", json={})
    assert outlook.me().label == "Microsoft Outlook"


def test_calendars_are_read_to_the_last_page(outlook: OutlookCalendar, api: RequestsMock) -> None:
    mine = {"id": "main", "name": "Calendar", "isDefaultCalendar": True, "canEdit": True}
    theirs = {"id": "x", "name": "Team", "hexColor": "#a0b1c2", "canEdit": False}
    query = matchers.query_param_matcher({"$top": "100"}, strict_match=False)
    following = f"{API}/me/calendars?$select=id,name&$skip=1"
    api.get(
        f"{API}/me/calendars",
        json={"value": [mine], "@odata.nextLink": following},
        match=[query],
    )
    api.get(following, json={"value": [theirs]})
    assert outlook.calendars() == [
        CalendarInfo("main", "Calendar", None, True, True, None),
        CalendarInfo("x", "Team", "#a0b1c2", False, False, None),
    ]


@pytest.mark.usefixtures("nothing_there")
@pytest.mark.parametrize(
    "event",
    [
        {},
        {"id": 5},
        {**MADE, "subject": []},
        {**MADE, "location": "SECRET"},
        {**MADE, "start": "SECRET"},
        {**MADE, "start": {"dateTime": "SECRET"}},
        {**ONLINE, "onlineMeeting": "SECRET"},
        {**ONLINE, "onlineMeeting": {"joinUrl": "javascript:alert(1)"}},
    ],
    ids=lambda event: str(event)[-60:],
)
def test_wrong_fields_mean_that_there_may_be_an_entry(
    outlook: OutlookCalendar, api: RequestsMock, event: dict[str, Any]
) -> None:
    api.post(EVENTS, status=201, json=event)
    with pytest.raises(ProviderUnavailable) as caught:
        outlook.create("main", request())
    assert caught.value.sent
    assert "SECRET" not in wire.shown(caught.value)
