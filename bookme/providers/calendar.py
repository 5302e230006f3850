"""What BookMe wants of a calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from bookme.errors import ProviderError
from bookme.providers.busy_times import Busy, Found, Unclear
from bookme.providers.entry import Entry, Link
from bookme.providers.entry_request import EntryRequest

__all__ = [
    "DELETED",
    "HOST_NOT_ALLOWED",
    "NO_MEETING",
    "STORAGE_FULL",
    "Account",
    "Busy",
    "CalendarInfo",
    "CalendarProvider",
    "Entry",
    "EntryRequest",
    "Found",
    "Link",
    "Unclear",
    "after_effect",
]

#: The code of a :class:`~bookme.errors.NotFound` about an entry of which it is sure that it was
#: there: its calendar is, and the same attempt will not make it again.
DELETED = "deleted"
#: The code of a :class:`~bookme.errors.NotAllowed` about a meeting that the account cannot make.
NO_MEETING = "no_meeting"
#: The code of a :class:`~bookme.errors.NotAllowed` about a host that a password may not be sent to.
HOST_NOT_ALLOWED = "host_not_allowed"

#: The code of a :class:`~bookme.errors.NotAllowed` about an account that has no room left.
STORAGE_FULL = "storage_full"


@contextmanager
def after_effect() -> Iterator[None]:
    """For what follows a request that took effect: when it fails, the action as a whole was sent,
    however certainly the last request of it did nothing.
    """
    try:
        yield
    except ProviderError as error:
        error.sent = True
        raise


@dataclass(frozen=True, slots=True)
class Account:
    """Whose grant it is. Its ``repr`` is fit for a log.

    :ivar label: e-mail address or name, for the host to recognise the account by.
    :ivar can_meet: whether entries of its main calendar can carry the provider's own meetings.
    """

    user_id: str = field(repr=False)
    label: str = field(repr=False)
    can_meet: bool


@dataclass(frozen=True, slots=True)
class CalendarInfo:
    """One calendar of an account, to be chosen from.

    :ivar color: ``#rrggbb``; None if the provider names none.
    :ivar is_primary: the main one, where meetings of the provider's own live.
    :ivar zone: an IANA name; None if the provider names none that is known.
    """

    id: str = field(repr=False)
    name: str = field(repr=False)
    color: str | None
    is_primary: bool
    may_write: bool
    zone: str | None


class CalendarProvider(Protocol):
    """Reads one host's calendars and keeps entries in them.

    Every method raises only subclasses of :class:`~bookme.errors.ProviderError`. Nobody is ever
    invited by an entry. Exchange takes four calls for an account at once, so an account's calendars
    are read one after another; what is one too many is told when to come again.
    """

    name: ClassVar[str]

    def me(self) -> Account:
        """Whose grant it is.

        :raises NotAllowed: if the account has no calendars at all.
        """

    def calendars(self) -> list[CalendarInfo]:
        """All calendars that can be read, in the provider's order."""

    def busy(self, calendar_id: str, begin: datetime, end: datetime) -> Found:
        """What takes the host's time between two instants, all of it; an entry that cannot be read
        is told of, and hides no other.

        Repeated entries are expanded and days become instants. Left out is what the host has
        marked as free, declined or cancelled, and what is no appointment: birthdays, or where he
        works.

        :raises NotFound: if the calendar is gone.
        """

    def create(self, calendar_id: str, wanted: EntryRequest) -> Entry:
        """Make an entry, or find the one that an earlier try with the same attempt has made.

        :raises NotFound: if the calendar is gone; or, with the code :data:`DELETED` and where the
            provider remembers it, if an earlier try has made it and somebody has deleted it since.
        :raises NotAllowed: with the code :data:`NO_MEETING` if the account cannot make the meeting;
            then no entry is left either.
        """

    def find(self, calendar_id: str, sent: EntryRequest) -> Entry | None:
        """The entry that was made of a request, if it is in this calendar; also where its owner has
        put it since, within a few months of its time.

        :raises NotFound: at some providers, if the calendar is gone.
        """

    def get(self, calendar_id: str, entry_id: str) -> Entry:
        """One entry.

        :raises NotFound: if it is gone.
        """

    def update(
        self,
        calendar_id: str,
        entry_id: str,
        wanted: EntryRequest,
        previous: EntryRequest | None = None,
    ) -> Entry:
        """Change what differs from what was sent last; what the host has changed else stands.

        :param previous: what was sent last. None: all is sent.
        :raises NotFound: if the entry is gone.
        """

    def delete(self, calendar_id: str, entry_id: str) -> None:
        """Delete an entry. One that is gone is success."""
