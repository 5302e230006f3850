"""How many messages one address gets that somebody else causes.

Anybody can type an address into a form, and a message goes there. So all that strangers cause is
counted by the mailbox, from all hosts together, and so is what hosts cause by booking for somebody
or moving a booking again and again. What a mailbox's owner asks for from a browser that is known
has a share of its own, which no stranger can use up.

The end of a booking is told in any case: a host who cancels fifty bookings has fifty messages sent,
and what a stranger's cancellation causes waits until there is room for it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from flask import current_app

from bookme import addresses
from bookme.errors import TooMuchMail
from bookme.extensions import db
from bookme.guard import tally
from bookme.guard.tally import Counter, Refused
from bookme.models import Attendee, Booking, Email


class Cause(StrEnum):
    """Who causes a message; each has a share of its own."""

    STRANGER = "stranger"
    HOST = "host"
    OWNER = "owner"


#: To one mailbox, from all hosts together.
A_DAY = 10
_SHARES: Mapping[Cause, tuple[tally.Limit, ...]] = {
    Cause.STRANGER: tally.limits(f"{A_DAY}/day"),
    Cause.HOST: tally.limits(f"{A_DAY}/day"),
    Cause.OWNER: tally.limits("3/minute", f"{A_DAY}/day"),
}
#: Account messages that one network causes to one mailbox: so that no single stranger uses up what
#: there is for its owner.
_FROM_ONE_NETWORK = tally.limits("3/minute", "5/day")
#: Messages that one network causes in all.
_OF_ONE_NETWORK = tally.limits("40/minute", "200/hour", "600/day")


def take(to: Iterable[str], cause: Cause, *, network: str = "", now: datetime) -> None:
    """Count a message to each of these addresses.

    :param network: that of the stranger who causes them.
    :raises TooMuchMail: if some of them have had enough; the caller rolls back.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    people = list(to)
    refuse(tally.take(counters(people, cause, network=network), now=now), people)


def counters(to: Iterable[str], cause: Cause, *, network: str = "") -> list[Counter]:
    """What a message to each of these addresses counts for."""
    boxes = {addresses.counted(one) for one in to}
    found = [Counter(f"mail by {cause}", box, _SHARES[cause]) for box in boxes]
    if network and boxes:
        found.append(Counter("mail from", network, _OF_ONE_NETWORK))
    return found


def refuse(over: Iterable[Refused], to: Iterable[str]) -> None:
    """Say which of these addresses have had enough, by those of their counters that are over."""
    boxes, refused = {addresses.counted(one): one for one in to}, list(over)
    if refused:
        full = {boxes[one.counter.whom] for one in refused if one.counter.whom in boxes}
        raise TooMuchMail(full, max(one.again_at for one in refused))


def take_for_account(to: str, *, own: bool, network: str, now: datetime) -> None:
    """Count an account's message to an address, whether there is an account or not.

    :param own: somebody asks whom the address is known to belong to.
    :raises TooMuchMail: as for :func:`take`.
    """
    if own:
        take([to], Cause.OWNER, now=now)
        return
    if current_app.config["RATELIMIT_ENABLED"]:
        pair = Counter("account mail", f"{addresses.counted(to)}\0{network}", _FROM_ONE_NETWORK)
        if refused := tally.take([pair], now=now):
            raise TooMuchMail({to}, max(one.again_at for one in refused))
    take([to], Cause.STRANGER, network=network, now=now)


def take_or_wait(booking: Booking, people: Iterable[Attendee], *, now: datetime) -> bool:
    """Count the last change of a booking to each of its people; what is owed to those who have had
    enough waits until there is room. Returns whether something waits.
    """
    if not current_app.config["RATELIMIT_ENABLED"]:
        return False
    limits, what = _SHARES[Cause.STRANGER], f"mail by {Cause.STRANGER}"
    counters = {one: Counter(what, addresses.counted(one.email), limits) for one in people}
    full = {one.counter: one.again_at for one in tally.full(counters.values(), now=now)}
    tally.take([one for one in counters.values() if one not in full], now=now)
    for person, counter in counters.items():
        if counter in full:
            tally.take([counter], now=full[counter])  # on the day on which it goes out
            for email in _owed(booking, person):
                email.not_before = full[counter]
    db.session.flush()
    return bool(full)


def _owed(booking: Booking, person: Attendee) -> list[Email]:
    theirs = [one for one in booking.emails if one.attendee is person]
    return [one for one in theirs if one.revision == booking.revision]
