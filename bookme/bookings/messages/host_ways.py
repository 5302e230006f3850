"""What only the host reads of a booking, and what the host can do about it."""

from typing import Any

from bookme.accounts.links import address
from bookme.bookings import summary, trouble
from bookme.bookings.messages.message_state import Video, truth
from bookme.mail.defuse import theirs
from bookme.models import Booking, Meeting


def ways(booking: Booking) -> dict[str, Any]:
    """What the templates need for the host alone."""
    booker, meeting = booking.booker, booking.meeting
    missing = meeting is not None and truth(booking).video is Video.HOST
    return {
        "accept": address("bookings.ask_accept", reference=booking.reference),
        "decline": address("bookings.ask_decline", reference=booking.reference),
        "page": summary.page(booking, to_host=True),
        "phone": theirs(booker.phone) if booker is not None else "",
        "notes": summary.notes(booking),
        **(_ways_out(booking, meeting) if meeting is not None and missing else {}),
    }


def _ways_out(booking: Booking, meeting: Meeting) -> dict[str, Any]:
    """What is wrong with a meeting of which there is no link, and where its host mends it."""
    schedule = address("schedules.edit", schedule_id=str(booking.schedule_id))
    return {
        "trouble": trouble.words(meeting),
        "account": trouble.account(meeting),
        "is_connected": not trouble.is_ended_by_connecting(meeting),
        "connections": address("connections.index"),
        "schedule": schedule if booking.schedule.deleted_at is None else None,
    }
