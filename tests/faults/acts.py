"""What a plan is made of: hosts, a size, and acts at their times."""

from dataclasses import dataclass, field
from typing import Any

#: Hosts of a run, by number. Of each something else is taken away: the first is removed at Zoom's
#: side, the second disconnects and connects again, the third disconnects late and for good. So it
#: is with their calendars: the first one's permission ends at the provider, the second disconnects
#: his and connects it again, the third changes from one to another and leaves the old one for good.
HOSTS = (REMOVED, DISCONNECTED, LEAVING) = (0, 1, 2)
#: A host's schedules: with Zoom; with the provider of his own calendar, if that makes meetings; one
#: whose bookings the host is asked about; one whose bookers confirm their e-mail address first,
#: of which the third host wants to be asked as well; and one that asks afterwards how it was.
CALL, OWN, ASK, PROVE, AFTER = "call", "own", "ask", "prove", "after"
ZOOM = "zoom"
#: The providers of each host's calendars. The third host's bookings are added to the first of his,
#: later to the second.
CALENDARS = {
    REMOVED: ("google",),
    DISCONNECTED: ("microsoft",),
    LEAVING: ("google", "icloud"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it.

    ``divided_by`` is what all waits are divided by. A lease must still outlive the calls made under
    it, so the outside's delays (:attr:`delay`) shrink with it. Below 10, a run takes too long to
    come to rest; above 50, a lease of 2.4 s and a refresh's 0.3 s are no longer enough for two busy
    cores, and what is tried is the machine.

    :ivar web, workers: how many processes of each; the jobs of the rush come from so many as web.
    :ivar seconds: how long there is trouble.
    :ivar patience: seconds after it, until all must have come to rest.
    """

    bookings: int
    seconds: float
    divided_by: float
    web: int
    workers: int
    patience: float

    @property
    def delay(self) -> float:
        """Seconds of whatever the outside does slowly; a lease is at least eight times as long."""
        return 15 / self.divided_by


SHORT = Size(bookings=16, seconds=14, divided_by=40, web=1, workers=2, patience=60)


def long(bookings: int) -> Size:
    """The size of ``make faults``: its time grows with the bookings."""
    return Size(bookings, 3.0 * bookings, divided_by=10, web=2, workers=3, patience=420)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does.

    :ivar at: seconds after the beginning.
    :ivar do: the name of a method of those who carry it out.
    :ivar number: of a booking, a host or a part.
    :ivar chance: what the doer's own choices are drawn with.
    """

    at: float
    do: str
    number: int = 0
    chance: float = 0.0
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """:ivar people: what bookers and hosts do; :ivar owners: what hosts do about their connections;
    :ivar trouble: what breaks, and is mended.
    """

    people: list[Act]
    owners: list[Act]
    trouble: list[Act]
