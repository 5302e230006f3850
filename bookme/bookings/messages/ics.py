"""A booking as a calendar file (iCalendar, RFC 5545; what its methods mean: RFC 5546).

Times are in UTC: every calendar program shows them in its reader's own zone, and no definition of a
zone has to come along. Only the reader is named as attendee, and BookMe's address as organizer
under the host's name: a calendar program that answers, answers to BookMe.
"""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from bookme.bookings import guests, summary
from bookme.bookings.messages.message_state import truth
from bookme.crypto import fingerprint
from bookme.mail import sender
from bookme.mail.defuse import named
from bookme.models import Attendee, Booking, User
from bookme.typed import line

#: Names with these stand in quotes: programs may take a backslash for the beginning of an escape.
_QUOTED = {"CN": " '\\"}


def raise_sequence(booking: Booking) -> None:
    """Count one further if the booking's content is not what the last file was about.

    Called by whoever sends a file, before it is made. The content is the same for both readers.
    """
    state = truth(booking)
    times = state.starts_at.isoformat(), state.ends_at.isoformat()
    where = booking.location_kind, booking.address, booking.phone, state.link
    digest = fingerprint(repr((*times, state.ended, booking.title, where)))
    if booking.sequence_digest not in (None, digest):
        booking.sequence += 1
    booking.sequence_digest = digest


def calendar_file(
    booking: Booking, *, reader: Attendee | User | None, method: str, now: datetime
) -> bytes:
    """The booking for one reader's calendar.

    :param reader: the host, the booker or a guest; None when nobody in particular downloads it.
    :param method: ``REQUEST`` or ``CANCEL`` in a mail, ``PUBLISH`` for a download (which names no
        attendees, RFC 5546, 3.2.1).
    """
    file = Calendar()
    file.add("prodid", "-//BookMe//Appointments//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", method)
    file.add_component(_event(booking, reader, method, now))
    return file.to_ical()


def published(booking: Booking, *, now: datetime) -> Event:
    """The booking as one event of the host's calendar feed."""
    event = _event(booking, booking.host, "PUBLISH", now)
    del event["organizer"]  # which would make it an invitation
    return event


def _event(booking: Booking, reader: Attendee | User | None, method: str, now: datetime) -> Event:
    to_host = isinstance(reader, User)
    event = Event()
    event.add("uid", f"{booking.reference}@{urlsplit(current_app.config['PUBLIC_URL']).hostname}")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("status", _status(booking))
    event.add("transp", "OPAQUE" if booking.holds_time else "TRANSPARENT")
    event.add("summary", line(summary.title(booking, to_host=to_host)))
    event.add("location", _location(booking, reader))
    event.add("description", _description(booking, reader))
    __, ours = sender.parse(current_app.config["MAIL_DEFAULT_SENDER"])
    event.add("organizer", _person(ours, booking.host.name))
    if reader is not None and method != "PUBLISH":
        event.add("attendee", _attendee(reader))
    return event


def _status(booking: Booking) -> str:
    if booking.awaits_answer:
        return "TENTATIVE"
    return "CONFIRMED" if booking.is_confirmed else "CANCELLED"


def _location(booking: Booking, reader: Attendee | User | None) -> str:
    sides = {"to_host": isinstance(reader, User), "to_guest": _is_guest(reader)}
    return summary.location(booking, booking.meeting, **sides)


def _is_guest(reader: Attendee | User | None) -> bool:
    return isinstance(reader, Attendee) and reader.is_guest


def _description(booking: Booking, reader: Attendee | User | None) -> str:
    to_host = isinstance(reader, User)
    where = summary.place(booking, to_host=to_host, to_guest=_is_guest(reader)).text
    way = [where, *summary.way_in(booking.meeting)]
    if to_host:
        return summary.paragraphs(
            [*summary.people(booking), *way],
            *([line] for line in summary.answer_lines(booking)),
            [summary.notes(booking).text],
            [summary.page_line(booking)],
        )
    if isinstance(reader, Attendee) and reader.is_guest:
        return summary.paragraphs(way, [_("Can’t come? %(page)s", page=guests.link(reader))])
    page = summary.page(booking, to_host=False)
    return summary.paragraphs(way, [_("Reschedule or cancel: %(page)s", page=page)])


def _person(email: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{email}")
    person.params.quote_also = _QUOTED
    person.params["cn"] = vText(line(name))  # quotes in it are written as RFC 6868 has it
    return person


def _attendee(reader: Attendee | User) -> vCalAddress:
    # Already agreed, and asked for no answer: nobody reads answers at BookMe's address.
    name = reader.name if isinstance(reader, User) else named(reader.name)
    person = _person(reader.email, name)
    person.params["role"] = vText("REQ-PARTICIPANT")
    person.params["partstat"] = vText("ACCEPTED")
    person.params["rsvp"] = vText("FALSE")
    return person
