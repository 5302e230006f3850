"""Where an appointment takes place, in words for one of its two sides."""

from bookme.mail.defuse import theirs
from bookme.models import Booking, Caller, LocationKind
from bookme.providers.registry import meetings_label
from bookme.typed import Shown, own, phrase


def provider_label(booking: Booking) -> str:
    """The video provider's name as people know it; empty for other kinds of appointment."""
    name = booking.meeting.provider if booking.meeting is not None else booking.video_provider or ""
    return meetings_label(name)


def place(booking: Booking, *, to_host: bool) -> Shown:
    """The place, without the video link."""
    if booking.location_kind is LocationKind.VIDEO:
        return phrase(provider_label(booking) or "Video meeting")
    if booking.location_kind is LocationKind.IN_PERSON:
        return own(booking.address)
    return _phone(booking, to_host=to_host)


def _phone(booking: Booking, *, to_host: bool) -> Shown:
    by_host = booking.caller is Caller.HOST
    words = "You call {other}" if by_host is to_host else "{other} calls you"
    if by_host:
        number = theirs(booking.booker.phone if booking.booker is not None else "")
    else:
        number = own(booking.phone)
    other = booker_name(booking) if to_host else host_name(booking)
    return phrase(f"{words}: {{number}}" if number else words, other=other, number=number)


def host_name(booking: Booking) -> Shown:
    """The host's name, fit for a mail."""
    return own(booking.host.name)


def booker_name(booking: Booking) -> Shown:
    """The booker's name, fit for a mail; "the booker" once that person was erased."""
    return theirs(booking.booker.name) if booking.booker is not None else phrase("the booker")
