"""What has happened to a booking, its meeting and its messages, in words for the host."""

from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bookme import moments
from bookme.bookings.dashboard import entry_words, message_words
from bookme.bookings.dashboard.coming_words import coming
from bookme.bookings.dashboard.entry_words import calendar, entry
from bookme.bookings.dashboard.message_words import message
from bookme.bookings.trouble import account, is_ended_by_connecting
from bookme.bookings.trouble import words as trouble
from bookme.models import (
    Actor,
    Booking,
    BookingEvent,
    BookingStatus,
    EventKind,
    Meeting,
    MeetingState,
)
from bookme.web.filters import typed

__all__ = [
    "account",
    "answered",
    "calendar",
    "coming",
    "entry",
    "event",
    "is_ended_by_connecting",
    "is_on_its_way",
    "meeting",
    "message",
    "outcome",
    "status",
    "trouble",
]

STATES = {
    MeetingState.WAITING: ("waiting", _l("Being created")),
    MeetingState.READY: ("good", _l("Ready")),
    MeetingState.FAILED: ("bad", _l("Failed")),
    MeetingState.REMOVED: ("", _l("Removed")),
    MeetingState.LEFT: ("", _l("Left as it was")),
}

EVENTS = {
    EventKind.BOOKED: _l("Booked"),
    EventKind.REQUESTED: _l("Requested"),
    EventKind.ACCEPTED: _l("Request accepted"),
    EventKind.DECLINED: _l("Request declined"),
    EventKind.LAPSED: _l("Request not answered in time"),
    EventKind.MOVED: _l("Rescheduled"),
    EventKind.CANCELLED: _l("Cancelled"),
    EventKind.ASKED_TO_MOVE: _l("The booker asked to pick another time"),
    EventKind.NO_SHOW: _l("No-show noted"),
    EventKind.NO_SHOW_UNDONE: _l("No-show taken back"),
    EventKind.MEETING_CREATED: _l("%(provider)s meeting created"),
    EventKind.MEETING_UPDATED: _l("%(provider)s meeting updated"),
    EventKind.MEETING_ADOPTED: _l("%(provider)s meeting found again after an interruption"),
    EventKind.MEETING_RECREATED: _l(
        "%(provider)s no longer had the meeting, so we created another one"
    ),
    EventKind.MEETING_DELETED: _l("%(provider)s meeting deleted"),
    EventKind.MEETING_LEFT: _l("%(provider)s disconnected; its meeting stays as it is"),
    EventKind.MEETING_SPARED: _l(
        "%(provider)s meeting not deleted: its description no longer has the BookMe reference. If "
        "you don't need it, delete it in %(provider)s"
    ),
    EventKind.MEETING_WAITS: _l("%(provider)s meeting on hold"),
    EventKind.MEETING_FAILED: _l("%(provider)s meeting failed"),
    EventKind.SURPLUS_DELETED: _l("Duplicate %(provider)s meeting deleted after an interruption"),
    EventKind.RETRIED: _l("Tried again"),
    EventKind.EMAIL_SENT: _l("Message sent"),
    EventKind.EMAIL_FAILED: _l("Message couldn't be sent"),
    EventKind.GUEST_LEFT: _l("A guest removed themselves"),
    EventKind.ERASED: _l("The booker's data deleted"),
} | entry_words.EVENTS

#: What has become of bookings that a host sees.
OUTCOMES = {
    BookingStatus.PENDING: _l("Waiting for you"),
    BookingStatus.CONFIRMED: _l("Confirmed"),
    BookingStatus.CANCELLED: _l("Cancelled"),
    BookingStatus.DECLINED: _l("Declined"),
    BookingStatus.LAPSED: _l("Not answered in time"),
}

