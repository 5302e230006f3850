"""The lines of a booking's history, in words for the host."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from bookme.bookings.dashboard import entry_words, message_words
from bookme.models import Actor, BookingEvent, EventKind
from bookme.web.filters import typed

EVENTS = {
    EventKind.BOOKED: _l("Booked"),
    EventKind.REQUESTED: _l("Requested"),
    EventKind.ACCEPTED: _l("Request accepted"),
    EventKind.DECLINED: _l("Request declined"),
    EventKind.LAPSED: _l("Request not answered in time"),
    EventKind.MOVED: _l("Rescheduled"),
    EventKind.CANCELLED: _l("Cancelled"),
    EventKind.CORRECTED: _l("Details changed"),
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
    EventKind.CORRECTED: _l("Details changed by %(booker)s"),
    EventKind.ERASED: _l("The booker deleted their data"),
}
#: The same, once the booker's data is deleted.
_DONE_BY_NOBODY_KNOWN = {
    EventKind.BOOKED: _l("Booked by the booker"),
    EventKind.REQUESTED: _l("Requested by the booker"),
    EventKind.MOVED: _l("Rescheduled by the booker"),
    EventKind.CANCELLED: _l("Cancelled by the booker"),
    EventKind.CORRECTED: _l("Details changed by the booker"),
    EventKind.ERASED: _l("The booker deleted their data"),
}

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
