"""A meeting as BookMe wants it, and as a provider shows it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bookme.providers.reference import reference_in
from bookme.providers.video import Account, Meeting, MeetingRequest, Plan
from tests.providers.zoom.conftest import request


def test_the_same_wish_is_equal_in_any_zone() -> None:
    lisbon_summer = timezone(timedelta(hours=1))
    same = request(starts_at=datetime(2027, 3, 11, 10, 0, tzinfo=lisbon_summer))
    assert (same, same.to_json()) == (request(), request().to_json())


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "other"},
        {"topic": "Other"},
        {"agenda": "Other"},
        {"starts_at": datetime(2027, 3, 11, 9, 1, tzinfo=UTC)},
        {"duration_minutes": 31},
        {"zone": "UTC"},
        {"options": {"waiting_room": False}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_of_a_wish_makes_another_wish(change: dict[str, Any]) -> None:
    assert replace(request(), **change) != request()


def test_a_wish_survives_a_column() -> None:
    wish = request(options={"waiting_room": True})
    column = json.loads(json.dumps(wish.to_json()))
    assert MeetingRequest.from_json(column) == wish


def test_a_start_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="naive"):
        request(starts_at=datetime(2027, 3, 11, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize("reference", ["", "two words", "a\nb", "x" * 101])
def test_a_reference_must_fit_into_the_agendas_first_line(reference: str) -> None:
    with pytest.raises(ValueError, match="reference"):
        request(reference=reference)


def test_the_reference_is_read_back_from_the_agenda() -> None:
    wish = request(reference="x" * 100)
    assert len(wish.marked_agenda.splitlines()[0]) <= 250
    assert reference_in(wish.marked_agenda[:250]) == wish.reference


@pytest.mark.parametrize(
    ("agenda", "expected"),
    [
        ("BookMe reference abc", "abc"),
        ("BookMe reference abc\r\nmore", "abc"),
        ("BookMe reference abc more", "abc"),
        (" BookMe reference abc", "abc"),
        ("", None),
        ("Agenda", None),
        ("BookMe reference ", None),
        ("Notes: BookMe reference abc", None),
        ("Agenda\nBookMe reference abc", None),
    ],
)
def test_only_the_head_of_an_agenda_counts_as_reference(agenda: str, expected: str | None) -> None:
    assert reference_in(agenda) == expected


def test_nothing_personal_or_secret_shows() -> None:
    values = [
        request(topic="SECRET", agenda="SECRET"),
        Meeting("7", "https://SECRET", "SECRET", "SECRET", None, None, "SECRET"),
        Account("SECRET", "SECRET", "SECRET", Plan.BASIC, "active"),
    ]
    assert "SECRET" not in repr(values) + str(values)
