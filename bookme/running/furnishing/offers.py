"""Mara's hours, time off and appointment schedules: an example of every kind."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bookme.hours import service as hours
from bookme.hours import time_off
from bookme.hours.stretch import Stretch
from bookme.models import (
    Caller,
    LocationKind,
    OpeningHours,
    QuestionKind,
    Schedule,
    Timing,
    User,
    Visibility,
)
from bookme.running.furnishing.days import Days
from bookme.schedules import service
from bookme.schedules.links import service as links
from bookme.schedules.sections.asked import Asked

_HOUR, _DAY = 60, 24 * 60
_LUNCH_BREAK = [[[9 * _HOUR, 12 * _HOUR], [13 * _HOUR, 17 * _HOUR]]] * 5 + [[], []]
_EVENINGS = [[[17 * _HOUR, 20 * _HOUR]]] * 4 + [[], [], []]
_REMINDERS = [
    {"timing": Timing.BEFORE_START, "minutes": minutes, "to_booker": True, "to_host": False}
    for minutes in (_DAY, _HOUR)
]
_FOLLOW_UP = {
    "timing": Timing.AFTER_END,
    "minutes": 2 * _HOUR,
    "to_booker": True,
    "to_host": False,
    "words": "Thank you for your time. Reply to this mail if something is left open.",
}
_VIDEO, _WALK, _PHONE = LocationKind.VIDEO, LocationKind.IN_PERSON, LocationKind.PHONE

#: Each schedule, by its address. ``set`` names the hours that it uses.
_SCHEDULES: Mapping[str, Mapping[str, Any]] = {
    "intro": {
        "title": "Intro call",
        "description": "A first talk about your project: what you need, and whether I can help.",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "duration_minutes": 30,
        "durations": [15, 30, 60],
        "notice_minutes": _HOUR,
        "buffer_after_minutes": 15,
        "max_per_day": 4,
        "meeting_options": {"waiting_room": True},
        "questions": [
            Asked(QuestionKind.TEXT, "Company", required=True),
            Asked(QuestionKind.LONG_TEXT, "What is it about?", "A sentence or two is enough."),
            Asked(
                QuestionKind.SEVERAL,
                "What do you need help with?",
                choices=("Strategy", "Design", "Hiring"),
            ),
            Asked(QuestionKind.WEB, "Your website"),
            Asked(QuestionKind.TICK, "I accept the terms", required=True),
        ],
        "message_rules": [*_REMINDERS, _FOLLOW_UP],
        "after_words": "Have your questions at hand. We can share screens.",
    },
    "deep-dive": {
        "title": "Deep dive",
        "description": "Two hours on one problem. I look at each request myself.",
        "location_kind": _VIDEO,
        "video_provider": "google_meet",
        "duration_minutes": 2 * _HOUR,
        "step_minutes": _HOUR,
        "notice_minutes": _DAY,
        "needs_approval": True,
        "max_per_week": 3,
        "max_per_booker": 1,
        "questions": [
            Asked(QuestionKind.LONG_TEXT, "Describe the problem", required=True),
            Asked(QuestionKind.NUMBER, "How many people will join?"),
            Asked(
                QuestionKind.ONE,
                "Have we met before?",
                required=True,
                choices=("Yes", "No"),
            ),
        ],
        "message_rules": _REMINDERS,
    },
    "walk": {
        "title": "Walk and talk",
        "description": "An hour through the park, in any weather.",
        "location_kind": _WALK,
        "address": "Café Rosa, Parkstraße 12, 10115 Berlin",
        "duration_minutes": _HOUR,
        "notice_minutes": 4 * _HOUR,
        "visibility": Visibility.HIDDEN,
        "max_guests": 2,
        "message_rules": _REMINDERS[:1],
        "after_words": "I wait at the entrance, with a red scarf.",
    },
    "phone": {
        "title": "Phone call",
        "description": "A quick question? I call you.",
        "location_kind": _PHONE,
        "caller": Caller.HOST,
        "duration_minutes": 15,
        "step_minutes": 15,
        "notice_minutes": _HOUR,
        "max_guests": 0,
        "reschedule_notice_minutes": 4 * _HOUR,
        "cancel_notice_minutes": 2 * _HOUR,
        "message_rules": _REMINDERS[1:],
    },
    "lecture": {
        "title": "Guest lecture",
        "description": "For universities that I have sent a link to.",
        "location_kind": _VIDEO,
        "video_provider": "zoom",
        "duration_minutes": 90,
        "notice_minutes": 2 * _DAY,
        "visibility": Visibility.BY_LINK,
        "set": "Evenings",
        "message_rules": _REMINDERS[:1],
    },
    "office-hour": {
        "title": "Office hour",
        "description": "Open to everybody. Confirm your e-mail address to keep your time.",
        "location_kind": _VIDEO,
        "video_provider": "microsoft_teams",
        "duration_minutes": 30,
        "notice_minutes": _HOUR,
        "confirms_email": True,
        "max_per_booker": 2,
        "set": "Evenings",
        "message_rules": _REMINDERS[1:],
    },
}


def publish(host: User, days: Days) -> dict[str, Schedule]:
    """Give a host hours, time off and schedules, as they were six weeks ago; by address."""
    now = host.created_at
    sets = _hours(host, days)
    hours.limit(host, per_day=6, per_week=25)
    _take_time_off(host, days)
    offered = {slug: _schedule(host, slug, sets, days) for slug in _SCHEDULES}
    links.create(offered["lecture"], days=90, now=now)
    return offered


def _hours(host: User, days: Days) -> dict[str, OpeningHours]:
    now, [usual] = host.created_at, hours.of_host(host)
    hours.change(usual, {"week": _LUNCH_BREAK}, now=now)
    short = {days.workday(15).isoformat(): [[9 * _HOUR, 12 * _HOUR]]}
    evenings = {"name": "Evenings", "zone": host.zone, "week": _EVENINGS, "overrides": short}
    return {one.name: one for one in (usual, hours.create(host, evenings, now=now))}


def _take_time_off(host: User, days: Days) -> None:
    later, far = days.workday(9), days.workday(25)
    for label, stretch in (
        ("School holidays", Stretch(far, far + timedelta(days=6))),
        ("Garage", Stretch(later, later, opens=13 * _HOUR, closes=17 * _HOUR)),
    ):
        begin, end = stretch.ends(host.zone)
        values = {"label": label, "zone": host.zone, "starts_at": begin, "ends_at": end}
        time_off.add(host, values, asked=0, now=host.created_at)


def _schedule(host: User, slug: str, sets: Mapping[str, OpeningHours], days: Days) -> Schedule:
    values = {"slug": slug, "horizon_days": 60, **_SCHEDULES[slug]}
    usual = next(iter(sets))
    used = sets[values.pop("set", usual)]
    same = {"opening_hours_id": used.id, "zone": used.zone, "week": used.week}
    return service.create(host, values | same, now=host.created_at)
