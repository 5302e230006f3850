"""The dashboard: what comes next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from bookme.bookings.dashboard import late_words, listing, requests, words
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.connections.page import video_options
from bookme.health import service as health
from bookme.hours import time_off
from bookme.hours import words as off_words
from bookme.schedules import listing as schedules
from bookme.setup import service as setup
from bookme.setup.words import TITLES

bp = Blueprint("bookings", __name__, url_prefix="/dashboard")

#: The addresses of so many schedules are on Today.
_SHARED = 5


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def today() -> ResponseReturnValue:
    """What comes next, and what needs the host."""
    now = utcnow()
    set_up = setup.next_step(current_user)
    return render_template(
        "bookings/today.html",
        set_up=set_up,
        set_up_title=TITLES[set_up] if set_up else "",
        shared=schedules.page(current_user, only_listed=True).schedules[:_SHARED],
        requests=requests.waiting(current_user),
        off=time_off.coming(current_user, now=now, most=3).found,
        off_words=off_words,
        coming=listing.coming(current_user, now=now),
        attention=connections.needing_attention(current_user),
        has_schedule=schedules.has_any(current_user),
        video=video_options.ready(current_user),
        has_calendar=connections.has_calendar(current_user),
        has_booking=listing.has_any(current_user),
        saves_nothing=health.saves_nothing(now),
        late=health.late(current_user, now),
        late_words=late_words.late,
        words=words,
    )
