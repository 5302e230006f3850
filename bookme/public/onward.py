"""The way on from a booking to an address of the host's, with what the host lets through."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from bookme.models import Booking, BookingStatus
from bookme.typed import cut
from bookme.web.filters import instant

#: So that no address becomes longer than servers take.
_LONGEST_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a booker may go on to.

    :ivar site: its host name, as the booker reads it.
    """

    url: str
    site: str


def onward(booking: Booking) -> Onward | None:
    """The way on from a booking that counts; None if its host has named none."""
    schedule = booking.schedule
    if not schedule.redirect_url or booking.status is BookingStatus.HELD or not booking.holds_time:
        return None
    parts = urlsplit(schedule.redirect_url)
    query = "&".join(filter(None, (parts.query, urlencode(_passed(booking)))))
    return Onward(urlunsplit(parts._replace(query=query)), parts.hostname or "")


def _passed(booking: Booking) -> list[tuple[str, str]]:
    booker, passes = booking.booker, booking.schedule.redirect_passes
    given = [("reference", booking.reference), ("start", instant(booking.starts_at))]
    if booker is not None:
        given += [("name", booker.name), ("email", booker.email)]
    passed = [(name, value) for name, value in given if name in passes]
    if booker is not None and "answers" in passes:
        passed += [(one["name"], cut(one["answer"], _LONGEST_ANSWER)) for one in booker.answers]
    return passed
