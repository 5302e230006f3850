"""Which video providers a schedule can choose from, and what the host should know of them."""

from typing import Any

from wtforms import SelectChoice as Choice

from bookme.connections import service as connections
from bookme.models import LocationKind, User
from bookme.video import PROVIDERS

#: Zoom ends every meeting of a Basic account after so many minutes.
BASIC_LIMIT_MINUTES = 40


def choices(host: User, chosen: str | None) -> list[Choice]:
    """The provider choices of a form: the host's default first, then what is connected (or was
    chosen).
    """
    default = host.default_video_provider
    named = PROVIDERS[default].label if default and default in PROVIDERS else "none yet"
    offered = [
        Choice(name, offer.label + ("" if connections.live(host.id, name) else " (not connected)"))
        for name, offer in PROVIDERS.items()
        if name == chosen or connections.live(host.id, name)
    ]
    return [Choice("", f"My default ({named})"), *offered]


def connected(host: User) -> bool:
    """Whether the host has any video provider connected."""
    return any(connections.live(host.id, name) for name in PROVIDERS)


def too_long_for_plan(host: User, form: Any) -> bool:
    """Whether the meetings would outlast what the host's Zoom plan allows."""
    provider = form.video_provider.data or host.default_video_provider
    if form.location_kind.data != LocationKind.VIDEO or provider != "zoom":
        return False
    connection = connections.live(host.id, "zoom")
    minutes = form.duration_minutes.data or 0
    return bool(connection and connection.plan == "basic" and minutes > BASIC_LIMIT_MINUTES)
