"""What the messages about a booking say, put together when they are sent.

What the booker typed is :func:`~bookme.mail.defuse.theirs`, what the host typed is
:func:`~bookme.typed.own`. The booker's token stands in the booker's own message only; what the
booker wrote to the host, guests don't read.
"""

from datetime import datetime
from typing import Any

from flask import current_app

from bookme.accounts.links import address
from bookme.bookings import cut_offs, guests, summary
from bookme.bookings.calendar_links import CalendarLink, calendar_links
from bookme.bookings.email_proof import confirm_address
from bookme.bookings.messages import endings, faces, host_ways, subjects, times
from bookme.bookings.messages.message_state import Told, Video, truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.timed import TimedKind
from bookme.bookings.slots import takes_bookings
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    User,
    Visibility,
)
from bookme.typed import own


def context(
    kind: MessageKind | TimedKind,
    booking: Booking,
    reader: Attendee | User,
    told: Told | None,
    *,
    now: datetime,
) -> dict[str, Any]:
    """What the templates need to tell one reader how things are with a booking.

    :param told: what the same reader was told last.
    """
    was_asked = told is not None and told.status is BookingStatus.PENDING
    has_new_link = told is not None and told.link not in (None, truth(booking).link)
    said = _common(booking, reader, told) | _for_reader(booking, reader, now)
    subject = subjects.subject(
        kind,
        booking,
        reader,
        said["video"],
        was_asked=was_asked,
        has_new_link=has_new_link,
        now=now,
    )
    return {"was_asked": was_asked, "has_new_link": has_new_link, "subject": subject, **said}


def _common(booking: Booking, reader: Attendee | User, told: Told | None) -> dict[str, Any]:
    """What is the same for all readers, in their words."""
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
        "when": times.in_words(booking.starts_at, booking.ends_at, reader),
        "there": times.there(booking, reader),
        "before": times.in_words(told.starts_at, told.ends_at, reader) if told else "",
        "place": summary.place(booking, to_host=to_host, to_guest=to_guest),
        "video": now_true.video if booking.is_confirmed else Video.NONE,
        "waits_until": times.waits_until(booking, reader),
        "join_url": meeting.join_url if meeting is not None else None,
        "passcode": meeting.passcode if meeting is not None else None,
        "join": summary.join_words(booking),
        "ended_by": endings.ended_by(booking, to_host=to_host, to_guest=to_guest),
        "support": current_app.config["SUPPORT_EMAIL"],
    }


def _for_reader(booking: Booking, reader: Attendee | User, now: datetime) -> dict[str, Any]:
    if isinstance(reader, User):
        return _of_booker(booking) | host_ways.ways(booking)
    words = {
        "after_words": own(booking.schedule.after_words),
        "face": faces.face(booking.host),
        "calendars": _calendars(booking, reader, now),
    }
    if reader.is_guest:
        return words | {"leave": guests.link(reader)}
    return words | _of_booker(booking) | _for_booker(booking, reader, now)


def _calendars(booking: Booking, reader: Attendee, now: datetime) -> list[CalendarLink]:
    """Where a reader can add the booking; none once there is nothing to add."""
    if not booking.is_confirmed or booking.is_over(now):
        return []
    return calendar_links(booking, reader=reader)


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
        "booker_email": booking.booker.email if booking.booker is not None else "",
        "reason": endings.reason(booking),
    }


def _for_booker(booking: Booking, booker: Attendee, now: datetime) -> dict[str, Any]:
    return {
        "until": cut_offs.in_words(booking, lambda at: times.moment(at, booker), now=now),
        "asked": _asked(booking),
        "host_words": own("" if booking.asked_to_move_at else booking.ask_words),
        "confirm": confirm_address(booking),
        "again": _again(booking),
        "page": summary.page(booking, to_host=False),
        "data": address("public.own_data", token=booking.token),
        **_changes(booking, now),
    }


def _changes(booking: Booking, now: datetime) -> dict[str, str]:
    """Where the booker can reschedule and cancel; empty once it is too late."""
    may_move = not cut_offs.has_passed(cut_offs.reschedule_until(booking), now)
    may_cancel = not cut_offs.has_passed(cut_offs.cancel_until(booking), now)
    return {
        "reschedule": address("public.reschedule", token=booking.token) if may_move else "",
        "cancel": address("public.cancel", token=booking.token) if may_cancel else "",
    }


def _asked(booking: Booking) -> dict[str, Any] | None:
    """The host's wish for another time: the host's words, and where the free times are."""
    if booking.asked_to_move_at is None:
        return None
    moves = address("public.reschedule", token=booking.token) if booking.holds_time else ""
    words = booking.ask_words if booking.holds_time else ""  # else they are the reason
    return {"words": own(words), "times": moves or _again(booking)}
