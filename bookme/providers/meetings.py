"""The video meetings that a provider makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MeetingOption:
    """A choice that a schedule makes for its meetings; left alone, the host's account decides.

    :ivar name: the same on schedules, bookings and in :class:`MeetingRequest.options`.
    """

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Meetings:
    """The video meetings that a provider makes.

    :ivar name: what schedules and defaults call them, such as ``google_meet``.
    :ivar label: what they are called on pages and in mails.
    :ivar carried_by_entry: they come with the calendar entry; else the provider makes them alone.
    :ivar options: what a schedule may choose for them.
    :ivar longest: after how many minutes meetings of an account end, by the account's plan.
    :ivar none_because: why a connected account may make none, as a sentence.
    """

    name: str
    label: str
    carried_by_entry: bool = False
    options: tuple[MeetingOption, ...] = ()
    longest: Mapping[str, int] = field(default_factory=dict)
    none_because: str = ""
