"""What is looked at of every booking that a stranger makes: who is blocked, how many come, and what
they cause.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bookme import addresses
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.guard import blocks, floods, mailing, tally
from bookme.guard.mailing import Cause
from bookme.guard.tally import Counter
from bookme.models import Attendee, BlockKind, Booking, BookingStatus, Email, Origin, Role
from bookme.prepared import Prepared, insert_into

#: Bookings that strangers make with one host.
_OF_ONE_HOST = tally.limits("60/minute", "160/hour", "600/day")
#: How many of them one network makes: no single stranger uses up what there is for all, and a whole
#: office still books at once.
_FROM_ONE_NETWORK = tally.share(_OF_ONE_HOST)
#: Where either is used up, there is room for people who have been with the host before; also of
#: that a network has a part, and each of them.
_OF_RETURNING = tally.share(_OF_ONE_HOST)
_RETURNING_FROM_ONE_NETWORK = tally.share(_OF_RETURNING)
_OF_ONE_RETURNING = tally.limits("3/hour", "5/day")
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
    """A host's page gets more bookings than it can take, in all or from one network, or a booking
    is moved again and again.

    :ivar again_at: when there is room again.
    """

    def __init__(self, again_at: datetime) -> None:
        super().__init__("too many bookings")
        self.again_at = again_at


def booked(booking: Booking, *, network: str, now: datetime) -> Email | None:
    """Let in a booking that was made just now, in its transaction; once only.

    :return: a message to the host that is to be hurried after the commit.
    :raises Blocked: if the host takes none from there.
    :raises TooManyBookings: if strangers have made too many with this host, or that network has
        made its share of them; who has been with the host before still has some room then.
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
        moves = Counter("moves", booking.reference, _MOVES)
        over = _take(people, network, [moves], now=now)
        if moves in over:
            raise TooManyBookings(over[moves])


def _counted(booking: Booking, people: list[str], network: str, now: datetime) -> Email | None:
    if not current_app.config["RATELIMIT_ENABLED"]:
        return None
    host_id = str(booking.host_id)
    flood = Counter("flood", host_id, _FLOOD)
    caps = [
        Counter("bookings", host_id, _OF_ONE_HOST),
        Counter("bookings-from", f"{host_id}\0{network}", _FROM_ONE_NETWORK),
    ]
    over = _take(people, network, [*caps, flood], now=now)
    full = [over[one] for one in caps if one in over]
    if full and not _has_room_for_returning(booking, network, now):
        raise TooManyBookings(max(full))
    return floods.note(booking.host, now=now) if flood in over else None


def _has_room_for_returning(booking: Booking, network: str, now: datetime) -> bool:
    """Whether the booker has been with the host before, and there is room for such people. Counts
    it. The caller has locked the host.
    """
    booker, host_id = booking.booker, str(booking.host_id)
    if booker is None or not _has_been_here(booking, booker.email, now):
        return False
    mailbox = addresses.counted(booker.email)
    counters = [
        Counter("returning", host_id, _OF_RETURNING),
        Counter("returning-from", f"{host_id}\0{network}", _RETURNING_FROM_ONE_NETWORK),
        Counter("returning-one", f"{host_id}\0{mailbox}", _OF_ONE_RETURNING),
    ]
    return not tally.take(counters, now=now)


def _has_been_here(booking: Booking, email: str, now: datetime) -> bool:
    before = sa.exists().where(
        Attendee.email == email,
        Attendee.role == Role.BOOKER,
        Attendee.no_show_at.is_(None),
        Attendee.booking_id == Booking.id,
        Booking.host_id == booking.host_id,
        Booking.status == BookingStatus.CONFIRMED,
        Booking.ends_at < now,
    )
    return bool(db.session.scalar(sa.select(before)))


def _take(
    people: list[str], network: str, counters: list[Counter], *, now: datetime
) -> dict[Counter, datetime]:
    """Count all at once; of those that are over their limit, when there is room again.

    :raises TooMuchMail: if an address has had enough messages.
    """
    mails = mailing.counters(people, Cause.STRANGER, network=network)
    over = {one.counter: one for one in tally.take([*mails, *counters], now=now)}
    mailing.refuse([over[one] for one in mails if one in over], people)
    return {one: over[one].again_at for one in counters if one in over}
