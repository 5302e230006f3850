"""Which video providers a schedule can choose from, and what the host should know of them."""

from flask_babel import gettext as _
from wtforms import SelectChoice as Choice

from bookme.connections.page import video_options
from bookme.connections.page.video_options import Option
from bookme.models import User
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


def _named(one: Option) -> str:
    if one.can_meet:
        return one.label
    if one.is_connected:
        return _("%(provider)s (can't create meetings)", provider=one.label)
    return _("%(provider)s (not connected)", provider=one.label)
