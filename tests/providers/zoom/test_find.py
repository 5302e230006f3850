"""Finding the meeting that a create of unknown outcome may have made."""

from datetime import UTC, datetime
from typing import Any

import pytest
from responses import RequestsMock, matchers

from bookme.errors import ProviderUnavailable
from bookme.providers.zoom.client import Zoom
from tests.contracts import FIXTURES, answer
from tests.providers.zoom.conftest import request

MEETINGS = "https://api.zoom.us/v2/users/me/meetings"
LISTED = FIXTURES["zoom"]["meetings_list"]["body"]["meetings"][0]
ATTEMPTED = datetime(2027, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC)
UNMARKED = {**LISTED, "agenda": ""}


def found(zoom: Zoom, api: RequestsMock, *meetings: dict[str, Any]) -> list[str]:
    api.get(MEETINGS, json={"meetings": list(meetings), "next_page_token": ""})
    return [meeting.id for meeting in zoom.find(request(), attempted_at=ATTEMPTED)]


def _page(**more: str) -> Any:
    return matchers.query_param_matcher({"type": "upcoming", "page_size": "300", **more})


def test_the_meeting_with_the_reference_is_found(zoom: Zoom, api: RequestsMock) -> None:
    api.get(MEETINGS, match=[_page()], **answer("meetings_list"))
    [meeting] = zoom.find(request(), attempted_at=ATTEMPTED)
    assert meeting.id == "93123456789"
    assert meeting.reference == request().reference
    assert meeting.passcode is None


def test_every_page_is_looked_at(zoom: Zoom, api: RequestsMock) -> None:
    other = {**LISTED, "id": 1, "agenda": "other", "topic": "Other"}
    api.get(MEETINGS, json={"meetings": [other], "next_page_token": "t2"}, match=[_page()])
    api.get(MEETINGS, json={"meetings": [LISTED]}, match=[_page(next_page_token="t2")])
    meetings = zoom.find(request(), attempted_at=ATTEMPTED)
    assert [meeting.id for meeting in meetings] == ["93123456789"]


def test_surplus_meetings_come_oldest_first(zoom: Zoom, api: RequestsMock) -> None:
    later = {**LISTED, "id": 2, "created_at": "2027-03-01T10:05:00Z"}
    earlier = {**LISTED, "id": 3, "created_at": "2027-03-01T09:55:00Z"}
    assert found(zoom, api, later, LISTED, earlier) == ["3", "93123456789", "2"]


def test_a_meeting_with_the_reference_is_found_wherever_it_was_moved(
    zoom: Zoom, api: RequestsMock
) -> None:
    moved = {**LISTED, "topic": "Other", "start_time": "2027-03-12T09:00:00Z", "created_at": None}
    assert found(zoom, api, moved) == ["93123456789"]


def test_without_a_reference_topic_start_and_time_of_making_decide(
    zoom: Zoom, api: RequestsMock
) -> None:
    # Made in the same second as the attempt: Zoom tells no fractions.
    assert found(zoom, api, {**UNMARKED, "created_at": "2027-03-01T10:00:00Z"}) == ["93123456789"]


@pytest.mark.parametrize(
    "other",
    [
        {"agenda": "BookMe reference somebody-elses"},
        {"topic": "Intro call: Ana"},
        {"topic": None},
        {"start_time": "2027-03-11T09:30:00Z"},
        {"start_time": None},
        {"start_time": 5},
        {"created_at": "2027-03-01T09:30:00Z"},
        {"created_at": None},
    ],
    ids=str,
)
def test_a_meeting_that_could_be_anybodys_is_not_found(
    zoom: Zoom, api: RequestsMock, other: dict[str, Any]
) -> None:
    assert found(zoom, api, {**UNMARKED, **other}) == []


def test_a_reference_wins_over_a_likeness(zoom: Zoom, api: RequestsMock) -> None:
    assert found(zoom, api, {**UNMARKED, "id": 1}, LISTED) == ["93123456789"]


def test_a_reference_in_a_bookers_own_words_does_not_count(zoom: Zoom, api: RequestsMock) -> None:
    forged = f"BookMe reference other\nBookMe reference {request().reference}"
    assert found(zoom, api, {**LISTED, "agenda": forged}) == []


def test_a_long_topic_is_compared_as_it_was_sent(zoom: Zoom, api: RequestsMock) -> None:
    api.get(MEETINGS, json={"meetings": [{**UNMARKED, "topic": "x" * 200}]})
    assert zoom.find(request(topic="x" * 300), attempted_at=ATTEMPTED)


def test_kinds_of_meeting_without_id_or_link_do_not_disturb(zoom: Zoom, api: RequestsMock) -> None:
    strange = {"topic": "Audio only", "agenda": 5}
    assert found(zoom, api, strange, {"id": []}, LISTED) == ["93123456789"]


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"meetings": None},
        {"meetings": {}},
        {"meetings": "none"},
        {"meetings": ["one"]},
        {"meetings": [], "next_page_token": 5},
        {"meetings": [{**LISTED, "id": None}]},
    ],
    ids=lambda page: str(page)[:40],
)
def test_a_list_that_cannot_be_read_is_never_taken_for_an_empty_one(
    zoom: Zoom, api: RequestsMock, page: dict[str, Any]
) -> None:
    api.get(MEETINGS, json=page)
    with pytest.raises(ProviderUnavailable):
        zoom.find(request(), attempted_at=ATTEMPTED)


def test_a_list_without_end_is_given_up(zoom: Zoom, api: RequestsMock) -> None:
    api.get(MEETINGS, json={"meetings": [], "next_page_token": "again"})
    with pytest.raises(ProviderUnavailable):
        zoom.find(request(), attempted_at=ATTEMPTED)
    assert len(api.calls) == 30


def test_a_failure_half_way_is_a_failure(zoom: Zoom, api: RequestsMock) -> None:
    api.get(MEETINGS, json={"meetings": [LISTED], "next_page_token": "t2"})
    api.get(MEETINGS, **answer("api_429_qps"))
    with pytest.raises(ProviderUnavailable):
        zoom.find(request(), attempted_at=ATTEMPTED)
