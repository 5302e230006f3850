"""Today: what needs the host's hand first, then the day, then what comes after it."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme.bookings.dashboard import agenda, late_words, listing, requests, words
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.connections.calendars import rows as calendars
from bookme.connections.page import video_options
from bookme.guard import floods
from bookme.health import service as health
from bookme.hours import time_off
from bookme.hours import words as off_words
from bookme.schedules import listing as schedules
from bookme.setup import service as setup
from bookme.setup.words import TITLES

#: The addresses of so many schedules are on Today.
_SHARED = 5
#: So many bookings after today are shown.
_COMING = 8


@bp.get("")
def today() -> ResponseReturnValue:
    """What needs the host, and what comes next."""
    now, set_up = utcnow(), setup.next_step(current_user)
    return render_template(
        "bookings/today.html",
        now=now,
        set_up=set_up,
        set_up_title=TITLES[set_up] if set_up else "",
        shared=schedules.page(current_user, only_listed=True).schedules[:_SHARED],
        off=time_off.coming(current_user, now=now, most=3).found,
        off_words=off_words,
        has_schedule=schedules.has_any(current_user),
        video=video_options.ready(current_user),
        has_calendar=connections.has_calendar(current_user),
        has_booking=listing.has_any(current_user),
        words=words,
        **_to_mend(now),
        **_days(now),
    )


def _to_mend(now: datetime) -> dict[str, Any]:
    """What needs the host's hand, and what is late."""
    read = [row for row in calendars.of_host(current_user.id) if row.is_checked]
    return {
        "requests": requests.waiting(current_user),
        "flood": floods.current(current_user, now=now),
        "failed": agenda.failed(current_user, now=now),
        "attention": connections.needing_attention(current_user),
        "unclear": [row for row in read if row.unclear_count],
        "saves_nothing": health.saves_nothing(now),
        "late": health.late(current_user, now),
        "late_words": late_words.late,
    }


def _days(now: datetime) -> dict[str, Any]:
    week = agenda.week(current_user, now=now)
    first, *others = week
    coming = [one for on in others for one in week[on]][:_COMING]
    if not coming:
        coming = [one for one in listing.coming(current_user, now=now) if one not in week[first]]
    return {"week": week, "lines": list(agenda.lines(week[first], now=now)), "coming": coming}
