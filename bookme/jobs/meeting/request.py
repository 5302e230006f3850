"""The meeting that a booking should have, as its provider is asked for it."""

from datetime import timedelta

from flask import current_app

from bookme.mail.defuse import theirs
from bookme.models import Booking
from bookme.providers.video import MeetingRequest
from bookme.web.words import spoken_to


def wanted(booking: Booking) -> MeetingRequest:
    """What the provider should be showing for a booking now."""
    with spoken_to(booking.host.locale):
        return _wanted(booking)


def _wanted(booking: Booking) -> MeetingRequest:
    booker = booking.booker
    return MeetingRequest(
        reference=booking.reference,
        topic=f"{booking.title}: {theirs(booker.name)}" if booker else booking.title,
        agenda=_agenda(booking),
        starts_at=booking.starts_at,
        duration_minutes=(booking.ends_at - booking.starts_at) // timedelta(minutes=1),
        zone=booking.zone,
        options=dict(booking.meeting_options),
    )


def last_sent(booking: Booking) -> MeetingRequest | None:
    """What the provider was sent last; None if that is not kept, or was kept by other rules."""
    values = booking.meeting.sent if booking.meeting is not None else None
    if values is None:
        return None
    try:
        return MeetingRequest.from_json(values)
    except (KeyError, TypeError, ValueError):
        return None


def _agenda(booking: Booking) -> str:
    booker = booking.booker
    address = f"{current_app.config['PUBLIC_URL']}/dashboard/bookings/{booking.reference}"
    lines = [
        f"{theirs(booker.name)} booked this with BookMe." if booker else "Booked with BookMe.",
        address,
    ]
    if booker and booker.notes:
        lines += ["", theirs(booker.notes).text]
    return "\n".join(lines)
