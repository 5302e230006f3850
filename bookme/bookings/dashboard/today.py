"""Today: what needs the host's hand first, then the day, then what comes after it."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme.accounts import access
from bookme.bookings.dashboard import agenda, late_words, listing, words
from bookme.bookings.dashboard.beside import beside
from bookme.bookings.dashboard.routes import bp
from bookme.bookings.dashboard.written import Writer
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.connections.page import video_options
from bookme.health import service as health
from bookme.hours import words as off_words
from bookme.models import User
from bookme.schedules import listing as schedules
from bookme.setup import service as setup
from bookme.setup.words import TITLES

#: The addresses of so many schedules are on Today.
_SHARED = 5


@bp.get("")
def today() -> ResponseReturnValue:
    """What needs the host, and what comes next. A few queries, however much there is."""
    now, set_up, host = utcnow(), setup.next_step(current_user), access.host()
    ahead, others = agenda.ahead(host, now=now), beside(host, now=now)
    return render_template(
        "bookings/today.html",
        now=now,
        set_up=set_up,
        set_up_title=TITLES[set_up] if set_up else "",
        off=others.off,
        flood=others.is_flooded,
        off_words=off_words,
        has_booking=not ahead.is_empty or listing.has_any(host),
        rows=Writer(host, now).rows,
        words=words,
        **_connected(host),
        **_late(host, now),
        **_days(ahead, now),
    )


def _connected(host: User) -> dict[str, Any]:
    """What there is to share, and what of the host's connections needs their hand."""
    standing, found = connections.standing(host), schedules.brief(host)
    read = [row for row in standing.calendars if row.is_checked]
    return {
        "has_schedule": bool(found),
        "shared": [one for one in found if one.is_listed][:_SHARED],
        "video": video_options.ready(standing.connected),
        "has_calendar": standing.has_calendar,
        "attention": connections.needing_attention(host, standing, found),
        "unclear": [row for row in read if row.unclear_count],
    }


def _late(host: User, now: datetime) -> dict[str, Any]:
    """What goes on otherwise than usual."""
    return {
        "saves_nothing": health.saves_nothing(now),
        "late": health.late(host, now),
        "late_words": late_words.late,
    }


def _days(ahead: agenda.Agenda, now: datetime) -> dict[str, Any]:
    first = next(iter(ahead.week.values()))
    return {
        "week": ahead.week,
        "lines": list(agenda.lines(first, now=now)),
        "coming": ahead.coming,
        "requests": ahead.requests,
        "failed": ahead.failed,
    }
