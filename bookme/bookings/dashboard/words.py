"""What has happened to a booking, its meeting and its messages, in words for the host."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme import moments
from bookme.bookings import summary
from bookme.bookings.dashboard import entry_words
from bookme.bookings.dashboard.coming_words import coming
from bookme.bookings.dashboard.entry_words import calendar, entry
from bookme.bookings.dashboard.history_words import event
from bookme.bookings.dashboard.mending import because, by_password, connection
from bookme.bookings.dashboard.message_words import message
from bookme.bookings.dashboard.rows import Row
from bookme.bookings.trouble import account, is_ended_by_connecting
from bookme.bookings.trouble import words as trouble
from bookme.models import (
    Actor,
    Booking,
    BookingStatus,
    Caller,
    LocationKind,
    Meeting,
    MeetingState,
    Trouble,
)
from bookme.web.filters import day, place

__all__ = [
    "account",
    "answered",
    "by_password",
    "calendar",
    "coming",
    "connection",
    "entry",
    "event",
    "is_ended_by_connecting",
    "is_on_its_way",
    "is_today",
    "meeting",
    "message",
    "outcome",
    "status",
    "trouble",
    "what",
    "where",
]

STATES = {
    MeetingState.WAITING: ("waiting", _l("Being created")),
    MeetingState.READY: ("good", _l("Ready")),
    MeetingState.FAILED: ("bad", _l("Failed")),
    MeetingState.REMOVED: ("", _l("Removed")),
    MeetingState.LEFT: ("", _l("Left as it was")),
}

#: What has become of bookings that a host sees.
OUTCOMES = {
    BookingStatus.PENDING: _l("Waiting for you"),
    BookingStatus.CONFIRMED: _l("Confirmed"),
    BookingStatus.CANCELLED: _l("Cancelled"),
    BookingStatus.DECLINED: _l("Declined"),
    BookingStatus.LAPSED: _l("Not answered in time"),
}

#: Work that is due later than this is not waited for: a last look, an attempt in an hour.
_SOON = timedelta(seconds=30)
_RECONNECT = Trouble.NEEDS_RECONNECT


def status(booking: Booking | Row, now: datetime) -> tuple[str, str]:
    """A booking's state as a badge: kind and words."""
    if not booking.holds_time:
        return "bad", str(OUTCOMES[booking.status])
    if booking.missed:
        return "warn", _("No-show")
    if booking.is_over(now):
        return "", _("Past")
    if booking.is_confirmed and booking.asked_to_move_at is not None:
        return "waiting", _("Asked to move")
    if booking.is_confirmed:
        return "good", _("Confirmed")
    return "waiting", _("Waiting for you")


def outcome(booking: Booking) -> str:
    """What has become of a booking, in a word or two, whatever the time is."""
    if booking.missed:
        return _("No-show")
    return str(OUTCOMES[booking.status])


#: What has become of a request that can't be answered any more.
_ANSWERED = {
    BookingStatus.CONFIRMED: _l("This booking is confirmed."),
    BookingStatus.DECLINED: _l("You've declined this request."),
    BookingStatus.LAPSED: _l("This request wasn't answered in time, so it has ended."),
}


def answered(booking: Booking, now: datetime) -> str:
    """What has become of a request that can't be answered any more."""
    if booking.status in _ANSWERED:
        return str(_ANSWERED[booking.status])
    if booking.status is BookingStatus.CANCELLED and booking.cancelled_by is Actor.BOOKER:
        return _("The booker has cancelled this request.")
    if booking.status is BookingStatus.CANCELLED:
        return _("This request is cancelled.")
    return _("The time of this request has passed.")


def meeting(of: Meeting, now: datetime) -> tuple[str, str, str]:
    """A meeting's state: badge kind, badge words, and a sentence on what is wrong (or nothing)."""
    kind, words = STATES[of.state]
    if of.state is MeetingState.WAITING and of.booking.is_over(now):
        kind, words = "", _l("Never created")
    elif of.state is MeetingState.READY and of.booking.is_over(now):
        kind, words = "", _l("Over")
    elif of.trouble and of.state in (MeetingState.WAITING, MeetingState.READY):
        waits = of.state is MeetingState.WAITING
        kind, words = "warn", entry_words.ON_HOLD if waits else entry_words.OUT_OF_DATE
    said = because(of.booking.host_id, connection(of)) if of.trouble is _RECONNECT else ""
    return kind, str(words), said or trouble(of)


def where(booking: Booking) -> str:
    """Where an appointment takes place, for its host: who calls whom (the booker's number stands
    by itself), an address, a provider.
    """
    if booking.location_kind is LocationKind.VIDEO:
        return place(booking)
    if booking.location_kind is LocationKind.PHONE and booking.caller is Caller.HOST:
        return _("You call %(other)s", other=summary.booker_name(booking).text)
    return summary.place(booking, to_host=True).text


def what(booking: Booking | Row) -> str:
    """What was booked and where it is, without saying the same twice: not "Phone call, Phone"."""
    at = place(booking)
    if at.casefold() in booking.title.casefold():
        return booking.title
    return _("%(title)s, %(place)s", title=booking.title, place=at)


def is_today(booking: Row, now: datetime, zone: str) -> bool:
    """Whether a booking is on a zone's present day, and not over."""
    return day(booking.starts_at, zone) == day(now, zone) and not booking.is_over(now)


def is_on_its_way(booking: Booking, now: datetime) -> bool:
    """Whether the page may soon have something new to show, so that it is worth looking again."""
    lease_until = moments.meant(Booking.lease_until, booking.lease_until, now)
    due_at = moments.meant(Booking.due_at, booking.due_at, now)
    is_at_work = lease_until is not None and lease_until > now
    is_due = due_at is not None and due_at <= now + _SOON
    return (is_at_work or is_due) and not booking.is_over(now)
