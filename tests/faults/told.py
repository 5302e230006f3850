"""What one message about a booking said: by its calendar file, or by its words without one."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.people import event

_WHEN = re.compile(
    r"^When: +\w+, (\d+ \w+ \d+), (\d\d:\d\d) to (?:.*, )?(\d\d:\d\d) \(UTC\)$", re.M
)
_PLACE = re.compile(r"^(?:Link|Where): +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """What one message said.

    :ivar kind: the words that its subject begins with.
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
    starts_at: datetime
    ends_at: datetime
    is_over: bool
    place: str
    sequence: int | None
    asks_host: bool

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
    return {
        "method": method,
        "starts_at": found["dtstart"].dt,
        "ends_at": found["dtend"].dt,
        "is_over": str(found["status"]) == "CANCELLED",
        "place": str(found["location"]),
        "sequence": int(found["sequence"]),
    }


def _written(message: dict[str, Any]) -> dict[str, Any]:
    when = _WHEN.search(message["text"])
    assert when is not None, message["text"]
    day, begins, ends = when.groups()
    places = _PLACE.findall(message["text"])
    starts_at, ends_at = (
        datetime.strptime(f"{day} {time} +0000", "%d %B %Y %H:%M %z") for time in (begins, ends)
    )
    return {
        "method": "",
        "starts_at": starts_at,
        "ends_at": ends_at + timedelta(days=ends_at <= starts_at),
        "is_over": _kind(message["subject"]) == "Cancelled",
        "place": places[-1] if places else "",
        "sequence": None,
    }


def _kind(subject: str) -> str:
    if subject.startswith(("Confirmed: ", "New booking: ")):
        return "booked"
    return subject.partition(": ")[0]
