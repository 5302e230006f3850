"""A Zoom client at noon, and a request to make a meeting with."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bookme.providers.video import MeetingRequest
from bookme.providers.zoom.client import Zoom

NOON = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)
TOKEN = "SECRET-TOKEN"


def request(**fields: Any) -> MeetingRequest:
    """Intro call with Ana, Thursday 11 March 2027, 09:00 to 09:30 UTC, host in Lisbon."""
    defaults: dict[str, Any] = dict(
        reference="3f2504e04f8941d39a0c0305e82c3301",
        topic="Intro call: Ana Costa",
        agenda="Booked by Ana Costa",
        starts_at=datetime(2027, 3, 11, 9, 0, tzinfo=UTC),
        duration_minutes=30,
        zone="Europe/Lisbon",
    )
    return MeetingRequest(**{**defaults, **fields})


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOON


@pytest.fixture
def zoom(clock: Callable[[], datetime]) -> Zoom:
    return Zoom("https://api.zoom.us/v2", TOKEN, clock=clock)
