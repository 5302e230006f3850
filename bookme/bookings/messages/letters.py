"""What the messages about a booking say, put together when they are sent.

What the booker typed is :func:`~bookme.mail.defuse.theirs`, what the host typed is
:func:`~bookme.typed.own`. The booker's token stands in the booker's own message only; what the
booker wrote to the host, guests don't read.
"""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from bookme.accounts.links import address
from bookme.bookings import cut_offs, guests, summary, trouble
from bookme.bookings.email_proof import confirm_address
from bookme.bookings.messages.message_state import Told, Video, truth
from bookme.bookings.slots import takes_bookings
from bookme.mail.defuse import theirs
from bookme.models import Actor, Attendee, Booking, BookingStatus, Meeting, User, Visibility
from bookme.typed import Shown, own, phrase
from bookme.web.filters import clock, day, when, zone_time


def context(
    booking: Booking, reader: Attendee | User, told: Told | None, *, now: datetime
) -> dict[str, Any]:
    """What the templates need to tell one reader how things are with a booking.

    :param told: what the same reader was told last.
    """
    to_host = isinstance(reader, User)
    to_guest = isinstance(reader, Attendee) and reader.is_guest
    now_true = truth(booking)
    meeting = booking.meeting
    host, booker = summary.host_name(booking), summary.booker_name(booking)
    return {
        "to_host": to_host,
        "to_guest": to_guest,
        "title": own(booking.title),
        "host": host,
        "booker": booker,
        "other": booker if to_host else host,
        "start": when(booking.starts_at, reader.zone, reader.clock_hours, reader.locale),
        "when": span(booking.starts_at, booking.ends_at, reader),
        "before": span(told.starts_at, told.ends_at, reader) if told else "",
        "place": summary.place(booking, to_host=to_host, to_guest=to_guest),
        "video": now_true.video if booking.is_confirmed else Video.NONE,
        "waits_until": _waits_until(booking, reader),
        "was_asked": told is not None and told.status is BookingStatus.PENDING,
        "join_url": meeting.join_url if meeting is not None else None,
        "passcode": meeting.passcode if meeting is not None else None,
        "has_new_link": told is not None and told.link not in (None, now_true.link),
        "ended_by": _ended_by(booking, to_host=to_host, to_guest=to_guest),
        "support": current_app.config["SUPPORT_EMAIL"],
        **_for_reader(booking, reader, now),
    }


def _for_reader(booking: Booking, reader: Attendee | User, now: datetime) -> dict[str, Any]:
    if isinstance(reader, User):
        return _of_booker(booking) | _for_host(booking)
    words = {"after_words": own(booking.schedule.after_words)}
    if reader.is_guest:
        return words | {"leave": guests.link(reader)}
    return words | _of_booker(booking) | _for_booker(booking, reader, now)


def span(starts_at: datetime, ends_at: datetime, reader: Attendee | User) -> str:
    """A stretch of time as its reader reads times: ``Tuesday, 2 March 2027, 09:00 to 09:30
    (Lisbon time)``.
    """
    zone, hours, locale = reader.zone, reader.clock_hours, reader.locale
    same_day = day(starts_at, zone) == day(ends_at, zone)
    end = clock(ends_at, zone, hours) if same_day else when(ends_at, zone, hours, locale)
    start = when(starts_at, zone, hours, locale)
    return _("%(start)s to %(end)s (%(zone)s)", start=start, end=end, zone=zone_time(zone))


def _waits_until(booking: Booking, reader: Attendee | User) -> str:
    """Until when somebody's answer is awaited, with the zone; empty if none is."""
    if booking.lapses_at is None:
        return ""
    return _at(booking.lapses_at, reader)


def _at(at: datetime, reader: Attendee | User) -> str:
    shown = when(at, reader.zone, reader.clock_hours, reader.locale)
    return _("%(when)s (%(zone)s)", when=shown, zone=zone_time(reader.zone))


def _again(booking: Booking) -> str:
    """The page on which the booker can choose another time; empty if that takes a link, or the host
    offers no more there.
    """
    schedule = booking.schedule
    if schedule.visibility is Visibility.BY_LINK or not takes_bookings(schedule):
        return ""
    return address("public.show", handle=booking.host.handle, slug=schedule.slug)


def _of_booker(booking: Booking) -> dict[str, Any]:
    """What only the booker and the host read."""
    return {
        "answers": summary.answers(booking),
        "guests": summary.guests(booking),
        "reason": _reason(booking),
    }


def _for_booker(booking: Booking, booker: Attendee, now: datetime) -> dict[str, Any]:
    return {
        "until": cut_offs.in_words(booking, lambda at: _at(at, booker), now=now),
        "asked": _asked(booking),
        "host_words": own("" if booking.asked_to_move_at else booking.ask_words),
        "confirm": confirm_address(booking),
        "again": _again(booking),
        "page": summary.page(booking, to_host=False),
        "reschedule": address("public.reschedule", token=booking.token),
        "cancel": address("public.cancel", token=booking.token),
    }


def _asked(booking: Booking) -> dict[str, Any] | None:
    """The host's wish for another time: the host's words, and where the free times are."""
    if booking.asked_to_move_at is None:
        return None
    moves = address("public.reschedule", token=booking.token) if booking.holds_time else ""
    words = booking.ask_words if booking.holds_time else ""  # else they are the reason
    return {"words": own(words), "times": moves or _again(booking)}


def _for_host(booking: Booking) -> dict[str, Any]:
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


def _reason(booking: Booking) -> Shown:
    by_host = booking.cancelled_by is Actor.HOST
    return own(booking.cancel_reason) if by_host else theirs(booking.cancel_reason)


def _ended_by(booking: Booking, *, to_host: bool, to_guest: bool) -> Shown:
    """Who cancelled the booking; empty while nobody has."""
    by = booking.cancelled_by
    if by is None and booking.holds_time:
        return phrase("")
    if by not in (Actor.HOST, Actor.BOOKER):
        return phrase(_("BookMe cancelled it."))
    if not to_guest and (by is Actor.HOST) is to_host:
        return phrase(_("You cancelled it."))
    other = summary.host_name(booking) if by is Actor.HOST else summary.booker_name(booking)
    return phrase(_("%(person)s cancelled it."), person=other)
