"""What has become of a booking's calendar entry, in words for the host."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from bookme.bookings.dashboard.mending import because
from bookme.models import CalendarEntry, EventKind, MeetingState, Trouble
from bookme.providers.registry import calendar_label

#: What cannot be made, or brought up to date, for now.
ON_HOLD, OUT_OF_DATE = _l("On hold"), _l("Not up to date")
#: Why an entry is not as it should be, and what helps.
TROUBLES = {
    Trouble.NOT_CONNECTED: _l(
        "No calendar is connected for this booking. Connect one, or choose where bookings are "
        "added, and we'll add it there."
    ),
    Trouble.NEEDS_RECONNECT: _l(
        "%(calendar)s needs reconnecting. Reconnect it and we'll do the rest."
    ),
    Trouble.UNAVAILABLE: _l(
        "%(calendar)s isn't working as it should. We'll keep trying; you don't need to do anything."
    ),
    Trouble.LED_ELSEWHERE: _l(
        "%(calendar)s redirected us to an address that isn't Apple's, so we sent nothing there. "
        "We'll keep trying. Write to support if it keeps happening."
    ),
    Trouble.NOT_ALLOWED: _l(
        "%(calendar)s doesn't let BookMe change this event. Check whether you can still add events "
        "to that calendar, then try again."
    ),
    Trouble.STORAGE_FULL: _l(
        "Your %(calendar)s storage is full. Free up space or get more, then try again."
    ),
    Trouble.REJECTED: _l(
        "%(calendar)s didn't accept our request. This is our mistake. Try again, and write to "
        "support if it keeps happening."
    ),
    Trouble.CLIENT_REFUSED: _l(
        "%(calendar)s isn't accepting requests from this site. We've told the people who run this "
        "site. We'll keep trying."
    ),
    Trouble.CALENDAR_GONE: _l(
        "%(calendar)s no longer has the calendar. Choose another one where bookings are added."
    ),
}
STATES = {
    MeetingState.WAITING: ("waiting", _l("Being added")),
    MeetingState.READY: ("good", _l("In your calendar")),
    MeetingState.FAILED: ("bad", _l("Failed")),
    MeetingState.REMOVED: ("", _l("Removed")),
    MeetingState.LEFT: ("", _l("Left as it was")),
}
EVENTS = {
    EventKind.ENTRY_CREATED: _l("Added to your calendar"),
    EventKind.ENTRY_UPDATED: _l("Calendar event updated"),
    EventKind.ENTRY_RECREATED: _l("Added to your calendar again"),
    EventKind.ENTRY_DELETED: _l("Calendar event deleted"),
    EventKind.ENTRY_LEFT: _l("Calendar disconnected; its event stays as it is"),
    EventKind.ENTRY_WAITS: _l("Calendar event on hold"),
    EventKind.ENTRY_FAILED: _l("Calendar event failed"),
    EventKind.ENTRY_CHANGED_BY_HAND: _l("You changed the calendar event yourself"),
}
GOOD = {EventKind.ENTRY_CREATED}
BAD = {EventKind.ENTRY_FAILED}
WARN = {EventKind.ENTRY_WAITS, EventKind.ENTRY_LEFT, EventKind.ENTRY_RECREATED}

_DELETED = _l("You deleted the event yourself. We won't add it again unless the booking changes.")
_CHANGED = _l("You changed the event yourself. Your changes stay unless the booking changes.")


def calendar(of: CalendarEntry) -> str:
    """The calendar's name as people know it."""
    return calendar_label(of.provider)


def entry(of: CalendarEntry, now: datetime) -> tuple[str, str, str]:
    """An entry's state: badge kind, badge words, and a sentence on what to know (or nothing)."""
    kind, words = STATES[of.state]
    if of.state is MeetingState.WAITING and of.booking.is_over(now):
        kind, words = "", _l("Never added")
    elif of.trouble and of.state in (MeetingState.WAITING, MeetingState.READY):
        kind, words = "warn", ON_HOLD if of.state is MeetingState.WAITING else OUT_OF_DATE
    if of.trouble is not None:
        said = TROUBLES.get(of.trouble, TROUBLES[Trouble.UNAVAILABLE])
        mends = of.trouble is Trouble.NEEDS_RECONNECT
        known = because(of.booking.host_id, of.provider) if mends else ""
        return kind, str(words), known or said % {"calendar": calendar(of)}
    by_hand = of.changed_by_hand_at is not None and of.booking.is_confirmed
    if by_hand:
        return kind, str(words), str(_CHANGED if of.made_at is not None else _DELETED)
    return kind, str(words), ""
