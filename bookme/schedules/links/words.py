"""The state of a single-use link, in words for its host."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from bookme.bookings.links import LinkState, shown_state
from bookme.models import BookingLink

_STATES = {
    LinkState.OPEN: ("good", _l("Not used yet")),
    LinkState.USED: ("", _l("Used")),
    LinkState.EXPIRED: ("", _l("Expired")),
    LinkState.REVOKED: ("bad", _l("Revoked")),
}


def state(link: BookingLink, now: datetime) -> tuple[str, str]:
    """A link's state as a badge: kind and words."""
    kind, words = _STATES[shown_state(link, now=now)]
    return kind, str(words)


def is_open(link: BookingLink, now: datetime) -> bool:
    """Whether there is something to revoke."""
    return shown_state(link, now=now) is LinkState.OPEN


def is_used(link: BookingLink, now: datetime) -> bool:
    """Whether somebody has booked with it."""
    return shown_state(link, now=now) is LinkState.USED
