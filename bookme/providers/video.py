"""What BookMe wants of a video provider."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from bookme.providers.reference import LONGEST_REFERENCE, marked, reference_in


@dataclass(frozen=True, slots=True)
class MeetingRequest:
    """The meeting a booking should have.

    :ivar reference: the booking's public reference; no spaces.
    :ivar agenda: free text; the reference is added when it is sent.
    :ivar zone: the host's IANA zone, in which the provider shows the meeting to him.
    :ivar options: what is set for the meeting, by the name of a
        :class:`~bookme.providers.meetings.MeetingOption`; the rest is left to the host's own
        settings.
    """

    reference: str
    topic: str = field(repr=False)
    agenda: str = field(repr=False)
    starts_at: datetime
    duration_minutes: int
    zone: str
    options: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None:
            raise ValueError("starts_at is naive")
        if not re.fullmatch(rf"\S{{1,{LONGEST_REFERENCE}}}", self.reference):
            raise ValueError("reference is empty, too long or has spaces")

    @property
    def marked_agenda(self) -> str:
        """The agenda with the reference in its first line, where :attr:`Meeting.reference` is."""
        return marked(self.agenda, self.reference)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a column; :meth:`from_json` takes them back."""
        return {**asdict(self), "starts_at": self.starts_at.astimezone(UTC).isoformat()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "MeetingRequest":
        return cls(**{**values, "starts_at": datetime.fromisoformat(values["starts_at"])})


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as the provider shows it. Its ``repr`` is fit for a log.

    :ivar join_url: empty only in a listing, for kinds of meeting that have none.
    :ivar passcode: None if there is none, or the answer does not carry it, as in a listing.
    """

    id: str
    join_url: str = field(repr=False)
    passcode: str | None = field(repr=False)
    topic: str = field(repr=False)
    starts_at: datetime | None
    created_at: datetime | None
    agenda: str = field(repr=False)

    @property
    def reference(self) -> str | None:
        """The reference of the booking it was made for; None if BookMe did not make it."""
        return reference_in(self.agenda)


class Plan(StrEnum):
    BASIC = "basic"
    LICENSED = "licensed"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose grant it is. Its ``repr`` is fit for a log.

    :ivar label: e-mail address or name, for the host to recognise the account by.
    :ivar status: in the provider's words, such as ``active``; may be empty.
    """

    user_id: str = field(repr=False)
    account_id: str = field(repr=False)
    label: str = field(repr=False)
    plan: Plan
    status: str


class VideoProvider(Protocol):
    """Makes, changes and removes meetings with one host's grant.

    Every method raises only subclasses of :class:`~bookme.errors.ProviderError`.
    """

    name: ClassVar[str]

    def me(self) -> Account:
        """Whose grant it is."""

    def create(self, wanted: MeetingRequest) -> Meeting:
        """Create a meeting. After an error with ``sent`` there may be one: call :meth:`find`."""

    def update(
        self, meeting_id: str, wanted: MeetingRequest, previous: MeetingRequest | None = None
    ) -> None:
        """Make a meeting as wanted.

        :param previous: what was sent last; only the differences are sent. None: all is sent.
        :raises NotFound: if the meeting is gone.
        """

    def get(self, meeting_id: str) -> Meeting:
        """One meeting, with its passcode.

        :raises NotFound: if it is gone.
        """

    def find(self, wanted: MeetingRequest, *, attempted_at: datetime) -> list[Meeting]:
        """The upcoming meetings that may be the outcome of an attempt to create, oldest first.

        Those with the booking's reference; only if there are none, those of the same topic and
        start that nobody's reference marks and that were made after the attempt. Of the latter one
        may be adopted, and is marked then, but none removed: :attr:`Meeting.reference` tells them
        apart.
        """

    def mark(self, meeting: Meeting, reference: str) -> None:
        """Put a booking's reference into a meeting that has none; all else in it stays.

        :raises NotFound: if the meeting is gone.
        """

    def cancel(self, meeting_id: str) -> None:
        """Delete a meeting, without any mail from the provider. One that is gone is success.

        Only for one with our reference in it: the caller has looked.
        """
