"""A booking as a calendar file (iCalendar, RFC 5545; what its methods mean: RFC 5546).

Times are in UTC: every calendar program shows them in its reader's own zone, and no definition of a
zone has to come along. Only the reader is named as attendee, and BookMe's address as organizer
under the host's name: a calendar program that answers, answers to BookMe.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Alarm, Calendar, Event, Parameters, vCalAddress, vText, vUri

from bookme.bookings import summary
from bookme.bookings.messages import calendar_texts
from bookme.bookings.messages.message_state import truth
from bookme.crypto import fingerprint
from bookme.mail import sender
from bookme.mail.defuse import named
from bookme.models import Attendee, Booking, User
from bookme.typed import line

#: Names with these stand in quotes: programs may take a backslash for the beginning of an escape.
_QUOTED = {"CN": " '\\"}
#: Apple's Calendar takes an address for one only with its type, and RFC 7986 (5.11) asks for it.
_URI = {"VALUE": "URI"}
_CALL = {**_URI, "FEATURE": ["AUDIO", "VIDEO"]}


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
    event = _event(booking, reader, method, now)
    if booking.host.alarm_minutes is not None and not truth(booking).ended:
        event.add_component(_alarm(booking.host.alarm_minutes, str(event["summary"])))
    file.add_component(event)
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
    event.add("location", calendar_texts.location(booking, reader))
    event.add("description", calendar_texts.description(booking, reader, now=now))
    if url := calendar_texts.url(booking, reader):
        event.add("url", url, parameters=_URI)
    if join := calendar_texts.join_url(booking):
        label = summary.join_words(booking)
        event.add("conference", vUri(join), parameters=Parameters(_CALL, LABEL=label))
    __, ours = sender.parse(current_app.config["MAIL_DEFAULT_SENDER"])
    event.add("organizer", _person(ours, booking.host.name))
    if reader is not None and method != "PUBLISH":
        event.add("attendee", _attendee(reader))
    return event


def _alarm(minutes: int, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", words)  # which a display alarm has to have (RFC 5545, 3.6.6)
    return alarm


def _status(booking: Booking) -> str:
    if booking.awaits_answer:
        return "TENTATIVE"
    return "CONFIRMED" if booking.is_confirmed else "CANCELLED"


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
