"""The hosts and bookings of a fault run, as those know them who act for people."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bookme.models import BookingStatus
from tests.faults.persistent import Persistent

#: What has become of a booking that was held for an e-mail address in vain: nothing is left of it.
GONE = "gone"


@dataclass
class Host:
    """:ivar zoom: his e-mail address at Zoom; :ivar pages: his public pages, by schedule.

    :ivar offers: where he books for somebody, by schedule.
    """

    number: int
    email: str
    name: str
    zoom: str
    browser: Persistent
    pages: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)


@dataclass
class Booked:
    """A booking as its people know it.

    :ivar guests: whom its booker brings, by e-mail address.
    :ivar token: of its booker's pages; empty as long as nobody was shown it.
    :ivar status: what has become of it, as :class:`BookingStatus` says it, or :data:`GONE`.
    :ivar reminded: the start for which its host has sent a reminder by hand.
    :ivar link: the single-use link that it was booked with, if any.
    :ivar left: the guests who have taken themselves off, and when.
    """

    host: Host
    email: str
    name: str
    browser: Persistent
    starts_at: datetime
    guests: tuple[str, ...] = ()
    token: str = ""
    status: str = BookingStatus.CONFIRMED
    proof: str = ""
    reminded: datetime | None = None
    link: str = ""
    left: dict[str, datetime] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in (BookingStatus.PENDING, BookingStatus.CONFIRMED)

    @property
    def asks(self) -> bool:
        """Whether its host still has to answer."""
        return self.status == BookingStatus.PENDING

    def arrive(self) -> None:
        """Its booker has been led to its page."""
        self.token = urlsplit(self.browser.url).path.split("/")[2]

    def lose(self, guest: str) -> None:
        """A guest has taken themselves off."""
        self.guests = tuple(one for one in self.guests if one != guest)
        self.left[guest] = datetime.now(UTC)
