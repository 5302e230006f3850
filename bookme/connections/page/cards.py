"""What the Connections page shows of one provider."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bookme.connections import providers, service, usage
from bookme.connections.calendars import rows as calendar_rows
from bookme.connections.calendars import unclear
from bookme.connections.grants import identity, tokens
from bookme.connections.page import ending_words, video_options, words
from bookme.models import Calendar, Connection, Schedule, User
from bookme.providers.facts import Facts

#: How often a page asks whether the calendars have been read, until it leaves it at words.
MOST_ASKED = 9


class View(StrEnum):
    """How much of a provider is shown."""

    CLOSED = "closed"
    OPEN = "open"
    ASKING = "asking"  # whether it is to be disconnected


@dataclass(frozen=True, slots=True)
class Row:
    """One provider, for its host.

    :ivar name: the provider's, for people.
    :ivar account: the connected account's label.
    :ivar problem: what is wrong, and what to do.
    :ivar used_by: schedules whose bookings get their meetings here; looked up when shown.
    :ivar calendars: the account's, the main one first.
    """

    provider: str
    name: str
    facts: Facts
    view: View
    is_set_up: bool
    is_default: bool
    connection: Connection | None
    account: str | None
    permissions: list[str] = field(default_factory=list)
    problem: tuple[str, str] | None = None
    used_by: list[Schedule] = field(default_factory=list)
    calendars: list[Calendar] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        return self.connection is not None and self.connection.is_active

    @property
    def longest(self) -> int | None:
        """After how many minutes the account's plan ends every meeting; None if it ends none."""
        return identity.longest_meeting(self.connection) if self.connection is not None else None

    @property
    def meets(self) -> str | None:
        """The video provider whose meetings can be made over this connection."""
        can_meet = self.connection is not None and identity.can_meet(self.connection)
        return self.facts.meets if can_meet else None

    @property
    def meetings(self) -> str:
        """What its meetings are called, whether or not the account can make them."""
        return self.facts.meetings.label if self.facts.meetings else ""

    @property
    def advice(self) -> str:
        """What to do on the provider's consent page, after it withheld a permission."""
        return (
            str(self.facts.consent.advice % {"provider": self.name}) if self.facts.consent else ""
        )

    @property
    def cannot_meet(self) -> str:
        """Why no meetings can be made over this connection."""
        return words.cannot_meet(self.provider)

    @property
    def end_pages(self) -> str:
        """Where the host ends BookMe's permission at the provider, as links."""
        return ending_words.end_pages(self.provider)

    @property
    def checked(self) -> list[Calendar]:
        """The calendars that are checked for conflicts."""
        return [one for one in self.calendars if one.is_checked]

    @property
    def failing(self) -> list[Calendar]:
        """The checked calendars that cannot be read at the moment."""
        return [one for one in self.checked if one.failing_since is not None]

    @property
    def is_reading(self) -> bool:
        """Whether a checked calendar is about to be read for the first time."""
        return self.is_active and any(
            one.read_at is None and one.failing_since is None for one in self.checked
        )

    @property
    def read_at(self) -> datetime | None:
        """Since when what is known of its checked calendars is known of all of them."""
        read = [one.read_at for one in self.checked if one.read_at is not None]
        return min(read) if read and len(read) == len(self.checked) else None

    @property
    def taking(self) -> str:
        """The calendar to which bookings are added, if it is one of these."""
        return next((one.name for one in self.calendars if one.takes_bookings), "")

    @property
    def unclear(self) -> list[unclear.Report]:
        """Which of its calendars hold entries that were not understood."""
        return [unclear.report(one) for one in self.checked if one.unclear_count]

    @property
    def too_long(self) -> list[Schedule]:
        """The schedules that outlast the plan."""
        if self.longest is None:
            return []
        return [one for one in self.used_by if max(one.durations) > self.longest]


def row(host: User, provider: str, view: View = View.CLOSED) -> Row:
    """One provider as it is for a host now. One that is not connected has nothing to open."""
    connection = service.live(host.id, provider)
    facts = providers.facts(provider)
    shown = connection is not None and view is not View.CLOSED
    problem = connection.problem if connection is not None else None
    return Row(
        provider=provider,
        name=facts.label,
        facts=facts,
        view=view if connection is not None else View.CLOSED,
        is_set_up=providers.is_set_up(provider),
        is_default=facts.meets is not None and video_options.default(host) == facts.meets,
        connection=connection,
        account=tokens.label(connection) if connection is not None else None,
        permissions=words.permissions(provider, connection.scopes.split()) if connection else [],
        problem=words.problem(problem, provider) if problem is not None else None,
        used_by=usage.schedules_using(host, provider) if shown else [],
        calendars=calendar_rows.of_connection(connection.id) if connection else [],
    )


def rows(host: User, shown: Row | None = None) -> list[Row]:
    """All providers, in order; ``shown`` stands for its own."""
    return [
        shown if shown is not None and shown.provider == name else row(host, name)
        for name in providers.NAMES
    ]
