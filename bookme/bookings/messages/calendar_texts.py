"""What a calendar file says of a booking, for each of its readers.

The booker's answers and notes are the host's alone. An appointment that has ended offers no way in
and nothing to change.
"""

from datetime import datetime

from flask_babel import gettext as _

from bookme.bookings import cut_offs, guests, summary
from bookme.bookings.messages.message_state import truth
from bookme.models import Attendee, Booking, User

#: Outlook keeps no more of a place.
_LONGEST_PLACE = 255


def location(booking: Booking, reader: Attendee | User | None) -> str:
    """The video link, or the place in words where there is none or it is too long."""
    said = summary.location(booking, booking.meeting, **_sides(reader))
    return said if len(said) <= _LONGEST_PLACE else _place(booking, reader)


def join_url(booking: Booking) -> str:
    """The video link while it leads to something; else empty."""
    if booking.meeting is None or truth(booking).ended:
        return ""
    return booking.meeting.join_url or ""


def url(booking: Booking, reader: Attendee | User | None) -> str:
    """The booking's page; guests have none, so for them the video link."""
    if _is_guest(reader):
        return join_url(booking)
    return summary.page(booking, to_host=isinstance(reader, User))


def description(booking: Booking, reader: Attendee | User | None, *, now: datetime) -> str:
    """Where and how to join, what it is about, and what its reader can do."""
    ended = truth(booking).ended
    way = [_place(booking, reader), *([] if ended else summary.way_in(booking.meeting))]
    about = [summary.about(booking).text]
    if isinstance(reader, User):
        return summary.paragraphs(
            [*summary.people(booking), *way],
            about,
            *([line] for line in summary.answer_lines(booking)),
            [summary.notes(booking).text],
            [summary.page_line(booking)],
        )
    return summary.paragraphs(way, about, [] if ended else [_changes(booking, reader, now)])


def _changes(booking: Booking, reader: Attendee | User | None, now: datetime) -> str:
    if isinstance(reader, Attendee) and reader.is_guest:
        return _("Can’t come? %(page)s", page=guests.link(reader))
    page = summary.page(booking, to_host=False)
    until = (cut_offs.reschedule_until(booking), cut_offs.cancel_until(booking))
    if any(cut_offs.has_passed(one, now) for one in until):
        return _("See the booking: %(address)s", address=page)
    return _("Reschedule or cancel: %(page)s", page=page)


def _place(booking: Booking, reader: Attendee | User | None) -> str:
    return summary.place(booking, **_sides(reader)).text


def _sides(reader: Attendee | User | None) -> dict[str, bool]:
    return {"to_host": isinstance(reader, User), "to_guest": _is_guest(reader)}


def _is_guest(reader: Attendee | User | None) -> bool:
    return isinstance(reader, Attendee) and reader.is_guest
