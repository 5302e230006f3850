"""What the rest of BookMe asks about Microsoft: Outlook's calendars, and Teams."""

from urllib.parse import urlencode

from flask_babel import lazy_gettext as _l

from bookme.providers.facts import Consent, Facts
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.meetings import Meetings
from bookme.providers.microsoft.client import OutlookCalendar
from bookme.providers.setting import Kind, Setting, Settings

#: Teams links come with the entry and need nothing more.
SCOPES = ("User.Read", "Calendars.ReadWrite")
_PROFILE, _CALENDARS = SCOPES
#: ``offline_access`` brings the refresh token; like ``openid`` it is not listed in the answer.
_ASKED = " ".join(("openid", "offline_access", *SCOPES))


def oauth_client(settings: Settings) -> OAuthClient:
    """BookMe as Microsoft's OAuth client. Microsoft has no revocation of one app's grant.

    The address has the tenant in it: ``common`` for work, school and personal accounts.
    """
    base = settings["MICROSOFT_OAUTH_URL"]
    return OAuthClient(
        provider="microsoft",
        client_id=settings["MICROSOFT_CLIENT_ID"],
        client_secret=settings["MICROSOFT_CLIENT_SECRET"],
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url=None,
        token_auth="client_secret_post",
    )


def admin_page(settings: Settings, redirect_uri: str) -> str:
    """https://learn.microsoft.com/entra/identity-platform/v2-admin-consent"""
    base = settings["MICROSOFT_OAUTH_URL"].removesuffix("/oauth2/v2.0")
    query = {
        "client_id": settings["MICROSOFT_CLIENT_ID"],
        "scope": _ASKED,
        "redirect_uri": redirect_uri,
    }
    # An administrator answers for one organization, so "common" is not taken here.
    return f"{base.replace('/common', '/organizations')}/v2.0/adminconsent?{urlencode(query)}"


def _open(settings: Settings, token: str, zone: str, deadline: float) -> OutlookCalendar:
    return OutlookCalendar(settings["MICROSOFT_API_URL"], token, zone=zone, deadline=deadline)


MICROSOFT = Facts(
    name="microsoft",
    label="Microsoft",
    title=_l("Microsoft Outlook and Teams"),
    icon="icon-calendar-m",
    sign_in_issuer="https://login.microsoftonline.com/common/v2.0",
    offer=_l("Busy times from Outlook, bookings added to it, and Microsoft Teams links"),
    open=_open,
    calendar="Outlook",
    meetings=Meetings(
        name="microsoft_teams",
        label="Microsoft Teams",
        carried_by_entry=True,
        none_because=_l(
            "This is a personal Microsoft account, or its plan or administrator leaves Teams out."
        ),
    ),
    consent=Consent(
        client=oauth_client,
        page_setting="MICROSOFT_OAUTH_URL",
        parameters={
            "prompt": "select_account",
            "response_mode": "query",
            "scope": _ASKED,
        },
        admin_page=admin_page,
    ),
    permissions={
        _PROFILE: _l("Sign you in and read your profile"),
        _CALENDARS: _l("Have full access to your calendars"),
    },
    identifying=frozenset({_PROFILE}),
    can_revoke=False,
    end_pages=(
        (_l("My Apps (work or school account)"), "https://myapps.microsoft.com"),
        (
            _l("Apps and services (personal account)"),
            "https://account.live.com/consent/Manage",
        ),
    ),
    settings=(
        Setting(
            "MICROSOFT_OAUTH_URL",
            Kind.BASE,
            "https://login.microsoftonline.com/common/oauth2/v2.0",
        ),
        Setting("MICROSOFT_API_URL", Kind.BASE, "https://graph.microsoft.com/v1.0"),
    ),
)
