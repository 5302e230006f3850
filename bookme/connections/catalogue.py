"""What is known of each provider that a host may connect: names, permissions, how a grant ends.

Nothing here depends on how this server is set up; :mod:`bookme.connections.providers` does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bookme.providers import calendar_registry
from bookme.providers.video_registry import ZOOM_SCOPES


@dataclass(frozen=True, slots=True)
class Facts:
    """One provider.

    :ivar label: its name in a sentence.
    :ivar title: what of it BookMe uses, as a heading.
    :ivar offer: what connecting it is good for.
    :ivar permissions: what a grant must hold, and each in the words of the consent page.
    :ivar identifying: those of them that tell whose grant it is.
    :ivar consent: parameters that the consent page wants besides the usual ones.
    :ivar meets: the video provider whose meetings are made over this connection, if any.
    :ivar has_calendars: it has calendars to look into and to write to.
    :ivar ends_earlier: a user's earlier grants end when he makes another.
    :ivar ends_together: to revoke one grant ends all of the same user's.
    :ivar waits_as_one: a wait it asks for holds for all that is asked of the account.
    :ivar can_revoke: BookMe can end a grant; else only its host can.
    :ivar end_pages: where a host ends BookMe's permission himself: name and address.
    """

    label: str
    title: str
    offer: str
    permissions: Mapping[str, str] = field(default_factory=dict)
    identifying: frozenset[str] = frozenset()
    consent: Mapping[str, str] = field(default_factory=dict)
    meets: str | None = None
    has_calendars: bool = True
    ends_earlier: bool = False
    ends_together: bool = False
    waits_as_one: bool = True
    can_revoke: bool = True
    end_pages: tuple[tuple[str, str], ...] = ()


_SEE_USER, _MANAGE = "view your user information", "create and manage meetings"
_EVENTS, _LIST = calendar_registry.GOOGLE_SCOPES
_PROFILE, _CALENDARS = calendar_registry.MICROSOFT_SCOPES
_GOOGLE, _MICROSOFT = (
    calendar_registry.PROVIDERS["google"],
    calendar_registry.PROVIDERS["microsoft"],
)

CATALOGUE: Mapping[str, Facts] = {
    "zoom": Facts(
        label="Zoom",
        title="Zoom",
        offer="A Zoom meeting for each video booking, made, moved and removed by itself",
        # None is asked for by name: Zoom takes the app's own.
        permissions={s: _SEE_USER if s.startswith("user:") else _MANAGE for s in ZOOM_SCOPES},
        identifying=frozenset(s for s in ZOOM_SCOPES if s.startswith("user:")),
        meets="zoom",
        has_calendars=False,
        ends_earlier=True,
        waits_as_one=False,  # Zoom limits each kind of call by itself
        end_pages=(("Manage, Added Apps", "https://marketplace.zoom.us/user/installed"),),
    ),
    "google": Facts(
        label="Google",
        title="Google Calendar and Meet",
        offer="Busy times from Google Calendar, bookings in it, Meet links for meetings",
        permissions={
            _EVENTS: "View and edit events on all your calendars",
            _LIST: "See the list of Google calendars you’re subscribed to",
        },
        identifying=frozenset({_LIST}),
        consent=_GOOGLE.consent,
        meets=_GOOGLE.video,
        ends_together=True,
        end_pages=(("Third-party connections", _GOOGLE.manage_urls[0]),),
    ),
    "microsoft": Facts(
        label="Microsoft",
        title="Microsoft Outlook and Teams",
        offer="Busy times from Outlook, bookings in it, Teams links for meetings",
        permissions={
            _PROFILE: "Sign you in and read your profile",
            _CALENDARS: "Have full access to your calendars",
        },
        identifying=frozenset({_PROFILE}),
        consent=_MICROSOFT.consent,
        meets=_MICROSOFT.video,
        can_revoke=False,
        end_pages=(
            ("My Apps (work or school account)", _MICROSOFT.manage_urls[0]),
            ("Apps and services (personal account)", _MICROSOFT.manage_urls[1]),
        ),
    ),
    "icloud": Facts(
        label="iCloud",
        title="iCloud",
        offer="Busy times and bookings in Apple Calendar",
        can_revoke=False,
        end_pages=(
            ("App-Specific Passwords", calendar_registry.PROVIDERS["icloud"].manage_urls[0]),
        ),
    ),
}
