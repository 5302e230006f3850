"""What the addresses of public pages stand for; what there is not is a 404. The sites on the host's
list may show what is found.
"""

from datetime import datetime
from typing import NoReturn

import sqlalchemy as sa
from flask import abort, current_app, request
from sqlalchemy.orm import joinedload

from bookme.accounts.published import PUBLISHED, is_shown
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Schedule, User
from bookme.public import booked, embedded, kept, parts, published, words
from bookme.public.versions import Seen
from bookme.web import htmx
from bookme.web.words import keep_to

# Built once: that takes longer than to ask them.
_HOST = (
    sa.select(User)
    .where(User.handle == sa.bindparam("handle"), *PUBLISHED)
    .options(joinedload(User.picture))
)
_BOOKING = (
    sa.select(Booking)
    .where(Booking.token == sa.bindparam("token"), Booking.status != BookingStatus.HELD)
    .options(
        joinedload(Booking.host).joinedload(User.picture),
        joinedload(Booking.meeting),
        joinedload(Booking.schedule).joinedload(Schedule.host),
        joinedload(Booking.attendees),
    )
)


def published_host(handle: str) -> User:
    """The host with this handle, if published."""
    host = db.session.scalar(_HOST, {"handle": handle.lower()}) or _nothing()
    _refuse_if_paused(host)
    embedded.allow(host)
    return host


def published_schedule(handle: str, slug: str, *, asking: bool = False) -> Schedule:
    """A published host's schedule, also one that is switched off; with its host, in one query. As
    ``published.py`` has it.

    :param asking: with its questions, too.
    """
    found = published.named(handle.lower(), slug.lower(), asking=asking) or _nothing()
    return _allowed(found.schedule)


def shown_schedule(seen: Seen, slug: str, *, asking: bool = False) -> Schedule:
    """The same of a host's version, for a page that only reads: a query once for each version."""
    schedules, key = kept.pages_of(current_app).schedules, (seen.host_id, seen.number, slug, asking)
    found = schedules.get(key)
    if found is None:
        found = published.read(seen, slug.lower(), asking=asking) or _nothing()
        schedules.keep(key, found)
    parts.of(found)
    return _allowed(found.schedule)


def _allowed(schedule: Schedule) -> Schedule:
    _refuse_if_paused(schedule.host)
    embedded.allow(schedule.host)
    keep_to(schedule.language)
    return schedule


def booking_of(token: str) -> Booking:
    """The booking that a booker's link leads to, with all that its page shows, in one query."""
    found = db.session.scalars(_BOOKING, {"token": token})
    return _their(found.unique().one_or_none() or _nothing())


def shown_booking(token: str, now: datetime) -> Booking:
    """The same for its page alone: as ``booked.py`` has it, unless it tells of what was done."""
    booking = booked.read(token) or _nothing()
    if "done" in request.args or words.go_by_history(booking, now):
        return booking_of(token)
    return _their(booking)


def _their(booking: Booking) -> Booking:
    embedded.allow(booking.host)
    keep_to(booking.schedule.language)
    return booking


def _refuse_if_paused(host: User) -> None:
    """Pages that the operator has paused say so, and nothing of the host."""
    if not is_shown(host):
        abort(htmx.render("public/paused.html", "public/_paused.html", 404))


def _nothing() -> NoReturn:
    abort(404)
