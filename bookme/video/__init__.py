"""The video providers that BookMe makes meetings with.

Google Meet and Microsoft Teams are not among them: their links come with the calendar entry, so the
calendar makes the meeting. They are offered once those calendars can be connected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bookme.remote import DEADLINE
from bookme.video import zoom
from bookme.video.base import VideoProvider

__all__ = ["PROVIDERS", "ZOOM_SCOPES", "Offer", "VideoProvider", "provider"]

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
