"""What one look at both sides has found: BookMe's database, and what the sandbox holds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bookme.bookings import entries
from bookme.models import BookingStatus, EventKind, MeetingState, Timing
from bookme.providers.registry import MAKERS
from tests.faults.entries import Entry


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A booking's calendar entry as BookMe has it.

    :ivar is_unknown: one may have been made of which nobody has heard.
    :ivar is_moving: something is still to be done about it.
    """

    provider: str
    id: str | None
    state: str
    is_there: bool
    is_unknown: bool
    is_moving: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A message before the start, or after the end, that its schedule sends."""

    minutes: int
    to_booker: bool
    to_host: bool
    timing: Timing = Timing.BEFORE_START


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a booking was confirmed for a start; None: it still is."""

    starts_at: datetime
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """A booking as BookMe has it.

    :ivar host, booker, guests: their e-mail addresses.
    :ivar starts: every start that it ever had.
    :ivar ends_at: when it ended, if it has; it was to take so many minutes.
    :ivar changed_at: when somebody last booked, moved or cancelled it.
    :ivar is_unknown: a meeting may have been made of which nobody has heard.
    :ivar looks_again: one may have been made besides, and a last look at Zoom's list is still due.
    :ivar title: of its calendar entry.
    :ivar video: with what its meeting is made.
    :ivar entry: its calendar entry, as BookMe has it.
    :ivar spans: the starts for which it was confirmed.
    :ivar rules: when its schedule reminds of it.
    :ivar reminds_at: when the next of its reminders is due, if any is.
    """

    reference: str
    title: str
    token: str
    host: str
    booker: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    status: BookingStatus
    video: str
    due_at: datetime | None
    lease_until: datetime | None
    waiting_mails: int
    meeting_id: str | None
    join_url: str | None
    passcode: str | None
    state: str
    trouble: str | None
    is_unknown: bool
    looks_again: bool
    starts: frozenset[datetime]
    changed_at: datetime
    history: tuple[str, ...]
    entry: KnownEntry
    guests: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    rules: tuple[Rule, ...] = ()
    reminds_at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.status is BookingStatus.CONFIRMED

    @property
    def was_confirmed(self) -> bool:
        """Whether it ever counted: only then there is anything outside."""
        return EventKind.BOOKED in self.history or EventKind.ACCEPTED in self.history

    @property
    def readers(self) -> dict[str, str]:
        """Whom it concerns: e-mail addresses, and which end of it each is at."""
        guests = {address: "guest" for address in self.guests if self.was_confirmed}
        host = {self.host: "host"} if self.status is not BookingStatus.HELD else {}
        return {self.booker: "booker"} | guests | host

    @property
    def has_failed(self) -> bool:
        return MeetingState.FAILED in (self.state, self.entry.state)

    @property
    def makes_meeting(self) -> tuple[str, str]:
        """The connection over which its meeting is made: of a host, to a provider."""
        return self.host, MAKERS[self.video].name

    @property
    def carrier(self) -> str:
        """The provider whose calendar entry carries the meeting; empty if it is made by itself."""
        return entries.carrier(self.video) or ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Both sides at one moment.

    :ivar connected: hosts' e-mail addresses with the providers that they have connected.
    :ivar owed: account mails and removals that are not dealt with.
    :ivar meetings, mail, calls: the sandbox's, deleted and refused ones included.
    :ivar entries: what BookMe has written into calendars, also what is deleted.
    :ivar links: of each single-use link, by what is kept of its secret: how often it can be used,
        and the booker's address of the booking that it was used for.
    :ivar left: guests who have taken themselves off, and when; of that the people know.
    :ivar at: when that was.
    """

    bookings: list[Known]
    connected: set[tuple[str, str]]
    owed: list[str]
    meetings: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    mail: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    compliance: list[dict[str, Any]] = field(default_factory=list)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, tuple[int, str]] = field(default_factory=dict)
    left: dict[str, datetime] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def meetings_of(self, reference: str, *, living: bool = True) -> list[dict[str, Any]]:
        mine = [one for one in self.meetings if one["reference"] == reference]
        return [one for one in mine if not one["deleted_at"]] if living else mine

    def entries_of(self, reference: str, *, living: bool = True) -> list[Entry]:
        mine = [one for one in self.entries if one.reference == reference]
        return [one for one in mine if not one.is_deleted] if living else mine
