"""Bookings under the days on which they are."""

from datetime import date, datetime, timedelta
from itertools import groupby

from flask_babel import gettext as _

from bookme.bookings.dashboard.rows import Row
from bookme.models import User
from bookme.web.filters import day, is_this_year, long_day


def by_day(bookings: list[Row], host: User, now: datetime) -> list[tuple[str, list[Row]]]:
    """Bookings that are in order of time, under their days on the host's calendar."""
    today = day(now, host.zone)
    groups = groupby(bookings, lambda one: day(one.starts_at, host.zone))
    return [(heading(on, today, host), list(found)) for on, found in groups]


def heading(on: date, today: date, host: User) -> str:
    """A day as people name it; with its year only where that isn't this one."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get((on - today) // _DAY)
    words = long_day(on, host.locale, year=not is_this_year(on, host.zone))
    return _("%(near)s, %(day)s", near=near, day=words) if near else words


_DAY = timedelta(days=1)
