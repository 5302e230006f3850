"""Which video providers a host can choose: those whose meetings their connections can make."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from bookme.connections import providers, usage
from bookme.connections.grants import identity
from bookme.connections.page import words
from bookme.models import Connection, User
from bookme.providers.registry import MAKERS, meetings_label


@dataclass(frozen=True, slots=True)
class Option:
    """A video provider, as it stands with a host.

    :ivar is_connected: what it needs is connected, if perhaps in need of its host.
    :ivar can_meet: and can make such meetings.
    """

    name: str
    label: str
    connection: str
    is_connected: bool
    can_meet: bool

    @property
    def note(self) -> str:
        """Why it cannot be chosen, or not be used at the moment; empty if there is nothing."""
        if self.can_meet:
            return ""
        if self.is_connected:
            return words.cannot_meet(self.connection)
        return _("Not connected at the moment")

    @property
    def can_connect(self) -> bool:
        """Whether this server lets the host connect what it needs, and they have not done so."""
        return not self.is_connected and providers.is_set_up(self.connection)


def options(host: User) -> list[Option]:
    """All video providers, in order. One query."""
    return among(usage.connected(host.id))


def among(connected: Mapping[str, Connection]) -> list[Option]:
    """All video providers, in order, as a host's connections have it."""
    return [
        Option(
            name=name,
            label=meetings_label(name),
            connection=maker.name,
            is_connected=maker.name in connected,
            can_meet=maker.name in connected and identity.can_meet(connected[maker.name]),
        )
        for name, maker in MAKERS.items()
    ]


def ready(connected: Mapping[str, Connection]) -> list[str]:
    """The names of those whose meetings can be made over a host's connections, for people."""
    return [one.label for one in among(connected) if one.can_meet]


def default(host: User) -> str | None:
    """The video provider that new schedules begin with and may follow: the one that the host has
    chosen; as long as nothing is chosen, the only one whose meetings can be made.

    A host whose schedules follow a default that there is not has been living without one: for
    those nothing is chosen by itself.
    """
    if host.default_video_provider is not None:
        return host.default_video_provider or None
    names = [one.name for one in options(host) if one.can_meet]
    return names[0] if len(names) == 1 and not usage.schedules_following(host) else None


def offered(host: User, chosen: str | None) -> list[Option]:
    """Those that can be chosen: what can make meetings, and what is chosen already."""
    return [one for one in options(host) if one.can_meet or one.name == chosen]
