"""Which video providers a schedule can choose from, and what the host should know of them."""

from typing import Any

from wtforms import SelectChoice as Choice

from bookme.connections import meetings
from bookme.connections import service as connections
from bookme.connections.meetings import Option
from bookme.filters import provider_label
from bookme.models import LocationKind, User

#: Zoom ends every meeting of a Basic account after so many minutes.
BASIC_LIMIT_MINUTES = 40


def choices(host: User, chosen: str | None) -> list[Choice]:
    """The provider choices of a form: the host's default first, then what can make meetings (or
    was chosen).
    """
    named = provider_label(meetings.default(host) or "") or "none yet"
    offered = [Choice(one.name, one.label + _remark(one)) for one in meetings.offered(host, chosen)]
    return [Choice("", f"My default ({named})"), *offered]


def unable(host: User) -> list[Option]:
    """The video providers that are not offered because the connected account makes no meetings."""
    return [one for one in meetings.options(host) if one.is_connected and not one.can_meet]


def connected(host: User) -> bool:
    """Whether the host has any video provider to make meetings with."""
    return any(one.can_meet for one in meetings.options(host))


def too_long_for_plan(host: User, form: Any) -> bool:
    """Whether the meetings would outlast what the host's Zoom plan allows."""
    provider = form.video_provider.data or meetings.default(host)
    if form.location_kind.data != LocationKind.VIDEO or provider != "zoom":
        return False
    connection = connections.live(host.id, "zoom")
    minutes = form.duration_minutes.data or 0
    return bool(connection and connection.plan == "basic" and minutes > BASIC_LIMIT_MINUTES)


def _remark(one: Option) -> str:
    if one.can_meet:
        return ""
    return " (makes no meetings)" if one.is_connected else " (not connected)"
