"""A host's schedules as cards: how each is, and how much of it is booked this week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from bookme.availability import to_datetime
from bookme.availability.local import instant
from bookme.connections import usage
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Schedule, User, Visibility
from bookme.schedules import missing
from bookme.schedules.missing import Kind, Lack

_COUNTED = (BookingStatus.PENDING, BookingStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Card:
    """One schedule.

    :ivar booked: how many of its bookings there are in this week from Monday.
    """

    schedule: Schedule
    lacks: list[Lack]
    booked: int

    @property
    def is_public(self) -> bool:
        """Whether its address can be given to people."""
        of = self.schedule
        return of.active and of.host.is_confirmed and of.visibility is not Visibility.BY_LINK

    @property
    def state(self) -> tuple[str, str]:
        """As a badge: kind and words. Never good while bookers wouldn't get what they expect."""
        if not self.schedule.active:
            return "", _("Switched off")
        if any(lack.kind is Kind.NO_HOURS for lack in self.lacks):
            return "warn", _("No hours")
        if any(lack.has_no_link for lack in self.lacks):
            return "warn", _("No video link")
        return "good", _("Open for bookings")


def of(host: User, schedules: Sequence[Schedule], *, now: datetime) -> list[Card]:
    """The cards of some of a host's schedules, in two queries however many they are."""
    connected = usage.connected(host.id)
    booked = _booked_this_week(host, now)
    return [
        Card(one, missing.of(one, connected, now=now), booked.get(one.id, 0)) for one in schedules
    ]


def _booked_this_week(host: User, now: datetime) -> dict[int, int]:
    """How many bookings there are this week, by schedule."""
    zone = ZoneInfo(host.zone)
    today = now.astimezone(zone).date()
    monday = (today - timedelta(days=today.weekday())).toordinal()
    begin, end = (to_datetime(instant(day, 0, zone)) for day in (monday, monday + 7))
    query = (
        sa.select(Booking.schedule_id, sa.func.count().label("booked"))
        .where(Booking.host_id == host.id, Booking.status.in_(_COUNTED))
        .where(Booking.starts_at >= begin, Booking.starts_at < end)
        .group_by(Booking.schedule_id)
    )
    return {row.schedule_id: row.booked for row in db.session.execute(query)}
