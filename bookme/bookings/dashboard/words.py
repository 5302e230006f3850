"""What has happened to a booking, its meeting and its messages, in words for the host."""

from datetime import datetime, timedelta

from bookme import moments
from bookme.bookings.dashboard import entry_words
from bookme.bookings.dashboard.entry_words import calendar, entry
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.trouble import account, is_ended_by_connecting
from bookme.bookings.trouble import words as trouble
from bookme.models import (
    Actor,
    Booking,
    BookingEvent,
    BookingStatus,
    Email,
    EmailState,
    EventKind,
    Meeting,
    MeetingState,
)

__all__ = [
    "account",
    "calendar",
    "entry",
    "event",
    "is_ended_by_connecting",
    "is_on_its_way",
    "meeting",
    "message",
    "status",
    "trouble",
]

STATES = {
    MeetingState.WAITING: ("waiting", "Being made"),
    MeetingState.READY: ("good", "Ready"),
    MeetingState.FAILED: ("bad", "Failed"),
    MeetingState.REMOVED: ("", "Removed"),
    MeetingState.LEFT: ("", "Left as it was"),
}

EVENTS = {
    EventKind.BOOKED: "Booked",
    EventKind.MOVED: "Moved",
    EventKind.CANCELLED: "Cancelled",
    EventKind.MEETING_CREATED: "{provider} meeting created",
    EventKind.MEETING_UPDATED: "{provider} meeting updated",
    EventKind.MEETING_ADOPTED: "{provider} meeting found again after an interruption",
    EventKind.MEETING_RECREATED: "{provider} had lost the meeting: another one created",
    EventKind.MEETING_DELETED: "{provider} meeting deleted",
    EventKind.MEETING_LEFT: "{provider} was disconnected: its meeting stays as it is",
    EventKind.MEETING_SPARED: (
        "{provider} meeting not deleted: its description no longer has the BookMe reference. If "
        "you don't need it, delete it in {provider}"
    ),
    EventKind.MEETING_WAITS: "{provider} meeting has to wait",
    EventKind.MEETING_FAILED: "An attempt at {provider} failed",
    EventKind.SURPLUS_DELETED: "A second {provider} meeting of an interruption deleted",
    EventKind.RETRIED: "Tried again",
    EventKind.EMAIL_SENT: "Mail sent",
    EventKind.EMAIL_FAILED: "Mail failed",
    EventKind.ERASED: "The booker's data erased",
} | entry_words.EVENTS

ACTORS = {Actor.HOST: " by you", Actor.BOOKER: " by the booker", Actor.BOOKME: ""}

#: Work that is due later than this is not waited for: a last look, an attempt in an hour.
_SOON = timedelta(seconds=30)

#: Which events an actor's name belongs to.
_DONE_BY_PEOPLE = {EventKind.BOOKED, EventKind.MOVED, EventKind.CANCELLED, EventKind.RETRIED}

_GOOD = {EventKind.MEETING_CREATED, EventKind.MEETING_ADOPTED, EventKind.EMAIL_SENT}
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

MESSAGES: dict[str, str] = {
    MessageKind.BOOKED: "Confirmation",
    MessageKind.MOVED: "New time",
    MessageKind.CANCELLED: "Cancellation",
    MessageKind.LINK: "Video link",
}

MAIL_STATES = {
    EmailState.WAITING: ("waiting", "Waiting"),
    EmailState.SENT: ("good", "Sent"),
    EmailState.DROPPED: ("", "Not needed"),
    EmailState.FAILED: ("bad", "Failed"),
}


def status(booking: Booking, now: datetime) -> tuple[str, str]:
    """A booking's state as a badge: kind and words."""
    if booking.status is BookingStatus.CANCELLED:
        return "bad", "Cancelled"
    if booking.status is BookingStatus.DECLINED:
        return "bad", "Declined"
    if booking.is_over(now):
        return "", "Past"
    return ("good", "Confirmed") if booking.is_confirmed else ("waiting", "Waiting for you")


def meeting(of: Meeting, now: datetime) -> tuple[str, str, str]:
    """A meeting's state: badge kind, badge words, and a sentence on what is wrong (or nothing)."""
    kind, words = STATES[of.state]
    if of.state is MeetingState.WAITING and of.booking.is_over(now):
        kind, words = "", "Never made"
    elif of.trouble and of.state in (MeetingState.WAITING, MeetingState.READY):
        kind, words = "warn", "Waiting" if of.state is MeetingState.WAITING else "Not up to date"
    return kind, words, trouble(of)


def event(of: BookingEvent, provider: str) -> tuple[str, str]:
    """One line of the history: kind of its mark, and words."""
    words = EVENTS[of.kind].format(provider=provider or "Video")
    if of.kind in _DONE_BY_PEOPLE:
        words += ACTORS[of.actor]
    if of.kind in (EventKind.EMAIL_SENT, EventKind.EMAIL_FAILED):
        what = MESSAGES.get(str(of.facts.get("message", "")), "")
        whom = {"host": "to you", "booker": "to the booker"}.get(str(of.facts.get("to", "")), "")
        words = " ".join(
            filter(None, (what or "Mail", whom, EVENTS[of.kind].removeprefix("Mail ")))
        )
    return next((kind for kind, events in _KINDS if of.kind in events), ""), words


def message(of: Email) -> tuple[str, str, str]:
    """One message: what it is and to whom, badge kind, badge words."""
    whom = "to you" if of.user_id is not None else "to the booker"
    return (f"{MESSAGES.get(of.kind, 'Mail')} {whom}", *MAIL_STATES[of.state])


def is_on_its_way(booking: Booking, now: datetime) -> bool:
    """Whether the page may soon have something new to show, so that it is worth looking again."""
    lease_until = moments.meant(Booking.lease_until, booking.lease_until, now)
    due_at = moments.meant(Booking.due_at, booking.due_at, now)
    is_at_work = lease_until is not None and lease_until > now
    is_due = due_at is not None and due_at <= now + _SOON
    return (is_at_work or is_due) and not booking.is_over(now)
