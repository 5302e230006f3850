"""Where an appointment takes place, in words for one of its two sides."""

from bookme.bookings.unlinked import unlinked
from bookme.models import Booking, Caller, LocationKind
from bookme.video import CHOICES


def provider_label(booking: Booking) -> str:
    """The video provider's name as people know it; empty for other kinds of appointment."""
    name = booking.meeting.provider if booking.meeting is not None else booking.video_provider or ""
    return CHOICES[name].label if name in CHOICES else ""


def place(booking: Booking, *, to_host: bool) -> str:
    """The place, without the video link."""
    if booking.location_kind is LocationKind.VIDEO:
        return provider_label(booking) or "Video meeting"
    if booking.location_kind is LocationKind.IN_PERSON:
        return unlinked(booking.address)
    return _phone(booking, to_host=to_host)


def _phone(booking: Booking, *, to_host: bool) -> str:
    number = booking.booker.phone if booking.booker is not None else ""
    if booking.caller is Caller.HOST:
        words = f"You call {booker_name(booking)}" if to_host else f"{host_name(booking)} calls you"
    else:
        number = booking.phone
        words = f"{booker_name(booking)} calls you" if to_host else f"You call {host_name(booking)}"
    return f"{words}: {unlinked(number)}" if number else words


def host_name(booking: Booking) -> str:
    """The host's name, fit for a mail."""
    return unlinked(booking.host.name)


def booker_name(booking: Booking) -> str:
    """The booker's name, fit for a mail; "the booker" once that person was erased."""
    return unlinked(booking.booker.name) if booking.booker is not None else "the booker"
