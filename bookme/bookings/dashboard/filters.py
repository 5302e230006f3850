"""What a host's list of bookings is narrowed to, and how that stands in an address."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Which bookings, by what has become of them and by the clock."""

    UPCOMING = "upcoming"
    PENDING = "pending"
    PAST = "past"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"
    NO_SHOW = "no-show"
    ALL = "all"


class Sort(StrEnum):
    SOONEST = "soonest"
    LATEST = "latest"
    BOOKED = "booked"


#: The states that hosts look at most.
TABS = (State.UPCOMING, State.PENDING, State.PAST, State.CANCELLED, State.ALL)
#: What is still to come is read from the next on; all else from the latest back.
_SOONEST_FIRST = (State.UPCOMING, State.PENDING)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for. The default is what comes next.

    :ivar chosen_sort: None for the order that suits the state.
    :ivar search: part of a name, an e-mail address, a phone number, a reference or an answer.
    :ivar since: the first day of appointments, on the host's calendar; ``until`` is the last one.
    """

    state: State = State.UPCOMING
    chosen_sort: Sort | None = None
    search: str = ""
    schedule_id: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def sort(self) -> Sort:
        return self.chosen_sort or self._usual_sort

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out besides by the state."""
        return any((self.search, self.schedule_id, self.since, self.until))

    def but(self, **changes: Any) -> "Filter":
        """The same with something else in one place."""
        return replace(self, **changes)

    def arguments(self) -> dict[str, str]:
        """What stands in the address; what is as usual is left out."""
        said = {
            "show": "" if self.state is State.UPCOMING else self.state,
            "q": self.search,
            "schedule": self.schedule_id or "",
            "since": self.since or "",
            "until": self.until or "",
            "sort": "" if self.sort is self._usual_sort else self.sort,
        }
        return {name: str(value) for name, value in said.items() if value}

    @property
    def _usual_sort(self) -> Sort:
        return Sort.SOONEST if self.state in _SOONEST_FIRST else Sort.LATEST
