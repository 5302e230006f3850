"""The meeting that a booking should have, as its provider is asked for it."""

from datetime import timedelta

from flask_babel import gettext as _

from bookme.bookings import summary
from bookme.models import Booking
from bookme.providers.video import MeetingRequest
from bookme.web.words import spoken_to


def wanted(booking: Booking) -> MeetingRequest:
    """What the provider should be showing for a booking now."""
    with spoken_to(booking.host.locale, is_host=True):
        return _wanted(booking)


def _wanted(booking: Booking) -> MeetingRequest:
    return MeetingRequest(
        reference=booking.reference,
        topic=summary.title(booking, to_host=True),
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
    booked = _("Booked with BookMe.")
    if booking.booker is not None:
        booked = _("%(booker)s booked this with BookMe.", booker=summary.booker_name(booking))
    return summary.paragraphs(
        [booked, summary.page(booking, to_host=True)], [summary.notes(booking).text]
    )
