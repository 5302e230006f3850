"""What one message about a booking said: by its calendar file, or by its words without one."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookme.models import BookingStatus
from tests.people import event

_WHEN = re.compile(
    r"^When: +\w+, (\d+ \w+ \d+), (\d\d:\d\d) to (?:.*, )?(\d\d:\d\d) \((UTC|Lisbon time)\)$", re.M
)
_ZONES = {"UTC": ZoneInfo("UTC"), "Lisbon time": ZoneInfo("Europe/Lisbon")}
#: How the subjects begin of messages that say how a booking stands; all others say it is confirmed.
_STATES = {
    "Confirm your booking": BookingStatus.HELD,
    "Requested": BookingStatus.PENDING,
    "Answer needed": BookingStatus.PENDING,
    "Cancelled": BookingStatus.CANCELLED,
    "Declined": BookingStatus.DECLINED,
    "Not answered": BookingStatus.LAPSED,
}
_ENDS = (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED)
_BOOKED = ("Confirmed", "New booking", "New booking, no link", "Invitation")
_PLACE = re.compile(r"^(?:Link|Where): +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """What one message said.

    :ivar kind: the words that its subject begins with.
    :ivar status: how the booking stands.
    :ivar method: of its calendar file; empty without one, as hosts get it who find the booking in
        their calendar.
    :ivar place: empty where it does not say it, as of an end.
    :ivar sequence: of its calendar file; None without one.
    :ivar asks_host: it tells a host that there will be no link unless he does something. Whether a
        link that is not there yet "follows", or the host sends it, is no news to a booker.
    """

    message_id: str
    to: str
    method: str
    kind: str
    status: BookingStatus
    starts_at: datetime
    ends_at: datetime
    place: str
    sequence: int | None
    asks_host: bool

    @property
    def is_over(self) -> bool:
        """Whether it tells of an end."""
        return self.status in _ENDS

    def is_of(self, starts_at: datetime) -> bool:
        """Whether it names a start; words name no seconds."""
        return self.starts_at == (starts_at if self.method else starts_at.replace(second=0))

    @property
    def content(self) -> tuple[Any, ...]:
        """What a calendar makes of it."""
        return self.starts_at, self.ends_at, self.is_over, self.place

    @classmethod
    def by(cls, message: dict[str, Any]) -> "Told":
        return cls(
            message_id=message["message_id"],
            to=message["envelope_to"][0],
            kind=_kind(message["subject"]),
            asks_host="There is no video link." in message["text"],
            **(_attached(message) if message["attachments"] else _written(message)),
        )


def _attached(message: dict[str, Any]) -> dict[str, Any]:
    method, found = event(message)
    is_over = str(found["status"]) == "CANCELLED"
    return {
        "status": BookingStatus.CANCELLED if is_over else BookingStatus.CONFIRMED,
        "method": method,
        "starts_at": found["dtstart"].dt,
        "ends_at": found["dtend"].dt,
        "place": str(found["location"]),
        "sequence": int(found["sequence"]),
    }


def _written(message: dict[str, Any]) -> dict[str, Any]:
    when = _WHEN.search(message["text"])
    assert when is not None, message["text"]
    day, begins, ends, zone = when.groups()
    places = _PLACE.findall(message["text"])
    starts_at, ends_at = (
        datetime.strptime(f"{day} {time}", "%d %B %Y %H:%M").replace(tzinfo=_ZONES[zone])
        for time in (begins, ends)
    )
    return {
        "method": "",
        "status": _status(message),
        "starts_at": starts_at.astimezone(UTC),
        "ends_at": (ends_at + timedelta(days=ends_at <= starts_at)).astimezone(UTC),
        "place": places[-1] if places else "",
        "sequence": None,
    }


def _kind(subject: str) -> str:
    kind = subject.partition(": ")[0]
    return "booked" if kind in _BOOKED else kind


def _status(message: dict[str, Any]) -> BookingStatus:
    if "answer by" in message["text"]:
        return BookingStatus.PENDING
    kind = message["subject"].partition(": ")[0]
    return _STATES.get(kind, BookingStatus.CONFIRMED)
