"""The providers a host may connect, as this server is set up for them."""

from typing import TypeAlias
from urllib.parse import urlencode

from flask import current_app

from bookme.connections.catalogue import CATALOGUE, Facts
from bookme.providers import calendar_registry, consents, video_registry
from bookme.providers.calendar import CalendarProvider
from bookme.providers.calendar_registry import HOST_NOT_ALLOWED
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.http.remote import DEADLINE
from bookme.providers.icloud import app_password as app_passwords
from bookme.providers.video_registry import VideoProvider

__all__ = [
    "CALENDARS",
    "HOST_NOT_ALLOWED",
    "ICLOUD",
    "NAMES",
    "Provider",
    "admin_consent_url",
    "app_password",
    "client",
    "credentials",
    "exists",
    "facts",
    "identifying_scopes",
    "is_set_up",
    "label",
    "missing_scopes",
    "open_as",
    "open_calendars",
    "redirect_uri",
    "scopes",
]

#: In the order in which pages show them.
NAMES = tuple(CATALOGUE)
#: Those that have calendars.
CALENDARS = tuple(name for name, about in CATALOGUE.items() if about.has_calendars)
#: The one that is connected with a password instead of OAuth.
ICLOUD = "icloud"

#: What talks to a provider on a host's behalf.
Provider: TypeAlias = VideoProvider | CalendarProvider


def exists(provider: str) -> bool:
    """Whether BookMe knows such a provider."""
    return provider in CATALOGUE


def facts(provider: str) -> Facts:
    """What is known of a provider."""
    return CATALOGUE[provider]


def label(provider: str) -> str:
    """The provider's name on pages and in mails."""
    return CATALOGUE[provider].label


def scopes(provider: str) -> frozenset[str]:
    """The permissions a grant must hold."""
    return frozenset(CATALOGUE[provider].permissions)


def missing_scopes(provider: str, granted: frozenset[str]) -> frozenset[str]:
    """Which permissions a grant lacks. One that names none holds what was asked for, and more than
    that is welcome.
    """
    return consents.missing(tuple(scopes(provider)), granted) if granted else frozenset()


def identifying_scopes(provider: str) -> frozenset[str]:
    """The permissions without which nobody can tell whose grant it is."""
    return CATALOGUE[provider].identifying


def is_set_up(provider: str) -> bool:
    """Whether the operator has given BookMe credentials for this provider, if it takes any."""
    return provider == ICLOUD or bool(current_app.config[f"{provider.upper()}_CLIENT_ID"])


def redirect_uri(provider: str) -> str:
    """Where the provider sends hosts back to; registered there, so the same in every request."""
    return f"{current_app.config['PUBLIC_URL']}/connections/{provider}/callback"


def admin_consent_url(provider: str) -> str:
    """Where an administrator lets a whole organization use BookMe; empty where there is no such
    page. It ends at our own address, which then has nothing to do.

    https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
    """
    if provider != "microsoft":
        return ""
    config = current_app.config
    base = config["MICROSOFT_OAUTH_URL"].removesuffix("/oauth2/v2.0")
    query = {
        "client_id": config["MICROSOFT_CLIENT_ID"],
        "scope": facts(provider).consent["scope"],
        "redirect_uri": redirect_uri(provider),
    }
    # An administrator answers for one organization, so "common" is not taken here.
    return f"{base.replace('/common', '/organizations')}/v2.0/adminconsent?{urlencode(query)}"


def client(provider: str) -> OAuthClient:
    """BookMe as this provider's OAuth client."""
    config, name = current_app.config, provider.upper()
    ours = config[f"{name}_CLIENT_ID"], config[f"{name}_CLIENT_SECRET"]
    if provider == "google":
        addresses = {
            f"{part}_url": config[f"GOOGLE_{part.upper()}_URL"]
            for part in ("authorize", "token", "revoke")
        }
        return consents.google_client(*ours, **addresses)
    base = config[f"{name}_OAUTH_URL"]
    if provider == "microsoft":
        return consents.microsoft_client(*ours, oauth_url=base)
    return OAuthClient(
        provider=provider,
        client_id=ours[0],
        client_secret=ours[1],
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url=f"{base}/revoke",
    )


def credentials(apple_id: str, password: str) -> str:
    """What stands for an access token where there is a password: as HTTP's Basic writes it."""
    return f"{apple_id}:{password}"


def app_password(text: str) -> str:
    """An app-specific password as Apple writes it, however it was typed.

    :raises ValueError: if it cannot be one, with words for who typed it.
    """
    return app_passwords.tidy(text)


def open_as(
    provider: str, token: str, *, zone: str = "UTC", deadline: float = DEADLINE
) -> Provider:
    """The provider's API for one host: of its meetings, or of its calendars.

    :param token: an access token, or :func:`credentials`.
    :param zone: the host's own, for whole days in a calendar that names none.
    :param deadline: seconds for the whole of each call.
    """
    if provider in CALENDARS:
        return open_calendars(provider, token, zone=zone, deadline=deadline)
    url = current_app.config[f"{provider.upper()}_API_URL"]
    return video_registry.provider(provider, url, token, deadline=deadline)


def open_calendars(
    provider: str, token: str, *, zone: str = "UTC", deadline: float = DEADLINE
) -> CalendarProvider:
    """As :func:`open_as`, for a provider that has calendars."""
    config = current_app.config
    if provider != ICLOUD:
        url = config[f"{provider.upper()}_API_URL"]
        return calendar_registry.calendar(provider, url, token, zone=zone, deadline=deadline)
    apple_id, _, password = token.partition(":")
    return calendar_registry.icloud_calendar(
        *(config["ICLOUD_URL"], apple_id, password),
        hosts=config["ICLOUD_HOSTS"],
        zone=zone,
        deadline=deadline,
    )
