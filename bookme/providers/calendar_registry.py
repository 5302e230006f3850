"""The calendars that BookMe reads busy times from and writes bookings into.

Two of them also make meetings: Google Meet's and Microsoft Teams' come with the calendar entry.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bookme.providers import consents
from bookme.providers.calendar import (
    DELETED,
    NO_MEETING,
    Account,
    Busy,
    CalendarInfo,
    CalendarProvider,
    Entry,
    EntryRequest,
    Found,
    Link,
    Unclear,
)
from bookme.providers.consents import (
    GOOGLE_SCOPES,
    MICROSOFT_SCOPES,
    google_client,
    microsoft_client,
)
from bookme.providers.google import client
from bookme.providers.http.remote import DEADLINE
from bookme.providers.icloud import app_password
from bookme.providers.icloud import client as icloud
from bookme.providers.icloud.dav import HOST_NOT_ALLOWED, UID_CONFLICT
from bookme.providers.microsoft import client as outlook

__all__ = [
    "DELETED",
    "GOOGLE_SCOPES",
    "HOST_NOT_ALLOWED",
    "MICROSOFT_SCOPES",
    "NO_MEETING",
    "PROVIDERS",
    "UID_CONFLICT",
    "Account",
    "Busy",
    "CalendarInfo",
    "CalendarProvider",
    "Entry",
    "EntryRequest",
    "Found",
    "Link",
    "Offer",
    "Unclear",
    "app_password",
    "calendar",
    "google_client",
    "icloud_calendar",
    "microsoft_client",
]


@dataclass(frozen=True, slots=True)
class Offer:
    """A calendar provider as hosts know it.

    :ivar label: its name on pages and in mails.
    :ivar meeting_label: the name of the meetings that its entries can carry; None: it has none.
    :ivar video: these meetings' name among video providers.
    :ivar scopes: what a grant must hold; empty where there are no grants.
    :ivar consent: further parameters of the address of the consent page.
    :ivar manage_urls: where a host ends BookMe's access at the provider itself.
    """

    label: str
    meeting_label: str | None = None
    video: str | None = None
    scopes: tuple[str, ...] = ()
    consent: Mapping[str, str] = field(default_factory=dict)
    manage_urls: tuple[str, ...] = ()

    def missing(self, granted: frozenset[str]) -> frozenset[str]:
        """Which of the scopes a grant does not hold."""
        return consents.missing(self.scopes, granted)


PROVIDERS: Mapping[str, Offer] = {
    "google": Offer(
        label="Google Calendar",
        meeting_label="Google Meet",
        video="google_meet",
        scopes=GOOGLE_SCOPES,
        consent=consents.GOOGLE_CONSENT,
        manage_urls=("https://myaccount.google.com/connections",),
    ),
    "microsoft": Offer(
        label="Microsoft Outlook",
        meeting_label="Microsoft Teams",
        video="microsoft_teams",
        scopes=MICROSOFT_SCOPES,
        consent=consents.MICROSOFT_CONSENT,
        # Work and school; personal.
        manage_urls=(
            "https://myapps.microsoft.com",
            "https://account.live.com/consent/Manage",
        ),
    ),
    # With an app-specific password instead of a consent.
    "icloud": Offer(label="iCloud", manage_urls=("https://account.apple.com",)),
}

_CLIENTS: Mapping[str, Callable[..., CalendarProvider]] = {
    "google": client.GoogleCalendar,
    "microsoft": outlook.OutlookCalendar,
}


def calendar(
    name: str, api_url: str, token: str, *, zone: str = "UTC", deadline: float = DEADLINE
) -> CalendarProvider:
    """Google's or Microsoft's client for one host.

    :param token: a bearer token; it is never refreshed.
    :param zone: the host's own, for whole days whose calendar names none.
    :param deadline: seconds for the whole of each call.
    :raises KeyError: if there is no such provider.
    """
    return _CLIENTS[name](api_url, token, zone=zone, deadline=deadline)


def icloud_calendar(
    url: str,
    username: str,
    password: str,
    *,
    hosts: Sequence[str],
    zone: str = "UTC",
    deadline: float = DEADLINE,
) -> CalendarProvider:
    """iCloud's client for one host.

    :param password: app-specific; see :mod:`bookme.providers.icloud.app_password`.
    :param hosts: names that the password may be sent to; ``*.`` stands for all below.
    :param zone: the host's own, for whole days and for times without a zone.
    :param deadline: seconds for the whole of each method.
    """
    return icloud.ICloudCalendar(url, username, password, hosts=hosts, zone=zone, deadline=deadline)
