"""Bookings under the days on which they are."""

from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme.bookings.dashboard.rows import Row
from bookme.models import User
from bookme.web.filters import day, long_day


def by_day(bookings: list[Row], host: User, now: datetime) -> list[tuple[str, list[Row]]]:
    """Bookings that are in order of time, under their days on the host's calendar."""
    today = day(now, host.zone)
    groups = groupby(bookings, lambda one: day(one.starts_at, host.zone))
    return [(heading(on, today, host), list(found)) for on, found in groups]


def heading(on: date, today: date, host: User) -> str:
    """A day as people name it; with its year only where that isn't this one."""
    words = long_day(on, host.locale, year=on.year != today.year)
    near = _NEAR.get((on - today).days)
    return _("%(near)s, %(day)s", near=near, day=words) if near else words


_NEAR = {-1: _l("Yesterday"), 0: _l("Today"), 1: _l("Tomorrow")}
