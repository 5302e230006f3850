"""What of a booking's messages a host is shown: what each is, to whom, and what became of it."""

from typing import NamedTuple

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.timed import TimedKind, side
from bookme.models import Email, EmailState


class Said(NamedTuple):
    """One message to one of the two: its name, and its lines in the history."""

    name: LazyString
    sent: LazyString
    failed: LazyString


_TO_HOST: dict[str, Said] = {
    MessageKind.REQUESTED: Said(
        _l("Request to you"),
        _l("Request sent to you"),
        _l("Request to you couldn't be sent"),
    ),
    MessageKind.DECLINED: Said(
        _l("Declined request to you"),
        _l("Declined request sent to you"),
        _l("Declined request to you couldn't be sent"),
    ),
    MessageKind.LAPSED: Said(
        _l("End of the request to you"),
        _l("End of the request sent to you"),
        _l("End of the request to you couldn't be sent"),
    ),
    MessageKind.BOOKED: Said(
        _l("Confirmation to you"),
        _l("Confirmation sent to you"),
        _l("Confirmation to you couldn't be sent"),
    ),
    MessageKind.MOVED: Said(
        _l("New time to you"),
        _l("New time sent to you"),
        _l("New time to you couldn't be sent"),
    ),
    MessageKind.CORRECTED: Said(
        _l("Changed details to you"),
        _l("Changed details sent to you"),
        _l("Changed details to you couldn't be sent"),
    ),
    MessageKind.CANCELLED: Said(
        _l("Cancellation to you"),
        _l("Cancellation sent to you"),
        _l("Cancellation to you couldn't be sent"),
    ),
    MessageKind.LINK: Said(
        _l("Video link to you"),
        _l("Video link sent to you"),
        _l("Video link to you couldn't be sent"),
    ),
    TimedKind.REMINDER: Said(
        _l("Reminder to you"),
        _l("Reminder sent to you"),
        _l("Reminder to you couldn't be sent"),
    ),
    TimedKind.FOLLOW_UP: Said(
        _l("Follow-up to you"),
        _l("Follow-up sent to you"),
        _l("Follow-up to you couldn't be sent"),
    ),
}
_TO_BOOKER: dict[str, Said] = {
    MessageKind.CONFIRM: Said(
        _l("E-mail confirmation to the booker"),
        _l("E-mail confirmation sent to the booker"),
        _l("E-mail confirmation to the booker couldn't be sent"),
    ),
    MessageKind.REQUESTED: Said(
        _l("Receipt of the request to the booker"),
        _l("Receipt of the request sent to the booker"),
        _l("Receipt of the request to the booker couldn't be sent"),
    ),
    MessageKind.DECLINED: Said(
        _l("Your answer to the booker"),
        _l("Your answer sent to the booker"),
        _l("Your answer to the booker couldn't be sent"),
    ),
    MessageKind.LAPSED: Said(
        _l("End of the request to the booker"),
        _l("End of the request sent to the booker"),
        _l("End of the request to the booker couldn't be sent"),
    ),
    MessageKind.BOOKED: Said(
        _l("Confirmation to the booker"),
        _l("Confirmation sent to the booker"),
        _l("Confirmation to the booker couldn't be sent"),
    ),
    MessageKind.MOVED: Said(
        _l("New time to the booker"),
        _l("New time sent to the booker"),
        _l("New time to the booker couldn't be sent"),
    ),
    MessageKind.CORRECTED: Said(
        _l("Changed details to the booker"),
        _l("Changed details sent to the booker"),
        _l("Changed details to the booker couldn't be sent"),
    ),
    MessageKind.CANCELLED: Said(
        _l("Cancellation to the booker"),
        _l("Cancellation sent to the booker"),
        _l("Cancellation to the booker couldn't be sent"),
    ),
    MessageKind.ASKED: Said(
        _l("Request to the booker to pick another time"),
        _l("Request to pick another time sent to the booker"),
        _l("Request to pick another time couldn't be sent to the booker"),
    ),
    MessageKind.LINK: Said(
        _l("Video link to the booker"),
        _l("Video link sent to the booker"),
        _l("Video link to the booker couldn't be sent"),
    ),
    TimedKind.REMINDER: Said(
        _l("Reminder to the booker"),
        _l("Reminder sent to the booker"),
        _l("Reminder to the booker couldn't be sent"),
    ),
    TimedKind.FOLLOW_UP: Said(
        _l("Follow-up to the booker"),
        _l("Follow-up sent to the booker"),
        _l("Follow-up to the booker couldn't be sent"),
    ),
}
_TO_GUEST: dict[str, Said] = {
    MessageKind.BOOKED: Said(
        _l("Invitation to a guest"),
        _l("Invitation sent to a guest"),
        _l("Invitation to a guest couldn't be sent"),
    ),
    MessageKind.MOVED: Said(
        _l("New time to a guest"),
        _l("New time sent to a guest"),
        _l("New time to a guest couldn't be sent"),
    ),
    MessageKind.CANCELLED: Said(
        _l("Cancellation to a guest"),
        _l("Cancellation sent to a guest"),
        _l("Cancellation to a guest couldn't be sent"),
    ),
    MessageKind.LINK: Said(
        _l("Video link to a guest"),
        _l("Video link sent to a guest"),
        _l("Video link to a guest couldn't be sent"),
    ),
    TimedKind.REMINDER: Said(
        _l("Reminder to a guest"),
        _l("Reminder sent to a guest"),
        _l("Reminder to a guest couldn't be sent"),
    ),
    TimedKind.FOLLOW_UP: Said(
        _l("Follow-up to a guest"),
        _l("Follow-up sent to a guest"),
        _l("Follow-up to a guest couldn't be sent"),
    ),
}
_TO = {"host": _TO_HOST, "booker": _TO_BOOKER, "guest": _TO_GUEST}
_ANY = Said(_l("Message"), _l("Message sent"), _l("Message couldn't be sent"))

_STATES = {
    EmailState.WAITING: ("waiting", _l("Waiting")),
    EmailState.SENT: ("good", _l("Sent")),
    EmailState.DROPPED: ("", _l("Not needed")),
    EmailState.FAILED: ("bad", _l("Failed")),
}


def of(kind: object, to: object) -> Said:
    """What is said of a kind of message.

    :param to: ``host``, ``booker`` or ``guest``, as the history writes it.
    """
    return _TO.get(str(to), {}).get(str(kind), _ANY)


def message(email: Email) -> tuple[str, str, str]:
    """One message: what it is and to whom, badge kind, badge words."""
    said = of(email.kind, side(email))
    kind, state = _STATES[email.state]
    return str(said.name), kind, str(state)
