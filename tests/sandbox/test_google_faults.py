"""Google's calls fail as they are told to, and no others."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from sandbox.faults import ERRORS
from sandbox.operations import OPERATIONS, provider_of
from tests.sandbox.app_side import AppSide
from tests.sandbox.google_side import EVENT, GoogleSide
from tests.sandbox_process import MARA

GOOGLES = [name for name in OPERATIONS if provider_of(name) == "google"]


@pytest.mark.parametrize("operation", GOOGLES)
def test_each_operation_can_fail_alone(google: GoogleSide, operation: str) -> None:
    code = google.answer(google.authorize())["code"]
    google.insert()
    google.world.control("faults", {"operation": operation, "kind": "503"})
    calls: dict[str, Callable[[], TestResponse]] = {
        "google.calendarList.list": lambda: google.call("GET", "/users/me/calendarList"),
        "google.calendarList.get": lambda: google.call("GET", "/users/me/calendarList/primary"),
        "google.events.list": lambda: google.call("GET", "/calendars/primary/events"),
        "google.events.insert": lambda: google.insert(id="another7"),
        "google.events.get": google.event,
        "google.events.patch": lambda: google.event("PATCH", json={"summary": "x"}),
        "google.events.delete": lambda: google.event("DELETE"),
        "google.token.exchange": lambda: google.exchange(code),
        "google.token.refresh": google.refresh,
        "google.revoke": lambda: google.post("revoke", {"token": google.token}),
    }
    assert set(calls) == set(GOOGLES)
    failed = [name for name, call in calls.items() if call().status_code == 503]
    assert failed == [operation]


@pytest.mark.parametrize("kind", [one for one in ERRORS if one.startswith("google.")])
def test_every_error_of_google_can_be_had(google: GoogleSide, kind: str) -> None:
    google.world.control("faults", {"operation": "google.events.insert", "kind": kind})
    response = google.insert()
    assert response.status_code == ERRORS[kind]["status"]
    assert response.json == ERRORS[kind]["body"]
    assert google.insert().status_code == 200


def test_an_error_of_one_provider_strikes_no_other(zoom: AppSide, token: str) -> None:
    zoom.control("faults", {"operation": "*", "kind": ["google.403_rate", "microsoft.429"]})
    assert zoom.call("GET", "/users/me", token).status_code == 200
    [rule] = zoom.state("faults")
    assert (rule["seen"], rule["remaining"]) == (0, 1)


def test_a_providers_calls_can_be_meant_together(google: GoogleSide, token: str) -> None:
    google.world.control("faults", {"operation": "google.events.*", "kind": "500"})
    assert google.world.call("GET", "/users/me", token).status_code == 200
    assert google.call("GET", "/users/me/calendarList").status_code == 200
    assert google.insert().status_code == 500


def test_a_call_may_be_done_and_not_told(google: GoogleSide) -> None:
    google.world.control("faults", {"operation": "google.events.insert", "kind": "503-after"})
    assert google.insert().status_code == 503
    assert google.insert().status_code == 409


def test_calls_are_logged_with_person_and_event(google: GoogleSide) -> None:
    google.insert()
    call = google.world.state("calls")[-1]
    assert (call["operation"], call["user"], call["event_id"], call["did"]) == (
        "google.events.insert",
        MARA,
        EVENT["id"],
        200,
    )


def test_what_bookme_never_calls_is_logged_too(google: GoogleSide) -> None:
    assert google.call("POST", "/freeBusy").status_code == 404
    assert google.world.state("calls")[-1]["operation"] == "other"
