"""What the Connections page shows of one provider."""

from dataclasses import dataclass, field
from enum import StrEnum

from bookme.connections import providers, service, tokens, usage, words
from bookme.models import Connection, Schedule, User

#: Zoom ends every meeting of a Basic account after so many minutes.
BASIC_LIMIT_MINUTES = 40


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
    """

    provider: str
    name: str
    offer: str
    view: View
    is_set_up: bool
    is_default: bool
    connection: Connection | None
    account: str | None
    permissions: list[str] = field(default_factory=list)
    problem: tuple[str, str] | None = None
    used_by: list[Schedule] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        return self.connection is not None and self.connection.is_active

    @property
    def is_basic(self) -> bool:
        """Whether the plan ends every meeting after :data:`BASIC_LIMIT_MINUTES`."""
        return self.connection is not None and self.connection.plan == "basic"

    @property
    def too_long(self) -> list[Schedule]:
        """The schedules that outlast the plan."""
        if not self.is_basic:
            return []
        return [one for one in self.used_by if one.duration_minutes > BASIC_LIMIT_MINUTES]


def row(host: User, provider: str, view: View = View.CLOSED) -> Row:
    """One provider as it is for a host now. One that is not connected has nothing to open."""
    connection = service.live(host.id, provider)
    name = providers.label(provider)
    shown = connection is not None and view is not View.CLOSED
    problem = connection.problem if connection is not None else None
    return Row(
        provider=provider,
        name=name,
        offer=words.OFFERS[provider],
        view=view if connection is not None else View.CLOSED,
        is_set_up=providers.is_set_up(provider),
        is_default=host.default_video_provider == provider,
        connection=connection,
        account=tokens.label(connection) if connection is not None else None,
        permissions=words.permissions(connection.scopes.split()) if connection is not None else [],
        problem=words.problem(problem, name) if problem is not None else None,
        used_by=usage.schedules_using(host, provider) if shown else [],
    )


def rows(host: User, shown: Row | None = None) -> list[Row]:
    """All providers, in order; ``shown`` stands for its own."""
    return [
        shown if shown is not None and shown.provider == name else row(host, name)
        for name in providers.NAMES
    ]
