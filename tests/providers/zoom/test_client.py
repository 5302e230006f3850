"""What Zoom is sent, and what is made of its answers when all is well."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from responses import RequestsMock, matchers

from bookme.errors import NotAllowed, ProviderUnavailable, Rejected
from bookme.providers.video import Account, Meeting, Plan
from bookme.providers.zoom.client import Zoom
from tests import wire
from tests.contracts import FIXTURES, answer
from tests.providers.zoom.conftest import TOKEN, request

USER = "https://api.zoom.us/v2/users/me"
MEETINGS = "https://api.zoom.us/v2/users/me/meetings"
ONE = "https://api.zoom.us/v2/meetings/92674392836"
MADE = FIXTURES["zoom"]["meeting_created"]["body"]


def sent(api: RequestsMock, call: int = 0) -> Any:
    return json.loads(api.calls[call].request.body or "null")


def created(zoom: Zoom, api: RequestsMock, **fields: Any) -> Any:
    """What Zoom is sent for a request."""
    api.post(MEETINGS, **answer("meeting_created"))
    zoom.create(request(**fields))
    return sent(api)


def test_a_meeting_is_asked_for_and_otherwise_left_to_the_hosts_settings(
    zoom: Zoom, api: RequestsMock
) -> None:
    assert created(zoom, api) == {
        "type": 2,
        "topic": "Intro call: Ana Costa",
        "agenda": "BookMe reference 3f2504e04f8941d39a0c0305e82c3301\nBooked by Ana Costa",
        "start_time": "2027-03-11T09:00:00Z",
        "duration": 30,
        "timezone": "Europe/Lisbon",
        "settings": {"use_pmi": False},
    }
    assert api.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_the_start_is_sent_in_utc_without_fractions(zoom: Zoom, api: RequestsMock) -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    body = created(zoom, api, starts_at=datetime(2027, 3, 11, 14, 30, 0, 7, tzinfo=kolkata))
    assert body["start_time"] == "2027-03-11T09:00:00Z"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"options": {"waiting_room": True}},
            {"settings": {"use_pmi": False, "waiting_room": True}},
        ),
        (
            {"options": {"waiting_room": False}},
            {"settings": {"use_pmi": False, "waiting_room": False}},
        ),
        (
            {"options": {"join_before_host": True}},
            {"settings": {"use_pmi": False, "join_before_host": True}},
        ),
        ({"options": {"passcode": True}}, {"default_password": True}),
        ({"options": {"passcode": False}}, {"password": ""}),
    ],
    ids=str,
)
def test_what_the_schedule_sets_is_sent(
    zoom: Zoom, api: RequestsMock, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    body = created(zoom, api, **fields)
    assert expected.items() <= body.items()


@pytest.mark.parametrize("letter", ["x", "é", "漢", "😀"])
def test_topic_and_agenda_are_cut_however_their_length_is_counted(
    zoom: Zoom, api: RequestsMock, letter: str
) -> None:
    body = created(zoom, api, topic=letter * 300, agenda=letter * 3000)
    for name, most in (("topic", 200), ("agenda", 2000)):
        assert most - 1 <= len(body[name].encode("utf-16-le")) // 2 <= most


def test_a_topic_is_one_line(zoom: Zoom, api: RequestsMock) -> None:
    assert created(zoom, api, topic=" Intro\r\n call ")["topic"] == "Intro call"


def test_the_created_meeting_is_read_without_its_start_url(zoom: Zoom, api: RequestsMock) -> None:
    api.post(MEETINGS, **answer("meeting_created"))
    meeting = zoom.create(request())
    assert meeting.id == "92674392836"
    assert meeting.join_url == MADE["join_url"]
    assert meeting.passcode == "123456"
    assert meeting.topic == "My Meeting"
    assert meeting.starts_at == datetime(2027, 3, 8, 15, 0, tzinfo=UTC)
    assert meeting.created_at == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    everything = [getattr(meeting, name) for name in meeting.__slots__]
    assert "zak=" not in str(everything)


@pytest.mark.parametrize("passcode", [None, ""])
def test_a_meeting_may_have_no_passcode(
    zoom: Zoom, api: RequestsMock, passcode: str | None
) -> None:
    api.get(ONE, json={**MADE, "password": passcode})
    assert zoom.get("92674392836").passcode is None


def test_an_id_may_come_as_text(zoom: Zoom, api: RequestsMock) -> None:
    api.get(ONE, json={**MADE, "id": "92674392836"})
    assert zoom.get("92674392836").id == "92674392836"


@pytest.mark.parametrize(
    "fields",
    [
        {"id": None},
        {"id": True},
        {"id": 1.5},
        {"id": "../users/me"},
        {"id": "9" * 33},
        {"join_url": None},
        {"join_url": 5},
        {"join_url": "javascript:alert(1)"},
        {"join_url": "https://zoom.us/" + "x" * 2000},
        {"password": 123456},
        {"password": "x" * 65},
        {"topic": []},
        {"agenda": "SECRET\0"},
    ],
    ids=lambda fields: str(fields)[:40],
)
def test_wrong_fields_in_a_201_mean_that_there_may_be_a_meeting(
    zoom: Zoom, api: RequestsMock, fields: dict[str, Any]
) -> None:
    api.post(MEETINGS, status=201, json={**MADE, **fields})
    with pytest.raises(ProviderUnavailable) as caught:
        zoom.create(request())
    assert caught.value.sent
    assert "SECRET" not in wire.shown(caught.value)


@pytest.mark.parametrize("body", ["", "{}", "[]", "<html>", '{"id": 1'])
def test_a_201_without_a_meeting_means_that_there_may_be_one(
    zoom: Zoom, api: RequestsMock, body: str
) -> None:
    api.post(MEETINGS, status=201, body=body)
    with pytest.raises(ProviderUnavailable) as caught:
        zoom.create(request())
    assert caught.value.sent


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"starts_at": datetime(2027, 3, 12, 9, 0, tzinfo=UTC)},
            {"start_time": "2027-03-12T09:00:00Z"},
        ),
        ({"duration_minutes": 45}, {"duration": 45}),
        ({"options": {"waiting_room": True}}, {"settings": {"waiting_room": True}}),
        ({"options": {"passcode": False}}, {"password": ""}),
        ({"topic": "Other", "zone": "UTC"}, {"topic": "Other", "timezone": "UTC"}),
    ],
    ids=["moved", "longer", "waiting room", "passcode", "two"],
)
def test_an_update_sends_only_what_changed(
    zoom: Zoom, api: RequestsMock, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    api.patch(ONE, status=204)
    zoom.update("92674392836", request(**fields), request())
    assert sent(api) == expected


@pytest.mark.parametrize(
    ("wanted", "previous"),
    [
        (request(), request()),
        (request(topic="x" * 200 + "a"), request(topic="x" * 200 + "b")),
        (request(), request(options={"waiting_room": True})),
    ],
    ids=["same", "beyond the cut", "back to the host's own setting"],
)
def test_an_update_that_changes_nothing_calls_nobody(
    zoom: Zoom, api: RequestsMock, wanted: Any, previous: Any
) -> None:
    zoom.update("92674392836", wanted, previous)
    assert len(api.calls) == 0


def test_an_update_of_what_was_sent_nobody_knows_sends_all(zoom: Zoom, api: RequestsMock) -> None:
    api.patch(ONE, status=204)
    zoom.update("92674392836", request())
    assert sent(api).keys() >= {"topic", "agenda", "start_time", "duration", "settings"}


def test_a_zone_that_zoom_does_not_know_falls_back_to_utc(zoom: Zoom, api: RequestsMock) -> None:
    refused = FIXTURES["zoom"]["api_validation"]["body"]
    errors = [{"field": "timezone", "message": "Invalid field."}]
    api.post(MEETINGS, status=400, json={**refused, "errors": errors})
    api.post(MEETINGS, **answer("meeting_created"))
    zoom.create(request(zone="America/Argentina/Ushuaia"))
    assert [sent(api, call)["timezone"] for call in (0, 1)] == ["America/Argentina/Ushuaia", "UTC"]


def test_a_zone_refused_twice_is_our_mistake(zoom: Zoom, api: RequestsMock) -> None:
    errors = [{"field": "timezone", "message": "Invalid field."}]
    api.post(MEETINGS, status=400, json={"code": 300, "message": "", "errors": errors})
    with pytest.raises(Rejected):
        zoom.create(request())
    assert len(api.calls) == 2


def test_a_meeting_is_deleted_without_mails_from_zoom(zoom: Zoom, api: RequestsMock) -> None:
    quiet = {"schedule_for_reminder": "false", "cancel_meeting_reminder": "false"}
    api.delete(ONE, status=204, match=[matchers.query_param_matcher(quiet)])
    zoom.cancel("92674392836")


@pytest.mark.parametrize(
    "gone",
    [
        answer("api_meeting_missing"),
        answer("api_delete_in_progress"),
        {"status": 400, "json": {"code": 3007, "message": "has ended"}},
        {"status": 404},
    ],
    ids=["gone", "running", "ended", "gone without a code"],
)
def test_deleting_what_nobody_can_delete_any_more_is_success(
    zoom: Zoom, api: RequestsMock, gone: dict[str, Any]
) -> None:
    api.delete(ONE, **gone)
    zoom.cancel("92674392836")
    assert len(api.calls) == 1


def test_deleting_what_the_account_may_not_delete_is_told(zoom: Zoom, api: RequestsMock) -> None:
    api.delete(ONE, status=400, json={"code": 200, "message": "No permission."})
    with pytest.raises(NotAllowed):
        zoom.cancel("92674392836")


def test_a_meeting_is_marked_before_its_own_words(zoom: Zoom, api: RequestsMock) -> None:
    api.patch(ONE, status=204)
    own = Meeting("92674392836", "https://zoom.us/j/1", None, "Talk", None, None, "w" * 2000)
    zoom.mark(own, "abc")
    agenda = sent(api)["agenda"]
    assert agenda.startswith("BookMe reference abc\nwww")
    assert len(agenda) == 2000
    assert sent(api) == {"agenda": agenda}


def test_an_id_cannot_leave_its_place_in_the_address(zoom: Zoom, api: RequestsMock) -> None:
    api.delete("https://api.zoom.us/v2/meetings/1%2F..%3Fa", status=204)
    zoom.cancel("1/..?a")
    assert len(api.calls) == 1


def test_the_account_is_read(zoom: Zoom, api: RequestsMock) -> None:
    api.get(USER, **answer("user_me"))
    assert zoom.me() == Account(
        "zJKyaiAyTNC-MWjiWC18KQ", "EabCDEFghiLHMA", "jchill@example.com", Plan.BASIC, "active"
    )


@pytest.mark.parametrize(
    ("number", "plan"),
    [(1, "basic"), (2, "licensed"), (4, "none"), (99, "none"), (3, "unknown"), (None, "unknown")],
)
def test_the_plan_is_read_from_the_users_type(
    zoom: Zoom, api: RequestsMock, number: int | None, plan: str
) -> None:
    api.get(USER, json={"id": "u", "type": number})
    assert zoom.me().plan == plan


@pytest.mark.parametrize(
    ("user", "label"),
    [
        ({"email": "jill@example.com", "display_name": "Jill"}, "jill@example.com"),
        ({"email": "", "display_name": "Jill"}, "Jill"),
        ({}, "Zoom"),
    ],
)
def test_an_account_always_has_a_label(
    zoom: Zoom, api: RequestsMock, user: dict[str, Any], label: str
) -> None:
    api.get(USER, json={"id": "u", **user})
    assert zoom.me().label == label


@pytest.mark.parametrize("user", [{}, {"id": 5}, {"id": "u", "type": []}, {"id": "u", "email": 1}])
def test_an_account_with_wrong_fields_is_an_outage(
    zoom: Zoom, api: RequestsMock, user: dict[str, Any]
) -> None:
    api.get(USER, json=user)
    with pytest.raises(ProviderUnavailable):
        zoom.me()
