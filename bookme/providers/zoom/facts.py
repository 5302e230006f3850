"""What the rest of BookMe asks about Zoom."""

from flask_babel import lazy_gettext as _l

from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderUnavailable,
    ScopeMissing,
)
from bookme.providers.facts import Consent, Facts
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.http.refusal import Errors
from bookme.providers.meetings import MeetingOption, Meetings
from bookme.providers.setting import Kind, Setting, Settings
from bookme.providers.zoom.client import SCOPES, Zoom

#: Zoom numbers some: https://developers.zoom.us/docs/integrations/oauth/
OAUTH_ERRORS: Errors = {
    4702: ClientRefused,
    4704: ClientRefused,
    4711: ScopeMissing,
    4717: ClientRefused,  # the app is switched off
    4732: ProviderUnavailable,  # Zoom could not make a code
    4733: ConnectionRevoked,  # code expired
    4734: ConnectionRevoked,  # code invalid
    4735: ConnectionRevoked,  # the token's owner is no more
    4737: ConnectionRevoked,  # no such authorization
    4738: NotAllowed,  # the account's admin has switched the app off, and may switch it on again
    4740: ConnectionRevoked,  # a refresh token that has been replaced
    4741: ConnectionRevoked,  # a newer authorization exists
}
_SEE_USER, _MANAGE = _l("View your user information"), _l("Create and manage meetings")


def _client(settings: Settings) -> OAuthClient:
    base = settings["ZOOM_OAUTH_URL"]
    return OAuthClient(
        provider="zoom",
        client_id=settings["ZOOM_CLIENT_ID"],
        client_secret=settings["ZOOM_CLIENT_SECRET"],
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url=f"{base}/revoke",
        errors=OAUTH_ERRORS,
    )


def _open(settings: Settings, token: str, _zone: str, deadline: float) -> Zoom:
    return Zoom(settings["ZOOM_API_URL"], token, deadline=deadline)


ZOOM = Facts(
    name="zoom",
    label="Zoom",
    title="Zoom",
    icon="icon-camera",
    offer=_l("A Zoom meeting for each video booking, kept up to date for you"),
    open=_open,
    meetings=Meetings(
        name="zoom",
        label="Zoom",
        options=(
            MeetingOption(
                "waiting_room",
                _l("Waiting room"),
                _l("When on, you let people in one by one, and nobody can join before you."),
            ),
            MeetingOption("join_before_host", _l("Joining before you")),
            MeetingOption("passcode", _l("Passcode")),
        ),
        longest={"basic": 40},
    ),
    # None of the scopes is asked for by name: Zoom takes the app's own.
    consent=Consent(client=_client, page_setting="ZOOM_OAUTH_URL"),
    permissions={s: _SEE_USER if s.startswith("user:") else _MANAGE for s in SCOPES},
    identifying=frozenset(s for s in SCOPES if s.startswith("user:")),
    ends_earlier=True,
    waits_as_one=False,  # Zoom limits each kind of call by itself
    end_pages=((_l("Manage, Added Apps"), "https://marketplace.zoom.us/user/installed"),),
    settings=(
        Setting("ZOOM_WEBHOOK_SECRET"),
        Setting("ZOOM_OAUTH_URL", Kind.BASE, "https://zoom.us/oauth"),
        Setting("ZOOM_API_URL", Kind.BASE, "https://api.zoom.us/v2"),
        Setting("ZOOM_COMPLIANCE_URL", Kind.URL, "https://api.zoom.us/oauth/data/compliance"),
    ),
    doctor={"ZOOM_WEBHOOK_SECRET": "removals at Zoom's side go unheard"},
    tells_of_removals=True,
    has_shop=True,
    is_expected=True,
    help_page="help.zoom",
)
