"""An entry as BookMe wants it, and as a provider shows it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bookme.providers.calendar import Account, Busy, CalendarInfo, Entry, EntryRequest, Link
from tests.contracts import VECTORS
from tests.providers.conftest import NOON, request

LISBON_SUMMER = timezone(timedelta(hours=1))


def test_the_same_wish_is_equal_in_any_zone() -> None:
    same = request(starts_at=datetime(2027, 3, 11, 10, 0, tzinfo=LISBON_SUMMER))
    assert (same, same.to_json()) == (request(), request().to_json())


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "other"},
        {"attempt": 2},
        {"title": "Other"},
        {"text": "Other"},
        {"location": "Other"},
        {"starts_at": datetime(2027, 3, 11, 9, 1, tzinfo=UTC)},
        {"ends_at": datetime(2027, 3, 11, 9, 31, tzinfo=UTC)},
        {"zone": "UTC"},
        {"url": "https://bookme.example/other"},
        {"wants_meeting": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_of_a_wish_makes_another_wish(change: dict[str, Any]) -> None:
    assert replace(request(), **change) != request()


def test_a_wish_survives_a_column() -> None:
    wish = request(wants_meeting=True)
    assert EntryRequest.from_json(json.loads(json.dumps(wish.to_json()))) == wish


def test_times_need_a_zone_and_the_end_comes_last() -> None:
    with pytest.raises(ValueError, match="naive"):
        request(starts_at=datetime(2027, 3, 11, 9, 0))  # noqa: DTZ001
    with pytest.raises(ValueError, match="after"):
        request(ends_at=request().starts_at)


def test_the_key_is_one_for_each_attempt_and_serves_as_googles_id() -> None:
    keys = {request(reference=r, attempt=a).key for r in ("a", "a1") for a in (1, 11, 111)}
    assert len(keys) == 6
    assert all(re.fullmatch(VECTORS["google_event_id"]["regex"], key) for key in keys)
    assert request(title="Other", wants_meeting=True).key == request().key


def test_title_and_place_are_one_short_line() -> None:
    wish = request(title=" Intro\r\n\x07call " + "😀" * 300, location="Rua 1\nLisboa")
    assert wish.summary.startswith("Intro call 😀")
    assert 248 <= len(wish.summary.encode("utf-16-le")) // 2 <= 250
    assert wish.place == "Rua 1 Lisboa"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana", "Ana\n\nhttps://b/1"),
        ("", "https://b/1"),
        (" Ana \r\n\x00Costa\xa0\n", "Ana\n Costa\n\nhttps://b/1"),
        ("See https://b/1", "See https://b/1"),
    ],
    ids=["text", "nothing", "odd characters", "there already"],
)
def test_the_text_ends_with_the_way_to_the_booking(text: str, expected: str) -> None:
    assert request(text=text, url="https://b/1").description == expected


def test_an_endless_text_is_cut_but_for_the_way_to_the_booking() -> None:
    description = request(text="x" * 20_000).description
    assert len(description) < 8000
    assert description.endswith(request().url)


@pytest.mark.parametrize(
    ("shown", "differs"),
    [
        ({}, False),
        ({"title": "Intro call: Ana Costa"}, False),
        ({"title": ""}, True),
        ({"title": "Mine"}, True),
        ({"location": "Elsewhere"}, True),
        ({"starts_at": datetime(2027, 3, 11, 10, 0, tzinfo=LISBON_SUMMER)}, False),
        ({"starts_at": datetime(2027, 3, 11, 9, 15, tzinfo=UTC)}, True),
        ({"ends_at": datetime(2027, 3, 11, 9, 45, tzinfo=UTC)}, True),
    ],
    ids=str,
)
def test_what_the_host_changed_by_hand_is_seen(shown: dict[str, Any], differs: bool) -> None:
    assert Entry("id", None, **shown).differs_from(request()) is differs


@pytest.mark.parametrize(
    ("entry", "none"),
    [
        (Entry("id", None), True),
        (Entry("id", None, meeting_pending=True), False),
        (Entry("id", None, meeting=Link("https://meet.google.com/a")), False),
    ],
)
def test_a_meeting_is_there_or_coming_or_neither(entry: Entry, none: bool) -> None:
    assert entry.has_no_meeting is none


def test_nothing_personal_or_secret_shows() -> None:
    values = [
        request(title="SECRET", text="SECRET", location="SECRET", url="SECRET"),
        Entry("SECRET", "SECRET", Link("SECRET", "SECRET"), title="SECRET", location="SECRET"),
        Account("SECRET", "SECRET", can_meet=True),
        CalendarInfo("SECRET", "SECRET", None, True, True, None),
        Busy(NOON, NOON, "SECRET"),
    ]
    assert "SECRET" not in repr(values) + str(values)
