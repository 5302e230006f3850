"""What a reviewer finds: a schedule for each function, and bookings that are there already."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookme.bookings import service as bookings
from bookme.bookings.new import Booker
from bookme.connections import providers
from bookme.hours import service as hours
from bookme.models import (
    Booking,
    Caller,
    LocationKind,
    OpeningHours,
    QuestionKind,
    Schedule,
    Timing,
    User,
    Visibility,
)
from bookme.providers.registry import MAKERS
from bookme.schedules import service
from bookme.schedules.sections.asked import Asked

_ALWAYS = [[[0, 24 * 60]]] * 7
_VIDEO = LocationKind.VIDEO
_REMINDER = {"timing": Timing.BEFORE_START, "minutes": 60, "to_booker": True, "to_host": True}

#: Each schedule, by its address.
SCHEDULES: Mapping[str, Mapping[str, Any]] = {
    "zoom": {
        "title": "Zoom meeting",
        "description": "Each booking gets a Zoom meeting of its own.",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "duration_minutes": 30,
        "durations": [15, 30, 60],
        "message_rules": [_REMINDER],
    },
    "zoom-options": {
        "title": "Zoom meeting with a waiting room",
        "description": "The schedule sets how its meetings are made.",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "meeting_options": {"waiting_room": True},
    },
    "default": {
        "title": "Video meeting by the default provider",
        "description": "Its meetings come from the host's default video provider.",
        "location_kind": _VIDEO,
    },
    "google-meet": {
        "title": "Google Meet meeting",
        "location_kind": _VIDEO,
        "video_provider": "google_meet",
    },
    "teams": {
        "title": "Microsoft Teams meeting",
        "location_kind": _VIDEO,
        "video_provider": "microsoft_teams",
    },
    "request": {
        "title": "Zoom meeting on request",
        "description": "The host accepts or declines each request.",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "needs_approval": True,
    },
    "questions": {
        "title": "Zoom meeting with questions and guests",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "max_guests": 2,
        "questions": [
            Asked(QuestionKind.TEXT, "What is it about?", required=True),
            Asked(QuestionKind.ONE, "Have we met before?", choices=("Yes", "No")),
        ],
    },
    "by-link": {
        "title": "Zoom meeting by single-use link",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "visibility": Visibility.BY_LINK,
    },
    "in-person": {
        "title": "Meeting in person",
        "location_kind": LocationKind.IN_PERSON,
        "address": "1 Test Street",
    },
    "phone": {
        "title": "Phone call",
        "location_kind": LocationKind.PHONE,
        "caller": Caller.HOST,
        "duration_minutes": 15,
    },
}
#: Which are booked already: the schedule, the days from today, and the hour there.
BOOKED = (("zoom", 1, 10), ("in-person", 1, 14), ("request", 2, 10))
_USUAL = {"notice_minutes": 0, "horizon_days": 60, "duration_minutes": 30}


def fill(user: User, *, now: datetime) -> list[Booking]:
    """Give an account schedules and bookings; return the bookings.

    A provider that this server isn't set up for has no schedule, save Zoom: its schedules show what
    BookMe says then.
    """
    user.default_video_provider = "zoom"
    [usual] = hours.of_host(user)
    hours.change(usual, {"week": _ALWAYS, "name": "Around the clock"}, now=now)
    offered = {slug: _schedule(user, slug, usual, now) for slug in SCHEDULES if _is_there(slug)}
    return [_book(offered[slug], days, hour, now) for slug, days, hour in BOOKED]


def _is_there(slug: str) -> bool:
    maker = MAKERS.get(SCHEDULES[slug].get("video_provider", "zoom"))
    return maker is None or maker.name == "zoom" or providers.is_set_up(maker.name)


def _schedule(user: User, slug: str, used: OpeningHours, now: datetime) -> Schedule:
    values = {"slug": slug, **_USUAL, **SCHEDULES[slug]}
    same = {"opening_hours_id": used.id, "zone": used.zone, "week": used.week}
    return service.create(user, values | same, now=now)


def _book(schedule: Schedule, days: int, hour: int, now: datetime) -> Booking:
    host = schedule.host
    zone = ZoneInfo(host.zone)
    on = now.astimezone(zone).date() + timedelta(days=days)
    start = datetime.combine(on, time(hour), zone)
    booker = Booker("Test Booker", host.email, host.zone, notes="Move me, cancel me.")
    key = f"reviewer {schedule.slug}"
    return bookings.book(schedule, start, booker, form_key=key, now=now)
