"""What a booker reads of the messages that we sent them."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.bookings import own_data
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.own_letters import NEW_ADDRESS
from bookme.bookings.messages.timed import TimedKind
from bookme.models import Booking, Email, EmailState
from bookme.public.reader import Reader
from bookme.web.filters import when

NAMES: Mapping[str, LazyString] = {
    MessageKind.CONFIRM: _l("Confirm your booking"),
    MessageKind.REQUESTED: _l("Request sent"),
    MessageKind.BOOKED: _l("Confirmation"),
    MessageKind.MOVED: _l("New time"),
    MessageKind.CORRECTED: _l("Details changed"),
    MessageKind.CANCELLED: _l("Cancellation"),
    MessageKind.DECLINED: _l("Request declined"),
    MessageKind.LAPSED: _l("Request not answered"),
    MessageKind.ASKED: _l("Pick another time"),
    MessageKind.LINK: _l("Video link"),
    TimedKind.REMINDER: _l("Reminder"),
    TimedKind.FOLLOW_UP: _l("Follow-up"),
    NEW_ADDRESS: _l("Confirm your new e-mail address"),
}
_STATES = {
    EmailState.WAITING: _l("waiting"),
    EmailState.FAILED: _l("couldn’t be sent"),
}


def messages(booking: Booking, reader: Reader) -> list[tuple[str, str]]:
    """Each message to the booker, and when it was sent or what became of it."""
    return [(str(NAMES[one.kind]), _became(one, reader)) for one in own_data.messages(booking)]


def _became(email: Email, reader: Reader) -> str:
    if email.sent_at is None:
        return str(_STATES.get(email.state, ""))
    return when(email.sent_at, reader.zone, reader.hours, reader.locale)
