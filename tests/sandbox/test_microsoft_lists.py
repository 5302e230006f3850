"""Graph's lists, faults and limits."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.faults import ERRORS
from sandbox.microsoft.crowd import MOST
from sandbox.operations import OPERATIONS, provider_of
from tests.sandbox.microsoft_side import WEEK, MicrosoftSide, code
from tests.sandbox_process import BEN, MARA

MICROSOFTS = [name for name in OPERATIONS if provider_of(name) == "microsoft"]
DAY = {"startDateTime": "2027-03-02T00:00:00Z", "endDateTime": "2027-03-03T00:00:00Z"}


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [one["subject"] for one in items]


def test_who_it_is(microsoft: MicrosoftSide) -> None:
    me = microsoft.call("GET", "").json or {}
    assert (me["mail"], me["displayName"]) == (MARA, "Mara Lindström")
    microsoft.connect(BEN)
    other = microsoft.call("GET", "").json or {}
    assert (other["mail"], other["userPrincipalName"]) == (None, BEN)
    assert other["id"] != me["id"]


def test_calendars_are_listed_in_pages(microsoft: MicrosoftSide) -> None:
    first = microsoft.call("GET", "/calendars", query_string={"$top": "2"}).json or {}
    following = first["@odata.nextLink"].split("/me", 1)[1]
    rest = microsoft.call("GET", following).json or {}
    main, family, holidays = first["value"] + rest["value"]
    assert (main["name"], main["isDefaultCalendar"], main["canEdit"]) == ("Calendar", True, True)
    assert (family["canEdit"], holidays["canEdit"]) == (True, False)
    assert "@odata.nextLink" not in rest


def test_a_day_has_what_happens_on_it(microsoft: MicrosoftSide) -> None:
    standup, lunch, report = microsoft.listed(**DAY)
    assert titles([standup, lunch, report]) == [
        "Stand-up",
        "Lunch with Ines",
        "Quarterly report, if time allows",
    ]
    assert standup["start"] == {"dateTime": "2027-03-02T08:15:00.0000000", "timeZone": "UTC"}
    assert (standup["type"], lunch["type"]) == ("occurrence", "singleInstance")
    assert (report["showAs"], lunch["showAs"]) == ("free", "busy")


def test_days_declined_and_cancelled_ones_are_told_apart(microsoft: MicrosoftSide) -> None:
    items = {one["subject"]: one for one in microsoft.listed()}
    birthday = items["Lea’s birthday"]
    assert (birthday["isAllDay"], birthday["showAs"]) == (True, "free")
    assert birthday["start"] == {"dateTime": "2027-03-05T00:00:00.0000000", "timeZone": "UTC"}
    assert birthday["originalStartTimeZone"] == "W. Europe Standard Time"
    assert items["Project review"]["isCancelled"] is True
    assert items["Sales pitch of Olga’s"]["responseStatus"]["response"] == "declined"


def test_every_page_is_small_and_leads_on(microsoft: MicrosoftSide) -> None:
    first = microsoft.call("GET", "/calendarView", query_string={**WEEK, "$top": "500"})
    assert len((first.json or {})["value"]) == 7
    found = microsoft.listed(**{"$top": "500"})
    assert len(found) == len({one["id"] for one in found}) == 17
    following = (first.json or {})["@odata.nextLink"].split("/me", 1)[1]
    assert microsoft.call("GET", following.replace("500", "400")).status_code == 400


def test_what_is_selected_is_shown(microsoft: MicrosoftSide) -> None:
    [first, *_] = microsoft.listed(**DAY, **{"$select": "id,showAs,transactionId"})
    assert set(first) == {"@odata.etag", "id", "showAs", "transactionId"}
    asked = {**DAY, "$select": "id,name"}
    wrong = microsoft.call("GET", "/calendarView", query_string=asked)
    assert code(wrong) == (400, "RequestBroker--ParseUri")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"startDateTime": "2027-03-02"},
        {"startDateTime": DAY["endDateTime"], "endDateTime": DAY["startDateTime"]},
        {**DAY, "$top": "0"},
        {**DAY, "$top": "1001"},
        {**DAY, "$filter": "x"},
        {**DAY, "$skiptoken": "x"},
        {**DAY, "startDateTime": "soon"},
    ],
)
def test_a_wrong_question_is_refused(microsoft: MicrosoftSide, asked: dict[str, str]) -> None:
    assert microsoft.call("GET", "/calendarView", query_string=asked).status_code == 400


def test_a_calendar_can_vanish(microsoft: MicrosoftSide) -> None:
    family = microsoft.calendars()["Family"]
    path = f"/calendars/{family}/calendarView"
    assert titles(microsoft.listed(path)) == ["School play"]
    microsoft.world.control("calendars/microsoft/drop", {"user": MARA, "calendar": "Family"})
    assert code(microsoft.call("GET", path, query_string=WEEK)) == (404, "ErrorItemNotFound")


def test_owners_add_change_and_delete(microsoft: MicrosoftSide) -> None:
    world = microsoft.world
    given = {"user": MARA, "title": "Gym", "starts_at": "2027-03-02T20:00:00Z", "minutes": 45}
    number = world.control("calendars/microsoft/add", given)["id"]
    assert "Gym" in titles(microsoft.listed(**DAY))
    world.control("calendars/microsoft/change", {"entry": number, "shows": "free"})
    assert (microsoft.event(number).json or {})["showAs"] == "free"
    world.control("calendars/microsoft/remove", {"entry": number})
    assert microsoft.event(number).status_code == 404


@pytest.mark.parametrize("inside", [MOST - 1, MOST])
def test_four_calls_at_a_time_are_answered(microsoft: MicrosoftSide, inside: int) -> None:
    crowd = microsoft.client.application.extensions["sandbox"].crowd
    mara = next(one for one in microsoft.world.state("users") if one["email"] == MARA)["id"]
    for _ in range(inside):
        crowd.enter(mara)
    response = microsoft.call("GET", "/calendar")
    for _ in range(inside):
        crowd.leave(mara)
    assert response.status_code == (429 if inside == MOST else 200)
    if inside == MOST:
        assert response.headers["Retry-After"] == "10"
    assert microsoft.call("GET", "/calendar").status_code == 200


@pytest.mark.parametrize("operation", MICROSOFTS)
def test_each_operation_can_fail_alone(microsoft: MicrosoftSide, operation: str) -> None:
    given = microsoft.answer(microsoft.authorize())["code"]
    number = (microsoft.create().json or {})["id"]
    microsoft.world.control("faults", {"operation": operation, "kind": "503"})
    calls: dict[str, Callable[[], TestResponse]] = {
        "microsoft.me": lambda: microsoft.call("GET", ""),
        "microsoft.calendars.list": lambda: microsoft.call("GET", "/calendars"),
        "microsoft.calendar.get": lambda: microsoft.call("GET", "/calendar"),
        "microsoft.calendarView": lambda: microsoft.call("GET", "/calendarView"),
        "microsoft.events.create": microsoft.create,
        "microsoft.events.get": lambda: microsoft.event(number),
        "microsoft.events.update": lambda: microsoft.event(number, "PATCH", json={"subject": "x"}),
        "microsoft.events.delete": lambda: microsoft.event(number, "DELETE"),
        "microsoft.token.exchange": lambda: microsoft.exchange(given),
        "microsoft.token.refresh": microsoft.refresh,
    }
    assert set(calls) == set(MICROSOFTS)
    failed = [name for name, call in calls.items() if call().status_code == 503]
    assert failed == [operation]


@pytest.mark.parametrize("kind", [one for one in ERRORS if one.startswith("microsoft.")])
def test_every_error_of_microsoft_can_be_had(microsoft: MicrosoftSide, kind: str) -> None:
    microsoft.world.control("faults", {"operation": "microsoft.me", "kind": kind})
    response = microsoft.call("GET", "")
    assert (response.status_code, response.json) == (ERRORS[kind]["status"], ERRORS[kind]["body"])
    for name, value in ERRORS[kind].get("headers", {}).items():
        assert response.headers[name] == value


def test_every_answer_names_its_request(microsoft: MicrosoftSide) -> None:
    assert microsoft.call("GET", "").headers["request-id"]
    assert "x-zm-trackingid" not in microsoft.call("GET", "").headers


@pytest.mark.parametrize(
    "body", [{"user": MARA, "kind": "school"}, {"user": MARA}, {"user": "nobody", "kind": "work"}]
)
def test_a_wrong_kind_of_account_is_told(microsoft: MicrosoftSide, body: dict[str, str]) -> None:
    path = "/control/calendars/microsoft/accounts"
    assert microsoft.client.post(path, json=body).status_code in (400, 404)
