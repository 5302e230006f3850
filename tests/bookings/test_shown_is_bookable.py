"""A shown slot is bookable and a bookable slot is shown, under rules nobody chose."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.errors import SlotTaken
from bookme.extensions import db
from bookme.hours import time_off
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
        duration_minutes=40,
        durations=[15, 40, 60],
        step_minutes=rng.choice([5, 20, 60]),
        buffer_before_minutes=rng.choice([0, 10]),
        buffer_after_minutes=rng.choice([0, 25]),
        notice_minutes=rng.choice([0, 600]),
        horizon_days=rng.choice([2, 30]),
        **some_dates(rng),
        max_per_booker=rng.choice([None, 1, 2]),
        max_per_day=rng.choice([None, 2]),
        max_per_week=rng.choice([None, 3]),
    )
    schedule.host.zone = rng.choice(list(ZONES))
    schedule.host.max_per_day = rng.choice([None, 1, 2])
    schedule.host.max_per_week = rng.choice([None, 3])
    return schedule


def some_dates(rng: Random) -> dict[str, date | None]:
    if rng.random() < 0.6:
        return {}
    first = date(2027, 3, rng.choice([12, 14, 26, 28]))
    return {"dates_from": first, "dates_until": first + timedelta(days=rng.choice([0, 2, 30]))}


def take_off(schedule: Schedule, rng: Random, now: datetime) -> None:
    for _ in range(rng.choice([0, 1, 3])):
        begin = now + rng.randrange(DAYS * 1440) * MINUTE
        ends = {"starts_at": begin, "ends_at": begin + rng.choice([1, 90, 1440]) * MINUTE}
        off = {"label": "", "zone": schedule.zone, **ends}
        time_off.add(schedule.host, off, asked=1000, now=now)


def book(
    schedule: Schedule, starts_at: datetime, now: datetime, minutes: int, email: str = "ana"
) -> Booking:
    booker = Booker(name="Ana Costa", email=f"{email}@example.com", zone="UTC")
    key = f"{starts_at} {email}"
    return bookings.book(schedule, starts_at, booker, form_key=key, now=now, minutes=minutes)


@pytest.mark.parametrize("seed", range(16))
def test_shown_is_bookable_and_bookable_is_shown(app: Flask, seed: int) -> None:
    _ask_for_what_is_shown_and_more(Random(seed))


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(16, 20))
def test_so_it_is_on_both_databases(app: Flask, seed: int) -> None:
    _ask_for_what_is_shown_and_more(Random(seed))


def _ask_for_what_is_shown_and_more(rng: Random) -> None:
    schedule = some_schedule(rng)
    now = ZONES[schedule.zone]
    end = now + timedelta(days=DAYS)
    take_off(schedule, rng, now)
    for of in (schedule, factories.schedule(host=schedule.host, slug="other")):
        shown = bookings.open_slots(of, now, end, now=now)
        for start in rng.sample(shown, len(shown) and 1):
            book(of, start, now, of.duration_minutes)

    minutes = rng.choice(schedule.durations)
    shown = bookings.open_slots(schedule, now, end, now=now, minutes=minutes)
    asked = {now + rng.randrange(DAYS * 288) * 5 * MINUTE for _ in range(40)}
    for start in [
        *rng.sample(shown, min(12, len(shown))),
        *asked,
        *(s + MINUTE for s in shown[:3]),
    ]:
        savepoint = db.session.begin_nested()
        try:
            made = book(schedule, start, now, minutes, email="bo")
            assert made.ends_at - made.starts_at == minutes * MINUTE
            bookings.forget(made)
            booked = True
        except SlotTaken:
            booked = False
        savepoint.rollback()
        assert booked == (start in shown), start
