"""What is looked at of every booking that a stranger makes: who is blocked, how many come, and what
they cause.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from flask import current_app

from bookme.errors import BookMeError
from bookme.guard import blocks, floods, mailing, tally
from bookme.guard.mailing import Cause
from bookme.guard.tally import Counter
from bookme.models import BlockKind, Booking, Email, Origin
from bookme.prepared import Prepared, insert_into

#: Bookings that strangers make with one host.
_OF_ONE_HOST = tally.limits("40/minute", "150/hour", "600/day")
_FLOOD = tally.limits(f"{floods.AN_HOUR}/hour")
#: How often a booking may be moved by its booker: the host is told each time, too.
_MOVES = tally.limits("3/minute", "10/day")
#: How long the network of a booking is kept, as a hash.
ORIGINS_KEPT = timedelta(days=30)


@cache
def _noting(number: int) -> Prepared:
    return Prepared(partial(_noted, number), ["booking_id", "network_digest", "made_at"])


def _noted(number: int) -> Any:
    """Notes where a booking came from, and says whether one of so many hashes is blocked; nothing
    where that is noted already.
    """
    noted = insert_into(Origin.__table__).on_conflict_do_nothing(index_elements=["booking_id"])
    return noted.returning(blocks.is_among(number))


class Blocked(BookMeError):
    """The host takes no bookings from there."""


class TooManyBookings(BookMeError):
    """A host's page gets more bookings than it can take, or a booking is moved again and again.

    :ivar again_at: when there is room again.
    """

    def __init__(self, again_at: datetime) -> None:
        super().__init__("too many bookings")
        self.again_at = again_at


def booked(booking: Booking, *, network: str, now: datetime) -> Email | None:
    """Let in a booking that was made just now, in its transaction; once only.

    :return: a message to the host that is to be hurried after the commit.
    :raises Blocked: if the host takes none from there.
    :raises TooManyBookings: if strangers have made too many with this host.
    :raises TooMuchMail: if an address has had enough messages. After each of them the caller rolls
        back.
    """
    people = [person.email for person in booking.attendees]
    hashed, digests = blocks.digest(BlockKind.NETWORK, network), blocks.digests(people, network)
    asked = {f"digest{at}": one for at, one in enumerate(digests)}
    origin = {"booking_id": booking.id, "network_digest": hashed, "made_at": now}
    noted = _noting(len(digests)).rows(**origin, host_id=booking.host_id, **asked)
    if not noted:
        return None  # the same form again
    if noted[0][0]:
        raise Blocked("by the host")
    return _counted(booking, people, network, now)


def moved(booking: Booking, *, network: str, now: datetime) -> None:
    """The same of a booking that its booker has moved.

    :raises TooManyBookings: if it is moved too often.
    :raises TooMuchMail: as for :func:`booked`.
    """
    _changed(booking, [person.email for person in booking.attendees], network, now)


def corrected(
    booking: Booking, told: Iterable[str], new: Iterable[str], *, network: str, now: datetime
) -> None:
    """The same of a booking whose booker has corrected something.

    :param told: the addresses to which that causes a message.
    :param new: those that the booking didn't have before.
    :raises Blocked: if the host takes no bookings with one of the new ones.
    :raises TooManyBookings: if it is changed too often.
    :raises TooMuchMail: as for :func:`booked`.
    """
    if blocks.is_blocked(booking.host_id, new):
        raise Blocked("by the host")
    _changed(booking, list(told), network, now)


def _changed(booking: Booking, people: list[str], network: str, now: datetime) -> None:
    if current_app.config["RATELIMIT_ENABLED"]:
        _take(people, network, Counter("moves", booking.reference, _MOVES), now=now)


def _counted(booking: Booking, people: list[str], network: str, now: datetime) -> Email | None:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return None
    host_id = str(booking.host_id)
    flood = Counter("flood", host_id, _FLOOD)
    over = _take(people, network, Counter("bookings", host_id, _OF_ONE_HOST), flood, now=now)
    return floods.note(booking.host, now=now) if flood in over else None


def _take(
    people: list[str], network: str, limit: Counter, *told: Counter, now: datetime
) -> set[Counter]:
    """Count all at once; return those that only have to be told of and are over."""
    mails = mailing.counters(people, Cause.STRANGER, network=network)
    over = {one.counter: one for one in tally.take([*mails, limit, *told], now=now)}
    mailing.refuse([over[one] for one in mails if one in over], people)
    if limit in over:
        raise TooManyBookings(over[limit].again_at)
    return set(over)
