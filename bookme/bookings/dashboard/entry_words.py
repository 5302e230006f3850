"""What has become of a booking's calendar entry, in words for the host."""

from datetime import datetime

from bookme.models import CalendarEntry, EventKind, MeetingState, Trouble
from bookme.providers.registry import calendar_label

#: Why an entry is not as it should be, and what helps.
TROUBLES = {
    Trouble.NOT_CONNECTED: (
        "No calendar is connected for this booking. Connect it, or choose where bookings are "
        "added, and the entry follows by itself."
    ),
    Trouble.NEEDS_RECONNECT: (
        "{calendar} no longer lets BookMe in. Reconnect it and the entry follows by itself."
    ),
    Trouble.UNAVAILABLE: "{calendar} does not answer properly at the moment. BookMe keeps trying.",
    Trouble.LED_ELSEWHERE: (
        "{calendar} sent BookMe on to an address that isn't one of Apple's, so nothing was sent "
        "there. BookMe keeps trying. If it stays like this, write to support."
    ),
    Trouble.NOT_ALLOWED: (
        "{calendar} does not let BookMe write this. Look whether you may still write to that "
        "calendar, then try again."
    ),
    Trouble.STORAGE_FULL: (
        "Your {calendar} storage is full. Free up space or get more, then try again."
    ),
    Trouble.REJECTED: (
        "{calendar} refused what BookMe asked for. This is our mistake; try again, and tell "
        "support if it stays."
    ),
    Trouble.CLIENT_REFUSED: (
        "{calendar} refuses this BookMe server. Its operator has been alarmed; BookMe keeps trying."
    ),
    Trouble.CALENDAR_GONE: (
        "{calendar} no longer has the calendar. Choose another one where bookings are added."
    ),
}
STATES = {
    MeetingState.WAITING: ("waiting", "Being added"),
    MeetingState.READY: ("good", "In your calendar"),
    MeetingState.FAILED: ("bad", "Failed"),
    MeetingState.REMOVED: ("", "Removed"),
    MeetingState.LEFT: ("", "Left as it was"),
}
EVENTS = {
    EventKind.ENTRY_CREATED: "Added to your calendar",
    EventKind.ENTRY_UPDATED: "Calendar entry updated",
    EventKind.ENTRY_RECREATED: "Added to your calendar again",
    EventKind.ENTRY_DELETED: "Calendar entry removed",
    EventKind.ENTRY_LEFT: "The calendar was disconnected: its entry stays as it is",
    EventKind.ENTRY_WAITS: "Calendar entry has to wait",
    EventKind.ENTRY_FAILED: "Calendar entry failed",
    EventKind.ENTRY_CHANGED_BY_HAND: "You changed the calendar entry by hand",
}
GOOD = {EventKind.ENTRY_CREATED}
BAD = {EventKind.ENTRY_FAILED}
WARN = {EventKind.ENTRY_WAITS, EventKind.ENTRY_LEFT, EventKind.ENTRY_RECREATED}

_DELETED = "You deleted the entry by hand. It stays so until the booking changes."
_CHANGED = "You changed the entry by hand. Your changes stand until the booking changes them."


def calendar(of: CalendarEntry) -> str:
    """The calendar's name as people know it."""
    return calendar_label(of.provider)


def entry(of: CalendarEntry, now: datetime) -> tuple[str, str, str]:
    """An entry's state: badge kind, badge words, and a sentence on what to know (or nothing)."""
    kind, words = STATES[of.state]
    if of.state is MeetingState.WAITING and of.booking.is_over(now):
        kind, words = "", "Never added"
    elif of.trouble and of.state in (MeetingState.WAITING, MeetingState.READY):
        kind, words = "warn", "Waiting" if of.state is MeetingState.WAITING else "Not up to date"
    if of.trouble is not None:
        said = TROUBLES.get(of.trouble, TROUBLES[Trouble.UNAVAILABLE])
        return kind, words, said.format(calendar=calendar(of))
    by_hand = of.changed_by_hand_at is not None and of.booking.is_confirmed
    if by_hand:
        return kind, words, _CHANGED if of.made_at is not None else _DELETED
    return kind, words, ""
