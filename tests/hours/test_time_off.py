"""Time off blocks all schedules of a host, and asks about bookings that it covers."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import Refusal
from bookme.bookings import service as bookings
from bookme.extensions import db
from bookme.hours import time_off
from bookme.hours.stretch import Stretch
from bookme.models import BookingStatus, TimeOff
from tests import factories
from tests.availability.strategies import PLACES
from tests.factories import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def away(begin: datetime, end: datetime) -> dict[str, Any]:
    return {"label": "Holiday", "zone": "UTC", "starts_at": begin, "ends_at": end}


@given(
    st.sampled_from(PLACES), st.integers(-3, 3), st.integers(0, 4), st.integers(0, 1439),
    st.integers(1, 1440),
)  # fmt: skip
def test_time_off_is_shown_as_it_was_typed(
    place: tuple[str, str], off: int, days: int, opens: int, closes: int
) -> None:
    zone, on = place
    first = date.fromisoformat(on) + timedelta(days=off)
    typed = Stretch(first, first + timedelta(days=days), opens, closes)
    begin, end = typed.ends(zone)
    if begin >= end:
        return
    shown = Stretch.of(TimeOff(zone=zone, starts_at=begin, ends_at=end))
    assert shown.ends(zone) == (begin, end) or _is_ambiguous(zone, begin, end)


def _is_ambiguous(zone: str, *ends: datetime) -> bool:
    """An end that clocks show twice, of which the first counts."""
    local = [at.astimezone(ZoneInfo(zone)) for at in ends]
    return any(at.utcoffset() != at.replace(fold=1 - at.fold).utcoffset() for at in local)


def test_time_off_blocks_all_schedules_of_its_host_alone(app: Flask) -> None:
    schedule = factories.schedule()
    other = factories.schedule(host=schedule.host, slug="other", buffer_before_minutes=30)
    stranger = factories.schedule(host=factories.host(another=True))
    begin = NOW + DAY + HOUR
    time_off.add(schedule.host, away(begin, begin + HOUR), asked=0, now=NOW)
    for one, expected in ((schedule, 4), (other, 3), (stranger, 6)):
        starts = bookings.open_slots(one, begin, begin + 3 * HOUR, now=NOW)
        assert len(starts) == expected
    assert bookings.refusal(schedule, begin, now=NOW) is Refusal.TAKEN


def test_bookings_in_it_stay_and_are_asked_about(app: Flask) -> None:
    booking = factories.booking()
    host, begin = booking.host, booking.starts_at - DAY
    inside = away(begin, booking.starts_at + 10 * HOUR)
    with pytest.raises(time_off.CoversBookings) as covered:
        time_off.add(host, inside, asked=0, now=NOW)
    assert (covered.value.count, covered.value.first) == (1, [booking])
    made = time_off.add(host, inside, asked=1, now=NOW)
    assert booking.status is BookingStatus.CONFIRMED
    time_off.change(made, away(begin, booking.starts_at), asked=0, now=NOW)
    with pytest.raises(time_off.CoversBookings):
        time_off.change(made, away(booking.ends_at - HOUR / 60, begin + 9 * DAY), asked=0, now=NOW)
    booking.status = BookingStatus.CANCELLED
    time_off.change(made, inside, asked=0, now=NOW)


def test_what_is_over_is_listed_no_more_and_pages_go_on(app: Flask) -> None:
    host = factories.host()
    rows = [
        time_off.add(host, away(NOW + n * DAY, NOW + (n + 1) * DAY), asked=0, now=NOW)
        for n in range(4)
    ]
    later = NOW + DAY
    page = time_off.coming(host, now=later, most=2)
    assert (page.found, page.more) == (rows[1:3], rows[2].id)
    rest = time_off.coming(host, now=later, after=page.more, most=2)
    assert (rest.found, rest.more) == (rows[3:], None)
    stranger = factories.host(another=True)
    assert time_off.coming(stranger, now=later, after=rows[2].id).found == []
    db.session.rollback()
