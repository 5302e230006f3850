"""The entry that a booking should have, and the shape in which its words are sent."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bookme.typed import cut, line, shown

#: What every provider takes: Outlook's subjects and places end at 255 characters, Google's
#: descriptions at 8192.
_LONGEST_LINE = 250
_LONGEST_TEXT = 7500
_TIMES = ("starts_at", "ends_at")


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """The entry a booking should have.

    :ivar reference: the booking's public reference.
    :ivar attempt: grows when an entry that was deleted is to be made once more.
    :ivar text: who comes, notes, how to join; plain.
    :ivar location: a place or a join link.
    :ivar zone: the host's IANA zone. Instants are sent as such: it is only how they are shown.
    :ivar url: the booking in the dashboard.
    :ivar wants_meeting: whether the entry shall carry a meeting of the calendar's provider.
    :ivar meeting_attempt: grows when a meeting that could not be made is asked for once more.
    """

    reference: str
    attempt: int
    title: str = field(repr=False)
    text: str = field(repr=False)
    location: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    zone: str
    url: str = field(repr=False)
    wants_meeting: bool = False
    meeting_attempt: int = 0

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("starts_at or ends_at is naive")
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at is not after starts_at")

    @property
    def key(self) -> str:
        """The same for every try to make this one entry; 38 letters and digits that serve as
        Google's event id (base32hex), Microsoft's transactionId and iCalendar's UID.
        """
        digest = hashlib.sha256(f"{self.reference}\n{self.attempt}".encode()).hexdigest()
        return f"bookme{digest[:32]}"

    @property
    def meeting_key(self) -> str:
        """The same for every try to make this one meeting, whatever else of the entry changes."""
        return f"{self.key}m{self.meeting_attempt}"

    def asks_for_meeting(self, before: "EntryRequest | None") -> bool:
        """Whether a meeting is to be made that an earlier request did not ask for."""
        had = before is not None and before.wants_meeting
        again = before is not None and before.meeting_attempt != self.meeting_attempt
        return self.wants_meeting and (not had or again)

    @property
    def summary(self) -> str:
        """The title as it is sent: one line."""
        return cut(line(self.title), _LONGEST_LINE)

    @property
    def place(self) -> str:
        """The location as it is sent: one line."""
        return cut(line(self.location), _LONGEST_LINE)

    @property
    def description(self) -> str:
        """The text as it is sent, with the way to the booking at its end."""
        lines = (shown(one).rstrip() for one in self.text.splitlines())
        text = cut("\n".join(lines).strip(), _LONGEST_TEXT)
        return text if self.url in text else f"{text}\n\n{self.url}".lstrip()

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a column; :meth:`from_json` takes them back."""
        times = {name: getattr(self, name).astimezone(UTC).isoformat() for name in _TIMES}
        return {**asdict(self), **times}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "EntryRequest":
        times = {name: datetime.fromisoformat(values[name]) for name in _TIMES}
        return cls(**{**values, **times})
