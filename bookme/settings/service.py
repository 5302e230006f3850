"""What a host has settled for all schedules: the default video provider, and when calendar files
ring.
"""

from bookme.connections.page import video_options
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import User

#: Unlike NULL, which is the value of a host who has not chosen yet.
NONE_CHOSEN = ""


class NotConnected(BookMeError):
    """A provider that is not connected, or makes no meetings, cannot become the default."""


def offered(host: User) -> list[str]:
    """The providers a host may choose: what can make meetings, and what is chosen already."""
    return [one.name for one in video_options.offered(host, video_options.default(host))]


def set_default_provider(host: User, provider: str | None) -> None:
    """Set the provider that schedules follow which name none themselves.

    Bookings already made keep what they were made with. Flushes and leaves the commit to the
    caller.

    :param provider: None for none, which is a choice too; then those schedules have no video
        provider.
    :raises NotConnected: if no meetings can be made with it, unless it is the default already.
    """
    if provider is not None and provider not in offered(host):
        raise NotConnected(provider)
    host.default_video_provider = provider or NONE_CHOSEN
    db.session.flush()


def set_alarm(host: User, minutes: int | None) -> None:
    """Set how long before the start calendar files ring that are made from now on. Flushes and
    leaves the commit to the caller.

    :param minutes: None leaves it to each reader's calendar.
    """
    host.alarm_minutes = minutes
    db.session.flush()
