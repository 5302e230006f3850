"""What the rest of BookMe asks about Google: its calendars, and Meet."""

from flask_babel import lazy_gettext as _l

from bookme.providers.facts import Consent, Facts
from bookme.providers.google.client import GoogleCalendar
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.meetings import Meetings
from bookme.providers.setting import Kind, Setting, Settings

#: Entries to read and write, and calendars to choose from.
SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
)
_EVENTS, _LIST = SCOPES


def oauth_client(settings: Settings) -> OAuthClient:
    """BookMe as Google's OAuth client.

    A refresh brings no new refresh token as a rule; then the old one stays good.
    """
    return OAuthClient(
        provider="google",
        client_id=settings["GOOGLE_CLIENT_ID"],
        client_secret=settings["GOOGLE_CLIENT_SECRET"],
        authorize_url=settings["GOOGLE_AUTHORIZE_URL"],
        token_url=settings["GOOGLE_TOKEN_URL"],
        revoke_url=settings["GOOGLE_REVOKE_URL"],
        token_auth="client_secret_post",
        revokes_by_token=True,
    )


def _open(settings: Settings, token: str, zone: str, deadline: float) -> GoogleCalendar:
    return GoogleCalendar(settings["GOOGLE_API_URL"], token, zone=zone, deadline=deadline)


GOOGLE = Facts(
    name="google",
    label="Google",
    title=_l("Google Calendar and Meet"),
    icon="icon-calendar-g",
    sign_in_issuer="https://accounts.google.com",
    offer=_l("Busy times from Google Calendar, bookings added to it, and Google Meet links"),
    open=_open,
    calendar="Google Calendar",
    meetings=Meetings(
        name="google_meet",
        label="Google Meet",
        carried_by_entry=True,
        none_because=_l("This Google account's main calendar has no Google Meet."),
    ),
    consent=Consent(
        client=oauth_client,
        page_setting="GOOGLE_AUTHORIZE_URL",
        # Without the first two Google gives no refresh token when somebody agrees again.
        parameters={
            "access_type": "offline",
            "prompt": "consent",
            "include_granted_scopes": "true",
            "scope": " ".join(SCOPES),
        },
        advice=_l("When Google asks, select every box."),
    ),
    permissions={
        _EVENTS: _l("View and edit events on all your calendars"),
        _LIST: _l("See the list of Google calendars you’re subscribed to"),
    },
    identifying=frozenset({_LIST}),
    ends_together=True,
    end_pages=((_l("Third-party connections"), "https://myaccount.google.com/connections"),),
    settings=(
        Setting("GOOGLE_AUTHORIZE_URL", Kind.URL, "https://accounts.google.com/o/oauth2/v2/auth"),
        Setting("GOOGLE_TOKEN_URL", Kind.URL, "https://oauth2.googleapis.com/token"),
        Setting("GOOGLE_REVOKE_URL", Kind.URL, "https://oauth2.googleapis.com/revoke"),
        Setting("GOOGLE_API_URL", Kind.BASE, "https://www.googleapis.com/calendar/v3"),
    ),
)