#: What people do, by who did it.
_DONE_BY_HOST = {
    EventKind.BOOKED: _l("Booked by you"),
    EventKind.ACCEPTED: _l("Request accepted by you"),
    EventKind.DECLINED: _l("Request declined by you"),
    EventKind.MOVED: _l("Rescheduled by you"),
    EventKind.CANCELLED: _l("Cancelled by you"),
    EventKind.ASKED_TO_MOVE: _l("You asked the booker to pick another time"),
    EventKind.NO_SHOW: _l("You noted a no-show"),
    EventKind.NO_SHOW_UNDONE: _l("You took back a no-show"),
    EventKind.RETRIED: _l("Tried again by you"),
}
_DONE_BY_BOOKER = {
    EventKind.BOOKED: _l("Booked by %(booker)s"),
    EventKind.REQUESTED: _l("Requested by %(booker)s"),
    EventKind.MOVED: _l("Rescheduled by %(booker)s"),
    EventKind.CANCELLED: _l("Cancelled by %(booker)s"),
}
#: The same, once the booker's data is deleted.
_DONE_BY_NOBODY_KNOWN = {
    EventKind.BOOKED: _l("Booked by the booker"),
    EventKind.REQUESTED: _l("Requested by the booker"),
    EventKind.MOVED: _l("Rescheduled by the booker"),
    EventKind.CANCELLED: _l("Cancelled by the booker"),
}

#: Work that is due later than this is not waited for: a last look, an attempt in an hour.
_SOON = timedelta(seconds=30)

_GOOD = {
    EventKind.ACCEPTED,
    EventKind.MEETING_CREATED,
    EventKind.MEETING_ADOPTED,
    EventKind.EMAIL_SENT,
}
_BAD = {EventKind.MEETING_FAILED, EventKind.EMAIL_FAILED}
_WARN = {
    EventKind.MEETING_WAITS,
    EventKind.MEETING_LEFT,
    EventKind.MEETING_SPARED,
    EventKind.MEETING_RECREATED,
}
_KINDS = (
    ("good", _GOOD | entry_words.GOOD),
    ("bad", _BAD | entry_words.BAD),
    ("warn", _WARN | entry_words.WARN),
)


def status(booking: Booking, now: datetime) -> tuple[str, str]:
    """A booking's state as a badge: kind and words."""
    if not booking.holds_time:
        return "bad", str(OUTCOMES[booking.status])
    if any(person.no_show_at for person in booking.attendees):
        return "warn", _("No-show")
    if booking.is_over(now):
        return "", _("Past")
    if booking.is_confirmed:
        return "good", _("Confirmed")
    return "waiting", _("Waiting for you")


def outcome(booking: Booking) -> str:
    """What has become of a booking, in a word or two, whatever the time is."""
    if any(person.no_show_at for person in booking.attendees):
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
    elif of.trouble and of.state in (MeetingState.WAITING, MeetingState.READY):
        waits = of.state is MeetingState.WAITING
        kind, words = "warn", entry_words.ON_HOLD if waits else entry_words.OUT_OF_DATE
    return kind, str(words), trouble(of)


def event(of: BookingEvent, provider: str) -> tuple[str, str]:
    """One line of the history: kind of its mark, and words."""
    kind = next((kind for kind, events in _KINDS if of.kind in events), "")
    booker = of.booking.booker
    names = {"provider": provider or _("Video"), "booker": typed(booker.name if booker else "")}
    return kind, Markup(_sentence(of)) % names


def _sentence(of: BookingEvent) -> LazyString:
    if of.kind in (EventKind.EMAIL_SENT, EventKind.EMAIL_FAILED):
        said = message_words.of(of.facts.get("message"), of.facts.get("to"))
        return said.sent if of.kind is EventKind.EMAIL_SENT else said.failed
    done = {}
    if of.actor is Actor.HOST:
        done = _DONE_BY_HOST
    elif of.actor is Actor.BOOKER:
        done = _DONE_BY_BOOKER if of.booking.booker else _DONE_BY_NOBODY_KNOWN
    return done.get(of.kind, EVENTS[of.kind])


def is_on_its_way(booking: Booking, now: datetime) -> bool:
    """Whether the page may soon have something new to show, so that it is worth looking again."""
    lease_until = moments.meant(Booking.lease_until, booking.lease_until, now)
    due_at = moments.meant(Booking.due_at, booking.due_at, now)
    is_at_work = lease_until is not None and lease_until > now
    is_due = due_at is not None and due_at <= now + _SOON
    return (is_at_work or is_due) and not booking.is_over(now)
