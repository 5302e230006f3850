"""The video providers that BookMe makes meetings with, and those that hosts choose from.

Google Meet and Microsoft Teams are chosen like the others, but their links come with the calendar
entry: there the calendar makes the meeting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bookme.providers.http.remote import DEADLINE
from bookme.providers.video import VideoProvider
from bookme.providers.zoom import client as zoom

__all__ = [
    "CHOICES",
    "PROVIDERS",
    "ZOOM_SCOPES",
    "Choice",
    "Offer",
    "VideoProvider",
    "provider",
]

ZOOM_SCOPES = zoom.SCOPES


@dataclass(frozen=True, slots=True)
class Offer:
    """A video provider as hosts know it.

    :ivar label: its name on pages and in mails.
    :ivar scopes: what a grant must hold.
    """

    label: str
    scopes: tuple[str, ...]
    client: Callable[..., VideoProvider]


@dataclass(frozen=True, slots=True)
class Choice:
    """A video provider that a schedule or a host's default can name.

    :ivar label: its name on pages and in mails.
    :ivar connection: the provider that must be connected for it.
    :ivar by_entry: the calendar entry carries the meeting; else :data:`PROVIDERS` has its client.
    """

    label: str
    connection: str
    by_entry: bool = False


#: In the order in which pages show them.
CHOICES: Mapping[str, Choice] = {
    "zoom": Choice("Zoom", "zoom"),
    "google_meet": Choice("Google Meet", "google", by_entry=True),
    "microsoft_teams": Choice("Microsoft Teams", "microsoft", by_entry=True),
}
PROVIDERS: Mapping[str, Offer] = {
    "zoom": Offer("Zoom", ZOOM_SCOPES, zoom.Zoom),
}


def provider(name: str, api_url: str, token: str, *, deadline: float = DEADLINE) -> VideoProvider:
    """A provider's client for one host.

    :param token: a bearer token; it is never refreshed.
    :param deadline: seconds for the whole of each call.
    :raises KeyError: if there is no such provider.
    """
    return PROVIDERS[name].client(api_url, token, deadline=deadline)
