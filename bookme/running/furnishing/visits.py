"""One appointment of the demo's story: who books what and when, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bookme.bookings.new import Answer, Booker, Guest
from bookme.bookings.slots import open_slots
from bookme.models import Booking, Schedule
from bookme.running.furnishing import bookers
from bookme.running.furnishing.days import Days

#: How long after the wanted time another one is looked for.
_NEAR = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Visit:
    """:ivar what: the schedule's address.
    :ivar day: the workday, counted from today.
    :ivar ahead: how many days before it is booked, or before today if that is earlier.
    :ivar answers: to the schedule's questions, in order.
    :ivar words: the booker's notes; ``notes`` are the host's.
    :ivar moved_to: the workday and the time to which the booker moves it.
    :ivar cancelled: the booker's words, ``declined`` the host's.
    :ivar asked: the host's words, with which the booker is asked to pick another time just now.
    :ivar is_open: it is left waiting for the answer that it needs.
    """

    who: str
    what: str
    day: int
    clock: str
    ahead: float = 3
    minutes: int | None = None
    answers: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    phone: str = ""
    words: str = ""
    source: Mapping[str, str] = field(default_factory=dict)
    moved_to: tuple[int, str] | None = None
    cancelled: str = ""
    declined: str = ""
    asked: str = ""
    is_open: bool = False
    is_no_show: bool = False
    notes: str = ""

    def booker(self, schedule: Schedule) -> Booker:
        """Who books, with all that they say."""
        asked = zip(schedule.questions, self.answers, strict=False)
        known = [bookers.named(one) for one in self.guests]
        return replace(
            bookers.named(self.who),
            phone=self.phone,
            notes=self.words,
            source=self.source,
            answers=tuple(Answer(one.name, one.label, said) for one, said in asked if said),
            guests=tuple(Guest(one.name, one.email) for one in known),
        )

    @property
    def form_key(self) -> str:
        return f"demo {self.what} {self.day} {self.clock}"


def free_time(
    schedule: Schedule,
    day: int,
    clock: str,
    *,
    now: datetime,
    days: Days,
    minutes: int | None = None,
    moving: Booking | None = None,
) -> datetime | None:
    """The first time on offer from the wanted one on; None if there is none near it."""
    begin = days.at(days.workday(day), clock)
    found = open_slots(schedule, begin, begin + _NEAR, now=now, minutes=minutes, moving=moving)
    return found[0] if found else None
