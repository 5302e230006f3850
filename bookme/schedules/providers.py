"""Which video providers a schedule can choose from, and what the host should know of them."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectChoice as Choice

from bookme.connections import service as connections
from bookme.connections.grants import identity
from bookme.connections.page import video_options
from bookme.connections.page.video_options import Option
from bookme.models import LocationKind, User
from bookme.providers.registry import MAKERS
from bookme.web.filters import provider_label


def choices(host: User, chosen: str | None) -> list[Choice]:
    """The provider choices of a form: the host's default first, then what can make meetings (or
    was chosen).
    """
    named = provider_label(video_options.default(host) or "")
    default = (
        _("My default (%(provider)s)", provider=named) if named else _("My default (none yet)")
    )
    offered = [Choice(one.name, _named(one)) for one in video_options.offered(host, chosen)]
    return [Choice("", default), *offered]


def unable(host: User) -> list[Option]:
    """The video providers that are not offered because the connected account makes no meetings."""
    return [one for one in video_options.options(host) if one.is_connected and not one.can_meet]


def connected(host: User) -> bool:
    """Whether the host has any video provider to make meetings with."""
    return any(one.can_meet for one in video_options.options(host))


@dataclass(frozen=True, slots=True)
class Limit:
    """What the plan of an account allows its meetings."""

    label: str
    minutes: int


def too_long_for_plan(host: User, form: Any) -> Limit | None:
    """The limit of the host's account that these meetings would exceed, if any."""
    maker = MAKERS.get(form.video_provider.data or video_options.default(host) or "")
    if form.location_kind.data != LocationKind.VIDEO or maker is None:
        return None
    connection = connections.live(host.id, maker.name)
    longest = identity.longest_meeting(connection) if connection is not None else None
    if longest is None or max(form.lengths(), default=0) <= longest:
        return None
    return Limit(maker.label, longest)


def _named(one: Option) -> str:
    if one.can_meet:
        return one.label
    if one.is_connected:
        return _("%(provider)s (can't create meetings)", provider=one.label)
    return _("%(provider)s (not connected)", provider=one.label)
