"""What hosts are asked to agree to at Google and Microsoft."""

from collections.abc import Mapping

from bookme.providers.http.oauth import OAuthClient

#: Entries to read and write, and calendars to choose from.
GOOGLE_SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
)
#: Teams links come with the entry and need nothing more.
MICROSOFT_SCOPES = ("User.Read", "Calendars.ReadWrite")

#: Further parameters of the address of the consent page. Without the first two Google gives no
#: refresh token when somebody agrees again.
GOOGLE_CONSENT: Mapping[str, str] = {
    "access_type": "offline",
    "prompt": "consent",
    "include_granted_scopes": "true",
    "scope": " ".join(GOOGLE_SCOPES),
}
#: ``offline_access`` brings the refresh token; it is not listed in the answer, nor is ``openid``.
MICROSOFT_CONSENT: Mapping[str, str] = {
    "prompt": "select_account",
    "response_mode": "query",
    "scope": " ".join(("openid", "offline_access", *MICROSOFT_SCOPES)),
}


def google_client(
    client_id: str, client_secret: str, *, authorize_url: str, token_url: str, revoke_url: str
) -> OAuthClient:
    """BookMe as Google's OAuth client.

    A refresh brings no new refresh token as a rule; then the old one stays good.
    """
    return OAuthClient(
        provider="google",
        client_id=client_id,
        client_secret=client_secret,
        authorize_url=authorize_url,
        token_url=token_url,
        revoke_url=revoke_url,
        token_auth="client_secret_post",
        revokes_by_token=True,
    )


def microsoft_client(client_id: str, client_secret: str, *, oauth_url: str) -> OAuthClient:
    """BookMe as Microsoft's OAuth client. Microsoft has no revocation of one app's grant.

    :param oauth_url: with the tenant, which is ``common`` for work, school and personal accounts.
    """
    return OAuthClient(
        provider="microsoft",
        client_id=client_id,
        client_secret=client_secret,
        authorize_url=f"{oauth_url}/authorize",
        token_url=f"{oauth_url}/token",
        revoke_url=None,
        token_auth="client_secret_post",
    )


def missing(asked: tuple[str, ...], granted: frozenset[str]) -> frozenset[str]:
    """What of the scopes asked for was not granted; more than that may be.

    Microsoft may answer with its API's address before the name, and in other letters.
    """
    held = {_short(scope) for scope in granted}
    return frozenset(scope for scope in asked if _short(scope) not in held)


def _short(scope: str) -> str:
    return scope.rpartition("/")[2].casefold()
