"""Entries of BookMe's that a host has moved or deleted by hand, as a reading of the calendar shows.

They stand until their bookings change; the booking's page says so.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from bookme.extensions import db
from bookme.jobs.calendars.lease import Reading
from bookme.jobs.events import note
from bookme.models import Booking, BookingEvent, BookingStatus, Calendar, CalendarEntry, EventKind
from bookme.providers.calendar import Found

#: A listing may be a little behind what was written.
_SETTLED = timedelta(minutes=1)
_WRITTEN = (EventKind.ENTRY_CREATED, EventKind.ENTRY_RECREATED, EventKind.ENTRY_UPDATED)


def note_changes(reading: Reading, found: Found, *, now: datetime) -> None:
    """Note which entries are not where they were put, each once. Commits.

    Of one that was not understood nobody knows where it is.
    """
    shown = {one.entry_id: (one.starts_at, one.ends_at) for one in found.busy}
    unclear = {one.entry_id for one in found.unclear}
    for entry in db.session.scalars(_untouched(reading)):
        if entry.external_id in unclear:
            continue
        if shown.get(entry.external_id or "") != (entry.booking.starts_at, entry.booking.ends_at):
            entry.changed_by_hand_at = now
            note(entry.booking, EventKind.ENTRY_CHANGED_BY_HAND, now)
    db.session.commit()


def _untouched(reading: Reading) -> sa.Select[CalendarEntry]:
    """The entries of the calendar that should be in a reading just as their bookings are."""
    host = sa.select(Calendar.host_id).where(Calendar.id == reading.calendar_id)
    lately = sa.exists().where(
        BookingEvent.booking_id == Booking.id,
        BookingEvent.kind.in_(_WRITTEN),
        BookingEvent.at > reading.begun_at - _SETTLED,
    )
    return (
        sa.select(CalendarEntry)
        .join(CalendarEntry.booking)
        .options(contains_eager(CalendarEntry.booking))
        .where(
            CalendarEntry.calendar_id == reading.calendar_id,
            Booking.host_id == host.scalar_subquery(),  # whose bookings to come are found quickly
            CalendarEntry.made_at <= reading.begun_at - _SETTLED,
            CalendarEntry.attempted_at.is_(None),
            CalendarEntry.changed_by_hand_at.is_(None),
            CalendarEntry.revision == Booking.revision,
            Booking.status == BookingStatus.CONFIRMED,
            Booking.starts_at >= reading.begun_at,
            Booking.ends_at <= reading.end,
            ~lately,
        )
    )
