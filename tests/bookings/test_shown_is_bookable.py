"""A shown slot is bookable and a bookable slot is shown, under rules nobody chose."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.errors import SlotTaken
from bookme.extensions import db
from bookme.models import Booking, Schedule
from tests import factories

MINUTE = timedelta(minutes=1)
DAYS = 4
#: In each zone the clocks change during the days looked at.
ZONES = {
    "Europe/Lisbon": datetime(2027, 3, 26, 8, 0, tzinfo=ZoneInfo("UTC")),
    "America/New_York": datetime(2027, 3, 12, 20, 0, tzinfo=ZoneInfo("UTC")),
    "Australia/Lord_Howe": datetime(2027, 4, 2, 0, 0, tzinfo=ZoneInfo("UTC")),
}


def some_schedule(rng: Random) -> Schedule:
    opens = rng.randrange(0, 1200, 15)
    windows = [[opens, (opens + rng.choice([60, 200, 480])) % 1440], [1380, 120]]
    week = [rng.sample(windows, rng.choice([0, 1, 1])) for _ in range(7)]
    schedule: Schedule = factories.schedule(
        zone=rng.choice(list(ZONES)),
        week=week,
        duration_minutes=rng.choice([15, 40, 60]),
        step_minutes=rng.choice([5, 20, 60]),
        buffer_before_minutes=rng.choice([0, 10]),
        buffer_after_minutes=rng.choice([0, 25]),
        notice_minutes=rng.choice([0, 600]),
        horizon_days=rng.choice([2, 30]),
        max_per_day=rng.choice([None, 2]),
        max_per_week=rng.choice([None, 3]),
    )
    return schedule


def book(schedule: Schedule, starts_at: datetime, now: datetime) -> Booking:
    booker = Booker(name="Ana Costa", email="ana@example.com", zone="UTC")
    return bookings.book(schedule, starts_at, booker, form_key=str(starts_at), now=now)


@pytest.mark.parametrize("seed", range(8))
def test_shown_is_bookable_and_bookable_is_shown(app: Flask, seed: int) -> None:
    rng = Random(seed)
    schedule = some_schedule(rng)
    now = ZONES[schedule.zone]
    end = now + timedelta(days=DAYS)
    for start in rng.sample(
        shown := bookings.open_slots(schedule, now, end, now=now), len(shown) and 1
    ):
        book(schedule, start, now)

    shown = bookings.open_slots(schedule, now, end, now=now)
    asked = {now + rng.randrange(DAYS * 288) * 5 * MINUTE for _ in range(40)}
    for start in [
        *rng.sample(shown, min(12, len(shown))),
        *asked,
        *(s + MINUTE for s in shown[:3]),
    ]:
        savepoint = db.session.begin_nested()
        try:
            book(schedule, start, now)
            booked = True
        except SlotTaken:
            booked = False
        savepoint.rollback()
        assert booked == (start in shown), start
