"""An entry as a provider shows it."""

from dataclasses import dataclass, field
from datetime import datetime

from bookme.providers.entry_request import EntryRequest


@dataclass(frozen=True, slots=True)
class Link:
    """The way into a meeting."""

    join_url: str = field(repr=False)
    passcode: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the provider shows it. Its ``repr`` is fit for a log.

    :ivar etag: of this state of it; None if the provider did not say.
    :ivar meeting: the provider's own meeting that it carries.
    :ivar meeting_pending: the meeting is being made; :meth:`CalendarProvider.get` will tell.
    :ivar title: this and the three below: None if the answer does not carry it.
    """

    id: str = field(repr=False)
    etag: str | None = field(repr=False)
    meeting: Link | None = None
    meeting_pending: bool = False
    title: str | None = field(repr=False, default=None)
    location: str | None = field(repr=False, default=None)
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def has_no_meeting(self) -> bool:
        """There is no meeting, and none will come."""
        return self.meeting is None and not self.meeting_pending

    def differs_from(self, sent: EntryRequest) -> bool:
        """Whether somebody has changed title, place or time since this was sent.

        The text is not looked at: providers rewrite it, and Teams adds to it.
        """
        pairs = (
            (self.title, sent.summary),
            (self.location, sent.place),
            (self.starts_at, sent.starts_at.replace(microsecond=0)),
            (self.ends_at, sent.ends_at.replace(microsecond=0)),
        )
        return any(shown is not None and shown != asked for shown, asked in pairs)
